//! Text in the encodings that editors and spreadsheets write.

use std::borrow::Cow;
use std::fmt;

/// The first position at which bytes are not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecodeError {
    /// The reason.
    pub reason: NotText,
    /// Line of the first invalid character, from 1.
    pub line: u64,
    /// Its column in characters, from 1.
    pub column: usize,
}

/// Why bytes are not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotText {
    /// UTF-16 with half a surrogate pair.
    LoneSurrogate,
    /// UTF-16 with an odd number of bytes.
    CutOff,
    /// Zero bytes, as in UTF-16 without a byte order mark and in binary files.
    ZeroBytes,
    /// Without a byte order mark, and not UTF-8.
    NotUtf8,
}

/// The number of bytes that are searched for zeros. A binary file has some among the first.
const ZERO_SEARCH: usize = 200;

/// Decodes UTF-8 with or without a byte order mark, and UTF-16 with one. Line ends and outer white space stay.
///
/// Redirection in Windows PowerShell and Excel's "Unicode Text" write UTF-16. Notepad offers all of these encodings.
///
/// ```
/// use durable_files::{NotText, decode};
///
/// // UTF-16 as Excel writes it.
/// assert_eq!(decode(b"\xff\xfei\0d\0")?, "id");
/// assert_eq!(decode(b"Contoso;\xc3\x84").as_deref(), Ok("Contoso;Ä"));
/// let error = decode(b"Contoso;\xc4").unwrap_err();
/// assert_eq!((error.reason, error.line, error.column), (NotText::NotUtf8, 1, 9));
/// # Ok::<(), durable_files::DecodeError>(())
/// ```
///
/// # Errors
///
/// [`DecodeError`] if the bytes are in none of these encodings. It quotes no part of them, because they may be a secret.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, DecodeError> {
    let (unit, bytes): (fn([u8; 2]) -> u16, _) = match bytes {
        [0xFF, 0xFE, rest @ ..] => (u16::from_le_bytes, rest),
        [0xFE, 0xFF, rest @ ..] => (u16::from_be_bytes, rest),
        [0xEF, 0xBB, 0xBF, rest @ ..] => return utf_8(rest),
        bytes => return utf_8(bytes),
    };
    let (pairs, rest) = bytes.as_chunks();
    // Allocated once: growing would leave copies of a secret. Two bytes of UTF-16 are at most three of UTF-8.
    let mut text = String::with_capacity(pairs.len() * 3);
    for character in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match character {
            Ok(character) => text.push(character),
            Err(_) => return Err(DecodeError::after(&text, NotText::LoneSurrogate)),
        }
    }
    if rest.is_empty() { Ok(text.into()) } else { Err(DecodeError::after(&text, NotText::CutOff)) }
}

fn utf_8(bytes: &[u8]) -> Result<Cow<'_, str>, DecodeError> {
    if bytes.iter().take(ZERO_SEARCH).any(|byte| *byte == 0) {
        return Err(DecodeError::after("", NotText::ZeroBytes));
    }
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        let (before, _) = bytes.split_at(error.valid_up_to());
        DecodeError::after(&String::from_utf8_lossy(before), NotText::NotUtf8)
    })
}

impl DecodeError {
    fn after(before: &str, reason: NotText) -> Self {
        let line = before.matches('\n').count() as u64 + 1;
        let column = before.chars().rev().take_while(|character| *character != '\n').count() + 1;
        Self { reason, line, column }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = match self.reason {
            NotText::LoneSurrogate => "half a character of UTF-16",
            NotText::CutOff => "UTF-16 that ends within a character",
            NotText::ZeroBytes => "zero bytes, as in UTF-16 without a byte order mark",
            NotText::NotUtf8 => "bytes that are not UTF-8",
        };
        write!(f, "line {}, column {}: {reason}", self.line, self.column)
    }
}

impl std::error::Error for DecodeError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf_16(text: &str, write: fn(u16) -> [u8; 2]) -> Vec<u8> {
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(write).collect()
    }

    #[test]
    fn decodes_each_encoding_to_the_same_text() {
        let text = "Müller;🚀\r\n1;2\r\n";
        for bytes in [
            text.as_bytes().to_vec(),
            format!("\u{feff}{text}").into_bytes(),
            utf_16(text, u16::to_le_bytes),
            utf_16(text, u16::to_be_bytes),
        ] {
            assert_eq!(decode(&bytes).unwrap(), text);
        }
        assert_eq!(decode(b"").unwrap(), "");
    }

    #[test]
    fn reports_where_bytes_are_not_text() {
        for (bytes, reason) in [
            ([utf_16("a\näb", u16::to_le_bytes), vec![0x00, 0xD8, b'c', 0]].concat(), NotText::LoneSurrogate),
            ([utf_16("a\näb", u16::to_le_bytes), vec![b'c']].concat(), NotText::CutOff),
            (["a\näb".as_bytes(), b"\xff"].concat(), NotText::NotUtf8),
        ] {
            assert_eq!(decode(&bytes), Err(DecodeError { reason, line: 2, column: 3 }));
        }
        assert_eq!(decode(b"a\0b\0"), Err(DecodeError { reason: NotText::ZeroBytes, line: 1, column: 1 }));
    }
}
