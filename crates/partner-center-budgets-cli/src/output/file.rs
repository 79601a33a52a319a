//! A file that is written as a whole or not at all.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use durable_files::{self as files, Mode};

/// The destination of a text.
pub(crate) enum OutputFile {
    Stdout,
    /// A regular or a new file: replaced atomically. A new file is readable for its owner only.
    File(PathBuf),
    /// A device or a pipe, such as `/dev/null`: written to, never replaced.
    Special(PathBuf),
}

impl OutputFile {
    /// The destination that an option names; `-` is standard output.
    ///
    /// # Errors
    ///
    /// The reason why it cannot be written.
    pub(crate) fn find(path: &Path) -> Result<Self, String> {
        if path == Path::new("-") { Ok(Self::Stdout) } else { Self::at(path) }
    }

    /// The file at a path.
    ///
    /// # Errors
    ///
    /// The reason why it cannot be written.
    pub(crate) fn at(path: &Path) -> Result<Self, String> {
        // Replace the target of a symbolic link, not the link.
        let path = &files::resolve(path);
        match fs::metadata(path) {
            Ok(found) if found.is_dir() => return Err("it is a directory".to_owned()),
            Ok(found) if !found.is_file() => return Ok(Self::Special(path.clone())),
            _ => {}
        }
        if fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink()) {
            return Err("it is a symbolic link to a missing file".to_owned());
        }
        // The file name of `x/` would be `x`.
        if path.file_name().is_none() || path.as_os_str().to_string_lossy().ends_with(std::path::is_separator) {
            return Err("it is not the name of a file".to_owned());
        }
        files::check_replaceable(path).map_err(|error| error.to_string())?;
        Ok(Self::File(path.clone()))
    }

    /// What to do after [`write`](Self::write) failed, and the state of the destination.
    pub(crate) fn after_failure(&self) -> &'static str {
        match self {
            Self::File(_) => "free some space, or name a file on another disk; the file is unchanged",
            Self::Stdout | Self::Special(_) => "free some space, or name a file; the beginning may have been written",
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
            Self::File(path) => files::replace(path, text.as_bytes(), Mode::Preserve),
        }
    }
}
