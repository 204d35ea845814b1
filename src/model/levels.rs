//! Levels of the market that hardly can be meant: what the record, their neighbours or their sum rule out. A scenario may
//! say so all the same: each is a warning, because a what-if (no holdings, a yield below the record) is no mistake.
//!
//! ```text
//! yield or VIX      above 0 and below ⅔ of the lowest on record: a fraction where % is asked          (4.44 as 0.0444)
//! rates beside it   US rates between 0 and 0.15% beside such a yield; both JGB yields there, less than 0.15 apart
//! spot              |ln(spot / average of 60 days)| above 6 · max(volatility, 2%) · √(20/252)
//! highest of 1y     below spot by more than 1%
//! holdings          total not within 25% of the cohorts' medians; below half the least or above twice the most on record
//! ```
//!
//! Sources: FRED to June 2026 (lowest DGS2 0.09 on 2021-02-05, DGS5 0.19 and DGS10 0.52 on 2020-08-04, DGS30 0.99 on
//! 2020-03-09, VIXCLS 9.14 on 2017-11-03); MoF JGB curve (smallest 30-year less 10-year 0.285 on 2016-06-28); FRED DEXJPUS
//! since 1978 (largest distance 3.8 of these standard deviations, on 1978-08-01; 3.4 since 1990; lowest volatility of twenty
//! days 2.0% in June 2026); TIC since March 2000 (Japan 293 to 1,326). The factors ⅔, 6, 1%, 25%, half and twice are
//! assumptions; √20 is the standard deviation, in days, of a random walk less its mean of sixty days. 25% is almost four
//! standard deviations of the split, which the cohorts' own laws leave.
//!
//! Known weakness: Japan's rates stood near 0 for twenty years, so that one of them alone is never taken for a fraction here.

use super::cohorts::NAMES;
use crate::num::Marginal;
use crate::scenario::{Doubt, Lookup};

/// Lowest on record of what has never been near 0.
const LOWEST: [(&str, f64); 5] = [
    ("fed.ust_2y_pct", 0.09),
    ("fed.ust_5y_pct", 0.19),
    ("fed.ust_10y_pct", 0.52),
    ("fed.ust_30y_pct", 0.99),
    ("equity.vix", 9.14),
];
/// Share of the lowest on record below which a level is doubted.
const LOWEST_SHARE: f64 = 2.0 / 3.0;
/// Rates that have been near 0, and how near a fraction is, %.
const NEAR_ZERO: [&str; 5] = [
    "fed.policy_rate_pct",
    "fed.ust_2y_pct",
    "fed.ust_5y_pct",
    "jgb.jgb_10y_pct",
    "jgb.jgb_30y_pct",
];
const NEAR_ZERO_PCT: f64 = 0.15;
/// Smallest difference of the JGB 30-year and 10-year, %, below which both are doubted.
const JGB_SLOPE_PCT: f64 = 0.15;
/// Standard deviations of spot from its average that are possible, and the lowest volatility counted, % a year.
const SPOT: (f64, f64) = (6.0, 2.0);
/// Share by which spot may stand above the highest of its year.
const ABOVE_HIGH: f64 = 0.01;
/// Share by which the total may differ from the sum of the cohorts.
const SPLIT: f64 = 0.25;
/// Japan's holdings in TIC, least and most since March 2000, USD bn.
const TIC_USD_BN: (f64, f64) = (293.0, 1326.0);

/// Levels that do not fit each other or the record.
pub(super) fn doubts(number: &Lookup<'_>) -> Vec<Doubt> {
    let middle = |address: &str| number(address).quantile(0.5);
    let mut found = fractions(&middle);
    found.extend(spot(&middle));
    found.extend(holdings(number));
    found
}

/// Levels that look like fractions.
fn fractions(middle: &dyn Fn(&str) -> f64) -> Vec<Doubt> {
    let help = |value: f64| format!("write {} for {0}%", short(100.0 * value));
    let mut found: Vec<Doubt> = Vec::new();
    for (address, lowest) in LOWEST {
        let value = middle(address);
        if 0.0 < value && value < LOWEST_SHARE * lowest {
            let why = format!("looks like a fraction: the lowest on record is {lowest}");
            found.push(Doubt { address, why, help: help(value) });
        }
    }
    let (ten, thirty) = (middle("jgb.jgb_10y_pct"), middle("jgb.jgb_30y_pct"));
    let near = |value: f64| 0.0 < value && value <= NEAR_ZERO_PCT;
    let flat = near(ten) && near(thirty) && (thirty - ten).abs() < JGB_SLOPE_PCT;
    let treasuries = found.iter().any(|doubt| doubt.address.starts_with("fed.ust"));
    for address in NEAR_ZERO {
        let value = middle(address);
        let doubted = if address.starts_with("jgb.") { flat } else { treasuries };
        if doubted && near(value) && found.iter().all(|doubt| doubt.address != address) {
            let why = "looks like a fraction, as do the yields beside it".to_owned();
            found.push(Doubt { address, why, help: help(value) });
        }
    }
    found
}

/// A spot that its own history rules out.
fn spot(middle: &dyn Fn(&str) -> f64) -> Vec<Doubt> {
    let address = "usdjpy.spot_jpy_per_usd";
    let (spot, average) = (middle(address), middle("usdjpy.average_60d_jpy_per_usd"));
    let (most, least) = SPOT;
    let volatility = middle("usdjpy.realised_vol_20d_pct").max(least);
    let sd = 0.01 * volatility * libm::sqrt(20.0 / 252.0);
    let far = libm::log(spot / average);
    let mut found = Vec::new();
    if far.abs() > most * sd {
        let why = format!(
            "is {:.1}% from its 60-day average of {}, {:.0} standard deviations at a volatility of {}%",
            100.0 * (spot / average - 1.0),
            short(average),
            far.abs() / sd,
            short(volatility)
        );
        let help = format!(
            "write spot, average_60d_jpy_per_usd and realised_vol_20d_pct of the same day; beyond {most} standard deviations (an assumption) they cannot be; the most since 1978 is 3.8"
        );
        found.push(Doubt { address, why, help });
    }
    let (address, high) = ("usdjpy.high_1y_jpy_per_usd", middle("usdjpy.high_1y_jpy_per_usd"));
    if spot > high * (1.0 + ABOVE_HIGH) {
        let why = format!("is called the highest spot of a year, and spot is {}", short(spot));
        let help = "the year includes day 0: write at least spot".to_owned();
        found.push(Doubt { address, why, help });
    }
    found
}

/// A total that the cohorts or the record rule out.
fn holdings(number: &Lookup<'_>) -> Vec<Doubt> {
    let address = "holdings.total_usd_bn";
    let total = number(address).quantile(0.5);
    let laws: Vec<Marginal> =
        NAMES.iter().map(|name| number(&format!("holdings.{name}_usd_bn"))).collect();
    let sum = laws.iter().fold(0.0, |sum, law| sum + law.quantile(0.5));
    let (least, most) = TIC_USD_BN;
    let slip = if total < 0.1 * least { "the unit is USD bn: 1117 for USD 1.117tn; " } else { "" };
    let why = if (total / sum - 1.0).abs() > SPLIT {
        format!(
            "is in USD bn, and the cohorts add up to {}: each is scaled by {}",
            short(sum),
            short(total / sum)
        )
    } else if total < 0.5 * least || total > 2.0 * most {
        format!("is in USD bn, and TIC has shown {least} to {most} since 2000")
    } else {
        return Vec::new();
    };
    let help = format!(
        "{slip}write a total within {}% of the sum of the cohorts, or all of them",
        100.0 * SPLIT
    );
    vec![Doubt { address, why, help }]
}

/// A number with four digits.
fn short(value: f64) -> String {
    let digits: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    format!("{digits}")
}
