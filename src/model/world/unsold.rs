//! What dated sales asked for and did not get: a seller has no more than it has.

use super::super::events::Kind;
use super::super::intervention;
use super::World;
use crate::num::lanes::*;

impl<S: Simd> World<'_, S> {
    /// Shares what the day's dated interventions could not raise over them, by what each wanted.
    #[inline(always)]
    pub(super) fn note_unraised(&mut self, step: usize, day: &intervention::Outputs<S>) {
        let zero = splat(day.wanted.simd, 0.0);
        let short = day.unraised / day.wanted;
        let short = keep(day.wanted.simd_gt(zero), short);
        let (now, share) = (step as f64, self.parameters.intervention.coordinated_japan_share);
        let on = self.plan.on[super::Channel::Intervention as usize];
        let all = self.plan.events.iter().zip(&self.events).zip(&mut self.progress);
        for ((plan, event), progress) in all {
            let japan = match plan.kind {
                Kind::Intervention => splat(zero.simd, 1.0),
                Kind::CoordinatedIntervention => share,
                _ => continue,
            };
            if event.is_on(now) {
                let wanted = event.numbers[0] * event.part(now) * japan * on;
                progress.note(wanted, wanted * short);
            }
        }
    }

    /// What each event asked for up to now, and what of it was not there, USD bn.
    #[inline(always)]
    pub(in crate::model) fn sales(&self) -> impl Iterator<Item = [Lane<S>; 2]> + '_ {
        self.progress.iter().map(
            #[inline(always)]
            |progress| [progress.asked, progress.unsold],
        )
    }
}
