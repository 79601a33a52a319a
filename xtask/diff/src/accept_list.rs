//! The accept list of `cargo xtask diff`: reads it, applies it, and adds entries.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use openapi_review::accept::{self, AcceptList, Decision};
use openapi_review::review::Review;
use openapi_review::rules::Level;
use xtask::{Workspace, file};

use crate::Options;
use crate::source::{self, Source};

/// The default accept list, relative to the root of the workspace.
const DEFAULT: &str = "openapi/accepted-changes.toml";

/// A proposed entry expires after this many days.
const PROPOSED_DAYS: u64 = 90;

/// The accept list of one comparison.
pub(crate) struct AcceptedChanges {
    path: PathBuf,
    /// The name in messages.
    pub(crate) name: String,
    text: String,
}

impl AcceptedChanges {
    pub(crate) fn read(workspace: &Workspace, folder: &Path, options: &Options) -> anyhow::Result<Self> {
        let path = options.accept.as_ref().map_or_else(|| workspace.root.join(DEFAULT), |path| folder.join(path));
        let name = source::relative(&path, folder);
        let may_be_missing = options.accept.is_none() || options.write_accept;
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound && may_be_missing => String::new(),
            text => text.with_context(|| format!("failed to read the accept list {name}"))?,
        };
        Ok(Self { path, name, text })
    }

    /// Applies the list to `review`. An invalid list accepts nothing, and its error is the only one.
    #[expect(clippy::print_stderr, reason = "a command reports to standard error")]
    pub(crate) fn decide(
        &self,
        workspace: &Workspace,
        options: &Options,
        base: &Source,
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
                file::replace(&self.path, &text)?;
                let name = printable_text::one_line(&self.name);
                eprintln!("added {added} to {name}: fill in reason and owner");
                list = AcceptList::parse(&self.name, &text)?;
            }
        }
        // Entries of the default list may be merged already, and other comparisons need not find them.
        let merged = match (&options.accept, options.base.is_some() && !options.released) {
            (Some(_), _) => None,
            (None, true) => Some(self.text.clone()),
            (None, false) => base.sibling(workspace, DEFAULT),
        };
        let merged = merged.and_then(|text| AcceptList::parse(DEFAULT, &text).ok()).unwrap_or_default();
        Ok(list.apply(review, accept::date(today), &merged))
    }
}

/// Days since 1970-01-01 in UTC.
pub(crate) fn days_since_1970() -> anyhow::Result<u64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?.as_secs() / 86_400)
}
