//! What is asked: a metric, a bound or a range, and a horizon, as in `impact_10y_bp >= 50 at 6m`; or several of these
//! joined by `and`, all to hold on one path.

use crate::model::{METRICS, Metric, Plan};
use crate::scenario::nearest;
use std::fmt;

/// A set of outcomes: each part is one of one metric at one horizon, and all must hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    parts: Vec<Part>,
}

/// A set of outcomes of one metric at one horizon.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    metric: usize,
    bounds: Bounds,
    horizon: String,
}

/// Which values of the metric are meant, in its unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bounds {
    /// This value or more.
    AtLeast(f64),
    /// This value or less.
    AtMost(f64),
    /// From the first value on, below the second.
    Between(f64, f64),
}

/// A target that cannot be read, or that a scenario does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is no target: {what}; write for example `impact_10y_bp >= 50 at 6m`, `usdjpy 140..150 at end`, or both joined by `and`"
)]
pub struct TargetError {
    /// The target as written.
    pub text: String,
    /// What is wrong with it.
    pub what: String,
}

impl Target {
    /// Reads parts joined by `and`: `METRIC >= X at H`, `METRIC <= X at H` or `METRIC A..B at H` (A inside, B outside). The
    /// unit of the metric may follow a number; without `at` the horizon of a part is `end`.
    ///
    /// # Errors
    /// What cannot be read, with the part it stands in, and the nearest known name where a metric is misspelt; parts that
    /// no value can be in at once.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let whole = text.trim();
        let plain = whole.replace('≥', ">=").replace('≤', "<=");
        let written = split_parts(&plain);
        let joint = written.len() > 1;
        let fail = |part: &str, what: String| {
            let place = if joint { format!("in its part `{part}`: ") } else { String::new() };
            TargetError { text: whole.to_owned(), what: place + &what }
        };
        let mut parts: Vec<Part> = Vec::new();
        for text in &written {
            let part = match (text.is_empty(), joint) {
                (true, true) => Err("nothing stands beside `and`".to_owned()),
                _ => Part::parse(text),
            };
            let part = part.map_err(|what| fail(text, what))?;
            if let Some(other) = parts.iter().find(|other| !part.meets(other)) {
                return Err(fail(text, format!("no value is in it and in `{other}`")));
            }
            parts.push(part);
        }
        Ok(Target { parts })
    }

    /// Its parts, at least one.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Whether it has several parts.
    pub fn is_joint(&self) -> bool {
        self.parts.len() > 1
    }

    /// The same metrics and values at the end of the scenario.
    pub(super) fn at_end(&self) -> Self {
        let at_end = |part: &Part| Part { horizon: "end".to_owned(), ..part.clone() };
        Target { parts: self.parts.iter().map(at_end).collect() }
    }

    /// Whether values, one a part, are all inside.
    pub fn holds(&self, values: &[f64]) -> bool {
        self.parts.iter().zip(values).all(|(part, value)| part.holds(*value))
    }

    /// Positions of the horizons of its parts in a plan.
    ///
    /// # Errors
    /// When the plan does not have one: the horizons it has, and the nearest.
    pub fn places(&self, plan: &Plan) -> Result<Vec<usize>, TargetError> {
        let place = |part: &Part| {
            part.place(plan).map_err(|what| TargetError { text: self.to_string(), what })
        };
        self.parts.iter().map(place).collect()
    }
}

/// Cuts a text at the word `and`.
fn split_parts(text: &str) -> Vec<String> {
    let mut parts = vec![Vec::new()];
    for word in text.split_whitespace() {
        match word.eq_ignore_ascii_case("and") {
            true => parts.push(Vec::new()),
            false => parts.iter_mut().next_back().into_iter().for_each(|part| part.push(word)),
        }
    }
    parts.into_iter().map(|words| words.join(" ")).collect()
}

impl Part {
    /// Reads a part.
    fn parse(plain: &str) -> Result<Self, String> {
        let end = plain.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let (name, rest) = plain.split_at(end.unwrap_or(plain.len()));
        let metric = METRICS
            .iter()
            .position(|metric| metric.name == name)
            .ok_or_else(|| unknown_metric(name))?;
        let (values, horizon) = split_horizon(rest)?;
        let bounds = bounds(values, &METRICS[metric])?;
        Ok(Part { metric, bounds, horizon })
    }

    /// Whether some value can be inside this and another part; always of different metrics or horizons.
    fn meets(&self, other: &Part) -> bool {
        if (self.metric, &self.horizon) != (other.metric, &other.horizon) {
            return true;
        }
        let (low, high) = (self.ends().0.max(other.ends().0), self.ends().1.min(other.ends().1));
        low < high || (low == high && self.holds(low) && other.holds(low))
    }

    /// Lower and upper end.
    fn ends(&self) -> (f64, f64) {
        match self.bounds {
            Bounds::AtLeast(low) => (low, f64::INFINITY),
            Bounds::AtMost(high) => (f64::NEG_INFINITY, high),
            Bounds::Between(low, high) => (low, high),
        }
    }

    /// How far a value lies inside, in the unit of the metric: the distance to the nearest end, negative outside.
    pub(super) fn depth(&self, value: f64) -> f64 {
        let (low, high) = self.ends();
        let depth = (value - low).min(high - value);
        // the upper end of a range is outside
        if depth == 0.0 && !self.holds(value) { -1e-9 } else { depth }
    }

    /// Position of the metric in [`METRICS`].
    pub fn metric(&self) -> usize {
        self.metric
    }

    /// Name, unit and scale of the metric.
    pub fn about(&self) -> &'static Metric {
        &METRICS[self.metric]
    }

    /// The values meant.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Label of the horizon.
    pub fn horizon(&self) -> &str {
        &self.horizon
    }

    /// Whether a value of the metric is inside.
    pub fn holds(&self, value: f64) -> bool {
        match self.bounds {
            Bounds::AtLeast(low) => value >= low,
            Bounds::AtMost(high) => value <= high,
            Bounds::Between(low, high) => low <= value && value < high,
        }
    }

    /// The edge that a value outside has to reach; none for a value inside or for no number.
    pub fn edge(&self, value: f64) -> Option<f64> {
        if self.holds(value) || value.is_nan() {
            return None;
        }
        Some(match self.bounds {
            Bounds::AtLeast(edge) | Bounds::AtMost(edge) => edge,
            Bounds::Between(low, high) => {
                if value < low {
                    low
                } else {
                    high
                }
            }
        })
    }

    /// Width of a range; infinite for a bound.
    pub fn width(&self) -> f64 {
        match self.bounds {
            Bounds::Between(low, high) => high - low,
            Bounds::AtLeast(_) | Bounds::AtMost(_) => f64::INFINITY,
        }
    }

    /// Position of the horizon in a plan.
    fn place(&self, plan: &Plan) -> Result<usize, String> {
        let horizons = &plan.layout.horizons;
        let found = horizons.iter().position(|known| known.label == self.horizon);
        found.ok_or_else(|| {
            let labels: Vec<&str> = horizons.iter().map(|known| known.label.as_str()).collect();
            let near = nearest(&self.horizon, labels.iter().copied());
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            format!(
                "scenario `{}` has no horizon `{}`; it has {}{near}",
                plan.name,
                self.horizon,
                labels.join(", ")
            )
        })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, part) in self.parts.iter().enumerate() {
            let joined = if place > 0 { " and " } else { "" };
            write!(f, "{joined}{part}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Metric { name, unit, .. } = self.about();
        match self.bounds {
            Bounds::AtLeast(low) => write!(f, "{name} >= {low} {unit}")?,
            Bounds::AtMost(high) => write!(f, "{name} <= {high} {unit}")?,
            Bounds::Between(low, high) => write!(f, "{name} {low}..{high} {unit}")?,
        }
        write!(f, " at {}", self.horizon)
    }
}

fn unknown_metric(name: &str) -> String {
    let names = METRICS.iter().map(|metric| metric.name);
    if name.is_empty() {
        return "it must begin with the name of a metric".to_owned();
    }
    match nearest(name, names.clone()) {
        Some(near) => format!("there is no metric `{name}`; did you mean `{near}`?"),
        None => {
            let known: Vec<&str> = names.collect();
            format!("there is no metric `{name}`; there are {}", known.join(", "))
        }
    }
}

/// Splits what follows the metric into its values and the horizon.
fn split_horizon(rest: &str) -> Result<(&str, String), String> {
    let rest = rest.trim();
    let Some((values, label)) = rest.rsplit_once(" at ") else {
        return match rest.strip_suffix(" at") {
            Some(_) => Err("no horizon follows `at`".to_owned()),
            None => Ok((rest, "end".to_owned())),
        };
    };
    let label = label.trim();
    if label.is_empty() || label.contains(char::is_whitespace) {
        return Err(format!("`{label}` is no horizon"));
    }
    Ok((values.trim(), label.to_owned()))
}

fn bounds(values: &str, metric: &Metric) -> Result<Bounds, String> {
    if let Some(value) = values.strip_prefix(">=") {
        return Ok(Bounds::AtLeast(number(value, metric)?));
    }
    if let Some(value) = values.strip_prefix("<=") {
        return Ok(Bounds::AtMost(number(value, metric)?));
    }
    if values.is_empty() {
        return Err(format!("nothing is asked of {}", metric.name));
    }
    if values.starts_with(['>', '<', '=']) {
        let sign = values.chars().next().unwrap_or('=');
        return Err(format!("`{sign}` is no comparison here; use `>=`, `<=` or `A..B`"));
    }
    let Some((low, high)) = values.split_once("..") else {
        return Err(format!("`{values}` is neither `>= X`, `<= X` nor `A..B`"));
    };
    let (low, high) = (number(low, metric)?, number(high, metric)?);
    if low >= high {
        return Err(format!("the range {low}..{high} is empty: its first end must be the smaller"));
    }
    Ok(Bounds::Between(low, high))
}

/// A finite number, with the unit of the metric or none behind it.
fn number(text: &str, metric: &Metric) -> Result<f64, String> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || "+-.".contains(c)));
    let (digits, unit) = text.split_at(end.unwrap_or(text.len()));
    let value = digits.parse::<f64>().ok().filter(|value| value.is_finite());
    let value = value.ok_or_else(|| format!("`{text}` is no number"))?;
    let unit = unit.trim();
    if !unit.is_empty() && unit != metric.unit {
        return Err(format!("{} is in {}, not {unit}", metric.name, metric.unit));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_printed_back() {
        for (text, printed) in [
            ("impact_10y_bp >= 50 at 6m", "impact_10y_bp >= 50 bp at 6m"),
            ("impact_10y_bp>=50bp", "impact_10y_bp >= 50 bp at end"),
            ("  usdjpy ≤ 140.5 JPY per USD at peak ", "usdjpy <= 140.5 JPY per USD at peak"),
            ("impact_10y_bp 20..50 at end", "impact_10y_bp 20..50 bp at end"),
            ("equity_pct -30%..-10 % at 3m", "equity_pct -30..-10 % at 3m"),
            ("japan_net_sales_usd_bn >= 400 USD bn", "japan_net_sales_usd_bn >= 400 USD bn at end"),
            (
                "impact_10y_bp>=50 at 6m AND usdjpy  >= 170 at 6m and equity_pct<=-20",
                "impact_10y_bp >= 50 bp at 6m and usdjpy >= 170 JPY per USD at 6m and equity_pct <= -20 % at end",
            ),
            (
                "usdjpy >= 160 and usdjpy <= 160",
                "usdjpy >= 160 JPY per USD at end and usdjpy <= 160 JPY per USD at end",
            ),
        ] {
            let target = Target::parse(text).unwrap();
            assert_eq!(target.to_string(), printed);
            assert_eq!(Target::parse(printed).unwrap(), target, "{printed}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, needle) in [
            ("impact_10_bp >= 50", "did you mean `impact_10y_bp`"),
            ("gold >= 50", "there are impact_2y_bp"),
            (">= 50", "must begin with the name of a metric"),
            ("impact_10y_bp", "nothing is asked"),
            ("impact_10y_bp > 50", "`>` is no comparison"),
            ("impact_10y_bp 50", "neither `>= X`"),
            ("impact_10y_bp >= fifty", "`fifty` is no number"),
            ("impact_10y_bp >= 50%", "is in bp, not %"),
            ("impact_10y_bp >= nan", "is no number"),
            ("impact_10y_bp >= 1e400", "is in bp, not e400"),
            ("impact_10y_bp 50..20", "50..20 is empty"),
            ("impact_10y_bp 20..20", "20..20 is empty"),
            ("impact_10y_bp >= 50 at", "no horizon follows"),
            ("impact_10y_bp >= 50 at 6 m", "`6 m` is no horizon"),
            ("impact_10y_bp >= 50 and", "in its part ``: nothing stands beside `and`"),
            ("and usdjpy >= 170", "nothing stands beside `and`"),
            ("impact_10y_bp >= 50 and and usdjpy >= 170", "nothing stands beside `and`"),
            (
                "impact_10y_bp >= 50 at 6m and usdjpi >= 170",
                "in its part `usdjpi >= 170`: there is no",
            ),
            ("impact_10y_bp >= 50 and usdjpy > 170", "in its part `usdjpy > 170`: `>` is no"),
            ("impact_10y_bp >= 50 and usdjpy", "in its part `usdjpy`: nothing is asked"),
            ("usdjpy >= 170 and usdjpy <= 160", "no value is in it and in `usdjpy >= 170"),
            ("usdjpy 140..150 and usdjpy >= 150", "no value is in it and in `usdjpy 140..150"),
        ] {
            let error = Target::parse(text).unwrap_err().to_string();
            assert!(error.contains(needle) && error.contains("write for example"), "{error}");
        }
    }

    #[test]
    fn a_range_has_its_lower_end_and_not_its_upper() {
        let read = |text: &str| Target::parse(text).unwrap().parts()[0].clone();
        let target = read("impact_10y_bp 20..50");
        assert!(target.holds(20.0) && target.holds(49.9) && !target.holds(50.0));
        assert_eq!((target.edge(3.0), target.edge(70.0)), (Some(20.0), Some(50.0)));
        assert_eq!(target.edge(30.0), None);
        assert!(target.depth(20.0) == 0.0 && target.depth(50.0) < 0.0 && target.depth(49.0) == 1.0);
        let least = read("usdjpy >= 160");
        assert!(least.holds(160.0) && least.edge(159.0) == Some(160.0));
        assert_eq!(least.edge(f64::NAN), None);
    }
}
