use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Creates a folder and its missing parents, with access for the user only.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// let config = folder.path().join("partner-center-budgets/tokens");
/// durable_files::make_folder(&config)?;
/// assert_eq!(durable_files::check_folder(&config.join("token")), Ok(()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Those of the file system.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Writes the entries of a folder to the disk. A new file survives a crash of the machine only after this.
///
/// ```
/// # use std::{fs::File, io::Write};
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("budgets.journal");
/// let mut journal = File::create_new(&path)?;
/// journal.write_all(b"started\n")?;
/// journal.sync_all()?;
/// durable_files::sync_folder(folder.path())?;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// Those of the file system.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
