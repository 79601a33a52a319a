//! The accept list of `cargo xtask diff`: where it is, and what is added to it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use openapi_review::accept::{self, AcceptList, Decision};
use openapi_review::review::Review;
use openapi_review::rules::Level;

use super::Options;
use super::source::{self, Source};
use crate::{Checkout, generate};

/// Where the accept list is unless someone names another, from the folder of the workspace.
const ACCEPTED: &str = "openapi/accepted-changes.toml";

/// A proposed acceptance ends after so many days.
const PROPOSED_DAYS: u64 = 90;

/// The accept list of a run.
pub(super) struct List {
    path: PathBuf,
    /// As complaints call it.
    pub(super) name: String,
    text: String,
}

impl List {
    pub(super) fn read(here: &Checkout, folder: &Path, options: &Options) -> anyhow::Result<Self> {
        let path = options.accept.as_ref().map_or_else(|| here.root.join(ACCEPTED), |path| folder.join(path));
        let name = source::shown(&path, folder);
        let may_be_missing = options.accept.is_none() || options.write_accept;
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound && may_be_missing => String::new(),
            text => text.with_context(|| format!("failed to read the accept list {name}"))?,
        };
        Ok(Self { path, name, text })
    }

    /// What the list says about `review`. A list that is not valid accepts nothing, and that is its only complaint.
    #[expect(clippy::print_stderr, reason = "a command speaks on its standard streams")]
    pub(super) fn decide(
        &self,
        here: &Checkout,
        options: &Options,
        base: &Source,
        review: &Review,
        level: Option<Level>,
    ) -> anyhow::Result<Decision> {
        let invalid = |complaint| Decision { diagnostics: vec![complaint], ..Decision::default() };
        let mut list = match AcceptList::parse(&self.name, &self.text) {
            Ok(list) => list,
            Err(complaint) => return Ok(invalid(complaint)),
        };
        let days = days()?;
        if let Some(level) = level.filter(|_| options.write_accept) {
            let (text, added) = match list.propose(review, level, accept::date(days + PROPOSED_DAYS)) {
                Ok(proposed) => proposed,
                Err(complaint) => return Ok(invalid(complaint)),
            };
            if added > 0 {
                generate::write(&self.path, &text)?;
                eprintln!("added {added} to {}: fill in reason and owner", self.name);
                list = AcceptList::parse(&self.name, &text)?;
            }
        }
        // The usual list has a past, and belongs to the usual comparisons: what others do not find is no matter.
        let merged = match (&options.accept, options.base.is_some() && !options.released) {
            (Some(_), _) => None,
            (None, true) => Some(self.text.clone()),
            (None, false) => base.beside(here, ACCEPTED),
        };
        let merged = merged.and_then(|text| AcceptList::parse(ACCEPTED, &text).ok()).unwrap_or_default();
        Ok(list.apply(review, accept::date(days), &merged))
    }
}

/// Days since 1970-01-01 in UTC.
pub(super) fn days() -> anyhow::Result<u64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?.as_secs() / 86_400)
}
