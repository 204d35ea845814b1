//! Closed forms: what is known exactly must come out within four Monte Carlo errors, and a broken twin must not.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // the platform's functions judge ours

#[path = "common/run.rs"]
mod run;

use run::{LOUD, product, scenario, still, tally};
use ustress::model::IMPACT_10Y;
use ustress::num::normal_cdf;
use ustress::stats::{Ranks, Tally};

/// Quantile and its error of the 10-year impact at the end.
fn at_end(tally: &Tally, probability: f64) -> (f64, f64) {
    let cell = tally.cell(tally.horizon("end").unwrap(), IMPACT_10Y);
    let estimate =
        Ranks::new(&tally.measure(IMPACT_10Y).grid, &cell.bins).quantile_estimate(probability);
    (estimate.value, estimate.mcse)
}

/// Distribution function of lognormal(20, sigma) · normal(200, 50) / 100 by the trapezoidal rule over the normal.
fn product_cdf(x: f64, sigma: f64) -> f64 {
    let steps = 4000;
    let mut sum = 0.0;
    for step in 0..=steps {
        let z = -8.0 + 16.0 * f64::from(step) / f64::from(steps);
        let flow = 2.0 + 0.5 * z;
        // For x > 0; a purchase (flow ≤ 0) is always below it.
        let below = if flow > 0.0 { normal_cdf((x / flow / 20.0).ln() / sigma) } else { 1.0 };
        let density = (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
        let weight = if step == 0 || step == steps { 0.5 } else { 1.0 };
        sum += weight * density * below * 16.0 / f64::from(steps);
    }
    sum
}

fn product_quantile(probability: f64, sigma: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1000.0);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if product_cdf(middle, sigma) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[test]
fn an_elasticity_times_a_flow_has_the_quantiles_of_the_product() {
    let tally = tally(&scenario(&product(), &[]), 200_000);
    for probability in [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] {
        let (value, mcse) = at_end(&tally, probability);
        let want = product_quantile(probability, 0.5);
        assert!((value - want).abs() < 4.0 * mcse, "{probability}: {value} ± {mcse}, {want}");
    }
    // The broken twin: a spread of 0.55 instead of 0.5 must be noticed.
    let (value, mcse) = at_end(&tally, 0.95);
    assert!((value - product_quantile(0.95, 0.55)).abs() > 8.0 * mcse);
}

/// The eight flow patterns: USD bn, steps, 5 / 50 / 95% by two million draws of a program of its own, with four of its errors.
const PATTERNS: [(f64, u32, [f64; 3], [f64; 3]); 8] = [
    (100.0, 21, [3.25, 8.13, 26.81], [0.01, 0.02, 0.23]),
    (50.0, 1, [1.98, 5.18, 18.50], [0.01, 0.02, 0.17]),
    (300.0, 21, [13.53, 34.84, 109.3], [0.05, 0.06, 0.7]),
    (300.0, 1, [22.4, 62.6, 155.8], [0.1, 0.2, 0.3]),
    (14.0 * 9.0, 189, [1.66, 4.69, 14.53], [0.01, 0.02, 0.08]),
    (500.0, 210, [6.36, 18.01, 55.3], [0.02, 0.05, 0.3]),
    (1000.0, 210, [13.83, 39.06, 118.1], [0.05, 0.09, 0.6]),
    (45.0 * 24.0, 504, [10.69, 31.19, 94.1], [0.03, 0.08, 0.4]),
];

/// Sales of `amount` over `days` at a USD 29tn market, everything else muted; the horizon is the end of the sale.
fn pattern(amount: f64, days: u32) -> String {
    let body = format!(
        r#"
[impact]
market_usd_tn = 29
issuance_usd_bn_per_year = 0
issuance_tilt_usd_bn = 0
{LOUD}
[[event]]
day = 1
official_sale = {{ amount_usd_bn = {amount}, over_days = {days} }}
"#
    );
    still(&body)
        .replace("title = \"Still\"", &format!("title = \"Pattern\"\nhorizon = \"{days}d\""))
}

#[test]
fn the_propagator_reproduces_its_table_of_flow_patterns() {
    for (amount, days, wants, units) in PATTERNS {
        let tally = tally(&scenario(&pattern(amount, days), &[]), 200_000);
        for ((probability, want), unit) in [0.05, 0.5, 0.95].into_iter().zip(wants).zip(units) {
            let (value, mcse) = at_end(&tally, probability);
            println!(
                "{amount} bn in {days} d, p{probability}: {value:.2} ± {mcse:.2}, table {want}"
            );
            assert!(
                (value - want).abs() < 4.0 * mcse + unit,
                "{amount} bn in {days} d, p{probability}: {value} ± {mcse}, table {want}"
            );
        }
    }
}
