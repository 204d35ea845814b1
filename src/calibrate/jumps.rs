//! Jumps of the yen and fiscal jumps of the JGB 30-year, by a threshold.
//!
//! ```text
//! σ_B² = (π/2) · mean |r_t| |r_{t−1}|      bipower variation (Barndorff-Nielsen and Shephard 2004): robust to jumps
//! jump:  |r_t| > k σ_B                     k = 2.5 for USD/JPY, 3 (upwards) for the JGB 30-year
//! intensity = count / (n / 252),           standard error √count / (n / 252) (Poisson)
//! ```
//!
//! A threshold counts large days of the diffusion too and misses small jumps: the note says how many days would pass it
//! by chance under a normal law. Sizes are those beyond the threshold, so their spread is cut from below. Jumps of the yen
//! are set from all days; the defaults leave out the Ministry's days and 31 July to 7 August 2024, whose moves other
//! mechanisms bring again, and the note says so. Fiscal jumps are told and set nothing: the model's are by another rule (the head
//! of `model::jgb`: no meeting, no US news, calm equities, the long end alone, both directions), which a threshold is not.

use super::panel::{Change, Panel};
use super::regression::{Regression, mean, sd, standard_error, usual_lags};
use super::{Estimate, Findings, Sample, Window};
use crate::data::DataSet;

/// Threshold of the yen in bipower standard deviations.
const YEN_THRESHOLD: f64 = 2.5;

/// Threshold of the JGB 30-year.
const FISCAL_THRESHOLD: f64 = 3.0;

/// Trading days a year, as in the model.
const DAYS_A_YEAR: f64 = 252.0;

/// Fewest jumps for their size.
const FEWEST_JUMPS: usize = 4;

/// Bipower standard deviation of a day.
pub(super) fn bipower(changes: &[f64]) -> f64 {
    let products: Vec<f64> = changes.windows(2).map(|pair| (pair[0] * pair[1]).abs()).collect();
    (std::f64::consts::FRAC_PI_2 * mean(&products)).sqrt()
}

/// Standard error of a standard deviation.
pub(super) fn sd_error(values: &[f64], lags: usize) -> f64 {
    let (centre, spread) = (mean(values), sd(values));
    let influence = values.iter().map(|x| (x - centre) * (x - centre) - spread * spread);
    standard_error(&influence.map(|x| x / (2.0 * spread)).collect::<Vec<f64>>(), lags)
}

/// The yen's diffusion and jumps; gives the diffusion's share of the standard deviation.
pub(super) fn yen(set: &DataSet, window: Window, findings: &mut Findings) -> Option<f64> {
    let what = "jumps of the yen";
    let panel = match Panel::new(set, &[("DEXJPUS", Change::LogPercent)], window) {
        Ok(panel) => panel,
        Err(why) => {
            findings.take(what, Err(why));
            return None;
        }
    };
    let changes = panel.of(0);
    let scale = bipower(changes);
    let bound = YEN_THRESHOLD * scale;
    let quiet: Vec<f64> = changes.iter().copied().filter(|r| r.abs() <= bound).collect();
    let rule = format!("days beyond {YEN_THRESHOLD} bipower standard deviations ({bound:.3}%)");
    let chance = libm::erfc(YEN_THRESHOLD / std::f64::consts::SQRT_2) / 2.0 * DAYS_A_YEAR;
    let lags = usual_lags(quiet.len());
    let diffusion = Estimate::new(
        "usdjpy.diffusion",
        "% a day",
        (sd(&quiet), Some(sd_error(&quiet, lags))),
        format!("standard deviation without {rule}, Newey-West with {lags} lags"),
        Sample { observations: quiet.len(), ..panel.sample() },
    );
    let share = (diffusion.value / sd(changes)).min(1.0);
    let level = diffusion.value;
    let note = "cut off at the threshold, so a little too small";
    findings.estimates.push(diffusion.sets("usdjpy.diffusion_pct", level).note(note));
    let sides = [
        ("up", changes.iter().map(|r| -r).filter(|r| *r > bound).collect::<Vec<f64>>()),
        ("down", changes.iter().copied().filter(|r| *r > bound).collect()),
    ];
    for (side, sizes) in &sides {
        findings.estimates.push(
            intensity(&format!("usdjpy.jumps_{side}"), sizes.len(), &panel, &rule)
                .note(format!(
                    "yen {side}, all days: those of interventions and unwinds too, which other mechanisms bring again; about {chance:.1} a year would pass by chance"
                )),
        );
        set_intensity(findings, &format!("usdjpy.jumps_{side}_per_year"));
        findings.take(
            &format!("size of jumps of the yen {side}"),
            yen_sizes(side, sizes, &panel, &rule),
        );
    }
    Some(share)
}

fn intensity(name: &str, count: usize, panel: &Panel, rule: &str) -> Estimate {
    let years = panel.dates.len() as f64 / DAYS_A_YEAR;
    let value = (count as f64 / years, Some((count as f64).sqrt() / years));
    let method = format!("{count} {rule}; Poisson error");
    Estimate::new(name, "jumps a year", value, method, panel.sample())
}

/// The last estimate sets this number.
fn set_intensity(findings: &mut Findings, key: &str) {
    if let Some(last) = findings.estimates.pop() {
        let value = last.value;
        findings.estimates.push(last.sets(key, value));
    }
}

fn enough(sizes: &[f64]) -> Result<(), String> {
    if sizes.len() < FEWEST_JUMPS {
        return Err(format!("{} jumps in the window, {FEWEST_JUMPS} needed", sizes.len()));
    }
    Ok(())
}

fn yen_sizes(
    side: &str,
    sizes: &[f64],
    panel: &Panel,
    rule: &str,
) -> Result<Vec<Estimate>, String> {
    enough(sizes)?;
    let n = sizes.len() as f64;
    let sample = || Sample { observations: sizes.len(), ..panel.sample() };
    let (size, spread) = (mean(sizes), sd(sizes));
    let mean_size = Estimate::new(
        format!("usdjpy.jump_{side}_mean"),
        "%",
        (size, Some(spread / n.sqrt())),
        format!("mean size of {rule}; independent jumps"),
        sample(),
    )
    .sets(format!("usdjpy.jump_{side}_pct"), size);
    let spread_of_size = Estimate::new(
        format!("usdjpy.jump_{side}_sd"),
        "%",
        (spread, Some(spread / (2.0 * (n - 1.0)).sqrt())),
        format!("standard deviation of the size of {rule}; normal theory"),
        sample(),
    );
    Ok(vec![mean_size, spread_of_size.sets(format!("usdjpy.jump_{side}_sd_pct"), spread)])
}

/// Why large rises of the JGB 30-year set none of the model's numbers.
const NOT_THE_RULE: &str = "not set: the model's fiscal jumps are those of the rule in its jgb file, up and down, not every large rise";

/// Large rises of the JGB 30-year, fiscal or not.
pub(super) fn fiscal(set: &DataSet, window: Window, findings: &mut Findings) {
    let columns = [("jgb.30y", Change::Bp), ("jgb.10y", Change::Bp)];
    let found = Panel::new(set, &columns, window).map(|panel| {
        let changes = panel.of(0);
        let bound = FISCAL_THRESHOLD * bipower(changes);
        let rule =
            format!("rises beyond {FISCAL_THRESHOLD} bipower standard deviations ({bound:.1} bp)");
        let days: Vec<usize> = (0..changes.len()).filter(|t| changes[*t] > bound).collect();
        let falls = changes.iter().filter(|r| **r < -bound).count();
        let rate = intensity("jgb.fiscal_jumps", days.len(), &panel, &rule);
        let rate = rate
            .about("jgb.fiscal_jumps_per_year")
            .note(format!("{NOT_THE_RULE}; {falls} falls of that size"));
        let logs: Vec<f64> = days.iter().map(|t| libm::log(changes[*t])).collect();
        let sizes = enough(&logs).and_then(|()| fiscal_sizes(&panel, &days, &logs, &rule));
        (rate, sizes)
    });
    match found {
        Ok((rate, sizes)) => {
            findings.estimates.push(rate);
            findings.take("size of fiscal jumps of Japanese yields", sizes);
        }
        Err(why) => findings.take("fiscal jumps of Japanese yields", Err(why)),
    }
}

fn fiscal_sizes(
    panel: &Panel,
    days: &[usize],
    logs: &[f64],
    rule: &str,
) -> Result<Vec<Estimate>, String> {
    let n = logs.len() as f64;
    let sample = || Sample { observations: logs.len(), ..panel.sample() };
    let (median, spread) = (libm::exp(mean(logs)), sd(logs));
    let size = Estimate::new(
        "jgb.fiscal_jump_30y",
        "bp",
        (median, Some(median * spread / n.sqrt())),
        format!("median of a lognormal size of {rule}; independent jumps"),
        sample(),
    )
    .note(NOT_THE_RULE);
    let sigma = Estimate::new(
        "jgb.fiscal_jump_sigma",
        "log",
        (spread, Some(spread / (2.0 * (n - 1.0)).sqrt())),
        format!("standard deviation of the log size of {rule}; normal theory"),
        sample(),
    )
    .note("the threshold cuts the small jumps off, so the spread is too small");
    let rows: Vec<Vec<f64>> = days.iter().map(|t| vec![panel.of(0)[*t]]).collect();
    let tens: Vec<f64> = days.iter().map(|t| panel.of(1)[*t]).collect();
    let fit = Regression::fit(&rows, &tens).map_err(|error| error.to_string())?;
    let slope = fit.coefficients[0];
    let ratio = Estimate::new(
        "jgb.fiscal_10y_per_30y",
        "bp per bp",
        (slope, Some(fit.newey_west(0, 0))),
        format!("least squares without a constant on {rule}, White"),
        sample(),
    )
    .about("jgb.fiscal_10y_per_30y_up")
    .note(NOT_THE_RULE);
    Ok(vec![size, sigma, ratio])
}
