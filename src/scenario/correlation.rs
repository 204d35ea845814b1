//! Correlations between numbers: addresses, repetitions, constants, and whether they can hold together.

use super::diagnostic::Diagnostic;
use super::event::Draft;
use super::layers::State;
use super::lists::{End, Pair};
use super::names;
use super::{Correlation, Quantity, QuantityId};
use nalgebra::DMatrix;
use std::collections::BTreeMap;

impl State<'_> {
    /// The correlations by the numbers of their quantities.
    pub(super) fn resolve_correlations(
        &mut self,
        quantities: &[Quantity],
        addresses: &BTreeMap<String, QuantityId>,
        events: &[Draft],
    ) -> Vec<Correlation> {
        let pairs = std::mem::take(&mut self.correlations);
        let places = events.iter().enumerate().map(|(place, draft)| (draft.id, (place, draft)));
        let places: BTreeMap<usize, (usize, &Draft)> = places.collect();
        let mut found: Vec<Correlation> = Vec::new();
        let mut last = None;
        for pair in &pairs {
            let [a, b] = pair.ends.each_ref().map(|end| current(end, pair, &places));
            // An event that a later layer dropped or replaced took its correlations along.
            let (Some(a), Some(b)) = (a, b) else { continue };
            let [written_a, written_b] = pair.ends.each_ref().map(|end| &end.written);
            let (a, b) = (
                self.address(pair, (&a, written_a), "a", addresses),
                self.address(pair, (&b, written_b), "b", addresses),
            );
            let (Some(a), Some(b)) = (a, b) else { continue };
            let error = |message: String| {
                Diagnostic::error(&pair.file, pair.node.span.clone(), message).key("correlation")
            };
            if a == b {
                let message = format!("`{written_a}` is correlated with itself");
                self.out.push(error(message).expected("two different numbers"));
                continue;
            }
            if found.iter().any(|old| (old.a, old.b) == (a, b) || (old.a, old.b) == (b, a)) {
                let message = format!("`{written_a}` and `{written_b}` are correlated twice");
                self.out.push(error(message).expected("each pair once"));
                continue;
            }
            let constant =
                [a, b].into_iter().find(|id| quantities[*id].marginal.constant().is_some());
            if let Some(constant) = constant {
                if pair.level > 0 && pair.rho != 0.0 {
                    let message = format!(
                        "`{}` is constant: its correlation has no effect",
                        quantities[constant].address
                    );
                    let warning = Diagnostic::warning(&pair.file, pair.node.span.clone(), message);
                    self.out.push(
                        warning
                            .key("correlation")
                            .help("give it a distribution, or leave the correlation out"),
                    );
                }
                continue;
            }
            found.push(Correlation { a, b, rho: pair.rho });
            last = Some(pair);
        }
        found.retain(|pair| pair.rho != 0.0);
        if let Some(pair) = last {
            self.check_definite(&found, pair);
        }
        found
    }

    fn address(
        &mut self,
        pair: &Pair,
        (address, written): (&str, &str),
        key: &str,
        addresses: &BTreeMap<String, QuantityId>,
    ) -> Option<QuantityId> {
        if let Some(id) = addresses.get(address) {
            return Some(*id);
        }
        let unset = self.orphan || self.out.iter().any(|found| found.key == address);
        if unset || (address.starts_with("event.") && !self.events_sound) {
            return None;
        }
        let entries = pair.node.table().unwrap_or_default();
        let entry = entries.iter().find(|entry| entry.key == key);
        let span = entry.map_or(pair.node.span.clone(), |entry| entry.node.span.clone());
        let message = format!("no number has the address `{written}`");
        let error = Diagnostic::error(&pair.file, span, message).key("correlation");
        let help = names::did_you_mean(address, addresses.keys().map(String::as_str));
        let expected = "an address such as `boj.policy_rate_pct` or `event.1.day`";
        self.out.push(error.expected(expected).maybe_help(help));
        None
    }

    /// Reports correlations that cannot hold together, at the last of them.
    fn check_definite(&mut self, found: &[Correlation], pair: &Pair) {
        if is_positive_definite(found, 1.0) {
            return;
        }
        let mut error = Diagnostic::error(
            &pair.file,
            pair.node.span.clone(),
            "the correlations contradict each other: the matrix is not positive definite",
        );
        error = error.key("correlation").expected("correlations that can hold together");
        let scale = (1..100).rev().map(|percent| f64::from(percent) / 100.0);
        let scale = scale.into_iter().find(|scale| is_positive_definite(found, *scale));
        let help = scale.map(|scale| format!("multiplied by {scale} they would hold together"));
        self.out.push(error.maybe_help(help));
    }
}

/// The address of an end today; none where its event, or the event's kind, is another layer's or gone.
fn current(end: &End, pair: &Pair, places: &BTreeMap<usize, (usize, &Draft)>) -> Option<String> {
    let Some(id) = end.event else { return Some(end.rest.clone()) };
    let (place, draft) = places.get(&id)?;
    let old_kind = pair.level < draft.kind_level && !["day", "probability"].contains(&&*end.rest);
    (!old_kind).then(|| format!("event.{}.{}", place + 1, end.rest))
}

/// Whether the correlations, times `scale`, make a positive definite matrix.
fn is_positive_definite(correlations: &[Correlation], scale: f64) -> bool {
    let mut ids: Vec<QuantityId> = correlations.iter().flat_map(|pair| [pair.a, pair.b]).collect();
    ids.sort_unstable();
    ids.dedup();
    let place = |id: QuantityId| ids.binary_search(&id).unwrap_or(0);
    let mut matrix = DMatrix::<f64>::identity(ids.len(), ids.len());
    for pair in correlations {
        let (row, column) = (place(pair.a), place(pair.b));
        matrix[(row, column)] = pair.rho * scale;
        matrix[(column, row)] = pair.rho * scale;
    }
    // A pivot of rounding size is a matrix that is singular in exact numbers.
    matrix.cholesky().is_some_and(|factor| {
        let lower = factor.l_dirty();
        (0..ids.len()).all(|index| lower[(index, index)] > 1e-7)
    })
}
