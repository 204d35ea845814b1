//! The statistics of a distribution by name, each with its estimate, its error and its influence function.
//!
//! The influence function says how much one path moves a statistic: `T(F̂) − T(F) ≈ mean of IF(x)` (Hampel 1974,
//! *J. Am. Stat. Assoc.* 69). For two scenarios on the same paths the error of the difference is therefore
//! `sd(IF_b − IF_a) / √n`: what the paths have in common drops out, and two equal scenarios differ by 0 ± 0.

use super::cell::{Cell, LEVELS, Measure};
use super::estimate::{
    Estimate, PROBABILITIES, Ranks, Z95, mean, proportion, quantile_widening, shortfall_widening,
};

/// A statistic of a metric over the paths.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Statistic {
    /// Mean.
    Mean,
    /// Quantile at a probability, 0.01 to 0.99.
    Quantile(f64),
    /// Mean of the upper `⌈n / part⌉` paths: 20 for the worst 5%, 100 for the worst 1%.
    Shortfall(u64),
    /// Share of the paths at or above a level, by its position in [`LEVELS`].
    AtLeast(usize),
    /// Share of the paths at or above the first level and below the second.
    Between,
}

impl Statistic {
    /// All of them, in the order of the files.
    pub fn all() -> Vec<Statistic> {
        let mut all = vec![Statistic::Mean];
        all.extend(PROBABILITIES.map(Statistic::Quantile));
        all.extend([Statistic::Shortfall(20), Statistic::Shortfall(100)]);
        all.extend((0..LEVELS.len()).map(Statistic::AtLeast));
        all.push(Statistic::Between);
        all
    }

    /// Reads `mean`, `p1` to `p99`, `es95`, `es99`, `prob_ge_20bp` and so on.
    pub fn parse(word: &str) -> Option<Statistic> {
        if let Some(known) = Statistic::all().into_iter().find(|known| known.name() == word) {
            return Some(known);
        }
        let percent: u32 = word.strip_prefix('p')?.parse().ok()?;
        (1..=99).contains(&percent).then(|| Statistic::Quantile(f64::from(percent) / 100.0))
    }

    /// Name, as in every file.
    pub fn name(self) -> String {
        match self {
            Statistic::Mean => "mean".to_owned(),
            Statistic::Quantile(probability) => format!("p{:.0}", 100.0 * probability),
            Statistic::Shortfall(part) => format!("es{}", 100 - 100 / part),
            Statistic::AtLeast(level) => format!("prob_ge_{}bp", LEVELS[level]),
            Statistic::Between => format!("prob_{}_to_{}bp", LEVELS[0], LEVELS[1]),
        }
    }

    /// Whether it is a share of the paths, counted for impacts only.
    pub fn is_share(self) -> bool {
        matches!(self, Statistic::AtLeast(_) | Statistic::Between)
    }

    /// The estimate with its Monte Carlo error; `ranks` are those of the cell.
    pub fn estimate(self, cell: &Cell, measure: &Measure, ranks: &Ranks) -> Estimate {
        let count = cell.moments.count();
        match self {
            Statistic::Mean => mean(&cell.moments, &measure.quantiser),
            Statistic::Quantile(probability) => ranks.quantile_estimate(probability),
            Statistic::Shortfall(part) => ranks.shortfall(part),
            Statistic::AtLeast(level) => proportion(cell.at_least[level], count),
            Statistic::Between => proportion(cell.at_least[0] - cell.at_least[1], count),
        }
    }

    /// The influence of each path on the statistic, up to a constant. That of a quantile is
    /// `(1{x > q} − (1 − p)) / f(q)`, with the density taken from the same order statistics as its error; that of a
    /// shortfall is `max(x − q, 0) · part`.
    pub fn influence(self, values: &[f64], ranks: &Ranks, estimate: &Estimate) -> Vec<f64> {
        let hit = |yes: bool| f64::from(u8::from(yes));
        match self {
            Statistic::Mean => values.to_vec(),
            Statistic::Quantile(p) => {
                let step = ranks.quantile_step(p);
                let slope = step * (values.len() as f64 / (p * (1.0 - p))).sqrt();
                values.iter().map(|x| slope * hit(*x > estimate.value)).collect()
            }
            Statistic::Shortfall(part) => {
                let threshold = ranks.quantile(1.0 - 1.0 / part as f64);
                values.iter().map(|x| (x - threshold).max(0.0) * part as f64).collect()
            }
            Statistic::AtLeast(level) => values.iter().map(|x| hit(*x >= LEVELS[level])).collect(),
            Statistic::Between => {
                values.iter().map(|x| hit(*x >= LEVELS[0] && *x < LEVELS[1])).collect()
            }
        }
    }

    /// Paths that a share counts; none for other statistics.
    pub(super) fn hits(self, cell: &Cell) -> Option<u64> {
        match self {
            Statistic::AtLeast(level) => Some(cell.at_least[level]),
            Statistic::Between => Some(cell.at_least[0] - cell.at_least[1]),
            _ => None,
        }
    }

    /// What part of the paths, from the highest down, it is a statistic of: 1 in this many.
    pub fn part(self) -> u64 {
        if let Statistic::Shortfall(part) = self { part } else { 1 }
    }

    /// What the error is multiplied by for few paths in the tail; not a number where it is withheld.
    fn widening(self, count: u64) -> f64 {
        match self {
            Statistic::Quantile(probability) => quantile_widening(count, probability),
            Statistic::Shortfall(part) => shortfall_widening(count.div_ceil(part)),
            _ => 1.0,
        }
    }

    /// The error of a combination of statistics with these influences over the paths: `sd / √n`, widened as for one
    /// scenario. A share on which no two paths disagree still has the error of [`proportion`] without hits, unless `same`
    /// says that the paths are equal.
    pub fn error(self, influence: impl Iterator<Item = f64>, same: bool) -> f64 {
        let (mut n, mut mean, mut squares) = (0.0, 0.0, 0.0);
        for value in influence {
            n += 1.0;
            let step = value - mean;
            mean += step / n;
            squares += step * (value - mean);
        }
        if squares == 0.0 && self.is_share() && !same {
            return Z95 / (n + Z95 * Z95);
        }
        match n {
            _ if n < 2.0 => f64::NAN,
            _ if squares == 0.0 => 0.0,
            _ => (squares / (n - 1.0) / n).sqrt() * self.widening(n as u64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for statistic in Statistic::all() {
            assert_eq!(Statistic::parse(&statistic.name()), Some(statistic));
        }
        let names: Vec<String> = Statistic::all().into_iter().map(Statistic::name).collect();
        assert_eq!(names[..3], ["mean", "p1", "p5"]);
        assert_eq!(
            names[10..],
            ["es95", "es99", "prob_ge_20bp", "prob_ge_50bp", "prob_ge_100bp", "prob_20_to_50bp"]
        );
        assert_eq!(Statistic::parse("p100"), None);
    }

    #[test]
    fn a_share_without_disagreement_still_has_an_error() {
        let share = Statistic::AtLeast(0);
        let none = || std::iter::repeat_n(0.0, 100);
        assert_eq!(share.error(none(), true), 0.0);
        assert!((share.error(none(), false) - proportion(0, 100).mcse).abs() < 1e-12);
        assert_eq!(Statistic::Mean.error(none(), false), 0.0);
        assert!((share.error([0.0, 1.0].into_iter(), false) - 0.5).abs() < 1e-12);
    }
}
