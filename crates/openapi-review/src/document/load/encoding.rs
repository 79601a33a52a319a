//! Decodes the bytes of a file.

use std::borrow::Cow;

/// The text of a file in UTF-8, or in UTF-16 with or without a byte order mark.
///
/// # Errors
///
/// Fails with the reason and the way out.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    let (big_endian, rest) = match bytes {
        [0xff, 0xfe, rest @ ..] => (false, rest),
        [0xfe, 0xff, rest @ ..] => (true, rest),
        // The first character of a document is ASCII, so its other byte is 0.
        [1..=0xff, 0, ..] => (false, bytes),
        [0, 1..=0xff, ..] => (true, bytes),
        _ => {
            return std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
                let line = bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count() + 1;
                format!("the file is neither UTF-8 nor UTF-16 (see line {line}): save it as UTF-8")
            });
        }
    };
    let (pairs, remainder) = rest.as_chunks::<2>();
    let units: Vec<u16> = pairs
        .iter()
        .map(|pair| if big_endian { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) })
        .collect();
    match String::from_utf16(&units) {
        Ok(text) if remainder.is_empty() => Ok(Cow::Owned(text)),
        _ => Err("the file begins like UTF-16, but is not: save it as UTF-8".to_owned()),
    }
}
