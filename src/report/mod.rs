//! From a tally to what people and spreadsheets read: plain data, tables, manifest, terminal.

mod build;
mod manifest;
mod sales;
mod series;
mod spreadsheet;
mod table;
mod tables;
mod terminal;

pub use build::{Appearance, Bar, Distribution, EventFacts, FanPoint, FlowRow, KeptPaths, Report};
pub use manifest::{DataFile, Run, manifest, sha256, sha256_of_file};
pub use sales::SaleFacts;
pub use series::{EXCEL_ROWS, fan, flows, histogram, paths};
pub use spreadsheet::is_mistaken;
pub use table::{Columns, Table, exact, number};
pub(crate) use tables::Checks;
pub use tables::{
    attribution, convergence, quantiles, statistics, summary, summary_cells, summary_columns,
};
pub use terminal::{terminal, wrap};

use crate::folder::MANIFEST;
use std::collections::BTreeMap;

/// All files of a run: the tables, `paths.csv` where paths were kept, the manifest over them.
pub fn files(run: &Run, reports: &[Report]) -> BTreeMap<String, Vec<u8>> {
    files_with(run, reports, BTreeMap::new())
}

/// The same with further tables beside them, also under the manifest.
pub fn files_with(
    run: &Run,
    reports: &[Report],
    further: BTreeMap<String, Vec<u8>>,
) -> BTreeMap<String, Vec<u8>> {
    let mut files = further;
    let mut add = |name: &str, bytes| files.insert(name.to_owned(), bytes);
    add("summary.csv", summary(reports));
    add("quantiles.csv", quantiles(reports));
    add("statistics.csv", statistics(reports));
    add("attribution.csv", attribution(reports));
    add("flows.csv", flows(reports));
    add("fan.csv", fan(reports));
    add("histogram.csv", histogram(reports));
    if reports.iter().any(|report| !report.kept.rows.is_empty()) {
        add("paths.csv", paths(reports));
    }
    if reports.iter().any(|report| report.checks.is_some()) {
        add("convergence.csv", convergence(reports));
    }
    with_manifest(run, reports, files)
}

/// Tables with a manifest over them, and nothing else.
pub fn with_manifest(
    run: &Run,
    reports: &[Report],
    mut files: BTreeMap<String, Vec<u8>>,
) -> BTreeMap<String, Vec<u8>> {
    let manifest = manifest(run, reports, &files);
    files.insert(MANIFEST.to_owned(), manifest);
    files
}
