//! Dated events against everyday shocks and the record: distances in closed form, what the model makes of a size, what never
//! happens, what the end cuts off.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // the platform's functions judge ours

#[path = "common/run.rs"]
mod run;
#[path = "common/scored.rs"]
mod scored;

use run::{scenario, still};
use scored::{assessed, close, find};
use ustress::plausibility::{PROBABILITIES, Part, Record, flags};

#[test]
fn a_shock_of_three_deviations_lies_three_deviations_away() {
    // 0.54% a day: three standard deviations of four days are 3.24%.
    let text = still(
        "[[event]]\nname = \"yen\"\nday = 1\nyen_jump = { size_pct = -3.24, over_days = 4 }\n",
    );
    let set = ["usdjpy.diffusion_pct=0.54"];
    let found = assessed(&scenario(&text, &set), 256);
    let yen = find(&found, "event.yen.yen_jump.size_pct");
    assert!(close(yen.distance_sd.unwrap(), -3.0), "{yen:?}");
    assert!((yen.chance.unwrap() - 0.0026997960632601866).abs() < 1e-12);
    assert_eq!(yen.standing.as_ref().unwrap().days, 4);
    assert!(yen.flag.is_none());
    // None larger than a third of what the yen rose in 1998, none of 20% in four days.
    let more = assessed(&scenario(&text, &["event.yen.yen_jump.size_pct=-20"]), 256);
    let flag = find(&more, "event.yen.yen_jump.size_pct").flag.clone().unwrap();
    assert!(flag.contains("beyond the record of -13.0 in 4 days (to 1998-10-09)"), "{flag}");
    let none = assessed(&scenario(&text, &["event.yen.yen_jump.size_pct=0"]), 256);
    assert_eq!(find(&none, "event.yen.yen_jump.size_pct").distance_sd, Some(0.0));
}

#[test]
fn shocks_together_are_a_mahalanobis_distance() {
    let text = still(
        "[[event]]\nname = \"yen\"\nday = 3\nyen_jump = { size_pct = -2 }\n\
         [[event]]\nname = \"jgb\"\nday = 3\njgb_shock = { size_bp = 12 }\n\
         [[event]]\nname = \"far\"\nday = 200\njgb_shock = { size_bp = -2 }\n",
    );
    for rho in [-0.3, 0.0, 0.3] {
        let sets = [
            "usdjpy.diffusion_pct=0.5",
            "jgb.jgb_10y_noise_bp=4",
            &format!("shocks.corr_jgb10_usdjpy={rho}"),
        ];
        let found = assessed(&scenario(&text, &sets), 256);
        let together = found.scores.iter().find(|score| score.part == Part::Together).unwrap();
        let (a, b): (f64, f64) = (-4.0, 3.0);
        let square = (a * a - 2.0 * rho * a * b + b * b) / (1.0 - rho * rho);
        assert!(close(together.distance_sd.unwrap(), square.sqrt()), "{rho}: {together:?}");
        assert!(close(together.chance.unwrap(), (-square / 2.0).exp()), "{together:?}");
        assert_eq!((together.days, together.item.as_str()), (Some(1), "usdjpy and jgb10"));
    }
    let alone = still("[[event]]\nday = 3\nyen_jump = { size_pct = -2 }\n");
    let found = assessed(&scenario(&alone, &["usdjpy.diffusion_pct=0.5"]), 256);
    assert!(found.scores.iter().all(|score| score.part != Part::Together));
}

#[test]
fn the_smallest_chance_and_not_the_largest_distance_is_told() {
    let text = still(
        "[[event]]\nname = \"yen\"\nday = 3\nyen_jump = { size_pct = 2 }\n\
         [[event]]\nname = \"jgb\"\nday = 4\njgb_shock = { size_bp = 16 }\n",
    );
    let sets =
        ["usdjpy.diffusion_pct=0.5", "jgb.jgb_10y_noise_bp=4", "shocks.corr_jgb10_usdjpy=-0.05"];
    let found = assessed(&scenario(&text, &sets), 256);
    let together = found.scores.iter().find(|score| score.part == Part::Together).unwrap();
    // Both in two days: D² = (16 + 1.6 + 16) / 0.9975 / 2 = 16.8 has two degrees of freedom, each alone 16 has one.
    assert!(close(together.distance_sd.unwrap(), 4.0), "{together:?}");
    assert!((together.chance.unwrap() - 6.334248366623996e-5).abs() < 1e-12);
    assert_eq!(together.note, "days 3 to 3: event.yen");
}

#[test]
fn a_move_of_a_policy_rate_is_measured_by_the_yield_that_it_moves() {
    let text =
        still("[[event]]\nname = \"fed\"\nday = 1\nfed_move = { size_bp = 25, priced_bp = 20 }\n");
    let sets = ["fed.ust_2y_noise_bp=5", "fed.ust2_per_surprise=0.6"];
    let found = assessed(&scenario(&text, &sets), 256);
    let fed = find(&found, "event.fed.fed_move.size_bp");
    // What was priced does not count: 0.6 (25 - 20) / 5.
    assert!(close(fed.distance_sd.unwrap(), 0.6) && close(fed.values[1], 3.0), "{fed:?}");
    assert_eq!(fed.note, "times fed.ust2_per_surprise, 0.60");
    let text = still("[[event]]\nname = \"boj\"\nday = 1\nboj_move = { size_bp = 50 }\n");
    for (response, flagged) in [("0.5", false), ("1", true)] {
        let set = format!("boj.jgb2_per_surprise={response}");
        let found = assessed(&scenario(&text, &[&set]), 256);
        let boj = find(&found, "event.boj.boj_move.size_bp");
        // 25 or 50 bp; the JGB 2-year rose by 36.5 bp on 16 August 1995.
        assert_eq!(boj.flag.is_some(), flagged, "{boj:?}");
    }
}

#[test]
fn only_japans_share_of_a_joint_intervention_is_set_against_its_record() {
    let sale = |amount: u32| {
        let text = still(&format!(
            "[[event]]\nname = \"joint\"\nday = 1\n\
             coordinated_intervention = {{ amount_usd_bn = {amount}, days = 3 }}\n"
        ));
        let set = ["intervention.coordinated_japan_share=0.5", "channels.intervention=true"];
        let found = assessed(&scenario(&text, &set), 256);
        find(&found, "event.joint.coordinated_intervention.amount_usd_bn").clone()
    };
    // 62.3bn in three days to 1 May 2024.
    assert!(sale(120).flag.is_none() && close(sale(120).values[1], 60.0), "{:?}", sale(120));
    assert!(
        sale(130).flag.unwrap().starts_with("65.0 USD bn in 3 days: beyond the record of 62.3")
    );
}

#[test]
fn what_never_happens_is_not_scored() {
    let sale = |before: &str, day: &str| {
        format!(
            "[[event]]\nname = \"sale\"\n{before}day = {day}\nofficial_sale = {{ amount_usd_bn = 300, over_days = 20 }}\n"
        )
    };
    let item = "event.sale.official_sale.amount_usd_bn";
    let late = "{ uniform = { low = 900, high = 950 } }";
    let cases = [
        (sale("", "1"), "channels.official_sale=true", ""),
        (sale("probability = 0.1\n", "1"), "channels.official_sale=true", "probability 0.10"),
        (sale("probability = 0\n", "1"), "channels.official_sale=true", "probability 0"),
        (sale("", "1"), "channels.official_sale=false", "does nothing: its channel is muted"),
        (sale("", late), "channels.official_sale=true", "after the end of the scenario"),
    ];
    for (place, (event, set, note)) in cases.iter().enumerate() {
        let found = assessed(&scenario(&still(event), &[set]), 256);
        let score = find(&found, item);
        assert_eq!(score.flag.is_some(), place < 2, "{score:?}");
        assert_eq!(score.distance_sd.is_some(), place < 2, "{score:?}");
        assert!(score.note.ends_with(note), "{score:?}");
    }
}

#[test]
fn what_the_end_cuts_off_does_not_count() {
    let text = format!(
        "horizon = \"3m\"\n{}",
        still(
            "[[event]]\nname = \"jgb\"\nday = 56\njgb_shock = { size_bp = 100, over_days = 40 }\n\
             [[event]]\nname = \"fall\"\nday = 54\n\
             equity_shock = { size_pct = -36, over_days = 20, origin = \"us\" }\n"
        )
    );
    let found = assessed(&scenario(&text, &[]), 256);
    // 8 of 40 days of a shock in bp, 10 of 20 days of a fall to 0.64, evenly in logs.
    let jgb = find(&found, "event.jgb.jgb_shock.size_bp");
    assert!(close(jgb.values[1], 20.0) && jgb.days == Some(8), "{jgb:?}");
    assert_eq!(jgb.note, "cut at the end of the scenario");
    let fall = find(&found, "event.fall.equity_shock.size_pct");
    assert!(close(fall.values[1], -20.0) && fall.days == Some(10), "{fall:?}");
}

#[test]
fn the_size_of_an_event_without_a_direction_counts() {
    let text = still(
        "[[event]]\nname = \"yen\"\nday = 1\n\
         yen_jump = { size_pct = { normal = { mean = 0, sd = 10 } }, over_days = 5 }\n\
         [[event]]\nname = \"fall\"\nday = 1\n\
         equity_shock = { size_pct = -4, origin = \"us\" }\n",
    );
    let found = assessed(&scenario(&text, &["usdjpy.diffusion_pct=0.5"]), 256);
    let yen = find(&found, "event.yen.yen_jump.size_pct");
    // Φ(-1.3716814) + Φ(-0.7153614), less what the hard range of -40 to 100% cuts off.
    assert!((yen.shares.unwrap()[0] - 0.322253).abs() < 2e-6, "{yen:?}");
    let flag = yen.flag.as_ref().unwrap();
    assert_eq!(flag, "32% of its distribution beyond the record in 5 days, -13.7 to 7.15 %");
    assert!(flags(&vec![found.clone(); 4], 200).contains("size_pct (32% of its sizes)"));
    assert!(found.scores.iter().all(|score| score.part != Part::Together), "it adds no shock");
}

#[test]
fn the_record_of_interventions_has_no_purchases() {
    let text = still(
        "[[event]]\nname = \"buys\"\nday = 1\nintervention = { amount_usd_bn = -20, over_days = 2 }\n",
    );
    let found = assessed(&scenario(&text, &["channels.intervention=true"]), 256);
    let buys = find(&found, "event.buys.intervention.amount_usd_bn");
    assert!(buys.flag.is_none() && buys.standing.is_none(), "{buys:?}");
    assert_eq!(buys.note, "the record has no purchases");
    // A rise smaller than all on record is not beyond it.
    let mut row = Record::built_in().rows[0].clone();
    for (quantile, probability) in row.quantiles.iter_mut().zip(PROBABILITIES) {
        *quantile = 97.0 + probability;
    }
    assert!(!row.beyond(30.0) && row.beyond(98.5) && row.beyond(-1.0));
}

#[test]
fn a_few_worst_paths_raise_no_flag() {
    // Beyond the record on less than a twentieth of all paths.
    let sets = ["impact.gdp_scaling=0", "event.dump.official_sale.amount_usd_bn=260"];
    let told = |paths: u64| {
        let found = assessed(&scenario("disorderly_dump_contagion", &sets), paths);
        let score = find(&found, "impact_10y_bp at 1m").clone();
        (score.shares.unwrap(), score.flag.is_some())
    };
    let (few, many) = (told(128), told(4096));
    assert!(few.0[0] < 0.05 && few.0[1] >= 0.25 && !few.1, "{few:?}");
    assert!(many.0[0] < 0.05 && many.0[1] >= 0.25 && many.1, "{many:?}");
}

#[test]
fn a_sale_is_set_against_windows_of_about_its_own_length() {
    // 100bn in 32 days: less than 105bn in 42 days, more than the 95.7bn of any 32 (with numpy from the same files).
    let found = assessed(&scenario("treasury_card_played", &[]), 256);
    let sale = find(&found, "event.sale.official_sale.amount_usd_bn");
    assert!((sale.standing.as_ref().unwrap().high.0 - 95.6588).abs() < 1e-3, "{sale:?}");
    let flag = sale.flag.as_ref().unwrap();
    assert!(
        flag.starts_with("100 USD bn in 32 days: beyond the record of 95.7 in 32 days"),
        "{flag}"
    );
}
