//! A replay on a page: what came and where it lies in the model's distribution, coverage, and why what missed.

use super::reasons::MISS;
use super::tables::{BANDS, coverage};
use super::{Given, Played, Replay, Score, TARGETS, Target, Use};
use crate::report::wrap;
use std::fmt::Write as _;

/// Most misses that are explained on the page.
const SENTENCES: usize = 8;

/// The page, no line of sentences longer than `width`.
pub fn terminal(replay: &Replay, width: usize) -> String {
    let mut text = String::from(
        "What came, and its place in the model's distribution in % (* outside the middle 90%); fl: given the flows that happened\n",
    );
    let longest = replay.played.iter().map(|played| played.episode.id.len()).max().unwrap_or(0);
    let _ = write!(text, "{:<longest$}  days  used       ", "episode");
    for name in ["10y bp", "yen %", "S&P %"] {
        let _ = write!(text, " {name:>7} {:>5} {:>5} ", "eve", "fl");
    }
    text = text.trim_end().to_owned() + "\n";
    for played in &replay.played {
        row(&mut text, played, longest);
    }
    covered(&mut text, replay, width);
    misses(&mut text, replay, width);
    text
}

fn row(text: &mut String, played: &Played, longest: usize) {
    let used = match &played.episode.used {
        Use::Nothing => "-",
        Use::Sample => "sample",
        Use::Named(words) if words.contains("calibration") => "calibration",
        Use::Named(_) => "prior",
    };
    let _ = write!(text, "{:<longest$}  {:>4}  {used:<11}", played.episode.id, played.days);
    match &played.scores {
        Err(why) => {
            let _ = write!(text, " skipped: {why}");
        }
        Ok(_) => {
            for target in TARGETS {
                let of = |given| played.score(given, target);
                let came = of(Given::Eve).map_or(f64::NAN, |score| score.realised);
                let digits = if target == Target::Yield { 0 } else { 1 };
                let place = |given| of(given).map_or_else(String::new, place);
                let (eve, flows) = (place(Given::Eve), place(Given::Flows));
                let _ = write!(text, " {came:>+7.digits$} {eve:>5} {flows:>5} ");
            }
        }
    }
    *text = text.trim_end().to_owned() + "\n";
}

fn place(score: &Score) -> String {
    let star = if score.inside(MISS) { ' ' } else { '*' };
    format!("{:.0}{star}", 100.0 * score.place)
}

fn covered(text: &mut String, replay: &Replay, width: usize) {
    text.push_str("\nInside the middle bands, Kupiec's p of the 90% band, and skill against a random walk (CRPS)\n");
    text.push_str("group         given  target          n   50%   80%   90%      p   CRPS  benchmark  skill  of eve\n");
    for row in coverage(replay).iter().filter(|row| row.episodes > 0) {
        let _ = write!(
            text,
            "{:<13} {:<6} {:<13} {:>3}",
            row.group,
            row.given.name(),
            row.target.name(),
            row.episodes
        );
        for hits in row.hits.iter().take(BANDS.len()) {
            let _ = write!(text, " {:>4.0}%", 100.0 * *hits as f64 / row.episodes as f64);
        }
        let p_value = row.kupiec[2].map_or(f64::NAN, |test| test.p_value);
        let _ = writeln!(
            text,
            "  {p_value:>5.2} {:>6.2} {:>10.2} {:>+6.2} {:>+7.2}",
            row.crps,
            row.benchmark,
            row.skill(),
            1.0 - row.eve / row.benchmark
        );
    }
    let care = "Windows that overlap are not independent: `unused_apart` leaves them out. Episodes that were picked because something moved lie outside more often than a band says, whatever the model; regular windows do not have that fault. Few can show gross faults only.";
    for line in wrap(care, width) {
        let _ = writeln!(text, "{line}");
    }
}

/// Why what missed did: unused episodes first.
fn misses(text: &mut String, replay: &Replay, width: usize) {
    let unused = |played: &&Played| played.episode.used == Use::Nothing;
    let (first, rest): (Vec<&Played>, Vec<&Played>) = replay.played.iter().partition(unused);
    let missed = first.into_iter().chain(rest).flat_map(|played| {
        let of_eve = TARGETS.into_iter().filter_map(|target| played.score(Given::Eve, target));
        of_eve.filter_map(move |score| Some((played, score, score.reason.as_ref()?)))
    });
    let missed: Vec<_> = missed.collect();
    if missed.is_empty() {
        return;
    }
    text.push_str("\nOutside the middle 90% as seen from the eve: what came, the edge, why\n");
    for (played, score, reason) in missed.iter().take(SENTENCES) {
        let line = format!("{}, {}: {reason}.", played.episode.id, score.target.name());
        for (index, line) in wrap(&line, width.saturating_sub(2)).iter().enumerate() {
            let _ = writeln!(text, "{}{line}", if index == 0 { "" } else { "  " });
        }
    }
    let more = missed.len().saturating_sub(SENTENCES);
    if more > 0 {
        let _ = writeln!(text, "{more} more in the column `why` of replay.csv.");
    }
}
