//! Article 000: how much Japan sells, why, and what it is worth.

use super::bench::{Bench, percent, with_error};
use super::{Answer, Verdict};
use crate::error::Error;
use crate::model::{HOLDERS, cohorts};
use crate::stats::Statistic;

/// Net sales of US bonds in the first quarter of 2026, USD bn, and by month (article 000, derived from MoF data: portfolio
/// investment, in which the Ministry's own reserves do not stand).
const QUARTER: f64 = 29.6;

pub(super) fn quarter(bench: &mut Bench<'_>) -> Result<Answer, Error> {
    // The record counts all but the Ministry, which stands first: the private cohorts and everyday trading.
    let private = &HOLDERS[1..=cohorts::COHORTS];
    let band = bench.sold("managed_adjustment", private, 0..3)?;
    let inside = (band[0]..=band[2]).contains(&QUARTER);
    let text = format!(
        "private holders of the ordinary scenario, everyday trading included, sell {:.0} / {:.0} / {:.0} bn in three months (5/50/95%): {QUARTER} lies {}; February (21.7) and March (26.1) alone exceed the quarter because January bought 18.2",
        band[0],
        band[1],
        band[2],
        if inside { "inside" } else { "outside" },
    );
    let basis = "managed_adjustment, from mid-2026 levels".to_owned();
    Ok(Answer { text, verdict: Verdict::when(inside), basis })
}

pub(super) fn sustained_shift(bench: &mut Bench<'_>) -> Result<Answer, Error> {
    let name = "sustained_shift";
    let share = bench.read(name, &[], "impact_10y_bp", "end", Statistic::Between)?;
    let median = bench.read(name, &[], "impact_10y_bp", "end", Statistic::Quantile(0.5))?;
    let amounts = [400.0, 600.0, 800.0, 1000.0];
    let mut reached = Vec::new();
    for amount in amounts {
        let set = format!("event.shift.official_sale.amount_usd_bn={amount}");
        reached.push(bench.band(name, &[&set], "impact_10y_bp", "end")?[1]);
    }
    let flow = crossing(&amounts, &reached, 20.0);
    // The whole impact at gdp_scaling 0 times a factor: gdp_scaling 1 with the factor as ratio.
    let factors = [1.0, 1.5, 2.0, 2.5, 3.0];
    let mut scaled = Vec::new();
    for factor in factors {
        let set = format!("impact.gdp_ratio={factor}");
        let band = bench.band(name, &["impact.gdp_scaling=1", &set], "impact_10y_bp", "end")?;
        scaled.push(band[1]);
    }
    let factor = crossing(&factors, &scaled, 20.0);
    let say = |found: Option<f64>, unit: &str, most: f64| match found {
        Some(value) if unit == "bn" => format!("USD {value:.0}bn a year"),
        Some(value) => format!("an elasticity {value:.1} times the consensus at gdp_scaling 0"),
        None => format!("more than {most}{unit}"),
    };
    let text = format!(
        "USD 300 to 500bn in a year: {} of paths lie in 20 to 50 bp, the median is {}; the median reaches 20 bp with {}, or {}",
        percent(share),
        with_error(median),
        say(flow, "bn", 1000.0),
        say(factor, " times", 3.0),
    );
    let verdict = match (median.value >= 20.0, flow.or(factor)) {
        (true, _) => Verdict::Holds,
        (false, Some(_)) => Verdict::OnlyIf,
        (false, None) => Verdict::Fails,
    };
    Ok(Answer { text, verdict, basis: name.to_owned() })
}

/// Where a rising line through points reaches a level.
fn crossing(x: &[f64], y: &[f64], level: f64) -> Option<f64> {
    let first = y.iter().position(|value| *value >= level)?;
    let Some(before) = first.checked_sub(1) else { return x.first().copied() };
    let share = (level - y[before]) / (y[first] - y[before]);
    Some(x[before] + share * (x[first] - x[before]))
}

/// Those who decide on the pickup.
const PICKUP: [&str; 5] = ["life_insurers", "megabanks", "regional_banks", "post_bank", "trusts"];

pub(super) fn slow_start(bench: &mut Bench<'_>) -> Result<Answer, Error> {
    let name = "boj_fast_hikes";
    let quarters = [0..3, 3..6, 6..9, 9..12];
    let mut sales = Vec::new();
    for months in quarters {
        sales.push(bench.sales(name, &PICKUP, months)?);
    }
    let most = sales.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let peak = sales.iter().position(|sale| *sale == most).unwrap_or(0);
    let (verdict, what) = match peak {
        0 => (Verdict::Fails, "the first is the largest".to_owned()),
        3 => {
            (Verdict::Holds, "reviews and lags delay them, and the last is the largest".to_owned())
        }
        peak => (
            Verdict::OnlyIf,
            format!(
                "reviews and lags delay them; it holds only up to quarter {}, then they fade",
                peak + 1
            ),
        ),
    };
    let text = format!(
        "private holders who look at the pickup sell {:.2}, {:.2}, {:.2}, {:.2} bn a month in the four quarters: {what}",
        sales[0], sales[1], sales[2], sales[3],
    );
    Ok(Answer { text, verdict, basis: name.to_owned() })
}

pub(super) fn absorbed(bench: &mut Bench<'_>) -> Result<Answer, Error> {
    let name = "q1_pace_persists";
    let sides: [(&str, &[&str]); 2] = [(name, &[]), (name, &["impact.matched_share=0.3"])];
    let fall = bench.difference(sides, "impact_10y_bp", "end", Statistic::Mean)?;
    let text = format!(
        "a named counterparty that takes 30% of the sales moves the mean impact by {} bp; what unnamed buyers do is in the elasticities already",
        with_error(fall),
    );
    let holds = fall.value < -4.0 * fall.mcse;
    Ok(Answer { text, verdict: Verdict::when(holds), basis: name.to_owned() })
}

/// A sale of USD 200bn in a month, and what may stand beside it.
fn sale(beside: &str) -> String {
    format!(
        "title = \"Sale\"\nhorizon = \"1m\"\n[[event]]\nday = 1\nofficial_sale = {{ amount_usd_bn = 200, over_days = 20 }}\n{beside}"
    )
}

pub(super) fn supply(bench: &mut Bench<'_>) -> Result<Answer, Error> {
    let (alone, beside) = (
        sale(""),
        sale("[[event]]\nday = 1\nissuance_surprise = { amount_usd_bn = 200, over_days = 20 }\n"),
    );
    let surprise = bench.difference(
        [(&alone, &[]), (&beside, &[])],
        "impact_10y_bp",
        "end",
        Statistic::Mean,
    )?;
    let larger = bench.difference(
        [(&alone, &[]), (&alone, &["impact.market_usd_tn=35"])],
        "impact_10y_bp",
        "end",
        Statistic::Mean,
    )?;
    let text = format!(
        "two signs: USD 200bn of surprise issuance beside a sale of 200bn adds {} bp, as dealers are full; a market of USD 35tn instead of 30.8tn takes {} bp off, as a dollar is a smaller part of it",
        with_error(surprise),
        with_error(larger),
    );
    let verdict =
        if surprise.value > 4.0 * surprise.mcse { Verdict::OnlyIf } else { Verdict::Fails };
    let text = format!("{text}; it holds only if the supply is a surprise that dealers must carry");
    Ok(Answer { text, verdict, basis: "a sale of USD 200bn in a month".to_owned() })
}

pub(super) fn fed_cuts(bench: &mut Bench<'_>) -> Result<Answer, Error> {
    let calm = "title = \"Calm\"\n";
    let cut =
        "title = \"Cut\"\n[[event]]\nday = 20\nfed_move = { size_bp = -100, priced_bp = 0 }\n";
    let rise =
        bench.difference([(calm, &[]), (cut, &[])], "hedged_pickup_bp", "3m", Statistic::Mean)?;
    let text = format!(
        "an unexpected cut by 100 bp moves the hedged pickup by {} bp after three months: hedging gets cheaper by more than the 10-year falls",
        with_error(rise),
    );
    let holds = rise.value > 4.0 * rise.mcse;
    Ok(Answer {
        text,
        verdict: Verdict::when(holds),
        basis: "baseline with a dated cut".to_owned(),
    })
}

pub(super) fn boj_pause(bench: &mut Bench<'_>) -> Result<Answer, Error> {
    let (usual, pause) = ("managed_adjustment", "boj_pause");
    let mut change = Vec::new();
    for holders in [&["life_insurers", "regional_banks"], &["post_bank", "trusts"]] {
        let sold = |bench: &mut Bench<'_>, name| bench.sales(name, holders, 0..12);
        change.push(12.0 * (sold(bench, pause)? - sold(bench, usual)?));
    }
    let impact =
        bench.difference([(usual, &[]), (pause, &[])], "impact_10y_bp", "end", Statistic::Mean)?;
    let text = format!(
        "over a year hedged holders (life insurers, regional banks) sell {:+.2} bn, mostly unhedged ones (Post Bank, trusts) {:+.2} bn: a pause keeps the hedge dear; the mean impact moves by {} bp because the JGB yield stays lower",
        change[0],
        change[1],
        with_error(impact),
    );
    let verdict = match (change[0] < 0.0, change[1] < 0.0) {
        (true, true) => Verdict::Holds,
        (false, false) => Verdict::Fails,
        _ => Verdict::OnlyIf,
    };
    let text = if verdict == Verdict::OnlyIf {
        format!("{text}; the selling slows only for holders without a hedge")
    } else {
        text
    };
    Ok(Answer { text, verdict, basis: format!("{pause} against {usual}") })
}

pub(super) fn weaker_yen(bench: &mut Bench<'_>) -> Result<Answer, Error> {
    let calm = "title = \"Calm\"\n[intervention]\nhazard_per_month = 0\n";
    let weak = format!("{calm}[[event]]\nday = 1\nyen_jump = {{ size_pct = 10 }}\n");
    let move_bp =
        bench.difference([(calm, &[]), (&weak, &[])], "hedged_pickup_bp", "1m", Statistic::Mean)?;
    let text = format!(
        "a yen weaker by 10% moves the hedged pickup by {} bp in a month: by parity the cost is the gap of short rates less the basis, whatever the level of the yen",
        with_error(move_bp),
    );
    let holds = move_bp.value < -5.0;
    Ok(Answer {
        text,
        verdict: Verdict::when(holds),
        basis: "baseline with a jump of the yen, no intervention".to_owned(),
    })
}

pub(super) fn second_holder(_: &mut Bench<'_>) -> Result<Answer, Error> {
    let (japan, kingdom, china) = (1116.7, 939.9, 633.0);
    let text = format!(
        "the record at the end of June 2026 is Japan {japan}, the United Kingdom {kingdom}, China {china:.0} (USD bn): the United Kingdom, where custodians hold for others too, passed China"
    );
    let verdict = Verdict::when(china > kingdom);
    Ok(Answer { text, verdict, basis: "TIC, table 5, June 2026".to_owned() })
}
