//! Replays given the flows that happened: as events of a scenario, from the data or from the episodes file.
#![allow(clippy::unwrap_used)]

#[path = "common/replay.rs"]
mod common;

use common::{close, day, episode, load, made_up, play, ustress, written};
use time::Date;
use ustress::data::{DataSet, Series};
use ustress::replay::{Episode, Given, Replay, Target, read_episodes};
use ustress::scenario::Scenario;

/// Adds a series of interventions, JPY bn.
fn intervened(data: &mut DataSet, name: &str, points: Vec<(Date, f64)>) {
    let series = Series { name: name.to_owned(), points, ..data.series["DEXJPUS"].clone() };
    data.series.insert(series.name.clone(), series);
}

/// The scenario of an episode's first run given the flows.
fn given_flows(found: &Replay) -> Scenario {
    let scenarios = &found.played[0].scenarios;
    let (_, text) = scenarios.iter().find(|(given, _)| *given == Given::Flows).unwrap();
    load("a", text).unwrap().scenario
}

fn number(scenario: &Scenario, key: &str) -> f64 {
    written(scenario, key).parse().unwrap()
}

/// Median of the yen's move as seen from the eve and given the flows, %.
fn yen(found: &Replay) -> [f64; 2] {
    let median = |given| found.played[0].score(given, Target::Yen).unwrap().quantiles[2];
    [median(Given::Eve), median(Given::Flows)]
}

#[test]
fn every_number_of_a_scenario_has_a_source_and_flows_are_in_dollars() {
    let mut data = made_up();
    let amounts = vec![(day(2014, 6, 10), 1000.0), (day(2014, 6, 12), -500.0)];
    intervened(&mut data, "intervention.yen_buying", amounts);
    let spot = |at: Date| data.series["DEXJPUS"].on(at).unwrap();
    let found = play(&data, &[episode("a", day(2014, 5, 30), day(2014, 8, 29))], 64, 1);
    let scenarios = &found.played[0].scenarios;
    assert_eq!(scenarios.len(), 2);
    for (given, text) in scenarios {
        let loaded = load("a", text).unwrap();
        // no record of these reaches back: the basis, and who holds what
        let rest = "levels of the future: `hedge.basis_pct` and 8 others of 2026-06-30";
        let [warning] = loaded.warnings.as_slice() else { panic!("{:?}", loaded.warnings) };
        assert!(warning.message.starts_with(rest), "{warning:?}");
        let unsourced = loaded.scenario.quantities.iter().find(|q| q.source == "unsourced");
        assert!(unsourced.is_none(), "{:?}", unsourced.map(|quantity| &quantity.address));
        assert_eq!(loaded.scenario.start, day(2014, 6, 2));
        assert_eq!(loaded.scenario.horizon_days, 64);
        let expected = if *given == Given::Eve { 0 } else { 5 };
        assert_eq!(loaded.scenario.events.len(), expected, "two interventions, three months");
    }
    let flows = given_flows(&found);
    let amount = |key: &str| number(&flows, key);
    let sold = amount("event.flow1.intervention.amount_usd_bn");
    close(sold, 1000.0 / spot(day(2014, 6, 10)), 1e-6);
    let bought = amount("event.flow2.intervention.amount_usd_bn");
    close(bought, -500.0 / spot(day(2014, 6, 12)), 1e-6);
    assert_eq!(amount("event.flow2.day"), 9.0, "12 June is the ninth bond-market day of June");
    assert_eq!(amount("event.flow2.intervention.over_days"), 1.0);
    for key in ["hazard_per_month", "buy_hazard_per_month"] {
        assert_eq!(amount(&format!("intervention.{key}")), 0.0);
    }
    assert_eq!(amount("intervention.coordinated_factor"), 2.0, "the default");
}

#[test]
fn an_intervention_moves_the_yen_within_a_window_of_one_day() {
    let mut data = made_up();
    let window = [episode("one", day(2014, 6, 9), day(2014, 6, 10))];
    intervened(&mut data, "intervention.yen_buying", vec![(day(2014, 6, 10), 6000.0)]);
    let [eve, sold] = yen(&play(&data, &window, 600, 2));
    // USD 60bn at 0.045% each (the prior's median).
    close(sold - eve, -2.7, 0.4);
    intervened(&mut data, "intervention.yen_buying", vec![(day(2014, 6, 10), -6000.0)]);
    let [_, bought] = yen(&play(&data, &window, 600, 2));
    close(bought - eve, 2.7, 0.4);
}

#[test]
fn monthly_amounts_were_bought_and_move_the_yen() {
    let mut data = made_up();
    let month = (day(2014, 6, 30), 4000.0);
    intervened(&mut data, "intervention.unsigned_month", vec![month]);
    let found = play(&data, &[episode("a", day(2014, 5, 30), day(2014, 6, 30))], 600, 2);
    let flows = given_flows(&found);
    let bought = number(&flows, "event.flow1.intervention.amount_usd_bn");
    assert!((-41.0..-39.0).contains(&bought), "{bought}");
    assert_eq!(number(&flows, "event.flow1.intervention.over_days"), 21.0);
    let [eve, given] = yen(&found);
    assert!(given > eve + 0.5, "{eve} {given}");
    assert!(found.played[0].notes.iter().any(|note| note.contains("the Ministry bought USD ")));
}

#[test]
fn flows_of_the_episodes_file_take_the_place_of_the_datas() {
    let mut data = made_up();
    intervened(&mut data, "intervention.yen_buying", vec![(day(2014, 6, 10), 1000.0)]);
    let plain = episode("a", day(2014, 5, 30), day(2014, 8, 29));
    let own = |ministry, residents| Episode {
        ministry_sold_usd_bn: ministry,
        residents_sold_usd_bn: residents,
        ..plain.clone()
    };
    let run = |data: &DataSet, episode: Episode| play(data, &[episode], 64, 1);
    let kinds = |found: &Replay| -> Vec<&'static str> {
        given_flows(found).events.iter().map(|event| event.kind).collect()
    };
    let both = run(&data, own(Some(60.0), Some(-25.5)));
    let flows = given_flows(&both);
    assert_eq!(kinds(&both), ["intervention", "official_sale"]);
    for (event, amount) in [("flow1.intervention", 60.0), ("flow2.official_sale", -25.5)] {
        assert_eq!(number(&flows, &format!("event.{event}.amount_usd_bn")), amount);
        assert_eq!(number(&flows, &format!("event.{event}.over_days")), 64.0);
    }
    assert_eq!((number(&flows, "event.flow1.day"), number(&flows, "event.flow2.day")), (1.0, 1.0));
    assert!(flows.quantities.iter().all(|quantity| quantity.source != "unsourced"));
    let note = both.played[0].notes.last().unwrap();
    let said = "the Ministry sold USD 60.0bn (episodes file); residents bought USD 25.5bn of Treasuries (episodes file)";
    assert!(note.ends_with(said), "{note}");
    // One given, the other is the data's; nothing happened is not the same as nothing known.
    let one = run(&data, own(Some(-7.0), None));
    assert_eq!(
        kinds(&one),
        ["intervention"].into_iter().chain(["official_sale"; 3]).collect::<Vec<_>>()
    );
    let none = run(&data, own(Some(0.0), Some(0.0)));
    assert_eq!(kinds(&none), [""; 0]);
    assert_eq!(written(&given_flows(&none), "intervention.hazard_per_month"), "0");
    assert!(given_flows(&none).muted[0], "rebalancing");
    // They need no data, and the eve knows nothing of them.
    data.series.remove("intervention.yen_buying");
    data.series.remove("portfolio.long_term_debt_net");
    let alone = run(&data, own(Some(60.0), None));
    assert_eq!(kinds(&alone), ["intervention"]);
    let eve = |found: &Replay| found.played[0].scenarios[0].clone();
    assert_eq!(eve(&alone), eve(&run(&data, plain.clone())));
}

fn read(text: &str) -> Result<Vec<Episode>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.csv");
    std::fs::write(&path, text).unwrap();
    let shown = path.display().to_string();
    let read = read_episodes(&path).map_err(|error| error.to_string().replace(&shown, "mine.csv"));
    read.map(|(episodes, _)| episodes)
}

const COLUMNS: &str = "residents_sold_usd_bn,id,start,end,ministry_sold_usd_bn";

#[test]
fn flows_are_read_from_the_episodes_file() {
    let rows = "-25.5,a,2014-05-30,2014-08-29, 6e1 \n,b,2014-05-30,2014-08-29,-7\n0,c,2014-05-30,2014-08-29,\n1,d,2014-05-30,2014-08-29\n";
    let found = read(&format!("{COLUMNS}\n{rows}")).unwrap();
    let flows: Vec<_> =
        found.iter().map(|row| (row.ministry_sold_usd_bn, row.residents_sold_usd_bn)).collect();
    let wanted = [
        (Some(60.0), Some(-25.5)),
        (Some(-7.0), None),
        (None, Some(0.0)),
        (None, Some(1.0)), // a short row
    ];
    assert_eq!(flows, wanted);
    let without = read("id,start,end\na,2014-05-30,2014-08-29\n").unwrap();
    assert_eq!((without[0].ministry_sold_usd_bn, without[0].residents_sold_usd_bn), (None, None));
}

#[test]
fn a_flow_that_is_no_number_says_where() {
    let remedy = "write USD bn from -5000 to 5000, such as 60 or -25.5, or leave it empty";
    for (cell, problem) in [
        ("sixty", "`sixty` is no finite number"),
        ("nan", "`nan` is no finite number"),
        ("-inf", "`-inf` is no finite number"),
        ("1e999", "`1e999` is no finite number"),
        ("60bn", "`60bn` is no finite number"),
        ("5001", "`5001` is too large"),
    ] {
        let rows = format!(",a,2014-05-30,2014-08-29,\n,b,2014-05-30,2014-08-29,{cell}\n");
        let wanted =
            format!("mine.csv, line 3, column `ministry_sold_usd_bn`: {problem}; {remedy}");
        assert_eq!(read(&format!("{COLUMNS}\n{rows}")).unwrap_err(), wanted);
        let rows = format!("{cell},a,2014-05-30,2014-08-29,\n");
        let wanted =
            format!("mine.csv, line 2, column `residents_sold_usd_bn`: {problem}; {remedy}");
        assert_eq!(read(&format!("{COLUMNS}\n{rows}")).unwrap_err(), wanted);
    }
}

#[test]
fn the_command_tells_of_the_columns_and_of_their_mistakes() {
    let home = tempfile::tempdir().unwrap();
    let help = ustress(home.path(), &["replay", "--help"]);
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    for column in ["ministry_sold_usd_bn", "residents_sold_usd_bn", "used_for"] {
        assert!(help.contains(column), "{help}");
    }
    let text = format!("{COLUMNS}\n,a,2014-05-30,2014-08-29,many\n");
    std::fs::write(home.path().join("mine.csv"), text).unwrap();
    let arguments = ["replay", "--quiet", "--data", ".", "--episodes", "mine.csv"];
    let done = ustress(home.path(), &arguments);
    assert_eq!(done.status.code(), Some(2));
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(said.starts_with("error: mine.csv, line 2, column `ministry_sold_usd_bn`: "), "{said}");
}
