//! Least squares with robust standard errors.
//!
//! ```text
//! b  = argmin |y − X b|²            columns scaled to length one, Householder QR, R b = Qᵀ y
//! ψ_t = n (XᵀX)⁻¹ x_t u_t           influence of observation t on b, u the residuals
//! se² = Ω(ψ) / n                    Ω the long-run variance of ψ: Newey and West (1987), Bartlett weights
//! Ω(ψ) = γ₀ + 2 Σ_{l=1..L} (1 − l/(L+1)) γ_l,   γ_l = (1/n) Σ ψ_t ψ_{t−l}
//! L  = ⌊4 (n/100)^(2/9)⌋            rule of Newey and West (1994) for Bartlett weights, or the overlap of the horizon
//! ```
//!
//! No correction for small samples. With L = 0 these are White's standard errors. Sums are taken in the order of time.
//!
//! ```text
//! HC3:  se² = (XᵀX)⁻¹ Σ x_t x_tᵀ u_t² / (1 − h_t)² (XᵀX)⁻¹,   h_t = x_tᵀ (XᵀX)⁻¹ x_t
//! ```
//!
//! for a few observations far apart in time (Long and Ervin 2000: below 250), where White's errors are too small.

use nalgebra::{DMatrix, DVector};

/// Smallest diagonal element of R, against the largest, with which the columns count as independent.
const SMALLEST_PIVOT: f64 = 1e-10;

/// Fewest observations more than coefficients.
const SPARE: usize = 3;

/// A fitted regression.
#[derive(Debug, Clone)]
pub struct Regression {
    /// Coefficients in the order of the columns.
    pub coefficients: Vec<f64>,
    /// Residuals in the order of the observations.
    pub residuals: Vec<f64>,
    /// Influence of each observation on each coefficient: `influence[coefficient][observation]`.
    pub influence: Vec<Vec<f64>>,
    /// R² about the mean.
    pub r_squared: f64,
    /// Diagonal of (XᵀX)⁻¹.
    unscaled: Vec<f64>,
    /// Weight h_t of each observation in its own fit.
    leverage: Vec<f64>,
}

/// Why there is no regression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RegressionError {
    /// Too few observations.
    #[error("{observations} observations are too few for {coefficients} coefficients")]
    Few {
        /// Rows.
        observations: usize,
        /// Columns.
        coefficients: usize,
    },
    /// Numbers that are none, or too large to reckon with.
    #[error("the numbers are too large")]
    NotFinite,
    /// Columns that follow from each other.
    #[error("the regressors are collinear")]
    Collinear,
}

impl Regression {
    /// Fits `y` on rows of regressors, which hold the constant where one is wanted.
    ///
    /// # Errors
    /// Too few rows, or collinear columns.
    pub fn fit(rows: &[Vec<f64>], y: &[f64]) -> Result<Self, RegressionError> {
        let columns = rows.first().map_or(0, Vec::len);
        let n = rows.len().min(y.len());
        if columns == 0 || n < columns + SPARE {
            return Err(RegressionError::Few { observations: n, coefficients: columns });
        }
        let mut x = DMatrix::from_fn(n, columns, |row, column| rows[row][column]);
        let scales: Vec<f64> = x.column_iter().map(|column| column.norm()).collect();
        for (column, scale) in scales.iter().enumerate() {
            if !(*scale > 0.0 && scale.is_finite()) {
                return Err(RegressionError::Collinear);
            }
            x.column_mut(column).unscale_mut(*scale);
        }
        let qr = x.clone().qr();
        let (q, r) = (qr.q(), qr.r());
        let pivots = r.diagonal().abs();
        if pivots.min() < SMALLEST_PIVOT * pivots.max() {
            return Err(RegressionError::Collinear);
        }
        let target = DVector::from_column_slice(&y[..n]);
        let solved = r.solve_upper_triangular(&(q.transpose() * &target));
        let inverse = r.solve_upper_triangular(&DMatrix::identity(columns, columns));
        let (Some(scaled), Some(inverse)) = (solved, inverse) else {
            return Err(RegressionError::Collinear);
        };
        if !scaled.iter().all(|coefficient| coefficient.is_finite()) {
            return Err(RegressionError::NotFinite);
        }
        let residuals: Vec<f64> = (target - &x * &scaled).iter().copied().collect();
        let bread = &inverse * inverse.transpose();
        let spread = &x * &bread;
        let influence = |column: usize| {
            let terms = residuals.iter().enumerate();
            let size = n as f64 / scales[column];
            terms.map(|(row, residual)| size * spread[(row, column)] * residual).collect()
        };
        Ok(Regression {
            coefficients: (0..columns).map(|column| scaled[column] / scales[column]).collect(),
            influence: (0..columns).map(influence).collect(),
            r_squared: 1.0 - sum_of_squares(&residuals) / about_mean(&y[..n]),
            unscaled: (0..columns)
                .map(|column| bread[(column, column)] / (scales[column] * scales[column]))
                .collect(),
            leverage: (0..n).map(|row| spread.row(row).dot(&x.row(row))).collect(),
            residuals,
        })
    }

    /// Number of observations.
    pub fn observations(&self) -> usize {
        self.residuals.len()
    }

    /// Standard deviation of the residuals, with the degrees of freedom of the coefficients taken off.
    pub fn residual_sd(&self) -> f64 {
        let free = self.observations() - self.coefficients.len();
        (sum_of_squares(&self.residuals) / free as f64).sqrt()
    }

    /// Standard error under independent errors of one variance.
    pub fn classical(&self, coefficient: usize) -> f64 {
        self.residual_sd() * self.unscaled[coefficient].sqrt()
    }

    /// Newey–West standard error with this many lags.
    pub fn newey_west(&self, coefficient: usize, lags: usize) -> f64 {
        standard_error(&self.influence[coefficient], lags)
    }

    /// Standard error HC3, for independent observations that are few.
    pub fn hc3(&self, coefficient: usize) -> f64 {
        let terms = self.influence[coefficient].iter().zip(&self.leverage);
        let without: Vec<f64> = terms.map(|(influence, own)| influence / (1.0 - own)).collect();
        standard_error(&without, 0)
    }
}

fn sum_of_squares(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum()
}

fn about_mean(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean) * (value - mean)).sum()
}

/// The mean.
pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Standard deviation, n − 1.
pub(crate) fn sd(values: &[f64]) -> f64 {
    (about_mean(values) / (values.len() as f64 - 1.0)).sqrt()
}

/// Standard error of an estimate from the influence of the observations on it, with this many lags.
pub fn standard_error(influence: &[f64], lags: usize) -> f64 {
    let n = influence.len();
    let covariance = |lag: usize| {
        let pairs = influence[lag..].iter().zip(influence);
        pairs.map(|(now, then)| now * then).sum::<f64>() / n as f64
    };
    let mut variance = covariance(0);
    for lag in 1..=lags.min(n.saturating_sub(1)) {
        let weight = 1.0 - lag as f64 / (lags as f64 + 1.0);
        variance += 2.0 * weight * covariance(lag);
    }
    (variance.max(0.0) / n as f64).sqrt()
}

/// Lags for this many observations: ⌊4 (n/100)^(2/9)⌋.
pub fn usual_lags(observations: usize) -> usize {
    (4.0 * libm::pow(observations as f64 / 100.0, 2.0 / 9.0)) as usize
}

/// Out-of-sample R² by an expanding window: from two thirds of the sample on, each observation is forecast by the
/// regression on all those that end at least `gap` observations before it, against the mean of the same. Negative when
/// the regression forecasts worse than the mean. None where too little is left.
pub fn out_of_sample(rows: &[Vec<f64>], y: &[f64], gap: usize) -> Option<f64> {
    let n = rows.len();
    let (mut model, mut naive) = (0.0, 0.0);
    for now in 2 * n / 3..n {
        let known = now.checked_sub(gap)?;
        let fit = Regression::fit(&rows[..known], &y[..known]).ok()?;
        let forecast: f64 = fit.coefficients.iter().zip(&rows[now]).map(|(b, x)| b * x).sum();
        let centre = mean(&y[..known]);
        model += (y[now] - forecast) * (y[now] - forecast);
        naive += (y[now] - centre) * (y[now] - centre);
    }
    (naive > 0.0).then(|| 1.0 - model / naive)
}
