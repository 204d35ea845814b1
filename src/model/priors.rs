//! Named elasticity priors: `impact.prior = "beltran2013"` sets R_T, P and τ, so that a researcher compares studies
//! with one word.
//!
//! Numbers are bp of the 10-year per USD 100bn at a market of USD 29tn (the study's effect of 1% of the market times
//! 0.345) and days. R_T is what a study measured at the end of a month of sales less its P, so that it gives its own
//! month back; where a day was measured, R_T is that times a(τ) of `impact`. A study's stated range is taken as its 90%
//! interval; where none could be read, the spread is a lognormal sigma of 0.4, marked as an assumption. `studies` draws
//! one study a path, with equal weights, and then its own numbers: what the studies disagree about and what each leaves
//! open are both in it.
//!
//! The families (`studies.rs`) say which lasting effects `evidence.rs` fits: 18 studies. `kcfed2025` is a challenger
//! and never among them: a digest of studies that are, without the scaling by the market that all numbers here have.
//!
//! `gdp_ratio` is 95% of GDP over marketable debt to GDP in the middle of the sample, rounded; 1 for studies in points
//! of GDP. No priors: studies whose number was not read or is said to be unsure (Bernanke, Reinhart and Sack 2004: a
//! figure from memory), that speak of another premium (Krishnamurthy and Vissing-Jorgensen 2012: convenience, not
//! duration), of other countries (Fang, Hardy and Lewis 2025) or of signs and profiles only (Wolcott 2020, Greenwood
//! and Vayanos 2014).

use super::studies::{Family, Study};
use crate::scenario::Preset;

/// Declares the studies and, of the same words, the priors.
macro_rules! studies {
    ($($name:literal {
        citation: $citation:literal,
        tenor: $tenor:literal,
        kind: $kind:literal,
        market_then: $market_then:literal,
        own_units: $own_units:literal,
        spread: $spread:literal,
        approximated: $approximated:literal,
        family: $family:ident,
        $(by_study: [$($by_study:ident),*],)?
        numbers: { $($number:ident: $value:literal,)* }
    })*) => {
        /// The studies, in the order of the priors.
        pub const STUDIES: &[Study] = &[$(Study {
            name: $name,
            citation: $citation,
            tenor: $tenor,
            kind: $kind,
            market_then: $market_then,
            own_units: $own_units,
            spread: $spread,
            approximated: $approximated,
            family: Family::$family,
        },)*];

        /// The priors, by name.
        pub const PRIORS: &[Preset] = &[$(Preset {
            name: $name,
            about: concat!(
                $citation, ": ", $own_units, ". Spread: ", $spread, ". Approximated: ", $approximated, "."
            ),
            values: &[$((stringify!($number), $value),)*],
            by_study: &[$($(stringify!($by_study)),*)?],
        },)*];
    };
}

studies! {
    "consensus" {
        citation: "Blend of the flow and stock literature",
        tenor: "10y",
        kind: "flow and stock",
        market_then: "29tn",
        own_units: "6.4 bp at the end of a month of USD 100bn by four studies, R_T and P together; P: 18 studies together, at gdp_scaling 0",
        spread: "5/50/95% of R_T 1.6, 4.1, 16 with a 5% tail around 27, of P 0.6, 1.8, 5.6; gdp_scaling beta(1, 2) on both",
        approximated: "half-lives from days (Lou et al. 2013) to years (Martin 2015) in one lognormal",
        family: NotFitted,
        numbers: {
        }
    }
    "beltran2013" {
        citation: "Beltran, Kretchmer, Marquez and Thomas (2013), J. Int. Money and Finance 32",
        tenor: "5y",
        kind: "flow, short and long run",
        market_then: "4.5tn (2007) to 8.1tn (2010)",
        own_units: "40-60 bp on the 5-year in the month, about 20 in the long run, per USD 100bn",
        spread: "month: 4.7 to 7.0 on the 10-year, the stated range as 90% interval; P: sigma 0.4, assumption",
        approximated: "market of USD 4.5tn (at 8.1tn all is 1.8 times as large); the month rescaled to the 10-year by Martin's 21/28, the long run left on the 5-year; R_T is the month's range less P; half-life of 60 days: assumption",
        family: ForeignHolders,
        numbers: {
            transitory_bp_per_100bn: "\"1.6 to 3.9\"",
            lasting_bp_per_100bn: "{ lognormal = { median = 3.1, sigma = 0.4 } }",
            half_life_days: "60",
            gdp_ratio: "1.8",
        }
    }
    "martin2015" {
        citation: "Martin (2015), sign-identified VAR, conference paper",
        tenor: "10y",
        kind: "flow, long",
        market_then: "not read",
        own_units: "21 bp on the 10-year (28 on the 5-year) for 1% of the market bought in a month, gone in about two years",
        spread: "sigma 0.4, assumption",
        approximated: "its hump, with the peak near one year, cannot be a decaying kernel and is lost; half-life of 250 days: assumption",
        family: NotFitted,
        numbers: {
            transitory_bp_per_100bn: "{ lognormal = { median = 7.2, sigma = 0.4 } }",
            lasting_bp_per_100bn: "0",
            half_life_days: "250",
            gdp_ratio: "1.8",
        }
    }
    "ahmed_rebucci" {
        citation: "Ahmed and Rebucci (2022), NBER w30476",
        tenor: "5y, 10y, 30y",
        kind: "flow, on impact",
        market_then: "10tn (2011), assumption",
        own_units: "more than 100 bp on impact per USD 100bn of official flows in a month: 34 at USD 29tn",
        spread: "R_T: lognormal 0.3, assumption; P: sigma 0.4, assumption",
        approximated: "lasting part from the consensus, R_T 34 less it, and half-life of 20 days: assumption",
        family: NotFitted,
        numbers: {
            transitory_bp_per_100bn: "{ lognormal = { median = 32.2, sigma = 0.3 } }",
            lasting_bp_per_100bn: "{ lognormal = { median = 1.8, sigma = 0.4 } }",
            half_life_days: "20",
            gdp_ratio: "1.5",
        }
    }
    "warnock2006" {
        citation: "Warnock and Warnock (2006), NBER w12560; IFDP 840 (2005)",
        tenor: "10y",
        kind: "12-month flow, persistent while it lasts",
        market_then: "4.2tn (2005)",
        own_units: "90 to 150 bp for no foreign flows at all for a year of about USD 250-350bn",
        spread: "the range 3.7 to 5.2 is the 90% interval",
        approximated: "R_T = 0: a regression in levels of a year's flow, read as lasting",
        family: ForeignHolders,
        numbers: {
            transitory_bp_per_100bn: "0",
            lasting_bp_per_100bn: "\"3.7 to 5.2\"",
            half_life_days: "20",
            gdp_ratio: "3",
        }
    }
    "arslanalp_poghosyan" {
        citation: "Arslanalp and Poghosyan (2014), IMF WP/14/27",
        tenor: "10y",
        kind: "stock, share of foreign holders",
        market_then: "22 countries, 2004-12",
        own_units: "6 to 10 bp per point of the share held by foreigners",
        spread: "the stated range is the 90% interval",
        approximated: "R_T = 0: a stock study",
        family: ForeignHolders,
        numbers: {
            transitory_bp_per_100bn: "0",
            lasting_bp_per_100bn: "\"2.1 to 3.4\"",
            half_life_days: "20",
            gdp_ratio: "1.8",
        }
    }
    "kaminska_zinna" {
        citation: "Kaminska and Zinna (2014), IMF WP/14/66; BoE SWP 796 (2019)",
        tenor: "10y real",
        kind: "stock, term-structure model",
        market_then: "5.8tn (2008)",
        own_units: "80 bp by foreign officials by 2008, 140 bp by the Fed 2008-12",
        spread: "the two figures, 1.6 and 2.5, are the ends of the 90% interval: assumption",
        approximated: "R_T = 0: a stock study; measured on the real yield",
        family: ForeignHolders,
        numbers: {
            transitory_bp_per_100bn: "0",
            lasting_bp_per_100bn: "\"1.6 to 2.5\"",
            half_life_days: "20",
            gdp_ratio: "2.4",
        }
    }
    "csonto_tovar" {
        citation: "Csonto and Tovar (2017), IMF WP/17/174",
        tenor: "2-3y",
        kind: "stock, cointegration, long run",
        market_then: "13.4tn (2015)",
        own_units: "2.0 to 2.4 bp of the term premium per point of the market held by foreign officials (1.5 to 1.8 bp per USD 100bn)",
        spread: "the stated range is the 90% interval",
        approximated: "R_T = 0: a stock study; measured at 2 to 3 years and not rescaled to the 10-year",
        family: ForeignHolders,
        numbers: {
            transitory_bp_per_100bn: "0",
            lasting_bp_per_100bn: "\"0.69 to 0.83\"",
            half_life_days: "20",
            gdp_ratio: "1.3",
        }
    }
    "andritzky2012" {
        citation: "Andritzky (2012), IMF WP/12/158",
        tenor: "10y",
        kind: "stock, share of holders",
        market_then: "G20 and euro area",
        own_units: "40 bp per ten points of the share of non-residents, 25 bp of institutional investors",
        spread: "the two figures, 0.9 and 1.4, are the ends of the 90% interval: assumption",
        approximated: "R_T = 0: a stock study",
        family: ForeignHolders,
        numbers: {
            transitory_bp_per_100bn: "0",
            lasting_bp_per_100bn: "\"0.9 to 1.4\"",
            half_life_days: "20",
            gdp_ratio: "1.8",
        }
    }
    "chaudhary2024" {
        citation: "Chaudhary, Fu and Zhou (2024), Anatomy of the Treasury Market: Who Moves Yields?",
        tenor: "10y",
        kind: "flow by holder, recent years",
        market_then: "recent, about 27tn (2024)",
        own_units: "10 bp on the 10-year for 1% more demand for notes and bonds",
        spread: "sigma 0.4, assumption",
        approximated: "the paper was not read here, only its figure: second hand; notes and bonds are 78% of the market: assumption; R_T = 0: read as lasting",
        family: ForeignHolders,
        numbers: {
            transitory_bp_per_100bn: "0",
            lasting_bp_per_100bn: "{ lognormal = { median = 4.4, sigma = 0.4 } }",
            half_life_days: "20",
            gdp_ratio: "1",
        }
    }
    "damico_king" {
        citation: "D'Amico and King (2013), J. Financial Economics; FEDS 2012-44",
        tenor: "10y (local to the sector)",
        kind: "stock, and flow of the day",
        market_then: "6.9tn (2009)",
        own_units: "USD 300bn: stock effect 30 bp on average, up to 50 at 10 to 15 years; flow effect 3.5 bp on days of purchases",
        spread: "P: 30 to 50 bp as the 90% interval; R_T: sigma 0.4, assumption",
        approximated: "1.0 on the day and a half-life of 2 days stand for the flow effect of the day: assumption; R_T is a(5) = 0.35 of it",
        family: FedPurchases,
        numbers: {
            transitory_bp_per_100bn: "{ lognormal = { median = 0.348, sigma = 0.4 } }",
            lasting_bp_per_100bn: "\"2.4 to 4.0\"",
            half_life_days: "2",
            gdp_ratio: "2",
        }
    }
    "fed_purchases" {
        citation: "D'Amico and King (2013), Li and Wei (2013), Bonis, Ihrig and Wei (2017), Cahill et al. (2013)",
        tenor: "10y",
        kind: "stock, announced",
        market_then: "7tn to 14tn (2009-17)",
        own_units: "about 100 bp for the Fed's whole holdings; 9 bp per USD 100bn announced (2010-12)",
        spread: "sigma 0.4, assumption (the studies run from 0.8 to 3.0)",
        approximated: "1.0 on the day and a half-life of 2 days for the flow effect of the day: assumption; R_T is a(5) = 0.35 of it",
        family: NotFitted,
        numbers: {
            transitory_bp_per_100bn: "{ lognormal = { median = 0.348, sigma = 0.4 } }",
            lasting_bp_per_100bn: "{ lognormal = { median = 1.7, sigma = 0.4 } }",
            half_life_days: "2",
            gdp_ratio: "1.6",
        }
    }
    "gagnon2011" {
        citation: "Gagnon, Raskin, Remache and Sack (2011), FRBNY Economic Policy Review",
        tenor: "10y",
        kind: "stock, announced",
        market_then: "7.7tn (2010)",
        own_units: "50 to 100 bp of the term premium for up to USD 1.75tn",
        spread: "the stated range is the 90% interval",
        approximated: "R_T = 0: effects of announcements, read as lasting",
        family: FedPurchases,
        numbers: {
            transitory_bp_per_100bn: "0",
            lasting_bp_per_100bn: "\"0.8 to 1.5\"",
            half_life_days: "20",
            gdp_ratio: "1.8",
        }
    }
    "cahill2013" {
        citation: "Cahill, D'Amico, Li and Sears (2013), FEDS 2013-35",
        tenor: "security level",
        kind: "announcement, within the day",
        market_then: "9.8tn (2012)",
        own_units: "9 bp per USD 100bn announced, expectations taken out (2010-12)",
        spread: "sigma 0.4, assumption",
        approximated: "R_T = 0: an effect within the day, read as lasting",
        family: FedPurchases,
        numbers: {
            transitory_bp_per_100bn: "0",
            lasting_bp_per_100bn: "{ lognormal = { median = 3, sigma = 0.4 } }",
            half_life_days: "20",
            gdp_ratio: "1.5",
        }
    }
    "li_wei2013" {
        citation: "Li and Wei (2013), Int. J. Central Banking; FEDS 2014-07",
        tenor: "10y",
        kind: "stock, term-structure model",
        market_then: "9.9tn (2011)",
        own_units: "100 bp for three programmes of purchases, 2008-12",
        spread: "sigma 0.4, assumption",
        approximated: "R_T = 0: a stock study",
        family: FedPurchases,
        numbers: {
            transitory_bp_per_100bn: "0",
            lasting_bp_per_100bn: "{ lognormal = { median = 1.2, sigma = 0.4 } }",
            half_life_days: "20",
            gdp_ratio: "1.5",
        }
    }
    "bonis_ihrig_wei" {
        citation: "Bonis, Ihrig and Wei (2017), FEDS Note",
        tenor: "10y",
        kind: "stock, term-structure model",
        market_then: "14.4tn (2017)",
        own_units: "85 to 100 bp for the Fed's whole holdings of USD 4.2tn",
        spread: "the stated range is the 90% interval",
        approximated: "R_T = 0: a stock study; the effect fades as the portfolio shortens, which is left out",
        family: FedPurchases,
        numbers: {
            transitory_bp_per_100bn: "0",
            lasting_bp_per_100bn: "\"1.0 to 1.2\"",
            half_life_days: "20",
            gdp_ratio: "1.3",
        }
    }
    "swanson2011" {
        citation: "Swanson (2011), Brookings Papers",
        tenor: "10y",
        kind: "stock, announced",
        market_then: "4.6% of the debt (1961)",
        own_units: "15 bp for Operation Twist, the lower end of the estimates",
        spread: "sigma 0.4, assumption",
        approximated: "R_T = 0: effects of announcements, read as lasting; debt to GDP of 1961 not read: gdp_ratio 1.8, assumption",
        family: FedPurchases,
        numbers: {
            transitory_bp_per_100bn: "0",
            lasting_bp_per_100bn: "{ lognormal = { median = 1.1, sigma = 0.4 } }",
            half_life_days: "20",
            gdp_ratio: "1.8",
        }
    }
    "fed_staff2022" {
        citation: "Federal Reserve staff rule of thumb (2022), quoted at second hand",
        tenor: "10y",
        kind: "stock, permanent, model",
        market_then: "23.7tn (2022)",
        own_units: "10 bp of the term premium per 1% of GDP of 10-year equivalents: 2.2 bp per USD 100bn of Japan's duration",
        spread: "sigma 0.4, assumption",
        approximated: "R_T = 0: a permanent stock",
        family: FedPurchases,
        numbers: {
            transitory_bp_per_100bn: "0",
            lasting_bp_per_100bn: "{ lognormal = { median = 2.2, sigma = 0.4 } }",
            half_life_days: "20",
            gdp_ratio: "1",
        }
    }
    "wei2022" {
        citation: "Wei (2022), Atlanta Fed WP 2022-8",
        tenor: "10y",
        kind: "stock, slow and announced",
        market_then: "23.7tn (2022)",
        own_units: "6 bp on the 10-year for a passive run-off of USD 2.2tn in three years",
        spread: "sigma 0.4, assumption",
        approximated: "R_T = 0: a slow, announced stock: the low end for sales that surprise nobody",
        family: FedPurchases,
        numbers: {
            transitory_bp_per_100bn: "0",
            lasting_bp_per_100bn: "{ lognormal = { median = 0.2, sigma = 0.4 } }",
            half_life_days: "20",
            gdp_ratio: "1",
        }
    }
    "cbo_debt" {
        citation: "CBO, Gamber and Seliski (2019), WP 2019-01",
        tenor: "10y",
        kind: "stock of debt",
        market_then: "per GDP",
        own_units: "2-3 bp for a point of debt to GDP",
        spread: "the stated range gives the 90% interval",
        approximated: "R_T = 0; debt supply rather than ownership",
        family: Debt,
        numbers: {
            transitory_bp_per_100bn: "0",
            lasting_bp_per_100bn: "{ lognormal = { median = 0.9, sigma = 0.123 } }",
            half_life_days: "20",
            gdp_ratio: "1",
        }
    }
    "laubach2009" {
        citation: "Laubach (2009), J. European Economic Association",
        tenor: "5y-ahead forwards",
        kind: "stock of debt",
        market_then: "per GDP",
        own_units: "3 to 4 bp for a point of debt to GDP",
        spread: "the stated range is the 90% interval",
        approximated: "R_T = 0; debt supply rather than ownership; a forward rate used for the 10-year",
        family: Debt,
        numbers: {
            transitory_bp_per_100bn: "0",
            lasting_bp_per_100bn: "\"1.0 to 1.3\"",
            half_life_days: "20",
            gdp_ratio: "1",
        }
    }
    "plante2025" {
        citation: "Plante, Richter and Zubairy (2025), NBER w34018",
        tenor: "5y5y forward",
        kind: "stock of debt",
        market_then: "per GDP",
        own_units: "about 3 bp for a point of debt to GDP",
        spread: "sigma 0.4, assumption",
        approximated: "R_T = 0; debt supply rather than ownership; a forward rate used for the 10-year",
        family: Debt,
        numbers: {
            transitory_bp_per_100bn: "0",
            lasting_bp_per_100bn: "{ lognormal = { median = 1, sigma = 0.4 } }",
            half_life_days: "20",
            gdp_ratio: "1",
        }
    }
    "kcfed2025" {
        citation: "Federal Reserve Bank of Kansas City, Economic Bulletin 2025, Part 1: a digest, opening read",
        tenor: "mixed",
        kind: "flow of a month, digest",
        market_then: "4.7tn, inferred",
        own_units: "57 bp on average over studies, 25 (Wolcott) to 101 (Warnock), for one standard deviation of a month's liquidation, about USD 141bn: 40 bp per USD 100bn",
        spread: "25 to 101 bp as the 90% interval",
        approximated: "not scaled by the market: at USD 29tn over 4.7tn, the market of those samples, its month is the 6.4 of the other studies (inference of this table; the text divides by foreign holdings); gdp_ratio 1, not to scale it twice; lasting part from the consensus, R_T 40 less it, half-life of 20 days: assumption",
        family: NotFitted,
        numbers: {
            transitory_bp_per_100bn: "{ lognormal = { median = 38, sigma = 0.42 } }",
            lasting_bp_per_100bn: "{ lognormal = { median = 1.8, sigma = 0.4 } }",
            half_life_days: "20",
            gdp_ratio: "1",
        }
    }
    "macro_high" {
        citation: "A strategist's view at the high end",
        tenor: "10y",
        kind: "view",
        market_then: "29tn",
        own_units: "temporary 9 on the day, lasting 4, half-life 18 days",
        spread: "none: one view",
        approximated: "assumption throughout; R_T is 9 times a(18) = 0.699",
        family: NotFitted,
        numbers: {
            transitory_bp_per_100bn: "6.29",
            lasting_bp_per_100bn: "4",
            half_life_days: "18",
            gdp_ratio: "1",
        }
    }
    "studies" {
        citation: "Mixture with equal weights over the studies above that stand for themselves",
        tenor: "10y",
        kind: "flow and stock",
        market_then: "as the studies",
        own_units: "one study a path, the same for R_T, P and the half-life: beltran2013, martin2015, ahmed_rebucci, warnock2006, arslanalp_poghosyan, kaminska_zinna, damico_king, cbo_debt",
        spread: "between the studies and within each",
        approximated: "equal weights: assumption; of the studies of Fed purchases and of debt one each, not to count a family several times",
        family: NotFitted,
        by_study: [transitory_bp_per_100bn, lasting_bp_per_100bn, half_life_days, gdp_ratio],
        numbers: {
            study: "{ discrete = { values = [1, 2, 3, 4, 5, 6, 7, 8], weights = [1, 1, 1, 1, 1, 1, 1, 1] } }",
            transitory_bp_per_100bn: "{ mixture = { parts = [\"1.6 to 3.9\", { lognormal = { median = 7.2, sigma = 0.4 } }, { lognormal = { median = 32.2, sigma = 0.3 } }, 0, 0, 0, { lognormal = { median = 0.348, sigma = 0.4 } }, 0], weights = [1, 1, 1, 1, 1, 1, 1, 1] } }",
            lasting_bp_per_100bn: "{ mixture = { parts = [{ lognormal = { median = 3.1, sigma = 0.4 } }, 0, { lognormal = { median = 1.8, sigma = 0.4 } }, \"3.7 to 5.2\", \"2.1 to 3.4\", \"1.6 to 2.5\", \"2.4 to 4.0\", { lognormal = { median = 0.9, sigma = 0.123 } }], weights = [1, 1, 1, 1, 1, 1, 1, 1] } }",
            half_life_days: "{ mixture = { parts = [60, 250, 20, 20, 20, 20, 2, 20], weights = [1, 1, 1, 1, 1, 1, 1, 1] } }",
            gdp_ratio: "{ mixture = { parts = [1.8, 1.8, 1.5, 3, 1.8, 2.4, 2, 1], weights = [1, 1, 1, 1, 1, 1, 1, 1] } }",
        }
    }
}
