//! From what was written to what may run: a [`Plan`] holds all that is the same on every path of a scenario.

use super::CATALOGUE;
use super::events::EventPlan;
use super::metrics::{Horizon, Layout};
use super::priors::PRIORS;
use super::shocks::{self, Cholesky, FACTORS};
use super::studies::DRAWN;
use crate::num::rng::name_hash;
use crate::num::{Law, Marginal};
use crate::scenario::{Calendar, Priced, PricedPath, QuantityId, Scenario};

/// Why a scenario cannot run although its file is well formed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("scenario `{scenario}`: {key}: {problem}; {remedy}")]
pub struct PlanError {
    /// Name of the scenario.
    pub scenario: String,
    /// Key or keys at fault.
    pub key: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

/// A quantity that differs between paths.
#[derive(Debug, Clone)]
pub struct Uncertain {
    /// Which quantity.
    pub quantity: QuantityId,
    /// Hash of its address.
    pub name: u64,
    /// Its distribution.
    pub marginal: Marginal,
    /// Position in [`Plan::uncertain`] of the study whose number, from 1, is that of its component, where a prior draws
    /// studies.
    pub study: Option<usize>,
}

/// What is written down at the close of a step.
#[derive(Debug, Clone, Default)]
pub struct Readings {
    /// Horizons that fall on the step.
    pub horizons: Vec<usize>,
    /// Column of the fan chart.
    pub fan: Option<usize>,
    /// Month that ends with the step, for the flows.
    pub month: Option<usize>,
}

/// All that is the same on every path of a scenario.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Name of the scenario.
    pub name: String,
    /// Steps.
    pub steps: usize,
    /// Dates, meetings and period ends.
    pub calendar: Calendar,
    /// What the columns of a block mean.
    pub layout: Layout,
    /// Readings by step; index 0 is step 1.
    pub readings: Vec<Readings>,
    /// Values of all quantities; those that differ between paths hold 0.
    pub values: Vec<f64>,
    /// Quantities that differ between paths.
    pub uncertain: Vec<Uncertain>,
    /// Correlated normals: positions in `uncertain`, with the row of the Cholesky factor.
    pub correlated: Vec<(usize, Vec<f64>)>,
    /// Factor of the everyday shocks.
    pub cholesky: Cholesky,
    /// What is priced of the move of a meeting, bp, by step (0 without a meeting): BOJ, Fed.
    pub priced_bp: [Vec<f64>; 2],
    /// Events.
    pub events: Vec<EventPlan>,
    /// 1 for a channel that acts, 0 for a muted one.
    pub on: [f64; super::CHANNELS.len()],
}

impl Plan {
    /// Makes a scenario runnable.
    ///
    /// # Errors
    /// When the everyday correlations are uncertain or not positive definite, or those of the parameters are not.
    pub fn new(scenario: &Scenario) -> Result<Plan, PlanError> {
        let steps = scenario.horizon_days;
        let calendar = Calendar::new(scenario.start, steps);
        let layout = layout(scenario, &calendar);
        let readings = readings(&layout, &calendar, steps);
        let mut uncertain = Vec::new();
        let mut values = Vec::new();
        let believed = believed(scenario)?;
        for (quantity, written) in scenario.quantities.iter().enumerate() {
            let marginal = believed.known(scenario, quantity).unwrap_or(&written.marginal);
            values.push(marginal.constant().unwrap_or(0.0));
            if marginal.constant().is_none() {
                let name = name_hash(&written.address);
                let marginal = marginal.clone();
                uncertain.push(Uncertain { quantity, name, marginal, study: None });
            }
        }
        believed.choose(&mut uncertain);
        let mut on = [1.0; super::CHANNELS.len()];
        for (on, muted) in on.iter_mut().zip(&scenario.muted) {
            *on = if *muted { 0.0 } else { 1.0 };
        }
        Ok(Plan {
            name: scenario.name.clone(),
            steps,
            correlated: correlated(scenario, &uncertain)?,
            cholesky: everyday(scenario)?,
            priced_bp: priced_bp(scenario, &calendar),
            events: scenario.events.iter().enumerate().map(EventPlan::new).collect(),
            calendar,
            layout,
            readings,
            values,
            uncertain,
            on,
        })
    }

    /// Takes what `scenario`, which differs in constants, has priced anew: the paths, and the odds that follow from them.
    pub fn price(&mut self, scenario: &Scenario) {
        self.priced_bp = priced_bp(scenario, &self.calendar);
        for (value, quantity) in self.values.iter_mut().zip(&scenario.quantities) {
            let named = |priced: &Priced| {
                let (table, name) = priced.key;
                quantity.address.split_once('.') == Some((table, name))
            };
            if CATALOGUE.priced.iter().any(named) {
                *value = quantity.marginal.constant().unwrap_or(*value);
            }
        }
    }
}

/// Address of the number that says which study a path believes.
const STUDY: &str = "impact.study";

/// Which study a path believes, and the numbers that follow it: those that the prior names, as far as the layer that chose
/// the prior set them. A number that another layer wrote follows no study, whatever its shape.
#[derive(Debug, Default)]
struct Believed {
    /// Quantity of the study.
    study: QuantityId,
    followers: Vec<QuantityId>,
    /// Position of the study from 1, where it is known.
    known: Option<usize>,
}

/// Reads which study is believed.
fn believed(scenario: &Scenario) -> Result<Believed, PlanError> {
    let Some(prior) = PRIORS.iter().find(|prior| prior.name == scenario.prior) else {
        return Ok(Believed::default());
    };
    let follows = |id: &QuantityId| {
        let number = &scenario.quantities[*id];
        let key = number.address.strip_prefix("impact.").unwrap_or_default();
        number.by_prior && prior.by_study.contains(&key) && number.marginal.part(0).is_some()
    };
    let followers: Vec<QuantityId> = (0..scenario.quantities.len()).filter(follows).collect();
    let study = scenario.quantities.iter().position(|number| number.address == STUDY);
    let Some(study) = study.filter(|_| !followers.is_empty()) else {
        return Ok(Believed::default());
    };
    let marginal = &scenario.quantities[study].marginal;
    let possible: Option<Vec<f64>> = match (marginal.constant(), marginal.law()) {
        (Some(value), _) => Some(vec![value]),
        (None, Law::Discrete { values, .. }) => Some(values.clone()),
        _ => None,
    };
    let is_one = |value: &f64| value.fract() == 0.0 && (1.0..=DRAWN.len() as f64).contains(value);
    if !possible.iter().flatten().all(is_one) || possible.is_none() {
        return Err(PlanError {
            scenario: scenario.name.clone(),
            key: STUDY.to_owned(),
            problem: format!(
                "`{}` is no study of the prior `{}`, whose numbers follow it",
                scenario.quantities[study].written, prior.name
            ),
            remedy: format!(
                "write a whole number from 1 to {}, or a `discrete` distribution of such: {}",
                DRAWN.len(),
                DRAWN.join(", ")
            ),
        });
    }
    Ok(Believed { study, followers, known: marginal.constant().map(|value| value as usize) })
}

impl Believed {
    /// The component of a follower that a known study chooses.
    fn known<'s>(&self, scenario: &'s Scenario, quantity: QuantityId) -> Option<&'s Marginal> {
        let place = self.known.filter(|_| self.followers.contains(&quantity))?.checked_sub(1)?;
        scenario.quantities[quantity].marginal.part(place)
    }

    /// Lets a study that is drawn choose the components of its followers, so that R_T, P and the half-life come from the
    /// same one.
    fn choose(&self, uncertain: &mut [Uncertain]) {
        let study = uncertain.iter().position(|own| own.quantity == self.study);
        for own in uncertain.iter_mut().filter(|own| self.followers.contains(&own.quantity)) {
            own.study = study.filter(|_| self.known.is_none());
        }
    }
}

/// What is priced of the moves of both banks, by step.
fn priced_bp(scenario: &Scenario, calendar: &Calendar) -> [Vec<f64>; 2] {
    [
        by_step(&calendar.boj_meeting, scenario.priced.first()),
        by_step(&calendar.fomc_meeting, scenario.priced.get(1)),
    ]
}

/// What is priced of the meetings' moves, at their steps.
fn by_step(meetings: &[bool], priced: Option<&PricedPath>) -> Vec<f64> {
    let mut moves = priced.into_iter().flat_map(|path| path.moves_bp.iter().copied());
    let mut at = |meets: bool| if meets { moves.next().unwrap_or(0.0) } else { 0.0 };
    meetings.iter().map(|meets| at(*meets)).collect()
}

/// Horizons, fan days and months of a scenario.
fn layout(scenario: &Scenario, calendar: &Calendar) -> Layout {
    let steps = scenario.horizon_days;
    let date = |day: usize| calendar.date(day).map(|date| date.to_string()).unwrap_or_default();
    let mut marks: Vec<(String, usize)> =
        [("1d", 1), ("1w", 5), ("1m", 21), ("3m", 63), ("6m", 126), ("12m", 252)]
            .map(|(label, day)| (label.to_owned(), day))
            .to_vec();
    marks.extend((2..=5).map(|year| (format!("{year}y"), 252 * year)));
    marks.retain(|(_, day)| *day <= steps);
    marks.push(("end".to_owned(), steps));
    let mut horizons: Vec<Horizon> = marks
        .into_iter()
        .map(|(label, day)| Horizon { label, day: Some(day), date: date(day) })
        .collect();
    for label in ["peak", "trough"] {
        horizons.push(Horizon { label: label.to_owned(), day: None, date: String::new() });
    }
    if let Some(first) = scenario.events.iter().filter_map(|event| event.fixed_day).min() {
        for (label, after) in [("event+1d", 1), ("event+1w", 5)] {
            let day = first + after;
            if day <= steps {
                horizons.push(Horizon { label: label.to_owned(), day: Some(day), date: date(day) });
            }
        }
    }
    let mut fan: Vec<usize> = (1..=steps).filter(|day| day % 5 == 0).collect();
    fan.extend(horizons.iter().filter_map(|horizon| horizon.day));
    fan.sort_unstable();
    fan.dedup();
    Layout {
        horizons,
        fan: fan.into_iter().map(|day| (day, date(day))).collect(),
        months: calendar.months.clone(),
        quantities: scenario.quantities.len(),
    }
}

/// What is written down at each step.
fn readings(layout: &Layout, calendar: &Calendar, steps: usize) -> Vec<Readings> {
    let mut readings = vec![Readings::default(); steps];
    for (index, horizon) in layout.horizons.iter().enumerate() {
        if let Some(day) = horizon.day {
            readings[day - 1].horizons.push(index);
        }
    }
    for (index, (day, _)) in layout.fan.iter().enumerate() {
        readings[day - 1].fan = Some(index);
    }
    for step in 1..=steps {
        let month = calendar.month_index[step - 1];
        if step == steps || calendar.month_index[step] != month {
            readings[step - 1].month = Some(month);
        }
    }
    readings
}

/// Lower Cholesky factor of a correlation matrix, if it is positive definite.
fn cholesky(matrix: nalgebra::DMatrix<f64>) -> Option<nalgebra::DMatrix<f64>> {
    nalgebra::linalg::Cholesky::new(matrix).map(|factor| factor.l())
}

/// The factor of the everyday shocks.
fn everyday(scenario: &Scenario) -> Result<Cholesky, PlanError> {
    let error = |key: String, problem: &str, remedy: &str| PlanError {
        scenario: scenario.name.clone(),
        key,
        problem: problem.to_owned(),
        remedy: remedy.to_owned(),
    };
    let mut matrix = nalgebra::DMatrix::identity(FACTORS, FACTORS);
    let first = CATALOGUE.declarations().position(|known| known.table == "shocks").unwrap_or(0);
    let written = &scenario.quantities[first..first + shocks::DECLARATIONS.len()];
    let mut entries = written.iter();
    for row in 0..FACTORS {
        for column in row + 1..FACTORS {
            let Some(entry) = entries.next() else { continue };
            let Some(rho) = entry.marginal.constant() else {
                return Err(error(
                    entry.address.clone(),
                    "a correlation of everyday shocks must be a constant",
                    "write one number",
                ));
            };
            matrix[(row, column)] = rho;
            matrix[(column, row)] = rho;
        }
    }
    let factor = cholesky(matrix).ok_or_else(|| {
        error(
            "shocks.corr_*".to_owned(),
            "the correlations of everyday shocks are not positive definite",
            "bring them closer to 0, or leave them at their defaults",
        )
    })?;
    let mut rows = [[0.0; FACTORS]; FACTORS];
    for (row, values) in rows.iter_mut().enumerate() {
        for (column, value) in values.iter_mut().enumerate() {
            *value = factor[(row, column)];
        }
    }
    Ok(rows)
}

/// The factor of the correlated quantities.
fn correlated(
    scenario: &Scenario,
    uncertain: &[Uncertain],
) -> Result<Vec<(usize, Vec<f64>)>, PlanError> {
    let place = |quantity: QuantityId| uncertain.iter().position(|u| u.quantity == quantity);
    let pairs: Vec<(usize, usize, f64)> = scenario
        .correlations
        .iter()
        .filter_map(|pair| Some((place(pair.a)?, place(pair.b)?, pair.rho)))
        .collect();
    let mut places: Vec<usize> = pairs.iter().flat_map(|(a, b, _)| [*a, *b]).collect();
    places.sort_unstable();
    places.dedup();
    let size = places.len();
    let mut matrix = nalgebra::DMatrix::identity(size, size);
    for (a, b, rho) in pairs {
        let of = |place| places.iter().position(|known| *known == place).unwrap_or(0);
        matrix[(of(a), of(b))] = rho;
        matrix[(of(b), of(a))] = rho;
    }
    let factor = cholesky(matrix).ok_or_else(|| PlanError {
        scenario: scenario.name.clone(),
        key: "correlation".to_owned(),
        problem: "the correlations of the parameters are not positive definite".to_owned(),
        remedy: "bring them closer to 0".to_owned(),
    })?;
    Ok((0..size)
        .map(|row| (places[row], (0..=row).map(|column| factor[(row, column)]).collect()))
        .collect())
}
