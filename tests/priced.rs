//! What markets price of the central banks' meetings, found a second time: the BOJ's by following every sequence of
//! meetings, the Fed's by simulating its meetings on random walks of equities.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // the platform's functions judge ours

#[path = "common/run.rs"]
mod run;

use rand::{RngExt as _, SeedableRng as _};
use rand_distr::{Distribution as _, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;
use run::scenario;
use ustress::model::{CATALOGUE, Plan};
use ustress::num::normal_quantile;

fn plan(text: &str, sets: &[&str]) -> Plan {
    Plan::new(&scenario(text, sets)).unwrap()
}

/// The value of a number that is the same on every path.
fn value(plan: &Plan, key: &str) -> f64 {
    let mut known = CATALOGUE.declarations();
    let place = known.position(|known| format!("{}.{}", known.table, known.name) == key);
    plan.values[place.expect(key)]
}

/// What is priced of the moves at a bank's meetings, in their order: 0 the BOJ, 1 the Fed.
fn priced(plan: &Plan, bank: usize) -> Vec<f64> {
    let meetings = [&plan.calendar.boj_meeting, &plan.calendar.fomc_meeting][bank];
    let steps = plan.priced_bp[bank].iter().zip(meetings).filter(|(_, meets)| **meets);
    steps.map(|(priced, _)| *priced).collect()
}

/// A lottery of the BOJ: odds of a hike and a cut, meetings between moves, the share of open gates.
#[derive(Clone, Copy)]
struct Boj {
    hike: f64,
    cut: f64,
    gap: usize,
    open: f64,
}

impl Boj {
    /// Follows all that can happen from here on: `weight` the chance of being here, `since` meetings since the last move, the
    /// rate and the terminal one in %; adds up the mean move of each meeting in bp.
    fn follow(self, weight: f64, since: usize, rate: f64, terminal: f64, means: &mut [f64]) {
        let Some((mean, later)) = means.split_first_mut() else { return };
        let free = since + 1 >= self.gap;
        let room = rate + 0.25 <= terminal + 0.125 + 1e-9;
        let up = if free && room { self.hike * self.open } else { 0.0 };
        let down = if free { self.cut.min(1.0 - up) } else { 0.0 };
        *mean += 25.0 * weight * (up - down);
        if up > 0.0 {
            self.follow(weight * up, 0, rate + 0.25, terminal, later);
        }
        if down > 0.0 {
            self.follow(weight * down, 0, rate - 0.25, terminal, later);
        }
        self.follow(weight * (1.0 - up - down), since + 1, rate, terminal, later);
    }

    /// Over a hundred terminal rates, those of equal room followed once.
    fn means(self, rate: f64, since: usize, law: (f64, f64), meetings: usize) -> Vec<f64> {
        let mut means = vec![0.0; meetings];
        let mut same: Vec<(f64, f64)> = Vec::new();
        for place in 0..100 {
            let terminal = law.0 + law.1 * normal_quantile((f64::from(place) + 0.5) / 100.0);
            // Only whole steps matter.
            let step =
                ((terminal + 0.125 - rate) / 0.25 + 1e-9).floor() * 0.25 + rate - 0.125 + 0.01;
            match same.iter_mut().find(|(known, _)| *known == step) {
                Some((_, weight)) => *weight += 0.01,
                None => same.push((step, 0.01)),
            }
        }
        for (terminal, weight) in same {
            self.follow(weight, since, rate, terminal, &mut means);
        }
        means
    }

    /// The odds at which the first eight meetings add up to `wanted` bp, by halving.
    fn solved(self, rate: f64, since: usize, law: (f64, f64), wanted: f64) -> Boj {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..45 {
            let hike = 0.5 * (low + high);
            let sum: f64 = Boj { hike, ..self }.means(rate, since, law, 8).iter().sum();
            if sum < wanted { low = hike } else { high = hike }
        }
        Boj { hike: 0.5 * (low + high), ..self }
    }
}

/// The market's lottery of the baseline.
const MARKET: Boj = Boj { hike: 0.0, cut: 0.02, gap: 2, open: 0.98 };

/// Compares ten meetings of a plan with the lottery; gives what is priced.
fn agrees(plan: &Plan, law: (f64, f64)) -> Vec<f64> {
    let rate = value(plan, "boj.policy_rate_pct");
    let since = value(plan, "boj.meetings_since_move") as usize;
    let wanted = 100.0 * (value(plan, "boj.priced_12m_pct") - rate);
    let market = MARKET.solved(rate, since, law, wanted);
    let means = market.means(rate, since, law, 10);
    let path = priced(plan, 0);
    println!("odds {:.4}: {:.2?}", market.hike, &path[..8]);
    for (meeting, (own, brute)) in path.iter().zip(&means).enumerate() {
        assert!((own - brute).abs() < 0.05, "meeting {meeting}: {own}, {brute}");
    }
    path
}

#[test]
fn the_path_priced_of_the_boj_is_that_of_every_sequence_of_meetings() {
    let horizon = "title = \"Market\"\nhorizon = \"2y\"\n";
    let market = agrees(&plan(horizon, &[]), (1.75, 0.4));
    let year: f64 = market[..8].iter().sum();
    assert!((year - 50.0).abs() < 1e-6 && market[0] == 0.0 && market[1] > market[2], "{market:?}");
    // What the Bank does is not what is priced; the level, the year's path, the end and the last move are.
    let does = [
        "boj.hike_probability=0.5",
        "boj.terminal_rate_pct=1.25",
        "boj.meetings_between_moves=4",
        "boj.cut_probability=0.3",
    ];
    assert_eq!(agrees(&plan(horizon, &does), (1.75, 0.4)), market);
    for (set, shift) in [
        ("boj.priced_12m_pct=1.3", 0.0),
        ("boj.priced_terminal_pct=2.25", 0.5),
        ("boj.meetings_since_move=3", 0.0),
        ("boj.policy_rate_pct=1.25", 0.0),
    ] {
        assert_ne!(agrees(&plan(horizon, &[set]), (1.75 + shift, 0.4)), market, "{set}");
    }
    // Not in a year with eight meetings: the nearest odds count, and their own path.
    let far = agrees(&plan(horizon, &["boj.priced_12m_pct=4"]), (1.75, 0.4));
    assert!(far[..8].iter().sum::<f64>() < 100.0);
    let sure = plan(horizon, &[]);
    let odds = MARKET.solved(1.0, 0, (1.75, 0.4), 50.0).hike;
    assert!((value(&sure, "boj.hike_probability") - odds).abs() < 1e-6, "{odds}");
    let closed = plan(horizon, &["boj.gate_closed_share=0.2"]);
    assert!(
        value(&closed, "boj.hike_probability") > 1.2 * odds,
        "more is needed where fewer are open"
    );
}

/// Mean moves of the Fed's meetings on `paths` simulated paths, bp: regimes −1, 0, 1, meetings on their own days, and
/// equities that walk by the day.
fn simulated(plan: &Plan, hike: f64, meetings: usize, paths: usize) -> Vec<f64> {
    let at = |key: &str| value(plan, &format!("fed.{key}"));
    let [hike_hiking, cut_cutting] = ["hike_probability_hiking", "cut_probability_cutting"].map(at);
    let [cut, to_hold, to_hiking] =
        ["cut_probability", "to_hold_probability", "to_hiking_probability"].map(at);
    let cutting = ["to_cutting_probability", "to_cutting_stress_probability"].map(at);
    let [loss, start, level] = ["stress_loss_pct", "regime", "policy_rate_pct"].map(at);
    let days: Vec<usize> =
        (0..plan.steps).filter(|step| plan.calendar.fomc_meeting[*step]).take(meetings).collect();
    let noise = value(plan, "equity.noise_pct");
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
    let mut sums = vec![0.0; days.len()];
    for _ in 0..paths {
        let (mut regime, mut rate, mut index, mut last) = (start, level, 0.0, 0);
        for (sum, day) in sums.iter_mut().zip(&days) {
            let z: f64 = StandardNormal.sample(&mut rng);
            index += noise * ((day - last) as f64).sqrt() * z;
            last = *day;
            let (u, v): (f64, f64) = (rng.random(), rng.random());
            let (up, down) = match regime {
                r if r > 0.5 => (hike_hiking, 0.0),
                r if r < -0.5 => (0.0, cut_cutting),
                _ => (hike, cut),
            };
            let moved = if u < up {
                25.0
            } else if u >= 1.0 - down && rate >= 0.25 {
                -25.0
            } else {
                0.0
            };
            *sum += moved;
            rate += moved / 100.0;
            let stress = index <= -loss;
            let leaves = cutting[usize::from(stress)];
            regime = match regime {
                0.0 if v >= 1.0 - leaves => -1.0,
                0.0 if v < to_hiking => 1.0,
                0.0 => 0.0,
                _ if v < to_hold => 0.0,
                other => other,
            };
        }
    }
    sums.iter().map(|sum| sum / paths as f64).collect()
}

#[test]
fn the_path_priced_of_the_fed_is_that_of_simulated_meetings() {
    let horizon = "title = \"Market\"\nhorizon = \"15m\"\n";
    for sets in
        [&[][..], &["fed.priced_12m_bp=-20"], &["fed.regime=1"], &["fed.policy_rate_pct=0.5"]]
    {
        let plan = plan(horizon, sets);
        let path = priced(&plan, 1);
        let means = simulated(&plan, value(&plan, "fed.hike_probability"), 9, 400_000);
        println!("{sets:?}: priced {path:.2?}, simulated {means:.2?}");
        for (meeting, (own, brute)) in path.iter().zip(&means).enumerate() {
            assert!((own - brute).abs() < 1.0, "{sets:?}, meeting {meeting}: {own}, {brute}");
        }
        let year: f64 = means[..8].iter().sum();
        let own: f64 = path[..8].iter().sum();
        assert!((year - own).abs() < 2.5, "{sets:?}: {own}, {year} in a year");
    }
    let usual = plan(horizon, &[]);
    let year: f64 = priced(&usual, 1)[..8].iter().sum();
    assert!((year - 40.0).abs() < 1e-6, "{year}");
    let does = plan(horizon, &["fed.hike_probability=0.5", "fed.to_hiking_probability=0.4"]);
    assert_eq!(priced(&does, 1), priced(&usual, 1), "what the Fed does is not what is priced");
}

#[test]
fn a_number_changed_later_is_priced_as_if_it_had_been_written() {
    let written = scenario("managed_adjustment", &["boj.priced_12m_pct=1.0"]);
    let mut changed = scenario("managed_adjustment", &[]);
    let before = changed.priced.clone();
    let place = changed.quantities.iter().position(|own| own.address == "boj.priced_12m_pct");
    changed.quantities[place.unwrap()].marginal = ustress::num::Marginal::fixed(1.0);
    changed.reprice(&ustress::model::CATALOGUE);
    assert_ne!(before, changed.priced);
    assert_eq!(changed.priced, written.priced);
    let odds = |of: &ustress::scenario::Scenario| {
        let found = of.quantities.iter().find(|own| own.address == "boj.hike_probability");
        found.unwrap().marginal.constant()
    };
    assert_eq!(odds(&changed), odds(&written));
}
