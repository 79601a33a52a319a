//! Compares documents, and prints the report.

use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::thread;

use anyhow::{Context, ensure};
use serde_json::json;

use super::accepted::{self, AcceptedChanges, Merged};
use super::options::{FailOn, Format, ReportOptions};
use super::project::Project;
use super::source::{self, Input, Source};
use crate::Settings;
use crate::document::Document;
use crate::output::{self, Report};
use crate::review::Review;

/// Compares two documents or folders, and prints the report to standard output. Returns why the comparison failed, or nothing
/// if it did not.
///
/// ```no_run
/// use openapi_review::cli::{Input, Merged, Project, ReportOptions, compare};
///
/// # fn example(project: &Project<'_>) -> anyhow::Result<Option<String>> {
/// let folder = std::env::current_dir()?;
/// let base = Input::named(project, &folder, "main:openapi.yaml")?;
/// let revision = Input::named(project, &folder, "openapi.yaml")?;
/// let merged = Merged::Of("main".to_owned());
/// let failure = compare(project, &folder, &ReportOptions::default(), [base, revision], &merged)?;
/// # Ok(failure)
/// # }
/// ```
///
/// # Errors
///
/// Fails if an input cannot be read.
pub fn compare(
    project: &Project<'_>,
    folder: &Path,
    options: &ReportOptions,
    [base, revision]: [Input; 2],
    merged: &Merged,
) -> anyhow::Result<Option<String>> {
    let adds_nothing = options.write_accept && options.fail_on() == FailOn::None;
    ensure!(
        !adds_nothing,
        "`--write-accept` adds the findings that fail, and `--fail-on none` has none: choose a level"
    );
    let pairs = source::pairs(base, revision)?;
    let Compared { review, file } = review(project, &pairs)?;
    let accepted = AcceptedChanges::read(project, folder, options)?;
    let level = options.fail_on().level();
    let decision = accepted.decide(project, options, merged, &review, level)?;
    let files = match &*pairs {
        [[Some(base), Some(revision)]] => source::changed_files(project, base, revision),
        _ => Vec::new(),
    };
    let report = Report {
        review: &review,
        decision: &decision,
        file: &file,
        documents: pairs.len(),
        files: &files,
        annotations: options.annotations,
        see_all: project.see_all,
    };
    let text = match options.format {
        Format::Text => output::text(&report),
        Format::Markdown => output::markdown(&report),
        Format::Json => output::json(&report),
        Format::Github => output::github(&report),
        Format::Html => output::html(&report),
        Format::Sarif => output::sarif(&report),
    };
    print_warnings(&review);
    print(options.format == Format::Text, &text)?;

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

/// The result of comparing pairs of documents.
pub(super) struct Compared {
    pub(super) review: Review,
    /// The new document, of which the review has the version.
    pub(super) file: String,
}

/// Compares each pair.
pub(super) fn review(project: &Project<'_>, pairs: &[[Option<Source>; 2]]) -> anyhow::Result<Compared> {
    let mut names: Vec<String> = Vec::new();
    let mut reviews = Vec::new();
    for pair in pairs {
        let [base, revision] = read(pair)?;
        names.push(if pair[1].is_some() { revision.name() } else { base.name() }.to_owned());
        reviews.push(compare_documents(project, &base, &revision)?);
    }
    let (review, worst) = Review::combined(reviews);
    Ok(Compared { review, file: names.into_iter().nth(worst).unwrap_or_default() })
}

/// Compares two parsed documents with the settings of the project.
pub(super) fn compare_documents(project: &Project<'_>, base: &Document, revision: &Document) -> anyhow::Result<Review> {
    let today = accepted::today()?;
    let settings = Settings { today: &today, ..project.settings };
    Ok(crate::compare(base, revision, &settings).with_levels(project.levels))
}

/// Reads both documents in parallel. A document without a counterpart is compared with one without operations.
fn read(pair: &[Option<Source>; 2]) -> anyhow::Result<[Document; 2]> {
    let parse = |source: &Option<Source>| source.as_ref().map(Source::parse).transpose();
    let (base, revision) = thread::scope(|scope| {
        let base = scope.spawn(|| parse(&pair[0]));
        let revision = parse(&pair[1]);
        (base.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), revision)
    });
    match (base?, revision?) {
        (Some(base), Some(revision)) => Ok([base, revision]),
        (None, Some(revision)) => Ok([without_operations(&revision)?, revision]),
        (Some(base), None) => {
            let empty = without_operations(&base)?;
            Ok([base, empty])
        }
        (None, None) => anyhow::bail!("neither name has a document: name two documents"),
    }
}

/// The document before its first or after its last operation.
pub(super) fn without_operations(document: &Document) -> anyhow::Result<Document> {
    let value = |key: &str| document.root().get(key).map(|node| node.to_json());
    let empty = json!({"openapi": value("openapi"), "info": value("info"), "paths": {}});
    Ok(Document::parse(document.name(), &empty.to_string())?)
}

/// Prints what the comparison ignores in the documents.
#[expect(clippy::print_stderr, reason = "warnings are not a part of the report")]
fn print_warnings(review: &Review) {
    for warning in &review.warnings {
        eprintln!("warning: {}", printable_text::one_line(&warning.to_string()));
    }
}

/// Writes to standard output. Colours are removed if it is not a terminal.
pub(super) fn print(has_colours: bool, text: &str) -> anyhow::Result<()> {
    let mut plain = io::stdout();
    let mut coloured = anstream::stdout();
    let stream: &mut dyn Write = if has_colours { &mut coloured } else { &mut plain };
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        // A reader such as `head` may close the pipe early.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result.context("failed to write to standard output"),
    }
}

/// Prints the rules as a Markdown table.
///
/// ```
/// openapi_review::cli::print_rules()?;
/// # Ok::<(), anyhow::Error>(())
/// ```
///
/// # Errors
///
/// Fails if standard output cannot be written.
pub fn print_rules() -> anyhow::Result<()> {
    print(false, &output::rules(crate::rules::all()))
}
