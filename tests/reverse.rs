//! Reverse stress tests: closed forms through real scenarios, what cannot be answered, and the binary.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // the platform's functions judge ours

#[path = "common/command.rs"]
mod command;
#[path = "common/run.rs"]
mod run;

use command::{interrupted, results, text, ustress};
use run::{scenario, still};
use ustress::engine::{RunPlan, Silent};
use ustress::model::{IMPACT_10Y, Plan};
use ustress::num::normal_cdf;
use ustress::reverse::{Answer, Combination, Move, Plausible, Target, reverse, tables, terminal};
use ustress::scenario::Scenario;
use ustress::stats::{Column, Keep};
use ustress::{Gather, simulate};

const QUIET: &str = "gdp_scaling = 0\nmarket_usd_tn = 29\nissuance_usd_bn_per_year = 0\nissuance_tilt_usd_bn = 0\ntransitory_bp_per_100bn = 0\n[channels]\nrebalancing = false\ncarry_unwind = false\nintervention = false\ncontagion = false\nsafe_haven = false\njgb_spillover = false\nbackstop = false\n";

/// Dated sales of a day, everything else muted; impact = elasticity · amounts / 100.
fn muted(elasticity: &str, sales: &[&str], horizon: &str) -> String {
    let mut body = format!("[impact]\nlasting_bp_per_100bn = {elasticity}\n{QUIET}");
    for sale in sales {
        body += &format!("[[event]]\nday = 1\nofficial_sale = {{ {sale} }}\n");
    }
    still(&body)
        .replace("title = \"Still\"", &format!("title = \"Muted\"\nhorizon = \"{horizon}\""))
}

/// Impact N(60, 10² + 8²).
fn linear(sd: f64) -> Scenario {
    let first =
        format!("amount_usd_bn = {{ normal = {{ mean = 200, sd = {sd} }} }}, over_days = 1");
    let second = "amount_usd_bn = { normal = { mean = 100, sd = 40 } }, over_days = 1";
    scenario(&muted("20", &[&first, second], "1w"), &[])
}

/// Impact lognormal(20, 0.5) · normal(200, 50) / 100.
fn product() -> Scenario {
    let sale = "amount_usd_bn = { normal = { mean = 200, sd = 50 } }, over_days = 1";
    let elasticity = "{ lognormal = { median = 20, sigma = 0.5 } }";
    scenario(&muted(elasticity, &[sale], "1w"), &[])
}

fn ask(scenario: &Scenario, target: &str, paths: u64) -> Answer {
    let run = RunPlan { threads: Some(2), ..RunPlan::new(1, paths) };
    reverse(scenario, &Target::parse(target).unwrap(), &run, &Silent).unwrap()
}

fn combination(answer: &Answer) -> &Combination {
    match &answer.plausible {
        Some(Plausible::Combination(found)) => found,
        other => panic!("{other:?}"),
    }
}

fn moved<'a>(answer: &'a Answer, key: &str) -> &'a Move {
    answer.moves.as_ref().unwrap().iter().find(|found| found.key == key).expect(key)
}

#[test]
fn the_linear_gaussian_case_has_the_exact_point_and_the_right_probability() {
    let sd = f64::hypot(10.0, 8.0);
    let beta = 25.0 / sd;
    let answer = ask(&linear(50.0), "impact_10y_bp >= 85", 50_000);
    let found = combination(&answer);
    assert!((found.beta - beta).abs() < 1e-3, "{found:?} {beta}");
    for start in found.starts {
        assert!((start.unwrap() - beta).abs() < 1e-3, "from the centre and from the paths inside");
    }
    assert!((found.likelihood_ratio - (-0.5 * beta * beta).exp()).abs() < 1e-3);
    let wants = [(200.0, 50.0, 10.0 / sd), (100.0, 40.0, 8.0 / sd)];
    assert_eq!(found.inputs.len(), 2, "nothing else moves: {found:?}");
    for (input, (mean, spread, alpha)) in found.inputs.iter().zip(wants) {
        assert!((input.normal - beta * alpha).abs() < 1e-3, "{input:?}");
        assert!((input.value - (mean + spread * beta * alpha)).abs() < 1e-3 * spread, "{input:?}");
        assert!((input.importance - alpha * alpha).abs() < 1e-3 && input.central == mean);
        assert!((input.percentile - normal_cdf(beta * alpha)).abs() < 1e-3);
    }
    assert!((found.median - 85.0).abs() < 1e-2 && found.check.share() == 1.0, "{found:?}");
    let exact = normal_cdf(-beta);
    let (low, high) = answer.chance.interval();
    assert!(low < exact && exact < high, "{low} {exact} {high}");
    assert!((found.linearised.unwrap() - exact).abs() < 1e-4);
    assert!((answer.central - 60.0).abs() < 1e-9);
    assert!(terminal(&answer, 100).contains("agrees with the simulated one"));
    // The broken twin: a spread that is a tenth larger is another point and another probability.
    let twin = ask(&linear(55.0), "impact_10y_bp >= 85", 50_000);
    assert!((combination(&twin).beta - beta).abs() > 0.05);
    assert!(twin.chance.interval().0 > exact, "{:?}", twin.chance);
}

#[test]
fn correlated_inputs_are_moved_together() {
    // The two amounts with a correlation of one half: sd² = 10² + 8² + 2 · ½ · 10 · 8.
    let sale = |mean: u32, sd: u32| {
        format!("amount_usd_bn = {{ normal = {{ mean = {mean}, sd = {sd} }} }}, over_days = 1")
    };
    let key = |event: u32| format!("event.{event}.official_sale.amount_usd_bn");
    let text = muted("20", &[&sale(200, 50), &sale(100, 40)], "1w");
    let text = format!("{text}[[correlation]]\na = '{}'\nb = '{}'\nrho = 0.5\n", key(1), key(2));
    let answer = ask(&scenario(&text, &[]), "impact_10y_bp >= 85", 50_000);
    let sd = 244.0_f64.sqrt();
    let found = combination(&answer);
    assert!((found.beta - 25.0 / sd).abs() < 1e-3, "{found:?}");
    // E[A | total] moves by cov(A, total) / var(total): 50 · (10 + 4) / 244 per bp.
    let first = found.inputs.iter().find(|input| input.key == key(1)).unwrap();
    assert!((first.value - (200.0 + 25.0 * 50.0 * 14.0 / 244.0)).abs() < 0.05, "{first:?}");
    let (low, high) = answer.chance.interval();
    assert!(low < normal_cdf(-25.0 / sd) && normal_cdf(-25.0 / sd) < high);
}

#[test]
fn where_the_linearised_probability_is_wrong_the_simulated_one_is_reported() {
    let level = 100.0;
    let answer = ask(&product(), "impact_10y_bp >= 100 at end", 200_000);
    // P by the trapezoidal rule over the amount; the point by a fine scan of the edge.
    let step = 1e-3;
    let needed = |z: f64| (level / 20.0 / (2.0 + 0.5 * z)).ln() / 0.5;
    let (mut exact, mut beta) = (0.0, f64::INFINITY);
    for index in -3990..8000 {
        let z = f64::from(index) * step;
        let density = (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
        exact += density * normal_cdf(-needed(z)) * step;
        beta = beta.min(f64::hypot(z, needed(z)));
    }
    let found = combination(&answer);
    println!("{exact} {} {beta} {}", answer.chance.share(), normal_cdf(-beta));
    assert!((found.beta - beta).abs() < 5e-3, "{} {beta}", found.beta);
    let (low, high) = answer.chance.interval();
    assert!(low < exact && exact < high, "{low} {exact} {high}");
    let linearised = found.linearised.unwrap();
    assert!(linearised < low || linearised > high, "{linearised} {low}");
    assert!(terminal(&answer, 100).contains("is wrong here"));
    let csv = String::from_utf8(tables(&answer)["reverse.csv"].clone()).unwrap();
    let row = csv.lines().find(|row| row.contains(",probability,probability,")).unwrap();
    let value: f64 = row.split(',').nth(3).unwrap().parse().unwrap();
    assert!((value - answer.chance.share()).abs() < 1e-9, "the simulated one: {row}");
}

#[test]
fn a_range_has_its_probability_and_its_near_edge() {
    let sd = f64::hypot(10.0, 8.0);
    let answer = ask(&linear(50.0), "impact_10y_bp 70..85 at end", 50_000);
    let exact = normal_cdf(25.0 / sd) - normal_cdf(10.0 / sd);
    let (low, high) = answer.chance.interval();
    assert!(low < exact && exact < high, "{low} {exact} {high}");
    let found = combination(&answer);
    assert!((found.beta - 10.0 / sd).abs() < 1e-3);
    assert!((found.linearised.unwrap() - exact).abs() < 1e-3);
    // From above: the nearest point of 20..50 is its upper end.
    let below = ask(&linear(50.0), "impact_10y_bp 20..50 at end", 2000);
    assert!((combination(&below).beta - 10.0 / sd).abs() < 1e-3);
    assert!((combination(&below).median - 50.0).abs() < 1e-2);
}

#[test]
fn what_the_paths_cannot_check_is_not_said_to_agree() {
    // Impact N(60, 12.8²): 130 is 5.5 standard deviations out, and none of 2,000 paths gets there.
    let rare = ask(&linear(50.0), "impact_10y_bp >= 130", 2000);
    assert_eq!(rare.chance.hits, 0);
    assert!(combination(&rare).linearised.unwrap() < 1e-6, "{rare:?}");
    let said = terminal(&rare, 300);
    assert!(
        said.contains("cannot be checked: no path is inside") && !said.contains("agrees"),
        "{said}"
    );
    let csv = String::from_utf8(tables(&rare)["reverse.csv"].clone()).unwrap();
    assert!(csv.contains(",linearised_probability_is,cannot be checked,"), "{csv}");
    // A few hits are no better: P(y ≥ 90) is 1%, so that 300 paths have about three.
    let few = ask(&linear(50.0), "impact_10y_bp >= 90", 300);
    assert!((1..8).contains(&few.chance.hits), "{:?}", few.chance);
    assert!(terminal(&few, 300).contains("cannot be checked"), "{}", terminal(&few, 300));
}

#[test]
fn a_joint_target_has_the_probability_of_its_parts_together() {
    // Impact = e · A / 100 and sales = A: P(impact ≥ 60 and A ≥ 250) by the trapezoidal rule over A = 200 + 50 z.
    let both = |low: f64, level: f64, up: bool| {
        let step = 1e-3;
        let mut sum = 0.0;
        for index in -3900..8000 {
            let z = f64::from(index) * step;
            let amount = 200.0 + 50.0 * z;
            let inside = if up { amount >= low } else { amount <= low };
            let needed = (100.0 * level / amount / 20.0).ln() / 0.5;
            let tail = if up { normal_cdf(-needed) } else { normal_cdf(needed) };
            let density = (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
            sum += if inside { density * tail * step } else { 0.0 };
        }
        sum
    };
    for (target, exact) in [
        (
            "impact_10y_bp >= 60 at end and japan_net_sales_usd_bn >= 250 at end",
            both(250.0, 60.0, true),
        ),
        ("impact_10y_bp <= 25 and japan_net_sales_usd_bn <= 180 at 1w", both(180.0, 25.0, false)),
    ] {
        let answer = ask(&product(), target, 50_000);
        let (low, high) = answer.chance.interval();
        assert!(low < exact && exact < high, "{target}: {low} {exact} {high}");
        // The broken twin: as if the parts were independent.
        let independent = answer.independent();
        assert!(!(low..high).contains(&independent), "{target}: {independent}");
        assert_eq!(answer.parts.len(), 2);
        let found = combination(&answer);
        assert_eq!(found.linearised, None);
        let inside = answer.target.parts().iter().zip(&found.medians);
        for (part, median) in inside {
            let edge = part.edge(*median).map_or(0.0, |edge| (median / edge - 1.0).abs());
            assert!(edge < 5e-3, "the combination reaches every part: {part} {median}");
        }
        assert!(found.check.share() > 0.35, "even odds or better: {found:?}");
        let said = terminal(&answer, 120);
        for needle in
            ["part by itself", "No linearised probability", "standard deviations", "Were they"]
        {
            assert!(said.contains(needle), "{needle}: {said}");
        }
        let csv = String::from_utf8(tables(&answer)["reverse.csv"].clone()).unwrap();
        for needle in
            [",part 1,probability,", ",part 2,median_at_combination,", ",were_parts_independent,"]
        {
            assert!(csv.contains(needle), "{needle}: {csv}");
        }
        assert!(!csv.contains("linearised"), "{csv}");
        let amount = moved(&answer, "event.1.official_sale.amount_usd_bn");
        assert!(amount.needed.is_some() && amount.nearest.1.is_finite(), "{amount:?}");
    }
}

#[test]
fn parts_at_different_days_are_read_on_their_days() {
    // 10 a day at 20 bp per 100: 10 bp after a week, 42 after the month.
    let text = muted("20", &["amount_usd_bn = 210, over_days = 21"], "1m");
    let calm = scenario(&text, &[]);
    let answer = ask(&calm, "impact_10y_bp <= 10.1 at 1w and impact_10y_bp >= 41.9 at end", 500);
    assert_eq!((answer.chance.hits, answer.plausible.as_ref()), (500, Some(&Plausible::Central)));
    assert_eq!(
        answer.parts.iter().map(|part| part.central.round()).collect::<Vec<_>>(),
        [10.0, 42.0]
    );
    let more = ask(&calm, "impact_10y_bp >= 12 at 1w and impact_10y_bp >= 46 at end", 500);
    let factor = moved(&more, "dated sales").needed.unwrap();
    assert!((factor - 1.2).abs() < 0.01, "the week asks for more than the month: {factor}");
    assert!(more.moves.unwrap().iter().all(|found| found.key != "pace for longer"));
    // At peak the whole scenario is simulated.
    let peak = ask(&calm, "impact_10y_bp >= 41 at peak and impact_10y_bp <= 12 at 1w", 300);
    assert_eq!(peak.chance.hits, 300);
}

#[test]
fn single_moves_are_the_closed_form_or_never() {
    let answer = ask(&linear(50.0), "impact_10y_bp >= 85", 1000);
    let amount = moved(&answer, "event.1.official_sale.amount_usd_bn");
    // 0.2 · (A + 100) = 85.
    assert!((amount.needed.unwrap() - 325.0).abs() < 0.1, "{amount:?}");
    assert!((amount.multiple().unwrap() - 1.625).abs() < 1e-3);
    assert!((amount.percentile.unwrap() - normal_cdf(2.5)).abs() < 1e-4);
    for key in ["elasticity", "dated sales"] {
        let factor = moved(&answer, key);
        assert!((factor.needed.unwrap() - 85.0 / 60.0).abs() < 0.01, "{factor:?}");
    }
    let lasting = moved(&answer, "impact.lasting_bp_per_100bn");
    assert!((lasting.needed.unwrap() - 85.0 / 3.0).abs() < 0.1 && lasting.percentile.is_none());
    let market = moved(&answer, "impact.market_usd_tn");
    assert!((market.needed.unwrap() - 29.0 * 60.0 / 85.0).abs() < 0.1, "smaller: {market:?}");
    for key in ["boj.hike_probability", "pace for longer", "event.1.probability"] {
        assert_eq!(moved(&answer, key).needed, None, "{key}");
    }
    let first = &answer.moves.as_ref().unwrap()[0];
    assert!(first.needed.is_some(), "what reaches the target comes first: {first:?}");
}

#[test]
fn the_same_pace_for_longer_is_found_to_the_day() {
    // 10 a day at 20 bp per 100: 2 bp a day, 42 after the month; 59 bp on day 30.
    let text = muted("20", &["amount_usd_bn = 210, over_days = 21"], "1m");
    let answer = ask(&scenario(&text, &[]), "impact_10y_bp >= 59", 1000);
    let pace = moved(&answer, "pace for longer");
    assert_eq!((pace.central, pace.needed), (21.0, Some(30.0)), "{pace:?}");
    // A sale that ended before does not go on.
    let text = muted("20", &["amount_usd_bn = 200, over_days = 20"], "1m");
    let answer = ask(&scenario(&text, &[]), "impact_10y_bp >= 59", 1000);
    assert_eq!(moved(&answer, "pace for longer").needed, None);
    // At peak there is no day to move.
    let answer = ask(&scenario(&text, &[]), "impact_10y_bp >= 59 at peak", 1000);
    assert!(answer.moves.unwrap().iter().all(|found| found.key != "pace for longer"));
}

#[test]
fn what_is_met_or_out_of_reach_is_said_and_nothing_is_invented() {
    let met = ask(&linear(50.0), "impact_10y_bp >= 55", 1000);
    assert_eq!(met.plausible, Some(Plausible::Central));
    assert!(met.moves.as_ref().unwrap().is_empty());
    assert!(terminal(&met, 80).contains("inside the target already: distance 0"));
    let far = ask(&linear(50.0), "impact_10y_bp >= 100000", 1000);
    assert!(matches!(far.plausible, Some(Plausible::NotReached { .. })), "{:?}", far.plausible);
    assert!(far.moves.as_ref().unwrap().iter().all(|found| found.needed.is_none()));
    assert!(far.boxes.iter().all(|named| named.found.is_none()));
    let said = terminal(&far, 80);
    for needle in ["None of 1000 paths", "at least --paths 27000", "Not found", "Too few paths"] {
        assert!(said.contains(needle), "{needle}: {said}");
    }
    assert!(said.lines().all(|line| line.chars().count() <= 80), "{said}");
}

#[test]
fn the_box_of_a_scenario_names_what_makes_the_impact() {
    let still_jgb = "jgb.jgb10_per_ust10=0"; // else the JGB yield tells the impact as well as the sales do
    let sale = |mean: u32, sd: u32| {
        format!("amount_usd_bn = {{ normal = {{ mean = {mean}, sd = {sd} }} }}, over_days = 1")
    };
    let text = muted("20", &[&sale(200, 50), &sale(100, 40)], "1w");
    let answer = ask(&scenario(&text, &[still_jgb]), "impact_10y_bp >= 75", 20_000);
    let named = &answer.boxes[1];
    let found = named.found.as_ref().unwrap();
    let keys: Vec<&str> =
        found.rules.iter().map(|rule| named.columns[rule.column].0.as_str()).collect();
    assert_eq!(keys[0], "event.1.official_sale.amount_usd_bn", "the wider amount: {keys:?}");
    assert!(keys.iter().all(|key| key.ends_with("amount_usd_bn")), "{keys:?}");
    assert!(found.lift() > 3.0 && found.coverage.share() > 0.4, "{found:?}");
    // Sales as a driver sum both amounts and so separate perfectly: the impact is their multiple.
    let both = answer.boxes[0].found.as_ref().unwrap();
    assert_eq!(answer.boxes[0].columns[both.rules[0].column].0, "japan_net_sales_usd_bn");
    assert!(both.density.share() > 0.99 && both.coverage.share() > 0.99, "{both:?}");
}

#[test]
fn what_comes_after_a_horizon_does_not_change_what_came_before() {
    let whole = scenario("disorderly_dump_contagion", &[]);
    let cut = Scenario { horizon_days: 21, ..whole.clone() };
    let column = |scenario: &Scenario, label: &str| {
        let plan = Plan::new(scenario).unwrap();
        let horizons = &plan.layout.horizons;
        let horizon = horizons.iter().position(|known| known.label == label).unwrap();
        let columns = vec![Column::Metric { horizon, metric: IMPACT_10Y }];
        let gather = Gather { keep: Keep { columns, paths: 512 }, until: None, metrics: None };
        simulate(&plan, &RunPlan::new(3, 512), &gather, &Silent).unwrap().tally.kept().column(0)
    };
    assert!(column(&whole, "1m") == column(&cut, "end"), "medians are taken in the cut scenario");
}

const SMALL: &str = "title = \"Small\"\nhorizon = \"1w\"\n[[event]]\nname = \"sale\"\nday = 1\nofficial_sale = { amount_usd_bn = \"50 to 200\", over_days = 3 }\n";

#[test]
fn the_binary_answers_with_the_same_files_for_any_threads() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("small.toml"), SMALL).unwrap();
    let run = |out: &str, threads: &str| {
        let arguments = [
            "reverse",
            "small.toml",
            "--target",
            "impact_10y_bp >= 15 at end",
            "--paths",
            "5000",
            "--out",
            out,
            "--threads",
            threads,
            "--quiet",
        ];
        let done = ustress(home.path(), &arguments);
        assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
        text(&done.stdout)
    };
    let said = run("one", "1");
    assert!(said == run("two", "2") && !said.contains('\u{1b}'), "{said}");
    assert!(said.starts_with("small: impact_10y_bp >= 15 bp at end\n"), "{said}");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(home.path().join("one")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let [one, two] =
            ["one", "two"].map(|out| std::fs::read(home.path().join(out).join(&name)).unwrap());
        assert!(one == two, "{name}");
        names.push(name);
    }
    let wanted = ["reverse.csv", "design_point.csv", "rule_box.csv", "single_moves.csv"];
    for name in wanted.iter().chain(&["summary.csv", "manifest.json"]) {
        assert!(names.iter().any(|known| known == name), "{name} in {names:?}");
    }
    let manifest = std::fs::read_to_string(home.path().join("one/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    for name in wanted {
        assert!(manifest["definitions"][name].is_string() && manifest["outputs"][name].is_object());
        let mut rows = csv::Reader::from_path(home.path().join("one").join(name)).unwrap();
        assert!(rows.records().map(Result::unwrap).count() > 0, "{name}");
    }
}

#[test]
fn bad_targets_are_exit_2_and_a_foreign_folder_is_exit_1() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("small.toml"), SMALL).unwrap();
    for (target, needle) in [
        ("impact_10_bp >= 50", "did you mean `impact_10y_bp`"),
        ("impact_10y_bp >= 50 at 6m", "it has 1d, 1w, end, peak, trough, event+1d"),
        ("impact_10y_bp >= 50 at pek", "did you mean `peak`"),
        ("impact_10y_bp 50..20", "is empty"),
        ("impact_10y_bp >= 15 and usdjpi >= 170 at 1w", "in its part `usdjpi >= 170 at 1w`"),
        ("impact_10y_bp >= 15 and usdjpy >= 170 at 6m", "it has 1d, 1w, end"),
        ("impact_10y_bp >= 15 and", "nothing stands beside `and`"),
    ] {
        let out = ustress(home.path(), &["reverse", "small.toml", "--target", target]);
        let said = text(&out.stderr);
        assert_eq!(out.status.code(), Some(2), "{said}");
        assert!(said.contains(needle) && !said.contains("panicked"), "{said}");
    }
    assert_eq!(ustress(home.path(), &["reverse", "small.toml"]).status.code(), Some(2));
    assert!(!home.path().join("output").exists());
    std::fs::create_dir(home.path().join("mine")).unwrap();
    std::fs::write(home.path().join("mine/thesis.tex"), "years of work").unwrap();
    let arguments = [
        "reverse",
        "small.toml",
        "--target",
        "impact_10y_bp >= 0",
        "--paths",
        "300",
        "--out",
        "mine",
    ];
    assert_eq!(ustress(home.path(), &arguments).status.code(), Some(1));
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_the_probability_of_the_first_paths() {
    let home = tempfile::tempdir().unwrap();
    let typed = ["reverse", "managed_adjustment", "--target", "impact_10y_bp >= 5"];
    let long = ["--paths", "400000000", "--progress", "json"];
    let out = interrupted(home.path(), &[typed, long].concat());
    assert_eq!(out.status.code(), Some(3), "{}", text(&out.stderr));
    assert!(results(home.path()).join("PARTIAL").exists());
    let said = text(&out.stdout);
    assert!(said.contains("The run was stopped before it was sought."), "{said}");
    let csv = std::fs::read_to_string(results(home.path()).join("reverse.csv")).unwrap();
    assert!(csv.contains(",probability,hits,"), "{csv}");
}
