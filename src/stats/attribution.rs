//! Who did it: the mean of every channel, over all paths and within the worst 5% of them.

use super::estimate::{Estimate, mean};
use super::tally::Tally;
use crate::model::{CHANNELS, IMPACT_10Y};

/// The share of the paths that counts as the worst, as a divisor: the upper `⌈n / 20⌉` by the total.
const WORST_PART: u64 = 20;

/// The 10-year impact at a horizon, taken apart.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Attribution {
    /// Mean of each channel in bp, in the order of the channels.
    pub channels: Vec<Estimate>,
    /// Mean of the total in bp.
    pub total: Estimate,
    /// Mean of each channel in bp within the worst 5% of the paths.
    pub worst: Vec<f64>,
    /// Sum of `worst`.
    pub worst_total: f64,
}

impl Attribution {
    /// Whether the total is told from zero: more than two errors away.
    pub fn certain(&self) -> bool {
        self.total.value.abs() > 2.0 * self.total.mcse
    }

    /// A channel's part of the total; none when the total is within two errors of zero.
    pub fn share(&self, channel: usize) -> Option<f64> {
        let mean = self.channels.get(channel)?.value;
        self.certain().then(|| mean / self.total.value)
    }

    /// The channel with the largest mean in size; none when the total is within two errors of zero.
    pub fn main_channel(&self) -> Option<&'static str> {
        let sizes = self.channels.iter().map(|mean| mean.value.abs());
        let largest = sizes.enumerate().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        let (channel, size) = largest?;
        if self.certain() && size > 0.0 { CHANNELS.get(channel).copied() } else { None }
    }
}

/// Takes the 10-year impact apart at a horizon.
pub fn attribute(tally: &Tally, horizon: usize) -> Attribution {
    let step = tally.channel_step();
    let cell = tally.cell(horizon, IMPACT_10Y);
    let channels =
        (0..CHANNELS.len()).map(|channel| mean(tally.channel(horizon, channel), step)).collect();
    let worst = worst_means(tally, horizon);
    Attribution {
        channels,
        total: mean(&cell.moments, &tally.measure(IMPACT_10Y).quantiser),
        worst_total: worst.iter().sum(),
        worst,
    }
}

/// Means of the channels over the upper `⌈n / 20⌉` paths; the bin at the boundary counts pro rata.
fn worst_means(tally: &Tally, horizon: usize) -> Vec<f64> {
    let bins = &tally.cell(horizon, IMPACT_10Y).bins;
    let tail = tally.tail(horizon);
    let count: u64 = bins.filled().map(|(_, count)| count).sum();
    let worst = count.div_ceil(WORST_PART);
    let mut left = worst;
    let mut whole = [0_i128; CHANNELS.len()];
    let mut boundary = [0.0; CHANNELS.len()];
    for (bin, held) in bins.filled().rev() {
        let sums = tail.sums(bin);
        if held > left {
            boundary = sums.map(|sum| sum as f64 * (left as f64 / held as f64));
            break;
        }
        for (total, sum) in whole.iter_mut().zip(sums) {
            *total += i128::from(sum);
        }
        left -= held;
        if left == 0 {
            break;
        }
    }
    let unit = tally.channel_step().unit();
    let sums = whole.iter().zip(boundary).map(|(whole, part)| *whole as f64 + part);
    sums.map(|sum| sum * unit / worst as f64).collect()
}
