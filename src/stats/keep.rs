//! Which numbers of the first paths are kept one by one, beside the counts and sums of all.

use crate::model::{Block, CHANNELS, HOLDERS, IMPACT_10Y, Layout, METRICS};

/// One number of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// A metric at a horizon, by their positions.
    Metric {
        /// Position in the layout's horizons.
        horizon: usize,
        /// Position in [`METRICS`].
        metric: usize,
    },
    /// A channel of the 10-year impact at a horizon, in bp.
    Channel {
        /// Position in the layout's horizons.
        horizon: usize,
        /// Position in [`CHANNELS`].
        channel: usize,
    },
    /// A drawn quantity, by its position in the scenario's quantities.
    Draw(usize),
    /// Net sales of a holder in a month, USD bn.
    Flow {
        /// Position in the layout's months.
        month: usize,
        /// Position in [`HOLDERS`].
        holder: usize,
    },
}

impl Column {
    /// The column of a block; empty when the block does not have it.
    pub(super) fn of(self, block: &Block) -> &[f64] {
        let (table, cell) = match self {
            Column::Metric { horizon, metric } => {
                (&block.metrics, horizon * METRICS.len() + metric)
            }
            Column::Channel { horizon, channel } => {
                (&block.channels, horizon * CHANNELS.len() + channel)
            }
            Column::Draw(quantity) => (&block.draws, quantity),
            Column::Flow { month, holder } => (&block.flows, month * HOLDERS.len() + holder),
        };
        table.get(cell * block.paths..(cell + 1) * block.paths).unwrap_or(&[])
    }
}

/// The numbers that are kept of each of the first paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keep {
    /// What is kept of a path, in this order.
    pub columns: Vec<Column>,
    /// How many paths, from path 0 on.
    pub paths: u64,
}

impl Keep {
    /// What `paths.csv` shows: the metrics at the end, the impact at its peak and trough, the channels at the end, every
    /// quantity.
    pub fn outcomes(layout: &Layout, paths: u64) -> Self {
        let place = |label: &str| layout.horizons.iter().position(|known| known.label == label);
        let end = place("end").unwrap_or(0);
        let metric = |horizon, metric| Column::Metric { horizon, metric };
        let extremes =
            ["peak", "trough"].map(|label| metric(place(label).unwrap_or(end), IMPACT_10Y));
        let mut columns: Vec<Column> = (0..METRICS.len()).map(|index| metric(end, index)).collect();
        columns.extend(extremes);
        columns
            .extend((0..CHANNELS.len()).map(|channel| Column::Channel { horizon: end, channel }));
        columns.extend((0..layout.quantities).map(Column::Draw));
        Keep { columns, paths }
    }

    /// The same with further columns behind.
    #[must_use]
    pub fn and(mut self, further: Vec<Column>) -> Self {
        self.columns.extend(further);
        self
    }
}
