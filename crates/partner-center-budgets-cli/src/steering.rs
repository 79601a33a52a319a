//! Text from outside, as the workspace shows it.

use std::io::{self, IsTerminal};
use std::sync::LazyLock;

pub(crate) use printable_text::one_line as harmless;

/// Whether a character must not be shown as it is.
pub(crate) fn steers(character: char) -> bool {
    !printable_text::is_printable(character)
}

/// JSON with the same value and with printable characters alone.
pub(crate) fn harmless_json(json: String) -> String {
    printable_text::json(&json).into_owned()
}

/// Whether standard output is for eyes. Programs get each text as it is.
pub(crate) fn is_seen() -> bool {
    // Asked for each row, and always the same.
    static SEEN: LazyLock<bool> = LazyLock::new(|| io::stdout().is_terminal());
    *SEEN
}
