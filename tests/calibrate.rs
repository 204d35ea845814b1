//! Calibration on made-up worlds: estimates against the truth, the overlay, and missing data.
#![allow(clippy::unwrap_used)]

#[path = "common/calibration.rs"]
mod calibration;

use calibration::{add, day, found, load, window};
use rand_distr::{Distribution as _, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use time::{Date, Duration, Month, Weekday};
use ustress::calibrate::{Calibration, Window, calibrate, overlay, positive_definite, terminal};
use ustress::data::{DataSet, Frequency, WANTED};
use ustress::model::{CATALOGUE, Plan};

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
    for text in ["kappa", "impact", "jgb10_per_jgb2", "fiscal_jump_sigma", "\nbeta"] {
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
    assert!(noise.value > 100.0 && noise.setting.is_none() && noise.note.contains("0 to 54"));
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

/// Common news lifts every estimate of beta: they are shown as what they are, and none becomes a number of the model.
#[test]
fn the_spillover_is_reported_as_an_upper_bound_and_not_set() {
    let mut set = world(2);
    for (name, step) in [("jgb.30y", 0.3), ("jgb.10y", 0.3), ("DGS10", 0.12)] {
        let points = set.series.get_mut(name).unwrap().points.iter_mut().enumerate();
        points.for_each(|(at, (_, level))| *level += if at / 40 % 2 == 0 { 0.0 } else { step });
    }
    let calibration = calibrate(&set, window(), &CATALOGUE);
    assert!(distance(&calibration, "beta.large_days", 0.0) > 5.0, "no doubt that it is not zero");
    let betas = calibration.estimates.iter().filter(|found| found.name.starts_with("beta."));
    let betas: Vec<_> = betas.collect();
    assert_eq!(betas.len(), 4);
    for beta in &betas {
        assert_eq!(beta.key.as_deref(), Some("jgb_spillover.beta"));
        assert!(beta.setting.is_none(), "{}", beta.name);
    }
    assert!(betas[3].note.contains("bias upwards") && betas[3].note.contains("upper bound"));
    assert!(calibration.cannot_tell.iter().any(|told| told.contains("so none is set")));
}

#[test]
fn a_window_in_the_years_without_a_30_year_bond_says_so() {
    let shifted = |years: i64| {
        let mut set = world(8);
        let back = Duration::weeks(52 * years);
        for series in set.series.values_mut() {
            series.points.iter_mut().for_each(|(date, _)| *date -= back);
        }
        let window = Window { from: window().from - back, to: window().to - back };
        calibrate(&set, window, &CATALOGUE).cannot_tell.join("\n")
    };
    for (years, told) in [(0, false), (13, false), (18, true), (20, true), (25, false)] {
        let text = shifted(years);
        assert_eq!(text.contains("2002-02-19 to 2006-02-08: no bond was issued"), told, "{years}");
    }
}

#[test]
fn equities_before_ten_years_ago_are_used() {
    let mut set = world(10);
    let own = set.series["SP500"].points.clone();
    let late = own.iter().position(|(date, _)| *date > day(2024, 1, 1)).unwrap();
    set.series.get_mut("SP500").unwrap().points.drain(..late);
    let cut = calibrate(&set, window(), &CATALOGUE);
    add(&mut set, "SP500.long", Frequency::Day, own);
    let whole = calibrate(&set, window(), &CATALOGUE);
    let days = |calibration: &Calibration| {
        let of =
            |name: &str| calibration.estimates.iter().find(|found| found.name == name).unwrap();
        ["sd.sp500", "corr.sp500_vix"].map(|name| of(name).sample.observations)
    };
    assert!(days(&cut).iter().all(|count| *count < 700), "{:?}", days(&cut));
    assert!(days(&whole).iter().all(|count| *count > 1100), "{:?}", days(&whole));
}
