//! Reads the accept list of a comparison, applies it, and adds entries.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;

use super::options::ReportOptions;
use super::project::Project;
use super::source;
use crate::accept::{self, AcceptList, Decision};
use crate::review::Review;
use crate::rules::Level;

/// A proposed entry expires after this many days.
const PROPOSED_DAYS: u64 = 90;

/// The accept list of one comparison.
pub(super) struct AcceptedChanges {
    path: PathBuf,
    /// The name in messages.
    pub(super) name: String,
    text: String,
}

impl AcceptedChanges {
    pub(super) fn read(project: &Project<'_>, folder: &Path, options: &ReportOptions) -> anyhow::Result<Self> {
        let path = match (&options.accept, project.accept) {
            (Some(path), _) => folder.join(path),
            (None, Some(path)) => project.root.join(path),
            (None, None) if !options.write_accept => {
                return Ok(Self { path: PathBuf::new(), name: String::new(), text: String::new() });
            }
            (None, None) => anyhow::bail!(
                "`--write-accept` needs a file: name one with `--accept`, or set `accept` in openapi-review.toml"
            ),
        };
        let name = source::relative(&path, folder);
        let may_be_missing = options.accept.is_none() || options.write_accept;
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound && may_be_missing => String::new(),
            text => text.with_context(|| format!("failed to read the accept list {name}"))?,
        };
        Ok(Self { path, name, text })
    }

    /// Applies the list to `review`. An invalid list accepts nothing, and its error is the only one.
    ///
    /// `merged` are the entries that need no finding.
    #[expect(clippy::print_stderr, reason = "a command reports to standard error")]
    pub(super) fn decide(
        &self,
        project: &Project<'_>,
        options: &ReportOptions,
        merged: &Merged,
        review: &Review,
        level: Option<Level>,
    ) -> anyhow::Result<Decision> {
        let invalid = |problem| Decision { diagnostics: vec![problem], ..Decision::default() };
        let mut list = match AcceptList::parse(&self.name, &self.text) {
            Ok(list) => list,
            Err(problem) => return Ok(invalid(problem)),
        };
        let today = days_since_1970()?;
        if let Some(level) = level.filter(|_| options.write_accept) {
            let (text, added) = match list.propose(review, level, accept::date(today + PROPOSED_DAYS)) {
                Ok(proposed) => proposed,
                Err(problem) => return Ok(invalid(problem)),
            };
            if added > 0 {
                replace(&self.path, &text)?;
                let name = printable_text::one_line(&self.name);
                eprintln!("added {added} to {name}: fill in reason and owner");
                list = AcceptList::parse(&self.name, &text)?;
            }
        }
        let merged = match (options.accept.is_some(), merged) {
            (true, _) | (_, Merged::None) => None,
            (false, Merged::Same) => Some(self.text.clone()),
            (false, Merged::Of(revision)) => project.accept.and_then(|path| project.text_in(revision, path)),
        };
        let merged = merged.and_then(|text| AcceptList::parse(&self.name, &text).ok()).unwrap_or_default();
        Ok(list.apply(review, accept::date(today), &merged))
    }
}

/// The entries of the project's accept list that need no finding, because their change is merged already.
#[derive(Debug, Clone)]
pub enum Merged {
    /// None: each entry needs a finding.
    None,
    /// All: the list is made for another comparison.
    Same,
    /// Those of the list in this git revision.
    Of(String),
}

/// The current day in UTC, such as `2026-01-31`.
pub(super) fn today() -> anyhow::Result<String> {
    Ok(accept::date(days_since_1970()?).to_string())
}

/// Days since 1970-01-01 in UTC.
fn days_since_1970() -> anyhow::Result<u64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?.as_secs() / 86_400)
}

/// Replaces the content of `target` atomically: a failure leaves the old file.
fn replace(target: &Path, text: &str) -> anyhow::Result<()> {
    let is_file = fs::metadata(target).map_or(true, |found| found.is_file());
    anyhow::ensure!(is_file, "{} is not a regular file: name another one with `--accept`", target.display());
    durable_files::replace(target, text.as_bytes(), durable_files::Mode::Preserve)
        .with_context(|| format!("failed to write {}", target.display()))
}
