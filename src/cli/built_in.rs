//! The scenarios that the binary carries.

use super::Library;

macro_rules! scenarios {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../scenarios/", $name, ".toml")))),*]
    };
}

/// The built-in library: `baseline`, the parent of all, first.
pub static LIBRARY: Library = Library {
    root: None,
    built_in: scenarios![
        "baseline",
        "managed_adjustment",
        "q1_pace_persists",
        "sustained_shift",
        "boj_fast_hikes",
        "boj_pause",
        "oil_shock_fed_hikes",
        "fed_cuts_buyers_return",
        "boj_pause_yen_slide",
        "aug_2024_replay",
        "carry_unwind_sticky_inflation",
        "mof_unilateral_repeat",
        "yen_crash_campaign",
        "coordinated_intervention",
        "jgb_rout_replay",
        "tokyo_truss",
        "structural_repatriation",
        "treasury_card_threat",
        "treasury_card_played",
        "debt_ceiling_scare",
        "taiwan_conflict",
        "disorderly_dump_contagion",
    ],
};
