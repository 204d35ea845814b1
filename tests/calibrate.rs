//! Calibration: regressions against certified values, estimates against known worlds and against pandas and
//! statsmodels, the overlay, and missing data.
#![allow(clippy::unwrap_used)]

use rand_distr::{Distribution as _, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use time::{Date, Duration, Month, Weekday};
use ustress::calibrate::{
    Calibration, Regression, RegressionError, Window, calibrate, overlay, positive_definite,
    standard_error, terminal, usual_lags,
};
use ustress::cli::LIBRARY;
use ustress::data::{DataSet, Frequency, Series, WANTED, read_folder};
use ustress::model::{CATALOGUE, Plan};

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
    let fit = longley();
    for place in 0..7 {
        assert!(digits(fit.newey_west(place, 0), white[place]) > 6.0);
        assert!(digits(fit.newey_west(place, 2), two_lags[place]) > 6.0);
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

fn day(year: i32, month: u8, day: u8) -> Date {
    Date::from_calendar_date(year, Month::try_from(month).unwrap(), day).unwrap()
}

fn window() -> Window {
    Window { from: day(2022, 1, 1), to: day(2026, 6, 30) }
}

/// A world whose law is known: each change is a sum of common and own normals.
fn world(seed: u64) -> DataSet {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut normal = move || -> f64 { StandardNormal.sample(&mut random) };
    let names = [
        "DGS2",
        "DGS5",
        "DGS10",
        "DGS30",
        "jgb.2y",
        "jgb.10y",
        "jgb.30y",
        "DEXJPUS",
        "SP500",
        "VIXCLS",
        "DFF",
        "IRSTCI01JPM156N",
    ];
    let mut levels = [4.0, 4.0, 4.0, 4.0, 1.0, 2.0, 3.0, 0.0, 0.0, 500.0, 3.6, 1.0];
    let mut points: Vec<Vec<(Date, f64)>> = vec![Vec::new(); names.len()];
    let (mut date, mut before) = (window().from, 0.0);
    while date <= window().to {
        date += Duration::DAY;
        if matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) {
            continue;
        }
        let jgb = 3.0 * normal() + 0.14 * before;
        let two = 5.0 * normal();
        let ten = 0.7 * two + 0.4 * jgb + 3.0 * normal();
        let short = normal();
        let yen = 0.041 * (two - short) + 0.4 * normal();
        let equity = normal();
        let moves = [
            two / 100.0,
            (0.9 * two + normal()) / 100.0,
            ten / 100.0,
            (0.5 * two + 4.0 * normal()) / 100.0,
            short / 100.0,
            jgb / 100.0,
            (jgb + 3.0 * normal()) / 100.0,
            yen / 100.0,
            equity / 100.0,
            -1.5 * equity + normal(),
            0.0,
            0.0,
        ];
        before = ten;
        for place in 0..names.len() {
            levels[place] += moves[place];
            let index = ["DEXJPUS", "SP500"].contains(&names[place]);
            let value = if index { 150.0 * libm::exp(levels[place]) } else { levels[place] };
            points[place].push((date, value));
        }
    }
    let mut set = DataSet::default();
    for (name, points) in names.into_iter().zip(points) {
        add(&mut set, name, Frequency::Day, points);
    }
    flows(&mut set, &mut normal);
    set
}

/// Monthly flows: everyday noise only.
fn flows(set: &mut DataSet, normal: &mut impl FnMut() -> f64) {
    let ends = (2022..=2025).flat_map(|year| (1..=12).map(move |month| (year, month)));
    let ends: Vec<Date> = ends
        .map(|(year, month)| day(year, month, Month::try_from(month).unwrap().length(year)))
        .collect();
    let noise = |scale: f64, centre: f64, normal: &mut dyn FnMut() -> f64| {
        ends.iter().map(|date| (*date, centre + scale * normal())).collect::<Vec<_>>()
    };
    let debt = noise(2000.0, 0.0, normal);
    add(set, "portfolio.long_term_debt_net", Frequency::Month, debt);
    let stock = noise(15.0, 1100.0, normal);
    add(set, "tic.japan", Frequency::Month, stock);
    let sold = (0..6).map(|at| (ends[7 * at + 3], 3000.0)).collect();
    add(set, "intervention.yen_buying", Frequency::Day, sold);
}

fn add(set: &mut DataSet, name: &str, frequency: Frequency, points: Vec<(Date, f64)>) {
    let series = Series {
        name: name.to_owned(),
        unit: "",
        frequency,
        points,
        missing: 0,
        file: format!("/somewhere/{name}.csv"),
    };
    set.series.insert(name.to_owned(), series);
}

fn found(calibration: &Calibration, name: &str) -> (f64, f64) {
    let estimate = calibration.estimates.iter().find(|estimate| estimate.name == name);
    let estimate = estimate.unwrap_or_else(|| panic!("no {name}: {:?}", calibration.cannot_tell));
    (estimate.value, estimate.standard_error.unwrap_or(0.0))
}

/// Distance from the truth in standard errors.
fn distance(calibration: &Calibration, name: &str, truth: f64) -> f64 {
    let (value, error) = found(calibration, name);
    ((value - truth) / error).abs()
}

#[test]
fn a_known_world_is_found_again_within_four_standard_errors() {
    let calibration = calibrate(&world(1), window(), &CATALOGUE);
    let jgb = (9.0_f64 + 0.14 * 0.14 * 22.7).sqrt();
    let ten = (0.49 * 25.0 + 0.16 * jgb * jgb + 9.0_f64).sqrt();
    let yen = (0.041_f64 * 0.041 * 26.0 + 0.16).sqrt();
    let truths = [
        ("sd.ust_2y", 5.0),
        ("sd.ust_10y", ten),
        ("sd.jgb_10y", jgb),
        ("sd.usdjpy", yen),
        ("sd.vix", 3.25_f64.sqrt()),
        ("corr.ust2_ust10", 0.7 * 5.0 / ten),
        ("corr.sp500_vix", -1.5 / 3.25_f64.sqrt()),
        ("corr.ust2_usdjpy", 0.041 * 5.0 / yen),
        ("corr.ust2_sp500", 0.0),
        ("beta.same_day", 0.4),
        ("beta.all_days", 0.4),
        ("ust10_per_ust2", 0.7),
        ("ust5_per_ust2", 0.9),
        ("jgb10_per_ust10_yesterday", 0.14),
        ("usdjpy_per_gap", 0.041),
        ("flow.6pi.autocorrelation", 0.0),
    ];
    for (name, truth) in truths {
        let far = distance(&calibration, name, truth);
        assert!(far < 4.0, "{name}: {:?}, truth {truth}", found(&calibration, name));
    }
    // A normal world has the jumps that chance gives: 2.5 standard deviations, both sides, 252 days.
    let (up, error) = found(&calibration, "usdjpy.jumps_up");
    assert!((up - 1.565).abs() < 4.0 * error.max(0.6), "{up}");
    assert!(positive_definite(&calibration.estimates, &calibration.defaults));
}

/// The same test sees that a response is gone when a series is dated a week late.
#[test]
fn a_series_with_wrong_dates_is_not_found_again() {
    let mut set = world(1);
    let late = set.series.get_mut("jgb.10y").unwrap();
    for (date, _) in &mut late.points {
        *date += Duration::WEEK;
    }
    let calibration = calibrate(&set, window(), &CATALOGUE);
    assert!(distance(&calibration, "beta.same_day", 0.4) > 4.0);
    assert!(distance(&calibration, "jgb10_per_ust10_yesterday", 0.14) > 4.0);
    assert!(distance(&calibration, "sd.jgb_10y", 3.0) < 4.0);
}

/// The intervals cover: of the errors of forty worlds about 95% lie within 1.96 standard errors.
#[test]
fn standard_errors_cover() {
    let mut inside = 0;
    let names = [("ust10_per_ust2", 0.7), ("corr.ust2_sp500", 0.0), ("sd.ust_2y", 5.0)];
    let worlds = 40;
    for seed in 0..worlds {
        let calibration = calibrate(&world(100 + seed), window(), &CATALOGUE);
        inside +=
            names.iter().filter(|(n, truth)| distance(&calibration, n, *truth) < 1.96).count();
    }
    let share = inside as f64 / (names.len() as f64 * worlds as f64);
    println!("{share:.3} of the 95% intervals cover");
    assert!((0.90..=0.99).contains(&share), "{share}");
}

fn load(text: &str) -> ustress::scenario::Loaded {
    let resolve = |parent: &str| LIBRARY.find(parent);
    ustress::scenario::load("calibrated.toml", text, &resolve, &[], &CATALOGUE).unwrap()
}

#[test]
fn the_overlay_loads_without_warnings_and_sets_what_it_says() {
    let calibration = calibrate(&world(2), window(), &CATALOGUE);
    let loaded = load(&overlay(&calibration));
    assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
    Plan::new(&loaded.scenario).unwrap();
    let mut set = 0;
    for estimate in calibration.estimates.iter().filter(|estimate| estimate.setting.is_some()) {
        let key = estimate.key.as_ref().unwrap();
        let number =
            loaded.scenario.quantities.iter().find(|number| &number.address == key).unwrap();
        assert!(number.source.contains(&estimate.name), "{key}: {}", number.source);
        assert!(number.source.contains("observations") && number.layer != "default", "{key}");
        set += 1;
    }
    assert!(set > 55, "{set}");
    for text in ["kappa", "impact", "jgb10_per_jgb2", "fiscal_jump_sigma"] {
        assert!(!overlay(&calibration).contains(&format!("{text} =")), "{text} is set");
    }
}

#[test]
fn correlations_that_do_not_fit_together_are_moved_towards_the_defaults() {
    // The yen follows the 2-year and the 10-year, which jump with it: its large days are not independent, and over the
    // diffusion's share its correlations are too large for one world.
    let mut set = world(3);
    for name in ["DGS2", "DGS10"] {
        let points = set.series.get_mut(name).unwrap().points.iter_mut();
        points
            .enumerate()
            .for_each(|(at, (_, level))| *level += if at / 20 % 2 == 0 { 0.0 } else { 0.5 });
    }
    let pairs = set.series["DGS2"].points.iter().zip(&set.series["DGS10"].points);
    let yen = pairs.map(|((date, two), (_, ten))| (*date, 150.0 * libm::exp(0.05 * (two + ten))));
    let yen = yen.collect();
    add(&mut set, "DEXJPUS", Frequency::Day, yen);
    let calibration = calibrate(&set, window(), &CATALOGUE);
    assert!(positive_definite(&calibration.estimates, &calibration.defaults));
    assert!(
        calibration.estimates.iter().any(|estimate| estimate.note.contains("positive definite"))
    );
    Plan::new(&load(&overlay(&calibration)).scenario).unwrap();
}

#[test]
fn numbers_out_of_range_are_not_set() {
    let mut set = world(4);
    let wild = set.series.get_mut("DGS10").unwrap();
    for (at, (_, level)) in wild.points.iter_mut().enumerate() {
        *level += if at % 2 == 0 { 4.0 } else { 0.0 };
    }
    let calibration = calibrate(&set, window(), &CATALOGUE);
    let noise = calibration.estimates.iter().find(|found| found.name == "sd.ust_10y").unwrap();
    assert!(noise.value > 100.0 && noise.setting.is_none() && noise.note.contains("0 to 100"));
    assert!(load(&overlay(&calibration)).warnings.is_empty());
}

#[test]
fn what_is_missing_is_named_and_nothing_panics() {
    let empty = calibrate(&DataSet::default(), window(), &CATALOGUE);
    assert!(empty.estimates.is_empty() && empty.pickup.is_empty(), "{:?}", empty.estimates);
    assert!(empty.cannot_tell.len() > 15, "{:?}", empty.cannot_tell);
    assert!(load(&overlay(&empty)).warnings.is_empty());
    for wanted in WANTED.iter().filter(|wanted| world(5).series.contains_key(wanted.name)) {
        let mut set = world(5);
        set.series.remove(wanted.name);
        let calibration = calibrate(&set, window(), &CATALOGUE);
        let told = calibration.cannot_tell.join("\n");
        let rate = ["DFF", "IRSTCI01JPM156N"].contains(&wanted.name);
        let needle = if rate { "a yen short rate" } else { wanted.name };
        assert!(told.contains(needle), "{}: {told}", wanted.name);
        assert!(load(&overlay(&calibration)).warnings.is_empty(), "{}", wanted.name);
        assert!(terminal(&calibration).contains("What the data cannot tell"));
    }
}

#[test]
fn strange_windows_and_values_do_not_panic() {
    let set = world(6);
    for (from, to) in [
        (day(2026, 6, 30), day(2022, 1, 1)),
        (day(2024, 1, 1), day(2024, 1, 1)),
        (day(2024, 1, 1), day(2024, 2, 20)),
        (day(2024, 1, 1), day(2024, 4, 20)),
        (day(1900, 1, 1), day(1950, 1, 1)),
        (Date::MIN, Date::MAX),
    ] {
        let calibration = calibrate(&set, Window { from, to }, &CATALOGUE);
        assert!(load(&overlay(&calibration)).warnings.is_empty(), "{from} to {to}");
    }
    for value in [0.0, -1.0, 1e300, 1e-300] {
        for name in ["DEXJPUS", "DGS10", "jgb.30y", "tic.japan", "VIXCLS"] {
            let mut set = world(6);
            let points = &mut set.series.get_mut(name).unwrap().points;
            points.iter_mut().for_each(|(_, level)| *level = value);
            let calibration = calibrate(&set, window(), &CATALOGUE);
            assert!(load(&overlay(&calibration)).warnings.is_empty(), "{name} {value}");
        }
    }
}

#[test]
fn a_basis_enters_the_hedge_cost_and_the_pickup() {
    let mut set = world(7);
    let without = calibrate(&set, window(), &CATALOGUE);
    assert!(without.cannot_tell.iter().any(|told| told.contains("cross-currency basis")));
    let (cost, pickup) =
        (found(&without, "hedge_cost.last").0, found(&without, "pickup_10y_hedged.last").0);
    assert!((cost - 2.6).abs() < 1e-12, "{cost}: 3.6 less 1.0");
    let basis = set.series["DFF"].points.iter().map(|(date, _)| (*date, -0.2)).collect();
    add(&mut set, "BASIS", Frequency::Day, basis);
    let with = calibrate(&set, window(), &CATALOGUE);
    assert!(!with.cannot_tell.iter().any(|told| told.contains("cross-currency basis")));
    assert!((found(&with, "hedge_cost.last").0 - cost - 0.2).abs() < 1e-12);
    assert!((found(&with, "pickup_10y_hedged.last").0 - pickup + 0.2).abs() < 1e-12);
}

/// Twenty years of months with one value each, in which flows adjust to the pickup and the yield follows sales.
fn months(seed: u64, effect_bp: f64) -> DataSet {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut normal = move || -> f64 { StandardNormal.sample(&mut random) };
    let (mut ust, mut jgb, mut stock, mut pickup): (f64, f64, f64, f64) = (4.0, 1.0, 0.0, 0.0);
    let mut columns: [Vec<(Date, f64)>; 3] = Default::default();
    for at in 0..240 {
        let month = (at % 12 + 1) as u8;
        let date = day(2002 + at / 12, month, 15);
        let flow = 5.0 * pickup - 0.15 * stock + 4.0 * normal();
        stock += flow;
        ust += 0.1 * normal() - effect_bp * flow / 100.0 / 100.0;
        jgb += 0.3 * normal() - 0.05 * (jgb - 1.0);
        pickup = ust - jgb - 2.5;
        for (column, value) in columns.iter_mut().zip([ust, jgb, 10.0 * flow * 10.0]) {
            column.push((date, value));
        }
    }
    let [ust, jgb, flows] = columns;
    let flat = |value: f64| ust.iter().map(|(date, _)| (*date, value)).collect::<Vec<_>>();
    let mut set = DataSet::default();
    for (name, points) in
        [("DFF", flat(3.0)), ("IRSTCI01JPM156N", flat(0.5)), ("DEXJPUS", flat(100.0))]
    {
        add(&mut set, name, Frequency::Month, points);
    }
    add(&mut set, "DGS10", Frequency::Month, ust);
    add(&mut set, "jgb.10y", Frequency::Month, jgb);
    add(&mut set, "portfolio.long_term_debt_net", Frequency::Month, flows);
    set
}

fn two_decades() -> Window {
    Window { from: day(2002, 1, 1), to: day(2021, 12, 31) }
}

#[test]
fn a_stock_adjustment_and_its_half_life_are_found_again() {
    let calibration = calibrate(&months(11, 0.0), two_decades(), &CATALOGUE);
    let truths = [
        ("flow.6pi.per_pickup", 5.0),
        ("flow.6pi.adjustment", 0.15),
        ("flow.6pi.half_life", -std::f64::consts::LN_2 / libm::log(0.85)),
    ];
    for (name, truth) in truths {
        assert!(
            distance(&calibration, name, truth) < 4.0,
            "{name} {:?}",
            found(&calibration, name)
        );
    }
    let estimate = calibration.estimates.iter().find(|found| found.name == truths[0].0).unwrap();
    assert!(estimate.out_of_sample.unwrap() > 0.1, "{estimate:?}");
    assert!(estimate.setting.is_none() && estimate.note.contains("endogenous"));
}

#[test]
fn projections_find_what_sales_do_to_the_yield() {
    // In a world whose sales lift the yield for good by 300 bp per USD 100bn, and in one where they do nothing.
    for effect in [300.0, 0.0] {
        let calibration = calibrate(&months(12, effect), two_decades(), &CATALOGUE);
        assert_eq!(calibration.projections.len(), 7);
        let first = &calibration.projections[0];
        let far = (first.bp_per_100bn - effect).abs() / first.standard_error;
        assert!(far < 4.0, "{effect}: {first:?}");
        assert!(calibration.projections.iter().all(|at| at.lags > at.horizon as usize));
        assert_eq!(first.bp_per_100bn > 4.0 * first.standard_error, effect > 0.0, "{first:?}");
    }
}

/// A new benchmark of TIC is no flow: the old value of the month says what was bought.
#[test]
fn a_new_benchmark_is_no_flow() {
    let mut set = world(9);
    set.series.get_mut("DGS10").unwrap().points.iter_mut().for_each(|(_, level)| *level = 4.0);
    let response = |set: &DataSet| {
        let calibration = calibrate(set, window(), &CATALOGUE);
        found(&calibration, "flow.tic.per_pickup").0
    };
    let smooth = response(&set);
    let (at, step) = (20, 400.0);
    let tic = &mut set.series.get_mut("tic.japan").unwrap().points;
    let old = tic[at];
    tic[at..].iter_mut().for_each(|(_, stock)| *stock += step);
    let stepped = response(&set);
    add(&mut set, "tic.japan.previous_benchmark", Frequency::Month, vec![old]);
    assert!((response(&set) - smooth).abs() < 1e-9, "{} {smooth}", response(&set));
    assert!((stepped - smooth).abs() > 0.1, "{stepped} {smooth}");
}

/// The real files, beside the project; a clone does not have them.
fn shared() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {} is not there", folder.display());
    None
}

fn ustress(home: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ustress"));
    let out = command.current_dir(home).args(arguments).stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code(), text(out.stdout), text(out.stderr))
}

#[test]
fn the_command_complains_with_a_remedy() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join("data")).unwrap();
    let calibrate =
        |more: &[&str]| ustress(home.path(), &[&["calibrate", "--data"], more].concat());
    for (arguments, needles) in [
        (["nowhere"].as_slice(), ["nowhere: cannot be read", ""]),
        (&["data"], ["holds no series that the program knows", "`ustress data data` says"]),
        (&["data", "--from", "soon"], ["not a date", "2025-01-01"]),
    ] {
        let (code, _, errors) = calibrate(arguments);
        assert_eq!(code, Some(2), "{arguments:?}");
        assert!(needles.iter().all(|needle| errors.contains(needle)), "{errors}");
    }
    std::fs::write(home.path().join("data/DGS10.csv"), "DATE,DGS10\n2026-01-02,4.19\n").unwrap();
    let (code, _, errors) = calibrate(&["data", "--from", "2026-02-01"]);
    assert_eq!(code, Some(2));
    assert!(
        errors.contains("holds no day") && errors.contains("data end on 2026-01-02"),
        "{errors}"
    );
    let (code, _, errors) = calibrate(&["data"]);
    assert_eq!(code, Some(2));
    assert!(errors.contains("holds nothing to estimate from"), "{errors}");
    assert!(!home.path().join("output").exists());
}

/// From the real files. The numbers on record are from an independent calculation with pandas 3 and statsmodels
/// 0.15: Series.std, DataFrame.corr, OLS with HAC errors; window 2022-01-01 to 2026-06-30.
#[test]
fn the_real_data_give_what_pandas_and_statsmodels_give() {
    let Some(folder) = shared() else { return };
    let calibration = calibrate(&read_folder(&folder).unwrap(), window(), &CATALOGUE);
    let values = include_str!("golden/calibration_pandas.csv");
    let mut count = 0;
    for line in values.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split(',').collect();
        let (value, error) = found(&calibration, cells[0]);
        let near = |cell: &str, found: f64| {
            cell.is_empty() || (cell.parse::<f64>().unwrap() - found).abs() < 1e-6
        };
        assert!(near(cells[1], value) && near(cells[2], error), "{line}: {value} ± {error}");
        count += 1;
    }
    assert!(count > 70, "{count}");
    let loaded = load(&overlay(&calibration));
    assert!(loaded.warnings.is_empty());
}

#[test]
fn a_folder_becomes_a_scenario_that_runs() {
    let Some(folder) = shared() else { return };
    let home = tempfile::tempdir().unwrap();
    let data = folder.display().to_string();
    let (code, table, errors) =
        ustress(home.path(), &["calibrate", "--data", &data, "--out", "fitted"]);
    assert_eq!(code, Some(0), "{errors}");
    assert!(table.contains("What the data cannot tell"), "{table}");
    let fitted = home.path().join("fitted");
    for name in ["calibration", "pickup", "projections"] {
        let mut rows = csv::Reader::from_path(fitted.join(format!("{name}.csv"))).unwrap();
        assert!(rows.records().map(Result::unwrap).count() > 10, "{name}");
    }
    let manifest = std::fs::read_to_string(fitted.join("manifest.json")).unwrap();
    assert!(manifest.contains("data file DGS10.csv: sha256") && manifest.contains("pickup.csv"));
    let bytes = std::fs::read(fitted.join("calibration.csv")).unwrap();
    let again = ["calibrate", "--data", &data, "--out", "fitted"];
    assert_eq!(ustress(home.path(), &again).0, Some(0), "our own folder is replaced");
    assert_eq!(bytes, std::fs::read(fitted.join("calibration.csv")).unwrap());
    let (code, _, errors) =
        ustress(home.path(), &["run", "fitted/calibrated.toml", "--paths", "256", "--quiet"]);
    assert_eq!(code, Some(0), "{errors}");
    assert!(!errors.contains("warning"), "{errors}");
}
