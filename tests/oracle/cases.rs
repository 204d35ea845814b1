//! Scenarios under which the lanes are held to the oracle.

/// A scenario of the test and what it exercises.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
}

/// Every kind of event, certain and uncertain, dated and by day.
pub(crate) const EVERY_EVENT: Case = Case {
    name: "every_event",
    text: r#"
title = "Every kind of event"
[[event]]
day = "5 to 40"
official_sale = { amount_usd_bn = "50 to 300", over_days = "3 to 30" }
[[event]]
date = 2026-08-03
probability = 0.7
official_sale = { amount_usd_bn = 60, over_days = 10, cohort = "life_insurers", announced_days = 8 }
[[event]]
day = 90
official_sale = { amount_usd_bn = 80, over_days = 30, cohort = "mof", duration_years = 8, announced_days = 20 }
[[event]]
day = 120
official_sale = { amount_usd_bn = -40, over_days = 5, cohort = "gpif" }
[[event]]
name = "card"
day = 12
threat = { effect_bp = "2 to 9", half_life_days = 7 }
[[event]]
day = { uniform = { low = 20, high = 400 } }
yen_jump = { size_pct = { normal = { mean = -5, sd = 4 } }, over_days = 3 }
[[event]]
day = "10 to 100"
jgb_shock = { size_bp = "20 to 80", over_days = 4 }
[[event]]
day = 150
jgb_shock = { size_bp = -60, over_days = 2 }
[[event]]
day = 22
boj_move = { size_bp = 50, priced_bp = 10 }
[[event]]
day = 60
probability = 0.5
fed_move = { size_bp = -50, priced_bp = -20 }
[[event]]
day = 30
oil_shock = { size_pct = { normal = { mean = 30, sd = 40 }, min = -80 } }
[[event]]
day = 70
equity_shock = { size_pct = -12, over_days = 3, origin = "global" }
[[event]]
day = 72
equity_shock = { size_pct = "-20 to -5", origin = "us" }
[[event]]
day = 110
equity_shock = { size_pct = -9, over_days = 2, origin = "yen" }
[[event]]
day = 25
probability = 0.6
dealer_stress = { multiplier = "2 to 5", days = 30 }
[[event]]
day = 26
dealer_stress = { multiplier = 1.5, days = 5 }
[[event]]
day = 15
issuance_surprise = { amount_usd_bn = 300, over_days = 40 }
[[event]]
day = 45
other_holder_sale = { holder = "china", amount_usd_bn = "50 to 200", over_days = 15 }
[[event]]
day = 65
fed_purchases = { amount_usd_bn = 100, over_days = 10 }
[[event]]
day = 160
coordinated_intervention = { amount_usd_bn = 60, days = 4 }
[[event]]
day = "20 to 60"
intervention = { amount_usd_bn = "30 to 90", over_days = 3 }
[[event]]
day = 100
probability = 0.6
intervention = { amount_usd_bn = { normal = { mean = -20, sd = 15 } } }
"#,
};

/// An extreme dump in a thin market: contagion, backstop, stressed dealers, tilted issuance, caps of holdings.
pub(crate) const DUMP: Case = Case {
    name: "dump",
    text: r#"
title = "An extreme dump"
horizon = "6m"
[impact]
prior = "ahmed_rebucci"
matched_share = "0.05 to 0.3"
gdp_scaling = { uniform = { low = 0.1, high = 0.4 } }
[contagion]
officials_hazard = 0.05
leveraged_hazard = 0.1
swap_spread_share = { uniform = { low = 0, high = 1 } }
officials_days = "5 to 15"
[backstop]
probability = 0.9
purchases_cap_usd_bn = "20 to 75"
[dealers]
stressed_probability = 0.5
[[event]]
day = { uniform = { low = 1, high = 60 } }
official_sale = { amount_usd_bn = "400 to 2000", over_days = "1 to 20" }
[[event]]
day = 5
probability = 0.8
official_sale = { amount_usd_bn = 200, over_days = 10, cohort = "trusts", announced_days = 3 }
[[event]]
day = 100
official_sale = { amount_usd_bn = 2500, over_days = 3 }
"#,
};

/// Books of carry trades that close, grow and rebuild, with a working haven, and a Ministry that buys dollars.
pub(crate) const CASCADE: Case = Case {
    name: "cascade",
    text: r#"
title = "The yen surges"
horizon = "6m"
[carry_unwind]
fast_book_usd_bn = "10 to 100"
fast_closing_per_rise = "0.05 to 0.5"
fast_yen_pct = "1 to 7"
fast_most_open = 1.05
ordinary_rise_pct = "0.5 to 3"
yen_half_life_days = "5 to 40"
slow_book_usd_bn = "200 to 1000"
slow_tolerance_pct = "3 to 12"
rebuild_half_life_days = 10
rebuild_vol_pct = 60
[usdjpy]
realised_vol_20d_pct = 55
[safe_haven]
works_probability_global = 0.9
[intervention]
buy_hazard_per_month = 5
[[event]]
day = "2 to 12"
yen_jump = { size_pct = "-18 to -3", over_days = 3 }
[[event]]
day = 14
yen_jump = { size_pct = 5, over_days = 5 }
[[event]]
day = 40
yen_jump = { size_pct = -15, over_days = 10 }
[[event]]
day = 3
equity_shock = { size_pct = "-25 to -5", over_days = 2, origin = "global" }
"#,
};

/// A weak yen: campaigns, FIMA, reserves that run out.
pub(crate) const CAMPAIGNS: Case = Case {
    name: "campaigns",
    text: r#"
title = "The yen slides"
[intervention]
hazard_per_month = 10
pause_days = "5 to 30"
reserves_securities_usd_bn = "100 to 600"
reserves_deposits_usd_bn = "10 to 200"
fima_probability = 0.7
size_median = "0.02 to 0.2"
[usdjpy]
order_flow_most_pct = 5
[dealers]
stressed_probability = 0.6
stress_trigger_bp = 25
stress_days = "5 to 40"
[[event]]
day = 1
yen_jump = { size_pct = "5 to 25", over_days = 60 }
[[event]]
day = "80 to 120"
coordinated_intervention = { amount_usd_bn = "20 to 300", days = "1 to 10" }
[[event]]
day = "40 to 130"
intervention = { amount_usd_bn = "40 to 400", over_days = "1 to 30" }
[[event]]
day = 150
probability = 0.5
intervention = { amount_usd_bn = "-100 to 100" }
[[event]]
day = "130 to 200"
intervention = { amount_usd_bn = 0, over_days = 5 }
[[event]]
day = "20 to 60"
official_sale = { amount_usd_bn = "10 to 200", over_days = 12, cohort = "mof", proceeds = "home" }
[[event]]
day = "20 to 60"
official_sale = { amount_usd_bn = "10 to 200", over_days = 12, proceeds = "spent" }
[[event]]
day = 70
official_sale = { amount_usd_bn = 30, over_days = 12, cohort = "trusts", proceeds = "home" }
[[event]]
day = 75
official_sale = { amount_usd_bn = 30, over_days = 12, cohort = "mof", proceeds = "kept" }
"#,
};

/// Three years of every regime, with wide parameters.
pub(crate) const YEARS: Case = Case {
    name: "years",
    text: r#"
title = "Three years"
horizon = "3y"
[boj]
hike_probability = "0.2 to 0.8"
cut_probability = 0.2
meetings_between_moves = { discrete = { values = [1, 2, 4], weights = [1, 1, 1] } }
meetings_since_move = 3
gate_vix = 20
gate_yen_rise_pct = 1.5
[usdjpy]
per_fiscal_bp = 0.05
[fed]
regime = { discrete = { values = [-1, 0, 1], weights = [1, 1, 1] } }
stress_loss_pct = 3
oil_response = 0.9
[jgb]
fiscal_jumps_per_year = 12
emergency_trigger_bp = 15
emergency_days = "2 to 20"
fiscal_10y_per_30y_up = 0.9
[rebalancing]
kappa_scale = "0.5 to 3"
envelope_trusts_usd_bn = 20
loss_stop_banks_pct = 2
loss_stop_life_insurers_pct = 3
gpif_band = 0.01
everyday_mean_usd_bn = 2
everyday_persistence = { uniform = { low = 0.1, high = 0.9 } }
overhang_gpif = 0.1
overhang_trusts = -0.2
pace_life_insurers_usd_bn = 1
pace_gpif_usd_bn = 0.5
[impact]
issuance_tilt_trigger_bp = 1
[hedge]
basis_per_vix_pct = -0.03
[[event]]
day = 300
oil_shock = { size_pct = 120 }
[[event]]
day = 500
yen_jump = { size_pct = -20, over_days = 40 }
"#,
};

/// Sales without words: what the rows of flows hold went through the propagator.
pub(crate) const SALES: Case = Case {
    name: "sales",
    text: r#"
title = "Sales of all kinds of holders"
[[event]]
day = "5 to 40"
official_sale = { amount_usd_bn = "200 to 700", over_days = "3 to 30" }
[[event]]
day = 80
official_sale = { amount_usd_bn = 50, over_days = 10, cohort = "gpif", duration_years = 12 }
[[event]]
day = 30
other_holder_sale = { amount_usd_bn = 150, over_days = 15 }
[[event]]
day = 35
issuance_surprise = { amount_usd_bn = 400, over_days = 40 }
[[event]]
day = 20
dealer_stress = { multiplier = 3, days = 30 }
[[event]]
day = 15
coordinated_intervention = { amount_usd_bn = 100, days = 4 }
"#,
};

pub(crate) const CASES: [Case; 6] = [SALES, EVERY_EVENT, DUMP, CASCADE, CAMPAIGNS, YEARS];
