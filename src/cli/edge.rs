//! The edge of the known world at the command line: what is counted, written beside the results, and said.

use super::Library;
use crate::error::Error;
use crate::folder::SUSPECT;
use crate::model::{CATALOGUE, Plan};
use crate::plausibility::{Beyond, suspect};
use crate::require_horizon;
use crate::scenario::Scenario;
use crate::stats::{Outside, Tally};
use std::collections::BTreeMap;

/// The parent of all scenarios, with changes.
pub(super) fn baseline(library: &Library, sets: &[String]) -> Result<Scenario, Error> {
    Ok(library.load("baseline", sets, &CATALOGUE)?.scenario)
}

/// The paths of a scenario that left the known world; none when none did.
pub(super) fn beyond(
    library: &Library,
    scenario: &Scenario,
    seed: u64,
    tally: &Tally,
) -> Result<Option<Beyond>, Error> {
    counted(library, &scenario.name, (scenario, seed), tally.paths(), tally.outside())
}

/// The same from counts.
pub(super) fn counted(
    library: &Library,
    name: &str,
    (scenario, seed): (&Scenario, u64),
    paths: u64,
    outside: &Outside,
) -> Result<Option<Beyond>, Error> {
    if outside.paths == 0 {
        return Ok(None);
    }
    let plan = Plan::new(scenario)?;
    Ok(Some(Beyond::new(name, (&plan, seed), paths, outside, &baseline(library, &[])?)))
}

/// Puts the file `SUSPECT` beside results of which too many left.
pub(super) fn mark(files: &mut BTreeMap<String, Vec<u8>>, found: &[Beyond]) {
    files.extend(suspect(found).map(|text| (SUSPECT.to_owned(), text.into_bytes())));
}

/// A line for each scenario of which some paths left, but not too many.
pub(super) fn notes(found: &[Beyond]) -> Vec<String> {
    let few = found.iter().filter(|beyond| !beyond.is_suspect());
    few.map(|beyond| format!("note: {}", beyond.note())).collect()
}

/// Gives scenarios of the same name a number behind it, so that every table tells them apart.
pub(super) fn distinguish<'a>(names: impl Iterator<Item = &'a mut String>) {
    let mut known: Vec<String> = Vec::new();
    for name in names {
        let same = known.iter().filter(|known| *known == name).count();
        let own = name.clone();
        let mut number = same + 1;
        while known.contains(name) {
            *name = format!("{own} #{number}");
            number += 1;
        }
        known.push(name.clone());
    }
}

/// Refuses a horizon that one of the scenarios does not have, before the first runs.
pub(super) fn require_everywhere(
    scenarios: impl Iterator<Item = impl std::borrow::Borrow<Scenario>>,
    horizon: Option<&str>,
) -> Result<(), Error> {
    for scenario in scenarios.filter(|_| horizon.is_some()) {
        require_horizon(&Plan::new(scenario.borrow())?, horizon.unwrap_or_default())?;
    }
    Ok(())
}
