//! How far a fleet is, on a terminal.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use partner_center_budgets::fleet::{Progress, Standing};
use tokio::task::JoinHandle;

use crate::bar;

const REDRAW: Duration = Duration::from_millis(200);

/// A line on standard error that is drawn anew until this is dropped. Where that is no terminal nothing is drawn.
pub(crate) struct Display(Option<JoinHandle<()>>);

impl Display {
    pub(crate) fn of(what: &'static str, progress: Progress) -> Self {
        let draw = async move {
            let mut redraw = tokio::time::interval(REDRAW);
            loop {
                redraw.tick().await;
                // Nobody is left to be told when standard error is closed.
                let _ = write!(io::stderr(), "\r\x1b[K{}", line(what, &progress.now()));
            }
        };
        Self(io::stderr().is_terminal().then(|| tokio::spawn(draw)))
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        if let Some(drawing) = self.0.take() {
            drawing.abort();
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

fn line(what: &str, now: &Standing) -> String {
    let mut line = match now.total {
        Some(total) => {
            let percent = rust_decimal::Decimal::from(now.done * 100) / rust_decimal::Decimal::from(total.max(1));
            format!("{what} {} {}/{total}", bar::of(percent.into(), 20), now.done)
        }
        None => format!("{what} {}", now.done),
    };
    if now.rate > 0.0 {
        line += &format!("  {:.0}/s", now.rate);
        if let Some(rest) = now.total.and_then(|total| total.checked_sub(now.done)).filter(|rest| *rest > 0) {
            line += &format!("  {} left", time((rest as f64 / now.rate).ceil() as u64));
        }
    }
    if now.failed > 0 {
        line += &format!("  {} failed", now.failed);
    }
    if let Some(wait) = now.throttled_for {
        line += &format!("  throttled by the service, waiting {}", time(wait.as_secs_f64().ceil() as u64));
    }
    line
}

fn time(seconds: u64) -> String {
    match seconds {
        0..=119 => format!("{seconds} s"),
        _ => format!("{} min", seconds.div_ceil(60)),
    }
}
