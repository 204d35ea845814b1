//! Distributions written as tables: `{ normal = { mean = 1, sd = 2 }, min = 0 }`.

use super::names;
use super::number::{Limits, Reader};
use super::tree::{Entry, Node, Value};
use crate::num::{Law, Marginal};

/// The families that a table may name, with their keys.
pub(super) const FAMILIES: [(&str, &[&str]); 9] = [
    ("lognormal", &["median", "sigma"]),
    ("normal", &["mean", "sd"]),
    ("uniform", &["low", "high"]),
    ("triangular", &["low", "mode", "high"]),
    ("pert", &["low", "mode", "high"]),
    ("beta", &["a", "b", "low", "high"]),
    ("bernoulli", &["p"]),
    ("discrete", &["values", "weights"]),
    ("mixture", &["parts", "weights"]),
];

impl Reader<'_> {
    /// The family of a table such as `{ normal = { mean = 1, sd = 2 }, min = 0 }`.
    pub(super) fn law(
        &mut self,
        node: &Node,
        entries: &[Entry],
        limits: &Limits<'_>,
    ) -> Option<Law> {
        let families = || FAMILIES.iter().map(|(name, _)| *name);
        let mut laws = Vec::new();
        for entry in entries {
            if let Some((_, keys)) = FAMILIES.iter().find(|(name, _)| *name == entry.key) {
                laws.push((entry, *keys));
            } else if entry.key != "min" && entry.key != "max" {
                let message = format!("`{}` is not a distribution", entry.key);
                let help = names::did_you_mean(&entry.key, families().chain(["min", "max"]));
                let error = self.error(entry.span.clone(), message).key(&limits.key);
                self.out.push(error.expected(names::one_of(families())).maybe_help(help));
                return None;
            }
        }
        let [(entry, keys)] = laws.as_slice() else {
            let message = match laws.len() {
                0 => format!("`{}` names no distribution", limits.key),
                _ => format!("`{}` names more than one distribution", limits.key),
            };
            let error = self.error(node.span.clone(), message).key(&limits.key).unit(limits.unit);
            self.out.push(error.expected(format!("one of {}", names::one_of(families()))));
            return None;
        };
        let fields = self.fields(entry, keys, limits)?;
        self.family(&entry.key, &fields, limits)
    }

    /// The values of a family's keys, in the order of `keys`.
    fn fields<'n>(
        &mut self,
        entry: &'n Entry,
        keys: &[&'static str],
        limits: &Limits<'_>,
    ) -> Option<Vec<Option<&'n Node>>> {
        let Some(entries) = entry.node.table() else {
            let message = format!("`{}` must be a table", entry.key);
            let shape = keys.iter().map(|key| format!("{key} = …")).collect::<Vec<_>>();
            let expected = format!("{} = {{ {} }}", entry.key, shape.join(", "));
            let error = self.error(entry.node.span.clone(), message).key(&limits.key);
            self.out.push(error.expected(expected));
            return None;
        };
        let mut sound = true;
        for field in entries.iter().filter(|field| !keys.contains(&field.key.as_str())) {
            let message = format!("`{}` is not a key of `{}`", field.key, entry.key);
            let help = names::did_you_mean(&field.key, keys.iter().copied());
            let error = self.error(field.span.clone(), message).key(&limits.key);
            let expected = names::one_of(keys.iter().copied());
            self.out.push(error.expected(expected).maybe_help(help));
            sound = false;
        }
        let find = |key: &&str| entries.iter().find(|field| field.key == **key);
        let found: Vec<Option<&Node>> =
            keys.iter().map(|key| find(key).map(|field| &field.node)).collect();
        for (key, value) in keys.iter().zip(&found) {
            let optional = entry.key == "beta" && (*key == "low" || *key == "high");
            if value.is_none() && !optional && sound {
                let message = format!("`{}` lacks `{key}`", entry.key);
                let error = self.error(entry.span.clone(), message).key(&limits.key);
                self.out.push(error.expected(format!("`{key} = …`")));
                sound = false;
            }
        }
        sound.then_some(found)
    }

    fn family(&mut self, name: &str, fields: &[Option<&Node>], limits: &Limits<'_>) -> Option<Law> {
        let shape =
            Limits { low: f64::MIN, high: f64::MAX, unit: "", dates: None, ..limits.clone() };
        let free = Limits { low: f64::MIN, high: f64::MAX, ..limits.clone() };
        let mut read = |index: usize, limits: &Limits<'_>| {
            fields.get(index).copied().flatten().map(|node| self.scalar(node, limits, true))
        };
        Some(match name {
            "lognormal" => {
                let (median, sigma) = (read(0, &free)?, read(1, &shape)?);
                Law::LogNormal { median: median?, sigma: sigma? }
            }
            "normal" => {
                let (mean, sd) = (read(0, &free)?, read(1, &shape)?);
                Law::Normal { mean: mean?, sd: sd? }
            }
            "uniform" => {
                let (low, high) = (read(0, limits)?, read(1, limits)?);
                Law::Uniform { low: low?, high: high? }
            }
            "triangular" | "pert" => {
                let (low, mode, high) = (read(0, limits)?, read(1, limits)?, read(2, limits)?);
                let (low, mode, high) = (low?, mode?, high?);
                if name == "pert" {
                    Law::Pert { low, mode, high }
                } else {
                    Law::Triangular { low, mode, high }
                }
            }
            "beta" => {
                let (a, b) = (read(0, &shape)?, read(1, &shape)?);
                let low = read(2, limits).unwrap_or(Some(0.0));
                let high = read(3, limits).unwrap_or(Some(1.0));
                Law::Beta { a: a?, b: b?, low: low?, high: high? }
            }
            "bernoulli" => {
                let probability = Limits { low: 0.0, high: 1.0, unit: "probability", ..shape };
                Law::Bernoulli { p: read(0, &probability)?? }
            }
            _ => return self.weighted(name, fields, limits, &shape),
        })
    }

    /// A discrete distribution or a mixture.
    fn weighted(
        &mut self,
        name: &str,
        fields: &[Option<&Node>],
        limits: &Limits<'_>,
        shape: &Limits<'_>,
    ) -> Option<Law> {
        let (items, weights) =
            (self.list(fields.first()?.as_ref()?), self.list(fields.get(1)?.as_ref()?));
        let (items, weights) = (items?, weights?);
        let weights: Vec<Option<f64>> =
            weights.iter().map(|node| self.scalar(node, shape, true)).collect();
        if name == "discrete" {
            let values: Vec<Option<f64>> =
                items.iter().map(|node| self.scalar(node, limits, true)).collect();
            let values = values.into_iter().collect::<Option<_>>()?;
            return Some(Law::Discrete {
                values,
                weights: weights.into_iter().collect::<Option<_>>()?,
            });
        }
        let parts: Vec<Option<Marginal>> =
            items.iter().map(|node| Some(self.part(node, limits)?.0)).collect();
        let parts = parts.into_iter().collect::<Option<_>>()?;
        Some(Law::Mixture { parts, weights: weights.into_iter().collect::<Option<_>>()? })
    }

    fn list<'n>(&mut self, node: &'n Node) -> Option<&'n [Node]> {
        if let Value::List(items) = &node.value {
            return Some(items);
        }
        let message = format!("expected an array, found {}", node.kind());
        self.out.push(self.error(node.span.clone(), message).expected("an array"));
        None
    }

    /// `min` and `max` beside a distribution.
    pub(super) fn bounds(
        &mut self,
        node: &Node,
        limits: &Limits<'_>,
    ) -> Result<Option<(f64, f64)>, ()> {
        let Some(entries) = node.table() else { return Ok(None) };
        let free = Limits { low: f64::MIN, high: f64::MAX, ..limits.clone() };
        let mut end = |key: &str, open: f64| match entries.iter().find(|entry| entry.key == key) {
            Some(entry) => self.scalar(&entry.node, &free, false).ok_or(()),
            None => Ok(open),
        };
        let (low, high) = (end("min", f64::NEG_INFINITY)?, end("max", f64::INFINITY)?);
        Ok((low > f64::NEG_INFINITY || high < f64::INFINITY).then_some((low, high)))
    }
}
