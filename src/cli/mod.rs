//! The command line: the only part that knows a terminal. `main` calls [`execute`].

mod args;
mod built_in;
mod calibrate;
mod claims;
mod compare;
mod data;
mod derive;
mod document;
mod edge;
mod library;
mod memory;
mod plausibility;
mod priors;
mod progress;
mod replay;
mod results;
mod reverse;
mod run;
mod scenarios;
mod selftest;
mod sensitivity;
mod stop;
mod sweep;

pub use args::{Arguments, Command, How, ProgressFormat, RunArguments};
pub use built_in::LIBRARY;
pub use calibrate::CalibrateArguments;
pub use claims::ClaimsArguments;
pub use compare::CompareArguments;
pub use data::{DataArguments, describe};
pub use derive::{derivation, derivation_csv};
pub use document::{document, document_html};
pub use library::{Library, Root};
pub use plausibility::PlausibilityArguments;
pub use priors::{priors, priors_csv};
pub use replay::ReplayArguments;
pub use reverse::ReverseArguments;
pub use run::{Finished, LIBRARY_PATHS, run};
pub use scenarios::{Checked, check, explain, list, schema, show};
pub use selftest::{SelftestArguments, verdict_code};
pub use sensitivity::SensitivityArguments;
pub use sweep::{DesignName, SweepArguments};

use crate::error::Error;
use crate::model::{CATALOGUE, METRICS};
use crate::plausibility::{Beyond, flags, name_furthest, suspect};
use crate::report;
use crate::scenario::{Diagnostic, nearest};
use crate::sensitivity::sources_terminal;
use crate::text::{brief, printable, printable_lines, printable_page};
use clap::Parser as _;
use results::Results;
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

/// Width of the table where there is no terminal.
const PIPE_WIDTH: usize = 120;
/// Exit code: done.
const DONE: u8 = 0;
/// Exit code: the run failed.
const FAILED: u8 = 1;
/// Exit code: bad usage or a bad scenario.
const BAD_INPUT: u8 = 2;
/// Exit code: stopped before the end.
const STOPPED: u8 = 3;
/// Exit code: done, but too many paths left the world that the model knows.
const BEYOND: u8 = 4;

/// Does what was typed; gives the exit code.
pub fn execute(arguments: Arguments) -> u8 {
    stop::listen();
    let outcome = match arguments.command {
        None => run_and_tell(&library_run()),
        Some(Command::Run(arguments)) => run_and_tell(&arguments),
        Some(Command::Claims(arguments)) => claims::run(&arguments),
        Some(Command::Compare(arguments)) => compare::run(&arguments),
        Some(Command::Sweep(arguments)) => sweep::run(&arguments),
        Some(Command::Sensitivity(arguments)) => sensitivity::run(&arguments),
        Some(Command::Reverse(arguments)) => reverse::run(&arguments),
        Some(Command::Calibrate(arguments)) => calibrate::run(&arguments),
        Some(Command::Data(arguments)) => data::run(&arguments),
        Some(Command::Replay(arguments)) => replay::run(&arguments),
        Some(Command::Plausibility(arguments)) => plausibility::run(arguments),
        Some(Command::Selftest(arguments)) => selftest::run(&arguments),
        Some(Command::List) => list(&LIBRARY, &CATALOGUE).map(|text| tell(&text, DONE)),
        Some(Command::Show { scenario, sets, baseline }) => args::on_root(baseline.as_deref())
            .and_then(|library| show(&scenario, &sets, &library, &CATALOGUE))
            .map(|text| tell(&text, DONE)),
        Some(Command::Check { files, baseline }) => {
            args::on_root(baseline.as_deref()).map(|library| {
                let styled = std::io::stdout().is_terminal();
                let checked = check(&files, &library, &CATALOGUE, styled);
                tell(&checked.text, if checked.sound { DONE } else { BAD_INPUT })
            })
        }
        Some(Command::Priors { csv, derive }) => match (derive, csv) {
            (false, false) => priors(),
            (false, true) => priors_csv(),
            (true, false) => derivation(),
            (true, true) => derivation_csv(),
        }
        .map(|text| tell(&text, DONE)),
        Some(Command::Document { html }) => {
            Ok(tell(&if html { document_html() } else { document() }, DONE))
        }
        Some(Command::Schema) => Ok(tell(&schema(&CATALOGUE), DONE)),
        Some(Command::Explain { channel }) => {
            explain(&channel, &CATALOGUE).map(|text| tell(&text, DONE))
        }
    };
    outcome.unwrap_or_else(|error| complain(&error))
}

/// The run without arguments: the library, fewer paths.
fn library_run() -> RunArguments {
    match Arguments::parse_from(["ustress", "run"]).command {
        Some(Command::Run(mut arguments)) => {
            arguments.how.paths = LIBRARY_PATHS;
            arguments
        }
        _ => unreachable!("`ustress run` parses to a run"),
    }
}

/// Runs, prints the table, and says where the results are.
fn run_and_tell(arguments: &RunArguments) -> Result<u8, Error> {
    let finished = run(arguments)?;
    let colour = std::io::stdout().is_terminal();
    let print = |width: usize| {
        report::terminal(&finished.reports, width, colour)
            + &sources_terminal(&finished.sources)
            + &flags(&finished.plausibility, width)
    };
    let state = State { partial: finished.partial, beyond: &finished.beyond };
    Ok(tell_about(&finished.warnings, print, &finished.out, state))
}

/// What the results are worth.
#[derive(Debug, Clone, Copy, Default)]
struct State<'a> {
    /// Whether they are of the first paths only.
    partial: bool,
    /// What left the world that the model knows.
    beyond: &'a [Beyond],
}

impl State<'_> {
    /// The exit code: stopped goes before suspect.
    fn code(self) -> u8 {
        match (self.partial, self.beyond.iter().any(Beyond::is_suspect)) {
            (true, _) => STOPPED,
            (false, true) => BEYOND,
            (false, false) => DONE,
        }
    }
}

/// Prints warnings and a result as wide as the terminal, and says where the files are; gives the exit code.
fn tell_results(
    warnings: &[Diagnostic],
    print: impl Fn(usize) -> String,
    results: &Results,
    state: State<'_>,
) -> u8 {
    tell_about(warnings, print, results.shown(), state)
}

/// The same for a folder that is no longer claimed.
fn tell_about(
    warnings: &[Diagnostic],
    print: impl Fn(usize) -> String,
    out: &Path,
    state: State<'_>,
) -> u8 {
    for (index, warning) in warnings.iter().enumerate() {
        // What a common root or setting brings is said once.
        if warnings[..index].contains(warning) {
            continue;
        }
        say(&format!("{}\n", warning.render()));
    }
    let width =
        console::Term::stdout().size_checked().map_or(PIPE_WIDTH, |(_, columns)| columns.into());
    let mut page = print(width);
    for line in edge::notes(state.beyond).iter().flat_map(|note| report::wrap(note, width)) {
        page.push_str(&(line + "\n"));
    }
    let code = tell(&page, state.code());
    if let Some(text) = suspect(state.beyond) {
        say(&format!("SUSPECT results: {text}"));
    }
    let what = if state.partial { "PARTIAL results" } else { "results" };
    say(&format!("{what} in {}", printable(&out.to_string_lossy())));
    code
}

/// Position of a metric that was asked for by name.
fn metric_named(name: &str) -> Result<usize, Error> {
    let known = || METRICS.iter().map(|metric| metric.name);
    known().position(|known| known == name).ok_or_else(|| Error::UnknownMetric {
        name: name.to_owned(),
        nearest: nearest(name, known()).map(str::to_owned),
        known: known().map(str::to_owned).collect(),
    })
}

/// Says something on stderr, with nothing in it that drives a terminal.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", printable_lines(text));
}

/// Prints a result; a closed pipe is no failure.
fn tell(text: &str, code: u8) -> u8 {
    let mut stdout = std::io::stdout().lock();
    let text = printable_page(text, std::io::stdout().is_terminal());
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            say(&format!("error: cannot print: {error}"));
            FAILED
        }
        _ => code,
    }
}

/// Prints an error; gives its exit code.
fn complain(error: &Error) -> u8 {
    let (text, code) = match error {
        Error::Scenario { .. } => {
            say(&error.to_string());
            return BAD_INPUT;
        }
        Error::UnknownScenario { .. }
        | Error::UnknownChannel { .. }
        | Error::Read { .. }
        | Error::Plan(_)
        | Error::NoHorizon { .. }
        | Error::StopRule(_)
        | Error::UnknownMetric { .. }
        | Error::Given(_)
        | Error::Data(_)
        | Error::Vary { .. }
        | Error::Usage { .. }
        | Error::Target(_)
        | Error::Episodes(_)
        | Error::EmptyFolder { .. } => (format!("error: {error}"), BAD_INPUT),
        Error::Stopped => (error.to_string(), STOPPED),
        Error::NonFinite { numbers, path, .. } => {
            let known = edge::baseline(&LIBRARY, &[]).ok();
            let named = known.and_then(|baseline| name_furthest(numbers, &baseline));
            let named = named.map(|named| format!("; on path {path} {named}")).unwrap_or_default();
            (format!("error: {error}{named}"), FAILED)
        }
        Error::Threads(_) | Error::Write(_) => (format!("error: {error}"), FAILED),
    };
    say(&brief(&printable(&text)));
    code
}

/// Says why what was typed is no command, or shows the help that was asked for; gives the exit code. The message is made
/// anew from arguments in which everything prints.
pub fn refuse(error: &clap::Error) -> u8 {
    let shown =
        std::env::args_os().map(|argument| printable(&argument.to_string_lossy()).into_owned());
    let again = Arguments::try_parse_from(shown).err();
    let error = again.as_ref().filter(|again| again.kind() == error.kind()).unwrap_or(error);
    let text = |colour: bool| match colour {
        true => printable_page(&error.render().ansi().to_string(), true).into_owned(),
        false => printable_lines(&error.render().to_string()).into_owned(),
    };
    if error.use_stderr() {
        let colour = std::io::stderr().is_terminal() && console::colors_enabled_stderr();
        let _ = write!(std::io::stderr(), "{}", text(colour));
        return BAD_INPUT;
    }
    tell(&text(std::io::stdout().is_terminal() && console::colors_enabled()), DONE)
}
