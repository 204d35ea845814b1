//! `list`, `show`, `check`, `schema` and `explain`.

use super::Library;
use crate::error::Error;
use crate::report::is_mistaken;
use crate::scenario::{self, Catalogue, Diagnostic};
use crate::text::printable;

/// Name and title of every built-in scenario, one a line.
///
/// # Errors
/// If a built-in scenario cannot be loaded.
pub fn list(library: &Library, catalogue: &Catalogue) -> Result<String, Error> {
    let width = library.built_in.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut out = String::new();
    for (name, _) in library.built_in {
        let loaded = library.load(name, &[], catalogue)?;
        out += &format!("{name:width$}  {}\n", loaded.scenario.title);
    }
    Ok(out)
}

/// The resolved scenario as TOML, every value with its unit, source and layer.
///
/// # Errors
/// If the scenario cannot be loaded.
pub fn show(
    name: &str,
    sets: &[String],
    library: &Library,
    catalogue: &Catalogue,
) -> Result<String, Error> {
    let loaded = library.load(name, sets, catalogue)?;
    Ok(scenario::show(&loaded.scenario, catalogue))
}

/// What `check` found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// One paragraph a diagnostic, one line a sound file.
    pub text: String,
    /// Whether every file can run.
    pub sound: bool,
}

/// Checks files or built-in scenarios; `styled` gives terminal colours.
pub fn check(names: &[String], library: &Library, catalogue: &Catalogue, styled: bool) -> Checked {
    let mut checked = Checked { text: String::new(), sound: true };
    let render = |found: &Diagnostic| if styled { found.render_styled() } else { found.render() };
    for name in names {
        match library.load(name, &[], catalogue) {
            Ok(loaded) => {
                for warning in &loaded.warnings {
                    checked.text += &format!("{}\n\n", render(warning));
                }
                for line in &loaded.inherited {
                    checked.text += &format!("{name}: {line}\n");
                }
                let doubtful = doubtful_name(&loaded.scenario.name);
                checked.text.extend(doubtful.iter().cloned());
                let count = loaded.warnings.len() + usize::from(doubtful.is_some());
                let warnings = match count {
                    0 => String::new(),
                    1 => ", 1 warning".to_owned(),
                    _ => format!(", {count} warnings"),
                };
                checked.text += &format!("{name}: ok{warnings}\n");
            }
            Err(Error::Scenario { diagnostics }) => {
                checked.sound = false;
                for found in &diagnostics {
                    checked.text += &format!("{}\n\n", render(found));
                }
                checked.text += &format!("{name}: cannot run\n");
            }
            Err(error) => {
                checked.sound = false;
                checked.text += &format!("error: {error}\n");
            }
        }
    }
    checked
}

/// A warning about a name that spreadsheets would compute or take for a number or a date, or that does not print.
fn doubtful_name(name: &str) -> Option<String> {
    let shown = printable(name);
    let what = if is_mistaken(&shown) {
        "would be computed, or read as a number or a date, by a spreadsheet; the tables put an apostrophe before it"
    } else if shown != name {
        "holds what does not print; the tables write it as escapes"
    } else {
        return None;
    };
    Some(format!(
        "warning: the name `{shown}` {what}\n  help: rename the file, best to letters, digits and `_`\n\n"
    ))
}

/// The JSON Schema of scenario files, indented.
pub fn schema(catalogue: &Catalogue) -> String {
    format!("{:#}\n", scenario::schema(catalogue))
}

/// The numbers of a driver, a channel or a kind of event.
///
/// # Errors
/// If there is none of that name.
pub fn explain(name: &str, catalogue: &Catalogue) -> Result<String, Error> {
    scenario::explain(name, catalogue)
}
