//! Marginal distributions: quantiles invert, truncation renormalises, moments agree with closed forms.

#![allow(clippy::unwrap_used, reason = "a test may stop here")]

use proptest::prelude::*;
use ustress::num::{Law, Marginal, normal_cdf, normal_density, normal_quantile};

/// ∫ f(draw(z)) φ(z) dz over ±9, by the trapezoid rule.
fn expect(marginal: &Marginal, f: impl Fn(f64) -> f64) -> f64 {
    let width = 18.0 / 20_000.0;
    (0..=20_000)
        .map(|step| {
            let z = -9.0 + f64::from(step) * width;
            f(marginal.draw(z, 0.5)) * normal_density(z) * width
        })
        .sum()
}

fn made(law: Law) -> Marginal {
    Marginal::new(law).unwrap()
}

#[test]
fn moments_agree_with_closed_forms() {
    let cases = [
        (Law::Normal { mean: -3.0, sd: 2.0 }, 4.0),
        (Law::Uniform { low: -1.0, high: 5.0 }, 3.0),
        (Law::Triangular { low: 0.0, mode: 2.0, high: 6.0 }, (36.0 + 4.0 - 12.0) / 18.0),
        (
            Law::Pert { low: 0.0, mode: 2.0, high: 6.0 },
            6.0 * 6.0 * (7.0 / 3.0 * 11.0 / 3.0) / (36.0 * 7.0),
        ),
        (Law::Beta { a: 2.0, b: 6.0, low: 1.0, high: 3.0 }, 4.0 * 12.0 / (64.0 * 9.0)),
        (Law::Beta { a: 0.5, b: 0.5, low: 0.0, high: 1.0 }, 0.125),
        (
            Law::LogNormal { median: 4.5, sigma: 0.65 },
            4.5 * 4.5 * libm::exp(0.4225) * libm::expm1(0.4225),
        ),
    ];
    for (law, variance) in cases {
        let marginal = made(law);
        let mean = expect(&marginal, |x| x);
        assert!((mean - marginal.mean()).abs() < 1e-7 * (1.0 + mean.abs()), "{marginal:?}");
        let found = expect(&marginal, |x| (x - mean) * (x - mean));
        assert!(
            (found - variance).abs() < 1e-6 * (1.0 + variance),
            "{:?}: {found}",
            marginal.law()
        );
    }
}

#[test]
fn intervals_hold_ninety_percent() {
    for (low, high) in [(9.0, 27.0), (-5.0, 5.0), (0.0, 4.0), (1e-6, 1e6)] {
        let marginal = Marginal::interval(low, high).unwrap();
        assert!((marginal.cdf(low) - 0.05).abs() < 1e-13);
        assert!((marginal.cdf(high) - 0.95).abs() < 1e-13);
    }
    let is_lognormal =
        |low, high| matches!(Marginal::interval(low, high).unwrap().law(), Law::LogNormal { .. });
    assert!(is_lognormal(9.0, 27.0) && !is_lognormal(0.0, 4.0) && !is_lognormal(-5.0, 5.0));
    assert!(
        (Marginal::interval(9.0, 27.0).unwrap().quantile(0.5) - 243.0_f64.sqrt()).abs() < 1e-12
    );
}

#[test]
fn truncated_means_agree_with_integration() {
    let laws = [
        Law::Normal { mean: 0.05, sd: 0.06 },
        Law::LogNormal { median: 20.0, sigma: 0.85 },
        Law::Triangular { low: 0.0, mode: 2.0, high: 6.0 },
        Law::Pert { low: 0.0, mode: 2.0, high: 6.0 },
    ];
    for law in laws {
        let free = made(law);
        let (low, high) = (free.quantile(0.2), free.quantile(0.9));
        assert!((free.cut_mass(low, high) - 0.3).abs() < 1e-12);
        let cut = free.truncated(low, high).unwrap();
        let mean = expect(&cut, |x| x);
        assert!((cut.mean() - mean).abs() < 1e-7 * (1.0 + mean), "{:?}", cut.law());
        assert!((cut.quantile(0.5) - free.quantile(0.55)).abs() < 1e-9);
        assert_eq!((cut.cdf(low - 1e-9), cut.cdf(high)), (0.0, 1.0));
    }
}

#[test]
fn a_negligible_truncation_is_none() {
    let free = made(Law::Normal { mean: 0.0, sd: 1.0 });
    let cut = free.truncated(-9.0, 9.0).unwrap();
    assert_eq!(cut, free);
    assert_eq!(cut.draw(0.3, 0.0).to_bits(), free.draw(0.3, 0.0).to_bits());
    assert_ne!(free.truncated(-7.0, 9.0).unwrap(), free);
}

#[test]
fn a_far_tail_keeps_its_digits() {
    let tail = made(Law::Normal { mean: 0.0, sd: 1.0 }).truncated(7.0, f64::INFINITY).unwrap();
    // Beyond 7 the normal is nearly exponential: median 7 + ln 2 / 7 less a little.
    let median = tail.quantile(0.5);
    assert!((normal_cdf(-median) / normal_cdf(-7.0) - 0.5).abs() < 1e-12, "{median}");
    assert!((tail.draw(0.0, 0.0) - median).abs() < 1e-12);
}

#[test]
fn discrete_and_bernoulli_take_their_values_in_order() {
    let dice = made(Law::Discrete { values: vec![3.0, 1.0, 2.0], weights: vec![2.0, 1.0, 1.0] });
    assert_eq!(dice.quantile(0.25), 1.0);
    assert_eq!(dice.quantile(0.250_001), 2.0);
    assert_eq!(dice.quantile(0.6), 3.0);
    assert_eq!(dice.mean(), 2.25);
    assert_eq!(dice.truncated(1.5, 9.0).unwrap().mean(), 8.0 / 3.0);
    let coin = made(Law::Bernoulli { p: 0.3 });
    assert_eq!(coin.draw(normal_quantile(0.69), 0.0), 0.0);
    assert_eq!(coin.draw(normal_quantile(0.71), 0.0), 1.0);
    assert_eq!(coin.cut_mass(0.5, 2.0), 0.7);
    assert_eq!(coin.constant(), None);
    assert_eq!(coin.truncated(0.5, 2.0).unwrap().constant(), Some(1.0));
    assert!(coin.truncated(2.0, 3.0).is_err());
}

fn elasticity() -> Marginal {
    let part = |median, sigma| made(Law::LogNormal { median, sigma });
    made(Law::Mixture { parts: vec![part(4.5, 0.65), part(25.0, 0.45)], weights: vec![95.0, 5.0] })
}

#[test]
fn one_normal_drives_both_components_of_a_mixture() {
    let mixture = elasticity();
    assert!((mixture.draw(0.0, 0.949) - 4.5).abs() < 1e-12);
    assert!((mixture.draw(0.0, 0.951) - 25.0).abs() < 1e-12);
    assert!(mixture.draw(1.0, 0.2) > mixture.draw(0.9, 0.2));
    for (p, quoted) in [(0.05, 1.6), (0.5, 4.7), (0.95, 18.9)] {
        let found = mixture.quantile(p);
        assert!((found - quoted).abs() < 0.1, "the quoted quantile of the default prior: {found}");
    }
}

#[test]
fn a_truncated_mixture_is_the_mixture_given_the_range() {
    let (free, cut) = (elasticity(), elasticity().truncated(3.0, 40.0).unwrap());
    let mass = 1.0 - free.cut_mass(3.0, 40.0);
    for x in [3.5, 5.0, 12.0, 30.0] {
        let given = (free.cdf(x) - free.cdf(3.0)) / mass;
        assert!((cut.cdf(x) - given).abs() < 1e-12);
    }
}

#[test]
fn impossible_parameters_are_refused() {
    let nan = f64::NAN;
    let laws = [
        Law::Constant(f64::INFINITY),
        Law::Normal { mean: 0.0, sd: 0.0 },
        Law::Normal { mean: nan, sd: 1.0 },
        Law::LogNormal { median: -1.0, sigma: 1.0 },
        Law::LogNormal { median: 1.0, sigma: nan },
        Law::Uniform { low: 1.0, high: 1.0 },
        Law::Uniform { low: nan, high: 1.0 },
        Law::Triangular { low: 0.0, mode: 3.0, high: 1.0 },
        Law::Pert { low: 0.0, mode: nan, high: 1.0 },
        Law::Beta { a: 0.0, b: 1.0, low: 0.0, high: 1.0 },
        Law::Bernoulli { p: 1.1 },
        Law::Discrete { values: vec![], weights: vec![] },
        Law::Discrete { values: vec![1.0], weights: vec![1.0, 2.0] },
        Law::Mixture { parts: vec![Marginal::fixed(1.0)], weights: vec![-1.0] },
    ];
    for law in laws {
        assert!(Marginal::new(law.clone()).is_err(), "{law:?}");
    }
}

/// Any law with sound parameters.
fn laws() -> impl Strategy<Value = Law> {
    let ends = (-100.0..100.0_f64, 0.01..200.0_f64, 0.0..=1.0_f64);
    prop_oneof![
        (-100.0..100.0, 0.01..50.0).prop_map(|(mean, sd)| Law::Normal { mean, sd }),
        (0.01..100.0, 0.05..2.0).prop_map(|(median, sigma)| Law::LogNormal { median, sigma }),
        ends.clone().prop_map(|(low, width, _)| Law::Uniform { low, high: low + width }),
        ends.clone().prop_map(|(low, width, place)| {
            let high = low + width;
            Law::Triangular { low, mode: (low + place * width).min(high), high }
        }),
        ends.clone().prop_map(|(low, width, place)| {
            let high = low + width;
            Law::Pert { low, mode: (low + place * width).min(high), high }
        }),
        (0.3..50.0_f64, 0.3..50.0_f64, ends).prop_map(|(a, b, (low, width, _))| Law::Beta {
            a,
            b,
            low,
            high: low + width
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn quantiles_invert_distributions(law in laws(), p in 0.001..0.999_f64) {
        let marginal = made(law);
        let x = marginal.quantile(p);
        prop_assert!((marginal.cdf(x) - p).abs() < 1e-9, "{x}");
        let back = marginal.quantile(marginal.cdf(x));
        let (low, high) = (marginal.quantile(1e-6), marginal.quantile(1.0 - 1e-6));
        prop_assert!((back - x).abs() <= 1e-8 * (high - low), "{x} {back}");
    }

    #[test]
    fn draws_are_quantiles_and_rise_with_z(law in laws(), z in -6.0..6.0_f64, cut in any::<bool>()) {
        let mut marginal = made(law);
        if cut {
            marginal = marginal.truncated(marginal.quantile(0.1), marginal.quantile(0.6)).unwrap();
        }
        let scale = marginal.quantile(1.0 - 1e-6) - marginal.quantile(1e-6);
        let exact = marginal.quantile(normal_cdf(z));
        let drawn = marginal.draw(z, 0.0);
        prop_assert!((drawn - exact).abs() <= 3e-9 * scale + 1e-6 * exact.abs() * f64::from(u8::from(z > 5.0)), "{drawn} {exact}");
        prop_assert!(marginal.draw(z + 0.01, 0.0) >= drawn);
        let (low, high) = marginal.support();
        prop_assert!(low <= drawn && drawn <= high);
    }

    #[test]
    fn truncation_renormalises(law in laws(), a in 0.0..0.45_f64, b in 0.55..1.0_f64, p in 0.01..0.99_f64) {
        let free = made(law);
        let (low, high) = (free.quantile(a), free.quantile(b));
        let cut = free.truncated(low, high).unwrap();
        let x = free.quantile(a + p * (b - a));
        prop_assert!((cut.cdf(x) - p).abs() < 1e-8);
        prop_assert!((cut.quantile(p) - x).abs() <= 1e-7 * (1.0 + x.abs()));
    }

    #[test]
    fn nothing_panics_on_any_number(v in prop::array::uniform4(any::<f64>()), z in any::<f64>(), s in any::<f64>()) {
        let [a, b, c, d] = v;
        let laws = [
            Law::Normal { mean: a, sd: b },
            Law::LogNormal { median: a, sigma: b },
            Law::Uniform { low: a, high: b },
            Law::Triangular { low: a, mode: c, high: b },
            Law::Pert { low: a, mode: c, high: b },
            Law::Beta { a: c, b: d, low: a, high: b },
            Law::Bernoulli { p: a },
            Law::Discrete { values: vec![a, b], weights: vec![c, d] },
        ];
        for law in laws {
            if let Ok(marginal) = Marginal::new(law) {
                let _ = (marginal.draw(z, s), marginal.quantile(s), marginal.cdf(z), marginal.mean());
                if let Ok(cut) = marginal.truncated(c, d) {
                    let _ = (cut.draw(z, s), cut.quantile(s), cut.cdf(z), cut.mean());
                }
            }
        }
    }
}
