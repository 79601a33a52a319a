//! `cargo xtask diff`: two states of the document compared, shown, and held against what was accepted.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;

use anyhow::{Context, ensure};
use clap::{Args, ValueEnum};
use openapi_review::document::Document;
use openapi_review::output::{self, Report};
use openapi_review::review::Review;
use openapi_review::rules::{self, Level};
use openapi_review::{Settings, accept};

use self::accepted::List;
use self::source::Source;
use crate::{Checkout, generate};

mod accepted;
mod git;
mod source;

/// What to compare, how to show it, and what to fail on.
#[derive(Debug, Default, Args)]
#[command(after_help = "\
BASE and REVISION are each one of these; a file of that name comes first:
  FILE      a file
  REV       openapi/partner-center-budgets.yaml as it is in that git revision
  REV:PATH  another file of a git revision; PATH as git takes it, and C:\\PATH is a file

Exit codes: 0 fine, 1 findings that nobody accepted or a bad accept list, 2 an input that cannot be read")]
pub struct Options {
    /// The old document [default: where this branch left the main one]
    base: Option<String>,
    /// The new document [default: openapi/partner-center-budgets.yaml]
    revision: Option<String>,
    /// Who reads it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// The mildest level that makes the exit code 1
    #[arg(long, value_enum, default_value_t, value_name = "LEVEL")]
    fail_on: FailOn,
    /// Accepted changes, in TOML, each of which has to be found [default: openapi/accepted-changes.toml where it exists,
    /// whose entries need only be found without BASE]
    #[arg(long, value_name = "FILE")]
    accept: Option<PathBuf>,
    /// Add an entry for each finding that fails to the accept list; reason and owner are yours to fill in
    #[arg(long)]
    write_accept: bool,
    /// Compare with the newest document in openapi/released instead; the only name that may follow is REVISION
    #[arg(long)]
    released: bool,
    /// Print the rules as a Markdown table, and compare nothing
    #[arg(long)]
    rules: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    #[default]
    Text,
    /// For a comment on a pull request
    Markdown,
    /// For a program
    Json,
    /// For the annotations of a workflow on GitHub
    Github,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// What breaks clients
    #[default]
    Breaking,
    /// And what may break some
    Check,
    /// Nothing but a bad accept list
    None,
}

/// What our generator does with a document, whatever the day.
pub const SETTINGS: Settings<'_> =
    Settings { today: "", omitted_headers: &generate::HEADERS_OF_THE_CLIENT, app_scheme: Some(generate::APP_SCHEME) };

/// How to see everything if a format leaves something out.
const SEE_ALL: &str = "run `cargo xtask diff`";

/// An input could not be read.
const BAD_INPUT: u8 = 2;

/// Runs the command in the current folder: the review on standard output, errors on standard error.
#[must_use]
#[expect(clippy::print_stderr, reason = "a command speaks on its standard streams")]
pub fn command(options: &Options) -> ExitCode {
    match run(options) {
        Ok(None) => ExitCode::SUCCESS,
        Ok(Some(failure)) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {}", printable_text::lines(&format!("{error:#}")));
            ExitCode::from(BAD_INPUT)
        }
    }
}

fn run(options: &Options) -> anyhow::Result<Option<String>> {
    if options.rules {
        return print(Format::Markdown, &output::rules(rules::all())).map(|()| None);
    }
    let adds_nothing = options.write_accept && options.fail_on == FailOn::None;
    ensure!(!adds_nothing, "`--write-accept` adds what `--fail-on` fails on, which is nothing: choose another level");
    let folder = std::env::current_dir().context("failed to find the current folder")?;
    let here = Checkout::around(&folder);
    let (base, revision) = if options.released {
        ensure!(options.revision.is_none(), "`--released` is the BASE: name REVISION only");
        (source::released(&here, &folder)?, &options.base)
    } else {
        let base = match &options.base {
            Some(name) => source::named(&here, &folder, name)?,
            None => source::merge_base(&here)?,
        };
        (base, &options.revision)
    };
    let revision = match revision {
        Some(name) => source::named(&here, &folder, name)?,
        None => Source::file(&here.document(), &folder)?,
    };
    compare(&here, &folder, options, &base, &revision)
}

/// The step of `cargo xtask ci`: the work tree against the merge base.
///
/// # Errors
///
/// Breaking changes that nobody accepted, and everything that cannot be read but the old document. The inner error says
/// why there is nothing to compare with: without git, its history or a main branch.
pub fn ci(here: &Checkout) -> anyhow::Result<Result<(), String>> {
    let base = match source::merge_base(here) {
        Ok(base) => base,
        Err(reason) => return Ok(Err(format!("{reason:#}"))),
    };
    let revision = Source::file(&here.document(), &here.root)?;
    match compare(here, &here.root, &Options::default(), &base, &revision)? {
        Some(failure) => Err(anyhow::Error::msg(failure)),
        None => Ok(Ok(())),
    }
}

/// Prints the review of two documents, and says why the run failed if it did.
fn compare(
    here: &Checkout,
    folder: &Path,
    options: &Options,
    base: &Source,
    revision: &Source,
) -> anyhow::Result<Option<String>> {
    let review = review(base, revision)?;
    let list = List::read(here, folder, options)?;
    let level = match options.fail_on {
        FailOn::Breaking => Some(Level::Breaking),
        FailOn::Check => Some(Level::Check),
        FailOn::None => None,
    };
    let decision = list.decide(here, options, base, &review, level)?;
    let files = source::changed_with(here, base, revision);
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
        failures.push(format!(
            "{open} of the changes may break clients and nobody accepted them: ship them otherwise, or run \
             the same command with `--write-accept` and write down why"
        ));
    }
    if !decision.diagnostics.is_empty() {
        failures.push(format!("the accept list {} needs a correction: see above", list.name));
    }
    Ok((!failures.is_empty()).then(|| failures.join("; ")))
}

/// Reads both documents at the same time, and compares them.
fn review(base: &Source, revision: &Source) -> anyhow::Result<Review> {
    let parse = |source: &Source| Document::parse(&source.name, &source.text);
    let (base, revision) = thread::scope(|scope| {
        let base = scope.spawn(|| parse(base));
        let revision = parse(revision);
        (base.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), revision)
    });
    let today = accept::date(accepted::days()?).to_string();
    Ok(openapi_review::compare(&base?, &revision?, &Settings { today: &today, ..SETTINGS }))
}

fn print(format: Format, text: &str) -> anyhow::Result<()> {
    let mut plain = io::stdout();
    let mut coloured = anstream::stdout();
    let stream: &mut dyn Write = if format == Format::Text { &mut coloured } else { &mut plain };
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        // Whoever closed the pipe has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result.context("failed to write to standard output"),
    }
}
