use std::path::Path;

use anstyle::{AnsiColor, Style};
use anyhow::{bail, ensure};
use clap::Args;

use crate::cli::comparison::{compare_documents, print, without_operations};
use crate::cli::git::{Blob, Commit, Git};
use crate::cli::project::Project;
use crate::document::Document;
use crate::review::Review;
use crate::rules::Level;

/// List the commits that changed a document, newest first, with the verdict of each
///
/// Each commit is compared with its first parent, so a merge counts as one change. A commit is skipped if one of its two
/// documents cannot be read; its line says why.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: 0 success, 2 an unreadable input

Example: openapi-review log openapi.yaml --max-count 20")]
pub(in crate::cli) struct LogArgs {
    /// The document [default: see --document]
    path: Option<String>,
    /// List at most this many commits
    #[arg(long, short = 'n', value_name = "COUNT")]
    max_count: Option<usize>,
    /// The commits to list, such as v1.0.0..HEAD [default: HEAD]
    #[arg(long, value_name = "REVISIONS")]
    range: Option<String>,
    /// List only commits with a finding at this level or above; skipped commits are listed too
    #[arg(long, value_enum, value_name = "LEVEL")]
    level: Option<Level>,
}

pub(in crate::cli) fn run(project: &Project<'_>, folder: &Path, arguments: &LogArgs) -> anyhow::Result<()> {
    let (git, path) = match (&arguments.path, project.document) {
        (Some(path), _) => (Git::open(folder)?, path.clone()),
        (None, Some(document)) => (Git::open(project.root)?, document.to_owned()),
        (None, None) => bail!(several_documents(&Git::open(project.root)?)?),
    };
    let commits = git.history(&path, arguments.range.as_deref(), arguments.max_count)?;
    ensure!(!commits.is_empty(), "no commit changed `{path}`: name a document that is committed");
    let mut counts = Counts::default();
    let mut known: Option<(Blob, Parsed)> = None;
    let mut lines = Vec::new();
    for commit in &commits {
        // The new document of a commit is usually the old document of the commit before it in this list.
        let [old, new] = &commit.files;
        let new_parsed = match known.take() {
            Some((blob, parsed)) if Some(&blob) == new.as_ref() => Some(parsed),
            _ => new.as_ref().map(|blob| read(&git, &commit.id, blob)),
        };
        let old_parsed = old.as_ref().map(|blob| read(&git, &format!("{}^", commit.id), blob));
        let entry = entry(project, old_parsed.as_ref(), new_parsed.as_ref())?;
        counts.add(&entry);
        if arguments.level.is_none_or(|level| entry.is_at_least(level)) {
            lines.push((commit, entry));
        }
        known = old.clone().zip(old_parsed);
    }
    print(true, &text(&lines))?;
    counts.report(&git);
    Ok(())
}

fn several_documents(git: &Git) -> anyhow::Result<String> {
    let found = git.candidates()?;
    Ok(match found.len() {
        0 => "this repository has no OpenAPI document: name PATH".to_owned(),
        count => format!("this repository has {count} OpenAPI documents: name one of {}", found.join(", ")),
    })
}

/// A document, or why it cannot be read.
type Parsed = Result<Document, String>;

fn read(git: &Git, revision: &str, blob: &Blob) -> Parsed {
    let name = format!("{revision}:{}", blob.path);
    let bytes = git.blob(&blob.id).map_err(|error| format!("{name}: {error:#}"))?;
    let (tree, path) = git.tree(revision, &blob.path)?;
    Document::load(&name, &bytes, &path, &tree).map_err(|diagnostic| diagnostic.to_string())
}

/// The result for a commit.
enum Entry {
    Added(Review),
    Changed(Review),
    Removed(Review),
    Skipped(String),
}

fn entry(project: &Project<'_>, old: Option<&Parsed>, new: Option<&Parsed>) -> anyhow::Result<Entry> {
    let compared = |old: &Document, new: &Document| compare_documents(project, old, new);
    Ok(match (old, new) {
        (Some(Err(reason)), _) | (_, Some(Err(reason))) => Entry::Skipped(reason.clone()),
        (Some(Ok(old)), Some(Ok(new))) => Entry::Changed(compared(old, new)?),
        (None, Some(Ok(new))) => Entry::Added(compared(&without_operations(new)?, new)?),
        (Some(Ok(old)), None) => Entry::Removed(compared(old, &without_operations(old)?)?),
        (None, None) => Entry::Skipped("only the mode of the file changed".to_owned()),
    })
}

impl Entry {
    fn worst(&self) -> Option<Level> {
        match self {
            Self::Added(review) | Self::Changed(review) | Self::Removed(review) => {
                review.findings.iter().map(|finding| finding.level).max()
            }
            Self::Skipped(_) => None,
        }
    }

    fn is_at_least(&self, level: Level) -> bool {
        matches!(self, Self::Skipped(_)) || self.worst().is_some_and(|worst| worst >= level)
    }

    /// "2 breaking, 1 to check, 3 fine", without what is zero.
    fn verdict(&self) -> String {
        let counts = |review: &Review| {
            let annotations = review.findings.iter().filter(|finding| finding.is_annotation()).count();
            let counts = [
                (review.count(Level::Breaking), "breaking"),
                (review.count(Level::Check), "to check"),
                (review.count(Level::Fine) - annotations, "fine"),
                (annotations, "in annotations"),
            ];
            let shown: Vec<String> =
                counts.iter().filter(|(count, _)| *count > 0).map(|(count, name)| format!("{count} {name}")).collect();
            if shown.is_empty() { "no change".to_owned() } else { shown.join(", ") }
        };
        match self {
            Self::Added(_) => "document added".to_owned(),
            Self::Changed(review) => counts(review),
            Self::Removed(review) => format!("document removed: {}", counts(review)),
            Self::Skipped(reason) => format!("skipped: {reason}"),
        }
    }

    fn style(&self) -> Style {
        let color = match self.worst() {
            None => return Style::new().dimmed(),
            Some(Level::Breaking) => AnsiColor::Red,
            Some(Level::Check) => AnsiColor::Yellow,
            Some(Level::Fine) => AnsiColor::Green,
        };
        color.on_default().bold()
    }
}

fn text(lines: &[(&Commit, Entry)]) -> String {
    let mut text = String::new();
    for (commit, entry) in lines {
        let style = entry.style();
        let [verdict, subject] =
            [&entry.verdict(), &commit.subject].map(|text| printable_text::one_line(text).into_owned());
        text += &format!("{} {}  {style}{verdict}{style:#}  {subject}\n", commit.id, commit.date);
    }
    text
}

#[derive(Default)]
struct Counts {
    commits: usize,
    breaking: usize,
    skipped: usize,
}

impl Counts {
    fn add(&mut self, entry: &Entry) {
        self.commits += 1;
        self.breaking += usize::from(entry.worst() == Some(Level::Breaking));
        self.skipped += usize::from(matches!(entry, Entry::Skipped(_)));
    }

    #[expect(clippy::print_stderr, reason = "the summary is not a part of the list")]
    fn report(&self, git: &Git) {
        let Self { commits, breaking, skipped } = self;
        let commits = if *commits == 1 { "1 commit".to_owned() } else { format!("{commits} commits") };
        eprintln!("{commits}: {breaking} breaking, {skipped} skipped");
        if git.is_shallow() {
            eprintln!("this clone is shallow: run `git fetch --unshallow` to see older commits");
        }
    }
}
