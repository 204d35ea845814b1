//! The kinds of events: what a scenario may date, the unit of each number, and the largest size with its reason.

use crate::scenario::{EventKind, Field, FieldKind, Stock};

const fn number(
    name: &'static str,
    about: &'static str,
    unit: &'static str,
    low: f64,
    high: f64,
) -> Field {
    Field {
        name,
        about,
        kind: FieldKind::Number { unit, low, high, default: 0.0 },
        optional: false,
    }
}

const fn optional(
    name: &'static str,
    about: &'static str,
    unit: &'static str,
    low: f64,
    high: f64,
    default: f64,
) -> Field {
    Field { name, about, kind: FieldKind::Number { unit, low, high, default }, optional: true }
}

const DAYS: Field =
    number("over_days", "Steps over which it is spread evenly.", "days", 1.0, 1260.0);
const OVER_DAYS: Field = optional(
    "over_days",
    "Steps over which it is spread evenly; 1 when left out.",
    "days",
    1.0,
    1260.0,
    1.0,
);
const PRICED: Field =
    optional("priced_bp", "Part of it that the market had priced.", "bp", -300.0, 300.0, 0.0);
const MOVE: Field = number(
    "size_bp",
    "Move of the policy rate; at most three times the largest of a meeting since 1990 (the Fed's 100 in March 2020).",
    "bp",
    -300.0,
    300.0,
);

/// What Japan holds, split over the cohorts in the order of [`super::cohorts::NAMES`].
const HOLDINGS: Stock = Stock::Split {
    total: "holdings.total_usd_bn",
    parts: &[
        "holdings.mof_usd_bn",
        "holdings.gpif_usd_bn",
        "holdings.megabanks_usd_bn",
        "holdings.life_insurers_usd_bn",
        "holdings.post_bank_usd_bn",
        "holdings.norinchukin_usd_bn",
        "holdings.regional_banks_usd_bn",
        "holdings.trusts_usd_bn",
    ],
};

/// The Ministry's reserves.
const RESERVES: &[&str] =
    &["intervention.reserves_securities_usd_bn", "intervention.reserves_deposits_usd_bn"];

/// What holders outside Japan have; no ledger of theirs is kept.
const FOREIGN: Stock = Stock::Record {
    words: &[("china", 652.0), ("uk", 940.0)],
    others: 3778.0,
    source: "TIC: China 652 in March 2026, the UK 940 and all foreign officials 3,778 in June 2026",
};

/// The kinds of events, in the order of [`super::events::Kind`].
pub const KINDS: &[EventKind] = &[
    EventKind {
        name: "official_sale",
        about: "Japan sells Treasuries (buys when negative): pro rata over all holders, or one cohort.",
        fields: &[
            number(
                "amount_usd_bn",
                "Amount sold in all; at most about twice what Japan holds (TIC: 1,117 in June 2026).",
                "USD bn",
                -2500.0,
                2500.0,
            ),
            DAYS,
            Field {
                name: "cohort",
                about: "Who sells; all holders pro rata when left out.",
                kind: FieldKind::Word(super::cohorts::NAMES),
                optional: true,
            },
            Field {
                name: "proceeds",
                about: "What becomes of the dollars: kept in dollars, spent abroad, or brought home into yen; when left out the Ministry keeps them and others bring the unhedged share home.",
                kind: FieldKind::Word(&["kept", "spent", "home"]),
                optional: true,
            },
            optional(
                "duration_years",
                "Duration of what is sold, if not the seller's.",
                "years",
                0.1,
                30.0,
                4.8,
            ),
            optional(
                "announced_days",
                "Steps before the first sale at which it is announced; a secret when left out.",
                "days",
                0.0,
                1260.0,
                0.0,
            ),
        ],
        needs: Some("official_sale"),
        stock: Some(HOLDINGS),
    },
    EventKind {
        name: "threat",
        about: "Words about sales move the 10-year yield and fade.",
        fields: &[
            number(
                "effect_bp",
                "Effect on the 10-year at once; at most about four times its largest move of a day (DGS10: 75).",
                "bp",
                -300.0,
                300.0,
            ),
            optional(
                "half_life_days",
                "Half-life of the effect once the words are withdrawn.",
                "days",
                0.1,
                2520.0,
                5.0,
            ),
        ],
        needs: Some("official_sale"),
        stock: None,
    },
    EventKind {
        name: "yen_jump",
        about: "USD/JPY jumps (negative: the yen rises).",
        fields: &[
            number(
                "size_pct",
                "Change of spot; down as in the largest fall of a year (37% to 1986), up three times the largest rise (34% to 1979).",
                "%",
                -40.0,
                100.0,
            ),
            OVER_DAYS,
        ],
        needs: None,
        stock: None,
    },
    EventKind {
        name: "jgb_shock",
        about: "A fiscal or term-premium shock to JGBs.",
        fields: &[
            number(
                "size_bp",
                "Change of the JGB 10-year; at most its largest of a year (MoF JGB curve: 305 to September 1990).",
                "bp",
                -300.0,
                300.0,
            ),
            OVER_DAYS,
        ],
        needs: Some("jgb_spillover"),
        stock: None,
    },
    EventKind {
        name: "boj_move",
        about: "The BOJ moves its rate.",
        fields: &[MOVE, PRICED],
        needs: None,
        stock: None,
    },
    EventKind {
        name: "fed_move",
        about: "The Fed moves its rate.",
        fields: &[MOVE, PRICED],
        needs: None,
        stock: None,
    },
    EventKind {
        name: "oil_shock",
        about: "Oil rises or falls.",
        fields: &[number(
            "size_pct",
            "Change of the price; at most a quadrupling, as of 1973-74.",
            "%",
            -90.0,
            300.0,
        )],
        needs: None,
        stock: None,
    },
    EventKind {
        name: "equity_shock",
        about: "The S&P 500 rises or falls.",
        fields: &[
            number(
                "size_pct",
                "Change of the index; of the size of its largest of a year since 1962 (-49 to 2009, 75 to 2021).",
                "%",
                -60.0,
                60.0,
            ),
            OVER_DAYS,
            Field {
                name: "origin",
                about: "What it comes from: the haven answers yen and global falls, hardly US-made ones.",
                kind: FieldKind::Word(&["yen", "us", "global"]),
                optional: false,
            },
        ],
        needs: None,
        stock: None,
    },
    EventKind {
        name: "dealer_stress",
        about: "Dealers are stressed.",
        fields: &[
            number("multiplier", "Multiplier on the transitory effect.", "ratio", 1.0, 100.0),
            number("days", "Steps for which it lasts.", "days", 1.0, 1260.0),
        ],
        needs: None,
        stock: None,
    },
    EventKind {
        name: "issuance_surprise",
        about: "Abnormal Treasury issuance loads the dealers.",
        fields: &[
            number(
                "amount_usd_bn",
                "Amount in all; at most about the largest net borrowing of a year (2020).",
                "USD bn",
                -4000.0,
                4000.0,
            ),
            DAYS,
        ],
        needs: None,
        stock: None,
    },
    EventKind {
        name: "other_holder_sale",
        about: "Holders outside Japan sell Treasuries.",
        fields: &[
            number(
                "amount_usd_bn",
                "Amount sold in all; at most what foreign officials hold (TIC: 3,778 in June 2026).",
                "USD bn",
                -4000.0,
                4000.0,
            ),
            DAYS,
            Field {
                name: "holder",
                about: "Who sells.",
                kind: FieldKind::Word(&["china", "uk", "gulf", "other"]),
                optional: true,
            },
        ],
        needs: Some("contagion"),
        stock: Some(FOREIGN),
    },
    EventKind {
        name: "fed_purchases",
        about: "The Fed buys Treasuries.",
        fields: &[
            number(
                "amount_usd_bn",
                "Amount bought in all; at most about the most it has held (5,800 in 2022).",
                "USD bn",
                0.0,
                6000.0,
            ),
            DAYS,
        ],
        needs: Some("backstop"),
        stock: None,
    },
    EventKind {
        name: "intervention",
        about: "The Ministry of Finance sells dollars for yen, alone (buys them when negative); the yen moves that day.",
        fields: &[
            number(
                "amount_usd_bn",
                "Dollars sold in all; at most somewhat more than the reserves (about 1,300).",
                "USD bn",
                -1500.0,
                1500.0,
            ),
            OVER_DAYS,
        ],
        needs: Some("intervention"),
        stock: Some(Stock::Sum { parts: RESERVES, share: None }),
    },
    EventKind {
        name: "coordinated_intervention",
        about: "Japan and the US sell dollars for yen together; the yen moves that day.",
        fields: &[
            number(
                "amount_usd_bn",
                "Amount of both sides in all; at most somewhat more than Japan's reserves and as much again.",
                "USD bn",
                0.0,
                2000.0,
            ),
            number("days", "Steps over which it is spread evenly.", "days", 1.0, 1260.0),
        ],
        needs: Some("intervention"),
        stock: Some(Stock::Sum {
            parts: RESERVES,
            share: Some("intervention.coordinated_japan_share"),
        }),
    },
];
