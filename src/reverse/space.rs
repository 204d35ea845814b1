//! The uncertain inputs of a scenario as independent standard normals, and back.
//!
//! ```text
//! x_i = F_i⁻¹(Φ(z_i)),   z = L u,   u independent standard normal
//! ```
//!
//! F is an input's own distribution, L the Cholesky factor of the correlations of the normals (the Gaussian copula that
//! the model draws from; Liu and Der Kiureghian 1991). A mixture is moved along its own distribution function, as if one
//! normal chose component and value together: its distribution is right, its correlations with others only nearly. A
//! discrete input moves in steps; of the normals that give the same value the middle one in probability is taken.

use crate::model::Plan;
use crate::num::{Law, Marginal, normal_cdf, normal_quantile};
use crate::scenario::{QuantityId, Scenario};

/// Largest distance from the median at which an input is looked at, in standard normals.
pub(super) const FARTHEST: f64 = 8.0;

/// An uncertain input.
#[derive(Debug, Clone)]
pub(super) struct Input {
    pub(super) quantity: QuantityId,
    pub(super) address: String,
    pub(super) unit: &'static str,
    pub(super) marginal: Marginal,
}

/// All uncertain inputs, in the order of the plan.
#[derive(Debug, Clone)]
pub(super) struct Space {
    pub(super) inputs: Vec<Input>,
    correlated: Vec<(usize, Vec<f64>)>,
}

/// The value of an input at a standard normal.
pub(super) fn value_at(marginal: &Marginal, z: f64) -> f64 {
    match marginal.law() {
        Law::Mixture { .. } => marginal.quantile(normal_cdf(z)),
        _ => marginal.draw(z, 0.0),
    }
}

/// The share of an input's distribution below a value, half of what lies on it included.
pub(super) fn percentile(marginal: &Marginal, value: f64) -> f64 {
    0.5 * (marginal.cdf(value) + marginal.cdf(value.next_down()))
}

/// The standard normal of a value.
pub(super) fn normal_at(marginal: &Marginal, value: f64) -> f64 {
    normal_quantile(percentile(marginal, value)).clamp(-FARTHEST, FARTHEST)
}

impl Space {
    pub(super) fn new(scenario: &Scenario, plan: &Plan) -> Self {
        let inputs = plan.uncertain.iter().map(|uncertain| {
            let quantity = &scenario.quantities[uncertain.quantity];
            Input {
                quantity: uncertain.quantity,
                address: quantity.address.clone(),
                unit: quantity.unit,
                marginal: uncertain.marginal.clone(),
            }
        });
        Space { inputs: inputs.collect(), correlated: plan.correlated.clone() }
    }

    /// The values of all inputs at independent normals `u`.
    pub(super) fn values(&self, u: &[f64]) -> Vec<(QuantityId, f64)> {
        let mut z = u.to_vec();
        for (place, row) in &self.correlated {
            let terms = row.iter().zip(&self.correlated);
            z[*place] = terms.map(|(factor, (other, _))| factor * u[*other]).sum();
        }
        let values = self.inputs.iter().zip(&z);
        values.map(|(input, z)| (input.quantity, value_at(&input.marginal, *z))).collect()
    }

    /// The independent normals behind the normals `z` of the inputs, in place.
    pub(super) fn decorrelate(&self, z: &mut [f64]) {
        for (place, row) in &self.correlated {
            let (own, before) = row.split_last().map_or((1.0, row.as_slice()), |(a, b)| (*a, b));
            let terms = before.iter().zip(&self.correlated);
            let sum: f64 = terms.map(|(factor, (other, _))| factor * z[*other]).sum();
            z[*place] = (z[*place] - sum) / own;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn space() -> Space {
        let input = |marginal| Input {
            quantity: 0,
            address: String::new(),
            unit: "",
            marginal: Marginal::new(marginal).unwrap(),
        };
        Space {
            inputs: vec![
                input(Law::Normal { mean: 10.0, sd: 2.0 }),
                input(Law::Bernoulli { p: 0.3 }),
                input(Law::LogNormal { median: 5.0, sigma: 0.5 }),
            ],
            correlated: vec![(2, vec![1.0]), (0, vec![0.6, 0.8])],
        }
    }

    #[test]
    fn values_go_there_and_back() {
        let space = space();
        let u = [0.7, -0.4, 1.3];
        let values = space.values(&u);
        // The first is correlated with the third: z = 0.6 · 1.3 + 0.8 · 0.7.
        assert!((values[0].1 - (10.0 + 2.0 * 1.34)).abs() < 1e-12, "{values:?}");
        let inputs = space.inputs.iter().zip(&values);
        let mut z: Vec<f64> =
            inputs.map(|(input, (_, value))| normal_at(&input.marginal, *value)).collect();
        // Of the values below the jump of a coin the middle one in probability: Φ⁻¹(0.35).
        assert!((z[1] - normal_quantile(0.35)).abs() < 1e-12);
        space.decorrelate(&mut z);
        assert!((z[0] - u[0]).abs() < 1e-9 && (z[2] - u[2]).abs() < 1e-9, "{z:?}");
    }
}
