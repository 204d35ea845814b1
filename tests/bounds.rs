//! Bounds of the feedbacks: holdings, paces, routs, proceeds, losses and order flow, on the lanes.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // the platform's functions judge ours

#[path = "common/run.rs"]
mod run;

use run::{Paths, mean, minus, paths, scenario, still};

const PRIVATE: [&str; 7] =
    ["gpif", "megabanks", "life_insurers", "post_bank", "norinchukin", "regional_banks", "trusts"];
/// κ of each at its median, and its envelope.
const KAPPAS: [f64; 7] = [0.02, 0.15, 0.08, 0.15, 0.15, 0.15, 0.02];
const ENVELOPES: [f64; 7] = [406.0, 300.0, 430.0, 450.0, 125.0, 110.0, 250.0];
/// What each holds in these tests.
const HELD: [f64; 7] = [240.0, 88.0, 73.0, 80.0, 26.0, 30.0, 60.0];

fn all(values: &[f64], holds: impl Fn(f64) -> bool) -> bool {
    values.iter().all(|value| holds(*value))
}

/// Flows have no effect on yields, everybody reviews fast what has been seen at once, and looks at the hedged pickup.
fn quick() -> Vec<String> {
    let mut sets: Vec<String> = [
        "impact.transitory_bp_per_100bn=0",
        "impact.lasting_bp_per_100bn=0",
        "intervention.hazard_per_month=0",
        "rebalancing.adjustment_half_life_months=0.1",
        "rebalancing.negative_pickup_factor=1",
        "rebalancing.drop_hedge_share=0",
        "rebalancing.gpif_speed_inside=1",
        "rebalancing.gpif_speed_outside=1",
        "holdings.total_usd_bn=1117",
        "holdings.mof_usd_bn=520",
    ]
    .map(str::to_owned)
    .to_vec();
    for (cohort, held) in PRIVATE.iter().zip(HELD) {
        sets.push(format!("holdings.{cohort}_usd_bn={held}"));
        sets.push(format!("rebalancing.pace_{cohort}_usd_bn=200"));
        if !matches!(*cohort, "megabanks" | "norinchukin") {
            sets.push(format!("rebalancing.hedge_ratio_{cohort}=1"));
        }
    }
    sets.extend(
        ["banks", "trusts", "life_insurers", "pensions"]
            .map(|who| format!("rebalancing.lag_{who}_days=1")),
    );
    sets
}

/// A priced move of the Fed's: hedged and dollar-funded pickups improve by as much as the rate falls, no yield moves.
fn pickups_by(bp: f64, sets: &[String]) -> Paths {
    let still = still("").replace("title = \"Still\"", "title = \"Still\"\nhorizon = \"3y\"");
    let cut = format!("fed_move = {{ size_bp = {}, priced_bp = {} }}", -bp, -bp);
    let text = format!("{still}\n[[event]]\nday = 1\n{cut}\n");
    let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
    paths(&scenario(&text, &sets), 1)
}

/// What a cohort holds in the end over what it held; GPIF's own target from the weight at which it comes to rest.
fn grown(run: &Paths, cohort: usize) -> f64 {
    let size = 1.0 - run.sold(PRIVATE[cohort])[0] / HELD[cohort];
    if cohort == 0 { 4.0 * size / (3.0 + size) } else { size }
}

fn medians() -> Vec<String> {
    let mut sets = quick();
    for (who, kappa) in [("life_insurers", 0.08), ("banks", 0.15), ("pensions", 0.02)] {
        sets.push(format!("rebalancing.kappa_{who}={kappa}"));
    }
    sets
}

#[test]
fn a_small_pickup_moves_a_target_by_kappa_in_logs() {
    for bp in [1.0, -1.0] {
        let run = pickups_by(bp, &medians());
        for (cohort, kappa) in KAPPAS.iter().enumerate() {
            let slope = grown(&run, cohort).ln() / (bp / 100.0);
            let name = PRIVATE[cohort];
            assert!((slope / kappa - 1.0).abs() < 0.01, "{name} at {bp} bp: {slope}, {kappa}");
        }
    }
}

#[test]
fn within_150_bp_a_target_is_within_5_percent_of_the_exponential() {
    for bp in [150.0, -150.0] {
        let run = pickups_by(bp, &medians());
        for (cohort, kappa) in KAPPAS.iter().enumerate() {
            let ratio = grown(&run, cohort) / (kappa * bp / 100.0).exp();
            assert!((ratio - 1.0).abs() < 0.05, "{} at {bp} bp: {ratio}", PRIVATE[cohort]);
        }
    }
}

/// The strongest responses that may be written, of either sign, with every shock that moves a pickup, at the paces and
/// lags of the defaults.
fn wild() -> impl Iterator<Item = Paths> {
    let shocks = [
        "fed_move = { size_bp = -115, priced_bp = 0 }",
        "fed_move = { size_bp = 300, priced_bp = 300 }",
        "jgb_shock = { size_bp = 300 }",
        "jgb_shock = { size_bp = -300 }",
    ]
    .map(|shock| {
        // On three days, so that they add up to more than one may be.
        (2..5).map(|day| format!("[[event]]\nday = {day}\n{shock}\n")).collect::<String>()
    });
    let signs = [0.8, -0.3];
    shocks.into_iter().flat_map(move |shock| signs.map(|kappa| (shock.clone(), kappa))).map(
        |(shock, kappa)| {
            let mut sets: Vec<String> = ["banks", "life_insurers", "pensions"]
                .map(|who| format!("rebalancing.kappa_{who}={kappa}"))
                .to_vec();
            sets.extend(
                [
                    "rebalancing.kappa_scale=3",
                    "rebalancing.adjustment_half_life_months=0.1",
                    "rebalancing.negative_pickup_factor=1",
                    "holdings.total_usd_bn=1117",
                    "holdings.mof_usd_bn=520",
                    "intervention.hazard_per_month=0",
                    "horizon=3y",
                ]
                .map(str::to_owned),
            );
            sets.extend(
                PRIVATE
                    .iter()
                    .zip(HELD)
                    .map(|(cohort, held)| format!("holdings.{cohort}_usd_bn={held}")),
            );
            let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
            paths(&scenario(&format!("title = \"Wild\"\n{shock}"), &sets), 256)
        },
    )
}

#[test]
fn no_month_is_larger_than_the_largest_on_record_whatever_the_shock() {
    let mut most = [0.0_f64; 2];
    for run in wild() {
        let index = &run.plan.calendar.month_index[..run.plan.steps];
        for month in 0..run.plan.layout.months.len() {
            let days = index.iter().filter(|at| **at == month).count();
            let mut sold = vec![0.0; run.flow("gpif", 0).len()];
            for cohort in PRIVATE {
                sold.iter_mut().zip(run.flow(cohort, month)).for_each(|(sum, sold)| *sum += sold);
            }
            let a_month = 21.0 / days as f64;
            most[0] = sold.iter().fold(most[0], |most, sold| most.max(-sold * a_month));
            most[1] = sold.iter().fold(most[1], |most, sold| most.max(sold * a_month));
        }
    }
    println!("most in 21 days: bought {:.1}, sold {:.1}", most[0], most[1]);
    assert!(most[0] <= 83.0 && most[1] <= 52.0, "{most:?}");
    assert!(most[0] > 40.0 && most[1] > 20.0, "nothing was put to the test: {most:?}");
}

#[test]
fn holdings_stay_between_nothing_and_the_envelope() {
    let (mut least, mut most) = (f64::INFINITY, 0.0_f64);
    for run in wild() {
        for (cohort, (held, envelope)) in PRIVATE.iter().zip(HELD.into_iter().zip(ENVELOPES)) {
            let mut left = vec![held; run.flow(cohort, 0).len()];
            for month in 0..run.plan.layout.months.len() {
                left.iter_mut().zip(run.flow(cohort, month)).for_each(|(left, sold)| *left -= sold);
                assert!(
                    // GPIF's is a bound on the weight that it steers to, not on dollars.
                    all(&left, |left| left >= -1e-9
                        && (left <= envelope + 1e-9 || *cohort == "gpif")),
                    "{cohort} in month {month}: {:?}, {envelope}",
                    left.iter()
                        .fold([f64::INFINITY, 0.0], |[a, b], x| [a.min(*x), f64::max(b, *x)])
                );
            }
            least = left.iter().fold(least, |least, left| least.min(left / held));
            most = left.iter().fold(most, |most, left| most.max(left / envelope));
        }
    }
    println!("least of what was held {least:.4}, most of the envelope {most:.4}");
    assert!(least < 0.2 && most > 0.8, "nothing was put to the test: {least} {most}");
}

#[test]
fn fiscal_jumps_leave_no_drift_in_japanese_yields() {
    let at = |jumps: &[&str]| {
        let mut sets = vec!["channels.rebalancing=false", "channels.jgb_spillover=false"];
        sets.extend(jumps);
        paths(&scenario("title = \"Year\"", &sets), 32_768).metric("jgb_10y_pct", "12m")
    };
    let none = at(&["jgb.fiscal_jumps_per_year=0", "jgb.emergency_probability=0"]);
    let never = mean(&minus(&at(&["jgb.emergency_probability=0"]), &none));
    let answered = mean(&minus(&at(&[]), &at(&["jgb.fiscal_jumps_per_year=0"])));
    println!("bp a year: {never:?} without, {answered:?} with answers of the BOJ (in %)");
    assert!(100.0 * never.0.abs() < 0.5 && never.1 < 0.001, "{never:?}");
    assert!(100.0 * answered.0.abs() < 0.5, "{answered:?}");
}

const ROUT: &str = "[[event]]\nday = 2\njgb_shock = { size_bp = 100, over_days = 4 }\n";

/// Rise of the JGB 10-year at its peak and after six months over that.
fn rout(sets: &[&str]) -> Vec<f64> {
    let muted = ["channels.rebalancing=false", "channels.jgb_spillover=false"];
    let sets: Vec<&str> = muted.iter().chain(sets).copied().collect();
    let run = paths(&scenario(&still(ROUT), &sets), 2_048);
    let (peak, later) = (run.metric("jgb_10y_pct", "peak"), run.metric("jgb_10y_pct", "6m"));
    peak.iter().zip(later).map(|(peak, later)| (later - 2.69) / (peak - 2.69)).collect()
}

#[test]
fn a_rout_that_the_boj_answers_goes_back_and_another_stays() {
    let answered = rout(&["jgb.emergency_probability=1", "jgb.rout_half_life_days=20"]);
    assert!(all(&answered, |left| (-1e-9..1.0 / 3.0).contains(&left)), "{:?}", mean(&answered));
    let drawn = rout(&["jgb.emergency_probability=1"]);
    let within = drawn.iter().filter(|left| **left < 1.0 / 3.0).count();
    println!(
        "left after six months {:.3}, under a third on {within} of {}",
        mean(&drawn).0,
        drawn.len()
    );
    assert!(within as f64 > 0.98 * drawn.len() as f64, "{within}");
    assert!(all(&rout(&["jgb.emergency_probability=0"]), |left| (left - 1.0).abs() < 1e-9));
}

#[test]
fn calming_never_turns_the_spillover_round() {
    let sets = [
        "channels.rebalancing=false",
        "channels.contagion=false",
        "jgb.emergency_probability=1",
        "jgb_spillover.half_life_days=5",
        "jgb_spillover.beta=1",
    ];
    let run = paths(&scenario(&still(ROUT), &sets), 512);
    // Nothing else moves the impact.
    assert!(all(&run.metric("impact_10y_bp", "peak"), |bp| bp > 50.0));
    assert!(all(&run.metric("impact_10y_bp", "trough"), |bp| bp >= 0.0));
    for horizon in ["1w", "1m", "3m", "6m", "12m"] {
        assert!(all(&run.channel("jgb_spillover", horizon), |bp| bp >= 0.0), "{horizon}");
    }
    // Calming does take it back: without an answer more is left.
    let slow = |probability: &str| {
        let sets = [sets[0], sets[1], probability, "jgb_spillover.half_life_days=5000", sets[4]];
        paths(&scenario(&still(ROUT), &sets), 256).channel("jgb_spillover", "6m")
    };
    let [with, without] = ["jgb.emergency_probability=1", "jgb.emergency_probability=0"].map(slow);
    assert!(with.iter().zip(&without).all(|(with, without)| *with < 0.4 * without));
}

/// Reserves left and spot at the end of a sale by the Ministry of USD 100bn.
fn sold_by_the_ministry(proceeds: &str) -> [Vec<f64>; 2] {
    let event = format!(
        "official_sale = {{ amount_usd_bn = 100, over_days = 10, cohort = \"mof\"{proceeds} }}"
    );
    let text = still(&format!("[[event]]\nday = 2\n{event}\n"));
    let sets = [
        "channels.rebalancing=false",
        "channels.carry_unwind=false",
        "intervention.hazard_per_month=0",
    ];
    let run = paths(&scenario(&text, &sets), 256);
    [run.metric("reserves_left_usd_bn", "end"), run.metric("usdjpy", "1m")]
}

#[test]
fn what_becomes_of_the_proceeds_shows_in_the_reserves_and_in_the_yen() {
    let near = |values: &[f64], want: f64| all(values, |value| (value - want).abs() < 1e-9);
    for (word, left, lifts) in [
        ("", 1060.0, false),
        (", proceeds = \"kept\"", 1060.0, false),
        (", proceeds = \"spent\"", 960.0, false),
        (", proceeds = \"home\"", 960.0, true),
    ] {
        let [reserves, spot] = sold_by_the_ministry(word);
        assert!(near(&reserves, left), "{word}: {:?}", mean(&reserves));
        if lifts {
            assert!(all(&spot, |spot| spot < 162.6) && mean(&spot).0 < 161.6, "{word}");
        } else {
            assert!(near(&spot, 162.6), "{word}: {:?}", mean(&spot));
        }
    }
}

#[test]
fn the_realised_loss_is_duration_times_impact_times_what_is_sold() {
    let loss = |amount: f64| {
        let words = "[[event]]\nday = 1\nthreat = { effect_bp = 100, half_life_days = 2520 }\n";
        let sale = format!(
            "[[event]]\nday = 2\nofficial_sale = {{ amount_usd_bn = {amount}, over_days = 2, cohort = \"gpif\" }}\n"
        );
        let sets = [
            "channels.rebalancing=false",
            "impact.lasting_bp_per_100bn=0",
            "impact.transitory_bp_per_100bn=0",
            "holdings.duration_gpif_years=10",
            "intervention.hazard_per_month=0",
        ];
        paths(&scenario(&still(&format!("{words}{sale}")), &sets), 256)
            .metric("realised_loss_usd_bn", "end")
    };
    // Ten years times 100 bp are a tenth: 2.5 of the 25 bn of each day, a little less as the words fade.
    let fade = 0.5_f64.powf(1.0 / 2520.0);
    let want = 2.5 * fade + 2.5 * fade * fade;
    assert!(all(&loss(50.0), |loss| (loss - want).abs() < 1e-9), "{:?} {want}", mean(&loss(50.0)));
    assert!(all(&loss(-50.0), |loss| loss == 0.0), "purchases realise nothing");
}

#[test]
fn order_flow_moves_the_yen_no_further_than_its_largest_distance() {
    let after = |most: &str| {
        let event =
            still("[[event]]\nday = 2\nintervention = { amount_usd_bn = 1000, over_days = 3 }\n");
        let most = format!("usdjpy.order_flow_most_pct={most}");
        let sets = [
            "intervention.yen_pct_per_usd_bn=1",
            "channels.carry_unwind=false",
            "channels.rebalancing=false",
            &most,
        ];
        paths(&scenario(&event, &sets), 256).metric("usdjpy", "1w")
    };
    for most in [17.5_f64, 5.0] {
        let floor = 162.6 * (-most / 100.0).exp();
        let spots = after(&most.to_string());
        assert!(
            all(&spots, |spot| spot >= floor - 1e-9 && spot < floor * 1.001),
            "{most}: {spots:?}"
        );
    }
}

#[test]
fn without_its_channel_no_book_closes() {
    let jump = still("[[event]]\nday = 2\nyen_jump = { size_pct = -7 }\n");
    let closed =
        |sets: &[&str]| paths(&scenario(&jump, sets), 256).metric("carry_closed_share", "1m");
    assert!(all(&closed(&[]), |closed| closed > 0.1));
    assert!(all(&closed(&["channels.carry_unwind=false"]), |closed| closed == 0.0));
    assert!(all(&closed(&["carry_unwind.fast_book_usd_bn=0"]), |closed| closed == 0.0));
}

#[test]
fn amplification_is_one_without_books_and_grows_with_what_they_are_worth_and_how_fast_they_close() {
    let jump = still("[[event]]\nday = 2\nyen_jump = { size_pct = -7 }\n");
    let run = |sets: &[&str]| paths(&scenario(&jump, sets), 512);
    let none = run(&["carry_unwind.fast_book_usd_bn=0", "carry_unwind.slow_book_usd_bn=0"]);
    assert!(all(&none.metric("amplification", "end"), |x| x == 1.0));
    assert!(all(&none.channel("carry_unwind", "peak"), |x| x == 0.0));
    assert!(
        all(&run(&["channels.carry_unwind=false"]).metric("amplification", "end"), |x| x == 1.0)
    );
    let at = |yen: &str, closing: &str| {
        let yen = format!("carry_unwind.fast_yen_pct={yen}");
        let closing = format!("carry_unwind.fast_closing_per_rise={closing}");
        mean(&run(&[&yen, &closing]).metric("amplification", "end")).0
    };
    let (small, large, hasty) = (at("2", "0.1"), at("6", "0.1"), at("2", "0.3"));
    assert!(small > 1.0 && large > small + 0.05 && hasty > small, "{small} {large} {hasty}");
}
