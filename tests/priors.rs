//! The named elasticities: each with its study, the mixture over studies, the switch from market to GDP scaling.
#![allow(clippy::unwrap_used)]

#[path = "common/command.rs"]
mod command;
#[path = "common/run.rs"]
mod run;

use command::answer;
use run::{LOUD, mean, paths, product, scenario, tally};
use ustress::model::{DRAWN, Family, IMPACT_10Y, PRIORS, STUDIES, study};

#[test]
fn every_prior_has_its_study_and_the_other_way_round() {
    let priors: Vec<&str> = PRIORS.iter().map(|prior| prior.name).collect();
    let studies: Vec<&str> = STUDIES.iter().map(|study| study.name).collect();
    assert_eq!(priors, studies);
    assert!(DRAWN.iter().all(|name| priors.contains(name) && *name != "studies"));
    for known in STUDIES {
        let texts = [known.citation, known.kind, known.own_units, known.spread, known.approximated];
        assert!(texts.iter().all(|text| !text.is_empty()), "{}", known.name);
    }
    let other: Vec<&str> =
        STUDIES.iter().filter(|study| study.other_tenor()).map(|study| study.name).collect();
    let known = "beltran2013 ahmed_rebucci kaminska_zinna csonto_tovar cahill2013 laubach2009 plante2025 kcfed2025";
    assert_eq!(other.join(" "), known);
    assert!(study("nobody").is_none());
    let family = |family: Family| {
        let own = STUDIES.iter().filter(|study| study.family == family).map(|study| study.name);
        own.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        family(Family::ForeignHolders),
        "beltran2013 warnock2006 arslanalp_poghosyan kaminska_zinna csonto_tovar andritzky2012 chaudhary2024"
    );
    assert_eq!(
        family(Family::FedPurchases),
        "damico_king gagnon2011 cahill2013 li_wei2013 bonis_ihrig_wei swanson2011 fed_staff2022 wei2022"
    );
    assert_eq!(family(Family::Debt), "cbo_debt laubach2009 plante2025");
}

#[test]
fn a_path_takes_all_numbers_from_one_study() {
    let scenario = scenario("managed_adjustment", &["impact.prior=studies", "horizon=1w"]);
    let place = |address: &str| {
        scenario.quantities.iter().position(|quantity| quantity.address == address).unwrap()
    };
    let found = paths(&scenario, 8192);
    let column = |address: &str| -> Vec<f64> {
        let draws = |block: &ustress::model::Block| {
            block.draws[place(address) * block.paths..][..block.paths].to_vec()
        };
        found.blocks.iter().flat_map(draws).collect()
    };
    let believed = column("impact.study");
    let numbers =
        ["transitory_bp_per_100bn", "lasting_bp_per_100bn", "half_life_days", "gdp_ratio"];
    let drawn = numbers.map(|key| column(&format!("impact.{key}")));
    let mut counts = [0; DRAWN.len()];
    for (path, study) in believed.iter().enumerate() {
        let index = *study as usize - 1;
        counts[index] += 1;
        let set = format!("impact.prior={}", DRAWN[index]);
        let own = if counts[index] == 1 {
            Some(run::scenario("managed_adjustment", &[&set]))
        } else {
            None
        };
        // The first path of each study is held against the study's own distributions.
        for (number, values) in numbers.iter().zip(&drawn).filter(|_| own.is_some()) {
            let address = format!("impact.{number}");
            let own = own.as_ref().unwrap();
            let law =
                &own.quantities.iter().find(|known| known.address == address).unwrap().marginal;
            let (low, high) = (law.quantile(1e-9), law.quantile(1.0 - 1e-9));
            assert!((low..=high).contains(&values[path]), "{} {number}", DRAWN[index]);
        }
        // Stock studies have no transitory part; half-lives are the study's own.
        let days = [60.0, 250.0, 20.0, 20.0, 20.0, 20.0, 2.0, 20.0][index];
        assert_eq!(drawn[2][path], days, "{}", DRAWN[index]);
        assert_eq!(drawn[0][path] == 0.0, [3, 4, 5, 7].contains(&index), "{}", DRAWN[index]);
    }
    // 8192 / 8 = 1024 each, four standard errors 120.
    assert!(counts.iter().all(|count| (904..=1144).contains(count)), "{counts:?}");
}

/// Correlation of the study of a path with a number of it.
fn tie(sets: &[&str], address: &str) -> f64 {
    let scenario = scenario("managed_adjustment", sets);
    let found = paths(&scenario, 2048);
    let column = |address: &str| -> Vec<f64> {
        let place = scenario.quantities.iter().position(|known| known.address == address).unwrap();
        let draws = |block: &ustress::model::Block| {
            block.draws[place * block.paths..][..block.paths].to_vec()
        };
        found.blocks.iter().flat_map(draws).collect()
    };
    let (a, b) = (column("impact.study"), column(address));
    let ((ma, _), (mb, _)) = (mean(&a), mean(&b));
    let product = |c: &[f64], mc: f64, d: &[f64], md: f64| -> f64 {
        c.iter().zip(d).map(|(c, d)| (c - mc) * (d - md)).sum()
    };
    product(&a, ma, &b, mb) / (product(&a, ma, &a, ma) * product(&b, mb, &b, mb)).sqrt()
}

#[test]
fn a_mixture_of_eight_that_another_layer_wrote_follows_no_study() {
    let normals: Vec<String> =
        (1..=8).map(|part| format!("{{ normal = {{ mean = {part}0, sd = 1 }} }}")).collect();
    let eight = format!(
        "impact.half_life_days={{ mixture = {{ parts = [{}], weights = [1, 1, 1, 1, 1, 1, 1, 1] }} }}",
        normals.join(", ")
    );
    let sets = ["impact.prior=studies", "horizon=1d", &eight];
    // 2048 paths: four standard errors of a correlation of 0 are 0.09.
    let free = tie(&sets, "impact.half_life_days");
    assert!(free.abs() < 0.09, "{free}");
    // The prior's own numbers still follow: R_T and the half-life are largest in the first three studies.
    let tied = tie(&sets, "impact.transitory_bp_per_100bn");
    let again = tie(&sets[..2], "impact.half_life_days");
    assert!(tied < -0.2 && again < -0.2, "{tied} {again}");
    let text = ustress::scenario::show(
        &scenario("managed_adjustment", &sets[..2]),
        &ustress::model::CATALOGUE,
    );
    let shown = scenario(&text, &[]);
    let by_prior = shown.quantities.iter().filter(|known| known.by_prior).count();
    assert_eq!(by_prior, 5, "a scenario shown and read again is tied as before");
}

/// Values of a number of the impact on 2,048 paths.
fn drawn(sets: &[&str], key: &str) -> Vec<f64> {
    let scenario = scenario("managed_adjustment", sets);
    let address = format!("impact.{key}");
    let place = scenario.quantities.iter().position(|known| known.address == address).unwrap();
    let found = paths(&scenario, 2048);
    let draws =
        |block: &ustress::model::Block| block.draws[place * block.paths..][..block.paths].to_vec();
    found.blocks.iter().flat_map(draws).collect()
}

#[test]
fn a_known_study_is_the_one_that_every_number_follows() {
    let studies = ["impact.prior=studies", "horizon=1d"];
    // The second is Martin: R_T about 7.2, no lasting effect, 250 days.
    let martin = [&studies[..], &["impact.study=2"]].concat();
    assert!(drawn(&martin, "half_life_days").iter().all(|days| *days == 250.0));
    assert!(drawn(&martin, "lasting_bp_per_100bn").iter().all(|bp| *bp == 0.0));
    let mut month = drawn(&martin, "transitory_bp_per_100bn");
    month.sort_by(f64::total_cmp);
    // The median of a lognormal with sigma 0.4 on 2,048 paths: four errors are 4.4%.
    assert!((month[1024] / 7.2 - 1.0).abs() < 0.045, "{}", month[1024]);
    // Some of them, unevenly: only their numbers, in their shares.
    let two = "impact.study={ discrete = { values = [1, 7], weights = [3, 1] } }";
    let some = [&studies[..], &[two]].concat();
    let (study, days) = (drawn(&some, "study"), drawn(&some, "half_life_days"));
    for (study, days) in study.iter().zip(&days) {
        assert_eq!(*days, if *study == 1.0 { 60.0 } else { 2.0 }, "{study}");
    }
    let first = study.iter().filter(|study| **study == 1.0).count();
    // 3/4 of 2,048: four errors are 78.
    assert!(first.abs_diff(1536) < 78, "{first}");
    // A number that the user sets himself follows none of them.
    let own = [&some[..], &["impact.half_life_days={ uniform = { low = 5, high = 6 } }"]].concat();
    assert!(drawn(&own, "half_life_days").iter().all(|days| (5.0..=6.0).contains(days)));
}

#[test]
fn what_is_no_study_is_refused_where_numbers_follow_it() {
    for bad in [
        "0",
        "2.5",
        "{ uniform = { low = 1, high = 8 } }",
        "{ discrete = { values = [0, 1], weights = [1, 1] } }",
    ] {
        let sets = ["impact.prior=studies".to_owned(), format!("impact.study={bad}")];
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        let error = ustress::model::Plan::new(&scenario("managed_adjustment", &sets)).unwrap_err();
        let said = error.to_string();
        for needle in ["impact.study", "a whole number from 1 to 8", "beltran2013", "`studies`"] {
            assert!(said.contains(needle), "{bad}: {said}");
        }
    }
    // Under a prior of one study nothing follows it.
    ustress::model::Plan::new(&scenario("managed_adjustment", &["impact.study=3"])).unwrap();
}

/// What a study measured: USD tn of the market then, USD bn sold, low and high effect in bp, and whether a month's flow.
const OWN: [(&str, f64, f64, f64, f64, bool); 13] = [
    ("beltran2013", 4.5, 100.0, 18.0, 22.0, false),
    ("beltran2013", 4.5, 100.0, 30.0, 45.0, true), // 40 to 60 on the 5-year, times 21/28
    ("martin2015", 10.0, 100.0, 20.0, 22.0, true),
    ("ahmed_rebucci", 10.0, 100.0, 95.0, 105.0, true),
    ("warnock2006", 4.17, 300.0, 85.0, 95.0, false),
    ("arslanalp_poghosyan", 10.0, 100.0, 6.0, 10.0, false),
    ("csonto_tovar", 13.4, 134.0, 2.0, 2.4, false),
    ("andritzky2012", 10.0, 100.0, 2.5, 4.0, false),
    ("chaudhary2024", 27.0, 270.0 * 0.78, 9.5, 10.5, false), // 1% of notes and bonds
    ("damico_king", 6.9, 300.0, 30.0, 50.0, false),
    ("gagnon2011", 7.7, 175.0, 5.0, 10.0, false), // a tenth of it: the Ministry does not own so much
    ("bonis_ihrig_wei", 14.43, 420.0, 8.5, 10.0, false),
    ("kcfed2025", 29.0, 141.0, 53.0, 61.0, true), // not scaled by the market
];

#[test]
fn each_study_gives_its_own_number_back_at_its_own_market() {
    for (name, market_tn, sold, low, high, month) in OWN {
        let set = format!("impact.prior={name}");
        let known = run::scenario("managed_adjustment", &[&set]);
        let median = |key: &str| {
            let address = format!("impact.{key}");
            let found = known.quantities.iter().find(|known| known.address == address);
            found.unwrap().marginal.quantile(0.5).to_string()
        };
        // Through the model: even sales in a month, at the market of the time, at s = 0, without strain on dealers.
        let body = format!(
            "[impact]\nprior = \"{name}\"\ngdp_scaling = 0\nmarket_usd_tn = {market_tn}\nissuance_usd_bn_per_year = 0\n\
             stress_slope = 0\ntransitory_most_bp = 1000000\ntransitory_bp_per_100bn = {}\nlasting_bp_per_100bn = {}\n{LOUD}\n[[event]]\nday = 1\n\
             official_sale = {{ amount_usd_bn = {sold}, over_days = 21 }}\n",
            median("transitory_bp_per_100bn"),
            median("lasting_bp_per_100bn"),
        );
        let text =
            run::still(&body).replace("title = \"Still\"", "title = \"Own\"\nhorizon = \"5y\"");
        let found = paths(&scenario(&text, &[]), 64);
        // A lasting effect is what stands when the transitory one has gone; a half-life of 250 days never has.
        let horizon = if month { "1m" } else { "end" };
        let (effect, _) = mean(&found.metric("impact_10y_bp", horizon));
        assert!((low..=high).contains(&effect), "{name}: {effect}, its own {low} to {high}");
        // The broken twin: at today's market it is another number.
        let twin = effect * market_tn / 60.0;
        assert!(!(low..=high).contains(&twin), "{name}: {twin}");
    }
}

/// Predictive law of the lasting effect by an independent calculation: studies, s, quantiles where known, sd of ln, mean s.
type Reference = (&'static str, &'static str, [f64; 5], f64, Option<f64>);
const REFERENCES: [Reference; 7] = [
    ("17", "0", [0.54, 1.06, 1.64, 2.54, 4.98], 0.68, None),
    ("18", "0", [0.58, 1.16, 1.81, 2.80, 5.50], 0.69, None),
    ("18", "0.5", [0.66, 1.47, 2.46, 4.10, 8.89], 0.80, None),
    ("18", "1", [0.71, 1.73, 3.04, 5.33, 12.4], 0.87, None),
    ("18", "uniform", [0.61, 1.28, 2.05, 3.31, 7.0], 0.75, Some(0.21)),
    ("7", "uniform", [0.81, 1.73, 2.76, 4.47, 10.1], 0.77, Some(0.37)),
    ("18", "beta(1, 2)", [0.61, 1.25, 2.00, 3.19, 6.6], 0.73, Some(0.16)),
];

#[test]
fn the_studies_together_predict_what_an_independent_calculation_does() {
    let (code, said, errors) = answer(std::path::Path::new("."), &["priors", "--derive", "--csv"]);
    assert_eq!(code, Some(0), "{errors}");
    let mut reader = csv::Reader::from_reader(said.as_bytes());
    let heads = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cell = |row: &csv::StringRecord, name: &str| {
        row[heads.iter().position(|head| head == name).unwrap()].to_owned()
    };
    let number = |row: &csv::StringRecord, name: &str| cell(row, name).parse::<f64>().unwrap();
    for (studies, scaling, quantiles, sd, mean_s) in REFERENCES {
        let fitted = |row: &&csv::StringRecord| {
            cell(row, "what") == "lasting"
                && cell(row, "studies") == studies
                && cell(row, "s").trim_end_matches(".0") == scaling
                && !cell(row, "case").starts_with("shipped")
        };
        let row = rows.iter().find(fitted).unwrap();
        for (name, want) in ["p5", "p25", "p50", "p75", "p95"].into_iter().zip(quantiles) {
            let value = number(row, name);
            assert!(
                (value / want - 1.0).abs() < 0.03,
                "{studies} {scaling} {name}: {value} {want}"
            );
        }
        let value = number(row, "sd_ln");
        assert!((value / sd - 1.0).abs() < 0.03, "{studies} {scaling}: {value} {sd}");
        if let Some(want) = mean_s {
            let value = number(row, "mean_s");
            assert!((value - want).abs() < 0.01, "{studies} {scaling}: {value} {want}");
        }
    }
    // What ships is what eighteen studies predict at s = 0.
    let of = |case: &str, s: &str| {
        rows.iter().find(|row| cell(row, "case") == case && cell(row, "s") == s).unwrap()
    };
    let (fit, shipped) = (of("fit", "0.0"), of("shipped, s another", "0.0"));
    for (name, within) in [("p50", 0.01), ("sd_ln", 0.01), ("p5", 0.04), ("p95", 0.04)] {
        let ratio = number(shipped, name) / number(fit, name);
        assert!((ratio - 1.0).abs() < within, "{name}: {ratio}");
    }
    let month = rows.iter().find(|row| cell(row, "what") == "month").unwrap();
    for (name, want) in [("p5", 3.2), ("p25", 5.2), ("p50", 6.4), ("p75", 8.0), ("p95", 13.2)] {
        assert!((number(month, name) / want - 1.0).abs() < 0.03, "{name}");
    }
    let (_, screen, _) = answer(std::path::Path::new("."), &["priors", "--derive"]);
    assert!(screen.lines().all(|line| line.chars().count() <= 140), "{screen}");
}

#[test]
fn a_month_of_sales_leaves_its_response_and_a_day_more_of_it() {
    let after = |days: u32, half_life: f64| {
        let body = format!(
            "[impact]\ntransitory_bp_per_100bn = 4\nlasting_bp_per_100bn = 0\nhalf_life_days = {half_life}\ngdp_scaling = 0\n\
             market_usd_tn = 29\nissuance_usd_bn_per_year = 0\nstress_slope = 0\ntransitory_most_bp = 1000000\n{LOUD}\n\
             [[event]]\nday = 1\nofficial_sale = {{ amount_usd_bn = 100, over_days = {days} }}\n",
        );
        let text = run::still(&body)
            .replace("title = \"Still\"", &format!("title = \"Month\"\nhorizon = \"{days}d\""));
        mean(&paths(&scenario(&text, &[]), 64).metric("impact_10y_bp", "end")).0
    };
    for half_life in [5.0, 20.0, 250.0] {
        let month = after(21, half_life);
        assert!((month - 4.0).abs() < 1e-9, "{half_life}: {month}");
    }
    // Shares of a day's effect that stand after a month of even sales, by hand: 0.3478, 0.7228.
    assert!((after(1, 5.0) - 4.0 / 0.347_843).abs() < 1e-4);
    assert!((after(1, 20.0) - 4.0 / 0.722_781).abs() < 1e-4);
    // No half-life counts as shorter than five days: a day's effect stays, the month's falls short.
    assert!((after(1, 2.0) - after(1, 5.0)).abs() < 1e-9);
    assert!(after(21, 2.0) < 2.0);
}

#[test]
fn capacity_that_grew_with_gdp_only_scales_the_impact() {
    let at_end = |sets: &[&str]| {
        let tally = tally(&scenario(&product(), sets), 2048);
        let cell = tally.cell(tally.horizon("end").unwrap(), IMPACT_10Y);
        cell.moments.mean(&tally.measure(IMPACT_10Y).quantiser)
    };
    let market = at_end(&[]);
    let gdp = at_end(&["impact.gdp_scaling=1", "impact.gdp_ratio=3"]);
    let between = at_end(&["impact.gdp_scaling=0.5", "impact.gdp_ratio=3"]);
    assert!((gdp / market - 3.0).abs() < 1e-6, "{gdp} {market}");
    assert!((between / market - 2.0).abs() < 1e-6, "{between} {market}");
    // Drawn: the mean of beta(1, 2) is 1/3, its effect independent of the elasticity's.
    let drawn = at_end(&["impact.gdp_scaling={ beta = { a = 1, b = 2 } }", "impact.gdp_ratio=3"]);
    assert!((drawn / market - 1.0 - 2.0 / 3.0).abs() < 0.05, "{drawn} {market}");
    assert_eq!(market, at_end(&["impact.gdp_ratio=7"]), "the switch is off");
}

#[test]
fn the_command_lists_them() {
    let ask = |arguments: &[&str]| {
        let (code, said, errors) = answer(std::path::Path::new("."), arguments);
        assert_eq!(code, Some(0), "{errors}");
        said
    };
    let (table, csv) = (ask(&["priors"]), ask(&["priors", "--csv"]));
    for prior in PRIORS {
        assert!(table.contains(prior.name) && csv.contains(prior.name), "{}", prior.name);
    }
    assert!(table.lines().all(|line| line.chars().count() <= 140), "{table}");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.headers().unwrap().len(), 9 + 5 * 3);
    assert!(reader.records().all(|row| row.is_ok()));
}

#[test]
fn a_prior_measured_on_another_tenor_says_so_on_the_screen() {
    let home = tempfile::tempdir().unwrap();
    let page = |prior: &str| {
        let set = format!("impact.prior={prior}");
        let asked =
            ["run", "sustained_shift", "boj_pause", "--set", &set, "--paths", "128", "--quiet"];
        let (code, page, errors) = answer(home.path(), &asked);
        assert_eq!(code, Some(0), "{errors}");
        page
    };
    let other = page("beltran2013");
    assert!(other.contains("note: the prior beltran2013 was measured on the 5y"), "{other}");
    assert_eq!(other.matches("measured on the 5y").count(), 1, "once for all: {other}");
    assert!(!page("warnock2006").contains("measured on"));
}
