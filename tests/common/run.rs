//! Runs scenario texts for tests of the model.
#![allow(dead_code, clippy::unwrap_used)] // every test file uses its own part

use ustress::cli::LIBRARY;
use ustress::engine::{RunPlan, Silent, run};
use ustress::model::{
    BLOCK_PATHS, Block, CATALOGUE, CHANNELS, HOLDERS, METRICS, Plan, simulate_block,
};
use ustress::scenario::{Scenario, load};
use ustress::stats::Tally;

/// The scenario of a text (or of a built-in name) with `KEY=VALUE` settings over it; of those of one key the last counts.
pub(crate) fn scenario(text: &str, sets: &[&str]) -> Scenario {
    let key = |set: &str| set.split_once('=').map(|(key, _)| key.trim().to_owned());
    let last = sets
        .iter()
        .enumerate()
        .filter(|(index, set)| sets[index + 1..].iter().all(|later| key(later) != key(set)));
    let sets: Vec<String> = last.map(|(_, set)| (*set).to_owned()).collect();
    let known = LIBRARY.names().any(|name| name == text);
    let loaded = if known {
        LIBRARY.load(text, &sets, &CATALOGUE)
    } else {
        load("test.toml", text, &|parent| LIBRARY.find(parent), &sets, &CATALOGUE)
    };
    loaded.unwrap_or_else(|error| panic!("{error}")).scenario
}

/// Runs and tallies `paths` paths of seed 1.
pub(crate) fn tally(scenario: &Scenario, paths: u64) -> Tally {
    let plan = Plan::new(scenario).unwrap();
    run(&plan, &RunPlan::new(1, paths), || Tally::new(&plan.layout), &Silent).unwrap().0
}

/// All outcomes of the first paths of a scenario, by column.
pub(crate) struct Paths {
    pub plan: Plan,
    pub blocks: Vec<Block>,
}

/// Simulates `paths` paths (rounded up to whole blocks) of seed 1.
pub(crate) fn paths(scenario: &Scenario, paths: usize) -> Paths {
    let plan = Plan::new(scenario).unwrap();
    let blocks = (0..paths.div_ceil(BLOCK_PATHS)).map(|index| {
        let mut block = Block::default();
        let first = (index * BLOCK_PATHS) as u64;
        simulate_block(&plan, 1, first, BLOCK_PATHS, false, &mut block);
        block
    });
    Paths { blocks: blocks.collect(), plan }
}

impl Paths {
    fn horizon(&self, label: &str) -> usize {
        let horizons = &self.plan.layout.horizons;
        horizons.iter().position(|horizon| horizon.label == label).expect(label)
    }

    fn column(&self, table: impl Fn(&Block) -> &Vec<f64>, cell: usize) -> Vec<f64> {
        self.blocks
            .iter()
            .flat_map(|block| table(block)[cell * block.paths..(cell + 1) * block.paths].to_vec())
            .collect()
    }

    /// A metric at a horizon, by path.
    pub(crate) fn metric(&self, name: &str, horizon: &str) -> Vec<f64> {
        let metric = METRICS.iter().position(|metric| metric.name == name).expect(name);
        self.column(|block| &block.metrics, self.horizon(horizon) * METRICS.len() + metric)
    }

    /// A row of the attribution at a horizon, by path.
    pub(crate) fn channel(&self, name: &str, horizon: &str) -> Vec<f64> {
        let channel = CHANNELS.iter().position(|known| *known == name).expect(name);
        self.column(|block| &block.channels, self.horizon(horizon) * CHANNELS.len() + channel)
    }

    /// Net sales of a holder in a month (0 is the first), by path.
    pub(crate) fn flow(&self, holder: &str, month: usize) -> Vec<f64> {
        let holder = HOLDERS.iter().position(|known| *known == holder).expect(holder);
        self.column(|block| &block.flows, month * HOLDERS.len() + holder)
    }

    /// Net sales of a holder over all months, by path.
    pub(crate) fn sold(&self, holder: &str) -> Vec<f64> {
        let months = (0..self.plan.layout.months.len()).map(|month| self.flow(holder, month));
        months.reduce(|sum, month| sum.iter().zip(month).map(|(a, b)| a + b).collect()).unwrap()
    }
}

/// Mean and its standard error.
pub(crate) fn mean(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

/// Differences path by path.
pub(crate) fn minus(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

/// Everything that could move is silenced: the world of day 0 goes on.
pub(crate) const STILL: &str = r#"
title = "Still"
[boj]
hike_probability = 0
cut_probability = 0
jgb2_per_surprise = 0
[fed]
hike_probability = 0
cut_probability = 0
to_hiking_probability = 0
to_cutting_probability = 0
ust2_per_surprise = 0
ust_2y_noise_bp = 0
ust_5y_noise_bp = 0
ust_10y_noise_bp = 0
ust_30y_noise_bp = 0
[jgb]
jgb_10y_noise_bp = 0
jgb_30y_noise_bp = 0
fiscal_jumps_per_year = 0
[usdjpy]
diffusion_pct = 0
jumps_up_per_year = 0
jumps_down_per_year = 0
change_60d_pct = 0
average_60d_jpy_per_usd = 162.6
[equity]
noise_pct = 0
vix_noise = 0
[rebalancing]
overhang_life_insurers = 0
overhang_megabanks = 0
overhang_regional_banks = 0
overhang_post_bank = 0
everyday_sd_usd_bn = 0
[dealers]
stressed_probability = 0
stress_trigger_bp = 100000
[carry_unwind]
fast_growth = 0
"#;

/// [`STILL`] with a day more.
pub(crate) fn still(more: &str) -> String {
    format!("{STILL}\n{more}")
}

/// One-day sale of normal(200, 50) at an elasticity of lognormal(20, 0.5), nothing else.
pub(crate) fn product() -> String {
    let body = format!(
        r#"
[impact]
transitory_bp_per_100bn = 0
lasting_bp_per_100bn = {{ lognormal = {{ median = 20, sigma = 0.5 }} }}
gdp_scaling = 0
market_usd_tn = 29
issuance_usd_bn_per_year = 0
{LOUD}
[[event]]
day = 1
official_sale = {{ amount_usd_bn = {{ normal = {{ mean = 200, sd = 50 }} }}, over_days = 1 }}
"#
    );
    still(&body).replace("title = \"Still\"", "title = \"Product\"\nhorizon = \"1w\"")
}

/// Every channel but the official sale muted.
pub(crate) const LOUD: &str = "[channels]\nrebalancing = false\ncarry_unwind = false\nintervention = false\ncontagion = false\nsafe_haven = false\njgb_spillover = false\nbackstop = false\n";
