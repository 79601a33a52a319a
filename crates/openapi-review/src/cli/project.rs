//! The settings of a comparison: the repository and its configuration.

use std::path::Path;

use anyhow::Context;

use super::git::Git;
use crate::Settings;
use crate::config::LevelOverride;

/// A repository with an OpenAPI document. All paths are relative to its root.
#[derive(Debug, Clone, Copy)]
pub struct Project<'a> {
    /// The folder that contains everything.
    pub root: &'a Path,
    /// The document that a git revision without a path means.
    pub document: Option<&'a str>,
    /// The accept list that is used if the command line names none.
    pub accept: Option<&'a str>,
    /// Files and folders whose changes the report counts, because a reviewer should read them together.
    pub companions: &'a [&'a str],
    /// The settings of the comparison. `today` is replaced by the current day.
    pub settings: Settings<'a>,
    /// Levels that replace those of the rules.
    pub levels: &'a [LevelOverride],
    /// How to see everything if an output is shortened, such as "run `openapi-review diff`".
    pub see_all: &'a str,
}

impl<'a> Project<'a> {
    pub(super) fn document(&self) -> anyhow::Result<&'a str> {
        self.document.context(
            "this repository has no document, or several: name one with `--document`, as FILE or REV:PATH, or set `document` \
             in openapi-review.toml",
        )
    }

    /// The text of a file in a git revision, with `path` relative to the root of the project.
    pub(super) fn text_in(&self, revision: &str, path: &str) -> Option<String> {
        let bytes = Git::open(self.root).ok()?.bytes(revision, &format!("./{path}")).ok()?;
        String::from_utf8(bytes).ok()
    }
}
