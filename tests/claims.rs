//! What the articles claim: every row has its answer, and the verdicts follow from the numbers.
#![allow(clippy::unwrap_used)]

#[path = "common/run.rs"]
mod run;

use ustress::claims::{Answer, Bench, CLAIMS, Claim, Verdict, answer_all, table, terminal};
use ustress::engine::{RunPlan, Silent};

/// Answers with settings over every scenario.
fn answers(sets: &[&str]) -> Vec<(&'static Claim, Answer)> {
    let load = |name: &str, own: &[&str]| Ok(run::scenario(name, &[sets, own].concat()));
    let (answers, partial) =
        answer_all(&mut Bench::new(&load, RunPlan::new(5, 2048), &Silent)).unwrap();
    assert!(!partial);
    answers
}

fn verdict(answers: &[(&Claim, Answer)], part: &str) -> Verdict {
    answers.iter().find(|(claim, _)| claim.says.contains(part)).unwrap().1.verdict
}

#[test]
fn every_claim_has_its_answer() {
    let found = answers(&[]);
    assert_eq!(found.len(), CLAIMS.len());
    let (holds, only_if, fails) = (Verdict::Holds, Verdict::OnlyIf, Verdict::Fails);
    for (part, want) in [
        ("29.6bn", holds),
        ("20 to 50 bp", only_if),
        ("starts slowly", only_if),
        ("other buyers", holds),
        ("heavy supply", only_if),
        ("Fed cuts", holds),
        ("a pause of the BOJ", only_if),
        ("weaker yen", fails),
        ("second-largest", fails),
        ("forces sales", holds),
        ("August 2024", holds),
        ("coordinated", holds),
        ("USD 1.5tn", fails),
        ("rout of Japanese", holds),
        ("dump lifts", only_if),
        ("others follow", holds),
        ("debt service", holds),
        ("fall of prices", holds),
        ("a threat alone", holds),
    ] {
        assert_eq!(verdict(&found, part), want, "{part}");
    }
    let text = terminal(&found, 100);
    assert!(text.lines().all(|line| line.chars().count() <= 112), "{text}");
    let csv = table(&found);
    let rows = csv::Reader::from_reader(csv.as_slice()).records().count();
    assert_eq!(rows, CLAIMS.len());
}

/// The broken twins: with other assumptions the verdicts are others.
#[test]
fn verdicts_follow_the_numbers() {
    let strong = answers(&["impact.gdp_scaling=1", "impact.gdp_ratio=3"]);
    // The answer sets the ratio itself where it looks for the factor, but the base median is three times as high.
    assert_eq!(verdict(&strong, "20 to 50 bp"), Verdict::Holds);
    let muted = answers(&["channels.contagion=false"]);
    assert_eq!(verdict(&muted, "others follow"), Verdict::Fails);
}
