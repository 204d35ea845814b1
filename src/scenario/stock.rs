//! What the sellers of dated sales have on the day of the sale: what is declared of the kind, less the sales before it.
//!
//! ```text
//! split    held_c = total · x_c / Σ x                       a sale without a word takes of all, pro rata
//! sum      held   = Σ x / share                             in units of the event's amount
//! before   sales of the same seller on an earlier day (then in the file's order), where likely, at their medians
//! ```
//!
//! Numbers that are uncertain vary over five points each, the others at their medians. What the seller trades otherwise
//! until then is not known here; the results have what was sold.

use super::{Catalogue, Event, EventKind, FieldKind, Quantity, Stock};

/// Points of an uncertain number, each for a fifth of it.
const POINTS: [f64; 5] = [0.1, 0.3, 0.5, 0.7, 0.9];
/// Probability from which on an earlier sale counts.
const LIKELY: f64 = 0.5;

/// What the seller of a sale has.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// Who sells.
    pub seller: String,
    /// Median of what it has, in units of the event's amount, USD bn.
    pub usd_bn: f64,
    /// Probability that the amount is larger.
    pub exceeded: f64,
    /// Where the number comes from, when the model does not follow the seller and sells the rest all the same.
    pub unfollowed: Option<&'static str>,
}

/// What the seller of each event has; none for what is no sale out of something.
pub fn held(catalogue: &Catalogue, quantities: &[Quantity], events: &[Event]) -> Vec<Option<Held>> {
    let look = Look { catalogue, quantities };
    let sales: Vec<Option<Sale<'_>>> = events.iter().map(|event| look.sale(event)).collect();
    let mut order: Vec<usize> = (0..events.len()).filter(|index| sales[*index].is_some()).collect();
    let day = |index: &usize| look.median(events[*index].day);
    order.sort_by(|a, b| day(a).total_cmp(&day(b)).then(a.cmp(b)));
    let mut found = vec![None; events.len()];
    for (place, index) in order.iter().enumerate() {
        let Some(sale) = &sales[*index] else { continue };
        let before: Vec<&Sale<'_>> =
            order[..place].iter().filter_map(|earlier| sales[*earlier].as_ref()).collect();
        found[*index] = Some(look.held(sale, &before));
    }
    found
}

/// A sale as written.
struct Sale<'a> {
    stock: Stock,
    word: Option<(usize, &'static str)>,
    amount: &'a Quantity,
    likely: bool,
}

struct Look<'a> {
    catalogue: &'a Catalogue,
    quantities: &'a [Quantity],
}

impl<'a> Look<'a> {
    fn sale(&self, event: &Event) -> Option<Sale<'a>> {
        let kind = self.catalogue.events.iter().find(|kind| kind.name == event.kind)?;
        let place = numbers(kind).position(|name| name == "amount_usd_bn")?;
        let word = event.words.first().copied().flatten();
        let word = word
            .and_then(|word| Some((words(kind)?.iter().position(|known| *known == word)?, word)));
        Some(Sale {
            stock: kind.stock?,
            word,
            amount: self.quantities.get(*event.numbers.get(place)?)?,
            likely: self.median(event.probability) >= LIKELY,
        })
    }

    fn median(&self, quantity: usize) -> f64 {
        self.quantities.get(quantity).map_or(f64::NAN, |found| found.marginal.quantile(0.5))
    }

    /// A number by its address at a quantile; zero where the scenario does not have it.
    fn at(&self, address: &str, p: f64) -> f64 {
        let found = self.quantities.iter().find(|quantity| quantity.address == address);
        found.map_or(0.0, |found| found.marginal.quantile(p))
    }

    fn held(&self, sale: &Sale<'_>, before: &[&Sale<'_>]) -> Held {
        let left: Vec<f64> = POINTS
            .iter()
            .flat_map(|one| POINTS.map(|other| self.left(sale, before, [*one, other])))
            .collect();
        let larger = |left: &f64| 1.0 - sale.amount.marginal.cdf(*left);
        let unfollowed = match sale.stock {
            Stock::Record { source, .. } => Some(source),
            _ => None,
        };
        Held {
            seller: seller(sale),
            usd_bn: left[left.len() / 2],
            exceeded: left.iter().map(larger).sum::<f64>() / left.len() as f64,
            unfollowed,
        }
    }

    /// What is left for a sale with the first number at one quantile, the second at the other.
    fn left(&self, sale: &Sale<'_>, before: &[&Sale<'_>], [one, other]: [f64; 2]) -> f64 {
        let earlier = before.iter().filter(|earlier| earlier.likely);
        match sale.stock {
            Stock::Record { words, others, .. } => {
                let known = words.iter().find(|(word, _)| Some(*word) == sale.word.map(|w| w.1));
                known.map_or(others, |(_, amount)| *amount)
            }
            Stock::Sum { parts, share } => {
                let of = |share: Option<&str>| share.map_or(1.0, |share| self.at(share, 0.5));
                let sum: f64 = parts
                    .iter()
                    .zip([one, other].into_iter().chain(std::iter::repeat(0.5)))
                    .map(|(part, p)| self.at(part, p))
                    .sum();
                let sold: f64 = earlier
                    .filter_map(|earlier| match earlier.stock {
                        Stock::Sum { parts: same, share } if same == parts => {
                            Some(earlier.amount.marginal.quantile(0.5) * of(share))
                        }
                        _ => None,
                    })
                    .sum();
                (sum - sold).max(0.0) / of(share).max(f64::MIN_POSITIVE)
            }
            Stock::Split { total, parts } => {
                let own = sale.word.map(|(place, _)| place);
                let at = |place: usize| if Some(place) == own { other } else { 0.5 };
                let mut held: Vec<f64> = parts
                    .iter()
                    .enumerate()
                    .map(|(place, part)| self.at(part, at(place)))
                    .collect();
                let scale = self.at(total, one) / held.iter().sum::<f64>().max(1e-9);
                held.iter_mut().for_each(|part| *part *= scale);
                for earlier in earlier.filter(|earlier| earlier.stock == sale.stock) {
                    let amount = earlier.amount.marginal.quantile(0.5);
                    match earlier.word {
                        Some((place, _)) => held[place] = (held[place] - amount).max(0.0),
                        None => {
                            let sum: f64 = held.iter().sum();
                            let kept = (sum - amount).max(0.0) / sum.max(1e-9);
                            held.iter_mut().for_each(|part| *part *= kept);
                        }
                    }
                }
                own.and_then(|place| held.get(place).copied()).unwrap_or_else(|| held.iter().sum())
            }
        }
    }
}

fn seller(sale: &Sale<'_>) -> String {
    match (sale.stock, sale.word) {
        (_, Some((_, word))) => format!("`{word}`"),
        (Stock::Split { .. }, None) => "all of Japan".to_owned(),
        (Stock::Sum { .. }, None) => "the Ministry".to_owned(),
        (Stock::Record { .. }, None) => "the holders".to_owned(),
    }
}

fn numbers(kind: &EventKind) -> impl Iterator<Item = &'static str> {
    let numbers = kind.fields.iter().filter(|field| matches!(field.kind, FieldKind::Number { .. }));
    numbers.map(|field| field.name)
}

fn words(kind: &EventKind) -> Option<&'static [&'static str]> {
    kind.fields.iter().find_map(|field| match field.kind {
        FieldKind::Word(words) => Some(words),
        _ => None,
    })
}
