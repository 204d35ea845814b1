//! Sensitivities on functions with known answers, all through files as a user would give them.
#![allow(clippy::unwrap_used)] // a test may panic

#[path = "common/functions.rs"]
mod functions;

use functions::{
    BETA, Draws, G, RHO, Row, few_values, file, g_function, impact, ishigami, linear, stand_in,
    table, written,
};
use ustress::sensitivity::{Analysis, Interval, Scope, Worst, analyse, read_given};

/// Writes a function's rows, reads them back as given data and analyses them.
fn through_a_file(row: Row, rows: usize, seed: u64) -> Analysis {
    let home = tempfile::tempdir().unwrap();
    let path = file(home.path(), "given.csv", &written(&table(row, rows, seed)));
    let given = read_given(&path, None, "y").unwrap();
    analyse(&given.inputs, &given.output, Worst::Highest)
}

/// What the tests ask of an estimate: the truth in its interval, stretched by `stretch`, and an interval no wider than
/// `width`.
fn says(found: Interval, truth: f64, stretch: f64, width: f64) -> bool {
    let [down, up] = [found.value - found.low, found.high - found.value].map(|half| stretch * half);
    (found.value - down..=found.value + up).contains(&truth) && found.high - found.low <= width
}

/// Truths of one kind of effect, in the order of the inputs.
fn check(analysis: &Analysis, kind: &str, truths: &[f64], width: f64) {
    for (input, truth) in truths.iter().enumerate() {
        let effect = &analysis.scopes[0].effects[input];
        let found = match kind {
            "first" => effect.first,
            "total" => effect.total,
            _ => effect.shapley,
        };
        // what polynomials of degree 12 and products miss of a deterministic function, beside the sampling error
        let bias = 0.001;
        let near = Interval { value: found.value, low: found.low - bias, high: found.high + bias };
        assert!(says(near, *truth, 1.0, width), "{kind} of x{}: {found:?} for {truth}", input + 1);
        assert!(!says(near, truth + 0.05, 1.0, width), "{kind} of x{} proves nothing", input + 1);
    }
}

/// Shapley effects of worths given for every subset (bit i: input i), by the definition.
fn shapley(worth: [f64; 8]) -> [f64; 3] {
    let weight = [1.0 / 3.0, 1.0 / 6.0, 1.0 / 3.0];
    std::array::from_fn(|input| {
        let without = (0..8_usize).filter(|set| set & (1 << input) == 0);
        without
            .map(|set| weight[set.count_ones() as usize] * (worth[set | 1 << input] - worth[set]))
            .sum()
    })
}

/// `Var(E[Y | X_u]) / Var(Y)` of the linear model for every subset.
fn linear_worths() -> [f64; 8] {
    let [a, b, c] = BETA;
    let pair = b * b + c * c + 2.0 * RHO * b * c;
    let (second, third) = ((b + RHO * c) * (b + RHO * c), (c + RHO * b) * (c + RHO * b));
    let whole = a * a + pair + 1.0;
    [0.0, a * a, second, a * a + second, third, a * a + third, pair, a * a + pair]
        .map(|worth| worth / whole)
}

#[test]
fn the_ishigami_function() {
    let analysis = through_a_file(ishigami, 20_000, 1);
    check(&analysis, "first", &[0.3139, 0.4424, 0.0], 0.05);
    check(&analysis, "total", &[0.5576, 0.4424, 0.2437], 0.05);
    // independent: half of each interaction to either side
    check(&analysis, "shapley", &[0.3139 + 0.2437 / 2.0, 0.4424, 0.2437 / 2.0], 0.05);
    assert!(analysis.scopes[0].rest.value.abs() < 0.002);
}

#[test]
fn the_g_function() {
    let analysis = through_a_file(g_function, 20_000, 2);
    let parts = G.map(|a| 1.0 / (3.0 * (1.0 + a) * (1.0 + a)));
    let whole: f64 = parts.iter().map(|part| 1.0 + part).product::<f64>() - 1.0;
    let first = parts.map(|part| part / whole);
    let total = parts.map(|part| part / (1.0 + part) * (1.0 + whole) / whole);
    assert!((first[0] - 0.716).abs() < 0.001 && (total[0] - 0.787).abs() < 0.001);
    check(&analysis, "first", &first, 0.05);
    check(&analysis, "total", &total, 0.05);
}

#[test]
fn a_linear_model_of_correlated_normals() {
    let analysis = through_a_file(linear, 20_000, 3);
    let worth = linear_worths();
    check(&analysis, "shapley", &shapley(worth), 0.03);
    check(&analysis, "first", &[worth[1], worth[2], worth[4]], 0.03);
    let total = [worth[7] - worth[6], worth[7] - worth[5], worth[7] - worth[3]];
    check(&analysis, "total", &total, 0.03);
    assert!(says(analysis.scopes[0].rest, 1.0 - worth[7], 1.0, 0.02));
    // dependence: a total effect below the first-order effect
    assert!(total[1] < worth[2] - 0.5);
}

#[test]
fn an_input_that_stands_in_for_another_has_its_share_of_a_product() {
    let analysis = through_a_file(stand_in, 20_000, 4);
    let known = RHO * RHO;
    check(&analysis, "shapley", &shapley([0.0, 0.0, 0.0, 0.0, 0.0, known, 1.0, 1.0]), 0.03);
    check(&analysis, "total", &[0.0, 1.0 - known, 1.0], 0.04);
}

#[test]
fn elasticity_times_flow_has_the_shares_of_the_closed_form() {
    let analysis = through_a_file(impact, 100_000, 5);
    check(&analysis, "first", &[0.7797, 0.1716], 0.03);
    check(&analysis, "total", &[0.7797 + 0.0487, 0.1716 + 0.0487], 0.03);
    let [elasticity, flow] = [0, 1].map(|input| analysis.scopes[0].effects[input]);
    for effect in [elasticity, flow] {
        let interaction = effect.total.value - effect.first.value;
        assert!((interaction - 0.0487).abs() < 0.006, "{interaction}");
    }
    // E[Y | elasticity near p10 or p90] = 2 · elasticity there; the band's mean is close to its middle
    let bar = elasticity.swing;
    assert!((bar.at_p10.value - 2.0 * bar.p10).abs() < 0.3, "{bar:?}");
    assert!((bar.at_p90.value - 2.0 * bar.p90).abs() < 1.5, "{bar:?}");
    // E[Y | flow] = 20 e^(1/8) flow / 100
    let slope = 0.2 * libm::exp(0.125);
    assert!((flow.swing.swing.value - slope * (flow.swing.p90 - flow.swing.p10)).abs() < 1.0);
    // in the worst 5% the elasticity stands far up, the flow a little less
    let placed = analysis.placements[0].percentile.value;
    assert!(placed > 0.9 && placed > analysis.placements[1].percentile.value);
}

#[test]
fn inputs_with_few_values_and_constants() {
    let home = tempfile::tempdir().unwrap();
    let rows = table(few_values, 20_000, 6);
    let path = file(home.path(), "given.csv", &written(&rows));
    let given = read_given(&path, None, "y").unwrap();
    assert_eq!(given.names, ["x1", "x2"]);
    assert_eq!(given.left_out, ["x3"]);
    let names = ["x1", "x2", "x3"].map(str::to_owned);
    let given = read_given(&path, Some(&names), "y").unwrap();
    let analysis = analyse(&given.inputs, &given.output, Worst::Highest);
    // variances: 9 · 0.3 · 0.7, of 0, 1, 4, 9, and 1
    let (a, b) = (1.89, 12.25);
    let whole = a + b + 1.0;
    check(&analysis, "first", &[a / whole, b / whole, 0.0], 0.03);
    check(&analysis, "shapley", &[a / whole, b / whole, 0.0], 0.03);
    let [flag, level, constant] = [0, 1, 2].map(|input| analysis.scopes[0].effects[input].swing);
    assert_eq!((flag.p10, flag.p90, level.p10, level.p90), (0.0, 1.0, 0.0, 3.0));
    assert!((flag.swing.value - 3.0).abs() < 0.3 && (level.swing.value - 9.0).abs() < 0.2);
    assert_eq!((constant.p10, constant.p90, constant.swing.value), (7.0, 7.0, 0.0));
    let still = analysis.scopes[0].effects[2];
    assert_eq!([still.first, still.total, still.shapley, still.rank], [Interval::default(); 4]);
}

#[test]
fn shares_add_up_in_every_scope() {
    let analysis = through_a_file(linear, 20_000, 7);
    assert_eq!(analysis.scopes.len(), 3);
    for scoped in &analysis.scopes {
        let sum: f64 = scoped.effects.iter().map(|effect| effect.shapley.value).sum();
        assert!((sum + scoped.rest.value - 1.0).abs() < 1e-9, "{:?}", scoped.scope);
        assert!(scoped.rest.value > 0.0);
    }
    let [_, reaching, within] = analysis.scopes.as_slice() else { panic!("three scopes") };
    assert_eq!((reaching.scope, reaching.rows), (Scope::ReachingWorst, 20_000));
    assert_eq!((within.scope, within.rows), (Scope::WithinWorst, 1000));
    // the chance of the worst 5% rises with every input
    for effect in &reaching.effects {
        let bar = effect.swing;
        assert!(bar.at_p10.value < 0.05 && bar.at_p90.value > 0.05, "{bar:?}");
    }
}

#[test]
fn the_lowest_values_can_be_the_worst() {
    let rows = table(linear, 4000, 8);
    let column = |k: usize| rows.iter().map(|row| row[k]).collect::<Vec<f64>>();
    let inputs = [column(0), column(1), column(2)];
    let low = analyse(&inputs, &column(3), Worst::Lowest);
    assert!(low.tail.edge < 0.0 && low.placements.iter().all(|place| place.percentile.high < 0.5));
    assert!(low.scopes[1].effects[0].swing.swing.value < 0.0);
}

#[test]
fn an_output_that_does_not_vary_has_zeros_everywhere() {
    let rows = table(ishigami, 3000, 9);
    let inputs: Vec<Vec<f64>> = (0..3).map(|k| rows.iter().map(|row| row[k]).collect()).collect();
    for constant in [0.0, -0.0, 4.2, 1e300] {
        let analysis = analyse(&inputs, &vec![constant; 3000], Worst::Highest);
        for scoped in &analysis.scopes {
            assert_eq!((scoped.rest, scoped.deviation), (Interval::default(), 0.0));
            for effect in &scoped.effects {
                let all = [effect.first, effect.total, effect.shapley, effect.rank];
                assert_eq!(all, [Interval::default(); 4]);
                assert_eq!(effect.swing.swing.value, 0.0);
            }
        }
    }
    // inputs that do not vary, and no input at all
    let output: Vec<f64> = rows.iter().map(|row| row[3]).collect();
    let analysis = analyse(&[vec![1.0; 3000]], &output, Worst::Highest);
    assert_eq!(analysis.scopes[0].effects[0].shapley, Interval::default());
    assert!((analysis.scopes[0].rest.value - 1.0).abs() < 1e-9);
    assert!((analyse(&[], &output, Worst::Highest).scopes[0].rest.value - 1.0).abs() < 1e-9);
}

#[test]
fn rows_in_another_order_give_the_same_bits() {
    let mut rows = table(linear, 5000, 10);
    let whole = |rows: &[Vec<f64>]| {
        let column = |k: usize| rows.iter().map(|row| row[k]).collect::<Vec<f64>>();
        analyse(&[column(0), column(1), column(2)], &column(3), Worst::Highest)
    };
    let before = whole(&rows);
    let mut draws = Draws::new(11);
    for last in (1..rows.len()).rev() {
        rows.swap(last, (draws.uniform() * (last + 1) as f64) as usize);
    }
    assert!(before == whole(&rows));
    rows.pop();
    assert!(before != whole(&rows), "a lost row changes the answer");
}

/// Effects with a known answer: input, kind and truth.
type Truths<'a> = &'a [(usize, &'a str, f64)];

/// How often the 95% intervals of first-order, total and Shapley effects hold the truth, over 100 seeds of 2,000 rows.
///
/// Measured on 22 November 2026: 95.6% on average over the 33 effects; linear 90 to 96, Ishigami 94 to 100, g-function 89
/// (x1 first-order, 0.7138 on average for 0.7162: the kink) to 95, elasticity times flow 95 to 98, stand-in 95 to 100, few
/// values 97 to 98. Widths: 0.005 to 0.085.
#[test]
#[ignore = "a measurement of half a minute: cargo test --test sensitivity -- --ignored --nocapture"]
fn coverage_of_the_intervals() {
    let worth = linear_worths();
    let parts = G.map(|a| 1.0 / (3.0 * (1.0 + a) * (1.0 + a)));
    let whole: f64 = parts.iter().map(|part| 1.0 + part).product::<f64>() - 1.0;
    let known = RHO * RHO;
    let total = |part: f64| part / (1.0 + part) * (1.0 + whole) / whole;
    let cases: [(&str, Row, usize, Truths); 6] = [
        (
            "linear",
            linear,
            2000,
            &[
                (0, "first", worth[1]),
                (1, "first", worth[2]),
                (2, "first", worth[4]),
                (0, "total", worth[7] - worth[6]),
                (1, "total", worth[7] - worth[5]),
                (0, "shapley", shapley(worth)[0]),
                (1, "shapley", shapley(worth)[1]),
                (2, "shapley", shapley(worth)[2]),
            ],
        ),
        (
            "ishigami",
            ishigami,
            2000,
            &[
                (0, "first", 0.3139),
                (1, "first", 0.4424),
                (2, "first", 0.0),
                (0, "total", 0.5576),
                (1, "total", 0.4424),
                (2, "total", 0.2437),
                (0, "shapley", 0.43575),
            ],
        ),
        (
            "g function",
            g_function,
            2000,
            &[
                (0, "first", parts[0] / whole),
                (1, "first", parts[1] / whole),
                (2, "first", parts[2] / whole),
                (0, "total", total(parts[0])),
                (1, "total", total(parts[1])),
                (2, "total", total(parts[2])),
            ],
        ),
        (
            "elasticity x flow",
            impact,
            2000,
            &[
                (0, "first", 0.7797),
                (1, "first", 0.1716),
                (0, "total", 0.8284),
                (1, "total", 0.2203),
                (0, "shapley", 0.80405),
            ],
        ),
        (
            "stand-in",
            stand_in,
            2000,
            &[
                (0, "first", 0.0),
                (1, "total", 1.0 - known),
                (0, "shapley", known / 6.0),
                (1, "shapley", 1.0 / 2.0 - known / 3.0),
            ],
        ),
        (
            "few values",
            few_values,
            2000,
            &[
                (0, "first", 1.89 / 15.14),
                (1, "first", 12.25 / 15.14),
                (0, "shapley", 1.89 / 15.14),
            ],
        ),
    ];
    for (name, row, rows, truths) in cases {
        let mut hits = vec![(0, 0.0, 0.0); truths.len()];
        for seed in 0..100 {
            let rows = table(row, rows, 1000 + seed);
            let column = |k: usize| rows.iter().map(|row| row[k]).collect::<Vec<f64>>();
            let inputs: Vec<Vec<f64>> = (0..rows[0].len() - 1).map(column).collect();
            let analysis = analyse(&inputs, &column(rows[0].len() - 1), Worst::Highest);
            for ((input, kind, truth), (hit, mean, width)) in truths.iter().zip(&mut hits) {
                let effect = &analysis.scopes[0].effects[*input];
                let found = match *kind {
                    "first" => effect.first,
                    "total" => effect.total,
                    _ => effect.shapley,
                };
                *hit += usize::from((found.low..=found.high).contains(truth));
                *mean += found.value / 100.0;
                *width += (found.high - found.low) / 100.0;
            }
        }
        for ((input, kind, truth), (hit, mean, width)) in truths.iter().zip(hits) {
            assert!(hit >= 85, "{name} {kind} of x{}: {hit}%", input + 1);
            println!(
                "{name:18} {kind:8} x{} {truth:.4} mean {mean:.4} width {width:.4}: {hit}%",
                input + 1
            );
        }
    }
}
