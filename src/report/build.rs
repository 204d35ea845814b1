//! The report of a scenario as plain data, read off its tally once.

use super::sales::{SaleFacts, unsold};
use crate::model::{CHANNELS, HOLDERS, Horizon, IMPACT_10Y, Layout, METRICS, study};
use crate::scenario::{Event, Quantity, Scenario};
use crate::stats::{
    Attribution, Check, Column, Estimate, Keep, Outside, PROBABILITIES, Ranks, StopRule, Tally,
    Unsold, attribute, mean, proportion, standard_deviation,
};
use serde::Serialize;

/// Most bars of the 10-year impact in `histogram.csv`, and of any other metric.
pub(super) const IMPACT_BARS: usize = 200;
pub(super) const OTHER_BARS: usize = 60;

/// What a report says about a scenario.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Name.
    pub name: String,
    /// Title.
    pub title: String,
    /// What happens, in a few sentences.
    pub story: String,
    /// Document the idea comes from.
    pub origin: Option<String>,
    /// Parents, nearest first.
    pub parents: Vec<String>,
    /// ISO date of the first step.
    pub start: String,
    /// Number of daily steps.
    pub horizon_days: usize,
    /// Name of the elasticity prior.
    pub prior: String,
    /// Every resolved number.
    pub quantities: Vec<Appearance>,
    /// Correlations between the normals of two numbers.
    pub correlations: Vec<(String, String, f64)>,
    /// Muted channels.
    pub muted_channels: Vec<&'static str>,
    /// Events.
    pub events: Vec<EventFacts>,
    /// What a reader must know beyond the definitions.
    pub notes: Vec<String>,
    /// Paths that ran.
    pub paths: u64,
    /// Label and date of the horizons.
    #[serde(skip)]
    pub horizons: Vec<Horizon>,
    /// Every metric at every horizon: horizon by horizon, in the order of the metrics.
    #[serde(skip)]
    pub distributions: Vec<Distribution>,
    /// The 10-year impact taken apart, one entry a horizon.
    #[serde(skip)]
    pub attribution: Vec<Attribution>,
    /// Net sales.
    #[serde(skip)]
    pub flows: Vec<FlowRow>,
    /// Quantiles over time.
    #[serde(skip)]
    pub fan: Vec<FanPoint>,
    /// Paths behind the fan.
    pub fan_paths: u64,
    /// Outcomes and draws of the first paths.
    #[serde(skip)]
    pub kept: KeptPaths,
    /// Paths that left the world that the model knows; none when none were simulated.
    #[serde(skip)]
    pub outside: Option<Outside>,
    /// The stopping rule and what it saw at every check.
    #[serde(skip)]
    pub checks: Option<(StopRule, Vec<Check>)>,
}

/// A number of the scenario as the manifest shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Appearance {
    /// Address.
    pub address: String,
    /// Value as written.
    pub value: String,
    /// Unit.
    pub unit: String,
    /// Source, or `unsourced`.
    pub source: String,
    /// Layer that set it.
    pub layer: String,
    /// The day that a level of the market is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dated: Option<String>,
}

/// An event as the manifest shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventFacts {
    /// Kind.
    pub kind: &'static str,
    /// Name given in the file.
    pub name: Option<String>,
    /// Step as written.
    pub day: String,
    /// Step, when it is certain.
    pub fixed_day: Option<usize>,
    /// Probability as written.
    pub probability: String,
    /// Addresses of its numbers.
    pub numbers: Vec<String>,
    /// Words, in the order of the kind's word fields.
    pub words: Vec<Option<&'static str>>,
    /// Flags, in the order of the kind's flag fields.
    pub flags: Vec<bool>,
    /// What became of a sale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sale: Option<SaleFacts>,
}

/// A metric at a horizon.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    /// Quantiles at [`PROBABILITIES`].
    pub quantiles: Vec<Estimate>,
    /// Mean.
    pub mean: Estimate,
    /// Standard deviation.
    pub sd: Estimate,
    /// Mean of the upper 5%.
    pub es95: Estimate,
    /// Mean of the upper 1%.
    pub es99: Estimate,
    /// Shares of the paths at or above 20, 50, 100 and between 20 and 50; only for impacts.
    pub shares: Option<[Estimate; 4]>,
    /// Bars of the histogram, lowest first.
    pub bars: Vec<Bar>,
    /// Paths beyond the last bin.
    pub beyond: u64,
}

/// A bar of a histogram.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// Lower edge.
    pub low: f64,
    /// Upper edge.
    pub high: f64,
    /// Paths.
    pub count: u64,
}

/// Net sales of a holder in a month, USD bn.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowRow {
    /// Holder.
    pub holder: &'static str,
    /// Calendar month.
    pub month: String,
    /// Mean, 5%, 50% and 95% quantile.
    pub values: [f64; 4],
}

/// A fan metric on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct FanPoint {
    /// Position of the metric.
    pub metric: usize,
    /// Step.
    pub day: usize,
    /// ISO date.
    pub date: String,
    /// Quantiles at 5, 25, 50, 75 and 95%.
    pub values: [f64; 5],
}

/// The first paths, one row each.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct KeptPaths {
    /// What the first columns are: outcomes.
    pub outcomes: Vec<String>,
    /// Addresses of the drawn quantities, the last columns.
    pub draws: Vec<String>,
    /// Path and its numbers: outcomes, then draws.
    pub rows: Vec<(u64, Vec<f64>)>,
}

impl Distribution {
    /// Reads a metric at a horizon off a tally.
    pub fn new(tally: &Tally, horizon: usize, metric: usize) -> Self {
        let (cell, measure) = (tally.cell(horizon, metric), tally.measure(metric));
        let ranks = Ranks::new(&measure.grid, &cell.bins);
        let count = cell.moments.count();
        let [twenty, fifty, hundred] = cell.at_least;
        let shares = [twenty, fifty, hundred, twenty - fifty].map(|hits| proportion(hits, count));
        Distribution {
            quantiles: PROBABILITIES.iter().map(|p| ranks.quantile_estimate(*p)).collect(),
            mean: mean(&cell.moments, &measure.quantiser),
            sd: standard_deviation(&cell.moments, &measure.quantiser, &ranks),
            es95: ranks.shortfall(20),
            es99: ranks.shortfall(100),
            shares: measure.levels.then_some(shares),
            bars: bars(tally, horizon, metric),
            beyond: cell.bins.beyond(&measure.grid),
        }
    }
}

impl Report {
    /// Reads a scenario's report off its tally.
    pub fn new(scenario: &Scenario, tally: &Tally) -> Self {
        let layout = tally.layout();
        let address = |id: usize| address(scenario, id);
        let correlations = scenario.correlations.iter();
        let mut report = Report {
            name: scenario.name.clone(),
            title: scenario.title.clone(),
            story: scenario.story.clone(),
            origin: scenario.origin.clone(),
            parents: scenario.parents.clone(),
            start: scenario.start.to_string(),
            horizon_days: scenario.horizon_days,
            prior: scenario.prior.clone(),
            quantities: scenario.quantities.iter().map(appearance).collect(),
            correlations: correlations.map(|c| (address(c.a), address(c.b), c.rho)).collect(),
            muted_channels: muted(scenario),
            events: scenario
                .events
                .iter()
                .enumerate()
                .map(|(index, event)| facts(event, scenario, tally.sale(index)))
                .collect(),
            notes: Vec::new(),
            paths: tally.paths(),
            horizons: layout.horizons.clone(),
            distributions: distributions(layout, tally),
            attribution: (0..layout.horizons.len()).map(|h| attribute(tally, h)).collect(),
            flows: flow_rows(layout, tally),
            fan: fan_points(layout, tally),
            fan_paths: tally.fan().paths() as u64,
            kept: kept_paths(scenario, tally),
            outside: (tally.paths() > 0).then(|| tally.outside().clone()),
            checks: None,
        };
        report.notes = notes(&report, tally);
        report
    }

    /// The same with what a stopping rule saw.
    #[must_use]
    pub fn checked(mut self, rule: Option<&StopRule>, checks: Vec<Check>) -> Self {
        self.checks = rule.map(|rule| (rule.clone(), checks));
        self
    }

    /// A metric at a horizon.
    pub fn at(&self, horizon: usize, metric: usize) -> Option<&Distribution> {
        self.distributions.get(horizon * METRICS.len() + metric)
    }

    /// The 10-year impact at the horizon with this label.
    pub fn impact(&self, label: &str) -> Option<&Distribution> {
        self.at(self.horizon(label)?, IMPACT_10Y)
    }

    /// Position of the horizon with this label.
    pub fn horizon(&self, label: &str) -> Option<usize> {
        self.horizons.iter().position(|horizon| horizon.label == label)
    }
}

fn address(scenario: &Scenario, id: usize) -> String {
    scenario.quantities.get(id).map(|quantity| quantity.address.clone()).unwrap_or_default()
}

/// The kept paths, where what `paths.csv` shows was kept.
fn kept_paths(scenario: &Scenario, tally: &Tally) -> KeptPaths {
    let (layout, kept) = (tally.layout(), tally.kept_columns());
    let shown = Keep::outcomes(layout, kept.paths).columns;
    if !kept.columns.starts_with(&shown) {
        return KeptPaths::default();
    }
    let mut found = KeptPaths { rows: tally.kept().rows(), ..KeptPaths::default() };
    for (_, row) in &mut found.rows {
        row.truncate(shown.len());
    }
    for column in &shown {
        match *column {
            Column::Metric { horizon, metric } => {
                let label = layout.horizons[horizon].label.as_str();
                let prefix = if label == "end" { String::new() } else { format!("{label}_") };
                found.outcomes.push(format!("{prefix}{}", METRICS[metric].name));
            }
            Column::Channel { channel, .. } => {
                found.outcomes.push(format!("{}_bp", CHANNELS[channel]));
            }
            Column::Draw(id) => found.draws.push(address(scenario, id)),
            Column::Flow { month, holder } => {
                found.outcomes.push(format!("{}_{}", HOLDERS[holder], layout.months[month]));
            }
        }
    }
    found
}

fn appearance(quantity: &Quantity) -> Appearance {
    Appearance {
        address: quantity.address.clone(),
        value: quantity.written.clone(),
        unit: quantity.unit.to_owned(),
        source: quantity.source.clone(),
        layer: quantity.layer.clone(),
        dated: quantity.dated.map(|date| date.to_string()),
    }
}

fn muted(scenario: &Scenario) -> Vec<&'static str> {
    let flags = scenario.muted.iter().zip(CHANNELS);
    flags.filter(|(muted, _)| **muted).map(|(_, channel)| *channel).collect()
}

fn facts(event: &Event, scenario: &Scenario, sale: Option<&Unsold>) -> EventFacts {
    let quantity = |id: usize| scenario.quantities.get(id);
    let written = |id: usize| quantity(id).map(|found| found.written.clone()).unwrap_or_default();
    let addresses = event.numbers.iter().filter_map(|id| quantity(*id));
    EventFacts {
        kind: event.kind,
        name: event.name.clone(),
        day: written(event.day),
        fixed_day: event.fixed_day,
        probability: written(event.probability),
        numbers: addresses.map(|quantity| quantity.address.clone()).collect(),
        words: event.words.clone(),
        flags: event.flags.clone(),
        sale: sale.map(SaleFacts::new),
    }
}

fn notes(report: &Report, tally: &Tally) -> Vec<String> {
    let mut notes: Vec<String> = unsold(report).collect();
    for (index, distribution) in report.distributions.iter().enumerate() {
        let (metric, horizon) = (index % METRICS.len(), index / METRICS.len());
        let name = METRICS[metric].name;
        let label = &report.horizons[horizon].label;
        if distribution.beyond > 0 {
            let paths = distribution.beyond;
            notes.push(format!("{name} at {label}: {paths} paths lie beyond the last bin; quantiles and shortfalls that reach them show its edge"));
        }
        let clamped = tally.cell(horizon, metric).moments.clamped();
        if clamped > 0 {
            notes.push(format!("{name} at {label}: {clamped} values were too large for the sums and clamped; mean and sd are too small"));
        }
    }
    if let Some(study) = study(&report.prior).filter(|study| study.other_tenor()) {
        let (name, tenor) = (study.name, study.tenor);
        notes.push(format!(
            "the prior {name} was measured on the {tenor}, and is used for the nominal 10-year: {}",
            study.approximated
        ));
    }
    let unsourced = report.quantities.iter().filter(|quantity| quantity.source == "unsourced");
    let unsourced = unsourced.count();
    if unsourced > 0 {
        notes.push(format!("{unsourced} numbers are unsourced"));
    }
    notes
}

fn distributions(layout: &Layout, tally: &Tally) -> Vec<Distribution> {
    let horizons = 0..layout.horizons.len();
    let cells =
        horizons.flat_map(|horizon| (0..METRICS.len()).map(move |metric| (horizon, metric)));
    cells.map(|(horizon, metric)| Distribution::new(tally, horizon, metric)).collect()
}

/// Runs of neighbouring bins, as long as needed for few enough bars; the bin of the centre stays alone.
fn bars(tally: &Tally, horizon: usize, metric: usize) -> Vec<Bar> {
    let most = if metric == IMPACT_10Y { IMPACT_BARS } else { OTHER_BARS };
    let bins = &tally.cell(horizon, metric).bins;
    let grid = &tally.measure(metric).grid;
    let mut run = 1;
    let group =
        |bin: i32, run: i32| if bin == 0 { 0 } else { bin.signum() * ((bin.abs() - 1) / run + 1) };
    loop {
        let mut bars: Vec<(i32, Bar)> = Vec::new();
        for (bin, count) in bins.filled() {
            let key = group(bin, run);
            match bars.last_mut() {
                Some((last, bar)) if *last == key => bar.count += count,
                _ => {
                    let inner = key.signum() * ((key.abs() - 1) * run + 1);
                    let outer = key.signum() * (key.abs() * run).min(grid.open_bin());
                    let (a, b) = (grid.edges(inner), grid.edges(outer));
                    bars.push((key, Bar { low: a.0.min(b.0), high: a.1.max(b.1), count }));
                }
            }
            if bars.len() > most {
                break;
            }
        }
        if bars.len() <= most || run as usize >= grid.per_octave() {
            return bars.into_iter().map(|(_, bar)| bar).collect();
        }
        run *= 2;
    }
}

fn flow_rows(layout: &Layout, tally: &Tally) -> Vec<FlowRow> {
    let measure = tally.flow_measure();
    let mut rows = Vec::with_capacity(layout.months.len() * HOLDERS.len());
    for (holder, name) in HOLDERS.iter().enumerate() {
        for (month, label) in layout.months.iter().enumerate() {
            let cell = tally.flow(month, holder);
            let ranks = Ranks::new(&measure.grid, &cell.bins);
            let [low, middle, high] = [0.05, 0.5, 0.95].map(|p| ranks.quantile(p));
            let values = [cell.moments.mean(&measure.quantiser), low, middle, high];
            rows.push(FlowRow { holder: name, month: label.clone(), values });
        }
    }
    rows
}

fn fan_points(layout: &Layout, tally: &Tally) -> Vec<FanPoint> {
    let metrics: Vec<usize> = (0..METRICS.len()).filter(|metric| METRICS[*metric].fan).collect();
    let mut points = Vec::with_capacity(metrics.len() * layout.fan.len());
    for (column, &metric) in metrics.iter().enumerate() {
        for (index, (day, date)) in layout.fan.iter().enumerate() {
            let mut values = tally.fan().column(index * metrics.len() + column);
            values.retain(|value| value.is_finite());
            values.sort_by(f32::total_cmp);
            let values = [0.05, 0.25, 0.5, 0.75, 0.95].map(|p| sorted_quantile(&values, p));
            points.push(FanPoint { metric, day: *day, date: date.clone(), values });
        }
    }
    points
}

/// The quantile by R7 of sorted values.
fn sorted_quantile(sorted: &[f32], probability: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let position = probability * last as f64;
    let rank = position as usize;
    let low = f64::from(sorted[rank]);
    low + (position - rank as f64) * (f64::from(sorted[(rank + 1).min(last)]) - low)
}
