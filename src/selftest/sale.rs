//! The closed forms of a sale: what the engine gives on every path against the equation of `impact`, written again without
//! lanes, and its distribution against exact values and against samples of `rand_distr` put through that equation.

use super::judge::{counts, same, sorted};
use super::{Bench, Check, Part};
use crate::error::Error;
use crate::model::impact::{MONTH, one_day_bp};
use crate::model::{IMPACT_10Y, Plan};
use crate::num::resample::generator;
use crate::num::{normal_cdf, normal_density};
use crate::stats::Column;
use rand_distr::{Distribution as _, LogNormal, Normal};

/// Sales that are run: USD bn and days.
const SALES: [(f64, usize); 4] = [(50.0, 1), (300.0, 1), (100.0, 21), (300.0, 21)];

/// What a path draws for them: key, median, sigma of its lognormal, and the ends to which it is cut.
const LAWS: [(&str, f64, f64, [f64; 2]); 4] = [
    ("transitory_bp_per_100bn", 4.0, 0.55, [0.0, 200.0]),
    ("lasting_bp_per_100bn", 1.81, 0.69, [0.0, 200.0]),
    ("half_life_days", 20.0, 0.85, [2.0, 250.0]),
    ("stress_slope", 0.35, 0.5, [0.0, 20.0]),
];

/// Flow of a month that dealers carry without strain, USD bn; largest multiplier; most of the transitory effect, bp.
const THRESHOLD: f64 = 60.0;
const CAP: f64 = 6.0;
const MOST: f64 = 155.0;

/// Of the draws of other tests, what a sale needs: its effect is checked path by path.
const PART: u64 = 4;

/// Largest relative difference from the equation that rounding explains.
const ROUNDING: f64 = 1e-11;

/// Every channel but the sale muted, dealers calm, a market of the size at which elasticities are quoted.
const WORLD: &str = "[channels]\nrebalancing = false\ncarry_unwind = false\nintervention = false\ncontagion = false\n\
    safe_haven = false\njgb_spillover = false\nbackstop = false\n[dealers]\nstressed_probability = 0\n\
    stress_trigger_bp = 100000\n[impact]\nmarket_usd_tn = 29\nissuance_usd_bn_per_year = 0\nissuance_tilt_usd_bn = 0\n\
    gdp_scaling = 0\nmatched_share = 0\nstress_threshold_usd_bn = 60\nstress_cap = 6\ntransitory_most_bp = 155\n";

/// The scenario of a sale with even daily parts, which ends with it.
fn scenario(amount: &str, days: usize, impact: &str, correlation: &str) -> String {
    format!(
        "title = \"Sale\"\nhorizon = \"{days}d\"\n{WORLD}{impact}[[event]]\nday = 1\nname = \"sale\"\n\
         official_sale = {{ amount_usd_bn = {amount}, over_days = {days} }}\n{correlation}"
    )
}

/// Impact at the end of a sale on a path with these draws, bp: the header of `impact`, term by term.
fn exact_bp(amount: f64, days: usize, [month_bp, lasting_bp, half_life, slope]: [f64; 4]) -> f64 {
    let daily = amount / days as f64;
    let transitory = one_day_bp(month_bp, half_life);
    let mut standing = 0.0;
    for day in 1..=days {
        let month = daily * day.min(MONTH) as f64;
        let multiplier = (1.0 + slope * (month / THRESHOLD - 1.0).max(0.0)).min(CAP);
        let age = (days - day) as f64;
        standing += daily / 100.0 * transitory * multiplier * libm::exp2(-age / half_life);
    }
    amount / 100.0 * lasting_bp + MOST * libm::tanh(standing / MOST)
}

/// Runs the sales and judges them.
pub(super) fn judge_sales(bench: &Bench<'_>) -> Result<Vec<Check>, Error> {
    let mut checks = Vec::new();
    for (number, (amount, days)) in SALES.into_iter().enumerate() {
        let drawn = LAWS.map(|(key, median, sigma, [low, high])| {
            let cut =
                if low > 0.0 { format!(", min = {low}, max = {high}") } else { String::new() };
            format!("{key} = {{ lognormal = {{ median = {median}, sigma = {sigma} }}{cut} }}\n")
        });
        let [transitory, lasting, ..] = LAWS.map(|(key, ..)| key);
        let apart = format!(
            "[[correlation]]\na = \"impact.{transitory}\"\nb = \"impact.{lasting}\"\nrho = 0\n"
        );
        let text = scenario(&amount.to_string(), days, &drawn.concat(), &apart);
        let addresses = LAWS.map(|(key, ..)| format!("impact.{key}"));
        let columns = bench.run(&text, &addresses, bench.paths() / PART)?;
        let (impact, draws) = columns.split_at(1);
        let what = format!("USD {amount}bn in {days} d");
        let path = |path: usize| {
            let own = [0, 1, 2, 3].map(|place: usize| draws[place][path]);
            exact_bp(amount, days, own)
        };
        let far = |(number, seen): (usize, &f64)| (seen / path(number) - 1.0).abs();
        let largest = impact[0].iter().enumerate().map(far).fold(0.0, f64::max);
        checks.push(Check::exactly(
            Part::Sale,
            &what,
            "every path by the equation",
            (impact[0].len(), largest, largest < ROUNDING),
        ));
        let reference = reference(amount, days, impact[0].len(), bench.seed(), number as u64);
        checks.push(same(Part::Sale, &what, &sorted(&impact[0]), &sorted(&reference)));
    }
    checks.extend(product(bench)?);
    Ok(checks)
}

/// A sample of `rand_distr` put through the equation.
fn reference(amount: f64, days: usize, size: usize, seed: u64, number: u64) -> Vec<f64> {
    let mut own = generator(seed, "selftest.sale", number);
    let laws = LAWS.map(|(_, median, sigma, ends)| {
        (LogNormal::new(libm::log(median), sigma).expect("a lognormal"), ends)
    });
    let mut draw = || {
        laws.map(|(law, [low, high])| {
            loop {
                let value = law.sample(&mut own);
                if (low..=high).contains(&value) {
                    return value;
                }
            }
        })
    };
    (0..size).map(|_| exact_bp(amount, days, draw())).collect()
}

/// Spread of the elasticity of the product, and mean and spread of its flow, USD 100bn.
const SIGMA: f64 = 0.5;
const FLOW: [f64; 2] = [2.0, 0.5];
/// Median of its elasticity, bp per USD 100bn.
const ELASTICITY: f64 = 20.0;

/// A lasting elasticity times a normal amount: the distribution of the product, by an integral over the normal.
fn product(bench: &Bench<'_>) -> Result<Vec<Check>, Error> {
    let impact = format!(
        "transitory_bp_per_100bn = 0\n\
         lasting_bp_per_100bn = {{ lognormal = {{ median = {ELASTICITY}, sigma = {SIGMA} }} }}\n"
    );
    let [mean, sd] = FLOW.map(|flow| 100.0 * flow);
    let amount = format!("{{ normal = {{ mean = {mean}, sd = {sd} }} }}");
    let columns = bench.run(&scenario(&amount, 1, &impact, ""), &[], bench.paths() / PART)?;
    let mut own = generator(bench.seed(), "selftest.product", 0);
    let elasticity = LogNormal::new(libm::log(ELASTICITY), SIGMA).expect("a lognormal");
    let flow = Normal::new(FLOW[0], FLOW[1]).expect("a normal");
    let reference: Vec<f64> =
        columns[0].iter().map(|_| elasticity.sample(&mut own) * flow.sample(&mut own)).collect();
    let reference = sorted(&reference);
    let (what, bins) = ("elasticity times flow", 64);
    let edges: Vec<f64> = (1..bins).map(|bin| reference[bin * reference.len() / bins]).collect();
    let mut seen = vec![0_u64; bins];
    for value in &columns[0] {
        seen[edges.partition_point(|edge| edge < value)] += 1;
    }
    let below: Vec<f64> = edges.iter().map(|edge| product_cdf(*edge)).chain([1.0]).collect();
    let chances: Vec<f64> =
        below.iter().scan(0.0, |last, p| Some(p - std::mem::replace(last, *p))).collect();
    Ok(vec![
        counts(Part::Sale, what, "exact distribution", &seen, &chances),
        same(Part::Sale, what, &sorted(&columns[0]), &reference),
    ])
}

/// P(elasticity · flow ≤ x) for x > 0, by the trapezoid rule over the normal of the flow.
fn product_cdf(x: f64) -> f64 {
    const STEPS: i32 = 4000;
    let width = 16.0 / f64::from(STEPS);
    let below = |step: i32| {
        let z = -8.0 + width * f64::from(step);
        let flow = FLOW[0] + FLOW[1] * z;
        let below =
            if flow > 0.0 { normal_cdf(libm::log(x / flow / ELASTICITY) / SIGMA) } else { 1.0 };
        width * normal_density(z) * below
    };
    (0..=STEPS).map(below).sum()
}

/// The columns that a run of the self-test keeps: the impact at the end, and these numbers.
pub(super) fn kept(plan: &Plan, quantities: &[usize]) -> Vec<Column> {
    let end = plan.layout.horizons.iter().position(|known| known.label == "end").unwrap_or(0);
    let draws = quantities.iter().map(|quantity| Column::Draw(*quantity));
    std::iter::once(Column::Metric { horizon: end, metric: IMPACT_10Y }).chain(draws).collect()
}
