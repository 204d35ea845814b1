//! Sensitivities on functions with known answers, all through files as a user would give them, and on a scenario.
#![allow(clippy::unwrap_used)] // a test may panic

use rand::Rng as _;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use std::f64::consts::PI;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use ustress::sensitivity::{Analysis, Interval, Scope, Worst, analyse, read_given};

/// Uniform and normal draws.
struct Draws(Xoshiro256PlusPlus);

impl Draws {
    fn new(seed: u64) -> Self {
        Draws(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    fn uniform(&mut self) -> f64 {
        ((self.0.next_u64() >> 12) as f64 + 0.5) / 4_503_599_627_370_496.0
    }

    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(self.uniform())).sqrt();
        radius * libm::cos(2.0 * PI * self.uniform())
    }
}

/// A function of drawn inputs, the output last.
type Row = fn(&mut Draws) -> Vec<f64>;

fn ishigami(draws: &mut Draws) -> Vec<f64> {
    let x: Vec<f64> = (0..3).map(|_| PI * (2.0 * draws.uniform() - 1.0)).collect();
    let (s, t, z) = (libm::sin(x[0]), libm::sin(x[1]), x[2] * x[2]);
    vec![x[0], x[1], x[2], s + 7.0 * t * t + 0.1 * z * z * s]
}

const G: [f64; 8] = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];

fn g_function(draws: &mut Draws) -> Vec<f64> {
    let mut row: Vec<f64> = G.iter().map(|_| draws.uniform()).collect();
    let factors = row.iter().zip(G).map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a));
    row.push(factors.product());
    row
}

const BETA: [f64; 3] = [1.0, 1.0, 2.0];
const RHO: f64 = 0.8;

/// Linear in three normals, the last two correlated, with a standard normal error.
fn linear(draws: &mut Draws) -> Vec<f64> {
    let (a, b, c) = (draws.normal(), draws.normal(), draws.normal());
    let x = [a, b, RHO * b + (1.0 - RHO * RHO).sqrt() * c];
    let mean: f64 = x.iter().zip(BETA).map(|(x, beta)| x * beta).sum();
    vec![x[0], x[1], x[2], mean + draws.normal()]
}

/// A product of the second and third input; the first is only a stand-in for the second.
fn stand_in(draws: &mut Draws) -> Vec<f64> {
    let (a, b, c) = (draws.normal(), draws.normal(), draws.normal());
    vec![RHO * a + (1.0 - RHO * RHO).sqrt() * c, a, b, a * b]
}

/// An elasticity in bp per USD 100bn times a flow in USD bn.
fn impact(draws: &mut Draws) -> Vec<f64> {
    let (elasticity, flow) =
        (20.0 * libm::exp(0.5 * draws.normal()), 200.0 + 50.0 * draws.normal());
    vec![elasticity, flow, elasticity * flow / 100.0]
}

/// Two inputs with few values, a constant, and an error.
fn few_values(draws: &mut Draws) -> Vec<f64> {
    let a = f64::from(u8::from(draws.uniform() < 0.3));
    let b = (draws.uniform() * 4.0).floor();
    vec![a, b, 7.0, 3.0 * a + b * b + draws.normal()]
}

fn table(row: Row, rows: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut draws = Draws::new(seed);
    (0..rows).map(|_| row(&mut draws)).collect()
}

/// The text of a file: inputs `x1`, `x2`, …, output `y`.
fn text(rows: &[Vec<f64>]) -> String {
    let inputs = rows[0].len() - 1;
    let mut text: String = (1..=inputs).map(|k| format!("x{k},")).collect();
    text.push_str("y\n");
    for row in rows {
        let cells: Vec<String> = row.iter().map(f64::to_string).collect();
        let _ = writeln!(text, "{}", cells.join(","));
    }
    text
}

fn file(home: &Path, name: &str, text: &str) -> PathBuf {
    let path = home.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// Writes a function's rows, reads them back as given data and analyses them.
fn through_a_file(row: Row, rows: usize, seed: u64) -> Analysis {
    let home = tempfile::tempdir().unwrap();
    let path = file(home.path(), "given.csv", &text(&table(row, rows, seed)));
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
    let path = file(home.path(), "given.csv", &text(&rows));
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
    assert!(low.edge < 0.0 && low.placements.iter().all(|place| place.percentile.high < 0.5));
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

fn ustress(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ustress"))
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn utf8(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn rows_of(path: &Path) -> Vec<std::collections::BTreeMap<String, String>> {
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

#[test]
fn the_command_on_given_data() {
    let home = tempfile::tempdir().unwrap();
    let mut rows = table(ishigami, 4000, 12);
    file(home.path(), "a.csv", &text(&rows));
    rows.reverse();
    // a byte order mark and line ends of Windows change nothing either
    let windows = format!("\u{feff}{}", text(&rows).replace('\n', "\r\n"));
    file(home.path(), "b.csv", &windows);
    let run = |name: &str, out: &str, threads: &str| {
        let arguments =
            ["sensitivity", "--given", name, "--inputs", "x1,x2,x3", "--output", "y", "--out", out];
        let all = [&arguments[..], &["--threads", threads]].concat();
        let found = ustress(home.path(), &all);
        assert_eq!(found.status.code(), Some(0), "{}", utf8(&found.stderr));
        let files = ["sensitivity.csv", "tornado.csv", "tail.csv"];
        let bytes =
            files.map(|file| std::fs::read_to_string(home.path().join(out).join(file)).unwrap());
        (utf8(&found.stdout), bytes)
    };
    let (shown, one) = run("a.csv", "one", "1");
    let (_, two) = run("b.csv", "two", "2");
    assert_eq!(one.clone().map(|text| text.replace("a,y,", "b,y,")), two);
    assert!(
        shown.contains("What drives y of a (4000 rows") && !shown.contains('\u{1b}'),
        "{shown}"
    );
    assert!(shown.lines().all(|line| line.chars().count() <= 120), "{shown}");
    let rows = rows_of(&home.path().join("one/sensitivity.csv"));
    assert_eq!(rows.len(), 12, "three scopes of three inputs and a rest");
    assert_eq!((rows[3]["input"].as_str(), rows[3]["first_order"].as_str()), ("unexplained", ""));
    let sum: f64 = rows[..4].iter().map(|row| row["shapley"].parse::<f64>().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-6);
    let manifest = std::fs::read_to_string(home.path().join("one/manifest.json")).unwrap();
    for needle in ["a.csv", "given data of 4000 rows", "sensitivity.csv", "shapley: fair share"] {
        assert!(manifest.contains(needle), "{needle}");
    }
}

#[test]
fn a_scenario_explains_itself() {
    let home = tempfile::tempdir().unwrap();
    let run = |out: &str, threads: &str| {
        let arguments = ["sensitivity", "disorderly_dump_contagion", "--paths", "6000", "--quiet"];
        let all = [&arguments[..], &["--threads", threads, "--out", out]].concat();
        let found = ustress(home.path(), &all);
        assert_eq!(found.status.code(), Some(0), "{}", utf8(&found.stderr));
        let read = |file: &str| std::fs::read(home.path().join(out).join(file)).unwrap();
        ["sensitivity.csv", "tornado.csv", "tail.csv", "summary.csv", "manifest.json"].map(read)
    };
    assert!(run("one", "1") == run("two", "2"));
    let rows = rows_of(&home.path().join("one/sensitivity.csv"));
    for scope in ["all", "reaching_worst5", "within_worst5"] {
        let own = rows.iter().filter(|row| row["scope"] == scope);
        let sum: f64 = own.map(|row| row["shapley"].parse::<f64>().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-6, "{scope}: {sum}");
    }
    let shocks = rows.iter().find(|row| row["input"] == "shocks").unwrap();
    assert!((0.1..0.6).contains(&shocks["shapley"].parse().unwrap()), "{shocks:?}");
    let largest = rows[0]["input"].as_str();
    assert!(largest.starts_with("impact."), "{largest}");
    let bars = rows_of(&home.path().join("one/tornado.csv"));
    for input in ["impact.transitory_bp_per_100bn", "impact.lasting_bp_per_100bn"] {
        let bar = bars.iter().find(|bar| bar["input"] == input && bar["scope"] == "all").unwrap();
        let [swing, error] = ["swing", "swing_mcse"].map(|key| bar[key].parse::<f64>().unwrap());
        assert!(swing > 5.0 * error && bar["unit"] == "bp", "{bar:?}");
    }
    assert!(rows.iter().all(|row| !row["input"].is_empty() && row["metric"] == "impact_10y_bp"));
}

#[test]
fn own_kept_paths_are_given_data_too() {
    let home = tempfile::tempdir().unwrap();
    let kept = ["run", "managed_adjustment", "--paths", "400", "--keep-paths", "400", "--quiet"];
    assert_eq!(ustress(home.path(), &kept).status.code(), Some(0));
    let path = home.path().join("output/paths.csv");
    let given = read_given(&path, None, "impact_10y_bp").unwrap();
    assert_eq!((given.name.as_str(), given.output.len()), ("managed_adjustment", 400));
    assert!(given.names.iter().any(|name| name == "impact.transitory_bp_per_100bn"));
    assert!(!given.names.iter().any(|name| name == "path" || name == "peak_impact_10y_bp"));
    // the same draws, the same answer
    let analysis = analyse(&given.inputs, &given.output, Worst::Highest);
    assert_eq!(analysis.scopes.len(), 1, "20 rows are too few for the worst 5%");
    let out = ["sensitivity", "managed_adjustment", "--paths", "400", "--quiet", "--out", "direct"];
    let found = ustress(home.path(), &out);
    assert!(utf8(&found.stdout).contains("fewer than 100 rows"));
    let direct = rows_of(&home.path().join("direct/sensitivity.csv"));
    let place = given.names.iter().position(|name| *name == direct[0]["input"]).unwrap();
    let same = analysis.scopes[0].effects[place].shapley.value;
    assert!((same - direct[0]["shapley"].parse::<f64>().unwrap()).abs() < 1e-6);
    // of two scenarios in one file nobody knows which is meant
    let both = ["run", "boj_pause", "managed_adjustment", "--paths", "300", "--keep-paths", "300"];
    assert_eq!(ustress(home.path(), &both).status.code(), Some(0));
    let error = read_given(&path, None, "impact_10y_bp").unwrap_err().to_string();
    assert!(error.contains("line 302") && error.contains("one scenario"), "{error}");
}

#[test]
fn bad_data_is_refused_with_line_column_and_remedy() {
    let home = tempfile::tempdir().unwrap();
    let good = text(&table(linear, 150, 13));
    let with = |line: usize, cells: &str| {
        let mut lines: Vec<&str> = good.lines().collect();
        lines[line - 1] = cells;
        lines.join("\n")
    };
    let cases: [(&str, String, &[&str]); 12] = [
        ("empty.csv", String::new(), &["is empty", "name the columns"]),
        ("header.csv", "x1,x2,x3,y\n".to_owned(), &["0 rows", "at least 100"]),
        ("few.csv", good.lines().take(51).collect::<Vec<_>>().join("\n"), &["50 rows"]),
        ("blank.csv", with(7, "1,2,,4"), &["line 7", "`x3`", "empty", "--inputs"]),
        ("word.csv", with(8, "1,two,3,4"), &["line 8", "`x2`", "`two`", "finite number"]),
        ("comma.csv", with(8, "\"1,5\",2,3,4"), &["line 8", "`x1`", "`1,5`"]),
        ("nan.csv", with(9, "1,2,3,NaN"), &["line 9", "`y`", "`NaN`"]),
        ("inf.csv", with(10, "1,-inf,3,4"), &["line 10", "`x2`", "`-inf`"]),
        ("short.csv", with(11, "1,2,3"), &["line 11", "3 cells", "header has 4"]),
        ("twice.csv", with(1, "x1,x1,x3,y"), &["`x1`", "twice in the header"]),
        ("other.csv", with(1, "x1,x2,x3,yy"), &["no column `y`", "did you mean `yy`?"]),
        ("still.csv", "x,y\n".to_owned() + &"1,2\n".repeat(120), &["no other column varies"]),
    ];
    for (name, text, needles) in cases {
        let path = file(home.path(), name, &text);
        let error = read_given(&path, None, "y").unwrap_err().to_string();
        for needle in needles.iter().chain(&[name]) {
            assert!(error.contains(needle), "{name}: {error}");
        }
    }
    std::fs::write(home.path().join("latin.csv"), b"x,y\n1,\xff\n").unwrap();
    let error = read_given(&home.path().join("latin.csv"), None, "y").unwrap_err().to_string();
    assert!(error.contains("UTF-8"), "{error}");
    file(home.path(), "good.csv", &good);
    let usage: [(&[&str], &str); 10] = [
        (&["--given", "good.csv", "--output", "y", "--inputs", "x1,x9"], "no column `x9`"),
        (&["--given", "good.csv", "--output", "y", "--inputs", "x1,y"], "as input and output"),
        (&["--given", "good.csv", "--output", "y", "--inputs", "x1,x1"], "twice in --inputs"),
        (&["--given", "missing.csv", "--output", "y"], "cannot read missing.csv"),
        (&["--given", ".", "--output", "y"], "cannot read ."),
        (&["--given", "good.csv"], "--output"),
        (&[], "<SCENARIO>"),
        (&["boj_pause", "--paths", "50"], "at least 100"),
        (&["boj_pause", "--metric", "impact_10y"], "did you mean `impact_10y_bp`?"),
        (&["boj_pause", "--at", "9m"], "no horizon `9m`"),
    ];
    for (arguments, needle) in usage {
        let found = ustress(home.path(), &[&["sensitivity"], arguments].concat());
        let error = utf8(&found.stderr);
        assert_eq!(found.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(error.contains(needle), "{arguments:?}: {error}");
    }
    assert!(!home.path().join("output").exists(), "nothing was written");
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
