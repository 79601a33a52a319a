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
mod files;
mod text;

#[cfg(feature = "files")]
pub use files::*;
pub use text::{DecodeError, NotText, decode};
