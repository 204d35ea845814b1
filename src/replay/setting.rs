//! From data up to the eve of an episode to a scenario: levels, what is priced, the size of everyday moves, the market.
//!
//! ```text
//! levels       last observation on or before the eve, at most 8 days old
//! priced       Fed: UST 2y − funds rate,  BOJ in 12 months: JGB 2y,  where hikes end: JGB 5y
//! P(hike)      solved from what is priced, as in the baseline
//! regime       hiking when the funds rate's mean of ten days is 12.5 bp above that of 120 days before; cutting below
//! noise        default · (root mean square change a day, year to the eve) / (the same in the default's own sample)
//! fast carry   default · net yen shorts / 155,000 contracts, at least a tenth of it             USD bn
//! market       last known size · federal debt now / federal debt then                          USD tn
//! capacity     1.75 · (market / GDP then) / (market / GDP now), GDP taken back by 4.35% a year     impact.gdp_ratio
//! ```
//!
//! A 2-year yield is the mean of two years' short rates and on a straight path their value at half the way, twelve months
//! on; a term premium is not taken off (assumption). The path of rates thus comes from prices of the eve, not from the
//! record of 2024-26 behind the defaults. What the data do not give keeps its value: the split of Japan's holdings, the
//! basis, the reserves and the rule of intervention of 2024-26, other holders, the elasticities, the responses, the rate of
//! jumps, and the meetings, which are those of 2026 repeated. Publication lags: TIC, monthly rates 45 days, positions 3,
//! federal debt 150. Revised series stand for first releases.

use super::episodes::civil;
use super::eve::{Change, Eve, size};
use super::flows::Flows;
use crate::model::CATALOGUE;
use crate::report::number;
use crate::scenario::is_closed;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use time::Date;

/// Longest scenario, in steps.
pub const LONGEST: usize = 1260;
/// Days until a monthly figure, dated at the first or last day of its month, is out for certain.
const MONTHLY_LAG: i64 = 45;
/// Days from the Tuesday of yen positions to their release.
const POSITIONS_LAG: i64 = 3;
/// Days from the first day of a quarter, at which federal debt is dated, to its release.
const DEBT_LAG: i64 = 150;
/// Days over which the funds rate is compared, mean of how many, and from which difference on it moves (half a step), %.
const REGIME: (usize, usize, f64) = (120, 10, 0.125);
/// Meetings of a central bank a year.
const MEETINGS_A_YEAR: f64 = 8.0;
/// Fast carry book, its default median in USD bn and the spread of its law; net yen shorts behind it in contracts (CFTC, June
/// 2026); the smallest share of it that is assumed. The slow book keeps its default: futures say nothing of it.
const BOOK: ([f64; 2], f64, f64) = ([30.8, 0.4], 155_000.0, 0.1);
/// Issuance over the market, a year: the baseline's 2.3 of 30.8 (assumption for other years).
const ISSUANCE: f64 = 2.3 / 30.8;
/// The baseline's year, market in USD tn and debt to GDP over that of the studies' time; growth of nominal GDP a year, by
/// which the last is taken back (estimate: USD 13.0tn in 2005, 30.5tn in 2025).
const CAPACITY: (i32, f64, f64, f64) = (2026, 30.8, 1.75, 0.0435);
/// Years after which a known size of the market is not scaled with federal debt, whose other parts then count.
const SCALED_YEARS: i32 = 4;

/// Marketable Treasury debt, USD tn, on a day: SIFMA (1995-2005), Z.1 table L.210 (2014-2019), New York Fed (2023, 2024),
/// assumption from reviewers' memory (2007-2011) and from press (2020, 2025).
const MARKET: [((i32, u8, u8), f64, &str); 16] = [
    ((1995, 12, 31), 3.31, "SIFMA, end of 1995"),
    ((2003, 12, 31), 3.57, "SIFMA, end of 2003"),
    ((2004, 12, 31), 3.94, "SIFMA, end of 2004"),
    ((2005, 12, 31), 4.17, "SIFMA, end of 2005"),
    ((2007, 12, 31), 4.5, "assumption for the end of 2007"),
    ((2008, 12, 31), 5.8, "assumption for the end of 2008"),
    ((2010, 6, 30), 8.1, "assumption for mid-2010"),
    ((2011, 12, 31), 9.9, "assumption for the end of 2011"),
    ((2014, 12, 31), 12.48, "Z.1 L.210, end of 2014"),
    ((2016, 12, 31), 13.88, "Z.1 L.210, end of 2016"),
    ((2018, 12, 31), 15.57, "Z.1 L.210, end of 2018"),
    ((2019, 12, 31), 16.63, "Z.1 L.210, end of 2019"),
    ((2020, 3, 31), 17.4, "press, March 2020"),
    ((2023, 8, 31), 25.0, "New York Fed, August 2023: above 25"),
    ((2024, 8, 31), 27.0, "New York Fed, August 2024: above 27"),
    ((2025, 5, 31), 29.0, "press, May 2025: nearly 29"),
];

/// Everyday noises: the keys that grow together, the series, its change, and the size of that in the sample of the
/// defaults (their declared sources; yen: 10.6% a year in all).
const NOISES: [(&[&str], &str, Change, f64); 8] = [
    (&["fed.ust_2y_noise_bp"], "DGS2", Change::Bp, 5.4),
    (&["fed.ust_5y_noise_bp"], "DGS5", Change::Bp, 5.4),
    (&["fed.ust_10y_noise_bp"], "DGS10", Change::Bp, 4.8),
    (&["fed.ust_30y_noise_bp"], "DGS30", Change::Bp, 4.3),
    (&["jgb.jgb_10y_noise_bp"], "jgb.10y", Change::Bp, 3.8),
    (&["jgb.jgb_30y_noise_bp"], "jgb.30y", Change::Bp, 5.0),
    (
        &[
            "usdjpy.diffusion_pct",
            "usdjpy.jump_up_pct",
            "usdjpy.jump_up_sd_pct",
            "usdjpy.jump_down_pct",
        ],
        "DEXJPUS",
        Change::Percent,
        0.668,
    ),
    (&["equity.vix_noise"], "VIXCLS", Change::Points, 1.8),
];
/// Daily size of the S&P 500's changes in the sample of its default, %.
const EQUITY_SIZE: f64 = 1.11;

/// A scenario as text, and what one must know about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The scenario file up to its sources.
    body: String,
    /// Its sources.
    sources: String,
    /// Number of steps: US bond-market days after the eve, to the end.
    pub days: usize,
    /// Where the data fell short.
    pub notes: Vec<String>,
}

impl Setting {
    /// The scenario as a file, with flows that happened where they are given.
    pub fn text(&self, flows: Option<&Flows>) -> String {
        let (body, sources) =
            flows.map_or(("", ""), |flows| (flows.body.as_str(), flows.sources.as_str()));
        format!("{}{body}\n[sources]\n{}{sources}", self.body, self.sources)
    }
}

/// Numbers of a scenario by table, with their sources.
struct Numbers {
    tables: BTreeMap<&'static str, Vec<(&'static str, String, String)>>,
    notes: Vec<String>,
}

impl Numbers {
    fn write(&mut self, key: &'static str, text: String, source: String) {
        let (table, name) = key.split_once('.').unwrap_or(("", key));
        self.tables.entry(table).or_default().push((name, text, source));
    }

    fn set(&mut self, key: &'static str, value: f64, source: &str) {
        self.write(key, number(value), source.to_owned());
    }

    /// The setting with this heading.
    fn finish(self, heading: String, days: usize) -> Setting {
        let (mut body, mut sources) = (heading, String::new());
        for (table, numbers) in &self.tables {
            let _ = write!(body, "\n[{table}]\n");
            for (name, value, source) in numbers {
                let _ = writeln!(body, "{name} = {value}");
                let _ = writeln!(sources, "\"{table}.{name}\" = \"{source}\"");
            }
        }
        Setting { body, sources, days, notes: self.notes }
    }
}

/// The US bond-market days after `start`, up to `end`.
pub(super) fn bond_days(start: Date, end: Date) -> Vec<Date> {
    let after = std::iter::successors(start.next_day(), |date| date.next_day());
    after.take_while(|date| *date <= end).filter(|date| !is_closed(*date)).collect()
}

/// The scenario of an episode's eve, or why there is none.
///
/// # Errors
/// The data that are missing, or a window without or with too many steps, in words for a table.
pub(super) fn setting(eve: &Eve<'_>, start: Date, end: Date) -> Result<Setting, String> {
    let days = bond_days(start, end).len();
    if !(1..=LONGEST).contains(&days) {
        return Err(format!("{days} bond-market days: the model takes 1 to {LONGEST}"));
    }
    let first = start.next_day().ok_or("no day after the start")?;
    let mut numbers = Numbers { tables: BTreeMap::new(), notes: Vec::new() };
    rates(eve, start, &mut numbers)?;
    yen(eve, start, &mut numbers)?;
    noises(eve, start, &mut numbers)?;
    holders(eve, start, &mut numbers)?;
    market(eve, start, &mut numbers)?;
    let heading = format!(
        "title = \"Eve of {start}\"\nstory = \"Levels, prices and sizes of moves from data up to {start}; the rest is the baseline.\"\nstart = {first}\nhorizon = \"{days}d\"\n"
    );
    Ok(numbers.finish(heading, days))
}

/// Rates and what they price.
fn rates(eve: &Eve<'_>, start: Date, out: &mut Numbers) -> Result<(), String> {
    let funds = eve.needed("DFF")?;
    let ust2 = eve.needed("DGS2")?;
    let levels = [
        ("fed.policy_rate_pct", "DFF"),
        ("fed.ust_2y_pct", "DGS2"),
        ("fed.ust_5y_pct", "DGS5"),
        ("fed.ust_10y_pct", "DGS10"),
        ("fed.ust_30y_pct", "DGS30"),
        ("jgb.jgb_10y_pct", "jgb.10y"),
        ("jgb.jgb_30y_pct", "jgb.30y"),
        ("equity.vix", "VIXCLS"),
    ];
    for (key, series) in levels {
        out.set(key, eve.needed(series)?, &format!("{series}, {start}"));
    }
    let priced = format!("DGS2 less DFF, {start}, assumption on the term premium: none");
    out.set("fed.priced_12m_bp", 100.0 * (ust2 - funds), &priced);
    let (days, mean_of, moves) = REGIME;
    let year = eve.last("DFF", days + mean_of)?;
    let mean = |part: &[(Date, f64)]| {
        part.iter().fold(0.0, |sum, (_, value)| sum + value) / part.len() as f64
    };
    let change = mean(&year[days..]) - mean(&year[..mean_of]);
    let regime = if change >= moves {
        1.0
    } else if change <= -moves {
        -1.0
    } else {
        0.0
    };
    out.set("fed.regime", regime, &format!("DFF, {days} days to {start}"));
    bank_of_japan(eve, start, out)
}

fn bank_of_japan(eve: &Eve<'_>, start: Date, out: &mut Numbers) -> Result<(), String> {
    let known =
        |name: &'static str| Some(name).filter(|name| !eve.published(name, MONTHLY_LAG).is_empty());
    let series = known("IRSTCI01JPM156N").or_else(|| known("IR3TIB01JPM156N"));
    let series = series.ok_or_else(|| format!("no short yen rate published by {start}"))?;
    if series != "IRSTCI01JPM156N" {
        out.notes.push("BOJ rate: 3-month interbank rate".to_owned());
    }
    let months = eve.published(series, MONTHLY_LAG);
    let policy = months.last().map_or(f64::NAN, |(_, value)| *value);
    let source = format!("{series}, published by {start}");
    out.set("boj.policy_rate_pct", policy, &source);
    let still = months.iter().rev().take_while(|(_, rate)| (rate - policy).abs() < 0.1).count();
    let meetings = (still as f64 * MEETINGS_A_YEAR / 12.0).floor().min(40.0);
    out.set("boj.meetings_since_move", meetings, &source);
    let (jgb2, jgb5) = (eve.needed("jgb.2y")?, eve.needed("jgb.5y")?);
    out.set("boj.priced_12m_pct", jgb2.max(-1.0), &format!("jgb.2y, {start}"));
    let end = jgb5.max(policy);
    let source = format!("jgb.5y or the policy rate, {start}, assumption");
    out.set("boj.priced_terminal_pct", end, &source);
    let terminal = format!("{{ normal = {{ mean = {}, sd = 0.4 }} }}", number(end));
    out.write("boj.terminal_rate_pct", terminal, source);
    Ok(())
}

/// The yen's own history.
fn yen(eve: &Eve<'_>, start: Date, out: &mut Numbers) -> Result<(), String> {
    let spot = eve.needed("DEXJPUS")?;
    let sixty = eve.last("DEXJPUS", 61)?;
    let mean = sixty[1..].iter().fold(0.0, |sum, (_, value)| sum + value) / 60.0;
    let twenty = size(eve.last("DEXJPUS", 21)?, Change::Percent);
    let high = eve.last("DEXJPUS", 252)?.iter().fold(spot, |high, (_, value)| high.max(*value));
    let source = |what: &str| format!("DEXJPUS, {what} to {start}");
    out.set("usdjpy.spot_jpy_per_usd", spot, &format!("DEXJPUS, {start}"));
    out.set("usdjpy.average_60d_jpy_per_usd", mean, &source("mean of sixty days"));
    out.set("usdjpy.realised_vol_20d_pct", twenty * 252.0_f64.sqrt(), &source("twenty days"));
    out.set("usdjpy.change_60d_pct", 100.0 * (spot / sixty[0].1 - 1.0), &source("sixty days"));
    out.set("usdjpy.high_1y_jpy_per_usd", high, &source("252 days"));
    Ok(())
}

/// Sizes of everyday moves.
fn noises(eve: &Eve<'_>, start: Date, out: &mut Numbers) -> Result<(), String> {
    let mut scale = |keys: &[&'static str], series, change, usual: f64| {
        let ratio = eve.daily_size(series, change)? / usual;
        for key in keys {
            let source = format!("default times {ratio:.3}: {series}, year to {start}");
            out.set(key, ratio * default(key), &source);
        }
        Ok::<(), String>(())
    };
    for (keys, series, change, usual) in NOISES {
        scale(keys, series, change, usual)?;
    }
    scale(&["equity.noise_pct"], eve.equities(), Change::Percent, EQUITY_SIZE).map_err(|why| {
        format!("{why}; before FRED's ten years a file GSPC.csv (Date,Close) has it")
    })
}

/// The default of a number that has a plain one.
pub(super) fn default(key: &str) -> f64 {
    let known = CATALOGUE.declarations().find(|known| {
        key.split_once('.').is_some_and(|(table, name)| known.table == table && known.name == name)
    });
    known.and_then(|known| known.default?.parse().ok()).unwrap_or(f64::NAN)
}

/// Japan's holdings and the fast carry book.
fn holders(eve: &Eve<'_>, start: Date, out: &mut Numbers) -> Result<(), String> {
    let held = eve.published("tic.japan", MONTHLY_LAG).last();
    let (month, total) = held.ok_or_else(|| format!("no tic.japan published by {start}"))?;
    out.set("holdings.total_usd_bn", *total, &format!("tic.japan, {month}"));
    let Some((date, net)) = eve.published("cot.yen_net", POSITIONS_LAG).last() else {
        out.notes.push("carry book: default, no yen positions".to_owned());
        return Ok(());
    };
    let (book, contracts, least) = BOOK;
    let ratio = (-net / contracts).max(least);
    let [median, sigma] = [book[0] * ratio, book[1]].map(number);
    out.write(
        "carry_unwind.fast_book_usd_bn",
        format!("{{ lognormal = {{ median = {median}, sigma = {sigma} }} }}"),
        format!("default times {ratio:.3}: cot.yen_net, {date}, over that of June 2026"),
    );
    Ok(())
}

/// Size of the Treasury market.
fn market(eve: &Eve<'_>, start: Date, out: &mut Numbers) -> Result<(), String> {
    let known = MARKET.iter().rev().find_map(|(date, size, source)| {
        civil(*date).filter(|date| *date <= start).map(|date| (date, *size, *source))
    });
    let (date, size, source) = known.ok_or("no size of the Treasury market is known")?;
    let debt = eve.published("GFDEBTN", DEBT_LAG);
    // A quarter is dated at its first day and holds the debt of its last.
    let then = debt.iter().rev().find(|(quarter, _)| (date - *quarter).whole_days() >= 88);
    let grown = then.zip(debt.last()).map(|((_, then), (_, now))| now / then);
    let grown = grown.filter(|_| start.year() - date.year() <= SCALED_YEARS).unwrap_or(1.0);
    let source = format!("{source}, times {grown:.3} by GFDEBTN");
    out.set("impact.market_usd_tn", size * grown, &source);
    let issued = format!("assumption: 7.5% of the market a year, as in 2026; {source}");
    out.set("impact.issuance_usd_bn_per_year", 1000.0 * size * grown * ISSUANCE, &issued);
    let (year, now, ratio, growth) = CAPACITY;
    let gdp = libm::pow(1.0 + growth, f64::from(year - start.year()));
    let then = format!("assumption: debt to GDP then, by GDP growing 4.35% a year; {source}");
    out.set("impact.gdp_ratio", ratio * size * grown / now * gdp, &then);
    if grown == 1.0 {
        out.notes.push(format!("Treasury market: {size} of {date}, not scaled"));
    }
    Ok(())
}
