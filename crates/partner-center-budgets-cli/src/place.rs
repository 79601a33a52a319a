//! A file that is written whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::failure::Told;

/// Where a text goes.
pub(crate) enum Place {
    Stdout,
    /// A regular file, or one that is not there yet: replaced in one step.
    File(PathBuf),
    /// What is no file and must not be replaced by one, such as `/dev/null` and a pipe.
    Special(PathBuf),
}

impl Place {
    /// Finds out, before anything is sent, whether the text can be written there.
    pub(crate) fn find(path: &Path) -> Result<Self, Told> {
        if path == Path::new("-") {
            return Ok(Self::Stdout);
        }
        Self::of_file(path).map_err(|why| {
            let next = "name a file in a directory that you may write to, or - for standard output";
            Told::usage(Told::lines(format_args!("cannot write `{}`", path.display()), why, next))
        })
    }

    /// The same for what is no output of a command, such as the file with the profiles; or why it cannot be written.
    pub(crate) fn of_file(path: &Path) -> Result<Self, String> {
        // The file that a link leads to is replaced, not the link.
        let path = &fs::canonicalize(path).unwrap_or_else(|_| end_of_links(path));
        match fs::metadata(path) {
            Ok(there) if there.is_dir() => return Err("it is a directory".to_owned()),
            Ok(there) if !there.is_file() => return Ok(Self::Special(path.clone())),
            _ => {}
        }
        if fs::symlink_metadata(path).is_ok_and(|there| there.is_symlink()) {
            return Err("it is a symbolic link that leads nowhere".to_owned());
        }
        // Of `x/` the name would be `x`.
        if path.file_name().is_none() || path.as_os_str().to_string_lossy().ends_with(std::path::is_separator) {
            return Err("that is no name of a file".to_owned());
        }
        Beside::create(path).map_err(|error| error.to_string())?;
        Ok(Self::File(path.clone()))
    }

    /// What has become of the place when [`write`](Self::write) failed.
    pub(crate) fn after_failure(&self) -> &'static str {
        match self {
            Self::File(_) => "nothing there has changed; make room, or name a file on another disk",
            Self::Stdout | Self::Special(_) => "it may have got the beginning; make room, or name a file",
        }
    }

    pub(crate) fn write(&self, text: &str) -> io::Result<()> {
        match self {
            Self::Stdout => {
                let mut out = io::stdout().lock();
                out.write_all(text.as_bytes())?;
                out.flush()
            }
            Self::Special(path) => OpenOptions::new().write(true).open(path)?.write_all(text.as_bytes()),
            Self::File(path) => {
                let mut beside = Beside::create(path)?;
                beside.file.write_all(text.as_bytes())?;
                // On the disk before it has the name: a power cut must not leave an empty file in the place of a full one.
                beside.file.sync_all()?;
                if let Ok(there) = fs::metadata(path) {
                    beside.file.set_permissions(there.permissions())?;
                }
                fs::rename(&beside.path, path)
            }
        }
    }
}

/// Where links lead whose file is not there yet. As many are followed as systems do.
fn end_of_links(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..40 {
        let Ok(to) = fs::read_link(&path) else { break };
        path = path.parent().unwrap_or(Path::new("")).join(to);
    }
    path
}

/// A file in the same directory, and so on the same disk, which is removed unless it was renamed.
struct Beside {
    file: File,
    path: PathBuf,
}

impl Beside {
    fn create(path: &Path) -> io::Result<Self> {
        let mut name = std::ffi::OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(format!(".{}", std::process::id()));
        let path = path.with_file_name(name);
        Ok(Self { file: OpenOptions::new().write(true).create_new(true).open(&path)?, path })
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // After the rename there is nothing to remove.
        drop(fs::remove_file(&self.path));
    }
}
