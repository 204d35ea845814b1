//! What is known of a study behind a prior, its family, and which of them `studies` draws from.

/// A study behind a prior: how it measured and what was made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Study {
    /// Name of the prior.
    pub name: &'static str,
    /// Authors, year, place.
    pub citation: &'static str,
    /// Tenor on which it was measured.
    pub tenor: &'static str,
    /// Flow or stock, short or long run.
    pub kind: &'static str,
    /// Marketable Treasury debt at the time, USD, as far as known.
    pub market_then: &'static str,
    /// The estimate in its own units.
    pub own_units: &'static str,
    /// Where the spread comes from.
    pub spread: &'static str,
    /// What was approximated.
    pub approximated: &'static str,
    /// Kind of sale that its lasting effect was measured on, for the joint fit.
    pub family: Family,
}

/// What changed hands in a study: effects of one kind are more alike than those of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Holdings or flows of foreign holders, what Japan's sales are.
    ForeignHolders,
    /// Purchases and sales by the Fed.
    FedPurchases,
    /// Debt issued.
    Debt,
    /// Not in the joint fit: no lasting effect of its own, a blend, a digest or a view.
    NotFitted,
}

impl Study {
    /// Whether it was measured on something else than the nominal 10-year.
    pub fn other_tenor(&self) -> bool {
        !self.tenor.starts_with("10y") || self.tenor.contains("real")
    }
}

/// The study behind a prior.
pub fn study(prior: &str) -> Option<&'static Study> {
    super::priors::STUDIES.iter().find(|study| study.name == prior)
}

/// The studies of which `studies` draws one a path, in the order of `impact.study` from 1.
pub const DRAWN: [&str; 8] = [
    "beltran2013",
    "martin2015",
    "ahmed_rebucci",
    "warnock2006",
    "arslanalp_poghosyan",
    "kaminska_zinna",
    "damico_king",
    "cbo_debt",
];
