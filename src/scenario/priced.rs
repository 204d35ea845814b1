//! Numbers written `"priced"`: solved from what markets price under the lottery of the root parent.

use super::document::LONGEST;
use super::layers::State;
use super::number::PRICED;
use super::tree::quoted;
use super::{Catalogue, PricedPath, Quantity, Scenario};
use crate::num::Marginal;

/// Steps between two meetings, at least: eight a year.
const STEPS_PER_MEETING: usize = 28;

impl State<'_> {
    /// The catalogue's numbers as the root parent leaves them: what markets know.
    pub(super) fn market(&self) -> Vec<Marginal> {
        let written = self.root.iter().map(|written| written.as_ref());
        let law = written.map(|found| found.map(|found| found.slot.number.marginal.clone()));
        law.map(|law| law.unwrap_or_else(unknown)).collect()
    }
}

impl Scenario {
    /// Solves what markets price anew, and the odds that are left to it, after numbers were changed.
    pub fn reprice(&mut self, catalogue: &Catalogue) {
        self.priced = solve(catalogue, &self.market, &mut self.quantities);
    }
}

/// What markets price of each lottery; writes the odds where they were left to it.
pub(super) fn solve(
    catalogue: &Catalogue,
    market: &[Marginal],
    quantities: &mut [Quantity],
) -> Vec<PricedPath> {
    let known = |address: &str| {
        let mut all = catalogue.declarations().zip(market);
        let found = all.find(|(of, _)| address == format!("{}.{}", of.table, of.name));
        found.map_or_else(unknown, |(_, marginal)| marginal.clone())
    };
    let mut paths = Vec::new();
    for priced in catalogue.priced {
        let own = |address: &str| {
            let found = quantities.iter().find(|own| own.address == address);
            found.map_or_else(unknown, |own| own.marginal.clone())
        };
        let path = (priced.solve)(&own, &known, LONGEST / STEPS_PER_MEETING + 1);
        let address = format!("{}.{}", priced.key.0, priced.key.1);
        let open = |own: &&mut Quantity| own.address == address && own.written == quoted(PRICED);
        if let Some(own) = quantities.iter_mut().find(open) {
            own.marginal = Marginal::fixed(path.probability);
        }
        paths.push(path);
    }
    paths
}

/// A number that no declaration knows.
fn unknown() -> Marginal {
    Marginal::fixed(f64::NAN)
}
