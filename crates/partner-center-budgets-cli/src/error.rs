//! Failures of commands: what failed, why, what to do next, and the exit code.

use std::error::Error as _;
use std::fmt;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use partner_center_budgets::{CallIds, Error};
use partner_center_budgets_fleet::history::HistoryError;
use partner_center_budgets_fleet::{JournalError, JournalErrorKind};
use printable_text::error_chain;

use crate::output::listing::Listing;
use crate::output::log;
use crate::output::sanitize::sanitized;

/// The exit code of a command that did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// The command failed, or some of its items failed.
    Failed = 1,
    /// Wrong usage or bad input; nothing was sent.
    Usage = 2,
    /// No sign-in, or the service refuses it.
    SignIn = 3,
    NothingToDo = 4,
    /// A check found customers that need attention.
    Attention = 5,
    /// The code that shells give a program that Ctrl-C ended.
    Interrupted = 130,
}

/// A failure that ends a command.
///
/// Boxed, because results with large errors are slow to move.
#[derive(Debug)]
pub(crate) struct CliError(Box<Parts>);

#[derive(Debug)]
struct Parts {
    code: Exit,
    /// What failed, such as `cannot write budgets.html`.
    what: String,
    why: Option<String>,
    /// What to do next: the alternatives, one per line.
    next: Vec<String>,
    /// The state after a command that failed half-way.
    now: Option<String>,
    /// The ids of the request, for a support case.
    ids: Option<String>,
    /// What failed in detail, such as one customer or one cell per item.
    items: Listing,
}

impl CliError {
    pub(crate) fn new(code: Exit, what: impl fmt::Display) -> Self {
        let (what, items) = (what.to_string(), Listing::default());
        Self(Box::new(Parts { code, what, why: None, next: Vec::new(), now: None, ids: None, items }))
    }

    pub(crate) fn usage(what: impl fmt::Display, why: impl fmt::Display, next: impl fmt::Display) -> Self {
        Self::new(Exit::Usage, what).why(why).next(next)
    }

    pub(crate) fn failed(what: impl fmt::Display, why: impl fmt::Display, next: impl fmt::Display) -> Self {
        Self::new(Exit::Failed, what).why(why).next(next)
    }

    pub(crate) fn sign_in(what: impl fmt::Display, why: impl fmt::Display, next: impl fmt::Display) -> Self {
        Self::new(Exit::SignIn, what).why(why).next(next)
    }

    /// `why` there is nothing to do.
    pub(crate) fn nothing_to_do(why: impl fmt::Display) -> Self {
        Self::new(Exit::NothingToDo, why)
    }

    /// A check found customers that need attention.
    pub(crate) fn attention(what: impl fmt::Display) -> Self {
        Self::new(Exit::Attention, what)
    }

    /// Ctrl-C stopped the command; `state` says what it leaves.
    pub(crate) fn interrupted(state: impl fmt::Display) -> Self {
        Self::new(Exit::Interrupted, state)
    }

    /// A journal that prevented the start. Nothing was sent.
    pub(crate) fn before_start(error: JournalError) -> Self {
        Self::from(error).with_code(Exit::Usage)
    }

    pub(crate) fn with_code(mut self, code: Exit) -> Self {
        self.0.code = code;
        self
    }

    pub(crate) fn why(mut self, why: impl fmt::Display) -> Self {
        self.0.why = Some(why.to_string());
        self
    }

    /// Adds a line to what to do next.
    pub(crate) fn next(mut self, next: impl fmt::Display) -> Self {
        self.0.next.push(next.to_string());
        self
    }

    pub(crate) fn now(mut self, now: impl fmt::Display) -> Self {
        self.0.now = Some(now.to_string());
        self
    }

    /// The parts for a log collector.
    fn to_json(&self) -> serde_json::Value {
        let Parts { code, what, why, next, now, ids, items } = &*self.0;
        serde_json::json!({
            "message": what,
            "why": why,
            "next": next,
            "now": now,
            "ids": ids,
            "items": items.to_string().lines().collect::<Vec<_>>(),
            "exit_code": *code as u8,
        })
    }

    pub(crate) fn items(mut self, items: impl Into<Listing>) -> Self {
        self.0.items = items.into();
        self
    }
}

impl From<Error> for CliError {
    fn from(error: Error) -> Self {
        let code = match &error {
            Error::Input { .. } => Exit::Usage,
            error if error.is_unauthenticated() => Exit::SignIn,
            _ => Exit::Failed,
        };
        let ids = |ids: CallIds| format!("MS-RequestId {}, MS-CorrelationId {}", ids.request, ids.correlation);
        let mut failed = Self::new(code, error.what());
        failed.0.why = error.why().or_else(|| error.source().map(error_chain));
        failed.0.next.extend(error.advice().map(|advice| advice.to_string()));
        failed.0.ids = error.ids().map(ids);
        failed
    }
}

impl From<JournalError> for CliError {
    fn from(error: JournalError) -> Self {
        let advice = match error.kind() {
            JournalErrorKind::Damaged { .. } => {
                "nothing was sent: resume with --accept-damage, which reads back every budget that is not certainly done before \
                 it sends it"
            }
            _ => error.advice(),
        };
        let mut failed = Self::new(Exit::Failed, error.what()).next(advice);
        failed.0.why = error.why().map(Into::into).or_else(|| error.source().map(error_chain));
        failed
    }
}

impl From<HistoryError> for CliError {
    fn from(error: HistoryError) -> Self {
        let mut failed = Self::new(Exit::Failed, error.what()).next(error.advice());
        failed.0.why = error.why();
        failed
    }
}

impl From<anyhow::Error> for CliError {
    fn from(error: anyhow::Error) -> Self {
        let error = match error.downcast::<Self>() {
            Ok(error) => return error,
            Err(error) => error,
        };
        match error.downcast::<Error>() {
            Ok(error) => error.into(),
            Err(error) => {
                let mut failed = Self::new(Exit::Failed, &error);
                failed.0.why = error.chain().nth(1).map(error_chain);
                failed
            }
        }
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts { code, what, why, next, now, ids, items } = &*self.0;
        let label = match code {
            Exit::NothingToDo => "nothing to do",
            Exit::Interrupted => "stopped",
            Exit::Attention => "attention",
            Exit::Failed | Exit::Usage | Exit::SignIn => "error",
        };
        writeln!(f, "{items}{label}: {}", sanitized(what))?;
        if let Some(why) = why {
            writeln!(f, "  why: {}", sanitized(why))?;
        }
        for (at, next) in next.iter().enumerate() {
            writeln!(f, "{} {}", if at == 0 { " next:" } else { "      " }, sanitized(next))?;
        }
        if let Some(now) = now {
            writeln!(f, "  now: {}", sanitized(now))?;
        }
        match ids {
            Some(ids) => writeln!(f, "  ids: {}", sanitized(ids)),
            None => Ok(()),
        }
    }
}

impl std::error::Error for CliError {}

/// A failed call in one line with all causes, for a warning or an item of a list.
pub(crate) fn error_line(error: &Error) -> String {
    // `Display` leaves the causes to those who print the source, and they belong before the advice.
    format!("{error:?}")
}

/// The failure to print the result of a command that has `done` its work. A closed pipe is not a failure.
pub(crate) fn output_failed_after(error: anyhow::Error, done: &str) -> anyhow::Error {
    match is_closed(&error) {
        true => error,
        false => {
            let what = format!("{done}, but the result could not be printed");
            CliError::failed(what, error, "do not repeat the command; check the current state first").into()
        }
    }
}

/// The failure to write a file. A closed pipe is not a failure.
pub(crate) fn write_failed(error: io::Error, path: &Path, next: &str) -> anyhow::Error {
    let error = anyhow::Error::from(error);
    match is_closed(&error) {
        true => error,
        false => CliError::failed(format_args!("cannot write {}", path.display()), error, next).into(),
    }
}

/// Whether the reader of standard output closed the pipe, as `head` does.
fn is_closed(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Prints `error` to standard error and returns its exit code.
pub(crate) fn report(error: anyhow::Error) -> ExitCode {
    if is_closed(&error) {
        return ExitCode::SUCCESS;
    }
    let error = CliError::from(error);
    match log::is_json() {
        true => log::write_json("ERROR", &error.to_json()),
        // A closed standard error must not change the exit code.
        false => drop(io::stderr().write_all(error.to_string().as_bytes())),
    }
    ExitCode::from(error.0.code as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_all_parts_in_order_and_no_control_characters() {
        let error = CliError::failed("a\u{1b}", "b\nc", "d")
            .next("e")
            .now("f")
            .items(["g".to_owned(), "h\u{202e}".to_owned()].into_iter().collect::<Listing>());
        let expected = "g\nh[U+202E]\nerror: a[U+001B]\n  why: b c\n next: d\n       e\n  now: f\n";
        assert_eq!(error.to_string(), expected);
        assert_eq!(CliError::nothing_to_do("all done").to_string(), "nothing to do: all done\n");
    }
}
