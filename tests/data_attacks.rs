//! Data files as they should not be: cut off, shifted, in other encodings, with impossible numbers; and folders of them.
#![allow(clippy::unwrap_used)]

#[path = "common/command.rs"]
mod command;

use command::{answer, results};
use std::fmt::Write as _;
use std::path::Path;
use time::{Date, Month};
use ustress::calibrate::{Window, calibrate};
use ustress::data::{Series, read_file, read_folder};
use ustress::model::CATALOGUE;
use ustress::plausibility::record;

fn read(bytes: &[u8]) -> Result<Vec<Series>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, bytes).unwrap();
    let shown = path.display().to_string();
    read_file(&path)
        .map(|(_, series)| series)
        .map_err(|error| error.to_string().replace(&shown, "file"))
}

/// A 6pi-1 file of two years whose rows may be changed.
fn portfolio(change: impl Fn(i32, usize, String) -> String) -> String {
    let names =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let head = ",,,,Acquisition,Disposition,Net,Acquisition,Disposition,Net,Acquisition,Disposition,Net,Net";
    let mut text = format!("6pi-1\n{head}\n(Monthly figures)\n");
    for year in [2024, 2025] {
        for (month, name) in names.iter().enumerate() {
            let label = if month == 0 { year.to_string() } else { String::new() };
            let row =
                format!(",,{label},{name},50,30,20,\"30,500\",700,\"29,800\",9,4,5,\"29,825\"\n");
            text += &change(year, month, row);
        }
    }
    text
}

const WIDTH: &str = "it is cut off, or a comma stands within a number; download the file again";

#[test]
fn cells_in_the_wrong_column_are_no_numbers_of_it() {
    let tic = "MAJOR FOREIGN HOLDERS OF TREASURY SECURITIES\n";
    let shifted = portfolio(|_, _, row| row.replace("\"29,800\"", "29,800"));
    let cut = portfolio(|year, month, row| match (year, month) {
        (2025, 11) => row[..24].to_owned(),
        _ => row,
    });
    let column = portfolio(|_, _, row| row.replace("50,30,20", "50,30,25"));
    let total = portfolio(|_, _, row| row.replace("29,825", "29,8"));
    let sum = portfolio(|_, _, row| row.replace("29,825", "39,825"));
    for (text, needle) in [
        (
            "observation_date,DGS10\n2026-01-02,4,19\n".to_owned(),
            "file, line 2: the row has 3 cells, its heading 2",
        ),
        (
            "observation_date,DGS10\n2026-01-02,4.19\n2026-01-0".to_owned(),
            "line 3: the row has 1 cells",
        ),
        ("observation_date,DGS10\n2026-01-02,4.".to_owned(), "`4.` is not a number"),
        (
            "x\r\nDate,1Y,2Y\r\n2026/1/5,1,1,5\r\n".to_owned(),
            "line 3: the row has 4 cells, its heading 3",
        ),
        (
            format!("{tic}Country\t2026-02\t2026-01\nJapan\t1185.5\t1\nChina\t68"),
            "line 4: the row has 2 cells, its heading 3",
        ),
        (
            format!("{tic}\tJan\nCountry\t2026\nJapan\t1\n\tx\nCountry\t2025\nJapan\t2\n"),
            "line 6, column 2: `2025` is not a date",
        ),
        (
            format!("{tic}Country\t2026-01\t2026-02\t2026-02\nJapan\t1\t2\t3\n"),
            "the months are not in their order",
        ),
        ("x\nDate,1Y,1Y\n2026/1/5,1,2\n".to_owned(), "two columns give the series jgb.1y"),
        ("month,japan,\n2026-01,1,2\n".to_owned(), "line 1, column 3: the column has no name"),
        (
            "report_date,spec_long,spec_short,open_interest,net\n2026-06-30,5,7,20,2\n".to_owned(),
            "column 5: the number is 2.0, but the other columns of the row make it -2.0",
        ),
        (shifted, "line 4: the row has 15 cells, its heading 14"),
        (cut, "line 27: the row has"),
        (
            column,
            "line 4, column 7: the number is 25.0, but the other columns of the row make it 20.0",
        ),
        (total, "`29,8` is not a number"),
        (
            sum,
            "line 4, column 14: the number is 39825.0, but the other columns of the row make it 29825.0",
        ),
    ] {
        let error = read(text.as_bytes()).expect_err(needle);
        assert!(error.contains(needle), "{error}\nnot\n{needle}");
        assert!(!error.contains("the row has") || error.contains(WIDTH), "{error}");
    }
    assert!(read(portfolio(|_, _, row| row).as_bytes()).is_ok());
}

#[test]
fn the_year_of_a_month_is_never_guessed() {
    let without = |year, month| {
        portfolio(move |y, m, row| if (y, m) == (year, month) { String::new() } else { row })
    };
    for (text, needle) in
        [
            (without(2025, 0), "line 16, column 4: month 2 without a year follows on 2024-12"),
            (without(2024, 3), "line 7, column 4: month 5 without a year follows on 2024-03"),
            (without(2024, 0), "line 4, column 3: `` is not a date; expected a year in January"),
            // A hole over the turn of the year: what follows would land in the year before.
            (
                portfolio(|y, m, row| {
                    if (y, m) > (2024, 3) && (y, m) < (2025, 5) { String::new() } else { row }
                }),
                "month 6 without a year follows on 2024-04",
            ),
        ]
    {
        let error = read(text.as_bytes()).expect_err(needle);
        assert!(error.contains(needle), "{error}");
    }
}

#[test]
fn impossible_values_name_their_limits() {
    for (text, needle) in [
        (
            "observation_date,DGS10\n2026-01-02,1e300\n",
            "line 2, column 2: 1e300 is no %: it must lie between -10 and 50",
        ),
        ("observation_date,DGS10\n2026-01-02,444\n", "444.0 is no %"),
        ("observation_date,DEXJPUS\n2026-01-02,0\n", "0.0 is no JPY per USD"),
        ("observation_date,DEXJPUS\n2026-01-02,-157\n", "-157.0 is no JPY per USD"),
        ("Date,BASIS\n2026-01-02,-20\n", "-20.0 is no %: it must lie between -5 and 5"),
        ("month,japan,source\n2026-01,-5,x\n", "-5.0 is no USD bn"),
        ("month,japan,source\n26-01,5,x\n", "`26-01` is not a date"),
        (
            "date,amount_bn_yen,direction\n2026-04-30,-5,yen-buying\n",
            "column 2: an amount has no sign here",
        ),
        ("date,amount_bn_yen,direction\n2026-04-30,4675900,yen-buying\n", "4675900.0 is no JPY bn"),
        ("month,amount_100m_yen\n2010-09,-5\n", "an amount has no sign here"),
        ("x\n基準日,1年\nR0.1.5,1\n", "`R0.1.5` is not a date"),
    ] {
        let error = read(text.as_bytes()).expect_err(needle);
        assert!(error.contains(needle), "{error}");
    }
    let heads = ["株式・投資ファンド持分:ネット", "中長期債:ネット", "短期債:ネット"];
    let heads = heads.map(|head| format!("対外証券投資:{head}")).join(",");
    for (label, fine) in [
        ("2005．12．25～12．31", true),
        ("2005．12．25～1．1", true),
        ("2005．1．9～1．5", false),
        ("2005．1．9～12．15", false),
        ("65535．12．30～1．5", false), // a year whose next does not fit its type
    ] {
        let found = read(format!("期間,{heads}\n{label},1,2,3\n").as_bytes());
        assert_eq!(found.is_ok(), fine, "{label}: {found:?}");
    }
}

#[test]
fn line_breaks_and_encodings_of_every_kind() {
    let text = "observation_date,DGS10\n2026-01-02,4.19\n\n\n2026-01-05,4.l\n";
    let good = text.replace(".l", ".2");
    for ends in ["\n", "\r\n", "\r"] {
        let wanted = "line 5, column 2: `4.l` is not a number";
        let error = read(text.replace('\n', ends).as_bytes()).unwrap_err();
        assert!(error.contains(wanted), "{ends:?}: {error}");
        assert_eq!(read(good.replace('\n', ends).as_bytes()).unwrap()[0].points.len(), 2);
        // More than a megabyte in all, without a single `\n`.
        let many: String = (0..100_000).fold("DATE,DGS10\n".to_owned(), |mut all, day: i64| {
            let date = Date::from_julian_day(2_400_000 + day as i32).unwrap();
            let _ = writeln!(all, "{date},4.19");
            all
        });
        assert_eq!(read(many.replace('\n', ends).as_bytes()).unwrap()[0].points.len(), 100_000);
    }
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        let bytes: Vec<u8> =
            "\u{feff}".encode_utf16().chain(good.encode_utf16()).flat_map(order).collect();
        assert!(read(&bytes).unwrap_err().contains("is UTF-16 text; save it as UTF-8"));
    }
    let quoted = read(b"\"DATE\",\"DGS10\"\n\"2026-01-02\",\"4.19\"\n").unwrap();
    assert_eq!(quoted[0].points[0].1, 4.19);
    let two = read(b"observation_date,DGS10,DGS2\n2026-01-02,4.19,\n2026-01-05,4.2,3.5\n").unwrap();
    assert_eq!([two[0].name.as_str(), two[1].name.as_str()], ["DGS10", "DGS2"]);
    assert_eq!([two[0].points.len(), two[1].points.len(), two[1].missing], [2, 1, 1]);
    // A table of prices is none of series.
    assert!(read(b"Date,Open,Close\n2026-01-02,4.19,5\n").unwrap_err().contains("known formats"));
    let curve = read(b"Date,40Y,10Y\n2026/1/5,3.8,2.7\n").unwrap();
    assert_eq!(curve.iter().find(|series| series.name == "jgb.10y").unwrap().points[0].1, 2.7);
}

#[test]
fn a_quote_that_is_never_closed_neither_fills_memory_nor_the_message() {
    let rows = "2026-01-05,4.19\n".repeat(20);
    let short = read(format!("DATE,DGS10\n2026-01-02,\"4.1\n{rows}").as_bytes()).unwrap_err();
    assert!(
        short.contains("line 2, column 2: `4.1 2026-01-05,4.19") && short.len() < 250,
        "{short}"
    );
    let rows = "2026-01-05,4.19\n".repeat(200_000);
    let long = read(format!("DATE,DGS10\n2026-01-02,\"4.1\n{rows}").as_bytes()).unwrap_err();
    assert!(
        long.contains("line 2: cannot be read: a row is longer than a megabyte: a quote"),
        "{long}"
    );
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

/// 300 weekdays of a series.
fn series(name: &str, first: i32, last_row: &str) -> String {
    let days = (0..420).map(|day| Date::from_julian_day(2_460_000 + day).unwrap());
    let weekdays = days.filter(|day| day.weekday().number_days_from_monday() < 5);
    let rows = weekdays.enumerate().map(|(at, day)| format!("{day},{first}.{}\n", at * 7 % 10));
    format!("DATE,{name}\n{}{last_row}", rows.collect::<String>())
}

#[test]
fn what_is_in_doubt_is_told_by_every_command() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    std::fs::create_dir(&data).unwrap();
    write(&data, "DGS10.csv", &series("DGS10", 4, ""));
    write(&data, "other.csv", "DATE,DGS10\n2023-03-01,4.9\n2026-01-06,4.1");
    write(&data, "DGS2.csv", "DATE,DGS2\n2026-01-02,4.l\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink("nowhere", data.join("DGS5.csv")).unwrap();
    let doubts = [
        "other.csv has other values of DGS10 than DGS10.csv on 1 dates, last 4.9, not ",
        "other.csv does not end with a line break, so its last value, 4.1 on 2026-01-06, may be cut off",
        "DGS2.csv, line 2, column 2: `4.l` is not a number",
        #[cfg(unix)]
        "DGS5.csv: cannot be read",
    ];
    write(home.path(), "mine.csv", "id,start,end\na,2026-01-02,2026-01-06\n");
    let joined = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for command in [
        ["data", "data"].as_slice(),
        &["calibrate", "--data", "data"],
        &["plausibility", "baseline", "--quiet", "--paths", "100", "--data", "data"],
    ] {
        let (code, page, errors) = answer(home.path(), command);
        assert_eq!(code, Some(0), "{errors}");
        let page = joined(&page).replace("DGS5.csv not used: cannot", "DGS5.csv: cannot");
        let page = page.replace("DGS2.csv not used: line", "DGS2.csv, line");
        for doubt in doubts {
            assert!(page.contains(doubt), "{command:?}: {doubt}\n{page}");
        }
        if command[0] == "data" {
            continue;
        }
        let manifest = std::fs::read_to_string(results(home.path()).join("manifest.json")).unwrap();
        let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
        assert!(manifest["data_files"]["DGS10.csv"]["sha256"].is_string(), "{command:?}");
        assert!(manifest["notes"].to_string().contains(doubts[1]), "{command:?}");
        assert!(command[0] != "plausibility" || page.contains("no record of usdjpy: no DEXJPUS"));
    }
    let replay = ["replay", "--quiet", "--data", "data", "--episodes", "mine.csv"];
    let (code, _, errors) = answer(home.path(), &replay);
    assert_eq!(code, Some(2), "{errors}");
    assert!(errors.contains("none of 1 episodes can be played; the first: no DFF in the 8 days"));
    assert!(errors.contains("`ustress data data` says"), "{errors}");
}

#[test]
fn a_change_over_a_hole_is_none_of_a_day() {
    let home = tempfile::tempdir().unwrap();
    let size = |last: &str| {
        write(home.path(), "DGS10.csv", &series("DGS10", 4, last));
        let set = read_folder(home.path()).unwrap();
        let day = |year, month| Date::from_calendar_date(year, month, 1).unwrap();
        let window = Window { from: day(2022, Month::January), to: day(2030, Month::January) };
        let found = calibrate(&set, window, &CATALOGUE);
        let size = found.estimates.iter().find(|estimate| estimate.name == "sd.ust_10y").unwrap();
        let record = record(&set, day(2022, Month::January));
        let row = record.rows.iter().find(|row| row.measure == "ust_10y" && row.days == 21);
        (size.value, size.sample.observations, row.unwrap().quantiles)
    };
    // Of the 21 windows that end in the hole or beyond none is left.
    assert_eq!(size(""), size("2029-01-02,40\n"));
}

#[test]
fn episodes_that_do_not_fit_their_columns() {
    let home = tempfile::tempdir().unwrap();
    let long = "x".repeat(61);
    let many: String = (0..1001).map(|at| format!("e{at},2024-01-02,2024-02-01\n")).collect();
    let id = "id,start,end\n";
    for (text, needle) in [
        (format!("{id}a,2024-01-02,2024-02-01,60,5\n"), "line 2: 5 cells under 3 columns"),
        (format!("id,{id}a,b,2024-01-02,2024-02-01\n"), "column `id`: stands twice"),
        (format!("{id}{long},2024-01-02,2024-02-01\n"), "is too long; use at most 60 letters"),
        (format!("{id}{many}"), "line 1002: there are more than 1000 episodes"),
    ] {
        write(home.path(), "mine.csv", &text);
        let error = ustress::replay::read_episodes(&home.path().join("mine.csv")).unwrap_err();
        assert!(error.to_string().contains(needle), "{error}");
    }
}
