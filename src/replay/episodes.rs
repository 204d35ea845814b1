//! Dated episodes: a table with a row an episode, what each was used for when the model's numbers were set, and, where the
//! table gives them, the flows of its window in USD bn (positive: dollars or Treasuries sold; negative: bought).

use crate::data::parse_date;
use crate::files;
use crate::scenario::nearest;
use crate::text::{cut, printable};
use std::collections::BTreeSet;
use std::path::Path;
use time::{Date, Month};

/// Columns that a file must have.
const REQUIRED: [&str; 3] = ["id", "start", "end"];
/// Columns that a file may have.
const OPTIONAL: [&str; 4] =
    ["episode", "used_for", "ministry_sold_usd_bn", "residents_sold_usd_bn"];
/// Most letters of a name, of which files are made.
const LONGEST_ID: usize = 60;
/// Largest flow of a window, USD bn: the range of the events that play it.
const LARGEST: f64 = 5000.0;

/// Most episodes of a file: each takes a run or two.
const MOST: usize = 1000;

/// A window of time in which something moved.
#[derive(Debug, Clone, PartialEq)]
pub struct Episode {
    /// Short name, one of its kind.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Last day before the move: nothing later may be known.
    pub start: Date,
    /// Last day of the move.
    pub end: Date,
    /// What it was used for when the model's numbers were set.
    pub used: Use,
    /// Dollars that the Ministry sold over the window (bought when negative), USD bn, where the file gives them.
    pub ministry_sold_usd_bn: Option<f64>,
    /// Treasuries that Japan's residents sold over the window (bought when negative), USD bn, where the file gives them.
    pub residents_sold_usd_bn: Option<f64>,
}

/// What an episode was used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Use {
    /// Nothing: no number of the model comes from it.
    Nothing,
    /// It lies in the years from which sizes of everyday moves, jumps and responses were estimated, but no number comes
    /// from it alone.
    Sample,
    /// A number comes from it: a prior, or a calibration, with the keys.
    Named(String),
}

impl Use {
    /// In words, empty for nothing.
    pub fn words(&self) -> &str {
        match self {
            Use::Nothing => "",
            Use::Sample => "sample",
            Use::Named(words) => words,
        }
    }
}

/// An episodes file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {problem}; {remedy}", place(*line, column))]
pub struct EpisodeError {
    /// File as given.
    pub file: String,
    /// Line from 1; 0 for the whole file.
    pub line: u64,
    /// Name of the column; empty for the whole line.
    pub column: String,
    /// What is wrong, with the value.
    pub problem: String,
    /// What to do.
    pub remedy: &'static str,
}

fn place(line: u64, column: &str) -> String {
    match (line, column) {
        (0, _) => String::new(),
        (line, "") => format!(", line {line}"),
        (line, column) => format!(", line {line}, column `{column}`"),
    }
}

/// First and last day of a window, use and keys.
type Named = ((i32, u8, u8), (i32, u8, u8), &'static str);

/// Windows that the source of a declared number names (`ustress explain`): an episode that touches one was used. Written
/// down from those sources; a number with a new source adds its row.
const NAMED: [Named; 18] = [
    ((1998, 4, 1), (1998, 4, 30), "prior: intervention"),
    ((1998, 10, 19), (1998, 10, 19), "prior: usdjpy.order_flow_most_pct"),
    ((2003, 1, 1), (2004, 3, 31), "prior: intervention"),
    ((2007, 9, 1), (2007, 9, 30), "prior: rebalancing.pace_*"),
    ((2008, 11, 4), (2008, 12, 4), "prior: safe_haven.largest_bp"),
    ((2010, 9, 1), (2011, 11, 30), "prior: intervention"),
    ((2012, 4, 1), (2012, 4, 30), "prior: rebalancing.pace_*"),
    ((2016, 1, 1), (2016, 12, 31), "prior: hedge.basis_floor_pct"),
    ((2020, 3, 1), (2020, 4, 15), "prior: dealers, backstop, contagion, equity.vix_per_fall"),
    ((2021, 11, 1), (2022, 7, 31), "prior: rebalancing"),
    ((2022, 9, 1), (2022, 11, 30), "prior: intervention, usdjpy; calibration: carry_unwind"),
    ((2023, 11, 1), (2023, 11, 30), "prior: impact.issuance_tilt"),
    ((2024, 4, 29), (2024, 5, 31), "prior: intervention, impact"),
    ((2024, 7, 11), (2024, 7, 12), "prior: intervention"),
    ((2024, 7, 31), (2024, 8, 27), "calibration: carry_unwind, safe_haven; prior: boj, equity"),
    ((2025, 4, 1), (2025, 4, 30), "prior: dealers, contagion, backstop, equity.vix_per_fall"),
    ((2026, 1, 1), (2026, 1, 31), "prior: jgb_spillover, intervention.coordinated_factor"),
    ((2026, 2, 1), (2026, 6, 30), "prior: fed, jgb noise, holdings; from May intervention"),
];
/// Years of the estimates (`FRED DGS10, 2022-01 to 2026-06` and so on).
const SAMPLE: ((i32, u8, u8), (i32, u8, u8)) = ((2022, 1, 1), (2026, 6, 30));

/// What a window was used for: every named window that it touches, else the years of the estimates.
pub fn used_for(start: Date, end: Date) -> Use {
    let touches = |from: (i32, u8, u8), to: (i32, u8, u8)| {
        civil(from).is_some_and(|from| end >= from) && civil(to).is_some_and(|to| start < to)
    };
    let named = NAMED.iter().filter(|(from, to, _)| touches(*from, *to));
    let words: Vec<&str> = named.map(|(_, _, words)| *words).collect();
    match words.is_empty() {
        false => Use::Named(words.join("; ")),
        true if touches(SAMPLE.0, SAMPLE.1) => Use::Sample,
        true => Use::Nothing,
    }
}

/// A civil date.
pub(super) fn civil((year, month, day): (i32, u8, u8)) -> Option<Date> {
    Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()
}

/// Reads the episodes of a file: comma-separated, with the columns `id`, `start` (the last day before the move) and `end`
/// (its last day), where given also `episode` (a title), `used_for` (`prior…`, `calibration…`, `sample` or `none`, over
/// what the program knows), and the flows of the whole window in USD bn, even over its days: `ministry_sold_usd_bn`
/// (dollars) and `residents_sold_usd_bn` (Treasuries), positive where sold, negative where bought. A flow takes the place
/// of what the data say, an empty cell leaves it to them. Other columns are ignored, and told
/// by [`unused_columns`]; one that is nearly the name of ours is an error.
///
/// # Errors
/// A file that cannot be read, a missing column, a cell that is no date, an end that is not after its start, a name that
/// stands twice or not at all, a flow that is no finite number or beyond USD 5000bn.
pub fn read_episodes(path: &Path) -> Result<(Vec<Episode>, String), EpisodeError> {
    let file = path.display().to_string();
    let error = |line, column: &str, problem: String, remedy| EpisodeError {
        file: file.clone(),
        line,
        column: column.to_owned(),
        problem,
        remedy,
    };
    let remedy = "name a UTF-8 text file with --episodes";
    let unreadable =
        |cause: std::io::Error| error(0, "", format!("cannot be read: {cause}"), remedy);
    let bytes = files::read(path, files::EPISODES).map_err(unreadable)?;
    let text = String::from_utf8(bytes)
        .map_err(|_| error(0, "", "is not UTF-8 text".to_owned(), remedy))?;
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut records = reader.records().map(|record| {
        record.map_err(|cause| {
            let line = cause.position().map_or(0, csv::Position::line);
            error(line, "", cause.to_string(), "write a table with commas between its cells")
        })
    });
    let header = records.next().transpose()?.unwrap_or_default();
    let column = |name: &str| {
        header.iter().position(|cell| cell.trim_start_matches('\u{feff}').trim() == name)
    };
    if let Some(missing) = REQUIRED.iter().find(|name| column(name).is_none()) {
        let problem = format!("there is no column `{missing}`");
        return Err(error(1, "", problem, "begin the file with `id,episode,start,end`"));
    }
    if let Some(twice) = twice(&header) {
        return Err(error(1, twice, "stands twice".to_owned(), "leave one of the columns"));
    }
    if let Some((written, meant)) = misspelt(&header) {
        let problem = format!("is no column of episodes; did you mean `{meant}`?");
        return Err(error(
            1,
            &written,
            problem,
            "correct the name, or rename a column of your own",
        ));
    }
    let mut episodes = Vec::new();
    let mut known = BTreeSet::new();
    for record in records {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() > header.len() {
            let problem = format!("{} cells under {} columns", record.len(), header.len());
            return Err(error(line, "", problem, "put a text with commas into quotes"));
        }
        let cell = |name| column(name).and_then(|at| record.get(at)).unwrap_or_default().trim();
        let episode = episode(&cell)
            .map_err(|(column, problem, remedy)| error(line, column, problem, remedy))?;
        if !known.insert(episode.id.clone()) {
            let problem = format!("`{}` stands twice", episode.id);
            return Err(error(line, "id", problem, "give each episode a name of its own"));
        }
        if episodes.len() == MOST {
            let problem = format!("there are more than {MOST} episodes");
            return Err(error(line, "", problem, "split the file"));
        }
        episodes.push(episode);
    }
    if episodes.is_empty() {
        return Err(error(0, "", "holds no episodes".to_owned(), "add a row an episode"));
    }
    Ok((episodes, text))
}

/// A column that stands twice in a header.
fn twice(header: &csv::StringRecord) -> Option<&'static str> {
    let count = |name: &str| {
        header.iter().filter(|cell| cell.trim_start_matches('\u{feff}').trim() == name).count()
    };
    REQUIRED.into_iter().chain(OPTIONAL).find(|name| count(name) > 1)
}

/// A column that is none of ours and was meant to be one that the file does not have, with that one.
fn misspelt(header: &csv::StringRecord) -> Option<(String, &'static str)> {
    let names = || header.iter().map(|cell| cell.trim_start_matches('\u{feff}').trim());
    let known = || REQUIRED.into_iter().chain(OPTIONAL);
    let foreign = names().filter(|name| !known().any(|known| known == *name));
    let missing = || known().filter(|known| !names().any(|name| name == *known));
    foreign.into_iter().find_map(|name| {
        let meant = nearest(&name.to_lowercase().replace([' ', '-'], "_"), missing())?;
        Some((cut(name, LONGEST_ID).into_owned(), meant))
    })
}

/// Columns of a table of episodes that mean nothing to us.
pub fn unused_columns(text: &str) -> Vec<String> {
    let header = text.lines().next().unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(header.as_bytes());
    let Some(Ok(header)) = reader.records().next() else { return Vec::new() };
    let names = header.iter().map(|cell| cell.trim_start_matches('\u{feff}').trim());
    let known = |name: &str| REQUIRED.into_iter().chain(OPTIONAL).any(|known| known == name);
    names.filter(|name| !known(name)).map(|name| cut(name, LONGEST_ID).into_owned()).collect()
}

/// A row as an episode; else the column at fault, what is wrong and the remedy.
fn episode<'a>(
    cell: &impl Fn(&'static str) -> &'a str,
) -> Result<Episode, (&'static str, String, &'static str)> {
    let id = cell("id");
    if id.is_empty() {
        return Err(("id", "is empty".to_owned(), "give each episode a name of its own"));
    }
    if id.len() > LONGEST_ID {
        return Err(("id", format!("`{}…` is too long", start_of(id)), "use at most 60 letters"));
    }
    if !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) {
        return Err(("id", format!("`{id}` is no name"), "use letters, digits, `-` and `_`"));
    }
    let date = |column| {
        let text = cell(column);
        let problem = || (column, format!("`{text}` is not a date"), "write it as 2026-06-30");
        parse_date(text).ok_or_else(problem)
    };
    let (start, end) = (date("start")?, date("end")?);
    if end <= start {
        let problem = format!("{end} is not after the start, {start}");
        return Err((
            "end",
            problem,
            "`start` is the last day before the move, `end` its last day",
        ));
    }
    let used = match cell("used_for") {
        "" => used_for(start, end),
        "none" => Use::Nothing,
        "sample" => Use::Sample,
        words if words.starts_with("prior") || words.starts_with("calibration") => {
            Use::Named(words.to_owned())
        }
        other => {
            let remedy = "write `prior…`, `calibration…`, `sample`, `none`, or leave it empty";
            return Err(("used_for", format!("`{other}` is no use of an episode"), remedy));
        }
    };
    let flow = |column| {
        let remedy = "write USD bn from -5000 to 5000, such as 60 or -25.5, or leave it empty";
        flow(cell(column)).map_err(|problem| (column, problem, remedy))
    };
    let title = if cell("episode").is_empty() { id } else { cell("episode") };
    Ok(Episode {
        id: id.to_owned(),
        title: printable(title).into_owned(),
        start,
        end,
        used,
        ministry_sold_usd_bn: flow("ministry_sold_usd_bn")?,
        residents_sold_usd_bn: flow("residents_sold_usd_bn")?,
    })
}

/// The beginning of a long name.
fn start_of(id: &str) -> String {
    id.chars().take(20).collect()
}

/// A flow in USD bn; none in an empty cell; else what is wrong.
fn flow(text: &str) -> Result<Option<f64>, String> {
    match text.parse::<f64>() {
        _ if text.is_empty() => Ok(None),
        Ok(value) if value.abs() <= LARGEST => Ok(Some(value)),
        Ok(value) if value.is_finite() => Err(format!("`{text}` is too large")),
        _ => Err(format!("`{text}` is no finite number")),
    }
}
