//! Signals: Ctrl-C, TERM and HUP stop a run between blocks of paths; a second one ends the program at once.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Exit code: ended by a second signal.
const ENDED: i32 = 130;

/// Set by the first signal.
static STOP: AtomicBool = AtomicBool::new(false);

/// What a run that is ended at once leaves beside its results.
static LEFTOVERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Whether a signal asked to stop.
pub(super) fn stopped() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// Says what would be left beside the results if the program were ended at once.
pub(super) fn would_leave(paths: Vec<PathBuf>) {
    if let Ok(mut known) = LEFTOVERS.lock() {
        *known = paths;
    }
}

/// A signal has come: the first asks to stop, the second ends the program.
fn heard() {
    if !STOP.swap(true, Ordering::Relaxed) {
        return;
    }
    let mut text =
        "ended at once: the folder of results is whole, the old one or the new one".to_owned();
    let left = LEFTOVERS.lock().map(|known| known.clone()).unwrap_or_default();
    for path in left.iter().filter(|path| path.exists()) {
        let remedy = match path.extension().is_some_and(|kind| kind == "sweep") {
            true => "the same command goes on from there",
            false => "the next run into that folder removes it",
        };
        text.push_str(&format!("; left {} ({remedy})", path.display()));
    }
    let _ = writeln!(std::io::stderr(), "\n{text}");
    std::process::exit(ENDED);
}

/// Listens to Ctrl-C, TERM and HUP; those that were ignored when the program started (`nohup`, a background job of a
/// script) stay ignored. Where that fails they end the program at once, which leaves old results whole.
#[cfg(unix)]
pub(super) fn listen() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let ignored = ignored();
    let wanted = [SIGINT, SIGTERM, SIGHUP].into_iter();
    let wanted = wanted.filter(|signal| ignored & (1 << (signal - 1)) == 0);
    if let Ok(mut signals) = signal_hook::iterator::Signals::new(wanted) {
        std::thread::spawn(move || signals.forever().for_each(|_| heard()));
    }
}

/// The signals that this process ignores, a bit each, the first signal lowest; none where the system does not say.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

/// Listens to Ctrl-C and to what closes the window.
#[cfg(not(unix))]
pub(super) fn listen() {
    let _ = ctrlc::set_handler(heard);
}
