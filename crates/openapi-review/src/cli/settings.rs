//! Finds and reads the configuration file.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::git::Git;
use super::project::Project;
use super::source::relative;
use crate::config::Config;
use crate::{LeftOut, Settings};

/// The name of the file.
const FILE: &str = "openapi-review.toml";

/// The configuration of a repository.
pub(super) struct Configuration {
    /// The folder of the file. Without a file the root of the repository, or the current folder.
    root: PathBuf,
    config: Config,
    /// The configured document, or the only one of the repository.
    document: Option<String>,
}

impl Configuration {
    /// Reads the file at `path`, or the nearest one in the current folder and the folders above, up to the root of the
    /// repository. `document` replaces the one of the file; it is relative to the current folder.
    pub(super) fn read(folder: &Path, path: Option<&Path>, document: Option<&str>) -> anyhow::Result<Self> {
        let repository = Git::open(folder).and_then(|git| git.root()).ok();
        let path = match path {
            Some(path) => Some(folder.join(path)),
            None => folder
                .ancestors()
                // Above the repository, a file belongs to something else.
                .take_while(|ancestor| {
                    repository.as_deref().map_or(*ancestor == folder, |root| ancestor.starts_with(root))
                })
                .map(|ancestor| ancestor.join(FILE))
                .find(|path| path.is_file()),
        };
        let (root, config) = match path {
            None => (repository.unwrap_or_else(|| folder.to_owned()), Config::default()),
            Some(path) => {
                let name = relative(&path, folder);
                let text = fs::read_to_string(&path)
                    .with_context(|| format!("failed to read the configuration {name}: name a file in TOML"))?;
                let root = path.parent().unwrap_or(folder).to_owned();
                (root, Config::parse(&name, &text)?)
            }
        };
        let document = match document {
            // Paths of a project are relative to its root.
            Some(document) => Some(from_root(&root, folder, document)?),
            None => config.document.clone().or_else(|| only_document(&root)),
        };
        Ok(Self { root, config, document })
    }

    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    pub(super) fn project(&self) -> Project<'_> {
        let left_out = LeftOut { paths: &self.config.left_out_paths, tags: &self.config.left_out_tags };
        Project {
            root: &self.root,
            document: self.document.as_deref(),
            accept: self.config.accept.as_deref(),
            companions: &[],
            settings: Settings { left_out, ..Settings::default() },
            levels: &self.config.levels,
            see_all: "run `openapi-review diff` with the same documents",
        }
    }
}

/// The document of a repository that has one only.
fn only_document(root: &Path) -> Option<String> {
    let mut found = Git::open(root).and_then(|git| git.candidates()).ok()?;
    found.pop().filter(|_| found.is_empty())
}

fn from_root(root: &Path, folder: &Path, document: &str) -> anyhow::Result<String> {
    let (root, absolute) = (canonical(root), canonical(&folder.join(document)));
    let path =
        absolute.strip_prefix(&root).ok().and_then(Path::to_str).with_context(|| {
            format!("`{document}` is not in {}: name a document of this repository", root.display())
        })?;
    Ok(path.replace('\\', "/"))
}

/// The path without links. A deleted file, which only the history has, has none.
fn canonical(path: &Path) -> PathBuf {
    match (path.canonicalize(), path.parent(), path.file_name()) {
        (Ok(path), ..) => path,
        (Err(_), Some(parent), Some(name)) => canonical(parent).join(name),
        (Err(_), ..) => path.to_owned(),
    }
}
