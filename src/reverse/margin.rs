//! One number that says how a path stands to a target.
//!
//! ```text
//! one part       y = x                        inside as the part says
//! several        y = min_j depth_j(x_j)/s_j   inside from 0 on; s_j: standard deviation of the part's metric over the paths
//! ```
//!
//! So a joint target is a bound on one number too: its probability is that of y ≥ 0 on one path, its middle path has the
//! median of y, and a combination whose median is 0 reaches all parts at once with even odds. The standard deviations
//! choose where the search looks between the parts; the event itself does not depend on them.

use super::target::{Part, Target};

/// Measures outcomes against a target.
#[derive(Debug, Clone)]
pub(super) struct Margin {
    pub(super) target: Target,
    /// Standard deviation of each part's metric.
    spreads: Vec<f64>,
}

impl Margin {
    /// For a target whose parts' metrics take these values on the paths; one that does not vary is measured on the scale of
    /// its bins.
    pub(super) fn new(target: &Target, values: &[Vec<f64>]) -> Self {
        let spread = |(part, values): (&Part, &Vec<f64>)| {
            let n = values.len().max(1) as f64;
            let mean = values.iter().sum::<f64>() / n;
            let squares = values.iter().map(|value| (value - mean) * (value - mean));
            let spread = libm::sqrt(squares.sum::<f64>() / n);
            if spread > 0.0 { spread } else { part.about().scale }
        };
        let spreads = target.parts().iter().zip(values).map(spread).collect();
        Margin { target: target.clone(), spreads }
    }

    /// The same at the end of the scenario.
    pub(super) fn at_end(&self) -> Self {
        Margin { target: self.target.at_end(), spreads: self.spreads.clone() }
    }

    /// The one part; none of a joint target.
    fn only(&self) -> Option<&Part> {
        self.target.parts().first().filter(|_| !self.target.is_joint())
    }

    /// The number of a path from the values of the parts.
    pub(super) fn outcome(&self, values: &[f64]) -> f64 {
        if self.only().is_some() {
            return values.first().copied().unwrap_or(f64::NAN);
        }
        let depths = self.target.parts().iter().zip(values).zip(&self.spreads);
        let depths = depths.map(|((part, value), spread)| part.depth(*value) / spread);
        depths.fold(
            f64::INFINITY,
            |least, depth| {
                if depth.is_nan() || depth < least { depth } else { least }
            },
        )
    }

    /// Whether such a number is inside the target.
    pub(super) fn holds(&self, outcome: f64) -> bool {
        self.only().map_or(outcome >= 0.0, |part| part.holds(outcome))
    }

    /// The edge that a number outside has to reach; none for one inside or for no number.
    pub(super) fn edge(&self, outcome: f64) -> Option<f64> {
        match self.only() {
            Some(part) => part.edge(outcome),
            None => (outcome < 0.0).then_some(0.0),
        }
    }

    /// Width of a range; infinite for a bound; none of a joint target, whose edge is no plane even near.
    pub(super) fn width(&self) -> Option<f64> {
        self.only().map(Part::width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_joint_target_is_a_bound_on_the_smallest_depth() {
        let target = Target::parse("impact_10y_bp >= 50 and usdjpy 140..150").unwrap();
        let margin = Margin::new(&target, &[vec![0.0, 20.0], vec![7.0, 7.0]]);
        // Standard deviation 10 bp; the yen does not vary: its scale is 1.
        assert_eq!(margin.outcome(&[70.0, 143.0]), 2.0);
        assert_eq!(margin.outcome(&[45.0, 143.0]), -0.5);
        assert_eq!(margin.outcome(&[70.0, 152.0]), -2.0);
        for values in [[50.0, 140.0], [50.0, 150.0], [49.9, 145.0], [60.0, 149.9], [60.0, 139.0]] {
            assert_eq!(margin.holds(margin.outcome(&values)), target.holds(&values), "{values:?}");
        }
        assert_eq!((margin.edge(-0.5), margin.edge(0.5), margin.width()), (Some(0.0), None, None));
        assert!(margin.outcome(&[f64::NAN, 145.0]).is_nan() && margin.edge(f64::NAN).is_none());
        let single = Margin::new(&Target::parse("usdjpy <= 140").unwrap(), &[vec![1.0, 2.0]]);
        assert!(single.outcome(&[139.0]) == 139.0 && single.edge(141.0) == Some(140.0));
    }
}
