//! `cargo xtask diff`: compares two states of the document, prints the findings, and applies the accept list.

mod accept_list;
mod git;
mod options;
mod source;

use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::thread;

use anyhow::{Context, ensure};
use openapi_review::document::Document;
use openapi_review::output::{self, Report};
use openapi_review::review::Review;
use openapi_review::rules;
use openapi_review::{Settings, accept};
use xtask::{Workspace, generate};

use accept_list::AcceptedChanges;
use options::{FailOn, Format};
use source::Source;

pub use options::Options;

/// The settings of our generator that a comparison depends on.
pub const SETTINGS: Settings<'_> =
    Settings { today: "", omitted_headers: &generate::CLIENT_HEADERS, app_scheme: Some(generate::APP_SCHEME) };

/// How to see everything if a format leaves something out.
const SEE_ALL: &str = "run `cargo xtask diff`";

/// Runs the command in the current folder, and prints the report to standard output. Returns why the comparison failed, or
/// nothing if it did not.
///
/// # Errors
///
/// Fails if an input cannot be read.
pub fn run(options: &Options) -> anyhow::Result<Option<String>> {
    if options.rules {
        return print(Format::Markdown, &output::rules(rules::all())).map(|()| None);
    }
    let adds_nothing = options.write_accept && options.fail_on == FailOn::None;
    ensure!(
        !adds_nothing,
        "`--write-accept` adds the findings that fail, and `--fail-on none` has none: choose a level"
    );
    let folder = std::env::current_dir().context("failed to find the current folder")?;
    let workspace = Workspace::around(&folder);
    let (base, revision) = if options.released {
        ensure!(options.revision.is_none(), "`--released` replaces BASE: name REVISION only");
        (source::released(&workspace, &folder)?, &options.base)
    } else {
        let base = match &options.base {
            Some(name) => source::named(&workspace, &folder, name)?,
            None => match source::merge_base(&workspace) {
                Err(reason) if options.skip_without_base => return skip(&reason),
                base => base?,
            },
        };
        (base, &options.revision)
    };
    let revision = match revision {
        Some(name) => source::named(&workspace, &folder, name)?,
        None => Source::file(&workspace.document(), &folder)?,
    };
    compare(&workspace, &folder, options, &base, &revision)
}

#[expect(clippy::print_stderr, reason = "the report of a command that compares nothing")]
fn skip(reason: &anyhow::Error) -> anyhow::Result<Option<String>> {
    eprintln!("skipped: {}", printable_text::lines(&format!("{reason:#}")));
    Ok(None)
}

/// Prints the report on two documents. Returns why the comparison failed, or nothing if it did not.
fn compare(
    workspace: &Workspace,
    folder: &Path,
    options: &Options,
    base: &Source,
    revision: &Source,
) -> anyhow::Result<Option<String>> {
    let review = review(base, revision)?;
    let accepted = AcceptedChanges::read(workspace, folder, options)?;
    let level = options.fail_on.level();
    let decision = accepted.decide(workspace, options, base, &review, level)?;
    let files = source::changed_files(workspace, base, revision);
    let report = Report { review: &review, decision: &decision, file: &revision.name, files: &files, see_all: SEE_ALL };
    let text = match options.format {
        Format::Text => output::text(&report),
        Format::Markdown => output::markdown(&report),
        Format::Json => output::json(&report),
        Format::Github => output::github(&report),
    };
    print(options.format, &text)?;

    let mut failures = Vec::new();
    if let Some(open @ 1..) = level.map(|level| decision.unaccepted(&review, level)) {
        let (changes, are) = if open == 1 { ("change", "is") } else { ("changes", "are") };
        failures.push(format!(
            "{open} {changes} may break clients and {are} not accepted: change the document, or run the same command with \
             `--write-accept` and fill in the reason"
        ));
    }
    if !decision.diagnostics.is_empty() {
        failures.push(format!("the accept list {} needs a correction: see above", accepted.name));
    }
    Ok((!failures.is_empty()).then(|| failures.join("; ")))
}

/// Reads both documents in parallel, and compares them.
fn review(base: &Source, revision: &Source) -> anyhow::Result<Review> {
    let parse = |source: &Source| Document::parse(&source.name, &source.text);
    let (base, revision) = thread::scope(|scope| {
        let base = scope.spawn(|| parse(base));
        let revision = parse(revision);
        (base.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), revision)
    });
    let today = accept::date(accept_list::days_since_1970()?).to_string();
    Ok(openapi_review::compare(&base?, &revision?, &Settings { today: &today, ..SETTINGS }))
}

fn print(format: Format, text: &str) -> anyhow::Result<()> {
    let mut plain = io::stdout();
    let mut coloured = anstream::stdout();
    let stream: &mut dyn Write = if format == Format::Text { &mut coloured } else { &mut plain };
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        // A reader such as `head` may close the pipe early.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result.context("failed to write to standard output"),
    }
}
