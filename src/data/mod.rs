//! Data files as their publishers give them: FRED, TIC, the Ministry of Finance, the Bank of Japan, the CFTC.
//!
//! A folder of such files is a [`DataSet`]. Every reader streams, takes the format's known variants, and says file, line,
//! column and value of what it cannot read. Nothing is guessed: a missing value is counted and left out, never zero.

mod folder;
mod fred;
mod holders;
mod intervention;
mod jgb;
mod meetings;
mod portfolio;
mod positions;
mod records;
mod reserves;
mod series;
mod tic;
mod wanted;
mod weekly;

pub use folder::{DataSet, FileFacts, read_file, read_folder};
pub(crate) use records::Guarded;
pub use records::{DataError, Problem, date as parse_date};
pub use series::{Frequency, Series};
pub use wanted::{BASIS, MEETINGS, WANTED, Wanted};
