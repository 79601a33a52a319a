//! The commands of `openapi-review`.

pub(super) mod changelog;
pub(super) mod diff;
pub(super) mod log;
pub(super) mod rules;

/// The forms of a name of a document, for the help of a command.
const NAMES: &str = "\
Each name is one of these; if a file or folder has that name, it is used:
  FILE      a document in YAML or JSON; /dev/null is a document without operations
  FOLDER    all documents in a folder, which are matched by their path in it
  REV:PATH  a file or folder of a git revision; without REV, of the index
  REV       the document of this repository (see --document) in that git revision";
