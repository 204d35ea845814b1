//! Named elasticity priors: `impact.prior = "beltran2013"` sets T, P and τ, so that a researcher compares studies
//! with one
//! word.
//!
//! Numbers are bp of the 10-year per USD 100bn at a market of USD 29tn (the study's effect of 1% of the market times
//! 0.345) and days. Where the study is silent the value is an assumption, and said so.

use crate::scenario::Preset;

/// The priors, by name.
pub const PRIORS: &[Preset] = &[
    Preset {
        name: "consensus",
        about: "Blend of the flow and stock literature: T 4.5 (with a 5% tail around 25), P 1.8, half-life 20 days.",
        values: &[],
    },
    Preset {
        name: "beltran2013",
        about: "Beltran, Kretchmer, Marquez and Thomas (2013), JIMF 32: 40-60 bp on the 5-year in the month, about 20 in the long run, per USD 100bn; rescaled to the 10-year by Martin's 21/28. Half-life of 60 days: assumption.",
        values: &[
            ("transitory_bp_per_100bn", "6.4"),
            ("lasting_bp_per_100bn", "3.1"),
            ("half_life_days", "60"),
        ],
    },
    Preset {
        name: "martin2015",
        about: "Martin (2015), sign-identified VAR: 21 bp on the 10-year for 1% of the market in a month, gone in about two years. Its hump, with the peak near one year, is lost in a decaying kernel; half-life of 250 days: assumption.",
        values: &[
            ("transitory_bp_per_100bn", "7.4"),
            ("lasting_bp_per_100bn", "0"),
            ("half_life_days", "250"),
        ],
    },
    Preset {
        name: "ahmed_rebucci",
        about: "Ahmed and Rebucci (2022), NBER w30476: more than 100 bp on impact for USD 100bn, at least 34 at today's market; spread, lasting part and half-life: assumption.",
        values: &[
            ("transitory_bp_per_100bn", "{ lognormal = { median = 40, sigma = 0.3 } }"),
            ("lasting_bp_per_100bn", "1.8"),
            ("half_life_days", "20"),
        ],
    },
    Preset {
        name: "fed_purchases",
        about: "Fed purchases: D'Amico and King (2013) flow effect of days; stock effects of D'Amico and King, Li and Wei (2013), Bonis, Ihrig and Wei (2017). Half-life of 2 days: assumption.",
        values: &[
            ("transitory_bp_per_100bn", "1.0"),
            ("lasting_bp_per_100bn", "1.7"),
            ("half_life_days", "2"),
        ],
    },
    Preset {
        name: "cbo_debt",
        about: "CBO, Gamber and Seliski (2019): 2-3 bp for a point of debt to GDP; debt supply rather than ownership. No transitory part: assumption.",
        values: &[("transitory_bp_per_100bn", "0"), ("lasting_bp_per_100bn", "0.9")],
    },
    Preset {
        name: "macro_high",
        about: "A strategist's view at the high end: temporary 9, lasting 4, half-life 18 days; assumption.",
        values: &[
            ("transitory_bp_per_100bn", "9"),
            ("lasting_bp_per_100bn", "4"),
            ("half_life_days", "18"),
        ],
    },
];
