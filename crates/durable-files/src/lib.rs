//! Small files that hold configuration, secrets or results: they survive crashes, and other users cannot change them.
//!
//! | task | function |
//! |---|---|
//! | write a file whole or not at all | [`replace`](fn@replace), [`check_replaceable`], [`delete`] |
//! | keep other processes out | [`LockedFile`] |
//! | find out whether other users can read or change a file | [`check_access`], [`check_folder`] |
//! | read a file of limited size, as text in any common encoding | [`read()`], [`decode`] |
//! | make a new name survive a crash of the machine | [`sync_folder`] |
//!
//! The feature `files` is on by default. Without it, the crate has [`decode`] only, and no dependencies.

#[cfg(feature = "files")]
mod access;
#[cfg(feature = "files")]
mod folder;
#[cfg(feature = "files")]
mod lock;
#[cfg(feature = "files")]
mod path;
#[cfg(feature = "files")]
mod read;
#[cfg(feature = "files")]
mod replace;
#[cfg(feature = "files")]
mod temporary;
mod text;

#[cfg(feature = "files")]
pub use access::{Access, Exposed, check_access, check_folder};
#[cfg(feature = "files")]
pub use folder::{make_folder, sync_folder};
#[cfg(feature = "files")]
pub use lock::{LockError, LockedFile};
#[cfg(feature = "files")]
pub use path::{folder_of, resolve};
#[cfg(feature = "files")]
pub use read::read;
#[cfg(feature = "files")]
pub use replace::{Mode, check_replaceable, delete, replace};
#[cfg(feature = "files")]
pub use temporary::remove_abandoned;
pub use text::{DecodeError, NotText, decode};
