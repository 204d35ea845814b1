//! What a scenario file may say: every parameter and every kind of event, declared once, with unit, hard range,
//! default and source. The check, the JSON Schema, `explain` and the defaults are all generated from here.

use crate::num::Marginal;

/// One parameter of a driver, a channel or the propagator: the key `table.name` of a scenario file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Declaration {
    /// Table of the scenario file, for example `boj`.
    pub table: &'static str,
    /// Key inside the table, for example `hike_probability`.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub about: &'static str,
    /// Unit, for example `%`, `bp`, `USD bn`, `days`, `probability`, `ratio`.
    pub unit: &'static str,
    /// Smallest possible value; draws are truncated to it.
    pub low: f64,
    /// Largest possible value; draws are truncated to it.
    pub high: f64,
    /// Default as TOML text; `None` for the levels of the market, which `baseline.toml` must give, with their date.
    pub default: Option<&'static str>,
    /// Where the default comes from, or a text with the word `assumption`. Empty where there is no default.
    pub source: &'static str,
}

/// A field of an event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// Key inside the event's table, for example `amount_usd_bn`.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub about: &'static str,
    /// What may be written.
    pub kind: FieldKind,
    /// Whether the field may be left out.
    pub optional: bool,
}

/// What may be written in a field of an event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FieldKind {
    /// A number or a distribution, with unit and hard range.
    Number {
        /// Unit, for example `USD bn`.
        unit: &'static str,
        /// Smallest possible value.
        low: f64,
        /// Largest possible value.
        high: f64,
        /// Value when the field is optional and left out.
        default: f64,
    },
    /// One of these words.
    Word(&'static [&'static str]),
    /// `true` or `false` (false when left out).
    Flag,
}

/// A kind of event, for example `official_sale`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EventKind {
    /// Key of its table.
    pub name: &'static str,
    /// What happens, in a sentence.
    pub about: &'static str,
    /// Its fields, in the order in which the model reads them.
    pub fields: &'static [Field],
    /// The channel through which alone it reaches the 10-year yield.
    pub needs: Option<&'static str>,
    /// What its `amount_usd_bn` is sold out of.
    pub stock: Option<Stock>,
}

/// What a sale is taken from: addresses of numbers of the scenario, USD bn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stock {
    /// A total, and the numbers by which it is split over the words of the event's first word field; without a word the
    /// whole total.
    Split {
        /// The total.
        total: &'static str,
        /// What the words' owners hold, in the order of the words, to be scaled to the total.
        parts: &'static [&'static str],
    },
    /// A sum of numbers, of which the event wants a share of its amount.
    Sum {
        /// The numbers.
        parts: &'static [&'static str],
        /// The share; all of it when none.
        share: Option<&'static str>,
    },
    /// What the record says of each word, and of all others; the model sells more than that all the same.
    Record {
        /// Word and amount.
        words: &'static [(&'static str, f64)],
        /// Of any other word, or none.
        others: f64,
        /// Where the amounts come from.
        source: &'static str,
    },
}

/// A named set of values for one table, chosen by a key: `impact.prior = "beltran2013"`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Preset {
    /// Word that chooses it.
    pub name: &'static str,
    /// What it is and where it comes from.
    pub about: &'static str,
    /// Keys of the table and their values as TOML text.
    pub values: &'static [(&'static str, &'static str)],
    /// Keys whose mixtures have a component for each study that the preset draws, so that one draw chooses all of them.
    pub by_study: &'static [&'static str],
}

/// The law of a number by its address, `boj.cut_probability`.
pub type Lookup<'a> = dyn Fn(&str) -> Marginal + 'a;

/// What markets price of a lottery over meetings.
#[derive(Debug, Clone, PartialEq)]
pub struct PricedPath {
    /// Odds that deliver the priced path, 0 to 1.
    pub probability: f64,
    /// Mean move of each of the next meetings, bp.
    pub moves_bp: Vec<f64>,
}

/// A number that hardly can be meant as it stands beside the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Address of the number.
    pub address: &'static str,
    /// What is odd about it, behind its address and its value: "lies below …".
    pub why: String,
    /// What to write instead.
    pub help: String,
}

/// A number that may be written `"priced"`: it is then solved from what markets price.
#[derive(Debug, Clone, Copy)]
pub struct Priced {
    /// Table and name of the number, for example `boj` and `hike_probability`.
    pub key: (&'static str, &'static str),
    /// What is priced of the next meetings: the scenario's numbers, those of its root, the number of meetings.
    pub solve: fn(&Lookup<'_>, &Lookup<'_>, usize) -> PricedPath,
}

/// All that a scenario file may say.
#[derive(Debug, Clone, Copy)]
pub struct Catalogue {
    /// Declarations, one slice a mechanism, in the order in which the model reads them.
    pub mechanisms: &'static [&'static [Declaration]],
    /// Kinds of events.
    pub events: &'static [EventKind],
    /// Channels that can be muted under `[channels]`, in the order of the attribution rows.
    pub channels: &'static [&'static str],
    /// The table, the key and the presets of the elasticity priors: (`impact`, `prior`, …).
    pub prior_table: &'static str,
    /// The key that chooses a preset.
    pub prior_key: &'static str,
    /// The presets.
    pub priors: &'static [Preset],
    /// Numbers that may be written `"priced"`.
    pub priced: &'static [Priced],
    /// Correlations of the defaults between parameters: address, address, rho.
    pub correlations: &'static [(&'static str, &'static str, f64)],
    /// Levels of the market that do not fit each other or the record.
    pub doubts: fn(&Lookup<'_>) -> Vec<Doubt>,
}

impl Catalogue {
    /// All declarations, in the order in which the model reads them.
    pub fn declarations(&self) -> impl Iterator<Item = &'static Declaration> {
        self.mechanisms.iter().flat_map(|mechanism| mechanism.iter())
    }
}

/// Declares the parameters of one mechanism: a struct `Params<V>` (one `V` a parameter, `V` being one lane or one
/// number) and their [`Declaration`]s.
///
/// ```ignore
/// parameters! { "boj" {
///     /// Probability of a hike at a meeting.
///     hike_probability: "probability", 0.0..=1.0, Some("0.25"), "assumption";
/// } }
/// ```
macro_rules! parameters {
    ($table:literal { $( $(#[doc = $doc:literal])+ $name:ident : $unit:literal, $low:literal ..= $high:literal, $default:expr, $source:literal; )* }) => {
        /// The mechanism's parameters on one path (`V = f64`) or on a lane of paths.
        #[derive(Debug, Clone, Copy)]
        pub struct Params<V> {
            $( $(#[doc = $doc])+ pub $name: V, )*
        }

        /// Unit, range, default and source of each parameter.
        pub const DECLARATIONS: &[$crate::scenario::Declaration] = &[ $( $crate::scenario::Declaration {
            table: $table,
            name: stringify!($name),
            about: concat!($($doc),+),
            unit: $unit,
            low: $low,
            high: $high,
            default: $default,
            source: $source,
        } ),* ];

        impl<V> Params<V> {
            /// Reads the parameters in the order of [`DECLARATIONS`].
            #[inline(always)]
            pub fn read(mut next: impl FnMut() -> V) -> Self {
                Params { $( $name: next(), )* }
            }
        }
    };
}
pub(crate) use parameters;
