//! Importers: small files in each format, broken ones, and, where it is at hand, the folder of real files.
#![allow(clippy::unwrap_used)]

#[path = "common/shared.rs"]
mod shared;

use proptest::prelude::*;
use shared::shared;
use time::{Date, Month};
use ustress::cli::describe;
use ustress::data::{DataSet, Frequency, Series, read_file, read_folder};

fn day(year: i32, month: u8, day: u8) -> Date {
    Date::from_calendar_date(year, Month::try_from(month).unwrap(), day).unwrap()
}

fn read(bytes: &[u8]) -> Result<Vec<Series>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, bytes).unwrap();
    let shown = path.display().to_string();
    read_file(&path)
        .map(|(_, series)| series)
        .map_err(|error| error.to_string().replace(&shown, "file"))
}

fn find<'a>(series: &'a [Series], name: &str) -> &'a Series {
    series.iter().find(|series| series.name == name).unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn fred_in_both_its_formats() {
    let new =
        read(b"observation_date,DGS10\n2026-01-02,4.19\n2026-01-01,\n2026-01-05,4.17\n").unwrap();
    let old =
        read(b"\xef\xbb\xbfDATE,DGS10\r\n2026-01-01,.\r\n2026-01-02,4.19\r\n2026-01-05,4.17\r\n")
            .unwrap();
    for series in [&new[0], &old[0]] {
        assert_eq!((series.name.as_str(), series.unit, series.missing), ("DGS10", "%", 1));
        assert_eq!(series.points, [(day(2026, 1, 2), 4.19), (day(2026, 1, 5), 4.17)]);
        assert_eq!(series.until(day(2026, 1, 4)), Some((day(2026, 1, 2), 4.19)));
        assert_eq!(series.on(day(2026, 1, 4)), None);
    }
}

#[test]
fn tic_history_with_a_month_twice_and_the_current_table() {
    let history = "\t\tMAJOR FOREIGN HOLDERS OF TREASURY SECURITIES\n\t\t(in billions of dollars)\n\
        \tJun\tJun\tMay\nCountry\t2011\t2011\t2011\n\t------\t------\t------\n\
        Japan\t881.5\t911\t912.4\n\"China, Mainland\"\t1307\t1165.5\t1159.8\nUnited Kingdom 2/\t135.4\t349.5\t345.1\n\
        \n\tApr\tMar\nCountry\t2010\t2010\nJapan\t795.5\t784.9\n1/ Estimated foreign holdings\t\t\n";
    let series = read(history.as_bytes()).unwrap();
    let japan = find(&series, "tic.japan");
    assert_eq!((japan.unit, japan.frequency), ("USD bn", Frequency::Month));
    assert_eq!(japan.on(day(2011, 6, 30)), Some(881.5), "the new benchmark counts");
    assert_eq!(find(&series, "tic.japan.previous_benchmark").on(day(2011, 6, 30)), Some(911.0));
    assert_eq!(japan.on(day(2010, 3, 31)), Some(784.9));
    assert_eq!(find(&series, "tic.united_kingdom").on(day(2011, 5, 31)), Some(345.1));
    assert_eq!(find(&series, "tic.china_mainland").points.len(), 2);
    let table = "Table 5: Major Foreign Holders of Treasury Securities\t\t\r\n\t\t\r\nCountry\t2026-06\t2026-05\r\nJapan\t1116.7\t1143.1\r\nOf Which: Foreign Official\t3778.1\t\r\n";
    let series = read(table.as_bytes()).unwrap();
    assert_eq!(find(&series, "tic.japan").on(day(2026, 6, 30)), Some(1116.7));
    assert_eq!(find(&series, "tic.of_which_foreign_official").missing, 1);
}

#[test]
fn jgb_yields_in_english_and_japanese() {
    let english = b"Interest Rate,,,(Unit : %)\r\nDate,1Y,2Y,10Y\r\n2026/6/9,0.9,1.1,-\r\n2026/6/30,1.0,1.38,2.5\r\n";
    let japanese = b"\x8d\x91\x8d\xc2,,,\r\n\x8a\xee\x8f\x80\x93\xfa,1\x94N,2\x94N,10\x94N\r\nR8.6.9,0.9,1.1,-\r\nR8.6.30,1.0,1.38,2.5\r\n";
    for bytes in [english.as_slice(), japanese] {
        let series = read(bytes).unwrap();
        assert_eq!(find(&series, "jgb.10y").points, [(day(2026, 6, 30), 2.5)]);
        assert_eq!(find(&series, "jgb.10y").missing, 1);
        assert_eq!(find(&series, "jgb.2y").on(day(2026, 6, 9)), Some(1.1));
    }
    let heisei =
        japanese.to_vec().iter().map(|b| if *b == b'R' { b'H' } else { *b }).collect::<Vec<_>>();
    assert_eq!(find(&read(&heisei).unwrap(), "jgb.1y").points[0].0, day(1996, 6, 9));
}

#[test]
fn portfolio_investment_positions_and_interventions() {
    let portfolio = "x\n6pi-1  Summary,,\n,,,,Acquisition,Disposition,Net,Acquisition,Disposition,Net,Acquisition,Disposition,Net,Net\n\
        (Annual figures),,\n,,1996C.Y.,,--,--,\"9,045\",--,--,1,--,--,1,1\n(Monthly figures),,\n\
        ,,2025,Dec,6,1,5,11,1,10,1,1,--,20\n,1,2026,Jan,6,1,5,\"10,133\",\"3,764\",\"6,369\",3,1,2,\"6,376\"\n,,,Feb(P),6,1,5,--,--,\"-47,466\",2,1,2,\"-47,459\"\n";
    let series = read(portfolio.as_bytes()).unwrap();
    let debt = find(&series, "portfolio.long_term_debt_net");
    assert_eq!(
        debt.points,
        [(day(2025, 12, 31), 1.0), (day(2026, 1, 31), 636.9), (day(2026, 2, 28), -4746.6)]
    );
    let cot = read(b"report_date,spec_long,spec_short,open_interest,net\n2024-07-02,1,5,9,-4\n2024-07-09,2,5,9,-3\n").unwrap();
    assert_eq!(find(&cot, "cot.yen_net").points[1], (day(2024, 7, 9), -3.0));
    let daily = read(b"date,amount_bn_yen,direction,status\n2026-04-30,5000.5,yen-buying,MOF\n2010-09-15,2124.9,yen-selling,MOF\n").unwrap();
    assert_eq!(daily[0].points, [(day(2010, 9, 15), -2124.9), (day(2026, 4, 30), 5000.5)]);
    let monthly = read(b"month,amount_100m_yen,period\n2011-11,90916,x\n").unwrap();
    assert_eq!(monthly[0].points, [(day(2011, 11, 30), 9091.6)]);
}

#[test]
fn days_of_decisions_are_a_series_a_bank() {
    let series =
        read(b"date,bank\r\n2026-06-17,fed\r\n2026-04-29,fed\r\n2026-06-16, boj\r\n").unwrap();
    let fed = find(&series, "meetings.fed");
    assert_eq!(fed.points, [(day(2026, 4, 29), 1.0), (day(2026, 6, 17), 1.0)]);
    assert_eq!((fed.unit, fed.frequency), ("decisions", Frequency::Day));
    assert_eq!(find(&series, "meetings.boj").points, [(day(2026, 6, 16), 1.0)]);
    let alone = read(b"date,bank\n2026-06-16,boj\n2026-06-16,boj\n").unwrap();
    assert_eq!((alone.len(), alone[0].points.len()), (1, 1), "twice the same day is once");
}

/// FRED's ten years of the S&P 500 count where they are; the longer table goes on before them.
#[test]
fn equities_before_ten_years_ago_are_those_of_the_longer_table() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "GSPC.csv",
        "Date,Close\n2015-12-30,2063.4\n2015-12-31,2043.9\n2016-01-04,2012.0\n2016-01-05,1.0\n",
    );
    let set = read_folder(folder.path()).unwrap();
    assert_eq!(set.equities(day(2022, 1, 1)), "SP500.long");
    assert_eq!(set.series["SP500.long"].points.len(), 4);
    write("SP500.csv", "observation_date,SP500\n2016-01-01,\n2016-01-04,2012.66\n");
    let set = read_folder(folder.path()).unwrap();
    let long = &set.series["SP500.long"];
    let joined =
        [(day(2015, 12, 30), 2063.4), (day(2015, 12, 31), 2043.9), (day(2016, 1, 4), 2012.66)];
    assert_eq!(long.points, joined);
    assert!(long.file.contains("GSPC.csv+") && long.file.contains("SP500.csv"));
    assert_eq!(set.equities(day(2015, 12, 31)), "SP500.long");
    assert_eq!(
        set.equities(day(2016, 1, 4)),
        "SP500",
        "a sample without the table does not name it"
    );
    assert_eq!(DataSet::default().equities(day(2015, 1, 1)), "SP500");
}

#[test]
fn what_cannot_be_read_is_said_with_its_place() {
    for (bytes, needle) in [
        (b"".as_slice(), "in none of the known formats"),
        (b"hello\n", "in none of the known formats"),
        (b"observation_date,DGS10\n", "holds no values"),
        (
            b"observation_date,DGS10\n2026-01-02,4.l9\n",
            "file, line 2, column 2: `4.l9` is not a number",
        ),
        (
            b"date,amount_bn_yen,direction\n2026-04-30,\"4,19\",yen-buying\n",
            "`4,19` is not a number",
        ),
        (b"observation_date,DGS10\n1/2/26,4.19\n", "`1/2/26` is not a date"),
        (
            b"observation_date,DGS10\n2026-13-02,4.19\n",
            "file, line 2, column 1: `2026-13-02` is not a date",
        ),
        (
            b"observation_date,DGS10\n2026-01-02,4.19\n2026-01-02,4.2\n",
            "2026-01-02 has the values 4.19 and 4.2",
        ),
        (b"Interest Rate,\nDate,1Y,2Y,x\n2026/1/1,1,1,1\n", "`x` is no maturity"),
        (b"6pi-1\n(Monthly figures)\n,,2026,Jan,1,1,1\n", "`Net` are not where they belong"),
        (b"date,amount_bn_yen,direction\n2026-04-30,1,up\n", "neither yen-buying nor yen-selling"),
        (
            b"date,bank\n2026-06-17,fed\n2026-06-16,ecb\n",
            "file, line 3, column 2: `ecb` is no bank; write fed or boj",
        ),
        (b"date,bank\n17 June,fed\n", "file, line 2, column 1: `17 June` is not a date"),
        (b"date,bank\n", "holds no values"),
        (b"date,bank,note\n2026-06-17,fed,hold\n", "central-bank meetings (date,bank)"),
        (
            b"MAJOR FOREIGN HOLDERS OF TREASURY SECURITIES\nCountry\t2026x\nJapan\t1\n",
            "a year under the name of a month",
        ),
    ] {
        let error = read(bytes).expect_err(needle);
        assert!(error.contains(needle), "{error}");
    }
    let long = [b"observation_date,DGS10\n".as_slice(), &vec![b'1'; 4 << 20]].concat();
    assert!(read(&long).unwrap_err().contains("longer than a megabyte"));
}

#[test]
fn weekly_transactions_reserves_and_a_table_of_holders() {
    let week = "ID,期間,1.対外証券投資:株式・投資ファンド持分:ネット,1.対外証券投資:中長期債:ネット,1.対外証券投資:短期債:ネット,2.対内証券投資:中長期債:ネット\n\
        1,2005．12．18～12．24,1,-20,3,9\n2,2005．12．25～ 1．7 ,1,\"-12,000\",3,9\n3,2006．1．8～2006．1．14,1,7,3,9\n";
    let series = read(week.as_bytes()).unwrap();
    let debt = find(&series, "weekly.long_term_debt_net");
    let points = [(day(2005, 12, 24), -2.0), (day(2006, 1, 7), -1200.0), (day(2006, 1, 14), 0.7)];
    assert_eq!((debt.unit, debt.frequency), ("JPY bn", Frequency::Week));
    for ((date, value), (known, want)) in debt.points.iter().zip(points) {
        assert!(*date == known && (value - want).abs() < 1e-9, "{date} {value}");
    }
    let wrong = read(week.replace("12．24", "13．24").as_bytes()).unwrap_err();
    assert!(wrong.contains("line 2, column 2: `2005．12．18～13．24` is not a date"), "{wrong}");
    let missing = read(week.replace("中長期債", "何か").as_bytes()).unwrap_err();
    assert!(missing.contains("there is no column `中長期債:ネット`"), "{missing}");

    let reserves = "Date,外貨準備,外貨準備:外貨,外貨準備:外貨:(a)証券,外貨準備:外貨:(b)預金,外貨準備:金\n2024-05-01,1231572,1100000,927500,159000,\n";
    let series = read(reserves.as_bytes()).unwrap();
    assert_eq!(find(&series, "reserves.securities").points, [(day(2024, 5, 31), 927.5)]);
    assert_eq!(find(&series, "reserves.gold").missing, 1);

    let table =
        "month,japan,japan_prev_series,source\n2011-06,881.5,911,mfhhis01\n2026-06,1116.7,,x\n";
    let series = read(table.as_bytes()).unwrap();
    assert_eq!(find(&series, "tic.japan").on(day(2026, 6, 30)), Some(1116.7));
    assert_eq!(find(&series, "tic.japan.previous_benchmark").points.len(), 1);
    assert!(read(b"month,japan,source\nJune,1,x\n").unwrap_err().contains("line 2, column 1"));
}

#[test]
fn the_real_files_are_read_and_say_what_is_known() {
    let Some(folder) = shared() else { return };
    let set: DataSet = read_folder(&folder).unwrap();
    let value = |name: &str, date: Date| set.series[name].on(date);
    assert_eq!(value("DGS10", day(2020, 3, 9)), Some(0.54));
    assert_eq!(value("DEXJPUS", day(2024, 7, 10)), Some(161.73));
    assert_eq!(value("DEXJPUS", day(2024, 8, 5)), Some(143.95));
    assert_eq!(value("tic.japan", day(2026, 6, 30)), Some(1116.7));
    let debt = |month: u8, last: u8| value("portfolio.long_term_debt_net", day(2026, month, last));
    assert_eq!(
        [debt(1, 31), debt(2, 28), debt(3, 31)],
        [Some(636.9), Some(-4746.6), Some(-3750.1)]
    );
    let japan = &set.series["tic.japan"];
    assert_eq!(japan.points.first(), Some(&(day(2000, 3, 31), 307.6)));
    let unread: Vec<&str> = set
        .files
        .iter()
        .filter(|file| file.format.is_err())
        .map(|file| file.name.as_str())
        .collect();
    println!("not read: {unread:?}");
    assert_eq!(unread, ["SOURCES.md", "episodes.csv"], "the notes, and what `replay` reads");
    assert_eq!(value("weekly.long_term_debt_net", day(2005, 1, 8)), Some(887.8));
    assert_eq!(value("weekly.long_term_debt_net", day(2017, 9, 9)), Some(198.7));
    assert_eq!(set.series["weekly.equity_net"].points.len(), 662);
    assert_eq!(value("reserves.securities", day(2017, 8, 31)), Some(1081.532));
    assert_eq!(value("reserves.deposits", day(2000, 4, 30)), Some(71.713));
    assert_eq!(value("tic.japan", day(2026, 4, 30)), Some(1209.9));
    let formats = read_folder(&folder.join("formats")).unwrap();
    assert!(formats.files.iter().all(|file| file.format.is_ok()), "{:?}", formats.files);
    // The Japanese edition has the same values as the English one.
    for (name, series) in formats.series.iter().filter(|(name, _)| name.starts_with("jgb.")) {
        assert!(series.points.len() > 200);
        for (date, yield_pct) in &series.points {
            assert_eq!(set.series[name].on(*date), Some(*yield_pct), "{name} {date}");
        }
    }
}

#[test]
fn truncated_and_reordered_real_files_do_not_panic() {
    let Some(folder) = shared() else { return };
    for entry in std::fs::read_dir(&folder)
        .unwrap()
        .chain(std::fs::read_dir(folder.join("formats")).unwrap())
    {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let whole = read(&bytes);
        for part in 1..12 {
            let _ = read(&bytes[..bytes.len() * part / 12 + part]);
            let _ = read(&bytes[bytes.len() * part / 13..]);
        }
        // A plain table with its rows turned round gives the same series.
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if text.starts_with("observation_date")
            || text.starts_with("DATE")
            || text.starts_with("report_date")
        {
            let mut lines: Vec<&str> = text.lines().collect();
            lines[1..].reverse();
            let points = |found: Result<Vec<Series>, String>| {
                found
                    .map(|all| all.into_iter().map(|series| series.points).collect::<Vec<_>>())
                    .ok()
            };
            let turned = read(lines.join("\n").as_bytes());
            assert!(points(turned) == points(whole), "{}", path.display());
        }
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_do_not_panic(
        start in prop::sample::select(vec!["observation_date,X\n", "DATE,X\n", "report_date,spec_long\n", "date,amount_bn_yen,direction\n", "date,bank\n", "x\nDate,1Y,2Y\n", "6pi-1\n(Monthly figures)\n", "MAJOR FOREIGN HOLDERS OF TREASURY SECURITIES\nCountry\t2026-01\n", "month,japan,source\n", "Date,外貨準備,外貨準備:外貨,外貨準備:外貨:(a)証券,外貨準備:外貨:(b)預金,外貨準備:金\n", "期間,1.対外証券投資:株式・投資ファンド持分:ネット,1.対外証券投資:中長期債:ネット,1.対外証券投資:短期債:ネット\n2005．1．2～"]),
        rest in prop::collection::vec(prop::sample::select(b"0123456789-/.,\t\n\"RHS\x81\x8a\xffJapn ".to_vec()), 0..200),
    ) {
        let _ = read(&[start.as_bytes(), &rest].concat());
    }
}

/// A series under a heading that says nothing has the file's name, so that two such files are two series.
#[test]
fn a_heading_without_meaning_gives_way_to_the_name_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("GSPC.csv"), "Date,Close\n2026-01-02,6900.5\n").unwrap();
    std::fs::write(folder.path().join("N225.csv"), "Date,Close\n2026-01-02,50000\n").unwrap();
    let set = read_folder(folder.path()).unwrap();
    assert_eq!(set.series["GSPC"].points, [(day(2026, 1, 2), 6900.5)]);
    assert_eq!(set.series["N225"].points, [(day(2026, 1, 2), 50000.0)]);
}

#[test]
fn the_command_says_what_is_there_and_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let text = describe(&read_folder(folder.path()).unwrap(), false);
    assert!(text.contains("the folder is empty") && text.contains("DGS10: not here"), "{text}");
    write(
        "DGS10.csv",
        "observation_date,DGS10\n2026-01-02,4.19\n2026-01-05,\n2026-01-06,4.2\n2026-01-07,4.2\n2026-03-31,4.5\n",
    );
    write("DGS2.csv", "observation_date,DGS2\n2025-01-02,4.l9\n");
    write("DGS5.csv", "observation_date,DGS5\n2025-01-02,4.19\n");
    write("notes.md", "hello\n");
    // A list of days has neither gaps nor an end, and says nothing about the end of the data.
    write("meetings.csv", "date,bank\n2025-01-29,fed\n2027-12-08,fed\n");
    let text = describe(&read_folder(folder.path()).unwrap(), false);
    for needle in [
        "2026-01-02  2026-03-31       4      1  4.19 to 4.5",
        "DGS10: nothing between 2026-01-07 and 2026-03-31",
        "DGS2.csv                                   not used: line 2, column 2: `4.l9` is not a number",
        "DGS2: not here",
        "DGS5: ends on 2025-01-02, while other series go to 2026-03-31",
        "not used: no known format",
        "meetings.csv                               central-bank meetings, 1 series",
        "meetings.boj: not here. Serves responses on days of BOJ decisions; a file with the header date,bank",
    ] {
        assert!(text.contains(needle), "{needle}\n{text}");
    }
    assert!(!text.contains("meetings.fed: ") && !text.contains("2027-12-08\n"), "{text}");
}
