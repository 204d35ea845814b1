//! `selftest.csv`, and the page that a terminal shows.

use super::{Check, LEVEL, Part, Question, SelfTest, different};
use crate::report::{Columns, Table, number};
use std::fmt::Write as _;

/// What the columns mean, for the manifest.
pub fn definitions() -> Vec<(&'static str, String)> {
    vec![(
        "selftest.csv",
        format!(
            "a row a test: statistic is a distance of distributions, a standard normal or a chi-square, of what must be equal the largest difference; p_value: how likely a statistic as extreme is where nothing is wrong, of what must be equal 1 or 0; verdict different: below Holm's bound at a family-wise level of {LEVEL}"
        ),
    )]
}

/// `selftest.csv`: a row a test.
pub fn table(found: &SelfTest) -> Vec<u8> {
    let columns = Columns::default()
        .text(["part", "what", "test"])
        .count(["observations"])
        .real(["statistic", "p_value"])
        .text(["verdict"]);
    let mut table = Table::new(columns);
    let wrong = different(&found.checks);
    for check in &found.checks {
        let verdict = if wrong.contains(&check) { "different" } else { "sound" };
        table.row([
            check.part.name(),
            &check.what,
            check.test,
            &check.observations.to_string(),
            &number(check.statistic),
            &number(check.p_value),
            verdict,
        ]);
    }
    table.finish()
}

/// Most tests that the page names one by one.
const NAMED: usize = 12;

/// The page: a row a kind of test, what is different, the verdict. At most 80 columns.
pub fn terminal(question: &Question, found: &SelfTest) -> String {
    let mut text = format!(
        "Self-test: seed {}, {} draws a test\n{:<10} {:<28} {:>5} {:>10} {:>12}  verdict\n",
        question.seed, question.paths, "part", "against", "tests", "draws", "smallest p"
    );
    let wrong = different(&found.checks);
    for part in Part::ALL {
        let mut tests: Vec<&'static str> = Vec::new();
        let own = || found.checks.iter().filter(move |check| check.part == part);
        for check in own() {
            if !tests.contains(&check.test) {
                tests.push(check.test);
            }
        }
        for test in tests {
            let rows: Vec<&Check> = own().filter(|check| check.test == test).collect();
            let draws = rows.iter().map(|check| check.observations).max().unwrap_or(0);
            let least = rows.iter().map(|check| check.p_value).fold(1.0, f64::min);
            let bad = rows.iter().any(|check| wrong.contains(check));
            let verdict = if bad { "DIFFERENT" } else { "sound" };
            let _ = writeln!(
                text,
                "{:<10} {test:<28} {:>5} {draws:>10} {:>12}  {verdict}",
                part.name(),
                rows.len(),
                short(least)
            );
        }
    }
    let [here, recorded] =
        [&found.reference.here, &found.reference.recorded].map(|hash| &hash[..16]);
    let _ = writeln!(text, "Reference run: {here} here, {recorded} on record");
    for check in wrong.iter().take(NAMED) {
        let Check { what, test, statistic, p_value, .. } = check;
        let _ = writeln!(
            text,
            "  different: {what}, {test}: {}, p {}",
            short(*statistic),
            short(*p_value)
        );
    }
    if wrong.len() > NAMED {
        let _ = writeln!(text, "  and {} more", wrong.len() - NAMED);
    }
    let least = found.checks.iter().map(|check| check.p_value).fold(1.0, f64::min);
    let count = found.checks.len();
    let _ = match wrong.len() {
        0 => writeln!(
            text,
            "Sound: of {count} tests none has a p-value below {}; the smallest is {}.\nOne sound machine in a million would fail, with another seed.",
            short(LEVEL / count as f64),
            short(least)
        ),
        wrong => writeln!(
            text,
            "DIFFERENT: {wrong} of {count} tests. Do not use the results of this machine."
        ),
    };
    text
}

/// Three digits.
fn short(value: f64) -> String {
    if value == 0.0 || (1e-3..1e5).contains(&value.abs()) {
        format!("{value:.3}")
    } else {
        format!("{value:.2e}")
    }
}
