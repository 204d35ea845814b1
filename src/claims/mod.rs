//! What the press claims about Japan and Treasuries, and what the model or the record says: one function a claim, each with
//! the scenarios that it runs, an answer with its errors, and a verdict that follows from the numbers.

mod bench;
mod carry;
mod flows;
mod shocks;
mod tables;

pub use bench::{Bench, Load};
pub use tables::{definitions, table, terminal};

use crate::error::Error;

/// Whether a claim holds in the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Yes.
    Holds,
    /// Under the condition that the answer names.
    OnlyIf,
    /// No.
    Fails,
}

impl Verdict {
    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::OnlyIf => "holds only if",
            Verdict::Fails => "does not hold",
        }
    }

    fn when(yes: bool) -> Self {
        if yes { Verdict::Holds } else { Verdict::Fails }
    }
}

/// A claim with what answers it.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    /// Number of the article among the five that the project grew from.
    pub article: &'static str,
    /// What it says, in short.
    pub says: &'static str,
    /// Runs what it takes.
    answer: fn(&mut Bench<'_>) -> Result<Answer, Error>,
}

/// What the model says to a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// In a sentence or two, with errors.
    pub text: String,
    /// Whether the claim holds.
    pub verdict: Verdict,
    /// Scenarios behind it, or the record.
    pub basis: String,
}

/// The claims, in the order of the articles.
pub const CLAIMS: &[Claim] = &[
    Claim {
        article: "000",
        says: "Japan sold USD 29.6bn of US bonds in the first quarter of 2026",
        answer: flows::quarter,
    },
    Claim {
        article: "000",
        says: "a sustained shift is worth 20 to 50 bp on the 10-year",
        answer: flows::sustained_shift,
    },
    Claim { article: "000", says: "selling starts slowly, then builds", answer: flows::slow_start },
    Claim { article: "000", says: "other buyers absorb the sales", answer: flows::absorbed },
    Claim { article: "000", says: "heavy supply makes it worse", answer: flows::supply },
    Claim {
        article: "000",
        says: "Fed cuts help the hedged case for Treasuries",
        answer: flows::fed_cuts,
    },
    Claim {
        article: "000",
        says: "a pause of the BOJ slows the selling",
        answer: flows::boj_pause,
    },
    Claim {
        article: "000",
        says: "a weaker yen raises the cost of hedging",
        answer: flows::weaker_yen,
    },
    Claim {
        article: "000",
        says: "China is the second-largest foreign holder",
        answer: flows::second_holder,
    },
    Claim {
        article: "001",
        says: "a rise of the yen forces sales that raise the yen further",
        answer: carry::amplification,
    },
    Claim {
        article: "001",
        says: "August 2024: the carry trade breaks within days",
        answer: carry::august,
    },
    Claim {
        article: "001",
        says: "a coordinated intervention is worse for the carry book than a unilateral one",
        answer: carry::coordinated,
    },
    Claim {
        article: "001",
        says: "Japan pares its USD 1.5tn of US equities when the rate gap narrows",
        answer: carry::equities,
    },
    Claim {
        article: "002",
        says: "a rout of Japanese bonds spills over to Treasuries, modestly",
        answer: shocks::rout,
    },
    Claim {
        article: "003",
        says: "a dump lifts the 10-year by 50 to 100 bp overnight",
        answer: shocks::dump,
    },
    Claim {
        article: "003",
        says: "others follow, and the Fed has to buy",
        answer: shocks::followers,
    },
    Claim {
        article: "003",
        says: "American debt service rises, and Japan hurts itself",
        answer: shocks::costs,
    },
    Claim {
        article: "004",
        says: "a fall of prices by 10% costs Japan USD 110bn",
        answer: shocks::mark_to_market,
    },
    Claim {
        article: "004",
        says: "a threat alone moves prices, then fades",
        answer: shocks::threat,
    },
];

/// A claim with its answer.
pub type Answered = (&'static Claim, Answer);

/// Answers every claim in turn; when the bench is stopped, only the first ones, each from whole runs. Gives the answers and
/// whether some are missing.
///
/// # Errors
/// A scenario that does not load or run.
pub fn answer_all(bench: &mut Bench<'_>) -> Result<(Vec<Answered>, bool), Error> {
    let mut answers = Vec::new();
    for claim in CLAIMS {
        match (claim.answer)(bench) {
            Ok(answer) => answers.push((claim, answer)),
            Err(Error::Stopped) => return Ok((answers, true)),
            Err(error) => return Err(error),
        }
    }
    Ok((answers, false))
}
