//! The answer on a page: sentences and short tables for a terminal or a pipe.

use super::tables::{BOXES, unit};
use super::{
    Answer, Chance, Combination, ENOUGH_HITS, FEWEST_HITS, Judgement, Move, NamedBox, Plausible,
};
use crate::report::wrap;

/// Most rows of a table.
const ROWS: usize = 8;
/// Share of paths outside the known world from which it is said.
const EDGE: f64 = 1e-3;
/// Importance from which an input is shown.
const SHOWN: f64 = 0.005;
/// Steps of a month, for a length of time in words.
const MONTH: f64 = 21.0;

/// The answer in words, no line longer than `width` where words allow it.
pub fn terminal(answer: &Answer, width: usize) -> String {
    let mut page = Page { text: String::new(), width };
    page.line(&format!("{}: {}", answer.scenario, answer.target));
    page.heading("How likely");
    page.say(&likely(answer));
    if answer.target.is_joint() {
        parts(&mut page, answer);
    }
    page.heading("The most plausible combination of assumptions");
    match &answer.plausible {
        None => page.say("The run was stopped before it was sought."),
        Some(found) => combination(&mut page, answer, found),
    }
    page.heading("What the paths inside have in common");
    boxes(&mut page, answer);
    page.heading("One assumption moved alone, the rest at the central case");
    match &answer.moves {
        None => page.say("The run was stopped before they were tried."),
        Some(moves) => single(&mut page, answer, moves),
    }
    page.text
}

/// Lines of a page.
struct Page {
    text: String,
    width: usize,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn heading(&mut self, heading: &str) {
        self.text.push('\n');
        self.line(heading);
    }

    /// A paragraph, indented.
    fn say(&mut self, paragraph: &str) {
        for line in wrap(paragraph, self.width.saturating_sub(2)) {
            self.line(&format!("  {line}"));
        }
    }

    /// Rows of cells under a header, the first column to the left.
    fn table(&mut self, header: &[&str], rows: &[Vec<String>]) {
        let length = |text: &str| text.chars().count();
        let mut widths: Vec<usize> = header.iter().map(|cell| length(cell)).collect();
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(length(cell));
            }
        }
        let others: usize = widths[1..].iter().map(|width| width + 2).sum();
        widths[0] = widths[0].min(self.width.saturating_sub(others + 2).max(12));
        let header: Vec<String> = header.iter().map(|cell| (*cell).to_owned()).collect();
        for row in std::iter::once(&header).chain(rows) {
            let mut line = String::from("  ");
            for (index, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let cell: String = cell.chars().take(*width).collect();
                line += &if index == 0 {
                    format!("{cell:<width$}")
                } else {
                    format!("  {cell:>width$}")
                };
            }
            self.line(&line);
        }
    }
}

fn likely(answer: &Answer) -> String {
    let Chance { hits, paths } = answer.chance;
    let (low, high) = answer.chance.interval();
    let unit = unit(&answer.target);
    let mut text = match hits {
        0 => format!("None of {paths} paths; with 95% confidence at most {}.", percent(high)),
        _ => format!(
            "{}: {hits} of {paths} paths, 95% interval {} to {}.",
            percent(answer.chance.share()),
            percent(low),
            percent(high)
        ),
    };
    if let Some(needed) = answer.chance.paths_needed() {
        let least = if hits == 0 { "at least " } else { "about " };
        text += &format!(
            " That is too few paths to know it to a tenth: {ENOUGH_HITS} inside would take {least}--paths {needed:.0}."
        );
    }
    if answer.target.is_joint() {
        return text;
    }
    text += &format!(" The median of all paths is {} {unit}", short(answer.median));
    if answer.central.is_finite() {
        let central = short(answer.central);
        text += &format!("; the central case, every number at its median, gives {central} {unit}");
    }
    text + "."
}

/// Each part of a joint target by itself, and what depth means below.
fn parts(page: &mut Page, answer: &Answer) {
    let there = match &answer.plausible {
        Some(Plausible::Combination(found)) => found.medians.as_slice(),
        _ => &[],
    };
    let row = |place: usize| {
        let (part, alone) = (&answer.target.parts()[place], &answer.parts[place]);
        let (low, high) = alone.chance.interval();
        let there = there.get(place).map(|median| short(*median)).unwrap_or_default();
        let chance =
            format!("{} ({} to {})", percent(alone.chance.share()), percent(low), percent(high));
        vec![part.to_string(), chance, short(alone.median), short(alone.central), there]
    };
    let rows: Vec<Vec<String>> = (0..answer.parts.len()).map(row).collect();
    page.table(&["part by itself", "probability", "median", "central case", "combination"], &rows);
    page.say(&format!(
        "Were they independent, {} of the paths would be inside all. In what follows a path is measured by its depth inside the target: the smallest, over the parts, of the distance to the part's edge in standard deviations of its metric, negative outside; the median of all paths is {}, the central case has {}. The last column has the medians in the combination below.",
        percent(answer.independent()),
        short(answer.median),
        short(answer.central)
    ));
}

fn combination(page: &mut Page, answer: &Answer, found: &Plausible) {
    let unit = unit(&answer.target);
    match found {
        Plausible::Central => {
            page.say("The central case is inside the target already: distance 0, nothing has to move.");
        }
        Plausible::NotReached { nearest, distance } => page.say(&format!(
            "Not found: no combination within 8 standard normals was met whose median path is inside; the nearest median was {} {unit}, {} from the central case. Paths inside owe it to shocks and events as well, or to a corner that the search does not see.",
            short(*nearest),
            short(*distance)
        )),
        Plausible::Combination(found) => point(page, answer, found),
    }
}

fn point(page: &mut Page, answer: &Answer, found: &Combination) {
    let unit = unit(&answer.target);
    let (low, high) = found.check.interval();
    page.say(&format!(
        "It lies {} standard normals from the central case and is {} times as likely as that. Held there, {} fresh paths have a median of {} {unit} and {} of them are inside ({} to {}).",
        short(found.beta),
        short(found.likelihood_ratio),
        found.check.paths,
        short(found.median),
        percent(found.check.share()),
        percent(low),
        percent(high)
    ));
    let shown: Vec<Vec<String>> = found
        .inputs
        .iter()
        .filter(|input| input.importance >= SHOWN)
        .take(ROWS)
        .map(|input| {
            vec![
                input.key.clone(),
                format!("{} {}", short(input.value), input.unit),
                short(input.central),
                times(input.value / input.central),
                percentile(input.percentile),
                percent(input.importance),
            ]
        })
        .collect();
    page.table(&["assumption", "there", "central", "times", "percentile", "share of β²"], &shown);
    let rest = found.inputs.len() - shown.len();
    let mut text = match rest {
        0 => String::new(),
        _ => format!("{rest} more moved a little (design_point.csv). "),
    };
    text += &linearised(answer, found);
    let [centre, inside] = found.starts;
    text += &match (centre, inside) {
        (Some(a), Some(b)) if (a - b).abs() > 0.05 => format!(
            " Two points were found, at {} from the centre and at {} from the mean of the paths inside; this is the nearer.",
            short(a),
            short(b)
        ),
        (Some(_), Some(_)) => " Both starts of the search led here.".to_owned(),
        (Some(_), None) => " Only the search from the centre led to it.".to_owned(),
        _ => " Only the search from the mean of the paths inside led to it.".to_owned(),
    };
    if let Some(share) = found.outside.filter(|share| *share > EDGE) {
        text += &format!(
            " {} of the paths there leave the world that the model is known to hold in: read it as an extrapolation.",
            percent(share)
        );
    }
    page.say(&text);
}

fn linearised(answer: &Answer, found: &Combination) -> String {
    let Some(probability) = found.linearised else {
        return "No linearised probability: the edge of a joint target has a corner where its parts meet, and the simulated share is the answer.".to_owned();
    };
    let (hits, linear) = (answer.chance.hits, percent(probability));
    match answer.chance.judge(probability) {
        Judgement::Wrong => format!(
            "Its linearised probability, {linear}, is wrong here (it knows no shocks and no curvature): the simulated one above is the answer."
        ),
        Judgement::Agrees => format!(
            "Its linearised probability, {linear}, agrees with the simulated one, which is the answer."
        ),
        Judgement::Unchecked => format!(
            "Its linearised probability, {linear}, cannot be checked: {} inside, too few for the simulation to exclude even half or twice as much.",
            match hits {
                0 => "no path is".to_owned(),
                1 => "1 path is".to_owned(),
                many => format!("{many} paths are"),
            }
        ),
    }
}

fn boxes(page: &mut Page, answer: &Answer) {
    let hits = answer.chance.hits;
    if answer.boxes.iter().all(|named| named.found.is_none()) {
        let few = hits < FEWEST_HITS as u64 || answer.chance.paths - hits < FEWEST_HITS as u64;
        page.say(&if few {
            format!("Too few paths to say: a box needs {FEWEST_HITS} inside the target and {FEWEST_HITS} outside.")
        } else {
            "No intervals of assumptions or drivers set them apart that hold on paths the search has not seen.".to_owned()
        });
        return;
    }
    let [both, alone] = &answer.boxes;
    one_box(page, BOXES[0], both);
    let rules = |named: &NamedBox| {
        let found = named.found.as_ref();
        found.map(|found| {
            found.rules.iter().map(|rule| named.columns[rule.column].0.clone()).collect::<Vec<_>>()
        })
    };
    if rules(both) == rules(alone) {
        page.say("The box of assumptions alone is the same.");
    } else {
        one_box(page, BOXES[1], alone);
    }
}

fn one_box(page: &mut Page, name: &str, named: &NamedBox) {
    let Some(found) = &named.found else {
        page.say(&format!("By {name}: nothing that holds on unseen paths."));
        return;
    };
    let rules: Vec<String> = found
        .rules
        .iter()
        .map(|rule| {
            let (key, unit) = &named.columns[rule.column];
            match (rule.low.is_finite(), rule.high.is_finite()) {
                (true, true) => {
                    format!("{key} from {} to {} {unit}", short(rule.low), short(rule.high))
                }
                (true, false) => format!("{key} at least {} {unit}", short(rule.low)),
                _ => format!("{key} at most {} {unit}", short(rule.high)),
            }
        })
        .collect();
    page.say(&format!("By {name}: {}.", rules.join("; ")));
    let (coverage, density) = (found.coverage.interval(), found.density.interval());
    page.say(&format!(
        "That box holds {} of the paths inside ({} to {}); of the paths in it {} are inside ({} to {}), {} times the share of all.",
        percent(found.coverage.share()),
        percent(coverage.0),
        percent(coverage.1),
        percent(found.density.share()),
        percent(density.0),
        percent(density.1),
        short(found.lift())
    ));
}

fn single(page: &mut Page, answer: &Answer, moves: &[Move]) {
    if matches!(answer.plausible, Some(Plausible::Central)) {
        page.say("The central case is inside the target already.");
        return;
    }
    let reached: Vec<&Move> = moves.iter().filter(|found| found.needed.is_some()).collect();
    let rows: Vec<Vec<String>> = reached
        .iter()
        .take(ROWS)
        .map(|found| {
            let value = found.needed.unwrap_or(f64::NAN);
            vec![
                found.key.clone(),
                quantity(found, value),
                short(found.central),
                found.multiple().map(times).unwrap_or_default(),
                found.percentile.map(percentile).unwrap_or_default(),
            ]
        })
        .collect();
    if rows.is_empty() {
        page.say("None of them reaches the target.");
    } else {
        page.table(&["assumption", "needed", "central", "times", "percentile"], &rows);
    }
    let left = reached.len() - rows.len();
    let mut text = match left {
        0 => String::new(),
        _ => format!("{left} more reach it (single_moves.csv). "),
    };
    let never: Vec<&Move> = moves.iter().filter(|found| found.needed.is_none()).collect();
    text += &format!("{} never do within their range, or a hundred times their size.", never.len());
    let unit = unit(&answer.target);
    let named = ["pace for longer", "dated sales", "elasticity"];
    for found in never.iter().filter(|found| named.contains(&found.key.as_str())) {
        let (value, median) = found.nearest;
        if value == found.central {
            text += &format!(" {}: never; no value comes nearer than the central one.", found.key);
            continue;
        }
        text += &format!(
            " {}: never; the nearest is {} {unit} at {}.",
            found.key,
            short(median),
            quantity(found, value)
        );
    }
    text += &edge(&reached);
    page.say(&text);
}

/// Which moves reach the target only with paths outside the known world.
fn edge(reached: &[&Move]) -> String {
    let beyond = reached.iter().filter_map(|found| {
        let share = found.outside.filter(|share| *share > EDGE)?;
        Some(format!("{} ({} of the paths)", found.key, percent(share)))
    });
    let beyond: Vec<String> = beyond.collect();
    match beyond.len() {
        0 => String::new(),
        many => {
            let more = many.saturating_sub(ROWS);
            let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
            let shown = beyond[..many - more].join(", ");
            format!(
                " Only with paths outside the world that the model is known to hold in: {shown}{rest}."
            )
        }
    }
}

/// A value with its unit; days of a pace also in months.
fn quantity(found: &Move, value: f64) -> String {
    if found.key == "pace for longer" {
        return format!("{value:.0} days ({} months)", short(value / MONTH));
    }
    format!("{} {}", short(value), found.unit)
}

/// Three significant digits.
fn short(value: f64) -> String {
    if !value.is_finite() {
        return "?".to_owned();
    }
    let rounded: f64 = format!("{value:.2e}").parse().unwrap_or(value);
    if rounded != 0.0 && rounded.abs() < 1e-4 {
        return format!("{rounded:e}");
    }
    format!("{}", rounded + 0.0)
}

fn percent(share: f64) -> String {
    if share.is_finite() { format!("{}%", short(100.0 * share)) } else { "?".to_owned() }
}

fn times(multiple: f64) -> String {
    if multiple.is_finite() { format!("{}×", short(multiple)) } else { String::new() }
}

fn percentile(share: f64) -> String {
    match 100.0 * share {
        place if place > 99.99 => ">99.99%".to_owned(),
        place if place < 0.01 => "<0.01%".to_owned(),
        place if (1.0..=99.0).contains(&place) => format!("{place:.0}%"),
        place => format!("{place:.2}%"),
    }
}
