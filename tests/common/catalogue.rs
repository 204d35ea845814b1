//! The catalogue and the parents that the scenario tests load against.

use ustress::scenario::{Catalogue, Declaration, EventKind, Field, FieldKind, Preset};

/// The catalogue under test.
#[allow(dead_code, reason = "not every test target uses it")]
pub(crate) fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

/// A root parent that gives every value without a default.
#[allow(dead_code, reason = "not every test target uses it")]
pub(crate) const BASELINE: &str = r#"
title   = "Baseline"
story   = "Nothing happens that is not priced."
start   = 2026-07-01
horizon = "12m"
levels  = 2026-06-30

[boj]
policy_rate_pct = 1.00

[sources]
"boj.policy_rate_pct" = "Bank of Japan, 16 June 2026"
"#;

const fn number(
    table: &'static str,
    name: &'static str,
    unit: &'static str,
    low: f64,
    high: f64,
    default: Option<&'static str>,
) -> Declaration {
    let about = "A number of the test catalogue.";
    Declaration { table, name, about, unit, low, high, default, source: "assumption" }
}

const BOJ: &[Declaration] = &[
    number("boj", "policy_rate_pct", "%", -1.0, 10.0, None),
    number("boj", "hike_probability", "probability", 0.0, 1.0, Some("0.25")),
];
const IMPACT: &[Declaration] = &[
    number(
        "impact",
        "transitory_bp_per_100bn",
        "bp per USD 100bn",
        0.0,
        200.0,
        Some(
            "{ mixture = { parts = [{ lognormal = { median = 4.5, sigma = 0.65 } }, { lognormal = { median = 25, sigma = 0.45 } }], weights = [0.95, 0.05] } }",
        ),
    ),
    number(
        "impact",
        "lasting_bp_per_100bn",
        "bp per USD 100bn",
        0.0,
        50.0,
        Some("{ lognormal = { median = 1.8, sigma = 0.60 } }"),
    ),
    number(
        "impact",
        "half_life_days",
        "days",
        1.0,
        250.0,
        Some("{ lognormal = { median = 20, sigma = 0.85 }, min = 2 }"),
    ),
    number("impact", "matched_share", "share", 0.0, 1.0, Some("0.0")),
    number("impact", "market_usd_tn", "USD tn", 1.0, 200.0, Some("30.8")),
    number("impact", "issuance_usd_bn_per_year", "USD bn a year", 0.0, 10_000.0, Some("2300")),
];
const DEALERS: &[Declaration] = &[
    number("dealers", "stressed_probability", "probability", 0.0, 1.0, Some("0.10")),
    number("dealers", "stress_trigger_bp", "bp", 1.0, 100_000.0, Some("40")),
];

const fn field(name: &'static str, unit: &'static str, low: f64, high: f64) -> Field {
    let kind = FieldKind::Number { unit, low, high, default: 0.0 };
    Field { name, about: "A number of the event.", kind, optional: false }
}

const fn optional(name: &'static str, unit: &'static str, high: f64, default: f64) -> Field {
    let kind = FieldKind::Number { unit, low: 0.0, high, default };
    Field { name, about: "An optional number of the event.", kind, optional: true }
}

const fn words(name: &'static str, list: &'static [&'static str], optional: bool) -> Field {
    Field { name, about: "A word.", kind: FieldKind::Word(list), optional }
}

const COHORTS: &[&str] = &["mof", "gpif", "megabanks", "lifers", "post_bank", "norinchukin"];

const fn kind(name: &'static str, fields: &'static [Field]) -> EventKind {
    EventKind { name, about: "A kind of event.", fields, needs: None, stock: None }
}

const EVENTS: &[EventKind] = &[
    kind(
        "official_sale",
        &[
            field("amount_usd_bn", "USD bn", -5000.0, 5000.0),
            field("over_days", "days", 1.0, 1260.0),
            words("cohort", COHORTS, true),
            optional("duration_years", "years", 30.0, 4.8),
        ],
    ),
    kind(
        "threat",
        &[field("effect_bp", "bp", -500.0, 500.0), field("half_life_days", "days", 0.1, 1000.0)],
    ),
    kind("yen_jump", &[field("size_pct", "%", -50.0, 50.0)]),
    kind(
        "jgb_shock",
        &[field("size_bp", "bp", -500.0, 500.0), field("over_days", "days", 1.0, 252.0)],
    ),
    kind(
        "boj_move",
        &[field("size_bp", "bp", -500.0, 500.0), field("priced_bp", "bp", -500.0, 500.0)],
    ),
    kind(
        "fed_move",
        &[field("size_bp", "bp", -500.0, 500.0), field("priced_bp", "bp", -500.0, 500.0)],
    ),
    kind("oil_shock", &[field("size_pct", "%", -90.0, 500.0)]),
    kind(
        "equity_shock",
        &[field("size_pct", "%", -90.0, 100.0), words("origin", &["yen", "us", "global"], false)],
    ),
    kind(
        "dealer_stress",
        &[field("multiplier", "ratio", 1.0, 20.0), field("days", "days", 1.0, 1260.0)],
    ),
    kind(
        "issuance_surprise",
        &[
            field("amount_usd_bn", "USD bn", -5000.0, 5000.0),
            field("over_days", "days", 1.0, 1260.0),
        ],
    ),
    kind(
        "coordinated_intervention",
        &[field("amount_usd_bn", "USD bn", 0.0, 2000.0), field("days", "days", 1.0, 252.0)],
    ),
];

const PRIORS: &[Preset] = &[
    Preset {
        name: "consensus",
        about: "The mixture of the defaults (assumption).",
        values: &[],
        by_study: &[],
    },
    Preset {
        name: "beltran2013",
        about: "Beltran and others (2013).",
        values: &[
            ("transitory_bp_per_100bn", "6.4"),
            ("lasting_bp_per_100bn", "3.1"),
            ("half_life_days", "60"),
        ],
        by_study: &[],
    },
    Preset {
        name: "cbo_debt",
        about: "The Congressional Budget Office's rule for debt.",
        values: &[("transitory_bp_per_100bn", "0"), ("lasting_bp_per_100bn", "0.9")],
        by_study: &[],
    },
];

static CATALOGUE: Catalogue = Catalogue {
    mechanisms: &[BOJ, IMPACT, DEALERS],
    events: EVENTS,
    channels: &[
        "rebalancing",
        "carry_unwind",
        "intervention",
        "official_sale",
        "contagion",
        "safe_haven",
        "jgb_spillover",
        "backstop",
    ],
    prior_table: "impact",
    prior_key: "prior",
    priors: PRIORS,
    priced: &[],
    correlations: &[("impact.transitory_bp_per_100bn", "impact.lasting_bp_per_100bn", 0.5)],
    doubts: |_| Vec::new(),
};
