//! Replays: scores against closed forms, scenarios that know nothing of the future, files with mistakes, whole runs.
#![allow(clippy::unwrap_used)]

#[path = "common/replay.rs"]
mod common;

use common::{close, day, episode, load, made_up, play, shared, ustress, written};
use std::collections::BTreeMap;
use std::path::Path;
use time::Date;
use ustress::cli::LIBRARY;
use ustress::data::{DataSet, Series, read_folder};
use ustress::model::CATALOGUE;
use ustress::num::normal_quantile;
use ustress::replay::{
    self, Episode, TARGETS, Target, Use, crps, crps_normal, kupiec, percentile, quantile,
    read_episodes, used_for,
};

// Scores

/// The middles of `n` parts of equal probability of a standard normal.
fn normal_grid(n: usize) -> Vec<f64> {
    (0..n).map(|index| normal_quantile((index as f64 + 0.5) / n as f64)).collect()
}

#[test]
fn crps_of_a_standard_normal() {
    let grid = normal_grid(400_000);
    for (outcome, wanted) in [(0.0, 0.233_695), (1.0, 0.602_441), (2.0, 1.452_792)] {
        close(crps_normal(1.0, outcome), wanted, 1e-6);
        close(crps(&grid, outcome), wanted, 2e-6);
        close(crps(&grid, -outcome), wanted, 2e-6);
        close(crps_normal(3.0, -3.0 * outcome), 3.0 * wanted, 3e-6);
    }
    assert_eq!(crps_normal(0.0, -2.5), 2.5);
}

#[test]
fn crps_of_small_samples_by_hand() {
    assert_eq!(crps(&[1.5], 4.0), 2.5, "without spread it is the absolute error");
    // mean |x - y| = 1, half the mean of |x - x'| over all four pairs = 0.5
    close(crps(&[0.0, 2.0], 1.0), 0.5, 1e-15);
    let values = [-3.0_f64, -1.0, 0.5, 0.5, 7.0];
    let pairs = values.iter().flat_map(|x| values.iter().map(move |y| (x - y).abs()));
    let spread = pairs.sum::<f64>() / 50.0;
    let distance = values.iter().map(|x| (x - 2.0_f64).abs()).sum::<f64>() / 5.0;
    close(crps(&values, 2.0), distance - spread, 1e-12);
    assert!(crps(&[], 1.0).is_nan() && quantile(&[], 0.5).is_nan());
}

#[test]
fn kupiec_of_seven_misses_in_250() {
    let test = kupiec(250, 7, 0.01).unwrap();
    close(test.ratio, 5.4970, 5e-5);
    close(test.p_value, 0.019_05, 5e-5);
    // x = pT is no evidence; the 5% point of the distribution is 3.841; no hits and no misses have a ratio too.
    close(kupiec(100, 10, 0.1).unwrap().ratio, 0.0, 1e-12);
    close(kupiec(100, 10, 0.1).unwrap().p_value, 1.0, 1e-6);
    close(kupiec(10, 0, 0.1).unwrap().ratio, -20.0 * libm::log(0.9), 1e-12);
    close(kupiec(10, 10, 0.1).unwrap().ratio, -20.0 * libm::log(0.1), 1e-12);
    assert_eq!(kupiec(0, 0, 0.1), None);
    assert_eq!(kupiec(5, 6, 0.1), None);
    assert_eq!(kupiec(5, 1, 1.0), None);
}

#[test]
fn places_are_uniform_when_the_forecast_is_right() {
    let grid = normal_grid(2000);
    let outcomes = normal_grid(997);
    let mut deciles = [0; 10];
    for outcome in &outcomes {
        deciles[((10.0 * percentile(&grid, *outcome)) as usize).min(9)] += 1;
    }
    assert!(deciles.iter().all(|count| (98..=101).contains(count)), "{deciles:?}");
    let narrow: Vec<f64> = grid.iter().map(|x| 0.5 * x).collect();
    let outside = outcomes.iter().filter(|x| !(0.05..=0.95).contains(&percentile(&narrow, **x)));
    let share = outside.count() as f64 / outcomes.len() as f64;
    close(share, 0.411, 0.01); // 2 Φ(−1.645 / 2)
    assert_eq!(percentile(&[0.0, 1.0, 1.0, 2.0], 1.0), 0.5, "ties count half");
}

#[test]
fn quantiles_are_those_of_a_spreadsheet() {
    let values = [1.0, 2.0, 4.0, 8.0];
    for (probability, wanted) in [(0.0, 1.0), (0.5, 3.0), (0.9, 6.8), (1.0, 8.0)] {
        close(quantile(&values, probability), wanted, 1e-12);
    }
}

// Episodes files

fn episodes(text: &str) -> Result<Vec<Episode>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.csv");
    std::fs::write(&path, text).unwrap();
    let shown = path.display().to_string();
    let read = read_episodes(&path).map_err(|error| error.to_string().replace(&shown, "mine.csv"));
    read.map(|(episodes, _)| episodes)
}

#[test]
fn an_episodes_file_with_a_mistake_says_where() {
    let cases = [
        (
            "id,episode,start\na,b,2020-01-02\n",
            "mine.csv, line 1: there is no column `end`; begin the file with `id,episode,start,end`",
        ),
        (
            "id,start,end\na,2020-01-02,2020-02-31\n",
            "mine.csv, line 2, column `end`: `2020-02-31` is not a date; write it as 2026-06-30",
        ),
        (
            "id,start,end\na,2020-01-02,2020-01-03\nb,,2020-01-03\n",
            "mine.csv, line 3, column `start`: `` is not a date; write it as 2026-06-30",
        ),
        (
            "id,start,end\na,2020-01-03,2020-01-03\n",
            "mine.csv, line 2, column `end`: 2020-01-03 is not after the start, 2020-01-03; `start` is the last day before the move, `end` its last day",
        ),
        (
            "id,start,end\na,2020-01-02,2020-01-03\na,2020-01-02,2020-01-03\n",
            "mine.csv, line 3, column `id`: `a` stands twice; give each episode a name of its own",
        ),
        (
            "id,start,end\n../a,2020-01-02,2020-01-03\n",
            "mine.csv, line 2, column `id`: `../a` is no name; use letters, digits, `-` and `_`",
        ),
        (
            "id,start,end,used_for\na,2020-01-02,2020-01-03,fun\n",
            "mine.csv, line 2, column `used_for`: `fun` is no use of an episode; write `prior…`, `calibration…`, `sample`, `none`, or leave it empty",
        ),
        ("id,start,end\n", "mine.csv: holds no episodes; add a row an episode"),
    ];
    for (text, wanted) in cases {
        assert_eq!(episodes(text).unwrap_err(), wanted);
    }
    let missing = read_episodes(Path::new("no/such.csv")).unwrap_err().to_string();
    assert!(missing.starts_with("no/such.csv: cannot be read: "), "{missing}");
}

#[test]
fn a_users_own_columns_are_read() {
    let text = "\u{feff}end,note,id,used_for,start,episode\n2013-06-28,x,taper,,2013-04-30,Taper tantrum\n2024-08-05,,carry,none,2024-07-31,\n2020-03-18,,dash,prior: mine,2020-03-09,\n";
    let found = episodes(text).unwrap();
    assert_eq!(found[0].id, "taper");
    assert_eq!(found[0].title, "Taper tantrum");
    assert_eq!((found[0].start, found[0].end), (day(2013, 4, 30), day(2013, 6, 28)));
    assert_eq!(found[0].used, Use::Nothing);
    assert_eq!(found[1].title, "carry");
    assert_eq!(found[1].used, Use::Nothing, "the file's word goes before the program's");
    assert_eq!(found[2].used, Use::Named("prior: mine".to_owned()));
}

#[test]
fn what_made_a_number_of_the_model_counts_as_used() {
    let words = |start, end| used_for(start, end).words().to_owned();
    assert!(words(day(2020, 3, 9), day(2020, 3, 18)).starts_with("prior"));
    assert!(words(day(2024, 7, 31), day(2024, 8, 5)).starts_with("calibration"));
    assert!(words(day(2022, 3, 31), day(2022, 6, 30)).starts_with("prior"));
    assert!(words(day(2022, 8, 31), day(2022, 11, 30)).contains("calibration"));
    assert_eq!(words(day(2022, 12, 19), day(2022, 12, 21)), "sample");
    assert_eq!(words(day(2013, 4, 30), day(2013, 6, 28)), "");
    // The eve itself belongs to nobody: a window that starts on the last day of another does not touch it.
    assert_eq!(words(day(2024, 5, 31), day(2024, 6, 28)), "sample");
}

// Scenarios

/// The data with everything after a day changed beyond recognition, and with everything after it gone.
fn without_future(data: &DataSet, eve: Date) -> [DataSet; 2] {
    let map = |keep: bool| {
        let series = data.series.iter().map(|(name, series)| {
            let points = series.points.iter().filter(|(date, _)| keep || *date <= eve);
            let points = points.map(|(date, value)| {
                (*date, if *date > eve { 99.0 - 3.0 * value } else { *value })
            });
            (name.clone(), Series { points: points.collect(), ..series.clone() })
        });
        DataSet { series: series.collect(), files: Vec::new() }
    };
    [map(true), map(false)]
}

#[test]
fn nothing_after_the_eve_enters_a_scenario() {
    let (start, end) = (day(2014, 5, 29), day(2014, 8, 29)); // a Thursday: the next day has data
    let data = made_up();
    let known = replay::setting(&data, &episode("a", start, end)).unwrap();
    for changed in without_future(&data, start) {
        assert_eq!(replay::setting(&changed, &episode("a", start, end)).unwrap(), known);
    }
    // A broken twin: with the eve a day later the same comparison sees the difference.
    let later = start.next_day().unwrap().next_day().unwrap().next_day().unwrap();
    let [changed, _] = without_future(&data, start);
    let later = episode("a", later, end);
    let bytes = |data: &DataSet| replay::setting(data, &later).map(|found| found.text(None));
    assert_ne!(bytes(&changed), bytes(&data));
}

#[test]
fn nothing_after_the_eve_enters_a_scenario_of_real_data() {
    let Some(folder) = shared() else { return };
    let data = read_folder(&folder).unwrap();
    let (episodes, _) = read_episodes(&folder.join("episodes.csv")).unwrap();
    let mut played = 0;
    for episode in &episodes {
        let known = replay::setting(&data, episode);
        played += usize::from(known.is_ok());
        for changed in without_future(&data, episode.start) {
            assert_eq!(replay::setting(&changed, episode), known, "{}", episode.id);
        }
    }
    assert!(played >= 25, "{played} of {}", episodes.len());
}

#[test]
fn the_rules_give_the_levels_of_the_baseline_on_its_eve() {
    let Some(folder) = shared() else { return };
    let data = read_folder(&folder).unwrap();
    let setting =
        replay::setting(&data, &episode("now", day(2026, 6, 30), day(2026, 9, 30))).unwrap();
    let mine = load("now", &setting.text(None)).unwrap().scenario;
    let baseline = LIBRARY.load("baseline", &[], &CATALOGUE).unwrap().scenario;
    let levels = [
        ("fed.policy_rate_pct", 0.0),
        ("fed.ust_2y_pct", 0.0),
        ("fed.ust_10y_pct", 0.0),
        ("fed.ust_30y_pct", 0.0),
        ("fed.regime", 0.0),
        ("jgb.jgb_10y_pct", 0.005),
        ("jgb.jgb_30y_pct", 0.005),
        ("usdjpy.spot_jpy_per_usd", 0.02),
        ("usdjpy.average_60d_jpy_per_usd", 0.05),
        ("usdjpy.realised_vol_20d_pct", 0.4), // there about the mean, in the model about zero
        ("usdjpy.change_60d_pct", 0.1),
        ("usdjpy.high_1y_jpy_per_usd", 0.0),
        ("equity.vix", 0.06),
    ];
    for (key, tolerance) in levels {
        let value = |scenario| written(scenario, key).parse::<f64>().unwrap();
        let (mine, wanted): (f64, f64) = (value(&mine), value(&baseline));
        assert!((mine - wanted).abs() <= tolerance + 1e-9, "{key}: {mine}, baseline {wanted}");
    }
}

#[test]
fn what_cannot_be_played_says_why() {
    let data = made_up();
    let why = |start, end| replay::setting(&data, &episode("a", start, end)).unwrap_err();
    assert_eq!(why(day(2012, 3, 1), day(2012, 4, 2)), "fewer than 130 days of DFF to 2012-03-01");
    assert_eq!(
        why(day(2014, 3, 7), day(2014, 3, 9)),
        "0 bond-market days: the model takes 1 to 1260"
    );
    assert_eq!(
        why(day(2013, 1, 4), day(2020, 1, 3)),
        "1748 bond-market days: the model takes 1 to 1260"
    );
    assert_eq!(why(day(2016, 3, 1), day(2016, 4, 1)), "no DFF in the 8 days to 2016-03-01");
}

// Runs

#[test]
fn scores_are_what_the_data_say_and_the_same_for_any_number_of_threads() {
    let data = made_up();
    let window = episode("mine", day(2014, 5, 30), day(2014, 8, 29));
    let too_early = episode("early", day(2012, 1, 5), day(2012, 3, 1));
    let both = [window.clone(), too_early];
    let one = play(&data, &both, 1500, 1);
    assert_eq!(replay::tables(&one), replay::tables(&play(&data, &both, 1500, 2)));
    let scores = one.played[0].scores.as_ref().unwrap();
    assert_eq!(scores.len(), 6, "three moves, from the eve and given the flows");
    let moved = |name: &str| {
        let on = |date| data.series[name].until(date).unwrap().1;
        (on(window.start), on(window.end))
    };
    for score in scores {
        let (name, percent) = match score.target {
            Target::Yield => ("DGS10", false),
            Target::Yen => ("DEXJPUS", true),
            Target::Equities => ("SP500", true),
        };
        let (from, to) = moved(name);
        let wanted = if percent { 100.0 * (to / from - 1.0) } else { 100.0 * (to - from) };
        close(score.realised, wanted, 1e-9);
        let [low, .., high] = score.quantiles;
        assert_eq!(score.inside(0.9), (low..=high).contains(&score.realised));
        assert_eq!(score.reason.is_some(), !score.inside(0.9));
        assert!(score.crps > 0.0 && score.benchmark > 0.0);
    }
    assert!(one.played[1].scores.as_ref().unwrap_err().starts_with("fewer than 130 days of DFF"));
    let page = replay::terminal(&one, 100);
    assert!(page.contains("skipped: fewer than 130 days"), "{page}");
}

#[test]
fn a_move_that_nothing_foretold_is_a_miss_with_its_reason() {
    let mut data = made_up();
    let end = day(2014, 8, 29);
    for name in ["DGS10", "DGS2"] {
        let series = data.series.get_mut(name).unwrap();
        for (date, value) in &mut series.points {
            *value += if *date > day(2014, 6, 30) { 3.0 } else { 0.0 };
        }
    }
    let found = play(&data, &[episode("mine", day(2014, 5, 30), end)], 600, 2);
    let scores = found.played[0].scores.as_ref().unwrap();
    let score = scores.iter().find(|score| score.target == Target::Yield).unwrap();
    assert!(score.place > 0.99 && !score.inside(0.9));
    let reason = score.reason.as_ref().unwrap();
    assert!(reason.contains("policy news not priced on the eve"), "{reason}");
    assert!(reason.contains("times as large as in the year before"), "{reason}");
    let rows = replay::coverage(&found);
    let row = rows.iter().find(|row| row.group == "unused" && row.target == Target::Yield);
    let row = row.unwrap();
    assert_eq!((row.episodes, row.hits), (1, [0, 0, 0]));
    close(row.kupiec[2].unwrap().ratio, -2.0 * libm::log(0.1), 1e-12);
    assert!(row.skill() < 1.0);
    assert_eq!(row.crps, row.eve, "the run from the eve is its own yardstick");
}

#[test]
fn overlapping_windows_are_counted_once_in_the_group_apart() {
    let data = made_up();
    let windows = [
        episode("long", day(2014, 3, 3), day(2014, 6, 30)),
        episode("inside", day(2014, 3, 14), day(2014, 4, 30)),
        episode("astride", day(2014, 4, 15), day(2014, 5, 15)),
        episode("next", day(2014, 4, 30), day(2014, 5, 30)),
    ];
    let found = play(&data, &windows, 64, 2);
    let rows = replay::coverage(&found);
    let count = |group| rows.iter().find(|row| row.group == group).unwrap().episodes;
    assert_eq!(
        (count("all"), count("used"), count("unused"), count("unused_apart")),
        (4, 0, 4, 2),
        "inside, next"
    );
}

// The command

#[test]
fn the_command_plays_real_episodes() {
    let Some(folder) = shared() else { return };
    let home = tempfile::tempdir().unwrap();
    let data = folder.canonicalize().unwrap();
    let arguments = ["replay", "--quiet", "--paths", "100", "--data", data.to_str().unwrap()];
    let done = ustress(home.path(), &arguments);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    let bytes = std::fs::read(home.path().join("output/replay/replay.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    // The moves are those of the episodes file, to its rounding.
    let text = std::fs::read_to_string(folder.join("episodes.csv")).unwrap();
    let mut known = csv::Reader::from_reader(text.as_bytes());
    let mut compared = 0;
    for episode in known.deserialize::<BTreeMap<String, String>>().map(Result::unwrap) {
        let columns = ["d_us10y_bp", "d_usdjpy_pct", "d_spx_pct"];
        for (column, target) in columns.into_iter().zip(TARGETS) {
            let row = rows.iter().find(|row| {
                row["id"] == episode["id"]
                    && row["given"] == "eve"
                    && row["target"] == target.name()
            });
            let Some(row) = row else { continue };
            let wanted: f64 = episode[column].parse().unwrap();
            close(row["realised"].parse().unwrap(), wanted, 0.006);
            compared += 1;
        }
    }
    assert!(compared >= 75, "{compared}");
}

#[test]
fn the_command_says_what_is_missing() {
    let home = tempfile::tempdir().unwrap();
    let done = ustress(home.path(), &["replay", "--quiet", "--data", "nowhere"]);
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&done.stderr).starts_with("error: nowhere: cannot be read"));
    std::fs::write(home.path().join("mine.csv"), "id,start\n").unwrap();
    let arguments = ["replay", "--quiet", "--data", ".", "--episodes", "mine.csv"];
    let done = ustress(home.path(), &arguments);
    assert_eq!(done.status.code(), Some(2));
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(said.starts_with("error: mine.csv, line 1: there is no column `end`; "), "{said}");
}

#[test]
fn a_year_with_a_hole_has_no_size_of_a_day() {
    let mut data = made_up();
    let eve = episode("a", day(2014, 5, 30), day(2014, 8, 29));
    assert!(replay::setting(&data, &eve).is_ok());
    let points = &mut data.series.get_mut("DGS10").unwrap().points;
    points.retain(|(date, _)| *date < day(2013, 9, 2) || *date > day(2014, 3, 3));
    let why = replay::setting(&data, &eve).unwrap_err();
    assert!(why.starts_with("a hole in DGS10: its last 253 days go back to 201"), "{why}");
}
