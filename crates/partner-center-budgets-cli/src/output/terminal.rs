//! The terminal, if there is one.

use std::io::{self, IsTerminal};
use std::sync::LazyLock;

use terminal_size::{Width, terminal_size, terminal_size_of};

/// Whether standard output is a terminal. Programs get each text unchanged; a terminal gets it without control characters.
pub(crate) fn stdout_is_terminal() -> bool {
    // Cached, because every record needs it.
    static IS_TERMINAL: LazyLock<bool> = LazyLock::new(|| io::stdout().is_terminal());
    *IS_TERMINAL
}

/// Columns of the terminal on standard output; `None` if it is not a terminal.
pub(crate) fn stdout_width() -> Option<usize> {
    stdout_is_terminal().then(terminal_size).flatten().map(|(Width(width), _)| usize::from(width))
}

/// Columns for a line on standard error. The last column stays empty, because some terminals wrap when it is filled.
pub(crate) fn stderr_width() -> usize {
    terminal_size_of(io::stderr()).map_or(usize::MAX, |(Width(width), _)| usize::from(width) - 1)
}
