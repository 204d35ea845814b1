//! Comparisons: closed forms of the difference, its paired error and its Shapley values; laws; the files.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // the platform's functions judge ours

#[path = "common/command.rs"]
mod command;
#[path = "common/run.rs"]
mod run;

use command::answer;
use run::{product, scenario};
use ustress::compare::{Changes, Comparison, Options, channels, compare, differences, waterfalls};
use ustress::engine::{RunPlan, Silent};
use ustress::model::IMPACT_10Y;
use ustress::scenario::Scenario;
use ustress::stats::{Estimate, StopRule};

const AMOUNT: &str = "event.1.official_sale.amount_usd_bn={ normal = { mean = 220, sd = 50 } }";
const ELASTICITY: &str = "impact.lasting_bp_per_100bn={ lognormal = { median = 30, sigma = 0.5 } }";

fn options(paths: u64, threads: usize) -> Options {
    let run = RunPlan { threads: Some(threads), ..RunPlan::new(7, paths) };
    let (metrics, at) = (vec![IMPACT_10Y], "end".to_owned());
    Options { run, metrics, at, until: None, waterfall: true }
}

fn pair(a: Scenario, b: Scenario, options: &Options) -> Comparison {
    compare(vec![a, b], options, &Silent).unwrap()
}

fn at_end(comparison: &Comparison, statistic: &str) -> (f64, f64, Estimate) {
    let rows = &comparison.pairs[0].differences;
    let row = rows.iter().find(|row| row.horizon == "end" && row.statistic == statistic).unwrap();
    (row.base, row.value, row.difference)
}

fn bytes(comparison: &Comparison) -> Vec<Vec<u8>> {
    let pairs = &comparison.pairs;
    vec![differences(pairs), channels(pairs), waterfalls(pairs)]
}

/// Mean of lognormal(20, 0.5).
fn mean_elasticity() -> f64 {
    20.0 * 0.125_f64.exp()
}

#[test]
fn a_larger_flow_moves_the_mean_by_the_elasticity_with_the_paired_variance() {
    let flows = [scenario(&product(), &[]), scenario(&product(), &[AMOUNT])];
    let [base, other] = flows;
    let comparison = pair(base.clone(), other, &options(200_000, 2));
    let (_, _, difference) = at_end(&comparison, "mean");
    let want = mean_elasticity() * 0.2;
    assert!((want - 4.5326).abs() < 1e-4);
    assert!((difference.value - want).abs() < 4.0 * difference.mcse, "{difference:?}, {want}");
    // The broken twin: a flow of 222 instead of 220.
    assert!((difference.value - mean_elasticity() * 0.22).abs() > 8.0 * difference.mcse);
    // D = 0.2 e: Var D = 0.04 Var e. Independent runs: Var(e f) + Var(e (f + 0.2)) with E e² = 400 exp(0.5).
    let square = 400.0 * 0.5_f64.exp();
    let spread = |f: f64| square * (f * f + 0.25) - (mean_elasticity() * f).powi(2);
    let theory = (spread(2.0) + spread(2.2)) / (0.04 * (square - mean_elasticity().powi(2)));
    assert!((theory - 277.5).abs() < 0.1, "{theory}");
    let errors: Vec<f64> = comparison
        .sides
        .iter()
        .map(|side| {
            let end = side.tally.horizon("end").unwrap();
            let cell = side.tally.cell(end, IMPACT_10Y);
            let variance = cell.moments.variance(&side.tally.measure(IMPACT_10Y).quantiser);
            variance / cell.moments.count() as f64
        })
        .collect();
    let found = (errors[0] + errors[1]) / (difference.mcse * difference.mcse);
    println!("difference {difference:?}, variance ratio {found:.1}, theory {theory:.1}");
    assert!((found / theory - 1.0).abs() < 0.05, "{found} for {theory}");
}

#[test]
fn scenarios_that_differ_in_nothing_differ_by_exactly_zero() {
    let one = scenario("managed_adjustment", &[]);
    let comparison = pair(one.clone(), one, &options(1500, 2));
    let found = &comparison.pairs[0];
    assert!(found.changes.groups.is_empty() && found.waterfall.is_none());
    assert!(found.differences.len() > 100);
    for row in &found.differences {
        assert_eq!(row.difference, Estimate { value: 0.0, mcse: 0.0 }, "{row:?}");
    }
    for row in &found.channels {
        assert_eq!(row.difference, Estimate { value: 0.0, mcse: 0.0 }, "{row:?}");
    }
}

#[test]
fn swapping_the_scenarios_swaps_the_sign() {
    let (a, b) = (scenario("managed_adjustment", &[]), scenario("boj_fast_hikes", &[]));
    let there = pair(a.clone(), b.clone(), &options(600, 2));
    let back = pair(b, a, &options(600, 2));
    for (one, two) in there.pairs[0].differences.iter().zip(&back.pairs[0].differences) {
        assert_eq!((one.base, one.value), (two.value, two.base), "{one:?}");
        assert_eq!(one.difference.value, -two.difference.value);
        // withheld in both with the six paths of a tail of 600
        let [a, b] = [one, two].map(|row| row.difference.mcse);
        assert!((a - b).abs() <= 1e-12 * a || (a.is_nan() && b.is_nan()), "{one:?}");
    }
    let parts = |found: &Comparison| found.pairs[0].waterfall.clone().unwrap().parts;
    for (one, two) in parts(&there).iter().zip(parts(&back)) {
        let (one, two) = (one.effects[0].value, two.effects[0].value);
        assert!((one + two).abs() < 1e-9, "{one} {two}");
    }
}

#[test]
fn the_waterfall_is_the_shapley_value_and_adds_up() {
    let base = scenario(&product(), &[]);
    let other = scenario(&product(), &[AMOUNT, ELASTICITY]);
    let comparison = pair(base, other, &options(100_000, 2));
    let waterfall = comparison.pairs[0].waterfall.clone().unwrap();
    assert!(waterfall.exact);
    let unit = mean_elasticity();
    // v(S) = E e · E f: 2.0 or 2.2 by a factor of 1 or 1.5.
    let by_elasticity = 0.5 * ((1.5 - 1.0) * 2.0 + (1.5 - 1.0) * 2.2) * unit;
    let by_flow = 0.5 * (0.2 * 1.0 + 0.2 * 1.5) * unit;
    for (part, want) in waterfall.parts.iter().zip([by_elasticity, by_flow]) {
        let found = part.effects[0];
        assert!((found.value - want).abs() < 4.0 * found.mcse, "{}: {found:?}, {want}", part.group);
        // The broken twin: one change after the other instead of the average over both orders.
        let twin = if part.group.starts_with("impact") { 1.0 * unit } else { 0.3 * unit };
        assert!((found.value - twin).abs() > 4.0 * found.mcse, "{}: {found:?}", part.group);
    }
    adds_up(&comparison);
}

/// The parts of every waterfall add up to the difference of its ends, and the ends are those of the comparison.
fn adds_up(comparison: &Comparison) {
    for pair in &comparison.pairs {
        let waterfall = pair.waterfall.as_ref().unwrap();
        for (place, statistic) in waterfall.statistics.iter().enumerate() {
            let sum: f64 = waterfall.parts.iter().map(|part| part.effects[place].value).sum();
            let [base, value] = waterfall.ends[place];
            assert!((base + sum - value).abs() < 1e-9, "{statistic:?}: {base} + {sum}, {value}");
            let mut rows = pair.differences.iter();
            let row = rows.find(|r| r.horizon == waterfall.at && r.statistic == statistic.name());
            assert_eq!(row.map(|row| [row.base, row.value]), Some([base, value]));
        }
    }
}

#[test]
fn many_changes_are_sampled_and_still_add_up() {
    let base = scenario("managed_adjustment", &[]);
    let other = scenario("disorderly_dump_contagion", &["channels.safe_haven=false"]);
    let comparison = pair(base, other, &options(8192, 2));
    let waterfall = comparison.pairs[0].waterfall.clone().unwrap();
    assert!(!waterfall.exact, "{:?}", comparison.pairs[0].changes);
    adds_up(&comparison);
    assert!(waterfall.parts.iter().any(|part| part.effects[0].mcse > 0.0));
}

#[test]
fn a_sampled_waterfall_agrees_with_the_exact_one() {
    // Six keys in five tables run exactly; a seventh group makes the same changes sampled.
    let sets = [
        "boj.hike_probability=0.6",
        "jgb.jgb_10y_pct=3.2",
        "impact.matched_share=0.3",
        "usdjpy.spot_jpy_per_usd=165",
        "safe_haven.works_probability_yen=0",
    ];
    let base = scenario("managed_adjustment", &[]);
    let few = pair(base.clone(), scenario("managed_adjustment", &sets), &options(4096, 2));
    let exact = few.pairs[0].waterfall.clone().unwrap();
    assert!(exact.exact, "{:?}", few.pairs[0].changes);
    // A group that changes nothing on any path: a correlation between two certain numbers would not be kept, a muted
    // channel that is zero anyway is.
    let more: Vec<&str> = sets.iter().copied().chain(["channels.official_sale=false"]).collect();
    let many = pair(base, scenario("managed_adjustment", &more), &options(4096, 2));
    let sampled = many.pairs[0].waterfall.clone().unwrap();
    assert!(!sampled.exact, "{:?}", many.pairs[0].changes);
    for part in &exact.parts {
        let table = part.group.split('.').next().unwrap();
        let twin = sampled.parts.iter().find(|other| other.group.starts_with(table)).unwrap();
        let (a, b) = (part.effects[0], twin.effects[0]);
        let error = (a.mcse * a.mcse + b.mcse * b.mcse).sqrt();
        assert!((a.value - b.value).abs() < 4.0 * error, "{}: {a:?} {b:?}", part.group);
    }
}

#[test]
fn scenarios_between_are_the_ends_at_both_ends() {
    let base = scenario("managed_adjustment", &[]);
    for name in ["disorderly_dump_contagion", "aug_2024_replay", "structural_repatriation"] {
        let other = scenario(name, &[]);
        let changes = Changes::between(&base, &other);
        let full = (1_u64 << changes.groups.len()) - 1;
        for (bits, want) in [(0, &base), (full, &other)] {
            let mixed = changes.mix(&base, &other, bits);
            assert!(Changes::between(&mixed, want).groups.is_empty(), "{name} {bits}");
            let run = Options { waterfall: false, ..options(300, 1) };
            let comparison = pair(mixed, want.clone(), &run);
            let (_, _, difference) = at_end(&comparison, "mean");
            assert!(difference.value.abs() < 1e-9, "{name} {bits}: {difference:?}");
        }
    }
}

#[test]
fn threads_do_not_change_a_byte() {
    let make = |threads| {
        let sides = ["managed_adjustment", "boj_fast_hikes"].map(|name| scenario(name, &[]));
        bytes(&compare(sides.into(), &options(1000, threads), &Silent).unwrap())
    };
    let one = make(1);
    assert!(one.iter().all(|table| table.len() > 200));
    assert!(one == make(3));
}

#[test]
fn a_stopping_rule_looks_at_the_difference() {
    let until = Some(StopRule::parse("mean +-0.05bp").unwrap());
    let options = Options { until, waterfall: false, ..options(200_000, 2) };
    let sides = || (scenario(&product(), &[]), scenario(&product(), &[AMOUNT]));
    let (a, b) = sides();
    let comparison = pair(a, b, &options);
    assert!(!comparison.partial);
    // 1.96 · 2.416 / √n ≤ 0.05 from n = 8969 on, so not far beyond it after 4096 and 8192; one run alone needs 250 times more.
    assert!((8_704..=9_984).contains(&comparison.paths), "{}", comparison.paths);
    let paths: Vec<u64> = comparison.pairs[0].checks.iter().map(|check| check.paths).collect();
    assert_eq!(paths[..2], [4096, 8192]);
    let (a, b) = sides();
    let capped = pair(a, b, &Options { run: RunPlan::new(7, 5000), ..options });
    assert!(capped.partial && capped.paths == 5000);
}

#[test]
fn differences_that_are_all_alike_meet_no_rule_unless_nothing_differs() {
    let until = Some(StopRule::parse("mean +-0.05bp").unwrap());
    let options = Options { until, waterfall: false, ..options(6000, 2) };
    let base = || scenario(&product(), &[]);
    // Another threshold of a muted channel: no path differs, and none tells by how much one could.
    let other = scenario(&product(), &["dealers.stress_days=70"]);
    let alike = pair(base(), other, &options);
    assert!(alike.partial && alike.paths == 6000);
    let checks = &alike.pairs[0].checks;
    assert!(checks.iter().all(|check| check.value == 0.0 && check.half_width > 0.05), "{checks:?}");
    let mut twin = base();
    twin.name = "twin".to_owned();
    let same = pair(base(), twin, &options);
    assert!(!same.partial && same.paths == 4096, "nothing is assumed differently");
    assert_eq!(same.pairs[0].checks[0].half_width, 0.0);
}

#[test]
fn intervals_of_shares_stay_within_the_possible() {
    let comparison =
        pair(scenario(&product(), &[]), scenario(&product(), &[AMOUNT]), &options(300, 2));
    for row in &comparison.pairs[0].differences {
        let (low, high) = row.interval();
        if row.statistic.starts_with("prob_") {
            assert!(low >= -1.0 && high <= 1.0, "{row:?}");
        }
    }
}

#[test]
fn variants_of_one_scenario_are_compared_from_the_command_line() {
    let home = tempfile::tempdir().unwrap();
    let typed = [
        "compare",
        "treasury_card_played",
        "--vary",
        "impact.prior=beltran2013,martin2015",
        "--metric",
        "usdjpy",
        "--at",
        "1m",
        "--paths",
        "600",
        "--quiet",
    ];
    let (code, said, errors) = answer(home.path(), &typed);
    assert_eq!(code, Some(0), "{errors}");
    for needle in [
        "impact.prior=beltran2013 against treasury_card_played",
        "impact.prior: consensus to martin2015",
        "usdjpy at 1m, JPY per USD",
        "600 paths, the same in every scenario",
    ] {
        assert!(said.contains(needle), "{needle}\n{said}");
    }
    assert!(said.lines().all(|line| line.chars().count() <= 120), "{said}");
    let read = |name: &str| {
        std::fs::read_to_string(home.path().join("output/compare-treasury_card_played").join(name))
            .unwrap()
    };
    let header = "base,scenario,metric,unit,horizon,statistic,base_value,value,difference,mcse,low95,high95\n";
    assert!(read("compare.csv").starts_with(header));
    assert!(read("compare.csv").contains(",usdjpy,JPY per USD,1m,p95,"));
    assert!(read("waterfall.csv").contains("impact.prior,consensus to beltran2013,"));
    assert!(read("summary.csv").contains("impact.prior=martin2015,end,"));
    // The files say the same as a run of the variant.
    let run = [
        "run",
        "treasury_card_played",
        "--set",
        "impact.prior=martin2015",
        "--paths",
        "600",
        "--quiet",
        "--out",
        "run",
    ];
    assert_eq!(answer(home.path(), &run).0, Some(0));
    let summary = std::fs::read_to_string(home.path().join("run/summary.csv")).unwrap();
    let compared = read("summary.csv");
    for line in summary.lines().skip(1) {
        let (_, numbers) = line.split_once(',').unwrap();
        assert!(compared.contains(&format!("impact.prior=martin2015,{numbers}")), "{line}");
    }
}

#[test]
fn what_cannot_be_compared_is_said() {
    let home = tempfile::tempdir().unwrap();
    for (arguments, needle) in [
        (vec!["managed_adjustment"], "1 scenarios to compare"),
        (vec!["managed_adjustment", "boj_paus"], "boj_pause"),
        (
            vec!["managed_adjustment", "boj_pause", "--vary", "impact.prior=cbo_debt"],
            "several are named",
        ),
        (vec!["managed_adjustment", "boj_pause", "--metric", "usdjpi"], "did you mean `usdjpy`"),
        (vec!["managed_adjustment", "tokyo_truss", "--at", "3y"], "no horizon `3y`"),
        (vec!["managed_adjustment", "boj_pause", "--until", "p99 +-1bp of usdjpy"], "JPY per USD"),
    ] {
        let typed: Vec<&str> = ["compare"].iter().chain(&arguments).copied().collect();
        let (code, said, errors) = answer(home.path(), &typed);
        assert_eq!(code, Some(2), "{arguments:?}: {said}{errors}");
        assert!(errors.contains(needle), "{arguments:?}: {errors}");
    }
    assert!(!home.path().join("output").exists());
}

/// Stops a run after some blocks.
struct StopAfter(std::sync::atomic::AtomicU64);

impl ustress::engine::Progress for StopAfter {
    fn advance(&self, _paths: u64) -> bool {
        self.0.fetch_sub(1, std::sync::atomic::Ordering::Relaxed) > 1
    }
}

#[test]
fn a_stop_leaves_whole_parts_or_nothing() {
    let sides = || ["managed_adjustment", "boj_pause"].map(|name| scenario(name, &["horizon=1w"]));
    for (blocks, paths) in [(1, 0), (300, 0), (600, 65_536)] {
        let stop = StopAfter(blocks.into());
        let comparison = compare(sides().into(), &options(100_000, 2), &stop).unwrap();
        assert!(comparison.partial);
        assert_eq!(comparison.paths, paths);
        assert_eq!(comparison.pairs.len(), usize::from(paths > 0));
        assert!(comparison.pairs.iter().all(|pair| pair.waterfall.is_none()));
        assert!(bytes(&comparison).iter().all(|table| !table.is_empty()));
    }
}
