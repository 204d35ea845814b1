//! How far scenarios lie from experience: the record against known series and the real folder, priors, flows and limits of a
//! run, the files and the screens. Events are in `plausibility_events.rs`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // the platform's functions judge ours

#[path = "common/run.rs"]
mod run;
#[path = "common/scored.rs"]
mod scored;

use run::{LOUD, scenario, still};
use scored::{assessed, baseline, close, find};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use time::{Date, Month};
use ustress::data::read_folder;
use ustress::plausibility::{
    DAYS, MEASURES, PROBABILITIES, Part, Record, Row, Score, chi_square_tail, flags, record, since,
    table, terminal,
};

fn date(year: i32, month: u8, day: u8) -> Date {
    Date::from_calendar_date(year, Month::try_from(month).unwrap(), day).unwrap()
}

fn ustress(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ustress"));
    command.args(arguments).current_dir(folder).output().unwrap()
}

/// The real folder; a clone does not have it.
fn shared() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if !folder.is_dir() {
        eprintln!("skipped: no {}", folder.display());
        return None;
    }
    Some(folder)
}

/// The first line in which a record's table is another one.
fn first_difference(record: &Record, table: &str) -> Option<(String, String)> {
    let own = String::from_utf8(record.table()).unwrap();
    if own == table {
        return None;
    }
    let pairs = own.lines().zip(table.lines()).find(|(own, other)| own != other);
    let (own, other) = pairs.unwrap_or(("a longer", "or a shorter table"));
    Some((own.to_owned(), other.to_owned()))
}

#[test]
fn the_built_in_record_is_whole_and_in_order() {
    let record = Record::built_in();
    for measure in &MEASURES {
        let rows: Vec<&Row> =
            record.rows.iter().filter(|row| row.measure == measure.name).collect();
        assert!(rows.len() >= 6, "{}: {} rows", measure.name, rows.len());
        for row in rows {
            assert!(row.quantiles.is_sorted(), "{} {}", row.measure, row.days);
            assert!(row.windows > 100 && row.sd > 0.0, "{} {}", row.measure, row.days);
            assert!(row.low_date > row.from && row.high_date <= row.to, "{}", row.measure);
        }
    }
    let built_in = include_str!("../src/plausibility/record.csv");
    assert_eq!(first_difference(&record, built_in), None);
}

#[test]
fn a_percentile_is_read_off_the_quantiles() {
    let mut row = Record::built_in().rows[0].clone();
    for (quantile, probability) in row.quantiles.iter_mut().zip(PROBABILITIES) {
        *quantile = 100.0 * probability;
    }
    for (change, want) in [(-1.0, 0.0), (0.0, 0.0), (30.0, 0.3), (99.95, 0.9995), (100.1, 1.0)] {
        assert!(close(row.percentile(change), want), "{change}: {}", row.percentile(change));
    }
    // Half of the record is exactly 0: its middle.
    row.quantiles[5..=11].fill(3.0);
    assert!(close(row.percentile(3.0), 0.5 * (PROBABILITIES[5] + PROBABILITIES[11])));
    assert!(row.beyond(-0.1) && row.beyond(100.1) && !row.beyond(100.0) && !row.beyond(0.0));
}

#[test]
fn the_nearest_window_is_taken() {
    let record = Record::built_in();
    let days = |measure, days| record.find(measure, days).map(|row| row.days);
    assert_eq!(days("usdjpy", 7), Some(8));
    assert_eq!(days("usdjpy", 5), Some(5));
    assert_eq!(days("usdjpy", 430), Some(378));
    let ratios = DAYS.windows(2).skip(2).map(|pair| pair[1] as f64 / pair[0] as f64);
    assert!(ratios.into_iter().all(|ratio| ratio <= 4.0 / 3.0), "a longer window lets more pass");
    assert_eq!(days("usdjpy", 1260), Some(1260));
    assert_eq!(days("mof_dollar_sales", 252), Some(252));
    assert_eq!(days("mof_dollar_sales", 504), None, "half of the record is no window of it");
    assert_eq!(days("japan_net_sales", 1), Some(21));
    assert_eq!(days("oil", 1), None);
}

#[test]
fn a_record_is_computed_from_files() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("observation_date,DGS10\n");
    let mut day = date(1989, 12, 1);
    let mut level = 0.0_f64;
    for step in 0..200 {
        // Up a basis point a day, with a leap of 30 on the hundredth and a holiday on the fiftieth.
        level += if step == 100 { 0.30 } else { 0.01 };
        let value = if step == 50 { String::new() } else { format!("{level:.2}") };
        text += &format!("{day},{value}\n");
        day = day.next_day().unwrap();
    }
    std::fs::write(folder.path().join("DGS10.csv"), text).unwrap();
    let set = read_folder(folder.path()).unwrap();
    let whole = record(&set, date(1980, 1, 1));
    let row = whole.find("ust_10y", 1).unwrap();
    assert_eq!((row.windows, row.from), (198, date(1989, 12, 1)));
    assert!(close(row.low(), 1.0) && close(row.high(), 30.0), "{row:?}");
    assert_eq!(row.high_date, date(1990, 3, 11));
    assert!(close(row.quantiles[8], 1.0));
    let five = whole.find("ust_10y", 5).unwrap();
    assert!(close(five.high(), 34.0), "{}", five.high());
    // Seven two-day windows aside, all are 2 bp: the one over the holiday counts as the day before it.
    let since_1990 = record(&set, since());
    assert_eq!(since_1990.find("ust_10y", 1).unwrap().from, date(1990, 1, 1));
    assert_eq!(whole.missing.len(), MEASURES.len() - 1, "{:?}", whole.missing);
    assert!(whole.missing.iter().any(|missing| missing.contains("DEXJPUS")));
}

#[test]
fn the_built_in_record_is_that_of_the_real_folder() {
    let Some(folder) = shared() else { return };
    let found = record(&read_folder(&folder).unwrap(), since());
    assert_eq!(found.missing, Vec::<String>::new());
    let built_in = String::from_utf8(Record::built_in().table()).unwrap();
    assert_eq!(first_difference(&found, &built_in), None);
    // Computed with pandas from the same files.
    let yen = found.find("usdjpy", 5).unwrap();
    assert_eq!((yen.windows, yen.low_date), (9153, date(1998, 10, 9)));
    assert!((yen.low() + 13.716814).abs() < 1e-6 && (yen.sd - 1.450246978262487).abs() < 1e-8);
    let sold = found.find("japan_net_sales", 252).unwrap();
    assert!((sold.high() - 254.48611419706594).abs() < 1e-6, "{}", sold.high());
    assert_eq!(sold.high_date, date(2022, 12, 2));
}

#[test]
fn the_tail_of_chi_square_is_that_of_the_tables() {
    let points = [(3.841458820694, 1), (5.991464547108, 2), (7.814727903251, 3)];
    for (x, k) in points.into_iter().chain([(9.487729036781, 4), (11.070497693516, 5)]) {
        assert!((chi_square_tail(x, k) - 0.05).abs() < 1e-9, "{k}: {}", chi_square_tail(x, k));
    }
    assert_eq!(chi_square_tail(0.0, 1), 1.0);
}

#[test]
fn numbers_are_set_against_their_priors() {
    let found = assessed(&baseline(&[]), 256);
    let numbers: Vec<&Score> =
        found.scores.iter().filter(|score| score.part == Part::Number).collect();
    assert!(numbers.is_empty(), "{numbers:?}");

    let sets =
        ["carry_unwind.slow_book_usd_bn=1000", "hedge.basis_pct=-0.5", "contagion.china_usd_bn=0"];
    let found = assessed(&baseline(&sets), 256);
    let book = find(&found, "carry_unwind.slow_book_usd_bn");
    // lognormal(250, 0.6) between 60 and 1100: (0.98957 - 0.00869) / (0.99323 - 0.00869).
    let place = book.percentiles.unwrap()[1];
    assert!((place - 0.99628).abs() < 5e-5, "{place}");
    assert!(book.flag.as_ref().unwrap().contains("outside the central 98% of the baseline"));
    let basis = find(&found, "hedge.basis_pct");
    assert!(basis.percentiles.is_none() && basis.note.contains("-0.2"), "{basis:?}");
    let off = find(&found, "contagion.china_usd_bn");
    assert!(off.flag.is_none() && off.note.starts_with("switched off"), "{off:?}");
}

#[test]
fn the_elasticity_stands_among_all_studies() {
    let month = |sets: &[&str]| {
        let found = assessed(&baseline(sets), 512);
        find(&found, "effect of USD 100bn after a month").clone()
    };
    // 1.8 + T · 2^(-21/21), of T = 5 / a, a the geometric sum over 21 days.
    let a = (1.0 - 0.5) / (1.0 - libm::exp2(-1.0 / 21.0)) / 21.0;
    let fixed = [
        "impact.lasting_bp_per_100bn=1.8",
        "impact.transitory_bp_per_100bn=5",
        "impact.half_life_days=21",
    ];
    let own = month(&fixed);
    assert!(own.values.iter().all(|value| close(*value, 1.8 + 2.5 / a)), "{own:?}");
    assert_eq!(own.shares, Some([0.0, 0.0]));
    let prior = |name: &str| month(&[&format!("impact.prior={name}")]);
    let places =
        ["cbo_debt", "consensus", "ahmed_rebucci"].map(|name| prior(name).percentiles.unwrap()[1]);
    assert!(places.is_sorted() && places[0] < 0.2 && places[2] > 0.8, "{places:?}");
    let drawn = prior("studies");
    assert!(drawn.flag.is_none() && drawn.shares.unwrap()[0] > 0.0, "{drawn:?}");
    let wild = month(&["impact.lasting_bp_per_100bn=60"]);
    assert_eq!(wild.shares, Some([1.0, 1.0]));
    assert!(wild.flag.unwrap().contains("outside the 8 studies of impact.prior = studies"));
}

#[test]
fn sales_of_a_month_are_added_up_and_set_against_the_record() {
    let text = still(
        "[[event]]\nname = \"sale\"\nday = 1\nofficial_sale = { amount_usd_bn = 100, over_days = 20 }\n",
    );
    let found = assessed(&scenario(&text, &[]), 256);
    let month = find(&found, "japan_net_sales_usd_bn in a month");
    for value in month.values {
        assert!((value - 100.0).abs() < 0.2, "{month:?}");
    }
    assert_eq!(month.shares, Some([1.0, 1.0]));
    let event = find(&found, "event.sale.official_sale.amount_usd_bn");
    assert!(event.flag.as_ref().unwrap().starts_with("100 USD bn in 20 days: beyond"), "{event:?}");
    let small = assessed(&scenario(&text, &["event.sale.official_sale.amount_usd_bn=60"]), 256);
    assert_eq!(find(&small, "japan_net_sales_usd_bn in a month").shares, Some([0.0, 0.0]));
    assert_eq!(small.flagged().count(), 0, "{:?}", small.flagged().collect::<Vec<_>>());
    // Buying is not selling, however much.
    let bought = assessed(&scenario(&text, &["event.sale.official_sale.amount_usd_bn=-200"]), 256);
    assert_eq!(find(&bought, "japan_net_sales_usd_bn in a month").shares, Some([0.0, 0.0]));
}

#[test]
fn sales_of_several_months_are_added_up_and_purchases_never_flagged() {
    let text = still(&format!(
        "{LOUD}[[event]]\nname = \"sale\"\nday = 1\nofficial_sale = {{ amount_usd_bn = 180, over_days = 63 }}\n"
    ));
    let found = assessed(&scenario(&text, &[]), 256);
    let quarter = find(&found, "japan_net_sales_usd_bn in 3 months");
    assert!(close(quarter.values[1], 180.0), "{quarter:?}");
    assert_eq!(quarter.shares, Some([1.0, 1.0]));
    assert_eq!(find(&found, "japan_net_sales_usd_bn in a month").shares, Some([0.0, 0.0]));
    let bought = ["horizon=21d", "event.sale.official_sale.amount_usd_bn=-900"];
    let bought = assessed(&scenario(&text, &bought), 256);
    let month = find(&bought, "japan_net_sales_usd_bn in a month");
    assert!(month.values[1] < -200.0, "{month:?}");
    assert_eq!(month.shares, Some([0.0, 0.0]));
}

#[test]
fn a_cap_that_binds_is_told() {
    let sale = "[[event]]\nday = 1\nofficial_sale = { amount_usd_bn = 300, over_days = 21 }\n";
    let text = still(&format!("{LOUD}{sale}"));
    let shares = |cap: &str| {
        let set = format!("impact.stress_cap={cap}");
        let found = assessed(&scenario(&text, &["impact.stress_slope=0.5", &set]), 256);
        find(&found, "stress_multiplier at its cap").shares.unwrap()
    };
    // 300bn in a month: 1 + 0.5 (300/60 - 1) = 3.
    assert_eq!(shares("2.9"), [1.0, 1.0]);
    assert_eq!(shares("3.1"), [0.0, 0.0]);
    // A cap that is drawn: half of the paths.
    let drawn = shares("{ uniform = { low = 2, high = 4 } }");
    assert!((drawn[0] - 0.5).abs() < 4.0 * (0.25_f64 / 256.0).sqrt(), "{drawn:?}");
}

#[test]
fn a_calm_world_rests_on_nothing() {
    let found = assessed(&scenario(&still(""), &[]), 256);
    assert_eq!(found.flagged().count(), 0, "{:?}", found.flagged().collect::<Vec<_>>());
    let text = flags(&[found], 100);
    assert!(text.contains("nothing of the kind: test"), "{text}");
}

#[test]
fn the_dump_is_flagged_where_it_must_be() {
    // Small enough that the impact is flagged for its worst paths, not for all.
    let sets = ["impact.gdp_scaling=0", "event.dump.official_sale.amount_usd_bn=300"];
    let found = assessed(&scenario("disorderly_dump_contagion", &sets), 4096);
    let flagged: Vec<&str> = found.flagged().map(|(score, _)| score.item.as_str()).collect();
    for item in [
        "event.dump.official_sale.amount_usd_bn",
        "japan_net_sales_usd_bn in a month",
        "impact_10y_bp at 1m",
    ] {
        assert!(flagged.contains(&item), "{item}: {flagged:?}");
    }
    let steep = [sets[0], sets[1], "impact.stress_slope=2"];
    let steep = assessed(&scenario("disorderly_dump_contagion", &steep), 1024);
    assert!(steep.flagged().any(|(score, _)| score.item == "stress_multiplier at its cap"));
    let (page, brief) = (terminal(&found, 200), flags(&vec![found.clone(); 4], 100));
    assert!(page.contains("beyond the record of 79.7 in 21 days (to 2022-10-21)"), "{page}");
    let words = brief.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("japan_net_sales_usd_bn in a month (100%)"), "{brief}");
    assert!(
        words.contains("impact_10y_bp at 1m (") && words.contains("% of the worst)"),
        "{brief}"
    );
    assert!(!page.contains("NaN") && !brief.contains("NaN"));
    assert!(brief.lines().all(|line| line.chars().count() <= 100), "{brief}");
    let csv = String::from_utf8(table(&[found])).unwrap();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let width = reader.headers().unwrap().len();
    assert!(reader.records().all(|record| record.unwrap().len() == width));
}

#[test]
fn the_command_and_every_run_write_the_scores() {
    let home = tempfile::tempdir().unwrap();
    let run = ustress(&["run", "tokyo_truss", "--paths", "512", "--quiet"], home.path());
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let page = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(page.contains("event.rout.jgb_shock.size_bp: 98.7 bp in 10 days: beyond"), "{page}");
    let of_run = std::fs::read(home.path().join("output/tokyo_truss/plausibility.csv")).unwrap();
    let asked = ["plausibility", "tokyo_truss", "--paths", "512", "--threads", "1", "--quiet"];
    let told = ustress(&asked, home.path());
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let page = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(page.contains("Dated market shocks together"), "{page}");
    let of_command =
        std::fs::read(home.path().join("output/plausibility-tokyo_truss/plausibility.csv"))
            .unwrap();
    assert_eq!(of_run, of_command, "the same scores, for any number of threads");
    let manifest =
        std::fs::read_to_string(home.path().join("output/plausibility-tokyo_truss/manifest.json"))
            .unwrap();
    assert!(manifest.contains("plausibility.csv") && manifest.contains("record.csv"));
}

#[test]
fn what_cannot_be_used_is_said() {
    let home = tempfile::tempdir().unwrap();
    let fail = |arguments: &[&str], want: &str| {
        let output = ustress(arguments, home.path());
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains(want), "{errors}");
    };
    std::fs::create_dir(home.path().join("empty")).unwrap();
    fail(&["plausibility", "--data", "empty"], "holds no series with a record");
    fail(&["plausibility", "--data", "nowhere"], "nowhere");
    fail(&["plausibility", "--since", "2000-01-01"], "--data");
    fail(&["plausibility", "--data", "empty", "--since", "soon"], "not a date");
    fail(&["plausibility", "tokyo_trus"], "tokyo_truss");
}
