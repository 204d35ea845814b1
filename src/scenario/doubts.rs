//! What will not happen although it is written: sales beyond what the seller has, events of muted channels, uncertain days
//! past the end.

use super::diagnostic::Diagnostic;
use super::layers::State;
use super::resolve::Resolved;
use super::stock::held;

/// Probability from which on a doubt is worth a warning.
const WORTH_SAYING: f64 = 0.001;

/// Warns of events that will not happen, or not as they are written.
pub(super) fn warn(state: &State<'_>, resolved: &Resolved, out: &mut Vec<Diagnostic>) {
    let (catalogue, horizon) = (state.setting.catalogue, state.setting.horizon);
    let stocks = held(catalogue, &resolved.quantities, &resolved.events);
    for (index, (event, stock)) in resolved.events.iter().zip(stocks).enumerate() {
        let name = event.name.clone().unwrap_or_else(|| (index + 1).to_string());
        let key = format!("event.{name}.{}", event.kind);
        let quantity = |id: usize| resolved.quantities.get(id);
        let mut say = |message: String, help: String| {
            if let Some((file, span)) = resolved.places.get(index) {
                out.push(Diagnostic::warning(file, span.clone(), message).key(&key).help(help));
            }
        };
        let kind = catalogue.events.iter().find(|kind| kind.name == event.kind);
        let needs = kind.and_then(|kind| kind.needs);
        let muted = needs.filter(|needs| {
            let place = catalogue.channels.iter().position(|channel| channel == needs);
            place.and_then(|place| state.muted.get(place)).copied().unwrap_or(false)
        });
        if let Some(channel) = muted {
            let message = format!(
                "`{key}` does not reach the 10-year yield: its channel `{channel}` is muted"
            );
            say(message, format!("leave the event out, or set `channels.{channel} = true`"));
            continue;
        }
        if let Some(stock) = stock.filter(|stock| stock.exceeded >= WORTH_SAYING) {
            let (seller, has) = (&stock.seller, rounded(stock.usd_bn));
            let chance = percent(stock.exceeded);
            let message = format!("`{key}` can sell more than {seller} has, about {has} USD bn");
            say(
                message,
                match stock.unfollowed {
                    None => format!(
                        "in {chance} of its draws; what is not there is not sold, and the results say how much"
                    ),
                    Some(source) => format!(
                        "in {chance} of its draws; the model keeps no ledger of theirs and sells it all the same ({source})"
                    ),
                },
            );
        }
        let day = quantity(event.day).filter(|day| day.marginal.constant().is_none());
        let late = day.map_or(0.0, |day| 1.0 - day.marginal.cdf(horizon as f64 + 0.5));
        if late >= WORTH_SAYING {
            let message =
                format!("the day of `{key}` falls past the end with probability {}", percent(late));
            say(
                message,
                format!(
                    "it then never happens; a `horizon` beyond {horizon} days, or a `max` on the day, mends it"
                ),
            );
        }
    }
}

fn rounded(amount: f64) -> String {
    if amount < 10.0 { format!("{amount:.1}") } else { format!("{amount:.0}") }
}

fn percent(share: f64) -> String {
    match share * 100.0 {
        all if all > 99.95 => "100%".to_owned(),
        percent => format!("{percent:.1}%"),
    }
}
