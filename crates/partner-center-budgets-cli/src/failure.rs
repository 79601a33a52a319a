//! How failures are told: what failed, why, what to do next, and an exit code.

use std::error::Error as _;
use std::fmt::{self, Write as _};
use std::io::{self, Write as _};
use std::process::ExitCode;

use partner_center_budgets::Error;
use partner_center_budgets_fleet::JournalError;

use crate::steering::harmless;

const FAILED: u8 = 1;
const USAGE: u8 = 2;
const SIGN_IN: u8 = 3;
const NOTHING_TO_DO: u8 = 4;
/// As shells tell of a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

/// A failure that is told in words of its own, already in lines, and its exit code.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) code: u8,
    pub(crate) text: String,
}

impl Told {
    /// What failed, why, and what to do next, as users read it.
    pub(crate) fn lines(what: impl fmt::Display, why: impl fmt::Display, next: impl fmt::Display) -> String {
        let (what, why) = (what.to_string(), why.to_string());
        format!("error: {}\n  why: {}\n next: {next}\n", harmless(&what), harmless(&why))
    }

    pub(crate) fn sign_in(text: String) -> Self {
        Self { code: SIGN_IN, text }
    }

    pub(crate) fn failed(text: String) -> Self {
        Self { code: FAILED, text }
    }

    pub(crate) fn usage(text: String) -> Self {
        Self { code: USAGE, text }
    }

    pub(crate) fn nothing_to_do(text: String) -> Self {
        Self { code: NOTHING_TO_DO, text }
    }

    pub(crate) fn interrupted(text: String) -> Self {
        Self { code: INTERRUPTED, text }
    }

    /// What `error` is told as, where it came before anything was begun: so it is the input that has to change.
    pub(crate) fn unbegun(error: JournalError) -> Self {
        Self::usage(text(&error.into()))
    }

    /// What `error` is told as, with something below it.
    pub(crate) fn with(error: &anyhow::Error, below: &str) -> Self {
        Self { code: code(error), text: text(error) + below }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Told {}

/// What could not be told of something that was done all the same. A reader that has seen enough is no failure.
pub(crate) fn unprinted(error: anyhow::Error, done: &str) -> anyhow::Error {
    match is_closed(&error) {
        true => error,
        false => {
            let what = format!("{done}, but that could not be printed");
            Told::failed(Told::lines(what, error, "do not repeat it: look at what is there now")).into()
        }
    }
}

/// Whether whoever reads our output has seen enough, as `head` does.
fn is_closed(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Prints `error` to standard error and returns its exit code.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    if is_closed(error) {
        return ExitCode::SUCCESS;
    }
    // Nobody is left to be told when standard error is closed.
    drop(io::stderr().write_all(printable_text::lines(&text(error)).as_bytes()));
    ExitCode::from(code(error))
}

fn code(error: &anyhow::Error) -> u8 {
    if let Some(told) = error.downcast_ref::<Told>() {
        return told.code;
    }
    match error.downcast_ref::<Error>() {
        Some(Error::Input { .. }) => USAGE,
        Some(Error::Auth(_)) => SIGN_IN,
        Some(error) if error.status() == Some(401) => SIGN_IN,
        _ => FAILED,
    }
}

fn text(error: &anyhow::Error) -> String {
    if let Some(told) = error.downcast_ref::<Told>() {
        return told.text.clone();
    }
    let mut text = String::new();
    let mut line = |name: &str, value: &dyn fmt::Display| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name}: {}", harmless(&value.to_string()));
    };
    if let Some(error) = error.downcast_ref::<JournalError>() {
        line("error", &error.what());
        if let Some(why) = error.why().map(Into::into).or_else(|| error.source().map(chain)) {
            line("  why", &why);
        }
        line(" next", &error.advice());
        return text;
    }
    let Some(error) = error.downcast_ref::<Error>() else {
        line("error", error);
        if let Some(cause) = error.chain().nth(1) {
            line("  why", &chain(cause));
        }
        return text;
    };
    line("error", &error.what());
    if let Some(why) = error.why().or_else(|| error.source().map(chain)) {
        line("  why", &why);
    }
    if let Some(advice) = error.advice() {
        line(" next", &advice);
    }
    if let Some(ids) = error.ids() {
        line("  ids", &format_args!("MS-RequestId {}, MS-CorrelationId {}", ids.request, ids.correlation));
    }
    text
}

/// A cause with the causes behind it, in one line. Many errors repeat their cause in their own text: each text comes once.
pub(crate) fn chain(cause: &(dyn std::error::Error + 'static)) -> String {
    let mut texts: Vec<String> = Vec::new();
    for cause in anyhow::Chain::new(cause) {
        let text = cause.to_string();
        if !text.is_empty() && !texts.iter().any(|earlier| earlier.contains(&text)) {
            texts.retain(|earlier| !text.contains(earlier));
            texts.push(text);
        }
    }
    texts.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Cause(&'static str, Option<Box<Cause>>);

    impl fmt::Display for Cause {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl std::error::Error for Cause {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            self.1.as_deref().map(|cause| cause as _)
        }
    }

    #[test]
    fn names_each_cause_once() {
        let chained = |texts: &[&'static str]| {
            let causes = texts.iter().rev().fold(None, |next, text| Some(Box::new(Cause(text, next))));
            chain(causes.unwrap().as_ref())
        };
        assert_eq!(chained(&["no store", "no bus: file missing", "file missing"]), "no store: no bus: file missing");
        assert_eq!(chained(&["file missing", "file missing", "file missing"]), "file missing");
        assert_eq!(chained(&["no bus", "no bus: file missing"]), "no bus: file missing");
        assert_eq!(chained(&["cannot connect", "refused"]), "cannot connect: refused");
    }
}
