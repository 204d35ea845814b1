//! Responses of one daily change to another.
//!
//! ```text
//! ΔUST10_t = a + β ΔJGB10_t + c ΔUST10_{t−1} + e_t         spillover: on all days, and on large days of the JGB 30-year
//! ΔUSTx_t  = a + b ΔUST2_t + e_t                           the curve with the 2-year
//! ΔJGB10_t = a + b ΔUST10_{t−1} + e_t                      Tokyo after New York
//! 100 Δln USDJPY_t = a + b Δ(UST2 − JGB2)_t + e_t
//! ```
//!
//! The second and the fourth also on days of decisions (see [`decisions`](super::decisions)): there ΔUST2 is the surprise
//! as the market saw it, with whatever else the day brought. Yields are those of about 3:30 pm in New York, after an FOMC
//! statement at 2 pm; JGB yields those of 3 pm in Tokyo, after a BOJ statement but before its press conference.
//!
//! Tokyo closes before New York opens, so ΔJGB10_t comes before most of ΔUST10_t, and yesterday's New York is taken out
//! by ΔUST10_{t−1}. News that both markets trade on in Asian hours remains: it lifts β above the response to a Japanese
//! shock alone. β is thus not identified: the estimates are upper bounds as far as common news goes, and none is set.

use super::decisions::{Decisions, set_if_supported};
use super::jumps::bipower;
use super::panel::{Change, Panel};
use super::regression::{Regression, standard_error, usual_lags};
use super::{Estimate, Findings, Window};
use crate::data::DataSet;

/// Days of the JGB 30-year that count as large, in bipower standard deviations.
const LARGE: f64 = 2.5;

/// Fewest large days.
const FEWEST_LARGE: usize = 15;

const UNIT: &str = "bp per bp";

/// All responses.
pub(super) fn responses(set: &DataSet, window: Window, findings: &mut Findings) {
    let betas = spillover(set, window);
    findings.cannot_tell.extend(betas.as_ref().ok().and_then(|betas| doubt(betas)));
    findings.take("beta of Treasuries to JGB shocks", betas);
    for (tenor, series) in [("2y", "DGS2"), ("5y", "DGS5"), ("30y", "DGS30")] {
        let found = profile(set, window, tenor, series);
        findings.take(&format!("spillover to the {tenor} for one to the 10-year"), found);
    }
    let (fed, boj) = (Decisions::fed(set), Decisions::boj(set));
    for (tenor, series) in [("5", "DGS5"), ("10", "DGS10"), ("30", "DGS30")] {
        curve(set, window, (tenor, series), fed.as_ref(), findings);
    }
    findings.take("response of the JGB 10-year to yesterday's UST", tokyo(set, window));
    jgb_curve(set, window, boj.as_ref(), findings);
    gap(set, window, boj.as_ref(), findings);
    findings.cannot_tell.extend(undated(fed.as_ref(), boj.as_ref(), window));
    findings.cannot_tell.push(
        "how much of a decision was a surprise (fed.ust2_per_surprise, boj.jgb2_per_surprise): takes futures on the policy \
         rate, which no file here gives; responses on days of decisions are to the 2-year's own change, with the day's other \
         news in it."
            .to_owned(),
    );
}

/// Which days of decisions are missing, and what to do about it.
fn undated(fed: Option<&Decisions>, boj: Option<&Decisions>, window: Window) -> Vec<String> {
    let file = |bank: &str| {
        format!(
            "a CSV file in the folder with the header date,bank and a row a decision, such as {bank}"
        )
    };
    let mut told = Vec::new();
    if !fed.is_some_and(|days| days.listed) {
        let (what, gives) = match fed {
            Some(days) => {
                let seen = days.count(window);
                let what = format!(
                    "FOMC meetings that left the rate as it was: DFF shows only changes, {seen} of them in the window"
                );
                (what, "the others too")
            }
            None => (
                "responses on days of FOMC decisions: DFF and DGS2 are not both in the folder"
                    .to_owned(),
                "the days",
            ),
        };
        told.push(format!("{what}; {} gives {gives}.", file("2026-06-17,fed")));
    }
    if boj.is_none() {
        told.push(format!(
            "responses on days of BOJ decisions (jgb.jgb10_per_jgb2): no file gives the days; {} does.",
            file("2026-06-16,boj")
        ));
    }
    told
}

/// Yesterday's change; the first day has none.
fn yesterday(changes: &[f64]) -> Vec<f64> {
    std::iter::once(0.0).chain(changes[..changes.len() - 1].iter().copied()).collect()
}

/// How far the specifications of beta differ.
fn doubt(betas: &[Estimate]) -> Option<String> {
    let low = betas.iter().map(|beta| beta.value).fold(f64::INFINITY, f64::min);
    let high = betas.iter().map(|beta| beta.value).fold(f64::NEG_INFINITY, f64::max);
    low.is_finite().then(|| {
        format!(
            "how much of the common moves of Treasuries and JGBs began in Japan: by specification beta is {low:.2} to \
             {high:.2}, and news for both markets lifts all of them; an upper bound is no estimate, so none is set."
        )
    })
}

fn spillover(set: &DataSet, window: Window) -> Result<Vec<Estimate>, String> {
    let columns = [("DGS10", Change::Bp), ("jgb.10y", Change::Bp), ("jgb.30y", Change::Bp)];
    let panel = Panel::new(set, &columns, window)?;
    let (ust, jgb, jgb30) = (panel.of(0), panel.of(1), panel.of(2));
    let before = yesterday(ust);
    let bound = LARGE * bipower(jgb30);
    let plain = panel.coefficient(("beta.same_day", UNIT), ust, &[jgb], |_| true)?.0;
    let pairs = |x: &[f64]| x.iter().zip(yesterday(x)).map(|(x, y)| x + y).collect::<Vec<f64>>();
    let name = ("beta.two_days", UNIT);
    let two = panel.coefficient(name, &pairs(ust), &[&pairs(jgb)], |t| t > 0)?.0;
    let all = panel.coefficient(("beta.all_days", UNIT), ust, &[jgb, &before], |t| t > 0)?.0;
    let key = "jgb_spillover.beta";
    let mut estimates = vec![
        plain.about(key).note("without yesterday's UST; common news counts as spillover"),
        two.about(key)
            .note("overlapping changes over two days, which the hours of trading do not part"),
        all.about(key)
            .note("with yesterday's UST; everyday days, which do not travel in the model"),
    ];
    let large = |t: usize| t > 0 && jgb30[t].abs() > bound;
    let count = (0..jgb30.len()).filter(|t| large(*t)).count();
    if count < FEWEST_LARGE {
        return Ok(estimates);
    }
    let days = panel.coefficient(("beta.large_days", UNIT), ust, &[jgb, &before], large)?.0;
    let days = days.about(key).note(format!(
        "days on which the JGB 30-year moved more than {bound:.1} bp; not set: common news lifts it (bias upwards), so it is \
         an upper bound"
    ));
    estimates.push(days);
    Ok(estimates)
}

/// Ratio of the responses of two tenors to the JGB 10-year.
fn profile(
    set: &DataSet,
    window: Window,
    tenor: &str,
    series: &'static str,
) -> Result<Vec<Estimate>, String> {
    let columns = [(series, Change::Bp), ("DGS10", Change::Bp), ("jgb.10y", Change::Bp)];
    let panel = Panel::new(set, &columns, window)?;
    let fit = |place: usize| -> Result<Regression, String> {
        let y = panel.of(place);
        Ok(panel.coefficient(("", ""), y, &[panel.of(2)], |_| true)?.1)
    };
    let (own, ten) = (fit(0)?, fit(1)?);
    let base = ten.coefficients[1];
    let ratio = own.coefficients[1] / base;
    let pairs = own.influence[1].iter().zip(&ten.influence[1]);
    let influence: Vec<f64> = pairs.map(|(own, ten)| (own - ratio * ten) / base).collect();
    let lags = usual_lags(influence.len());
    if base < 2.0 * ten.newey_west(1, lags) {
        return Err("the 10-year itself does not respond, so there is no ratio".to_owned());
    }
    let estimate = Estimate::new(
        format!("profile.{tenor}"),
        "ratio",
        (ratio, Some(standard_error(&influence, lags))),
        format!(
            "ratio of the same-day responses to the JGB 10-year, delta method, Newey-West with {lags} lags"
        ),
        panel.sample(),
    );
    Ok(vec![estimate.sets(format!("jgb_spillover.profile_{tenor}"), ratio)])
}

fn curve(
    set: &DataSet,
    window: Window,
    (tenor, series): (&str, &'static str),
    fed: Option<&Decisions>,
    findings: &mut Findings,
) {
    let what = format!("response of the UST {tenor}-year to the 2-year");
    let (name, key) = (format!("ust{tenor}_per_ust2"), format!("fed.ust{tenor}_per_ust2"));
    let columns = [(series, Change::Bp), ("DGS2", Change::Bp)];
    let panel = match Panel::new(set, &columns, window) {
        Ok(panel) => panel,
        Err(why) => return findings.take(&what, Err(why)),
    };
    let on_days = on_days(&panel, &format!("{name}.fomc_days"), fed, findings);
    let on_days = on_days.map(|estimate| set_if_supported(estimate, &key));
    let set = on_days.as_ref().is_some_and(|estimate| estimate.setting.is_some());
    let all = panel.coefficient((&name, UNIT), panel.of(0), &[panel.of(1)], |_| true);
    let all = all.map(|(estimate, _)| {
        let value = estimate.value;
        let estimate = if set {
            estimate.about(key).note("all days; the overlay takes days of FOMC decisions")
        } else {
            estimate
                .sets(key, value)
                .note("all days, for want of a sharp estimate on days of FOMC decisions")
        };
        std::iter::once(estimate).chain(on_days).collect()
    });
    findings.take(&what, all);
}

/// The first series of a panel on the second, on days of decisions where they are known.
fn on_days(
    panel: &Panel,
    name: &str,
    days: Option<&Decisions>,
    findings: &mut Findings,
) -> Option<Estimate> {
    let found = days?.response(panel, (name, UNIT), panel.of(0), panel.of(1));
    found.map_err(|why| findings.cannot_tell.push(format!("{name}: {why}."))).ok()
}

fn tokyo(set: &DataSet, window: Window) -> Result<Vec<Estimate>, String> {
    let panel = Panel::new(set, &[("jgb.10y", Change::Bp), ("DGS10", Change::Bp)], window)?;
    let before = yesterday(panel.of(1));
    let name = ("jgb10_per_ust10_yesterday", UNIT);
    let estimate = panel.coefficient(name, panel.of(0), &[&before], |t| t > 0)?.0;
    let value = estimate.value;
    Ok(vec![estimate.sets("jgb.jgb10_per_ust10", value)])
}

fn jgb_curve(set: &DataSet, window: Window, days: Option<&Decisions>, findings: &mut Findings) {
    let what = "response of the JGB 10-year to the JGB 2-year";
    let columns = [("jgb.10y", Change::Bp), ("jgb.2y", Change::Bp)];
    let panel = match Panel::new(set, &columns, window) {
        Ok(panel) => panel,
        Err(why) => return findings.take(what, Err(why)),
    };
    let (name, key) = ("jgb10_per_jgb2", "jgb.jgb10_per_jgb2");
    let all = panel.coefficient((name, UNIT), panel.of(0), &[panel.of(1)], |_| true);
    let on_days = on_days(&panel, "jgb10_per_jgb2.boj_days", days, findings);
    let note = "not set: all days, where the model wants days of BOJ decisions";
    let all = all.map(|(estimate, _)| {
        let on_days = on_days.map(|estimate| set_if_supported(estimate, key));
        std::iter::once(estimate.about(key).note(note)).chain(on_days).collect()
    });
    findings.take(what, all);
}

fn gap(set: &DataSet, window: Window, days: Option<&Decisions>, findings: &mut Findings) {
    let what = "response of the yen to the rate gap";
    let columns = [("DEXJPUS", Change::LogPercent), ("DGS2", Change::Bp), ("jgb.2y", Change::Bp)];
    let panel = match Panel::new(set, &columns, window) {
        Ok(panel) => panel,
        Err(why) => return findings.take(what, Err(why)),
    };
    let gap: Vec<f64> = panel.of(1).iter().zip(panel.of(2)).map(|(ust, jgb)| ust - jgb).collect();
    let (unit, key) = ("% per bp", "usdjpy.per_gap_bp");
    let note = "noon New York against closing yields: the mismatch of hours makes it too small";
    let all = panel.coefficient(("usdjpy_per_gap", unit), panel.of(0), &[&gap], |_| true);
    findings.take(
        what,
        all.map(|(estimate, _)| {
            let value = estimate.value;
            vec![estimate.sets(key, value).note(note)]
        }),
    );
    let Some(days) = days else { return };
    let name = ("usdjpy_per_gap.boj_days", unit);
    let on_days = days.response(&panel, name, panel.of(0), &gap).map(|estimate| {
        let note = format!("not set: the number serves days of both banks; {}", estimate.note);
        vec![estimate.about(key).note(note)]
    });
    findings.take("response of the yen to the rate gap on days of BOJ decisions", on_days);
}
