use std::path::Path;

use clap::Args;

use super::NAMES;
use crate::accept::Decision;
use crate::cli::accepted;
use crate::cli::comparison::{Compared, print, review};
use crate::cli::git::Git;
use crate::cli::project::Project;
use crate::cli::source::{Input, Source, pairs};
use crate::output::{self, Report};

/// Write the changes of a release in Markdown, ready for a changelog
///
/// The changes are grouped by operation, the breaking ones first. The heading has the version of the new document, and the
/// date of its commit, or of today for a file.
#[derive(Debug, Args)]
#[command(after_help = format!(
    "{NAMES}

Exit codes: 0 success, 2 an unreadable input

Example: openapi-review changelog v1.0.0:openapi.yaml openapi.yaml"
))]
pub(in crate::cli) struct ChangelogArgs {
    /// The document of the previous release
    from: String,
    /// The document of the new release [default: the document in the work tree]
    to: Option<String>,
    /// The date of the release, such as 2026-01-31
    #[arg(long)]
    date: Option<String>,
}

pub(in crate::cli) fn run(project: &Project<'_>, folder: &Path, arguments: &ChangelogArgs) -> anyhow::Result<()> {
    let base = Input::named(project, folder, &arguments.from)?;
    let revision = match &arguments.to {
        Some(name) => Input::named(project, folder, name)?,
        None => Input::Document(Source::work_tree(project, folder)?),
    };
    let pairs = pairs(base, revision)?;
    let commit = pairs.iter().find_map(|[_, revision]| revision.as_ref()?.in_revision());
    let date = match (&arguments.date, commit) {
        (Some(date), _) => date.clone(),
        (None, Some(revision)) if !revision.is_empty() => Git::open(folder)?.date(revision)?,
        (None, _) => accepted::today()?,
    };
    let Compared { review, file } = review(project, &pairs)?;
    let report = Report {
        review: &review,
        decision: &Decision::default(),
        file: &file,
        documents: pairs.len(),
        files: &[],
        annotations: false,
        see_all: project.see_all,
    };
    print(false, &output::changelog(&report, &date))
}
