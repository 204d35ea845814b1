//! `KEY=0.5..2:4`, `KEY=a,b,c`: the values that a key takes.

use crate::error::Error;
use crate::scenario::set_keys;

/// A key and the values it takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Vary {
    /// The key, as in `--set`.
    pub key: String,
    /// The values.
    pub values: Values,
}

/// The values of a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// From one number to another.
    Range {
        /// First value.
        low: f64,
        /// Last value.
        high: f64,
        /// Number of values on a grid; none was given for a design that chooses its own points.
        count: Option<usize>,
        /// Whether equal steps are equal ratios.
        log: bool,
    },
    /// These, as TOML text.
    List(Vec<String>),
}

/// Refuses keys that vary twice, or vary and are set.
///
/// # Errors
/// [`Error::Usage`] with the key.
pub fn require_apart(vary: &[Vary], sets: &[String]) -> Result<(), Error> {
    let set: Vec<String> = sets.iter().flat_map(|set| set_keys(set)).collect();
    let mut varied: Vec<String> = Vec::new();
    for one in vary {
        let own = set_keys(&format!("{}=0", one.key));
        let (what, remedy) = if own.iter().any(|key| varied.contains(key)) {
            ("varies twice", "give all its values in one --vary")
        } else if own.iter().any(|key| set.contains(key)) {
            ("is set and varies", "leave it out of --set, or out of --vary")
        } else {
            varied.extend(own);
            continue;
        };
        return Err(Error::Usage {
            what: format!("`{}` {what}", one.key),
            remedy: remedy.to_owned(),
        });
    }
    Ok(())
}

/// Most values of a key on a grid.
const MOST_VALUES: usize = 1_000_000;

impl Vary {
    /// Reads `KEY=LOW..HIGH:COUNT`, with `:log` behind it for equal ratios, or `KEY=VALUE,VALUE,…`.
    ///
    /// # Errors
    /// [`Error::Vary`] with what is wrong.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let fail = |what: String| Error::Vary { text: text.to_owned(), what };
        let (key, values) =
            text.split_once('=').ok_or_else(|| fail("there is no `=`".to_owned()))?;
        let key = key.trim();
        if key.is_empty() {
            return Err(fail("there is no key before the `=`".to_owned()));
        }
        let values = match values.split_once("..") {
            Some((low, rest)) if !values.contains(['"', '\'', '{', ',']) => range(low, rest),
            _ => list(values),
        };
        Ok(Vary { key: key.to_owned(), values: values.map_err(fail)? })
    }

    /// The values on a grid.
    ///
    /// # Errors
    /// [`Error::Vary`] when a range does not say how many.
    pub fn grid(&self) -> Result<Vec<String>, Error> {
        match &self.values {
            Values::List(values) => Ok(values.clone()),
            Values::Range { count: Some(count), .. } => {
                let last = (*count - 1).max(1) as f64;
                Ok((0..*count).map(|index| self.values.at(index as f64 / last)).collect())
            }
            Values::Range { low, high, count: None, .. } => Err(Error::Vary {
                text: format!("{}={low}..{high}", self.key),
                what: "a grid needs the number of values, as in 0.5..2:4".to_owned(),
            }),
        }
    }
}

impl Values {
    /// The value a share (0 to 1) of the way from the first to the last.
    pub fn at(&self, share: f64) -> String {
        match self {
            Values::List(values) => {
                let place = (share * values.len() as f64) as usize;
                values[place.min(values.len() - 1)].clone()
            }
            Values::Range { low, high, .. } if share <= 0.0 || low == high => plain(*low),
            Values::Range { high, .. } if share >= 1.0 => plain(*high),
            Values::Range { low, high, log: true, .. } => {
                plain(low * libm::exp(share * libm::log(high / low)))
            }
            Values::Range { low, high, .. } => plain(low + share * (high - low)),
        }
    }
}

/// A number with twelve digits at most: short in a table, and read back as what ran.
fn plain(value: f64) -> String {
    let short: f64 = format!("{value:.11e}").parse().unwrap_or(value);
    format!("{}", short + 0.0)
}

fn range(low: &str, rest: &str) -> Result<Values, String> {
    let mut parts = rest.split(':');
    let number = |text: &str| {
        let value = text.trim().parse::<f64>().ok().filter(|value| value.is_finite());
        value.ok_or_else(|| format!("`{}` is not a number", text.trim()))
    };
    let (low, high) = (number(low)?, number(parts.next().unwrap_or_default())?);
    let (mut count, mut log) = (None, false);
    for part in parts {
        match part.trim() {
            "log" => log = true,
            text => {
                let whole = text.parse::<usize>().ok().filter(|n| (1..=MOST_VALUES).contains(n));
                count = Some(whole.ok_or_else(|| {
                    format!(
                        "`{text}` is neither `log` nor a number of values from 1 to {MOST_VALUES}"
                    )
                })?);
            }
        }
    }
    if low > high {
        return Err(format!("the range runs from {low} down to {high}; write the lower end first"));
    }
    if log && low <= 0.0 {
        return Err("equal ratios need a lower end above zero".to_owned());
    }
    Ok(Values::Range { low, high, count, log })
}

/// Splits at the commas that stand outside quotes, brackets and braces.
fn list(text: &str) -> Result<Values, String> {
    let mut values = vec![String::new()];
    let (mut depth, mut quote) = (0_i32, None);
    for letter in text.chars() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, '{' | '[') => depth += 1,
            (None, '}' | ']') => depth -= 1,
            _ => {}
        }
        if letter == ',' && depth == 0 && quote.is_none() {
            values.push(String::new());
        } else if let Some(last) = values.last_mut() {
            last.push(letter);
        }
    }
    let values: Vec<String> = values.into_iter().map(|value| value.trim().to_owned()).collect();
    if values.iter().any(String::is_empty) {
        return Err("a value between two commas is missing".to_owned());
    }
    for (index, value) in values.iter().enumerate() {
        if values[..index].contains(value) {
            return Err(format!("`{value}` is given twice"));
        }
    }
    Ok(Values::List(values))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(text: &str) -> Vec<String> {
        Vary::parse(text)
            .and_then(|vary| vary.grid())
            .unwrap_or_else(|error| vec![error.to_string()])
    }

    #[test]
    fn lists_and_ranges_become_values() {
        assert_eq!(grid("a.b=1,2, x"), ["1", "2", "x"]);
        assert_eq!(grid("a.b=0..1:5"), ["0", "0.25", "0.5", "0.75", "1"]);
        assert_eq!(grid("a.b=1..100:3:log"), ["1", "10", "100"]);
        assert_eq!(grid("a.b=0.1..0.3:3"), ["0.1", "0.2", "0.3"]);
        assert_eq!(grid("a.b=2..2:1"), ["2"]);
        let spread = r#"a={ lognormal = { median = 1, sigma = 2 } },"1 to 2""#;
        assert_eq!(grid(spread), ["{ lognormal = { median = 1, sigma = 2 } }", "\"1 to 2\""]);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, needle) in [
            ("a.b", "no `=`"),
            ("=1", "no key"),
            ("a=1..x:3", "`x` is not a number"),
            ("a=3..1:3", "lower end first"),
            ("a=0..1:3:log", "above zero"),
            ("a=0..1:0", "from 1 to"),
            ("a=0..1", "number of values"),
            ("a=1,,2", "missing"),
            ("a=1,1", "twice"),
            ("a=", "missing"),
        ] {
            assert!(grid(text)[0].contains(needle), "{text}: {:?}", grid(text));
        }
    }
}
