//! An OpenAPI document parsed from text: a tree in which every node has its file, line and column.

#[cfg(feature = "review")]
pub use crate::load::GitTree;
pub use crate::load::{Files, Folder};

mod diagnostic;
mod node;
mod stored;
mod tree;

pub use diagnostic::Diagnostic;
pub use node::Node;
pub(crate) use stored::{Children, Content, Slice, StoredNode};
pub(crate) use tree::line;
pub use tree::{Document, Kind};
pub(crate) use tree::{SourceFile, Version, Written};
