//! Windows, made-up markets and runs for the tests of replays.
#![allow(dead_code, clippy::unwrap_used)] // every test file uses its own part

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use time::{Date, Month};
use ustress::cli::LIBRARY;
use ustress::data::{DataSet, Frequency, Series};
use ustress::engine::{RunPlan, Silent};
use ustress::error::Error;
use ustress::model::CATALOGUE;
use ustress::replay::{Episode, Replay, replay, used_for};
use ustress::scenario::{self, Loaded, Scenario};

pub(crate) fn day(year: i32, month: u8, day: u8) -> Date {
    Date::from_calendar_date(year, Month::try_from(month).unwrap(), day).unwrap()
}

pub(crate) fn close(found: f64, wanted: f64, tolerance: f64) {
    assert!((found - wanted).abs() <= tolerance, "{found} is not {wanted}");
}

/// The real files, beside the project; a clone does not have them.
pub(crate) fn shared() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if folder.join("episodes.csv").is_file() {
        return Some(folder);
    }
    println!("skipped: {} is not there", folder.display());
    None
}

/// Weekdays of 2012 to 2015 with made-up markets, and the monthly series.
pub(crate) fn made_up() -> DataSet {
    let mut set = DataSet::default();
    let mut add = |name: &str, points: Vec<(Date, f64)>| {
        let series = Series {
            name: name.to_owned(),
            unit: "",
            frequency: Frequency::Day,
            points,
            missing: 0,
            file: "made up".to_owned(),
        };
        set.series.insert(name.to_owned(), series);
    };
    let days: Vec<Date> = std::iter::successors(Some(day(2012, 1, 2)), |date| date.next_day())
        .take_while(|date| *date <= day(2015, 12, 31))
        .filter(|date| date.weekday().number_days_from_monday() < 5)
        .collect();
    let daily = [
        ("DFF", 0.1, 0.005),
        ("DGS2", 0.5, 0.03),
        ("DGS5", 1.2, 0.05),
        ("DGS10", 2.0, 0.05),
        ("DGS30", 3.0, 0.05),
        ("jgb.2y", 0.1, 0.01),
        ("jgb.5y", 0.2, 0.01),
        ("jgb.10y", 0.6, 0.02),
        ("jgb.30y", 1.6, 0.03),
        ("DEXJPUS", 100.0, 0.6),
        ("SP500", 2000.0, 16.0),
        ("VIXCLS", 20.0, 0.6),
    ];
    for (index, (name, level, step)) in daily.into_iter().enumerate() {
        let mut walk = 0.0;
        let mut state = 7_u64 + index as u64;
        let points = days.iter().map(|date| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
            walk = 0.97 * walk + if state >> 63 == 0 { step } else { -step };
            (*date, level + walk)
        });
        add(name, points.collect());
    }
    let months = (2012..2016).flat_map(|year| (1..=12).map(move |month| day(year, month, 28)));
    let months: Vec<Date> = months.collect();
    let monthly = |level: f64, step: f64| {
        months.iter().enumerate().map(move |(at, date)| (*date, level + step * at as f64))
    };
    add("IRSTCI01JPM156N", monthly(0.08, 0.0001).collect());
    add("tic.japan", monthly(1100.0, 2.0).collect());
    add("cot.yen_net", monthly(-60_000.0, -500.0).collect());
    add("GFDEBTN", monthly(15.0e6, 1.0e5).collect());
    add("portfolio.long_term_debt_net", monthly(-900.0, 10.0).collect());
    set
}

pub(crate) fn episode(id: &str, start: Date, end: Date) -> Episode {
    Episode {
        id: id.to_owned(),
        title: id.to_owned(),
        start,
        end,
        used: used_for(start, end),
        ministry_sold_usd_bn: None,
        residents_sold_usd_bn: None,
    }
}

pub(crate) fn load(name: &str, text: &str) -> Result<Loaded, Error> {
    scenario::load(name, text, &|parent| LIBRARY.find(parent), &[], &CATALOGUE)
}

/// The value of a number of a scenario as it was written.
pub(crate) fn written<'a>(scenario: &'a Scenario, key: &str) -> &'a str {
    let found = scenario.quantities.iter().find(|quantity| quantity.address == key);
    &found.unwrap_or_else(|| panic!("no {key}")).written
}

pub(crate) fn play(data: &DataSet, episodes: &[Episode], paths: u64, threads: usize) -> Replay {
    let run = RunPlan { threads: Some(threads), ..RunPlan::new(1, paths) };
    replay(data, episodes, &run, &load, &Silent, &|_| ()).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn ustress(home: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ustress"));
    command.current_dir(home).args(arguments).stdin(Stdio::null()).output().unwrap()
}
