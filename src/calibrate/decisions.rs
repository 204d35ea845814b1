//! Days on which a central bank decided, and the regressions on them.
//!
//! Days are those of a file (`meetings.fed`, `meetings.boj`). Without one, FOMC days are those of a change of the rate, seen
//! in the effective rate r (FRED DFF, weekdays):
//!
//! ```text
//! step on weekday t:  |r_t − r_{t−1}| ≥ 12.5 bp  and  |median(r_t … r_{t+4}) − median(r_{t−5} … r_{t−1})| ≥ 12.5 bp,
//!                     both of one sign; of steps within five weekdays the largest
//! decision:           the last day before t that has a UST 2-year yield
//! ```
//!
//! The size is half of the usual change of 25 bp; the medians leave out the ends of months, which last a day. A step first
//! seen on a Monday is left out: whether the decision fell on the Friday or at the weekend (15 March 2020) is not to be
//! seen. The rule holds from 2009, when the target became a range that the rate kept to; before, the rate made several such
//! steps for each decision. The last change of 2008 (16 December) came after the rate had fallen, so there is no step.
//!
//! BOJ days are those outside yield curve control, under which the same meetings moved the band of the 10-year: such a move
//! (20 December 2022) is no response to the short rate.
//!
//! A decision on a day without a market counts on the next day with one. Errors are HC3: the days are few and far apart.

use super::panel::{Panel, distinct, files};
use super::regression::{Regression, out_of_sample};
use super::{Estimate, Window};
use crate::data::DataSet;
use time::{Date, Month, Weekday};

/// Smallest step that counts, % (assumption: half of the usual change).
const STEP_PCT: f64 = 0.125;

/// Rounding of rates that are printed with two decimals, %.
const ROUNDING_PCT: f64 = 1e-9;

/// Weekdays whose median is the level before and after.
const LEVEL_DAYS: usize = 5;

/// First year of the rule.
const FIRST_YEAR: i32 = 2009;

/// Most days from a decision to the next day with a market: a weekend with holidays.
const WAIT: i64 = 4;

/// Fewest days for a regression (assumption).
const FEWEST: usize = 8;

/// Fewest days with which the overlay sets a number (assumption), and how often the value must hold its error: the error is
/// at most a quarter (assumption).
const FEWEST_TO_SET: usize = 15;
const ERRORS_TO_SET: f64 = 4.0;

/// First and last day of yield curve control (Bank of Japan, statements of these days).
const YIELD_CURVE_CONTROL: [(i32, Month, u8); 2] =
    [(2016, Month::September, 21), (2024, Month::March, 19)];

/// Days of decisions.
pub(super) struct Decisions {
    days: Vec<Date>,
    files: Vec<String>,
    /// What days they are.
    pub(super) what: &'static str,
    /// Whether a file names them.
    pub(super) listed: bool,
}

impl Decisions {
    /// Those that a file lists.
    fn listed(set: &DataSet, name: &str, what: &'static str) -> Option<Self> {
        let series = set.series.get(name)?;
        let days = series.points.iter().map(|(date, _)| *date).collect();
        Some(Decisions { days, files: files(series), what, listed: true })
    }

    /// Those of the Bank of Japan.
    pub(super) fn boj(set: &DataSet) -> Option<Self> {
        let what = "days of BOJ decisions outside yield curve control";
        let mut found = Decisions::listed(set, "meetings.boj", what)?;
        let day = |(year, month, day)| Date::from_calendar_date(year, month, day).ok();
        let [first, last] = YIELD_CURVE_CONTROL.map(day);
        found.days.retain(|day| Some(*day) < first || Some(*day) > last);
        Some(found)
    }

    /// Those of the Fed: listed, or seen in the effective rate.
    pub(super) fn fed(set: &DataSet) -> Option<Self> {
        let listed = Decisions::listed(set, "meetings.fed", "days of FOMC decisions");
        listed.or_else(|| {
            let (rate, two) = (set.series.get("DFF")?, set.series.get("DGS2")?);
            let before = |step: Date| Some(two.until(step.previous_day()?)?.0);
            Some(Decisions {
                days: steps(&rate.points).into_iter().filter_map(before).collect(),
                files: files(rate),
                what: "days on which the FOMC changed its rate, seen in DFF",
                listed: false,
            })
        })
    }

    /// Number of decisions within a window.
    pub(super) fn count(&self, window: Window) -> usize {
        self.days.iter().filter(|day| **day >= window.from && **day <= window.to).count()
    }

    /// Whether each change of a panel is that of a decision.
    fn marks(&self, panel: &Panel) -> Vec<bool> {
        let mut marks = vec![false; panel.dates.len()];
        for day in &self.days {
            let place = panel.dates.partition_point(|date| date < day);
            // The first change may span the days before it.
            let found = panel.dates.get(place).filter(|_| panel.before(place) < *day);
            if found.is_some_and(|date| (*date - *day).whole_days() <= WAIT) {
                marks[place] = true;
            }
        }
        marks
    }

    /// The coefficient on the regressor on these days, beside that of all other days.
    ///
    /// # Errors
    /// Too few days.
    pub(super) fn response(
        &self,
        panel: &Panel,
        (name, unit): (&str, &'static str),
        y: &[f64],
        x: &[f64],
    ) -> Result<Estimate, String> {
        let marks = self.marks(panel);
        let count = marks.iter().filter(|mark| **mark).count();
        if count < FEWEST {
            return Err(format!("{count} {} in the window, {FEWEST} needed", self.what));
        }
        let on = |wanted: bool| {
            let kept = (0..y.len()).filter(|t| marks[*t] == wanted);
            kept.map(|t| (vec![1.0, x[t]], y[t])).unzip::<_, _, Vec<_>, Vec<_>>()
        };
        let (rows, target) = on(true);
        let fit = Regression::fit(&rows, &target).map_err(|error| error.to_string())?;
        let (rest, others) = on(false);
        let other = Regression::fit(&rest, &others).map_err(|error| error.to_string())?;
        let (value, error) = (fit.coefficients[1], fit.hc3(1));
        let (usual, own) = (other.coefficients[1], other.hc3(1));
        let apart = (value - usual) / (error * error + own * own).sqrt();
        let mut sample = panel.sample_of(|t| marks[t]);
        sample.files = distinct(sample.files.into_iter().chain(self.files.iter().cloned()));
        let method = format!("least squares with a constant on {}, HC3", self.what);
        let mut estimate = Estimate::new(name, unit, (value, Some(error)), method, sample);
        estimate.r_squared = Some(fit.r_squared);
        estimate.out_of_sample = out_of_sample(&rows, &target, 0);
        let days = panel.dates.iter().zip(&marks).filter(|(_, mark)| **mark);
        let days: Vec<String> = days.map(|(day, _)| day.to_string()).collect();
        Ok(estimate.note(format!(
            "apart by {apart:+.1} errors from the {usual:.2} ± {own:.2} of all other days; days: {}",
            days.join(" ")
        )))
    }
}

/// Sets the number that an estimate on decision days speaks to, if the data support it.
pub(super) fn set_if_supported(estimate: Estimate, key: &str) -> Estimate {
    let value = estimate.value;
    let error = estimate.standard_error.unwrap_or(f64::INFINITY);
    let (count, note) = (estimate.sample.observations, estimate.note.clone());
    if count >= FEWEST_TO_SET && value.abs() > ERRORS_TO_SET * error {
        return estimate.sets(key, value);
    }
    estimate.about(key).note(format!(
        "not set: takes {FEWEST_TO_SET} days and a value of {ERRORS_TO_SET} errors; {note}"
    ))
}

/// First weekdays at a new rate.
fn steps(rate: &[(Date, f64)]) -> Vec<Date> {
    let weekend = |date: &Date| matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    let rate: Vec<(Date, f64)> = rate.iter().copied().filter(|(date, _)| !weekend(date)).collect();
    let median = |days: &[(Date, f64)]| {
        let mut values: Vec<f64> = days.iter().map(|(_, value)| *value).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let mut found: Vec<(usize, f64)> = Vec::new();
    for t in LEVEL_DAYS..(rate.len() + 1).saturating_sub(LEVEL_DAYS) {
        let step = rate[t].1 - rate[t - 1].1;
        let lasting = median(&rate[t..t + LEVEL_DAYS]) - median(&rate[t - LEVEL_DAYS..t]);
        if step.abs().min(lasting.abs()) < STEP_PCT - ROUNDING_PCT || step * lasting < 0.0 {
            continue;
        }
        match found.last_mut() {
            Some(last) if t - last.0 < LEVEL_DAYS => {
                if step.abs() > last.1.abs() {
                    *last = (t, step);
                }
            }
            _ => found.push((t, step)),
        }
    }
    let dates = found.into_iter().map(|(t, _)| rate[t].0);
    dates.filter(|day| day.year() >= FIRST_YEAR && day.weekday() != Weekday::Monday).collect()
}
