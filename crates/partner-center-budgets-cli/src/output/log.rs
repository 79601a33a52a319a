//! Lines on standard error: events of the client, and their format.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{SecondsFormat, Utc};
use clap::{ArgAction, ValueEnum};
use serde::Serialize;
use tracing::Level;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;

/// Whether standard error has JSON.
static IS_JSON: AtomicBool = AtomicBool::new(false);

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct LogOptions {
    /// Report failed attempts, waits and sign-ins on standard error; -vv also every successful attempt
    ///
    /// Each line has the ids of the request for a support case. No line has a token, a secret, a body or a customer.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    verbose: u8,
    /// The format of standard error
    #[arg(long, global = true, value_name = "FORMAT", value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// For people
    Text,
    /// For log collectors: a JSON object per line, with timestamp, level and message
    Json,
}

impl LogOptions {
    /// Starts to report events. Call it once, before the first call of the service.
    pub(crate) fn install(&self) {
        let is_json = self.log_format == LogFormat::Json;
        IS_JSON.store(is_json, Ordering::Relaxed);
        let level = match self.verbose {
            0 => return,
            1 => Level::INFO,
            _ => Level::DEBUG,
        };
        let ours = filter_fn(|metadata| metadata.is_event() && metadata.target().starts_with("partner_center_budgets"));
        let lines = tracing_subscriber::fmt().with_max_level(level).with_writer(io::stderr).with_ansi(false);
        // The subscriber of a process can be set once.
        drop(match is_json {
            true => tracing::subscriber::set_global_default(
                lines.json().flatten_event(true).with_current_span(false).with_target(false).finish().with(ours),
            ),
            false => tracing::subscriber::set_global_default(lines.with_target(false).finish().with(ours)),
        });
    }
}

/// Whether standard error has JSON.
pub(crate) fn is_json() -> bool {
    IS_JSON.load(Ordering::Relaxed)
}

/// Writes a line of JSON: the level, and an object whose entries follow.
pub(crate) fn write_json(level: &'static str, entries: &impl Serialize) {
    #[derive(Serialize)]
    struct Line<'a, T> {
        timestamp: String,
        level: &'static str,
        #[serde(flatten)]
        entries: &'a T,
    }
    let timestamp = Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true);
    if let Ok(line) = serde_json::to_string(&Line { timestamp, level, entries }) {
        // A closed standard error must not stop the run.
        drop(writeln!(io::stderr(), "{line}"));
    }
}
