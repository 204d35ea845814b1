//! Estimates from a folder of data: volatilities, correlations, jumps, responses, hedge cost and pickup, flows.
//!
//! Each [`Estimate`] carries its standard error, sample and number of observations, and the number of the model that it
//! speaks to, if any. [`overlay`] writes those that the data support as a scenario file over `baseline`. What the data
//! cannot tell is said in plain sentences ([`Calibration::cannot_tell`]), and such a number is not set.
//!
//! Standard errors are Newey–West's (see [`regression`]) unless the method says otherwise. Nothing here is random.

pub mod decisions;
pub mod flows;
pub mod jumps;
mod months;
mod overlay;
mod panel;
pub mod pickup;
pub mod projections;
pub mod regression;
pub mod responses;
pub mod returns;
mod tables;
mod terminal;

pub use overlay::overlay;
pub use pickup::PickupMonth;
pub use projections::Projection;
pub use regression::{Regression, RegressionError, out_of_sample, standard_error, usual_lags};
pub use returns::positive_definite;
pub use tables::{calibration_table, definitions, pickup_table, projections_table};
pub use terminal::terminal;

use crate::data::DataSet;
use crate::scenario::Catalogue;
use std::collections::BTreeMap;
use time::{Date, Month};

/// First day of the sample when none is given.
pub const DEFAULT_FROM: (i32, u8, u8) = (2022, 1, 1);

/// The days of the sample, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// Numbers that every estimate carries.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// First date used.
    pub from: Date,
    /// Last date used.
    pub to: Date,
    /// Number of observations.
    pub observations: usize,
    /// Files that the series were read from.
    pub files: Vec<String>,
}

/// An estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Name, for example `sd.ust_10y`.
    pub name: String,
    /// Unit.
    pub unit: &'static str,
    /// Value.
    pub value: f64,
    /// Standard error; none where there is no rule for one.
    pub standard_error: Option<f64>,
    /// How it was estimated.
    pub method: String,
    /// Sample.
    pub sample: Sample,
    /// R² in the sample, of regressions.
    pub r_squared: Option<f64>,
    /// R² out of the sample, of regressions.
    pub out_of_sample: Option<f64>,
    /// The number of the model that it speaks to.
    pub key: Option<String>,
    /// What the scenario overlay writes there, as TOML; none where the data do not support it.
    pub setting: Option<String>,
    /// What a reader must know.
    pub note: String,
}

impl Estimate {
    /// An estimate without a number of the model.
    pub(crate) fn new(
        name: impl Into<String>,
        unit: &'static str,
        (value, standard_error): (f64, Option<f64>),
        method: impl Into<String>,
        sample: Sample,
    ) -> Self {
        Estimate {
            name: name.into(),
            unit,
            value,
            standard_error: standard_error.filter(|error| error.is_finite()),
            method: method.into(),
            sample,
            r_squared: None,
            out_of_sample: None,
            key: None,
            setting: None,
            note: String::new(),
        }
    }

    /// The number of the model it speaks to, not set.
    pub(crate) fn about(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// The number of the model it sets, to this.
    pub(crate) fn sets(self, key: impl Into<String>, value: f64) -> Self {
        let setting = value.is_finite().then(|| written(value));
        Estimate { setting, ..self.about(key) }
    }

    /// What a reader must know.
    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}

/// A number of the overlay: five significant digits.
pub(crate) fn written(value: f64) -> String {
    let rounded = format!("{value:.4e}").parse::<f64>().unwrap_or(value);
    format!("{}", rounded + 0.0)
}

/// All estimates of a data set.
#[derive(Debug, Clone)]
pub struct Calibration {
    /// Sample asked for.
    pub window: Window,
    /// Estimates, family by family.
    pub estimates: Vec<Estimate>,
    /// History of hedge cost and pickup, month by month, over all the data.
    pub pickup: Vec<PickupMonth>,
    /// Local projections.
    pub projections: Vec<Projection>,
    /// What the data cannot tell, and why.
    pub cannot_tell: Vec<String>,
    /// Default of each number of the model as TOML, by address.
    pub defaults: BTreeMap<String, String>,
}

/// What the families of estimates are collected in.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// Estimates.
    pub(crate) estimates: Vec<Estimate>,
    /// What cannot be told.
    pub(crate) cannot_tell: Vec<String>,
}

impl Findings {
    /// Takes an estimate, or the reason why there is none.
    pub(crate) fn take(&mut self, what: &str, found: Result<Vec<Estimate>, String>) {
        match found {
            Ok(estimates) => self.estimates.extend(estimates),
            Err(why) => self.cannot_tell.push(format!("{what}: {why}.")),
        }
    }
}

/// Leaves out settings beyond the hard range of their number: the file would not load.
fn keep_in_range(estimates: &mut [Estimate], catalogue: &Catalogue) {
    for estimate in estimates {
        let key = estimate.key.as_deref().and_then(|key| key.split_once('.'));
        let Some((table, name)) = key else { continue };
        let known =
            catalogue.declarations().find(|known| (known.table, known.name) == (table, name));
        let value = estimate.setting.as_ref().and_then(|text| text.parse::<f64>().ok());
        let (Some(known), Some(value)) = (known, value) else { continue };
        if !(known.low..=known.high).contains(&value) {
            estimate.setting = None;
            estimate.note = format!(
                "not set: outside {} to {}, the range of the number",
                known.low, known.high
            );
        }
    }
}

/// Days on which DGS30 is an estimated long rate: no 30-year bond was issued (FRED, notes on DGS30).
const WITHOUT_BOND: [(i32, Month, u8); 2] =
    [(2002, Month::February, 19), (2006, Month::February, 8)];

/// Says so where the window touches the years without a 30-year bond.
fn estimated_long_rate(set: &DataSet, window: Window) -> Option<String> {
    let day = |(year, month, day)| Date::from_calendar_date(year, month, day).ok();
    let (first, last) = (day(WITHOUT_BOND[0])?, day(WITHOUT_BOND[1])?);
    let inside = |date: &Date| (first.max(window.from)..=last.min(window.to)).contains(date);
    let days = set.series.get("DGS30")?.points.iter().filter(|(date, _)| inside(date)).count();
    (days > 0).then(|| {
        format!(
            "the UST 30-year from {first} to {last}: no bond was issued, and DGS30 is an estimated long rate on {days} days of \
             the window, so estimates with ust_30y or ust30 in their names are partly those of the estimate; --from \
             2006-02-09 leaves it out."
        )
    })
}

/// Estimates what the data allow. The numbers of the model are those of the catalogue.
pub fn calibrate(set: &DataSet, window: Window, catalogue: &Catalogue) -> Calibration {
    let defaults: BTreeMap<String, String> = catalogue
        .declarations()
        .filter_map(|known| {
            Some((format!("{}.{}", known.table, known.name), known.default?.to_owned()))
        })
        .collect();
    let mut findings = Findings::default();
    returns::volatilities(set, window, &mut findings);
    let diffusion_share = jumps::yen(set, window, &mut findings);
    jumps::fiscal(set, window, &mut findings);
    returns::correlations(set, window, diffusion_share, &defaults, &mut findings);
    responses::responses(set, window, &mut findings);
    let pickup = pickup::history(set, &mut findings);
    pickup::levels(&pickup, window, &mut findings);
    flows::flows(set, &pickup, window, &mut findings);
    let projections = projections::projections(set, window, &mut findings);
    let Findings { mut estimates, mut cannot_tell } = findings;
    cannot_tell.extend(estimated_long_rate(set, window));
    keep_in_range(&mut estimates, catalogue);
    Calibration { window, estimates, pickup, projections, cannot_tell, defaults }
}
