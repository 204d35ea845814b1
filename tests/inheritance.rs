//! What a child has of its parent: events that come, are amended or dropped; correlations pair by pair; sources.

#![allow(clippy::unwrap_used, reason = "a test may stop here")]

#[path = "common/catalogue.rs"]
mod common;

use common::{BASELINE, catalogue};
use ustress::error::Error;
use ustress::scenario::{Loaded, Scenario, load, show};

const SALE: &str = r#"
title = "Parent"
[[event]]
name = "sale"
day = 10
official_sale = { amount_usd_bn = "100 to 300", over_days = 20, cohort = "mof" }
[[event]]
name = "words"
date = 2026-07-02
probability = 0.5
threat = { effect_bp = "2 to 9", half_life_days = 5 }
[[event]]
day = 7
oil_shock = { size_pct = "1 to 20" }
[[correlation]]
a = "event.1.official_sale.amount_usd_bn"
b = "event.words.threat.effect_bp"
rho = 0.25
[sources]
"event.sale" = "the sale's"
"event.sale.official_sale.over_days" = "the days'"
"event.2.threat" = "the words'"
"event.3" = "the oil's"
"#;

/// A grandchild's parent: amends, drops and adds.
const MIDDLE: &str = r#"
title = "Middle"
extends = "sale"
drop_events = ["words"]
[[event]]
name = "sale"
official_sale = { amount_usd_bn = 200 }
[[event]]
name = "move"
meeting = 2
boj_move = { size_bp = "10 to 40", priced_bp = 5 }
[[correlation]]
a = "event.move.boj_move.size_bp"
b = "event.2.oil_shock.size_pct"
rho = 0.5
[sources]
"event.sale" = "the middle's"
"event.move" = "the move's"
"#;

fn resolve(name: &str) -> Option<(String, String)> {
    let text = match name {
        "baseline" => BASELINE,
        "sale" => SALE,
        "middle" => MIDDLE,
        _ => return None,
    };
    Some((name.to_owned(), text.to_owned()))
}

fn try_load(text: &str, sets: &[&str]) -> Result<Loaded, Error> {
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    load("child.toml", text, &resolve, &sets, catalogue())
}

#[track_caller]
fn good(text: &str, sets: &[&str]) -> Loaded {
    try_load(text, sets).unwrap_or_else(|error| panic!("{error}"))
}

/// A child of `sale` with more text.
#[track_caller]
fn child(more: &str) -> Loaded {
    good(&format!("title = 'child'\nextends = 'sale'\n{more}"), &[])
}

#[track_caller]
fn refused(text: &str, sets: &[&str]) -> String {
    try_load(text, sets).map_or_else(|error| error.to_string(), |_| panic!("accepted"))
}

#[track_caller]
fn refused_child(more: &str) -> String {
    refused(&format!("title = 'child'\nextends = 'sale'\n{more}"), &[])
}

#[track_caller]
fn written(scenario: &Scenario, address: &str) -> String {
    let found = scenario.quantities.iter().find(|found| found.address == address);
    found.map(|found| found.written.clone()).unwrap_or_else(|| panic!("{address}"))
}

#[track_caller]
fn source(scenario: &Scenario, address: &str) -> String {
    let found = scenario.quantities.iter().find(|found| found.address == address);
    found.map(|found| found.source.clone()).unwrap_or_else(|| panic!("{address}"))
}

fn kinds(loaded: &Loaded) -> Vec<&'static str> {
    loaded.scenario.events.iter().map(|event| event.kind).collect()
}

fn warnings(loaded: &Loaded) -> String {
    ustress::scenario::render(&loaded.warnings)
}

/// The correlations by address.
fn pairs(scenario: &Scenario) -> Vec<(String, String, f64)> {
    let address = |id: usize| scenario.quantities[id].address.clone();
    scenario.correlations.iter().map(|own| (address(own.a), address(own.b), own.rho)).collect()
}

#[test]
fn all_events_come_first_and_a_childs_behind_them() {
    let none = child("");
    assert_eq!(kinds(&none), ["official_sale", "threat", "oil_shock"]);
    assert!(none.warnings.is_empty(), "{}", warnings(&none));
    assert_eq!(
        none.inherited,
        ["inherited: event.1 `sale` of sale, event.2 `words` of sale, event.3 of sale"]
    );
    let more = child(
        "[[event]]\nname = 'yen'\nday = 3\nyen_jump = { size_pct = 2 }\n[sources]\n'event.4' = 'own'",
    );
    assert_eq!(kinds(&more), ["official_sale", "threat", "oil_shock", "yen_jump"]);
    assert!(more.warnings.is_empty(), "{}", warnings(&more));
    assert_eq!(source(&more.scenario, "event.yen.yen_jump.size_pct"), "own");
    assert_eq!(source(&more.scenario, "event.3.oil_shock.size_pct"), "the oil's");
}

#[test]
fn a_childs_event_amends_the_one_of_its_name_key_by_key() {
    let amended = child(
        "[[event]]\nname = 'sale'\nofficial_sale = { amount_usd_bn = '300 to 500' }\n[sources]\n'event.sale' = 'mine'",
    );
    let scenario = &amended.scenario;
    assert!(amended.warnings.is_empty(), "{}", warnings(&amended));
    assert_eq!(kinds(&amended), ["official_sale", "threat", "oil_shock"]);
    assert_eq!(written(scenario, "event.sale.official_sale.amount_usd_bn"), "\"300 to 500\"");
    assert_eq!(written(scenario, "event.sale.official_sale.over_days"), "20");
    assert_eq!(scenario.events[0].words, [Some("mof")]);
    assert_eq!(source(scenario, "event.sale.official_sale.amount_usd_bn"), "mine");
    assert_eq!(source(scenario, "event.sale.official_sale.over_days"), "the days'");
    assert_eq!(source(scenario, "event.sale.day"), "the sale's");
    assert_eq!(
        amended.inherited[1],
        "amended: event.1 `sale` by child (official_sale.amount_usd_bn)"
    );

    // Without the kind; `day` for a `date`; by another word.
    let moved = child(
        "[[event]]\nname = 'words'\nday = 4\nprobability = 1\n[[event]]\nname = 'sale'\nofficial_sale.cohort = 'gpif'\n[sources]\n'event.words.probability' = 'sure'",
    );
    assert!(moved.warnings.is_empty(), "{}", warnings(&moved));
    assert_eq!(moved.scenario.events[1].fixed_day, Some(4));
    assert_eq!(written(&moved.scenario, "event.words.probability"), "1");
    assert_eq!(written(&moved.scenario, "event.words.threat.effect_bp"), "\"2 to 9\"");
    assert_eq!(moved.scenario.events[0].words, [Some("gpif")]);
    let dated = child("[[event]]\nname = 'sale'\ndate = 2026-07-06");
    assert_eq!(dated.scenario.events[0].fixed_day, Some(3), "{}", warnings(&dated));

    // A number that is written as it was keeps its source, and needs no other.
    let same = child("[[event]]\nname = 'sale'\nofficial_sale = { over_days = 20 }");
    assert_eq!(source(&same.scenario, "event.sale.official_sale.over_days"), "the days'");
    assert!(same.warnings.is_empty(), "{}", warnings(&same));
}

#[test]
fn another_kind_replaces_the_event_whole_in_its_place() {
    let text = "[[event]]\nname = 'words'\nday = 9\nyen_jump = { size_pct = 3 }\n[sources]\n'event.words' = 'mine'";
    let other = child(text);
    assert!(other.warnings.is_empty(), "{}", warnings(&other));
    assert_eq!(kinds(&other), ["official_sale", "yen_jump", "oil_shock"]);
    assert_eq!(written(&other.scenario, "event.words.probability"), "1", "the parent's is gone");
    // What joined a number of the old kind goes with it; the pair of the defaults stays.
    assert_eq!(pairs(&other.scenario).len(), 1);
    assert!(other.inherited[1].contains("now yen_jump"), "{:?}", other.inherited);
    let said = refused_child("[[event]]\nname = 'words'\nyen_jump = { size_pct = 3 }");
    assert!(said.contains("neither `day` nor `date`") && said.contains("child.toml"), "{said}");
}

#[test]
fn drop_events_acts_before_the_childs_own() {
    let fewer = child("drop_events = ['words']");
    assert_eq!(kinds(&fewer), ["official_sale", "oil_shock"]);
    assert_eq!(fewer.inherited[1], "dropped: `words` of sale by child");
    assert_eq!(pairs(&fewer.scenario).len(), 1, "its correlation goes with it");
    let none = child(
        "drop_events = true\n[[event]]\nday = 1\nyen_jump.size_pct = 1\n[sources]\nevent = 'all'",
    );
    assert_eq!(kinds(&none), ["yen_jump"]);
    assert!(none.warnings.is_empty(), "nothing is beside it: {}", warnings(&none));
    assert_eq!(child("drop_events = false").scenario.events.len(), 3);

    // Dropped and written anew: a new event, behind the others.
    let anew = child(
        "drop_events = ['sale']\n[[event]]\nname = 'sale'\nday = 2\nyen_jump = { size_pct = 1 }\n[sources]\n'event.sale' = 'new'",
    );
    assert_eq!(kinds(&anew), ["threat", "oil_shock", "yen_jump"]);
    let said = refused_child(
        "drop_events = ['sale']\n[[event]]\nname = 'sale'\nofficial_sale = { amount_usd_bn = 1 }",
    );
    assert!(said.contains("no inherited event is called `sale`"), "nothing is left: {said}");

    for (text, needles) in [
        ("drop_events = ['wrods']", ["no parent has an event `wrods`", "did you mean `words`?"]),
        ("drop_events = ['zzz']", ["no parent has an event `zzz`", "`sale` or `words`"]),
        ("drop_events = ['sale', 'sale']", ["names `sale` twice", "`words`"]),
        ("drop_events = 'sale'", ["cannot be a string", "`[\"name\"]`"]),
        ("drop_events = [3]", ["cannot be an array", "`true` for all"]),
        ("events_from_parent = true", ["no `events_from_parent`", "drop_events"]),
        ("event = []", ["drops nothing", "`drop_events = true`"]),
    ] {
        let said = refused_child(text);
        assert!(needles.iter().all(|needle| said.contains(needle)), "{text}: {said}");
    }
    let root = good("title = 'x'\ndrop_events = true", &[]);
    assert!(warnings(&root).contains("nothing to drop"), "{}", warnings(&root));
    let said = refused("title = 'x'\ndrop_events = ['sale']", &[]);
    assert!(said.contains("no parent has an event `sale`"), "{said}");
}

#[test]
fn a_child_cannot_amend_twice_or_take_a_name_twice() {
    let twice = "[[event]]\nname = 'sale'\nday = 3\n[[event]]\nname = 'sale'\nday = 4";
    assert!(refused_child(twice).contains("amended twice"), "{}", refused_child(twice));
    let own = "[[event]]\nname = 'a'\nday = 3\nyen_jump.size_pct = 1\n[[event]]\nname = 'a'\nday = 4\nyen_jump.size_pct = 1";
    assert!(refused_child(own).contains("is taken"), "{}", refused_child(own));
    let both = "[[event]]\nname = 'sale'\nday = 3\ndate = 2026-07-09";
    assert!(refused_child(both).contains("both `day` and `date`"), "{}", refused_child(both));
    let typo = "[[event]]\nname = 'sale'\nofficial_sale = { amount = 3 }";
    assert!(refused_child(typo).contains("not a key of `official_sale`"));
    let key = "[[event]]\nname = 'sale'\nprobabilty = 1";
    assert!(refused_child(key).contains("did you mean `probability`?"), "{}", refused_child(key));
    let nothing = child("[[event]]\nname = 'sale'");
    assert!(warnings(&nothing).contains("nothing of it amended"), "{}", warnings(&nothing));
    let misspelt = refused_child("[[event]]\nname = 'sael'\nofficial_sale = { amount_usd_bn = 1 }");
    assert!(misspelt.contains("did you mean `sale`?"), "a new event must be whole: {misspelt}");
}

#[test]
fn an_event_without_a_name_beside_inherited_ones_is_a_warning() {
    let event = "[[event]]\nday = 3\nyen_jump = { size_pct = 1 }\n";
    let one = child(&format!("{event}[sources]\nevent = 'a'"));
    assert!(
        warnings(&one).contains("added to the inherited ones as `event.4`"),
        "{}",
        warnings(&one)
    );
    let three = child(&format!("{event}{event}{event}[sources]\nevent = 'a'"));
    assert_eq!(three.warnings.len(), 1, "{}", warnings(&three));
    assert!(warnings(&three).contains("3 events without a name"), "{}", warnings(&three));
    let root = good(&format!("title = 'x'\n{event}[sources]\nevent = 'a'"), &[]);
    assert!(root.warnings.is_empty(), "{}", warnings(&root));
}

#[test]
fn a_grandchild_sees_what_its_parent_made_of_the_events() {
    let text = "title = 'x'\nextends = 'middle'\n[[event]]\nname = 'sale'\nofficial_sale = { over_days = 5 }\nday = 8\n[sources]\n'event.1.official_sale' = 'leaf'";
    let loaded = good(text, &[]);
    let scenario = &loaded.scenario;
    assert!(loaded.warnings.is_empty(), "{}", warnings(&loaded));
    assert_eq!(kinds(&loaded), ["official_sale", "oil_shock", "boj_move"]);
    assert_eq!(written(scenario, "event.sale.official_sale.amount_usd_bn"), "200");
    assert_eq!(source(scenario, "event.sale.official_sale.amount_usd_bn"), "the middle's");
    assert_eq!(source(scenario, "event.sale.official_sale.over_days"), "leaf");
    assert_eq!(scenario.events[0].fixed_day, Some(8));
    assert_eq!(scenario.events[2].meeting, Some(2));
    assert_eq!(
        loaded.inherited,
        [
            "inherited: event.1 `sale` of sale, event.2 of sale, event.3 `move` of middle",
            "amended: event.1 `sale` by middle (official_sale.amount_usd_bn), event.1 `sale` by child (official_sale.over_days, day)",
            "dropped: `words` of sale by middle",
        ]
    );
    let said = refused("title = 'x'\nextends = 'middle'\ndrop_events = ['words']", &[]);
    assert!(said.contains("already been dropped by middle"), "{said}");
    let back = good(
        "title = 'x'\nextends = 'middle'\n[[event]]\nname = 'words'\nday = 2\nthreat = { effect_bp = 3, half_life_days = 1 }\n[sources]\n'event.words' = 'a'",
        &[],
    );
    assert_eq!(kinds(&back).last(), Some(&"threat"));
    let fewer = good("title = 'x'\nextends = 'middle'\ndrop_events = ['move', 'sale']", &[]);
    assert_eq!(kinds(&fewer), ["oil_shock"]);
}

#[test]
fn the_command_line_reaches_inherited_events() {
    let text = "title = 'x'\nextends = 'middle'\n[channels]\nofficial_sale = false";
    let sets = [
        "event.sale.official_sale.amount_usd_bn=77",
        "event.3.day=9",
        "event.2.oil_shock.size_pct=5",
        "title=Another",
    ];
    let loaded = good(text, &sets);
    let scenario = &loaded.scenario;
    assert!(
        loaded.warnings.iter().all(|found| !found.message.contains("source")),
        "{}",
        warnings(&loaded)
    );
    assert_eq!(scenario.title, "Another");
    assert_eq!(written(scenario, "event.sale.official_sale.amount_usd_bn"), "77");
    assert_eq!((scenario.events[2].fixed_day, scenario.events[2].meeting), (Some(9), None));
    assert_eq!(source(scenario, "event.2.oil_shock.size_pct"), "set on the command line");
    assert_eq!(scenario.muted.iter().filter(|muted| **muted).count(), 1);
    assert_eq!(good(text, &["event.move.meeting=3"]).scenario.events[2].meeting, Some(3));
    assert_eq!(kinds(&good(text, &["drop_events=[\"sale\"]"])), ["oil_shock", "boj_move"]);
    assert!(refused(text, &["event.1.day=3", "drop_events=true"]).contains("no event `1`"));
    assert!(refused(text, &["event.words.day=3"]).contains("no event `words`"));
}

#[test]
fn a_day_that_the_child_moves_out_of_reach_names_both_files() {
    let cases = [
        ("start = 2027-01-04", "sale:9", "`start = 2027-01-04` is set by child.toml"),
        ("horizon = '1w'", "sale:5", "`horizon = \"1w\"` is set by child.toml"),
    ];
    for (text, place, by) in cases {
        let said = refused_child(text);
        assert!(said.contains(place) && said.contains("child.toml inherits"), "{said}");
        assert!(said.contains(by) && said.contains("drop_events = ["), "{said}");
    }
    let mended = "start = 2027-01-04\n[[event]]\nname = 'words'\nday = 3";
    assert_eq!(child(mended).scenario.events[1].fixed_day, Some(3));
    child("start = 2027-01-04\ndrop_events = ['words']");
    let said = refused("title = 'x'\nextends = 'middle'", &["horizon=2m"]);
    assert!(said.contains("middle:") && said.contains("is set by --set"), "{said}");
    assert!(said.contains("1: only the meeting of 2026-07-31 lies within 42 days"), "{said}");
}

#[test]
fn correlations_are_inherited_pair_by_pair() {
    let amount = "event.sale.official_sale.amount_usd_bn";
    let effect = "event.words.threat.effect_bp";
    let (t, p) = ("impact.transitory_bp_per_100bn", "impact.lasting_bp_per_100bn");
    let own = |a: &str, b: &str, rho: f64| (a.to_owned(), b.to_owned(), rho);
    assert_eq!(pairs(&child("").scenario), [own(t, p, 0.5), own(amount, effect, 0.25)]);
    let pair = |a: &str, b: &str, rho: f64| {
        format!("[[correlation]]\na = '{a}'\nb = '{b}'\nrho = {rho}\n")
    };
    // The other way round, and by number.
    let turned = child(&pair("event.2.threat.effect_bp", amount, -0.5));
    assert_eq!(pairs(&turned.scenario), [own(t, p, 0.5), own(effect, amount, -0.5)]);
    assert!(turned.inherited.iter().any(|line| line.starts_with("correlations: ")));
    let more = child(&pair("impact.half_life_days", amount, 0.1));
    assert_eq!(pairs(&more.scenario).len(), 3);
    let removed = child(&(pair(amount, effect, 0.0) + &pair(p, t, 0.0)));
    assert!(pairs(&removed.scenario).is_empty());
    assert!(removed.warnings.is_empty(), "{}", warnings(&removed));
    // `show` keeps the removal of a default.
    let again = good(&show(&removed.scenario, catalogue()), &[]);
    assert!(pairs(&again.scenario).is_empty() && again.warnings.is_empty(), "{}", warnings(&again));
    let nothing = child(&pair("impact.half_life_days", amount, 0.0));
    assert!(warnings(&nothing).contains("removes nothing"), "{}", warnings(&nothing));
    assert!(warnings(&child("correlation = []")).contains("removes nothing"));
    let twice = pair(amount, effect, 0.1) + &pair(effect, amount, 0.2);
    assert!(refused_child(&twice).contains("correlated twice"));
    // The numbers of the middle's pair are those of its own list, whatever a child drops before them.
    let middle = good("title = 'x'\nextends = 'middle'\ndrop_events = ['sale']", &[]);
    let kept = own("event.move.boj_move.size_bp", "event.1.oil_shock.size_pct", 0.5);
    assert_eq!(pairs(&middle.scenario), [own(t, p, 0.5), kept]);
    let set = good(
        "title = 'x'\nextends = 'sale'",
        &[&format!("correlation=[{{a='{amount}', b='{effect}', rho=0.75}}]")],
    );
    assert_eq!(pairs(&set.scenario)[1].2, 0.75);
}

#[test]
fn a_source_covers_what_lies_below_it_and_the_nearest_wins() {
    let text = "title = 'x'\n[boj]\nhike_probability = 0.1\n[impact]\nhalf_life_days = 9\nmatched_share = 0.2\nmarket_usd_tn = 30.8\n[sources]\nimpact = 'table'\n'impact.matched_share' = 'number'\nboj = 'bank'";
    let loaded = good(text, &[]);
    let scenario = &loaded.scenario;
    assert!(loaded.warnings.is_empty(), "{}", warnings(&loaded));
    assert_eq!(source(scenario, "impact.half_life_days"), "table");
    assert_eq!(source(scenario, "impact.matched_share"), "number");
    assert_eq!(source(scenario, "impact.market_usd_tn"), "table", "written, be it as the default");
    assert_eq!(source(scenario, "impact.issuance_usd_bn_per_year"), "assumption");
    assert!(source(scenario, "impact.transitory_bp_per_100bn") != "table");
    assert_eq!(source(scenario, "boj.policy_rate_pct"), "Bank of Japan, 16 June 2026");

    let events = child(
        "[[event]]\nname = 'a'\nday = 1\nprobability = 0.5\nofficial_sale = { amount_usd_bn = 1, over_days = 2 }\n[[event]]\nname = 'b'\nday = 1\nofficial_sale = { amount_usd_bn = 1, over_days = 2 }\n[sources]\nevent = 'all'\n'event.official_sale' = 'kind'\n'event.a' = 'event'\n'event.official_sale.over_days' = 'field'\n'event.b.official_sale.amount_usd_bn' = 'number'",
    );
    let at = |address: &str| source(&events.scenario, address);
    assert!(
        events.warnings.iter().all(|found| found.message.contains("covers nothing")),
        "{}",
        warnings(&events)
    );
    assert_eq!(at("event.a.official_sale.amount_usd_bn"), "event");
    assert_eq!(at("event.a.official_sale.over_days"), "field");
    assert_eq!(at("event.a.probability"), "event");
    assert_eq!(at("event.b.official_sale.amount_usd_bn"), "number");
    assert_eq!(at("event.b.day"), "kind");
    assert_eq!(at("event.sale.official_sale.amount_usd_bn"), "the sale's", "a parent's stays");
    assert_eq!(at("event.sale.official_sale.over_days"), "the days'");

    let idle = good("title = 'x'\n[sources]\nimpact = 'nothing here'", &[]);
    assert!(warnings(&idle).contains("`impact` covers nothing"), "{}", warnings(&idle));
    let idle = child("[sources]\n'event.sale' = 'nothing here'");
    assert!(warnings(&idle).contains("`event.sale` covers nothing"), "{}", warnings(&idle));
    let exact = child("[sources]\n'event.sale.official_sale.amount_usd_bn' = 'better'");
    assert_eq!(source(&exact.scenario, "event.sale.official_sale.amount_usd_bn"), "better");
}

#[test]
fn numbers_without_a_source_make_one_warning() {
    let text = "title = 'x'\n[boj]\nhike_probability = 0.1\n[impact]\nhalf_life_days = 9\n[[event]]\nday = 1\nprobability = 0.3\nyen_jump = { size_pct = 2 }";
    let loaded = good(text, &[]);
    assert_eq!(loaded.warnings.len(), 1, "{}", warnings(&loaded));
    let said = &loaded.warnings[0].message;
    assert!(said.starts_with("4 numbers have no source: "), "{said}");
    for address in [
        "boj.hike_probability",
        "impact.half_life_days",
        "event.1.probability",
        "event.1.yen_jump.size_pct",
    ] {
        assert!(said.contains(&format!("`{address}`")), "{said}");
    }
    assert!(warnings(&loaded).lines().count() < 10, "{}", warnings(&loaded));
    let many: String =
        (0..40).map(|_| "[[event]]\nday = 1\nyen_jump = { size_pct = 2 }\n").collect();
    let loaded = good(&format!("title = 'x'\n{many}"), &[]);
    assert!(loaded.warnings[0].message.contains("and 28 more"), "{}", loaded.warnings[0].message);
}

#[test]
fn meetings_date_the_moves_of_their_bank() {
    let step = |text: &str| {
        good(&format!("title = 'x'\n{text}\n[sources]\nevent = 'a'"), &[]).scenario.events[0]
            .fixed_day
    };
    let boj =
        |n: &str| format!("[[event]]\nmeeting = {n}\nboj_move = {{ size_bp = 25, priced_bp = 0 }}");
    let fed =
        |n: &str| format!("[[event]]\nmeeting = {n}\nfed_move = {{ size_bp = 25, priced_bp = 0 }}");
    // 31 July and 18 December 2026; 29 July 2026.
    assert_eq!(
        (step(&boj("1")), step(&boj("4")), step(&fed("1"))),
        (Some(22), Some(118), Some(20))
    );
    // A meeting on the day of the start is the first.
    assert_eq!(step(&format!("start = 2026-07-29\n{}", fed("1"))), Some(1));
    let bad = |text: &str| refused(&format!("title = 'x'\n{text}"), &[]);
    let beyond = bad(&boj("99"));
    assert!(beyond.contains("a number from 1 to 8: 8 meetings lie within 252 days"), "{beyond}");
    assert!(
        bad(&format!("horizon = '1w'\n{}", boj("1"))).contains("no meeting lies within 5 days")
    );
    for n in ["0", "-1", "1.5", "'2'", "'1 to 3'", "true"] {
        assert!(bad(&boj(n)).contains("is not a meeting"), "{n}: {}", bad(&boj(n)));
    }
    let sale = bad("[[event]]\nmeeting = 1\nyen_jump = { size_pct = 1 }");
    assert!(sale.contains("`yen_jump` has no meetings"), "{sale}");
    let both = bad("[[event]]\nmeeting = 1\nday = 3\nfed_move = { size_bp = 1, priced_bp = 0 }");
    assert!(both.contains("both `day` and `meeting`"), "{both}");
    // `show` keeps the meeting, not only its day.
    let loaded = good(&format!("title = 'x'\n{}\n[sources]\nevent = 'a'", boj("3")), &[]);
    let shown = show(&loaded.scenario, catalogue());
    assert!(shown.contains("meeting = 3  # day 85"), "{shown}");
    assert_eq!(good(&shown, &["start=2027-07-01"]).scenario.events[0].meeting, Some(3));
}
