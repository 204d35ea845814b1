//! The parameters of a path, by mechanism.

use super::{
    backstop, boj, carry_unwind, cohorts, contagion, dealers, equity, fed, hedge, impact,
    intervention, jgb, jgb_spillover, official_sale, rebalancing, safe_haven, usdjpy,
};

/// The parameters of eight paths, by mechanism, in the order of the catalogue.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Parameters<V> {
    pub boj: boj::Params<V>,
    pub fed: fed::Params<V>,
    pub jgb: jgb::Params<V>,
    pub usdjpy: usdjpy::Params<V>,
    pub equity: equity::Params<V>,
    pub hedge: hedge::Params<V>,
    pub holdings: cohorts::Params<V>,
    pub rebalancing: rebalancing::Params<V>,
    pub carry_unwind: carry_unwind::Params<V>,
    pub intervention: intervention::Params<V>,
    pub official_sale: official_sale::Params<V>,
    pub contagion: contagion::Params<V>,
    pub safe_haven: safe_haven::Params<V>,
    pub jgb_spillover: jgb_spillover::Params<V>,
    pub backstop: backstop::Params<V>,
    pub dealers: dealers::Params<V>,
    pub impact: impact::Params<V>,
}

impl<V> Parameters<V> {
    /// Reads all parameters in the order of the catalogue.
    #[inline(always)]
    pub fn read(mut next: impl FnMut() -> V) -> Self {
        Parameters {
            boj: boj::Params::read(&mut next),
            fed: fed::Params::read(&mut next),
            jgb: jgb::Params::read(&mut next),
            usdjpy: usdjpy::Params::read(&mut next),
            equity: equity::Params::read(&mut next),
            hedge: hedge::Params::read(&mut next),
            holdings: cohorts::Params::read(&mut next),
            rebalancing: rebalancing::Params::read(&mut next),
            carry_unwind: carry_unwind::Params::read(&mut next),
            intervention: intervention::Params::read(&mut next),
            official_sale: official_sale::Params::read(&mut next),
            contagion: contagion::Params::read(&mut next),
            safe_haven: safe_haven::Params::read(&mut next),
            jgb_spillover: jgb_spillover::Params::read(&mut next),
            backstop: backstop::Params::read(&mut next),
            dealers: dealers::Params::read(&mut next),
            impact: impact::Params::read(&mut next),
        }
    }
}
