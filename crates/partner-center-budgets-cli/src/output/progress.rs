//! The progress of a job.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use partner_center_budgets_fleet::{Progress, ProgressSnapshot};
use tokio::task::JoinHandle;
use unicode_width::UnicodeWidthStr;

use super::notice::notice;
use super::terminal::stderr_width;
use super::waiting::duration;
use super::{bar, truncate, waiting};

/// Whether a progress line is on the terminal. No other line may be drawn then.
static IS_DRAWING: AtomicBool = AtomicBool::new(false);

const REDRAW: Duration = Duration::from_millis(200);

/// A line on standard error, redrawn until this is dropped. If standard error is not a terminal, only long waits are
/// reported, each on its own line.
pub(crate) struct ProgressLine(JoinHandle<()>);

impl ProgressLine {
    pub(crate) fn start(what: &'static str, progress: Progress) -> Self {
        let drawn = progress.clone();
        let draw = async move {
            let mut redraw = tokio::time::interval(REDRAW);
            loop {
                redraw.tick().await;
                let mut text = line(what, &drawn.snapshot(), stderr_width());
                if let Some(waiting) = waiting::text() {
                    text = truncate::end(&format!("{text}  {waiting}"), stderr_width());
                }
                // A closed standard error must not stop the run.
                let _ = write!(io::stderr(), "\r\x1b[K{text}");
            }
        };
        let is_terminal = io::stderr().is_terminal();
        IS_DRAWING.store(is_terminal, Ordering::Relaxed);
        Self(if is_terminal { tokio::spawn(draw) } else { tokio::spawn(report_long_waits(progress)) })
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        self.0.abort();
        if IS_DRAWING.swap(false, Ordering::Relaxed) {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

/// A log should explain a wait of this length.
const LONG_WAIT: Duration = Duration::from_secs(30);

async fn report_long_waits(progress: Progress) {
    let mut look = tokio::time::interval(Duration::from_secs(1));
    let mut is_reported = false;
    loop {
        look.tick().await;
        let wait = progress.snapshot().throttled_for;
        if let Some(wait) = wait.filter(|wait| *wait >= LONG_WAIT && !is_reported) {
            notice(format_args!("waiting {}, throttled by the service", duration(wait.as_secs())));
            is_reported = true;
        }
        is_reported &= wait.is_some();
    }
}

pub(crate) fn is_drawing() -> bool {
    IS_DRAWING.load(Ordering::Relaxed)
}

/// At most `width` columns: a line that wraps would stay on the terminal after the next redraw.
fn line(what: &str, now: &ProgressSnapshot, width: usize) -> String {
    let mut rest = String::new();
    if now.rate > 0.0 {
        rest += &format!("  {:.0}/s", now.rate);
    }
    let left = now.total.and_then(|total| total.checked_sub(now.done)).filter(|left| *left > 0 && now.rate > 0.0);
    match (now.throttled_for, left) {
        // The remaining time is unknown until the service answers again.
        (Some(wait), _) => {
            rest += &format!("  waiting {}, throttled by the service", duration(wait.as_secs_f64().ceil() as u64));
        }
        (None, Some(left)) => rest += &format!("  {} left", duration((left as f64 / now.rate).ceil() as u64)),
        (None, None) => {}
    }
    if now.failed > 0 {
        rest += &format!("  {} failed", now.failed);
    }
    let Some(total) = now.total else { return truncate::end(&format!("{what} {}{rest}", now.done), width) };
    let percent = rust_decimal::Decimal::from(now.done * 100) / rust_decimal::Decimal::from(total.max(1));
    let whole = format!("{what} {} {}/{total}{rest}", bar::of(percent.into(), 20), now.done);
    match whole.width() <= width {
        true => whole,
        // The figures make the bar redundant.
        false => truncate::end(&format!("{what} {}/{total}{rest}", now.done), width),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The struct is non-exhaustive, so the test changes one that the library made.
    fn snapshot(rate: f64, throttled_for: Option<Duration>) -> ProgressSnapshot {
        let mut now = Progress::new().snapshot();
        (now.total, now.done, now.rate, now.throttled_for) = (Some(1000), 120, rate, throttled_for);
        now
    }

    #[test]
    fn shows_no_remaining_time_while_throttled() {
        let running = line("applying", &snapshot(20.0, None), 200);
        assert_eq!(running, "applying ██░░░░░░░░░░░░░░░░░░ 120/1000  20/s  44 s left");
        let throttled = line("applying", &snapshot(20.0, Some(Duration::from_secs(8))), 200);
        assert!(throttled.ends_with(" 120/1000  20/s  waiting 8 s, throttled by the service"), "{throttled}");
    }

    #[test]
    fn line_never_exceeds_the_width() {
        let mut now = snapshot(12.0, Some(Duration::from_secs(8)));
        now.failed = 3;
        let text = line("reading budgets", &now, 79);
        assert_eq!(text, "reading budgets 120/1000  12/s  waiting 8 s, throttled by the service  3 failed");
        for width in 1..120 {
            assert!(line("reading budgets", &now, width).width() <= width, "{width}");
        }
        now.total = None;
        assert!(line("reading budgets", &now, 20).width() <= 20);
    }
}
