//! The binary, started as a user starts it.
#![allow(dead_code, clippy::unwrap_used)] // every test file uses its own part

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The command in a folder, without anything to read.
pub(crate) fn command(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ustress"));
    command.current_dir(home).args(arguments).stdin(Stdio::null());
    command
}

/// What it did.
pub(crate) fn ustress(home: &Path, arguments: &[&str]) -> Output {
    command(home, arguments).output().unwrap()
}

/// Exit code, output and errors.
pub(crate) fn answer(home: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let out = ustress(home, arguments);
    (out.status.code(), text(&out.stdout), text(&out.stderr))
}

/// What it did until Ctrl-C came, a second and a half after its start.
#[cfg(unix)]
pub(crate) fn interrupted(home: &Path, arguments: &[&str]) -> Output {
    let mut command = command(home, arguments);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    child.wait_with_output().unwrap()
}

/// Bytes as text.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
