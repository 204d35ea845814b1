//! The drivers have the moments of the record: volatilities, correlations, jumps, meetings, the fade of interventions.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // the platform's functions judge ours

#[path = "common/run.rs"]
mod run;

use run::{Paths, mean, paths, scenario, still};

/// Everyday world without channels, ten weeks long.
fn everyday() -> Paths {
    let muted: Vec<String> = ustress::model::CHANNELS
        .iter()
        .map(|channel| format!("channels.{channel}=false"))
        .chain(["horizon=3m".to_owned()])
        .collect();
    let sets: Vec<&str> = muted.iter().map(String::as_str).collect();
    paths(&scenario("title = \"Everyday\"", &sets), 16_384)
}

fn sd(values: &[f64]) -> f64 {
    let (mean, _) = mean(values);
    (values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (values.len() - 1) as f64).sqrt()
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let ((ma, _), (mb, _)) = (mean(a), mean(b));
    let cov = a.iter().zip(b).map(|(a, b)| (a - ma) * (b - mb)).sum::<f64>() / (a.len() - 1) as f64;
    cov / sd(a) / sd(b)
}

fn change(run: &Paths, metric: &str, from: &str, to: &str, log: bool) -> Vec<f64> {
    let (from, to) = (run.metric(metric, from), run.metric(metric, to));
    from.iter().zip(to).map(|(a, b)| if log { (b / a).ln() } else { b - a }).collect()
}

#[test]
fn volatilities_and_correlations_are_those_of_the_record() {
    let run = everyday();
    // From the first day to the first month: twenty days.
    let days = 20_f64;
    let yen = change(&run, "usdjpy", "1d", "1m", true);
    let annual = sd(&yen) * (252.0 / days).sqrt() * 100.0;
    // 10.6 on record, of which days of the Ministry and August 2024, which muted channels bring.
    assert!((annual - 10.1).abs() < 0.3, "USD/JPY {annual}% a year");
    let ten = change(&run, "yield_10y_pct", "1d", "1m", false);
    let daily = sd(&ten) / days.sqrt() * 100.0;
    assert!((daily - 4.8).abs() < 0.2, "UST 10y {daily} bp a day");
    let jgb = change(&run, "jgb_10y_pct", "1d", "1m", false);
    let daily = sd(&jgb) / days.sqrt() * 100.0;
    assert!((daily - 3.8).abs() < 0.25, "JGB 10y {daily} bp a day");
    let equity: Vec<f64> = {
        let (a, b) = (run.metric("equity_pct", "1d"), run.metric("equity_pct", "1m"));
        a.iter().zip(b).map(|(a, b)| ((100.0 + b) / (100.0 + a)).ln()).collect()
    };
    let daily = sd(&equity) / days.sqrt() * 100.0;
    assert!((daily - 1.11).abs() < 0.03, "S&P 500 {daily}% a day");
    for (name, value, want) in [
        ("10y and USD/JPY", correlation(&ten, &yen), 0.43),
        ("10y and JGB 10y", correlation(&ten, &jgb), 0.20),
        ("USD/JPY and S&P 500", correlation(&yen, &equity), 0.0),
        ("10y and S&P 500", correlation(&ten, &equity), -0.09),
    ] {
        // The JGB also follows yesterday's UST, hence the wider band for their correlation over a month.
        let band = if name.contains("JGB") { 0.18 } else { 0.05 };
        assert!((value - want).abs() < band, "{name}: {value}, record {want}");
    }
}

#[test]
fn spot_has_no_drift_of_its_own_and_jumps_skew_it_to_a_stronger_yen() {
    let run = everyday();
    let yen = change(&run, "usdjpy", "1d", "3m", true);
    let (drift, mcse) = mean(&yen);
    assert!(drift.abs() < 4.0 * mcse + 0.0005, "{drift} ± {mcse}");
    let month = change(&run, "usdjpy", "1d", "1m", true);
    let (m, s) = (mean(&month).0, sd(&month));
    let skew = month.iter().map(|x| ((x - m) / s).powi(3)).sum::<f64>() / month.len() as f64;
    assert!(skew < -0.05, "{skew}");
}

#[test]
fn everyday_flows_have_the_spread_of_the_record() {
    let run = everyday();
    // August 2026 has 21 bond-market days.
    let month = run.flow("everyday", 1);
    let (m, mcse) = mean(&month);
    assert!(m.abs() < 4.0 * mcse, "{m} ± {mcse}");
    assert!((sd(&month) - 15.0).abs() < 1.0, "{} USD bn a month", sd(&month));
    let lag = correlation(&run.flow("everyday", 0), &month);
    assert!((lag - 0.20).abs() < 0.05, "autocorrelation {lag}");
}

#[test]
fn meetings_hike_as_often_as_they_should() {
    let sets = [
        "boj.terminal_rate_pct=5",
        "boj.gate_vix=500",
        "boj.gate_yen_rise_pct=100",
        "boj.hike_probability=0.25",
    ];
    let run = paths(&scenario("title = \"Meetings\"", &sets), 8_192);
    let (rise, mcse) = mean(&change(&run, "policy_rate_boj_pct", "1d", "12m", false));
    // Eight meetings from July; the first is too soon; after a move one is left out. A renewal count by enumeration.
    let want = expected_moves(8, 0.25, 0.02, 0, 2) * 0.25;
    assert!((rise - want).abs() < 4.0 * mcse + 1e-9, "{rise} ± {mcse}, {want}");
}

#[test]
fn central_banks_deliver_what_is_priced() {
    let muted = ustress::model::CHANNELS.iter().map(|channel| format!("channels.{channel}=false"));
    let muted: Vec<String> = muted.collect();
    let sets: Vec<&str> = muted.iter().map(String::as_str).collect();
    let run = paths(&scenario("title = \"Everyday\"", &sets), 16_384);
    for (bank, priced, allowed) in [("boj", 0.50, 0.005), ("fed", 0.40, 0.02)] {
        let rise = change(&run, &format!("policy_rate_{bank}_pct"), "1d", "12m", false);
        let (rise, mcse) = mean(&rise);
        println!("{bank}: {rise:.4} ± {mcse:.4} of {priced}");
        assert!((rise - priced).abs() < 4.0 * mcse + allowed, "{bank}: {rise} ± {mcse}");
    }
}

/// Expected hikes less cuts over `left` meetings, by recursion on the meetings since the last move.
fn expected_moves(left: u32, hike: f64, cut: f64, since: u32, gap: u32) -> f64 {
    if left == 0 {
        return 0.0;
    }
    let stay = |since| expected_moves(left - 1, hike, cut, since, gap);
    if since + 1 < gap {
        return stay(since + 1);
    }
    hike * (1.0 + stay(0)) + cut * (stay(0) - 1.0) + (1.0 - hike - cut) * stay(since + 1)
}

#[test]
fn interventions_lift_the_yen_and_fade_in_weeks() {
    let event = "[[event]]\nday = 1\ncoordinated_intervention = { amount_usd_bn = 60, days = 1 }\n";
    let sets = [
        "intervention.coordinated_factor=1",
        "intervention.coordinated_japan_share=1",
        "channels.carry_unwind=false",
        "channels.rebalancing=false",
    ];
    let run = paths(&scenario(&still(event), &sets), 2_048);
    let at = |horizon| mean(&run.metric("usdjpy", horizon)).0;
    let first = 162.6 - at("1w");
    assert!((3.0..8.0).contains(&first), "60bn lift the yen by {first}");
    // Gone in 5 to 9 weeks: a third at most is left after a quarter.
    assert!(162.6 - at("3m") < first / 3.0);
    assert!(all_positive(&run.channel("intervention", "1m")));
}

fn all_positive(values: &[f64]) -> bool {
    values.iter().all(|value| *value > 0.0)
}
