//! The installation test: is the program sound on this machine?
//!
//! Every family of distributions, the copula, every stream that the engine draws from and the closed forms of a sale are
//! run through the engine and set against exact values and against samples of `rand_distr`; and what must be the same to
//! the bit is compared: between sets of instructions, and with a run on record.
//!
//! **Level.** The verdict is `different` when any of the `m` tests has a p-value below that of Holm (1979) at a family-wise
//! level of [`LEVEL`]: the smallest below 1e-6/m, the next below 1e-6/(m − 1), and so on. A sound program with a new seed
//! fails less than once in a million times. With the default seed the answer is the same everywhere, because the draws are.
//!
//! **Power**, at the default of 524,288 draws: a standard deviation that is 1% off gives a normal score of 10.2 where 6.1 is
//! enough (missed once in 20,000), a correlation that is 0.02 off at least 14, a stream that another repeats 724.
//!
//! **Limits.** The exact distribution functions are those of `num`, which tests hold against `rand_distr` and tables; the
//! tests see linear dependence and dependence of sizes, not every dependence; p-values of distributions are those of
//! large samples.

mod bits;
mod families;
mod judge;
mod sale;
mod streams;
mod tables;

pub use bits::Reference;
pub use judge::{correlated, counts, exact, independent, marginal, moments, same, scores, sorted};
pub use streams::{DAYS, StreamSample, judge_streams, stream_sample};
pub use tables::{definitions, table, terminal};

use crate::engine::{Progress, RunPlan};
use crate::error::Error;
use crate::model::Plan;
use crate::num::resample::generator;
use crate::scenario::Scenario;
use crate::stats::Keep;
use crate::{Gather, simulate};
use families::{CORRELATIONS, FAMILIES};
use rayon::prelude::*;

/// Family-wise level: the chance that a sound program fails.
pub const LEVEL: f64 = 1e-6;

/// Fewest and usual draws a test.
pub const FEWEST: u64 = 16_384;
/// See [`FEWEST`].
pub const USUAL: u64 = 524_288;

/// What is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Numbers that a path draws once.
    Marginals,
    /// Their dependence.
    Copula,
    /// What is drawn every day.
    Streams,
    /// A sale and its effect.
    Sale,
    /// What must be equal to the bit.
    Bits,
}

impl Part {
    /// All of them, in the order of the table.
    pub const ALL: [Part; 5] =
        [Part::Marginals, Part::Copula, Part::Streams, Part::Sale, Part::Bits];

    /// As the tables call it.
    pub fn name(self) -> &'static str {
        match self {
            Part::Marginals => "marginals",
            Part::Copula => "copula",
            Part::Streams => "streams",
            Part::Sale => "sale",
            Part::Bits => "bits",
        }
    }
}

/// One test.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// What it belongs to.
    pub part: Part,
    /// What was tested.
    pub what: String,
    /// Against what.
    pub test: &'static str,
    /// Number of draws.
    pub observations: usize,
    /// Distance, normal score or χ²; of what must be equal the largest relative difference, or 1.
    pub statistic: f64,
    /// How likely a statistic at least as extreme is where nothing is wrong; of what must be equal 1 or 0.
    pub p_value: f64,
}

impl Check {
    fn new(
        part: Part,
        what: &str,
        test: &'static str,
        observations: usize,
        statistic: f64,
        p_value: f64,
    ) -> Self {
        // A statistic that is no number is no agreement.
        let p_value = if statistic.is_nan() || p_value.is_nan() { 0.0 } else { p_value };
        Check { part, what: what.to_owned(), test, observations, statistic, p_value }
    }

    /// What must be equal: how much was compared, how far apart it is, and whether that counts as equal.
    fn exactly(
        part: Part,
        what: &str,
        test: &'static str,
        (size, apart, equal): (usize, f64, bool),
    ) -> Self {
        Check::new(part, what, test, size, apart, f64::from(u8::from(equal)))
    }
}

/// How to test.
#[derive(Debug, Clone)]
pub struct Question {
    /// Seed of all draws, those of `rand_distr` included.
    pub seed: u64,
    /// Draws a test.
    pub paths: u64,
    /// Threads of the engine; all cores when `None`.
    pub threads: Option<usize>,
}

/// What came out.
#[derive(Debug, Clone, PartialEq)]
pub struct SelfTest {
    /// All tests.
    pub checks: Vec<Check>,
    /// The reference run.
    pub reference: Reference,
}

/// Whether nothing is wrong, by Holm's rule at [`LEVEL`].
pub fn is_sound(checks: &[Check]) -> bool {
    different(checks).is_empty()
}

/// The tests that say that something is wrong, by Holm's rule at [`LEVEL`], the clearest first.
pub fn different(checks: &[Check]) -> Vec<&Check> {
    let mut order: Vec<&Check> = checks.iter().collect();
    order.sort_by(|a, b| a.p_value.total_cmp(&b.p_value));
    let below =
        |(place, check): &(usize, &Check)| check.p_value < LEVEL / (checks.len() - place) as f64;
    order.into_iter().enumerate().take_while(below).map(|(_, check)| check).collect()
}

/// Loads a built-in scenario by name, or a scenario text.
pub type Load<'a> = &'a (dyn Fn(&str) -> Result<Scenario, Error> + Sync);

/// Where the tests run scenarios.
pub(in crate::selftest) struct Bench<'a> {
    load: Load<'a>,
    run: RunPlan,
    progress: &'a dyn Progress,
}

impl Bench<'_> {
    fn seed(&self) -> u64 {
        self.run.seed
    }

    fn paths(&self) -> u64 {
        self.run.paths.end
    }

    fn built_in(&self, name: &str) -> Result<Scenario, Error> {
        (self.load)(name)
    }

    /// Runs the first `paths` paths of a scenario text; gives the 10-year impact at its end and these numbers, path by path.
    fn run(&self, text: &str, addresses: &[String], paths: u64) -> Result<Vec<Vec<f64>>, Error> {
        let scenario = (self.load)(text)?;
        let plan = Plan::new(&scenario)?;
        let place = |address: &String| {
            scenario.quantities.iter().position(|known| known.address == *address).unwrap_or(0)
        };
        let quantities: Vec<usize> = addresses.iter().map(place).collect();
        let columns = sale::kept(&plan, &quantities);
        let count = columns.len();
        let keep = Keep { columns, paths: u64::MAX };
        let gather =
            Gather { keep, metrics: Some(vec![crate::model::IMPACT_10Y]), ..Gather::default() };
        let run = RunPlan { paths: 0..paths, ..self.run.clone() };
        let simulated = simulate(&plan, &run, &gather, self.progress)?;
        if simulated.partial {
            return Err(Error::Stopped);
        }
        Ok((0..count).map(|index| simulated.tally.kept().column(index)).collect())
    }
}

/// Runs all tests; `library` are the built-in scenarios of the reference run.
///
/// # Errors
/// A scenario that does not load or run, or a stop.
pub fn selftest(
    question: &Question,
    load: Load<'_>,
    library: &[Scenario],
    progress: &dyn Progress,
) -> Result<SelfTest, Error> {
    let run = RunPlan { threads: question.threads, ..RunPlan::new(question.seed, question.paths) };
    let bench = Bench { load, run, progress };
    let threads = question.threads.unwrap_or(0);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    pool.install(|| answer(question, &bench, library))
}

fn answer(question: &Question, bench: &Bench<'_>, library: &[Scenario]) -> Result<SelfTest, Error> {
    let mut checks = judge_parameters(bench)?;
    let plan = Plan::new(&bench.built_in("baseline")?)?;
    let sample = stream_sample(question.seed, question.paths as usize, &plan.cholesky);
    checks.extend(judge_streams(&sample, question.seed));
    checks.extend(streams::judge_keys(&sample, question.seed));
    drop(sample);
    checks.extend(sale::judge_sales(bench)?);
    checks.extend(bits::judge_bits(bench)?);
    let (check, reference) = bits::judge_reference(library, question, bench.progress)?;
    checks.push(check);
    Ok(SelfTest { checks, reference })
}

/// The numbers that a path draws once: marginals, and the copula pair by pair.
fn judge_parameters(bench: &Bench<'_>) -> Result<Vec<Check>, Error> {
    let text = families::scenario();
    let scenario = (bench.load)(&text)?;
    let addresses: Vec<String> = FAMILIES.iter().map(families::Family::address).collect();
    let columns = &bench.run(&text, &addresses, bench.paths())?[1..];
    let law = |place: usize| {
        let known = scenario.quantities.iter().find(|known| known.address == addresses[place]);
        known.map(|known| &known.marginal)
    };
    let each = |place: usize| {
        let (family, sample) = (&FAMILIES[place], &columns[place]);
        let own = generator(bench.seed(), "selftest.marginals", place as u64);
        let reference = family.reference(sample.len(), own);
        law(place).map(|law| marginal(family.name, sample, law, &reference)).unwrap_or_default()
    };
    let mut checks: Vec<Check> = (0..FAMILIES.len()).into_par_iter().flat_map_iter(each).collect();
    let smooth: Vec<usize> = (0..FAMILIES.len())
        .filter(|place| !["bernoulli", "discrete", "mixture"].contains(&FAMILIES[*place].name))
        .collect();
    let scored: Vec<Vec<f64>> = smooth
        .par_iter()
        .map(|place| law(*place).map(|law| scores(&columns[*place], law)).unwrap_or_default())
        .collect();
    let pairs: Vec<(usize, usize)> =
        (0..smooth.len()).flat_map(|a| (0..a).map(move |b| (b, a))).collect();
    let pair = |(a, b): &(usize, usize)| {
        let [left, right] = [smooth[*a], smooth[*b]].map(|place| &FAMILIES[place]);
        let names = [left.key, right.key];
        let asked = CORRELATIONS.iter().find(|(a, b, _)| names.contains(a) && names.contains(b));
        let rho = asked.map_or(0.0, |(_, _, rho)| *rho);
        let what = format!("{} and {}", left.name, right.name);
        let mut checks = vec![correlated(Part::Copula, &what, &scored[*a], &scored[*b], rho)];
        if rho != 0.0 {
            checks.push(jointly(&what, [&scored[*a], &scored[*b]], rho, bench.seed()));
        }
        checks
    };
    checks.extend(pairs.par_iter().flat_map_iter(pair).collect::<Vec<_>>());
    Ok(checks)
}

/// The larger of two correlated scores, against that of a pair of normals by `rand_distr`.
fn jointly(what: &str, scored: [&Vec<f64>; 2], rho: f64, seed: u64) -> Check {
    use rand_distr::{Distribution as _, StandardNormal};
    let own = generator(seed, &format!("selftest.copula.{what}"), 0);
    let mut normals = StandardNormal.sample_iter(own);
    let mut draw = || -> f64 { normals.next().unwrap_or(f64::NAN) };
    let reference: Vec<f64> = scored[0]
        .iter()
        .map(|_| {
            let (a, b) = (draw(), draw());
            a.max(rho * a + (1.0 - rho * rho).sqrt() * b)
        })
        .collect();
    let larger: Vec<f64> = scored[0].iter().zip(scored[1]).map(|(a, b)| a.max(*b)).collect();
    same(Part::Copula, what, &sorted(&larger), &sorted(&reference))
}
