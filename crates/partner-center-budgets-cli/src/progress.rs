//! How far a fleet is, on a terminal.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use partner_center_budgets_fleet::{Progress, ProgressSnapshot};
use terminal_size::{Width, terminal_size_of};
use tokio::task::JoinHandle;
use unicode_width::UnicodeWidthStr;

use crate::bar;
use crate::output::notice;
use crate::table::cut;
use crate::waiting;

/// Whether a progress line is on the terminal, where no other line may be drawn then.
static IS_DRAWING: AtomicBool = AtomicBool::new(false);

const REDRAW: Duration = Duration::from_millis(200);

/// A line on standard error that is drawn anew until this is dropped. If standard error is not a terminal, only long waits
/// are reported, each in a line.
pub(crate) struct Display(JoinHandle<()>);

impl Display {
    pub(crate) fn of(what: &'static str, progress: Progress) -> Self {
        let drawn = progress.clone();
        let draw = async move {
            let mut redraw = tokio::time::interval(REDRAW);
            loop {
                redraw.tick().await;
                let mut text = line(what, &drawn.snapshot(), width());
                if let Some(waiting) = waiting::text() {
                    text = cut::to(&format!("{text}  {waiting}"), width());
                }
                // Nobody is left to be told when standard error is closed.
                let _ = write!(io::stderr(), "\r\x1b[K{text}");
            }
        };
        let is_terminal = io::stderr().is_terminal();
        IS_DRAWING.store(is_terminal, Ordering::Relaxed);
        Self(if is_terminal { tokio::spawn(draw) } else { tokio::spawn(report_long_waits(progress)) })
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.0.abort();
        if IS_DRAWING.swap(false, Ordering::Relaxed) {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

/// A wait that a log should explain.
const LONG_WAIT: Duration = Duration::from_secs(30);

async fn report_long_waits(progress: Progress) {
    let mut look = tokio::time::interval(Duration::from_secs(1));
    let mut is_reported = false;
    loop {
        look.tick().await;
        let wait = progress.snapshot().throttled_for;
        if let Some(wait) = wait.filter(|wait| *wait >= LONG_WAIT && !is_reported) {
            notice(format_args!("waiting {}, throttled by the service", time(wait.as_secs())));
            is_reported = true;
        }
        is_reported &= wait.is_some();
    }
}

pub(crate) fn is_drawing() -> bool {
    IS_DRAWING.load(Ordering::Relaxed)
}

/// Columns of the terminal now, except the last: with something in it, some terminals go on to the next line.
pub(crate) fn width() -> usize {
    terminal_size_of(io::stderr()).map_or(usize::MAX, |(Width(width), _)| usize::from(width) - 1)
}

/// In so many columns at most: a line that wraps would stay when the next one is drawn.
fn line(what: &str, now: &ProgressSnapshot, width: usize) -> String {
    let mut rest = String::new();
    if now.rate > 0.0 {
        rest += &format!("  {:.0}/s", now.rate);
    }
    let left = now.total.and_then(|total| total.checked_sub(now.done)).filter(|left| *left > 0 && now.rate > 0.0);
    match (now.throttled_for, left) {
        // How long the rest takes is not known before the service answers again.
        (Some(wait), _) => {
            rest += &format!("  waiting {}, throttled by the service", time(wait.as_secs_f64().ceil() as u64));
        }
        (None, Some(left)) => rest += &format!("  {} left", time((left as f64 / now.rate).ceil() as u64)),
        (None, None) => {}
    }
    if now.failed > 0 {
        rest += &format!("  {} failed", now.failed);
    }
    let Some(total) = now.total else { return cut::to(&format!("{what} {}{rest}", now.done), width) };
    let percent = rust_decimal::Decimal::from(now.done * 100) / rust_decimal::Decimal::from(total.max(1));
    let whole = format!("{what} {} {}/{total}{rest}", bar::of(percent.into(), 20), now.done);
    match whole.width() <= width {
        true => whole,
        // The bar says what the figures say.
        false => cut::to(&format!("{what} {}/{total}{rest}", now.done), width),
    }
}

pub(crate) fn time(seconds: u64) -> String {
    match seconds {
        0..=119 => format!("{seconds} s"),
        _ => format!("{} min", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A standing has fields that only the library may set, so it is one that a job has and that is changed.
    fn standing(rate: f64, throttled_for: Option<Duration>) -> ProgressSnapshot {
        let mut now = Progress::new().snapshot();
        (now.total, now.done, now.rate, now.throttled_for) = (Some(1000), 120, rate, throttled_for);
        now
    }

    #[test]
    fn nothing_is_promised_while_the_service_throttles() {
        let running = line("applying", &standing(20.0, None), 200);
        assert_eq!(running, "applying ██░░░░░░░░░░░░░░░░░░ 120/1000  20/s  44 s left");
        let throttled = line("applying", &standing(20.0, Some(Duration::from_secs(8))), 200);
        assert!(throttled.ends_with(" 120/1000  20/s  waiting 8 s, throttled by the service"), "{throttled}");
    }

    #[test]
    fn a_line_never_wraps() {
        let mut now = standing(12.0, Some(Duration::from_secs(8)));
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
