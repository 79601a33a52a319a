//! The encoding details of the profiles file.

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The byte order mark and line ends of a file, which TOML ignores and some editors on Windows need. A file in UTF-16
/// becomes UTF-8 with a byte order mark, which the same editors read.
pub(super) struct TextStyle {
    has_byte_order_mark: bool,
    has_crlf: bool,
}

impl TextStyle {
    /// The style of a file with these bytes, which decode to `text`.
    pub(super) fn of(bytes: &[u8], text: &str) -> Self {
        // Decoding UTF-8 drops only a byte order mark.
        Self { has_byte_order_mark: bytes.len() != text.len(), has_crlf: text.contains("\r\n") }
    }

    pub(super) fn apply(&self, text: &str) -> String {
        let mark = if self.has_byte_order_mark { BYTE_ORDER_MARK.to_string() } else { String::new() };
        match self.has_crlf {
            true => mark + &text.replace("\r\n", "\n").replace('\n', "\r\n"),
            false => mark + text,
        }
    }
}
