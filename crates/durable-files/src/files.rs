//! Reading, replacing, locking and checking files.

mod access;
mod folder;
mod lock;
mod path;
mod read;
mod replace;
mod temporary;

pub use access::{Access, Exposed, check_access, check_folder};
pub use folder::{make_folder, sync_folder};
pub use lock::{LockError, LockedFile};
pub use path::{folder_of, resolve};
pub use read::read;
pub use replace::{Mode, check_replaceable, delete, replace};
pub use temporary::remove_abandoned;
