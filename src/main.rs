//! `ustress`: arguments in, exit code out. The way through is `cli::run` → `simulate` → `engine::run` →
//! `model::simulate_block` → a mechanism's `step`.

use clap::Parser as _;
use std::process::ExitCode;
use ustress::cli::{Arguments, execute, refuse};

fn main() -> ExitCode {
    ExitCode::from(match Arguments::try_parse() {
        Ok(arguments) => execute(arguments),
        Err(error) => refuse(&error),
    })
}
