//! Access of other users to a file.

use std::fs::{self, File, Metadata};
use std::path::Path;
use std::{error, fmt, io};

use super::path::{MAX_LINKS, folder_of};

/// The access to a file that other users must not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Writing. The content is trusted, for example because it decides where secrets are sent.
    Trusted,
    /// Reading and writing. The content is secret.
    Secret,
}

/// A file that other users may read or change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposed {
    /// What others can do, to follow the name of the file: `may be read by others`.
    pub what: String,
    /// What to do next.
    pub advice: String,
    /// Whether others may have read a secret in it.
    pub is_disclosed: bool,
}

impl fmt::Display for Exposed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it {}: {}", self.what, self.advice)
    }
}

impl error::Error for Exposed {}

/// Checks that other users cannot change or replace an open file, and cannot read a secret in it.
///
/// The file and its folder must belong to the user or to root, and only they may write there. A folder with the sticky bit,
/// such as `/tmp`, is accepted, because users cannot rename the files of others there. If root owns a secret, its group may
/// read it: root passes keys to services that way.
///
/// Parent folders need no check: a user who can rename them still cannot create a folder that belongs to this user. On
/// systems other than Unix this checks nothing, because a file has the permissions of its folder.
///
/// ```
/// # #[cfg(unix)] {
/// # use std::fs::{self, File, Permissions};
/// # use std::os::unix::fs::PermissionsExt;
/// use durable_files::{Access, check_access};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("token");
/// # fs::write(&path, "a-refresh-token")?;
/// # fs::set_permissions(&path, Permissions::from_mode(0o644))?;
/// let file = File::open(&path)?;
/// let exposed = check_access(&path, &file.metadata()?, Access::Secret).unwrap_err();
/// assert_eq!(exposed.to_string(), format!("it may be read by others: run `chmod 600 {}`", path.display()));
/// # }
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// [`Exposed`] says what others can do, and how to forbid it.
pub fn check_access(path: &Path, file: &Metadata, access: Access) -> Result<(), Exposed> {
    platform::check_file(path, file, access)?;
    check_folder(path)
}

/// Checks the folder of a file, which need not exist. If the file is a symbolic link, checks its owner and its target.
///
/// ```
/// # #[cfg(unix)] {
/// # use std::fs::{self, Permissions};
/// # use std::os::unix::fs::PermissionsExt;
/// # let folder = tempfile::tempdir()?;
/// # fs::set_permissions(folder.path(), Permissions::from_mode(0o777))?;
/// // Before the file is created.
/// let path = folder.path().join("token");
/// let exposed = durable_files::check_folder(&path).unwrap_err();
/// assert!(exposed.what.ends_with("may be changed by others"));
/// # }
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// See [`check_access`].
pub fn check_folder(path: &Path) -> Result<(), Exposed> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        let folder = folder_of(&path);
        // Without metadata the folder is missing, or its files cannot be opened.
        if let Ok(metadata) = fs::metadata(folder) {
            platform::check_folder(folder, &metadata)?;
        }
        let Ok(target) = fs::read_link(&path) else { break };
        if let Ok(link) = fs::symlink_metadata(&path) {
            platform::check_link(&path, &link)?;
        }
        path = folder.join(target);
    }
    Ok(())
}

/// Takes away the access of other users.
#[cfg(unix)]
pub(crate) fn make_private(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = file.metadata()?.permissions();
    if permissions.mode() & 0o777 == 0o600 {
        return Ok(());
    }
    permissions.set_mode(0o600);
    file.set_permissions(permissions)
}

#[cfg(not(unix))]
pub(crate) fn make_private(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
mod platform {
    use std::fs::Metadata;
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    use std::path::Path;

    use super::{Access, Exposed};

    const ROOT: u32 = 0;
    const GROUP_READS: u32 = 0o040;
    const OTHERS_WRITE: u32 = 0o022;
    const STICKY: u32 = 0o1000;

    pub(super) fn check_file(path: &Path, file: &Metadata, access: Access) -> Result<(), Exposed> {
        // `/dev/null` is writable by everyone and stores nothing.
        if file.file_type().is_char_device() {
            return Ok(());
        }
        let shown = path.display();
        let (owner, user) = (file.uid(), rustix::process::geteuid().as_raw());
        check_owner(owner, user, || format!("run `chown {user} {shown}`, or name a file of this user"))?;
        let allowed = if owner == ROOT && user != ROOT { GROUP_READS } else { 0 };
        if access == Access::Secret && file.mode() & 0o077 & !allowed != 0 {
            return Err(Exposed {
                what: "may be read by others".to_owned(),
                advice: format!("run `chmod 600 {shown}`"),
                is_disclosed: true,
            });
        }
        match file.mode() & OTHERS_WRITE {
            0 => Ok(()),
            _ => Err(Exposed {
                what: "may be changed by others".to_owned(),
                advice: format!("check what is in it, then run `chmod go-w {shown}`"),
                is_disclosed: false,
            }),
        }
    }

    pub(super) fn check_folder(folder: &Path, metadata: &Metadata) -> Result<(), Exposed> {
        let shown = folder.display();
        let within =
            |exposed: Exposed| Exposed { what: format!("is in the folder {shown}, which {}", exposed.what), ..exposed };
        let user = rustix::process::geteuid().as_raw();
        let own = || format!("name a file in a folder of this user, or run `chown {user} {shown}`");
        check_owner(metadata.uid(), user, own).map_err(within)?;
        match metadata.mode() & (OTHERS_WRITE | STICKY) {
            0 => Ok(()),
            mode if mode & STICKY != 0 => Ok(()),
            _ => Err(within(Exposed {
                what: "may be changed by others".to_owned(),
                advice: format!("check what is in it, then run `chmod go-w {shown}`"),
                is_disclosed: false,
            })),
        }
    }

    /// In a folder such as `/tmp`, others can create a link to any file of the user.
    pub(super) fn check_link(path: &Path, link: &Metadata) -> Result<(), Exposed> {
        let user = rustix::process::geteuid().as_raw();
        check_owner(link.uid(), user, || format!("name the file that {} leads to", path.display()))
    }

    fn check_owner(owner: u32, user: u32, advice: impl FnOnce() -> String) -> Result<(), Exposed> {
        match owner == user || owner == ROOT {
            true => Ok(()),
            false => {
                let what = format!("belongs to another user (id {owner})");
                Err(Exposed { what, advice: advice(), is_disclosed: false })
            }
        }
    }
}

#[cfg(not(unix))]
mod platform {
    use std::fs::Metadata;
    use std::path::Path;

    use super::{Access, Exposed};

    pub(super) fn check_file(_: &Path, _: &Metadata, _: Access) -> Result<(), Exposed> {
        Ok(())
    }

    pub(super) fn check_folder(_: &Path, _: &Metadata) -> Result<(), Exposed> {
        Ok(())
    }

    pub(super) fn check_link(_: &Path, _: &Metadata) -> Result<(), Exposed> {
        Ok(())
    }
}
