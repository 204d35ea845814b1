//! Least squares with robust errors against certified values, statsmodels and a case by hand.
#![allow(clippy::unwrap_used)]

use ustress::calibrate::{Regression, RegressionError, standard_error, usual_lags};

/// NIST StRD, Longley (1967): employment, then deflator, GNP, unemployed, armed forces, population, year.
const LONGLEY: [[f64; 7]; 16] = [
    [60323.0, 83.0, 234289.0, 2356.0, 1590.0, 107608.0, 1947.0],
    [61122.0, 88.5, 259426.0, 2325.0, 1456.0, 108632.0, 1948.0],
    [60171.0, 88.2, 258054.0, 3682.0, 1616.0, 109773.0, 1949.0],
    [61187.0, 89.5, 284599.0, 3351.0, 1650.0, 110929.0, 1950.0],
    [63221.0, 96.2, 328975.0, 2099.0, 3099.0, 112075.0, 1951.0],
    [63639.0, 98.1, 346999.0, 1932.0, 3594.0, 113270.0, 1952.0],
    [64989.0, 99.0, 365385.0, 1870.0, 3547.0, 115094.0, 1953.0],
    [63761.0, 100.0, 363112.0, 3578.0, 3350.0, 116219.0, 1954.0],
    [66019.0, 101.2, 397469.0, 2904.0, 3048.0, 117388.0, 1955.0],
    [67857.0, 104.6, 419180.0, 2822.0, 2857.0, 118734.0, 1956.0],
    [68169.0, 108.4, 442769.0, 2936.0, 2798.0, 120445.0, 1957.0],
    [66513.0, 110.8, 444546.0, 4681.0, 2637.0, 121950.0, 1958.0],
    [68655.0, 112.6, 482704.0, 3813.0, 2552.0, 123366.0, 1959.0],
    [69564.0, 114.2, 502601.0, 3931.0, 2514.0, 125368.0, 1960.0],
    [69331.0, 115.7, 518173.0, 4806.0, 2572.0, 127852.0, 1961.0],
    [70551.0, 116.9, 554894.0, 4007.0, 2827.0, 130081.0, 1962.0],
];

fn longley() -> Regression {
    let rows: Vec<Vec<f64>> = LONGLEY.iter().map(|row| [&[1.0], &row[1..]].concat()).collect();
    let y: Vec<f64> = LONGLEY.iter().map(|row| row[0]).collect();
    Regression::fit(&rows, &y).unwrap()
}

/// Number of correct significant digits.
fn digits(found: f64, certified: f64) -> f64 {
    -libm::log10(((found - certified) / certified).abs().max(1e-16))
}

#[test]
fn longley_agrees_with_the_certified_values() {
    let fit = longley();
    let certified = [
        (-3482258.63459582, 890420.383607373),
        (15.0618722713733, 84.9149257747669),
        (-0.358191792925910e-1, 0.334910077722432e-1),
        (-2.02022980381683, 0.488399681651699),
        (-1.03322686717359, 0.214274163161675),
        (-0.511041056535807e-1, 0.226073200069370),
        (1829.15146461355, 455.478499142212),
    ];
    let mut fewest = f64::INFINITY;
    for (place, (coefficient, error)) in certified.into_iter().enumerate() {
        fewest = fewest.min(digits(fit.coefficients[place], coefficient));
        fewest = fewest.min(digits(fit.classical(place), error));
    }
    println!("{fewest:.1} digits");
    assert!(fewest > 9.0, "{fewest} digits");
    assert!(digits(fit.residual_sd(), 304.854073561965) > 9.0);
    assert!(digits(fit.r_squared, 0.995479004577296) > 12.0);
}

#[test]
fn robust_errors_agree_with_statsmodels_and_with_a_case_by_hand() {
    // statsmodels 0.15, OLS of Longley's data, cov_type HC0 and HAC with maxlags 2, no correction.
    let white = [
        832211.5805933193,
        51.22034744474528,
        0.024575997582748782,
        0.3832391109286218,
        0.1462450011418423,
        0.15820849621857327,
        428.3843755418281,
    ];
    let two_lags = [
        725219.8888387225,
        48.44914967037181,
        0.017794749971211554,
        0.2905358311757236,
        0.12164790475292761,
        0.12431158949396204,
        375.47719060625246,
    ];
    // The same with cov_type HC3.
    let few = [
        1799477.2207728284,
        91.11938642827296,
        0.0556239880704899,
        0.8221334975151721,
        0.29878925615597474,
        0.3249058198630345,
        922.807836684004,
    ];
    let fit = longley();
    for place in 0..7 {
        assert!(digits(fit.newey_west(place, 0), white[place]) > 6.0);
        assert!(digits(fit.newey_west(place, 2), two_lags[place]) > 6.0);
        assert!(digits(fit.hc3(place), few[place]) > 6.0);
    }
    // γ₀ = 10/4, γ₁ = −7/4, weight 1/2: Ω = 3/4.
    let by_hand = standard_error(&[1.0, -1.0, 2.0, -2.0], 1);
    assert!((by_hand - (0.75_f64 / 4.0).sqrt()).abs() < 1e-15, "{by_hand}");
    assert_eq!([usual_lags(50), usual_lags(100), usual_lags(1051)], [3, 4, 6]);
}

#[test]
fn what_cannot_be_fitted_is_refused() {
    let y = [1.0, 2.0, 3.0, 5.0, 8.0, 13.0];
    let collinear: Vec<Vec<f64>> =
        (0..6).map(|t| vec![1.0, f64::from(t), f64::from(2 * t)]).collect();
    assert_eq!(Regression::fit(&collinear, &y).unwrap_err(), RegressionError::Collinear);
    let zero: Vec<Vec<f64>> = (0..6).map(|_| vec![1.0, 0.0]).collect();
    assert_eq!(Regression::fit(&zero, &y).unwrap_err(), RegressionError::Collinear);
    let few = RegressionError::Few { observations: 2, coefficients: 2 };
    assert_eq!(Regression::fit(&[vec![1.0, 1.0], vec![1.0, 2.0]], &y).unwrap_err(), few);
    assert!(Regression::fit(&[], &[]).is_err());
    let line: Vec<Vec<f64>> = (0..6).map(|t| vec![1.0, f64::from(t)]).collect();
    assert_eq!(Regression::fit(&line, &[f64::NAN; 6]).unwrap_err(), RegressionError::NotFinite);
}
