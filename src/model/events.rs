//! Events: what the scenario says happens, on which days, on each path.
//!
//! An event happens on a path when its uniform draw is below its probability. Its day is rounded to a step; a day
//! beyond
//! the end never comes. Something that lasts is spread evenly over its days, a change in % evenly in logs (ln(1 +
//! x)); what
//! would run past the end is cut.
//!
//! Known weakness: what is dated happens whatever the path has brought, and events do not cause each other unless a
//! channel does.

pub use super::event_kinds::KINDS;
use crate::num::lanes::*;
use crate::num::rng::{PathKeys, name_hash};
use crate::scenario::{Event, FieldKind, QuantityId};

/// Kinds of events, in the order of [`KINDS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    OfficialSale,
    Threat,
    YenJump,
    JgbShock,
    BojMove,
    FedMove,
    OilShock,
    EquityShock,
    DealerStress,
    IssuanceSurprise,
    OtherHolderSale,
    FedPurchases,
    Intervention,
    CoordinatedIntervention,
}

/// What becomes of the dollars of a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proceeds {
    /// They stay dollars of the seller.
    Kept,
    /// They are spent abroad.
    Spent,
    /// They are turned into yen.
    Home,
}

/// The kinds, by position in [`KINDS`].
const BY_POSITION: [Kind; 14] = [
    Kind::OfficialSale,
    Kind::Threat,
    Kind::YenJump,
    Kind::JgbShock,
    Kind::BojMove,
    Kind::FedMove,
    Kind::OilShock,
    Kind::EquityShock,
    Kind::DealerStress,
    Kind::IssuanceSurprise,
    Kind::OtherHolderSale,
    Kind::FedPurchases,
    Kind::Intervention,
    Kind::CoordinatedIntervention,
];

/// An event, the same on every path but for its numbers.
#[derive(Debug, Clone)]
pub struct EventPlan {
    /// What kind it is.
    pub kind: Kind,
    /// Its name, or its number from 1.
    pub name: String,
    /// Quantity of its day, of its probability, and of its numbers.
    pub day: QuantityId,
    /// Probability that it happens.
    pub probability: QuantityId,
    /// Its numbers, in the kind's order.
    pub numbers: Vec<QuantityId>,
    /// Which of the numbers says how many days it lasts.
    pub duration: Option<usize>,
    /// Index of its word among the words that its kind allows: cohort, origin, holder.
    pub word: Option<usize>,
    /// What a sale says of its proceeds.
    pub proceeds: Option<Proceeds>,
    /// Whether a sale's duration was written.
    pub duration_written: bool,
    /// Whether a sale is announced.
    pub announced: bool,
    /// Hash of its name, for the draw that decides whether it happens.
    pub draw: u64,
}

impl EventPlan {
    /// Whether the event happens on a path where its probability is this: what a run of this seed draws.
    pub fn happens(&self, seed: u64, path: u64, probability: f64) -> bool {
        PathKeys::new(seed, path).uniform(0, self.draw) < probability
    }

    /// The `index`-th event of a scenario, with its kind and words looked up.
    pub fn new((index, event): (usize, &Event)) -> Self {
        let position = KINDS.iter().position(|kind| kind.name == event.kind).unwrap_or(0);
        let fields = KINDS[position].fields;
        let number = |name: &str| {
            fields
                .iter()
                .filter(|field| matches!(field.kind, FieldKind::Number { .. }))
                .position(|field| field.name == name)
        };
        let written = |name: &str| {
            number(name).is_some_and(|index| event.written.get(index).copied().unwrap_or(false))
        };
        let mut words = fields.iter().filter_map(|field| match field.kind {
            FieldKind::Word(words) => Some(words),
            _ => None,
        });
        let words = words.next();
        let word = event.words.first().copied().flatten();
        let proceeds = event.words.get(1).copied().flatten().and_then(|word| match word {
            "kept" => Some(Proceeds::Kept),
            "spent" => Some(Proceeds::Spent),
            "home" => Some(Proceeds::Home),
            _ => None,
        });
        let name = event.name.clone().unwrap_or_else(|| (index + 1).to_string());
        EventPlan {
            kind: BY_POSITION[position],
            day: event.day,
            probability: event.probability,
            numbers: event.numbers.clone(),
            duration: number("over_days").or_else(|| number("days")),
            word: word.and_then(|word| words?.iter().position(|known| *known == word)),
            proceeds,
            duration_written: written("duration_years"),
            announced: written("announced_days"),
            draw: name_hash(&format!("event.{name}.happens")),
            name,
        }
    }
}

/// An event on eight paths.
#[derive(Debug, Clone, Copy)]
pub struct State<S: Simd> {
    /// First step, 0 where it does not happen.
    pub start: Lane<S>,
    /// Number of steps.
    pub days: Lane<S>,
    /// The numbers of the kind, in its order.
    pub numbers: [Lane<S>; 4],
    /// First and last step on which it is active on any of the paths.
    span: (f64, f64),
}

/// What happens today by events, other than sales of Japan's Treasuries and threats.
#[derive(Debug, Clone, Copy)]
pub struct Today<S: Simd> {
    /// Log change of spot.
    pub yen_log: Lane<S>,
    /// Fiscal shock to the JGB 10-year, bp.
    pub jgb_bp: Lane<S>,
    /// BOJ's move and its priced part, bp.
    pub boj: [Lane<S>; 2],
    /// Fed's move and its priced part, bp.
    pub fed: [Lane<S>; 2],
    /// Rise of oil, %.
    pub oil_pct: Lane<S>,
    /// Log change of equities by origin yen, us, global.
    pub equity_log: [Lane<S>; 3],
    /// Dealer stress that begins: multiplier, days.
    pub stress: [Lane<S>; 2],
    /// Abnormal issuance, USD bn.
    pub issuance: Lane<S>,
    /// Sales of other holders, USD bn.
    pub others: Lane<S>,
    /// Purchases of the Fed, USD bn.
    pub fed_purchases: Lane<S>,
    /// Dollars sold by the Ministry alone (bought when negative), USD bn.
    pub intervention: Lane<S>,
    /// Dollars sold by both sides of a coordinated intervention, USD bn.
    pub coordinated: Lane<S>,
    /// Number of either of them, of an amount other than zero, that begin.
    pub intervention_begins: Lane<S>,
}

impl<S: Simd> State<S> {
    /// The event on these paths: its day, where it happens at all, and its numbers.
    #[inline(always)]
    pub fn new(
        simd: S,
        plan: &EventPlan,
        day: Lane<S>,
        happens: Mask<S>,
        numbers: [Lane<S>; 4],
    ) -> Self {
        let one = splat(simd, 1.0);
        let start = keep(happens, day.round_ties_even().max(one));
        let days = match plan.duration {
            Some(index) => numbers[index].round_ties_even().max(one),
            None => one,
        };
        let (mut starts, mut lengths) = ([0.0; crate::num::LANES], [0.0; crate::num::LANES]);
        start.store_slice(&mut starts);
        days.store_slice(&mut lengths);
        let mut span = (f64::INFINITY, 0.0_f64);
        for (start, days) in starts.iter().zip(lengths) {
            if *start > 0.0 {
                span = (span.0.min(*start), span.1.max(start + days - 1.0));
            }
        }
        State { start, days, numbers, span }
    }

    /// Whether it is active today on any of the paths.
    #[inline(always)]
    pub fn is_on(&self, step: f64) -> bool {
        self.span.0 <= step && step <= self.span.1
    }

    /// Whether it begins at this step or earlier on any of the paths.
    #[inline(always)]
    pub fn has_begun(&self, step: f64) -> bool {
        self.span.0 <= step
    }

    /// 1 / days where it is active today, else 0.
    #[inline(always)]
    pub fn part(&self, step: f64) -> Lane<S> {
        let s = self.start.simd;
        let now = splat(s, step);
        let on = self.start.simd_le(now)
            & now.simd_lt(self.start + self.days)
            & self.start.simd_gt(splat(s, 0.0));
        keep(on, splat(s, 1.0) / self.days)
    }
}

/// Adds up what happens today.
#[inline(always)]
pub fn today<S: Simd>(simd: S, plans: &[EventPlan], events: &[State<S>], step: usize) -> Today<S> {
    let zero = splat(simd, 0.0);
    let now = step as f64;
    let mut today = Today {
        yen_log: zero,
        jgb_bp: zero,
        boj: [zero; 2],
        fed: [zero; 2],
        oil_pct: zero,
        equity_log: [zero; 3],
        stress: [zero; 2],
        issuance: zero,
        others: zero,
        fed_purchases: zero,
        intervention: zero,
        coordinated: zero,
        intervention_begins: zero,
    };
    for (plan, event) in plans.iter().zip(events) {
        if event.is_on(now) {
            today.add(plan, event, now);
        }
    }
    today
}

impl<S: Simd> Today<S> {
    /// Adds an event that is active today.
    #[inline(always)]
    fn add(&mut self, plan: &EventPlan, event: &State<S>, now: f64) {
        let part = event.part(now);
        let begins = flag(part.simd, event.start.simd_eq(splat(part.simd, now)));
        let [a, b, ..] = event.numbers;
        match plan.kind {
            Kind::OfficialSale | Kind::Threat => {}
            Kind::YenJump => self.yen_log += log_change(a) * part,
            Kind::JgbShock => self.jgb_bp += a * part,
            Kind::BojMove => {
                self.boj = [self.boj[0] + a * begins, self.boj[1] + b * begins];
            }
            Kind::FedMove => {
                self.fed = [self.fed[0] + a * begins, self.fed[1] + b * begins];
            }
            Kind::OilShock => self.oil_pct += a * begins,
            Kind::EquityShock => {
                let origin = &mut self.equity_log[plan.word.unwrap_or(0)];
                *origin += log_change(a) * part;
            }
            Kind::DealerStress => {
                self.stress = [self.stress[0].max(a * begins), self.stress[1].max(b * begins)];
            }
            Kind::IssuanceSurprise => self.issuance += a * part,
            Kind::OtherHolderSale => self.others += a * part,
            Kind::FedPurchases => self.fed_purchases += a * part,
            Kind::Intervention => {
                self.intervention += a * part;
                self.intervention_begins += begins * differs_from_zero(a);
            }
            Kind::CoordinatedIntervention => {
                self.coordinated += a * part;
                self.intervention_begins += begins * differs_from_zero(a);
            }
        }
    }
}

/// 1 where the amount is not zero, else 0.
#[inline(always)]
fn differs_from_zero<S: Simd>(amount: Lane<S>) -> Lane<S> {
    let zero = splat(amount.simd, 0.0);
    flag(amount.simd, amount.simd_lt(zero) | amount.simd_gt(zero))
}

/// A change in % as a log change.
#[inline(always)]
fn log_change<S: Simd>(pct: Lane<S>) -> Lane<S> {
    ln(pct * 0.01 + 1.0)
}
