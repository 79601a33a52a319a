use std::path::Path;

use clap::Args;

use super::NAMES;
use crate::cli::accepted::Merged;
use crate::cli::comparison;
use crate::cli::options::ReportOptions;
use crate::cli::settings::Configuration;
use crate::cli::source::{Input, Source};

/// Report the effect of a change on clients and on generated Rust code
///
/// Without names, the document of the work tree is compared with the one where this branch left the main branch.
#[derive(Debug, Args)]
#[command(after_help = format!(
    "{NAMES}

Exit codes: 0 success, 1 findings that are not accepted or an invalid accept list, 2 an unreadable input

Examples:
  openapi-review diff old.yaml new.yaml
  openapi-review diff main:openapi.yaml openapi.yaml --format markdown
  openapi-review diff v1.0.0:apis apis --format html > report.html"
))]
pub(in crate::cli) struct DiffArgs {
    /// The old document
    old: Option<String>,
    /// The new document [default: the document in the work tree]
    new: Option<String>,
    /// The name of a document in the report, for a file with a temporary name; first the old one, then the new one
    #[arg(long, value_name = "NAME")]
    label: Vec<String>,
    #[command(flatten)]
    report: ReportOptions,
}

pub(in crate::cli) fn run(
    configuration: &Configuration,
    folder: &Path,
    arguments: DiffArgs,
) -> anyhow::Result<Option<String>> {
    let DiffArgs { old, new, label, mut report } = arguments;
    let project = configuration.project();
    report.fail_on = report.fail_on.or(configuration.config().fail_on);
    let base = match &old {
        Some(name) => Input::named(&project, folder, name)?,
        None => Input::Document(Source::merge_base(&project)?),
    };
    let revision = match &new {
        Some(name) => Input::named(&project, folder, name)?,
        None => Input::Document(Source::work_tree(&project, folder)?),
    };
    let mut labels = label.into_iter();
    let mut labelled = |input| match (input, labels.next()) {
        (Input::Document(source), Some(name)) => Input::Document(source.labelled(name)),
        (input, _) => input,
    };
    let inputs = [labelled(base), labelled(revision)];
    // The entries of the list are for the comparison with the main branch; other comparisons need not find them.
    let merged = match (&old, &inputs[0]) {
        (None, Input::Document(base)) => base.in_revision().map_or(Merged::None, |id| Merged::Of(id.to_owned())),
        _ => Merged::Same,
    };
    comparison::compare(&project, folder, &report, inputs, &merged)
}
