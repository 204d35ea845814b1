//! Articles 002 to 004: the rout of Japanese bonds, the dump, the card on the table.

use super::bench::{Bench, percent, with_error};
use super::{Answer, Verdict};
use crate::error::Error;
use crate::stats::Statistic;

/// Levels that count as 50 and 100 bp or more, by position among the counted levels.
const FIFTY: Statistic = Statistic::AtLeast(1);
const HUNDRED: Statistic = Statistic::AtLeast(2);

pub(super) fn rout(bench: &mut Bench<'_>) -> Result<Answer, Error> {
    let name = "jgb_rout_replay";
    let day = bench.band(name, &[], "impact_10y_bp", "1d")?;
    let month = bench.band(name, &[], "impact_10y_bp", "1m")?;
    let text = format!(
        "{:.1} bp on the day (5-95% {:.1} to {:.1}; the record shows 6, with a tariff threat beside it), {:.1} after a month ({:.1} to {:.1})",
        day[1], day[0], day[2], month[1], month[0], month[2],
    );
    let holds = day[0] > 0.0 && day[1] < 10.0;
    Ok(Answer { text, verdict: Verdict::when(holds), basis: name.to_owned() })
}

/// USD 300bn sold in one day.
const OVERNIGHT: &str = "title = \"Overnight\"\nhorizon = \"1w\"\n[[event]]\nday = 1\nofficial_sale = { amount_usd_bn = 300, over_days = 1 }\n";

pub(super) fn dump(bench: &mut Bench<'_>) -> Result<Answer, Error> {
    let name = "disorderly_dump_contagion";
    bench.require(name, "1d")?;
    let gross = "impact_10y_gross_bp";
    let day = bench.read(name, &[], gross, "1d", FIFTY)?;
    let month = bench.read(name, &[], gross, "1m", FIFTY)?;
    let at_once = bench.read(OVERNIGHT, &[], gross, "1d", FIFTY)?;
    let beyond = bench.read(OVERNIGHT, &[], gross, "1d", HUNDRED)?;
    let text = format!(
        "USD 300 to 400bn sold over a month give 50 bp or more on the first day on {} of paths and within the month on {}; USD 300bn sold in one day on {} (100 bp or more on {}), before any purchase of the Fed",
        percent(day),
        percent(month),
        percent(at_once),
        percent(beyond),
    );
    let verdict = match (day.value >= 0.5, at_once.value >= 0.1) {
        (true, _) => Verdict::Holds,
        (false, true) => Verdict::OnlyIf,
        _ => Verdict::Fails,
    };
    Ok(Answer { text, verdict, basis: format!("{name}; a sale in one day") })
}

pub(super) fn followers(bench: &mut Bench<'_>) -> Result<Answer, Error> {
    let name = "disorderly_dump_contagion";
    let others = bench.channel(name, &[], "contagion", "1m")?;
    let gross = bench.read(name, &[], "impact_10y_gross_bp", "1m", Statistic::Mean)?;
    let fed = bench.channel(name, &[], "backstop", "1m")?;
    let text = format!(
        "after a month others who follow make {} of {} bp gross; the Fed's backstop takes {} bp off the mean",
        with_error(others),
        with_error(gross),
        with_error(fed),
    );
    let holds = others.value > 4.0 * others.mcse && fed.value < -4.0 * fed.mcse;
    Ok(Answer { text, verdict: Verdict::when(holds), basis: name.to_owned() })
}

pub(super) fn costs(bench: &mut Bench<'_>) -> Result<Answer, Error> {
    let name = "disorderly_dump_contagion";
    let metric = "us_interest_cost_usd_bn_per_year";
    let interest = bench.read(name, &[], metric, "end", Statistic::Mean)?;
    let loss = bench.read(name, &[], "mtm_loss_usd_bn", "1m", Statistic::Mean)?;
    let text = format!(
        "US interest cost rises by USD {}bn a year on new coupons, Japan's remaining holdings lose USD {}bn at market within a month",
        with_error(interest),
        with_error(loss),
    );
    let holds = interest.value > 0.0 && loss.value > 0.0;
    Ok(Answer { text, verdict: Verdict::when(holds), basis: name.to_owned() })
}

/// Japan's holdings, USD bn (TIC, June 2026), and their mean duration in years (assumption).
const HOLDINGS: f64 = 1116.7;
const DURATION: f64 = 4.8;

pub(super) fn mark_to_market(bench: &mut Bench<'_>) -> Result<Answer, Error> {
    let name = "disorderly_dump_contagion";
    let needed = 10.0 / DURATION * 100.0;
    let seen = bench.read(name, &[], "impact_10y_bp", "peak", HUNDRED)?;
    let loss = 0.1 * HOLDINGS;
    let text = format!(
        "10% of USD {HOLDINGS}bn are {loss:.0}bn; at a duration of {DURATION} years that takes {needed:.0} bp, and even in the dump {} of paths see 100 bp on some day",
        percent(seen),
    );
    let holds = (loss - 110.0).abs() < 5.0;
    Ok(Answer {
        text,
        verdict: Verdict::when(holds),
        basis: format!("arithmetic on TIC, June 2026; {name}"),
    })
}

pub(super) fn threat(bench: &mut Bench<'_>) -> Result<Answer, Error> {
    let name = "treasury_card_threat";
    let first = bench.channel(name, &[], "official_sale", "event+1d")?;
    let last = bench.channel(name, &[], "official_sale", "end")?;
    let text = format!(
        "words alone move the 10-year by {} bp on the day after, of which {} bp are left after three months",
        with_error(first),
        with_error(last),
    );
    let holds = first.value > 4.0 * first.mcse && last.value < 0.5 * first.value;
    Ok(Answer { text, verdict: Verdict::when(holds), basis: name.to_owned() })
}
