//! The named elasticities: each with its study, the mixture over studies, the switch from market to GDP scaling.
#![allow(clippy::unwrap_used)]

#[path = "common/command.rs"]
mod command;
#[path = "common/run.rs"]
mod run;

use command::answer;
use run::{paths, product, scenario, tally};
use ustress::model::{DRAWN, IMPACT_10Y, PRIORS, STUDIES, study};

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
    let known =
        "beltran2013 ahmed_rebucci kaminska_zinna csonto_tovar cahill2013 laubach2009 plante2025";
    assert_eq!(other.join(" "), known);
    assert!(study("nobody").is_none());
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
