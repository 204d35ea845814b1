//! Numbers written `"priced"`: solved, at load, from what markets price under the lottery of the root parent.

use super::document::LONGEST;
use super::layers::State;
use super::number::UNSOLVED;
use super::{PricedPath, Quantity};
use crate::num::Marginal;

/// Steps between two meetings, at least: eight a year.
const STEPS_PER_MEETING: usize = 28;

impl State<'_> {
    /// What markets price of each lottery; writes the odds where they were left to it. Only for a sound scenario.
    pub(super) fn solve_priced(&self, quantities: &mut [Quantity]) -> Vec<PricedPath> {
        let catalogue = self.setting.catalogue;
        let market = |address: &str| {
            let mut known = catalogue.declarations().zip(&self.root);
            let found = known.find(|(of, _)| address == format!("{}.{}", of.table, of.name));
            let written = found.and_then(|(_, written)| written.as_ref());
            written.map_or_else(unknown, |written| written.slot.number.marginal.clone())
        };
        let mut paths = Vec::new();
        for priced in catalogue.priced {
            let own = |address: &str| {
                let found = quantities.iter().find(|own| own.address == address);
                found.map_or_else(unknown, |own| own.marginal.clone())
            };
            let path = (priced.solve)(&own, &market, LONGEST / STEPS_PER_MEETING + 1);
            let address = format!("{}.{}", priced.key.0, priced.key.1);
            let open = |own: &&mut Quantity| {
                own.address == address && own.marginal.constant() == Some(UNSOLVED)
            };
            if let Some(own) = quantities.iter_mut().find(open) {
                own.marginal = Marginal::fixed(path.probability);
            }
            paths.push(path);
        }
        paths
    }
}

/// A number that no declaration knows.
fn unknown() -> Marginal {
    Marginal::fixed(f64::NAN)
}
