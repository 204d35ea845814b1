//! The claims as a table for people and for spreadsheets.

use super::{Answer, Claim};
use crate::report::{Columns, Table, wrap};
use std::fmt::Write as _;

/// What the columns mean, for the manifest.
pub fn definitions() -> Vec<(&'static str, String)> {
    vec![(
        "claims.csv",
        "a row per claim of the five articles: what the model or the record says, with one Monte Carlo standard error, and the verdict that follows from the numbers".to_owned(),
    )]
}

/// `claims.csv`.
pub fn table(answers: &[(&Claim, Answer)]) -> Vec<u8> {
    let mut table = Table::new(
        Columns::default().count(["article"]).text(["claim", "verdict", "answer", "basis"]),
    );
    for (claim, answer) in answers {
        let verdict = answer.verdict.word();
        table.row([claim.article, claim.says, verdict, &answer.text, &answer.basis]);
    }
    table.finish()
}

/// Claim, verdict and answer, one under the other.
pub fn terminal(answers: &[(&Claim, Answer)], width: usize) -> String {
    let mut text = String::new();
    for (claim, answer) in answers {
        let _ = writeln!(text, "{}  \"{}\": {}", claim.article, claim.says, answer.verdict.word());
        let answer = format!("{} ({})", answer.text, answer.basis);
        for line in wrap(&answer, width.saturating_sub(5)) {
            let _ = writeln!(text, "     {line}");
        }
    }
    text
}
