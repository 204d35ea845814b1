//! Events on one path.
#![allow(clippy::disallowed_methods, reason = "the platform's functions are the fair comparison")]

use super::flows::threat_decay;
use super::rng::Once;
use ustress::model::{EventPlan, Kind, Plan};

/// An event on a path.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    /// First step and number of steps, where it happens.
    span: Option<(usize, usize)>,
    pub(crate) numbers: [f64; 4],
    pub(crate) progress: f64,
    pub(crate) decay: f64,
}

impl Event {
    fn new(plan: &EventPlan, values: &[f64], luck: f64) -> Self {
        let mut numbers = [0.0; 4];
        for (number, quantity) in numbers.iter_mut().zip(&plan.numbers) {
            *number = values[*quantity];
        }
        let whole = |x: f64| x.round_ties_even().max(1.0) as usize;
        let days = plan.duration.map_or(1, |duration| whole(numbers[duration]));
        let happens = luck < values[plan.probability];
        let decay = if plan.kind == Kind::Threat { threat_decay(&numbers) } else { 0.0 };
        let span = happens.then(|| (whole(values[plan.day]), days));
        Event { span, numbers, progress: 0.0, decay }
    }

    /// All events of a path.
    pub(crate) fn all(plan: &Plan, values: &[f64], once: Once) -> Vec<Event> {
        plan.events
            .iter()
            .map(|event| Event::new(event, values, once.uniform(event.draw)))
            .collect()
    }

    /// 1 / days while it is active.
    pub(crate) fn part(&self, step: usize) -> Option<f64> {
        let (start, days) = self.span?;
        (start <= step && step < start + days).then(|| 1.0 / days as f64)
    }

    pub(crate) fn begins(&self, step: usize) -> bool {
        self.span.is_some_and(|(start, _)| start == step)
    }

    pub(crate) fn has_begun(&self, step: usize) -> bool {
        self.span.is_some_and(|(start, _)| start <= step)
    }

    /// Whether a sale is announced and has a day left after this one.
    pub(crate) fn is_expected(&self, step: usize) -> bool {
        self.span.is_some_and(|(start, days)| {
            start as f64 - self.numbers[3] <= step as f64 && step + 1 < start + days
        })
    }
}

/// What happens in a day, other than sales of Japan's Treasuries and threats.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct News {
    pub(crate) yen_log: f64,
    pub(crate) jgb: f64,
    pub(crate) boj: [f64; 2],
    pub(crate) fed: [f64; 2],
    pub(crate) oil_pct: f64,
    pub(crate) equity_log: [f64; 3],
    /// Multiplier and days of a dealer stress that begins.
    pub(crate) stress: [f64; 2],
    pub(crate) issuance: f64,
    pub(crate) other_holders: f64,
    pub(crate) fed_purchases: f64,
    /// Dollars sold by the Ministry alone, and by both sides together.
    pub(crate) alone: f64,
    pub(crate) joint: f64,
    /// Whether an intervention of some size begins.
    pub(crate) intervenes: bool,
}

impl News {
    pub(crate) fn of_day(plans: &[EventPlan], events: &[Event], step: usize) -> Self {
        let mut news = News::default();
        for (plan, event) in plans.iter().zip(events) {
            if let Some(part) = event.part(step) {
                news.add(plan, event, part, event.begins(step));
            }
        }
        news
    }

    fn add(&mut self, plan: &EventPlan, event: &Event, part: f64, begins: bool) {
        let [a, b, ..] = event.numbers;
        let log = |pct: f64| (1.0 + pct / 100.0).ln();
        match plan.kind {
            Kind::OfficialSale | Kind::Threat => {}
            Kind::YenJump => self.yen_log += log(a) * part,
            Kind::JgbShock => self.jgb += a * part,
            Kind::BojMove if begins => {
                self.boj[0] += a;
                self.boj[1] += b;
            }
            Kind::FedMove if begins => {
                self.fed[0] += a;
                self.fed[1] += b;
            }
            Kind::OilShock if begins => self.oil_pct += a,
            Kind::EquityShock => self.equity_log[plan.word.unwrap_or(0)] += log(a) * part,
            Kind::DealerStress if begins => {
                self.stress = [self.stress[0].max(a), self.stress[1].max(b)];
            }
            Kind::IssuanceSurprise => self.issuance += a * part,
            Kind::OtherHolderSale => self.other_holders += a * part,
            Kind::FedPurchases => self.fed_purchases += a * part,
            Kind::Intervention | Kind::CoordinatedIntervention => {
                let sum = match plan.kind {
                    Kind::Intervention => &mut self.alone,
                    _ => &mut self.joint,
                };
                *sum += a * part;
                self.intervenes |= begins && a != 0.0;
            }
            _ => {}
        }
    }
}
