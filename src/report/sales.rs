//! What became of dated sales: how much was asked for, and how much was there.

use super::build::Report;
use crate::stats::Unsold;
use serde::Serialize;

/// What an event asked to be sold of Japan, and what was there, over the paths on which it asked for something.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SaleFacts {
    /// Mean amount asked for until the end of the scenario, USD bn.
    pub mean_asked_usd_bn: f64,
    /// Mean amount sold, USD bn.
    pub mean_sold_usd_bn: f64,
    /// Share of the paths on which the seller had less than was asked for.
    pub share_of_paths_cut: f64,
}

impl SaleFacts {
    /// The facts of a sale.
    pub(super) fn new(sale: &Unsold) -> Self {
        let asked = sale.mean_asked();
        SaleFacts {
            mean_asked_usd_bn: asked,
            mean_sold_usd_bn: asked - sale.mean_unsold(),
            share_of_paths_cut: sale.share(),
        }
    }
}

/// Least part of a sale that is missing on average before a screen says so; the manifest always does. Assumption.
const WORTH_SAYING: f64 = 0.01;

/// What was not sold, of each sale of which enough is missing.
pub(super) fn unsold(report: &Report) -> impl Iterator<Item = String> + '_ {
    report.events.iter().enumerate().filter_map(|(index, event)| {
        let missing = |sale: &SaleFacts| 1.0 - sale.mean_sold_usd_bn / sale.mean_asked_usd_bn;
        let sale = event.sale.filter(|sale| missing(sale) >= WORTH_SAYING)?;
        let name = event.name.clone().unwrap_or_else(|| (index + 1).to_string());
        let unsold = sale.mean_asked_usd_bn - sale.mean_sold_usd_bn;
        Some(format!(
            "event.{name}.{}: {unsold:.1} of {:.1} USD bn not sold on average, for the seller has no more on {} of its paths",
            event.kind,
            sale.mean_asked_usd_bn,
            share(sale.share_of_paths_cut),
        ))
    })
}

/// A share in %, of which something is never shown as nothing.
fn share(share: f64) -> String {
    match share * 100.0 {
        percent if percent < 0.1 => "less than 0.1%".to_owned(),
        percent => format!("{percent:.1}%"),
    }
}
