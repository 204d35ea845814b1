//! Article 001: the carry trade, in two books: the fast one of futures and the like, the slow one of loans and swaps.

use super::bench::{Bench, with_error};
use super::{Answer, Verdict};
use crate::error::Error;
use crate::stats::Statistic;

/// A rise of the yen by 6% in a day.
const RALLY: &str =
    "title = \"Rally\"\nhorizon = \"1m\"\n[[event]]\nday = 1\nyen_jump = { size_pct = -6 }\n";

pub(super) fn amplification(bench: &mut Bench<'_>) -> Result<Answer, Error> {
    let mut read =
        |sets: &[&str], statistic| bench.read(RALLY, sets, "amplification", "end", statistic);
    let median = Statistic::Quantile(0.5);
    let usual = read(&["carry_unwind.fast_yen_pct=4"], median)?;
    let large = read(&["carry_unwind.fast_yen_pct=7.6"], median)?;
    let called =
        read(&["carry_unwind.fast_yen_pct=4", "carry_unwind.slow_tolerance_pct=5"], median)?;
    let books = ["carry_unwind.fast_book_usd_bn=0", "carry_unwind.slow_book_usd_bn=0"];
    let none = read(&books, Statistic::Quantile(0.99))?;
    let text = format!(
        "after a rise by 6% in a day the yen rises {} times as far as the first move where closing all of the fast book is worth 4% of the yen (the median, an assumption), {} where it is worth 7.6%, the most that the record allows, {} with 4% and a slow book that is called at 5%; without the books {} on every path",
        with_error(usual),
        with_error(large),
        with_error(called),
        none.value,
    );
    let holds = usual.value > 1.0 && large.value > usual.value && none.value == 1.0;
    Ok(Answer {
        text,
        verdict: Verdict::when(holds),
        basis: "baseline with a jump of the yen".to_owned(),
    })
}

/// Fall of the 10-year from 31 July to 5 August 2024, bp (FRED DGS10).
const FELL: f64 = 31.0;

pub(super) fn august(bench: &mut Bench<'_>) -> Result<Answer, Error> {
    let name = "aug_2024_replay";
    let closed = bench.band(name, &[], "carry_closed_share", "1w")?;
    let impact = bench.band(name, &[], "impact_10y_bp", "1w")?;
    let equity = bench.band(name, &[], "equity_pct", "1w")?;
    let text = format!(
        "within a week {:.0}% of the fast book closes (5-95% {:.0} to {:.0}; CFTC: 44%), equities stand {:.1}% lower, and the 10-year FALLS by {:.0} bp ({:.0} to {:.0}), less than the {FELL:.0} bp on record; the closing law is calibrated on CFTC weeks, this one among them, so it proves nothing",
        100.0 * closed[1],
        100.0 * closed[0],
        100.0 * closed[2],
        -equity[1],
        -impact[1],
        -impact[2],
        -impact[0],
    );
    let holds = closed[1] > 0.3 && equity[1] < 0.0 && impact[1] < 0.0;
    Ok(Answer { text, verdict: Verdict::when(holds), basis: format!("{name}, calibrated on it") })
}

pub(super) fn coordinated(bench: &mut Bench<'_>) -> Result<Answer, Error> {
    let (alone, together) = ("mof_unilateral_repeat", "coordinated_intervention");
    let sides: [(&str, &[&str]); 2] = [(alone, &[]), (together, &[])];
    let closed = bench.difference(sides, "carry_closed_share", "1m", Statistic::Mean)?;
    let impact = bench.difference(sides, "impact_10y_bp", "1m", Statistic::Mean)?;
    let text = format!(
        "after a month {:.1} ± {:.1} points more of the fast book are closed than by the Ministry alone, with {} bp on the 10-year: a dollar does more to the yen, and fewer Treasuries are sold",
        100.0 * closed.value,
        100.0 * closed.mcse,
        with_error(impact),
    );
    let holds = closed.value > 4.0 * closed.mcse;
    Ok(Answer { text, verdict: Verdict::when(holds), basis: format!("{together} against {alone}") })
}

/// Purchases of US equities by Japan, USD bn a month, per 100 bp of the rate gap, with the standard error.
const EQUITY_RESPONSE: [f64; 2] = [-3.9, 4.2];

pub(super) fn equities(_: &mut Bench<'_>) -> Result<Answer, Error> {
    let [slope, error] = EQUITY_RESPONSE;
    let text = format!(
        "the record shows no such paring: {slope} ± {error} bn a month for 100 bp of the gap, {:.1} standard errors and of the other sign, though a small one cannot be ruled out; the model has none",
        (slope / error).abs(),
    );
    let verdict = Verdict::when(slope > 2.0 * error);
    let basis = "regression of Japan's monthly flows into US equities on the rate gap".to_owned();
    Ok(Answer { text, verdict, basis })
}
