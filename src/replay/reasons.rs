//! Why an episode fell outside the model's middle 90%: facts of the window, put together by one rule for all episodes.

use super::eve::{Change, Eve, size};
use super::flows::{Flows, traded};
use super::setting::default;
use super::{Episode, Score, Target, observed};
use crate::data::DataSet;

/// Middle band outside of which an outcome is a miss.
pub(super) const MISS: f64 = 0.90;
/// Size of the window's daily moves over those of the year before from which they count as unusual.
const UNUSUAL: f64 = 1.3;

/// Most observations of a window, its eve included, whose moves have no direction to speak of.
const SHORT: usize = 5;

/// Adds the reason to every miss.
pub(super) fn explain(
    data: &DataSet,
    episode: &Episode,
    flows: Option<&Flows>,
    scores: &mut [Score],
) {
    for score in scores.iter_mut().filter(|score| !score.inside(MISS)) {
        score.reason = Some(reason(data, episode, flows, score));
    }
}

fn reason(data: &DataSet, episode: &Episode, flows: Option<&Flows>, score: &Score) -> String {
    let unit = score.target.unit();
    let (word, edge) = match score.place > 0.5 {
        true => ("above", score.quantiles[4]),
        false => ("below", score.quantiles[0]),
    };
    let mut text = format!("{:+.1} {unit}, {word} {edge:+.1}: ", score.realised);
    text += &match score.target {
        Target::Yield => policy(data, episode, score.realised),
        Target::Yen => gap(data, episode, flows, score.realised),
        Target::Equities => fear(data, episode),
    };
    text += &noise(data, episode, score.target);
    text
}

/// Change of a series over the window.
fn change(data: &DataSet, name: &str, episode: &Episode, change: Change) -> Option<f64> {
    let from = Eve::new(data, episode.start).level(name)?;
    Some(change.between(from, observed(data, name, episode)?))
}

/// What the 2-year says about the 10-year.
fn policy(data: &DataSet, episode: &Episode, realised: f64) -> String {
    let Some(ust2) = change(data, "DGS2", episode, Change::Bp) else { return String::new() };
    let part = default("fed.ust10_per_ust2") * ust2;
    if part / realised >= 0.5 {
        return format!(
            "2-year {ust2:+.0} bp, worth {part:+.0}: policy news not priced on the eve"
        );
    }
    let jgb = change(data, "jgb.10y", episode, Change::Bp).unwrap_or(0.0);
    format!(
        "2-year {ust2:+.0} bp, JGB 10-year {jgb:+.0}: US term premium, of which the model knows noise and Japan's flows only"
    )
}

/// What the gap of 2-year yields and the Ministry say about the yen.
fn gap(data: &DataSet, episode: &Episode, flows: Option<&Flows>, realised: f64) -> String {
    let ust2 = change(data, "DGS2", episode, Change::Bp);
    let jgb2 = change(data, "jgb.2y", episode, Change::Bp);
    let gap = ust2.zip(jgb2).map_or(0.0, |(ust2, jgb2)| ust2 - jgb2);
    let part = default("usdjpy.per_gap_bp") * gap;
    let news = if part / realised >= 0.5 {
        "policy news not priced on the eve"
    } else {
        "mostly news that the model does not have"
    };
    let mut text = format!("2-year gap {gap:+.0} bp, worth {part:+.1}%: {news}");
    if let Some(sold) = flows.and_then(|flows| flows.ministry_usd_bn).filter(|sold| *sold != 0.0) {
        text += &format!("; the Ministry {}", traded(sold, 0));
    }
    text
}

/// What VIX says about equities.
fn fear(data: &DataSet, episode: &Episode) -> String {
    let from = Eve::new(data, episode.start).level("VIXCLS");
    let vix = from.zip(observed(data, "VIXCLS", episode));
    vix.map_or_else(String::new, |(from, to)| {
        format!("VIX {from:.0} to {to:.0}: news that the model does not have")
    })
}

/// Whether the window's daily moves were larger than those that the noise is set from, or went one way.
fn noise(data: &DataSet, episode: &Episode, target: Target) -> String {
    let eve = Eve::new(data, episode.start);
    let (name, change) = target.series(&eve);
    let (Ok(usual), Some(series)) = (eve.daily_size(name, change), data.series.get(name)) else {
        return String::new();
    };
    let from = series.points.partition_point(|(date, _)| *date <= episode.start).saturating_sub(1);
    let to = series.points.partition_point(|(date, _)| *date <= episode.end);
    let ratio = size(&series.points[from..to], change) / usual;
    if ratio >= UNUSUAL {
        format!("; days {ratio:.1} times as large as in the year before")
    } else if to - from > SHORT {
        "; days of usual size, but one way".to_owned()
    } else {
        String::new()
    }
}
