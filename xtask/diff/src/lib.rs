//! `cargo xtask diff`: `openapi-review diff` with the paths and the generator of this repository.

mod options;

use anyhow::{Context, bail, ensure};
use openapi_review::cli::{self, Git, Input, Merged, Project, Source};
use openapi_review::{KnownScheme, LeftOut, Settings};
use xtask::released::{self, RELEASED};
use xtask::{DOCUMENT, GENERATED, Workspace, generate};

pub use options::Options;

/// The default accept list, relative to the root of the workspace.
const ACCEPTED: &str = "openapi/accepted-changes.toml";

/// The snapshots of decoded responses, relative to the root of the workspace.
const SNAPSHOTS: &str = "tests/it/snapshots";

/// The settings of our generator that a comparison depends on.
pub const SETTINGS: Settings<'_> = Settings {
    today: "",
    omitted_headers: &generate::CLIENT_HEADERS,
    known_scheme: Some(KnownScheme {
        name: generate::APP_SCHEME,
        accepted: "called by an app or a user",
        rejected: "called by a user only",
    }),
    left_out: LeftOut { paths: &[], tags: &[] },
};

/// Runs the command in the current folder, and prints the report to standard output. Returns why the comparison failed, or
/// nothing if it did not.
///
/// # Errors
///
/// Fails if an input cannot be read.
pub fn run(options: &Options) -> anyhow::Result<Option<String>> {
    if options.rules {
        return cli::print_rules().map(|()| None);
    }
    let folder = std::env::current_dir().context("failed to find the current folder")?;
    let workspace = Workspace::around(&folder);
    let project = Project {
        root: &workspace.root,
        document: Some(DOCUMENT),
        accept: Some(ACCEPTED),
        companions: &[DOCUMENT, GENERATED, SNAPSHOTS],
        settings: SETTINGS,
        levels: &[],
        see_all: "run `cargo xtask diff`",
    };
    let (base, revision) = if options.released {
        ensure!(options.revision.is_none(), "`--released` replaces BASE: name REVISION only");
        let Some((_, newest)) = released::newest(&workspace)? else {
            bail!("nothing is released yet, so {RELEASED} has no document: name BASE instead of `--released`");
        };
        (Input::Document(Source::file(&folder, &newest)?), &options.base)
    } else {
        let base = match &options.base {
            Some(name) => Input::named(&project, &folder, name)?,
            None => match Git::open(&workspace.root) {
                Err(reason) if options.skip_without_git => return skip(&reason),
                _ => Input::Document(Source::merge_base(&project)?),
            },
        };
        (base, &options.revision)
    };
    let revision = match revision {
        Some(name) => Input::named(&project, &folder, name)?,
        None => Input::Document(Source::work_tree(&project, &folder)?),
    };
    let merged = match &base {
        // The entries of the default list are for the comparison with the main branch or the release.
        _ if options.base.is_some() && !options.released => Merged::Same,
        Input::Document(base) => base.in_revision().map_or(Merged::None, |id| Merged::Of(id.to_owned())),
        Input::Folder(_) | Input::Nothing => Merged::None,
    };
    cli::compare(&project, &folder, &options.report, [base, revision], &merged)
}

#[expect(clippy::print_stderr, reason = "the report of a command that compares nothing")]
fn skip(reason: &anyhow::Error) -> anyhow::Result<Option<String>> {
    eprintln!("skipped: {}", printable_text::lines(&format!("{reason:#}")));
    Ok(None)
}
