//! The binary, started as a user starts it.
#![allow(dead_code, clippy::unwrap_used)] // every test file uses its own part

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

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

/// The folder in `output` that was written last.
pub(crate) fn results(home: &Path) -> PathBuf {
    let folders =
        std::fs::read_dir(home.join("output")).unwrap().map(|entry| entry.unwrap().path());
    let written =
        |folder: &PathBuf| folder.join("manifest.json").metadata().unwrap().modified().unwrap();
    folders.max_by_key(written).unwrap()
}

/// What it did until Ctrl-C came, a second and a half after its start.
#[cfg(unix)]
pub(crate) fn interrupted(home: &Path, arguments: &[&str]) -> Output {
    let child = started(home, arguments);
    std::thread::sleep(std::time::Duration::from_millis(1500));
    signal(&child, "INT");
    child.wait_with_output().unwrap()
}

/// A run under way.
pub(crate) fn started(home: &Path, arguments: &[&str]) -> Child {
    let mut command = command(home, arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Sends a signal.
#[cfg(unix)]
pub(crate) fn signal(child: &Child, name: &str) {
    let pid = child.id().to_string();
    assert!(Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap().success());
}

/// Bytes as text.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
