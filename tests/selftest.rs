//! The installation test: sound here, and different wherever something is wrong.
#![allow(clippy::unwrap_used)]

#[path = "common/command.rs"]
mod command;
#[path = "common/run.rs"]
mod run;

use command::answer;
use rand_distr::{Distribution as _, StandardNormal};
use run::scenario;
use ustress::cli::verdict_code;
use ustress::model::Plan;
use ustress::num::resample::generator;
use ustress::num::{Law, Marginal};
use ustress::selftest::{
    Check, DAYS, LEVEL, Part, StreamSample, correlated, is_sound, judge_streams, marginal,
    stream_sample,
};

#[test]
fn this_machine_is_sound_for_any_number_of_threads() {
    let home = tempfile::tempdir().unwrap();
    let one = ["selftest", "--paths", "16384", "--quiet", "--threads", "1", "--out", "a"];
    let three = ["selftest", "--paths", "16384", "--quiet", "--threads", "3", "--out", "b"];
    let [one, three] = [&one, &three].map(|typed| {
        let (code, screen, errors) = answer(home.path(), typed);
        assert_eq!(code, Some(0), "{screen}{errors}");
        screen
    });
    assert_eq!(one, three);
    assert!(one.lines().all(|line| line.chars().count() <= 80), "{one}");
    assert!(one.contains("Sound: of ") && one.contains("as on record"), "{one}");
    let read = |file: &str| std::fs::read(home.path().join(file)).unwrap();
    for file in ["selftest.csv", "manifest.json"] {
        assert!(read(&format!("a/{file}")) == read(&format!("b/{file}")), "{file}");
    }
    let table = read("a/selftest.csv");
    let mut table = csv::Reader::from_reader(&table[..]).into_records();
    assert!(table.all(|row| &row.unwrap()[6] == "sound"));
}

#[test]
fn nothing_is_written_unless_a_folder_is_named() {
    let home = tempfile::tempdir().unwrap();
    let (code, screen, _) =
        answer(home.path(), &["selftest", "--paths", "16384", "--quiet", "--seed", "3"]);
    assert_eq!((code, screen.contains("seed 3")), (Some(0), true), "{screen}");
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
    std::fs::write(home.path().join("notes.txt"), "mine").unwrap();
    let (code, ..) =
        answer(home.path(), &["selftest", "--paths", "16384", "--quiet", "--out", "."]);
    assert_ne!(code, Some(0), "a folder of someone else's");
}

const DRAWS: usize = 1 << 19;

fn normals(name: &str) -> Vec<f64> {
    StandardNormal.sample_iter(generator(5, name, 0)).take(DRAWS).collect()
}

/// The verdict over a check that may be wrong among 900 that are not.
fn code(checks: &[Check]) -> u8 {
    let sound = Check { p_value: 0.5, ..checks[0].clone() };
    let mut all = vec![sound; 900];
    all.extend(checks.iter().cloned());
    verdict_code(&all)
}

/// A standard deviation 1% off (a score of 10.2 against a bound of 6.1), a mean a hundredth of one off, a number that is none.
#[test]
fn a_distorted_marginal_is_different() {
    let law = Marginal::new(Law::Normal { mean: 0.0, sd: 1.0 }).unwrap();
    let (sample, reference) = (normals("sample"), normals("reference"));
    let judge = |sample: &[f64]| code(&marginal("normal", sample, &law, &reference));
    assert_eq!(judge(&sample), 0);
    let changed = |change: fn(f64) -> f64| sample.iter().map(|x| change(*x)).collect::<Vec<f64>>();
    assert_eq!(judge(&changed(|x| 1.01 * x)), 5);
    assert_eq!(judge(&changed(|x| x + 0.015)), 5);
    assert_eq!(judge(&changed(|x| if x > 3.5 { f64::NAN } else { x })), 5);
    assert_eq!(judge(&changed(|x| (x * 16.0).round() / 16.0)), 5);
    // The reference alone may be the odd one out.
    let other: Vec<f64> = reference.iter().map(|x| 1.05 * x).collect();
    assert_eq!(code(&marginal("normal", &sample, &law, &other)), 5);
}

#[test]
fn a_coin_that_is_not_fair_is_different() {
    let law = Marginal::new(Law::Bernoulli { p: 0.3 }).unwrap();
    let coins = |p: f64, name: &str| -> Vec<f64> {
        normals(name)
            .iter()
            .map(|z| f64::from(u8::from(ustress::num::normal_cdf(*z) < p)))
            .collect()
    };
    let reference = coins(0.3, "reference");
    assert_eq!(code(&marginal("coin", &coins(0.3, "sample"), &law, &reference)), 0);
    assert_eq!(code(&marginal("coin", &coins(0.31, "sample"), &law, &reference)), 5);
    let mut third = coins(0.3, "sample");
    third[0] = 0.5;
    assert_eq!(code(&marginal("coin", &third, &law, &reference)), 5);
}

#[test]
fn a_correlation_that_is_off_is_different() {
    let (a, b) = (normals("a"), normals("b"));
    let pair = |rho: f64| -> Vec<f64> {
        a.iter().zip(&b).map(|(a, b)| rho * a + (1.0 - rho * rho).sqrt() * b).collect()
    };
    assert_eq!(code(&[correlated(Part::Copula, "pair", &a, &pair(0.5), 0.5)]), 0);
    assert_eq!(code(&[correlated(Part::Copula, "pair", &a, &pair(0.52), 0.5)]), 5);
    assert_eq!(code(&[correlated(Part::Copula, "pair", &a, &a, 0.0)]), 5);
}

/// A stream that another repeats, in value or only in size, a path that its neighbour repeats, a day that the next
/// repeats, a stream that is a hundredth too wide.
#[test]
fn a_repeated_stream_is_different() {
    let plan = Plan::new(&scenario("managed_adjustment", &[])).unwrap();
    let sample = stream_sample(11, 1 << 16, &plan.cholesky);
    let judge = |change: &dyn Fn(&mut StreamSample)| {
        let mut own = sample.clone();
        change(&mut own);
        verdict_code(&judge_streams(&own, 11))
    };
    assert_eq!(judge(&|_| {}), 0);
    assert_eq!(judge(&|own| own.columns[9] = own.columns[10].clone()), 5);
    assert_eq!(judge(&|own| own.columns[14] = own.columns[15].clone()), 5);
    assert_eq!(judge(&|own| own.columns.swap(0, 8)), 5);
    let size = |own: &mut StreamSample| {
        let signs = own.columns[11].clone();
        own.columns[12].iter_mut().zip(signs).for_each(|(x, other)| *x = other.abs().copysign(*x));
    };
    assert_eq!(judge(&size), 5);
    for apart in [1, 5, DAYS, 8 * DAYS] {
        let repeat = |own: &mut StreamSample| {
            for place in (apart..own.columns[13].len()).filter(|place| place % 5 == 0) {
                own.columns[13][place] = own.columns[13][place - apart];
            }
        };
        assert_eq!(judge(&repeat), 5, "{apart}");
    }
    assert_eq!(judge(&|own| own.columns[20].iter_mut().for_each(|u| *u *= 0.98)), 5);
}

#[test]
fn the_level_is_that_of_the_family() {
    let check = |p_value: f64| Check {
        part: Part::Streams,
        what: String::new(),
        test: "",
        observations: 1,
        statistic: 0.0,
        p_value,
    };
    let family = |least: &[f64]| -> Vec<Check> {
        let rest = std::iter::repeat_n(0.5, 1000 - least.len());
        least.iter().copied().chain(rest).map(check).collect()
    };
    assert!(is_sound(&family(&[1.01 * LEVEL / 1000.0])));
    assert!(!is_sound(&family(&[0.99 * LEVEL / 1000.0])));
    // Holm: behind one that is rejected the next has one test less to share the level with.
    let two = family(&[0.0, 1.0005 * LEVEL / 1000.0]);
    assert_eq!(ustress::selftest::different(&two).len(), 2);
    assert!(is_sound(&[]));
}
