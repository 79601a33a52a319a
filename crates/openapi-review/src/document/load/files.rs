//! The other files of a document.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The files of one revision, which the references of a document may refer to.
///
/// A path is relative to their root, and has `/` between its parts but neither `.` nor `..`.
pub trait Files {
    /// The bytes of a file.
    ///
    /// # Errors
    ///
    /// Fails with the reason, such as "no such file".
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;

    /// The name of a file in diagnostics and findings.
    fn name(&self, path: &str) -> String;
}

/// The files in a folder and below.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    prefix: String,
}

impl Folder {
    /// The folder at `path`. `prefix` precedes the paths of its files in their names, such as `api/`.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # std::fs::write(folder.path().join("pets.yaml"), "type: object")?;
    /// use openapi_review::document::{Files, Folder};
    ///
    /// let files = Folder::new(folder.path(), "api/");
    /// assert_eq!(files.read("pets.yaml").as_deref(), Ok(&b"type: object"[..]));
    /// assert_eq!(files.name("pets.yaml"), "api/pets.yaml");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn new(path: impl Into<PathBuf>, prefix: impl Into<String>) -> Self {
        Self { path: path.into(), prefix: prefix.into() }
    }
}

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let reason = |error: std::io::Error| match error.kind() {
            ErrorKind::NotFound => "no such file".to_owned(),
            _ => error.to_string(),
        };
        let file = path.split('/').fold(self.path.clone(), |folder, part| folder.join(part));
        // A symbolic link may lead out of the folder.
        let resolved = |path: &Path| path.canonicalize().map_err(reason);
        if !resolved(&file)?.starts_with(resolved(&self.path)?) {
            return Err("it is a link to a file outside of the folder of the document".to_owned());
        }
        fs::read(&file).map_err(reason)
    }

    fn name(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }
}

/// The location of the target of a reference.
pub(super) enum Location {
    /// In the same file.
    Here,
    /// In the file at a path.
    File(String),
    /// On the network, or a file by an absolute name.
    Url,
    /// Above the root.
    Outside,
}

impl Location {
    /// The location that `reference`, without its fragment, has in the file at `path`.
    pub(super) fn of(reference: &str, path: &str) -> Self {
        if reference.is_empty() {
            return Self::Here;
        }
        // A single letter is a drive, not a scheme, but neither is a relative path.
        let scheme = reference.split_once(':').map(|(scheme, _)| scheme);
        if scheme
            .is_some_and(|scheme| scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)))
            || reference.starts_with("//")
        {
            return Self::Url;
        }
        if reference.starts_with('/') {
            return Self::Outside;
        }
        let mut parts: Vec<&str> = path.split('/').collect();
        parts.pop();
        for part in reference.split('/') {
            match part {
                "" | "." => {}
                ".." if parts.pop().is_none() => return Self::Outside,
                ".." => {}
                part => parts.push(part),
            }
        }
        Self::File(parts.join("/"))
    }
}
