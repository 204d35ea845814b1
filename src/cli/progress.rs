//! Progress on stderr: a bar with paths a second and time left, JSON lines, or nothing.

use super::stop::stopped;
use crate::engine::Progress;
use crate::text::{printable, printable_json};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How to tell progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// A bar, if stderr is a terminal.
    Bar,
    /// JSON lines.
    Json,
    /// Nothing.
    Quiet,
}

/// Progress of all scenarios of a run.
#[derive(Debug)]
pub(super) struct Watch {
    bar: ProgressBar,
    json: bool,
    done: AtomicU64,
    total: u64,
    started: Instant,
    last: Mutex<Instant>,
}

/// Time between JSON lines.
const PAUSE: Duration = Duration::from_millis(500);

impl Watch {
    /// Progress towards `total` paths.
    pub(super) fn new(style: Style, total: u64) -> Self {
        let target = if style == Style::Bar {
            ProgressDrawTarget::stderr_with_hz(5)
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(total), target);
        let template = "{msg:28} {bar:30} {percent:>3}%  {per_sec:>16}  {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            let per_second = |state: &indicatif::ProgressState, out: &mut dyn std::fmt::Write| {
                let _ = write!(out, "{:.0} paths/s", state.per_sec());
            };
            bar.set_style(style.with_key("per_sec", per_second));
        }
        let now = Instant::now();
        Watch {
            bar,
            json: style == Style::Json,
            done: AtomicU64::new(0),
            total,
            started: now,
            last: Mutex::new(now),
        }
    }

    /// Names the scenario that runs now.
    pub(super) fn scenario(&self, name: &str) {
        self.bar.set_message(printable(name).into_owned());
    }

    /// Counts paths that an earlier run has simulated.
    pub(super) fn skip(&self, paths: u64) {
        self.done.fetch_add(paths, Ordering::Relaxed);
        self.bar.inc(paths);
        self.bar.reset_eta();
    }

    /// Ends the bar, and says the last word in JSON.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
        if self.json {
            self.line(self.done.load(Ordering::Relaxed));
        }
    }

    fn line(&self, done: u64) {
        let seconds = self.started.elapsed().as_secs_f64().max(1e-9);
        let rate = done as f64 / seconds;
        let left = self.total.saturating_sub(done) as f64 / rate.max(1e-9);
        let line = serde_json::json!({
            "scenario": self.bar.message(), "paths_done": done, "paths_total": self.total,
            "paths_per_second": rate.round(), "seconds_left": left.round(),
        });
        let _ = writeln!(std::io::stderr(), "{}", printable_json(&line.to_string()));
    }
}

impl Progress for Watch {
    fn advance(&self, paths: u64) -> bool {
        let done = self.done.fetch_add(paths, Ordering::Relaxed) + paths;
        self.bar.inc(paths);
        if self.json
            && let Ok(mut last) = self.last.try_lock()
            && last.elapsed() >= PAUSE
        {
            *last = Instant::now();
            self.line(done);
        }
        !stopped()
    }
}
