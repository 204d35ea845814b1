//! `sensitivity.csv`, `tornado.csv` and `tail.csv`.

use super::{Analysis, Interval, Scope, Scoped, Worst};
use crate::model::Bad;
use crate::report::{Columns, Table, number};

/// What the rows of the tables are about.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// Scenario, or name of the given data.
    pub scenario: String,
    /// Name of the output.
    pub metric: String,
    /// Unit of the output; empty when it is not known.
    pub unit: String,
    /// Horizon; empty on given data.
    pub horizon: String,
    /// Name and unit of every input.
    pub inputs: Vec<(String, String)>,
    /// Whether the rows are paths of a run, which differ by their days too.
    pub simulated: bool,
    /// Which end of the output is the bad one.
    pub bad: Bad,
}

impl Subject {
    /// Unit of the output in a scope.
    fn unit_in(&self, scope: Scope) -> &str {
        if scope == Scope::ReachingWorst { "probability" } else { &self.unit }
    }

    /// What the tail at an end of the output is called.
    pub fn tail(&self, end: Worst) -> &'static str {
        match (self.bad, end) {
            (Bad::High, Worst::Highest) | (Bad::Low, Worst::Lowest) => "worst",
            (_, end) => end.name(),
        }
    }

    /// What the inputs leave, in rows: the days where they were measured, and what nothing explains.
    pub(super) fn rests(&self, scoped: &Scoped) -> Vec<(&'static str, Interval)> {
        match scoped.shocks {
            Some(shocks) => vec![("shocks", shocks), ("unexplained", scoped.unexplained())],
            None if self.simulated => vec![("shocks or unexplained", scoped.rest)],
            None => vec![("unexplained", scoped.rest)],
        }
    }

    fn start(&self, scoped: &Scoped, end: Worst) -> Vec<String> {
        let unit = self.unit_in(scoped.scope);
        let scope = scoped.scope.name(self.tail(end));
        let names = [&self.scenario, &self.metric, unit, &self.horizon, scope.as_str()];
        let mut row: Vec<String> = names.map(str::to_owned).into();
        row.push(scoped.rows.to_string());
        row
    }

    fn input(&self, input: usize) -> [String; 2] {
        let (name, unit) = &self.inputs[input];
        [name.clone(), unit.clone()]
    }
}

/// The columns that both tables of the inputs start with.
fn start() -> Columns {
    let columns = Columns::default().text(["scenario", "metric", "unit", "horizon", "scope"]);
    columns.count(["rows"]).text(["input", "input_unit"])
}

fn cells(interval: Interval) -> [String; 3] {
    [interval.value, interval.low, interval.high].map(number)
}

/// `sensitivity.csv`: a row per scope and input, the largest Shapley effect first, then what they leave.
pub fn shares(subject: &Subject, analysis: &Analysis) -> Vec<u8> {
    let mut columns = start();
    for measure in ["first_order", "total", "shapley", "rank"] {
        let name = if measure == "rank" { "rank_correlation" } else { measure };
        columns = columns.real([name]);
        columns = columns.real(["low95", "high95"].map(|end| format!("{measure}_{end}")));
    }
    let mut table = Table::new(columns);
    for scoped in &analysis.scopes {
        for input in scoped.ranking() {
            let effect = &scoped.effects[input];
            let mut row = subject.start(scoped, analysis.tail.end);
            row.extend(subject.input(input));
            let total = scoped.total(input);
            row.extend([effect.first, total, effect.shapley, effect.rank].map(cells).concat());
            table.row(row);
        }
        for (name, share) in subject.rests(scoped) {
            let mut row = subject.start(scoped, analysis.tail.end);
            row.extend([name.to_owned(), String::new()]);
            row.extend(std::iter::repeat_n(String::new(), 6));
            row.extend(cells(share));
            row.extend(std::iter::repeat_n(String::new(), 3));
            table.row(row);
        }
    }
    table.finish()
}

/// `tornado.csv`: a row per scope and input, the largest swing first.
pub fn tornado(subject: &Subject, analysis: &Analysis) -> Vec<u8> {
    let bars = [
        "p10",
        "p90",
        "mean_at_p10",
        "mean_at_p10_mcse",
        "mean_at_p90",
        "mean_at_p90_mcse",
        "swing",
        "swing_mcse",
    ];
    let mut table = Table::new(start().real(bars));
    for scoped in &analysis.scopes {
        let mut order: Vec<usize> = (0..scoped.effects.len()).collect();
        let size = |input: usize| {
            let size = scoped.effects[input].swing.swing.value.abs();
            if size.is_nan() { -1.0 } else { size }
        };
        order.sort_by(|a, b| size(*b).total_cmp(&size(*a)).then(a.cmp(b)));
        for input in order {
            let bar = &scoped.effects[input].swing;
            let mut row = subject.start(scoped, analysis.tail.end);
            row.extend(subject.input(input));
            row.extend([bar.p10, bar.p90].map(number));
            for estimate in [bar.at_p10, bar.at_p90, bar.swing] {
                row.extend([estimate.value, estimate.mcse].map(number));
            }
            table.row(row);
        }
    }
    table.finish()
}

/// `tail.csv`: where every input stands in the worst 5% (at the end of the output that it names), the most displaced first.
pub fn tail(subject: &Subject, analysis: &Analysis) -> Vec<u8> {
    let mut table = Table::new(
        Columns::default()
            .text(["scenario", "metric", "unit", "horizon"])
            .real(["edge_of_worst5"])
            .text(["input", "input_unit"])
            .real([
                "median",
                "worst5_median",
                "worst5_p10",
                "worst5_p90",
                "percentile_of_worst5_median",
                "percentile_low95",
                "percentile_high95",
            ])
            .text(["end"])
            .count(["rows"]),
    );
    let mut order: Vec<usize> = (0..analysis.placements.len()).collect();
    let moved = |input: usize| {
        let away = (analysis.placements[input].percentile.value - 0.5).abs();
        if away.is_nan() { -1.0 } else { away }
    };
    order.sort_by(|a, b| moved(*b).total_cmp(&moved(*a)).then(a.cmp(b)));
    for input in order {
        let place = &analysis.placements[input];
        let names = [&subject.scenario, &subject.metric, &subject.unit, &subject.horizon];
        let mut row: Vec<String> = names.map(String::clone).into();
        row.push(number(analysis.tail.edge));
        row.extend(subject.input(input));
        let values = [place.median, place.worst_median, place.worst_p10, place.worst_p90];
        row.extend(values.map(number));
        row.extend(cells(place.percentile));
        row.extend([analysis.tail.end.name().to_owned(), analysis.tail.rows.to_string()]);
        table.row(row);
    }
    table.finish()
}
