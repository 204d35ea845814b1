//! Named elasticity priors: `impact.prior = "beltran2013"` sets T, P and τ, so that a researcher compares studies
//! with one word.
//!
//! Numbers are bp of the 10-year per USD 100bn at a market of USD 29tn (the study's effect of 1% of the market times
//! 0.345) and days. A study's stated range is taken as its 90% interval; where none could be read, the spread is a
//! lognormal sigma of 0.4, marked as an assumption. `studies` draws one study a path, with equal weights, and then its own
//! numbers: what the studies disagree about and what each leaves open are both in it.

use crate::scenario::Preset;

/// A study behind a prior: how it measured and what was made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Study {
    /// Name of the prior.
    pub name: &'static str,
    /// Authors, year, place.
    pub citation: &'static str,
    /// Tenor on which it was measured.
    pub tenor: &'static str,
    /// Flow or stock, short or long run.
    pub kind: &'static str,
    /// Marketable Treasury debt at the time, USD, as far as known.
    pub market_then: &'static str,
    /// The estimate in its own units.
    pub own_units: &'static str,
    /// Where the spread comes from.
    pub spread: &'static str,
    /// What was approximated.
    pub approximated: &'static str,
}

impl Study {
    /// Whether it was measured on something else than the nominal 10-year.
    pub fn other_tenor(&self) -> bool {
        !self.tenor.starts_with("10y") || self.tenor.contains("real")
    }
}

/// The study behind a prior.
pub fn study(prior: &str) -> Option<&'static Study> {
    STUDIES.iter().find(|study| study.name == prior)
}

/// The studies of which `studies` draws one a path, in the order of `impact.study` from 1.
pub const DRAWN: [&str; 8] = [
    "beltran2013",
    "martin2015",
    "ahmed_rebucci",
    "warnock2006",
    "arslanalp_poghosyan",
    "kaminska_zinna",
    "damico_king",
    "cbo_debt",
];

/// The studies, in the order of the priors.
pub const STUDIES: &[Study] = &[
    Study {
        name: "consensus",
        citation: "Blend of the flow and stock literature",
        tenor: "10y",
        kind: "flow and stock",
        market_then: "29tn",
        own_units: "T: 5 to 10 bp per USD 100bn of a surprise flow in a month; P: 0.7 to 3.4 by ownership and debt stock",
        spread: "documented blend: 5/50/95% of T 1.6, 4.7, 18.9 with a 5% tail around 25, of P 0.7, 1.8, 4.8",
        approximated: "half-lives from days (Lou et al. 2013) to years (Martin 2015) in one lognormal",
    },
    Study {
        name: "beltran2013",
        citation: "Beltran, Kretchmer, Marquez and Thomas (2013), J. Int. Money and Finance 32",
        tenor: "5y",
        kind: "flow, short and long run",
        market_then: "4.5tn (2007) to 8.1tn (2010)",
        own_units: "40-60 bp on the 5-year in the month, about 20 in the long run, per USD 100bn",
        spread: "T: the stated range is the 90% interval; P: sigma 0.4, assumption",
        approximated: "rescaled to the 10-year by Martin's 21/28; half-life of 60 days: assumption",
    },
    Study {
        name: "martin2015",
        citation: "Martin (2015), sign-identified VAR, conference paper",
        tenor: "10y",
        kind: "flow, long",
        market_then: "not read",
        own_units: "21 bp on the 10-year (28 on the 5-year) for 1% of the market bought in a month, gone in about two years",
        spread: "sigma 0.4, assumption",
        approximated: "its hump, with the peak near one year, cannot be a decaying kernel and is lost; half-life of 250 days: assumption",
    },
    Study {
        name: "ahmed_rebucci",
        citation: "Ahmed and Rebucci (2022), NBER w30476",
        tenor: "5y, 10y, 30y",
        kind: "flow, on impact",
        market_then: "10tn (2011), assumption",
        own_units: "more than 100 bp on impact per USD 100bn of official flows",
        spread: "T: lognormal 0.3, assumption; P: sigma 0.4, assumption",
        approximated: "lasting part from the consensus and half-life of 20 days: assumption",
    },
    Study {
        name: "warnock2006",
        citation: "Warnock and Warnock (2006), NBER w12560; IFDP 840 (2005)",
        tenor: "10y",
        kind: "12-month flow, persistent while it lasts",
        market_then: "4.2tn (2005)",
        own_units: "90 to 150 bp for no foreign flows at all for a year of about USD 250-350bn",
        spread: "the range 3.7 to 5.2 is the 90% interval",
        approximated: "T = 0: a regression in levels of a year's flow, read as lasting",
    },
    Study {
        name: "arslanalp_poghosyan",
        citation: "Arslanalp and Poghosyan (2014), IMF WP/14/27",
        tenor: "10y",
        kind: "stock, share of foreign holders",
        market_then: "22 countries, 2004-12",
        own_units: "6 to 10 bp per point of the share held by foreigners",
        spread: "the stated range is the 90% interval",
        approximated: "T = 0: a stock study",
    },
    Study {
        name: "kaminska_zinna",
        citation: "Kaminska and Zinna (2014), IMF WP/14/66; BoE SWP 796 (2019)",
        tenor: "10y real",
        kind: "stock, term-structure model",
        market_then: "5.8tn (2008)",
        own_units: "80 bp by foreign officials by 2008, 140 bp by the Fed 2008-12",
        spread: "the two figures, 1.6 and 2.5, are the ends of the 90% interval: assumption",
        approximated: "T = 0: a stock study; measured on the real yield",
    },
    Study {
        name: "damico_king",
        citation: "D'Amico and King (2013), J. Financial Economics; FEDS 2012-44",
        tenor: "10y (local to the sector)",
        kind: "stock, and flow of the day",
        market_then: "6.9tn (2009)",
        own_units: "USD 300bn: stock effect 30 bp on average, up to 50 at 10 to 15 years; flow effect 3.5 bp on days of purchases",
        spread: "P: 30 to 50 bp as the 90% interval; T: sigma 0.4, assumption",
        approximated: "T 1.0 and half-life of 2 days stand for the flow effect of the day: assumption",
    },
    Study {
        name: "fed_purchases",
        citation: "D'Amico and King (2013), Li and Wei (2013), Bonis, Ihrig and Wei (2017), Cahill et al. (2013)",
        tenor: "10y",
        kind: "stock, announced",
        market_then: "7tn to 14tn (2009-17)",
        own_units: "about 100 bp for the Fed's whole holdings; 9 bp per USD 100bn announced (2010-12)",
        spread: "sigma 0.4, assumption (the studies run from 0.8 to 3.0)",
        approximated: "T 1.0 and half-life of 2 days for the flow effect of the day: assumption",
    },
    Study {
        name: "cbo_debt",
        citation: "CBO, Gamber and Seliski (2019), WP 2019-01",
        tenor: "10y",
        kind: "stock of debt",
        market_then: "per GDP",
        own_units: "2-3 bp for a point of debt to GDP",
        spread: "the stated range gives the 90% interval",
        approximated: "T = 0; debt supply rather than ownership",
    },
    Study {
        name: "macro_high",
        citation: "A strategist's view at the high end",
        tenor: "10y",
        kind: "view",
        market_then: "29tn",
        own_units: "temporary 9, lasting 4, half-life 18 days",
        spread: "none: one view",
        approximated: "assumption throughout",
    },
    Study {
        name: "studies",
        citation: "Mixture with equal weights over the studies above that stand for themselves",
        tenor: "10y",
        kind: "flow and stock",
        market_then: "as the studies",
        own_units: "one study a path, the same for T, P and the half-life",
        spread: "between the studies and within each",
        approximated: "equal weights: assumption",
    },
];

/// The priors, by name.
pub const PRIORS: &[Preset] = &[
    Preset {
        name: "consensus",
        about: "Blend of the flow and stock literature: T: 5 to 10 bp per USD 100bn of a surprise flow in a month; P: 0.7 to 3.4 by ownership and debt stock. Spread: documented blend: 5/50/95% of T 1.6, 4.7, 18.9 with a 5% tail around 25, of P 0.7, 1.8, 4.8. Approximated: half-lives from days (Lou et al. 2013) to years (Martin 2015) in one lognormal.",
        values: &[],
    },
    Preset {
        name: "beltran2013",
        about: "Beltran, Kretchmer, Marquez and Thomas (2013), J. Int. Money and Finance 32: 40-60 bp on the 5-year in the month, about 20 in the long run, per USD 100bn. Spread: T: the stated range is the 90% interval; P: sigma 0.4, assumption. Approximated: rescaled to the 10-year by Martin's 21/28; half-life of 60 days: assumption.",
        values: &[
            ("transitory_bp_per_100bn", "\"5.2 to 7.8\""),
            ("lasting_bp_per_100bn", "{ lognormal = { median = 3.1, sigma = 0.4 } }"),
            ("half_life_days", "60"),
            ("gdp_ratio", "1.8"),
        ],
    },
    Preset {
        name: "martin2015",
        about: "Martin (2015), sign-identified VAR, conference paper: 21 bp on the 10-year (28 on the 5-year) for 1% of the market bought in a month, gone in about two years. Spread: sigma 0.4, assumption. Approximated: its hump, with the peak near one year, cannot be a decaying kernel and is lost; half-life of 250 days: assumption.",
        values: &[
            ("transitory_bp_per_100bn", "{ lognormal = { median = 7.4, sigma = 0.4 } }"),
            ("lasting_bp_per_100bn", "0"),
            ("half_life_days", "250"),
            ("gdp_ratio", "1.8"),
        ],
    },
    Preset {
        name: "ahmed_rebucci",
        about: "Ahmed and Rebucci (2022), NBER w30476: more than 100 bp on impact per USD 100bn of official flows. Spread: T: lognormal 0.3, assumption; P: sigma 0.4, assumption. Approximated: lasting part from the consensus and half-life of 20 days: assumption.",
        values: &[
            ("transitory_bp_per_100bn", "{ lognormal = { median = 40, sigma = 0.3 } }"),
            ("lasting_bp_per_100bn", "{ lognormal = { median = 1.8, sigma = 0.4 } }"),
            ("half_life_days", "20"),
            ("gdp_ratio", "1.5"),
        ],
    },
    Preset {
        name: "warnock2006",
        about: "Warnock and Warnock (2006), NBER w12560; IFDP 840 (2005): 90 to 150 bp for no foreign flows at all for a year of about USD 250-350bn. Spread: the range 3.7 to 5.2 is the 90% interval. Approximated: T = 0: a regression in levels of a year's flow, read as lasting.",
        values: &[
            ("transitory_bp_per_100bn", "0"),
            ("lasting_bp_per_100bn", "\"3.7 to 5.2\""),
            ("half_life_days", "20"),
            ("gdp_ratio", "3"),
        ],
    },
    Preset {
        name: "arslanalp_poghosyan",
        about: "Arslanalp and Poghosyan (2014), IMF WP/14/27: 6 to 10 bp per point of the share held by foreigners. Spread: the stated range is the 90% interval. Approximated: T = 0: a stock study.",
        values: &[
            ("transitory_bp_per_100bn", "0"),
            ("lasting_bp_per_100bn", "\"2.1 to 3.4\""),
            ("half_life_days", "20"),
            ("gdp_ratio", "1.8"),
        ],
    },
    Preset {
        name: "kaminska_zinna",
        about: "Kaminska and Zinna (2014), IMF WP/14/66; BoE SWP 796 (2019): 80 bp by foreign officials by 2008, 140 bp by the Fed 2008-12. Spread: the two figures, 1.6 and 2.5, are the ends of the 90% interval: assumption. Approximated: T = 0: a stock study; measured on the real yield.",
        values: &[
            ("transitory_bp_per_100bn", "0"),
            ("lasting_bp_per_100bn", "\"1.6 to 2.5\""),
            ("half_life_days", "20"),
            ("gdp_ratio", "2.4"),
        ],
    },
    Preset {
        name: "damico_king",
        about: "D'Amico and King (2013), J. Financial Economics; FEDS 2012-44: USD 300bn: stock effect 30 bp on average, up to 50 at 10 to 15 years; flow effect 3.5 bp on days of purchases. Spread: P: 30 to 50 bp as the 90% interval; T: sigma 0.4, assumption. Approximated: T 1.0 and half-life of 2 days stand for the flow effect of the day: assumption.",
        values: &[
            ("transitory_bp_per_100bn", "{ lognormal = { median = 1, sigma = 0.4 } }"),
            ("lasting_bp_per_100bn", "\"2.4 to 4.0\""),
            ("half_life_days", "2"),
            ("gdp_ratio", "2"),
        ],
    },
    Preset {
        name: "fed_purchases",
        about: "D'Amico and King (2013), Li and Wei (2013), Bonis, Ihrig and Wei (2017), Cahill et al. (2013): about 100 bp for the Fed's whole holdings; 9 bp per USD 100bn announced (2010-12). Spread: sigma 0.4, assumption (the studies run from 0.8 to 3.0). Approximated: T 1.0 and half-life of 2 days for the flow effect of the day: assumption.",
        values: &[
            ("transitory_bp_per_100bn", "{ lognormal = { median = 1, sigma = 0.4 } }"),
            ("lasting_bp_per_100bn", "{ lognormal = { median = 1.7, sigma = 0.4 } }"),
            ("half_life_days", "2"),
            ("gdp_ratio", "1.6"),
        ],
    },
    Preset {
        name: "cbo_debt",
        about: "CBO, Gamber and Seliski (2019), WP 2019-01: 2-3 bp for a point of debt to GDP. Spread: the stated range gives the 90% interval. Approximated: T = 0; debt supply rather than ownership.",
        values: &[
            ("transitory_bp_per_100bn", "0"),
            ("lasting_bp_per_100bn", "{ lognormal = { median = 0.9, sigma = 0.123 } }"),
            ("half_life_days", "20"),
            ("gdp_ratio", "1"),
        ],
    },
    Preset {
        name: "macro_high",
        about: "A strategist's view at the high end: temporary 9, lasting 4, half-life 18 days. Spread: none: one view. Approximated: assumption throughout.",
        values: &[
            ("transitory_bp_per_100bn", "9"),
            ("lasting_bp_per_100bn", "4"),
            ("half_life_days", "18"),
            ("gdp_ratio", "1"),
        ],
    },
    Preset {
        name: "studies",
        about: "One study a path, with equal weights (assumption): beltran2013, martin2015, ahmed_rebucci, warnock2006, arslanalp_poghosyan, kaminska_zinna, damico_king, cbo_debt; then that study's own numbers.",
        values: &[
            (
                "study",
                "{ discrete = { values = [1, 2, 3, 4, 5, 6, 7, 8], weights = [1, 1, 1, 1, 1, 1, 1, 1] } }",
            ),
            (
                "transitory_bp_per_100bn",
                "{ mixture = { parts = [\"5.2 to 7.8\", { lognormal = { median = 7.4, sigma = 0.4 } }, { lognormal = { median = 40, sigma = 0.3 } }, 0, 0, 0, { lognormal = { median = 1, sigma = 0.4 } }, 0], weights = [1, 1, 1, 1, 1, 1, 1, 1] } }",
            ),
            (
                "lasting_bp_per_100bn",
                "{ mixture = { parts = [{ lognormal = { median = 3.1, sigma = 0.4 } }, 0, { lognormal = { median = 1.8, sigma = 0.4 } }, \"3.7 to 5.2\", \"2.1 to 3.4\", \"1.6 to 2.5\", \"2.4 to 4.0\", { lognormal = { median = 0.9, sigma = 0.123 } }], weights = [1, 1, 1, 1, 1, 1, 1, 1] } }",
            ),
            (
                "half_life_days",
                "{ mixture = { parts = [60, 250, 20, 20, 20, 20, 2, 20], weights = [1, 1, 1, 1, 1, 1, 1, 1] } }",
            ),
            (
                "gdp_ratio",
                "{ mixture = { parts = [1.8, 1.8, 1.5, 3, 1.8, 2.4, 2, 1], weights = [1, 1, 1, 1, 1, 1, 1, 1] } }",
            ),
        ],
    },
];
