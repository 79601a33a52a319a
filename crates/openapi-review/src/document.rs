//! An OpenAPI document parsed from text: a tree in which every node has its file, line and column.

mod diagnostic;
mod load;
mod node;
mod stored;
mod tree;

pub use diagnostic::Diagnostic;
#[cfg(feature = "review")]
pub use load::GitTree;
#[cfg(feature = "cli")]
pub(crate) use load::git;
pub use load::{Files, Folder};
#[cfg(feature = "review")]
pub(crate) use load::{METHODS, NEWER_KEYWORDS};
pub use node::Node;
pub(crate) use stored::{Children, Content, Slice, StoredNode};
pub(crate) use tree::line;
pub use tree::{Document, Kind};
pub(crate) use tree::{SourceFile, Version, Written};
