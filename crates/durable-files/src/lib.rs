//! Small files that hold configuration, secrets or results: they survive crashes, and other users cannot change them.
//!
//! | task | function |
//! |---|---|
//! | write a file whole or not at all | [`replace`](fn@replace), [`check_replaceable`], [`delete`] |
//! | keep other processes out | [`LockedFile`] |
//! | find out whether other users can read or change a file | [`check_access`], [`check_folder`] |
//! | read a file of limited size, as text in any common encoding | [`read()`], [`decode`] |
//! | make a new name survive a crash of the machine | [`sync_folder`] |

mod access;
mod folder;
mod lock;
mod path;
mod read;
mod replace;
mod temporary;
mod text;

pub use access::{Access, Exposed, check_access, check_folder};
pub use folder::{make_folder, sync_folder};
pub use lock::{LockError, LockedFile};
pub use path::{folder_of, resolve};
pub use read::read;
pub use replace::{Mode, check_replaceable, delete, replace};
pub use temporary::remove_abandoned;
pub use text::{DecodeError, NotText, decode};
