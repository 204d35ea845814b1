//! Days of central-bank decisions: which of them the effective rate shows, which a file adds, and what the responses on
//! them are. The series are fixed arithmetic with known answers.
#![allow(clippy::unwrap_used)]

#[path = "common/calibration.rs"]
mod calibration;

use calibration::{add, day, found, load};
use time::{Date, Duration, Weekday};
use ustress::calibrate::{Calibration, Estimate, Window, calibrate, overlay};
use ustress::data::{DataSet, Frequency};
use ustress::model::CATALOGUE;

/// The span of the made-up series, from a Monday on.
fn window() -> Window {
    Window { from: day(2011, 1, 3), to: day(2013, 12, 31) }
}

fn days() -> impl Iterator<Item = Date> {
    (0..1094).map(|at| window().from + Duration::days(at))
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Wednesdays, six weeks apart.
fn decisions(count: i64) -> Vec<Date> {
    (0..count).map(|at| day(2011, 2, 2) + Duration::weeks(6 * at)).collect()
}

/// Moves of the rate by these amounts in % on the days after these, on every day of the calendar, over a level of 2%.
fn effective(moves: &[(Date, f64)]) -> Vec<(Date, f64)> {
    let level =
        |date| 2.0 + moves.iter().filter(|(day, _)| *day < date).map(|(_, by)| by).sum::<f64>();
    days().map(|date| (date, level(date))).collect()
}

/// Yields whose 10-year takes 0.6 of the 2-year's change on days of decisions, 0.9 on others; the JGB 10-year and the yen
/// likewise with 0.5 and 1.2, 0.02 and 0.04.
fn world(rate: Vec<(Date, f64)>, decisions: &[Date]) -> DataSet {
    let mut levels = [3.0, 4.0, 5.0, 6.0, 1.0, 2.0, 100.0];
    let names = ["DGS2", "DGS5", "DGS10", "DGS30", "jgb.2y", "jgb.10y", "DEXJPUS"];
    let mut points = vec![Vec::new(); names.len()];
    for (at, date) in days().filter(|date| !is_weekend(*date)).enumerate() {
        let own = (at * 7919 % 13) as f64 - 6.0;
        let jgb = (at * 104_729 % 7) as f64 - 3.0;
        let decided = decisions.contains(&date);
        let pick = |on: f64, off: f64| if decided { on } else { off };
        let ten = pick(0.6, 0.9) * own;
        let yen = levels[6] * libm::exp(pick(0.02, 0.04) * (own - jgb) / 100.0) - levels[6];
        let thirty = 0.3 * own + 0.6 * ((at * 31 % 11) as f64 - 5.0);
        let bp = [own, 1.1 * own, ten, thirty, jgb, pick(0.5, 1.2) * jgb, 100.0 * yen];
        for (place, move_bp) in bp.into_iter().enumerate() {
            levels[place] += move_bp / 100.0;
            points[place].push((date, levels[place]));
        }
    }
    let mut set = DataSet::default();
    for (name, points) in names.into_iter().zip(points) {
        add(&mut set, name, Frequency::Day, points);
    }
    add(&mut set, "DFF", Frequency::Day, rate);
    set
}

fn list(set: &mut DataSet, name: &str, days: &[Date]) {
    add(set, name, Frequency::Day, days.iter().map(|day| (*day, 1.0)).collect());
}

fn named<'a>(calibration: &'a Calibration, name: &str) -> Option<&'a Estimate> {
    calibration.estimates.iter().find(|estimate| estimate.name == name)
}

/// The days that an estimate says it is from.
fn said(estimate: &Estimate) -> Vec<String> {
    let days = estimate.note.split_once("days: ").unwrap().1;
    days.split(' ').map(str::to_owned).collect()
}

#[test]
fn steps_of_the_effective_rate_are_decisions_and_the_rest_is_not() {
    let decided = decisions(16);
    let size = |at: usize| [0.25, -0.5, 0.75, -0.25][at % 4];
    let moves: Vec<(Date, f64)> =
        decided.iter().enumerate().map(|(at, day)| (*day, size(at))).collect();
    let mut rate = effective(&moves);
    let mut nudge = |date: Date, by: f64| {
        rate.iter_mut().filter(|(day, _)| *day == date).for_each(|(_, level)| *level += by);
    };
    // The ends of two months, two days of strain, and a Thursday's wobble around a decision.
    nudge(day(2011, 5, 31), -0.15);
    nudge(day(2012, 12, 31), 0.3);
    nudge(day(2013, 9, 3), 0.2);
    nudge(day(2013, 9, 4), 0.2);
    nudge(decided[3], 0.05);
    // A drift of 5 bp a day is no step, nor is one of 10 bp.
    for (_, level) in rate.iter_mut().filter(|(date, _)| *date > day(2013, 3, 31)) {
        *level += 0.1;
    }
    for (at, (_, level)) in rate.iter_mut().filter(|(date, _)| *date > day(2013, 6, 24)).enumerate()
    {
        *level += 0.05 * at.min(4) as f64;
    }
    let calibration = calibrate(&world(rate, &decided), window(), &CATALOGUE);
    let ten = named(&calibration, "ust10_per_ust2.fomc_days").unwrap();
    let expected: Vec<String> = decided.iter().map(Date::to_string).collect();
    assert_eq!(said(ten), expected);
    assert_eq!(ten.sample.observations, 16);
    assert!((ten.value - 0.6).abs() < 1e-9, "{}", ten.value);
    assert!(
        ten.note.contains("of all other days") && ten.note.contains(" 0.90 ± "),
        "{}",
        ten.note
    );
    assert!(ten.sample.files.contains(&"DFF.csv".to_owned()) && ten.r_squared.unwrap() > 0.999);
    assert_eq!(ten.setting.as_deref(), Some("0.6"));
    assert_eq!(
        named(&calibration, "ust5_per_ust2.fomc_days").unwrap().setting.as_deref(),
        Some("1.1")
    );
    // An error of more than a quarter of the value sets nothing, and that of all days remains.
    let thirty = named(&calibration, "ust30_per_ust2.fomc_days").unwrap();
    let errors = thirty.value / thirty.standard_error.unwrap();
    assert!((2.0..4.0).contains(&errors) && thirty.setting.is_none(), "{errors} {thirty:?}");
    assert!(named(&calibration, "ust30_per_ust2").unwrap().setting.is_some());
    let all = named(&calibration, "ust10_per_ust2").unwrap();
    assert!(all.setting.is_none() && all.value > 0.85, "{all:?}");
    let text = overlay(&calibration);
    assert_eq!(text.matches("ust10_per_ust2 = ").count(), 1, "{text}");
    assert!(load(&text).warnings.is_empty());
    let told = calibration.cannot_tell.join("\n");
    for needle in
        ["16 of them in the window", "date,bank", "2026-06-16,boj", "fed.ust2_per_surprise"]
    {
        assert!(told.contains(needle), "{needle}: {told}");
    }
}

/// A step first seen on a Monday may have been decided on Friday or on Sunday; before 2009 the rate steps without decisions.
#[test]
fn steps_that_cannot_be_dated_are_left_out() {
    let decided = decisions(16);
    let mut moves: Vec<(Date, f64)> = decided.iter().map(|day| (*day, 0.25)).collect();
    moves[5].0 += Duration::days(4);
    assert_eq!(moves[5].0.weekday(), Weekday::Sunday);
    let calibration = calibrate(&world(effective(&moves), &decided), window(), &CATALOGUE);
    let seen = said(named(&calibration, "ust10_per_ust2.fomc_days").unwrap());
    assert_eq!(seen.len(), 15);
    assert!(!seen.contains(&decided[5].to_string()) && !seen.contains(&moves[5].0.to_string()));
    let mut set = world(effective(&moves), &decided);
    let years = Duration::weeks(52 * 6);
    for series in set.series.values_mut() {
        series.points.iter_mut().for_each(|(date, _)| *date -= years);
    }
    let before = Window { from: window().from - years, to: window().to - years };
    let calibration = calibrate(&set, before, &CATALOGUE);
    assert!(named(&calibration, "ust10_per_ust2.fomc_days").is_none());
    assert!(calibration.cannot_tell.iter().any(|told| told.contains("0 days on which the FOMC")));
}

#[test]
fn too_few_days_set_nothing_and_very_few_give_nothing() {
    for (count, estimated) in [(14, true), (7, false)] {
        let decided = decisions(count);
        let moves: Vec<(Date, f64)> = decided.iter().map(|day| (*day, 0.25)).collect();
        let calibration = calibrate(&world(effective(&moves), &decided), window(), &CATALOGUE);
        let ten = named(&calibration, "ust10_per_ust2.fomc_days");
        assert_eq!(ten.is_some(), estimated, "{count}");
        if let Some(ten) = ten {
            assert!(ten.setting.is_none() && ten.note.contains("takes 15 days"), "{}", ten.note);
        }
        let all = named(&calibration, "ust10_per_ust2").unwrap();
        assert!(all.setting.is_some() && all.note.contains("for want of a sharp estimate"));
        assert_eq!(
            calibration.cannot_tell.iter().any(|told| told.contains("7 days on which the FOMC")),
            !estimated
        );
    }
}

#[test]
fn listed_days_come_before_those_of_the_rate_and_bring_the_bank_of_japan() {
    // The list has meetings that changed nothing, one on a Sunday, one far away and one before the first change of a yield.
    let decided = decisions(20);
    let mut listed = decided.clone();
    listed[7] = decided[7] - Duration::days(3);
    let on_monday: Vec<Date> = decided
        .iter()
        .enumerate()
        .map(|(at, day)| *day - Duration::days(if at == 7 { 2 } else { 0 }))
        .collect();
    listed.extend([day(2030, 1, 2), window().from]);
    let mut set = world(effective(&[(day(2012, 5, 2), 0.25)]), &on_monday);
    list(&mut set, "meetings.fed", &listed);
    list(&mut set, "meetings.boj", &listed);
    let calibration = calibrate(&set, window(), &CATALOGUE);
    let ten = named(&calibration, "ust10_per_ust2.fomc_days").unwrap();
    assert_eq!(said(ten), on_monday.iter().map(Date::to_string).collect::<Vec<_>>());
    assert!(ten.sample.files.contains(&"meetings.fed.csv".to_owned()), "{:?}", ten.sample.files);
    for (name, truth, key, set) in [
        ("ust10_per_ust2.fomc_days", 0.6, "fed.ust10_per_ust2", Some("0.6")),
        ("jgb10_per_jgb2.boj_days", 0.5, "jgb.jgb10_per_jgb2", Some("0.5")),
        ("usdjpy_per_gap.boj_days", 0.02, "usdjpy.per_gap_bp", None),
    ] {
        let estimate = named(&calibration, name).unwrap();
        assert!((found(&calibration, name).0 - truth).abs() < 1e-9, "{name} {}", estimate.value);
        assert_eq!((estimate.key.as_deref(), estimate.setting.as_deref()), (Some(key), set));
        assert_eq!(estimate.sample.observations, 20, "{name}");
    }
    let told = calibration.cannot_tell.join("\n");
    assert!(!told.contains("date,bank"), "{told}");
    assert!(told.contains("futures"), "{told}");
    assert!(load(&overlay(&calibration)).warnings.is_empty());
}

/// Under yield curve control the meetings of the BOJ moved the band of the 10-year: the same world, eleven years on.
#[test]
fn days_of_yield_curve_control_are_no_responses_to_the_short_rate() {
    let decided = decisions(26);
    let mut set = world(effective(&[]), &decided);
    list(&mut set, "meetings.boj", &decided);
    let later = Duration::weeks(52 * 11);
    for series in set.series.values_mut() {
        series.points.iter_mut().for_each(|(date, _)| *date += later);
    }
    let window = Window { from: window().from + later, to: window().to + later };
    let calibration = calibrate(&set, window, &CATALOGUE);
    assert!(named(&calibration, "jgb10_per_jgb2.boj_days").is_none());
    let outside = decided.iter().filter(|date| **date + later > day(2024, 3, 19)).count();
    let told = calibration.cannot_tell.join("\n");
    let needle =
        format!("{outside} days of BOJ decisions outside yield curve control in the window");
    assert!((1..8).contains(&outside) && told.contains(&needle), "{needle}: {told}");
}
