use std::fs::File;
use std::io::{self, ErrorKind, Read};

use zeroize::Zeroizing;

use super::lock::lock_if_supported;

/// Reads an open file of at most `max_bytes` bytes. The bytes are wiped when they are dropped.
///
/// ```
/// # use std::fs::{self, File};
/// # use std::io::ErrorKind;
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("token");
/// # fs::write(&path, "a-refresh-token")?;
/// let bytes = durable_files::read(&File::open(&path)?, 64 * 1024)?;
/// assert_eq!(durable_files::decode(&bytes)?, "a-refresh-token");
/// let error = durable_files::read(&File::open(&path)?, 10).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::FileTooLarge);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`ErrorKind::FileTooLarge`], and those of the file system.
pub fn read(file: &File, max_bytes: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    // Another process may be overwriting a file that cannot be renamed over.
    lock_if_supported(|| file.try_lock_shared())?;
    // Allocated once: growing would leave copies that are not wiped.
    let mut bytes = Zeroizing::new(Vec::with_capacity(max_bytes + 1));
    let mut limited = file;
    let read = Read::by_ref(&mut limited).take(max_bytes as u64 + 1).read_to_end(&mut bytes);
    drop(file.unlock());
    match read? > max_bytes {
        true => Err(ErrorKind::FileTooLarge.into()),
        false => Ok(bytes),
    }
}
