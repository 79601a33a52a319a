//! A file that is written whole or not at all.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use durable_files::{self as files, Mode};

use crate::failure::Told;

/// Where a text goes.
pub(crate) enum Place {
    Stdout,
    /// A regular file, or one that is not there yet: replaced in one step. Only its owner may read a new one.
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
        let path = &files::resolve(path);
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
        files::check_replaceable(path).map_err(|error| error.to_string())?;
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
            Self::File(path) => files::replace(path, text.as_bytes(), Mode::Preserve),
        }
    }
}
