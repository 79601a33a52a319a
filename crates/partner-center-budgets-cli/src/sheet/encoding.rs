//! Bytes that may be a text.

use super::problem::Problems;

const REMEDY: &str = "save it in Excel as \"CSV UTF-8 (Comma delimited)\"";

/// What a file says as UTF-8 without a byte order mark; or `None` after telling why it cannot be read.
///
/// Windows PowerShell writes UTF-16 at `>`, and so does Excel as "Unicode Text", both with a mark. What has no mark stays.
pub(super) fn decoded(bytes: Vec<u8>, problems: &mut Problems) -> Option<Vec<u8>> {
    let unit: fn([u8; 2]) -> u16 = match bytes.as_slice() {
        [0xEF, 0xBB, 0xBF, rest @ ..] => return Some(rest.to_vec()),
        [0xFF, 0xFE, ..] => u16::from_le_bytes,
        [0xFE, 0xFF, ..] => u16::from_be_bytes,
        _ => return Some(bytes),
    };
    let (pairs, rest) = bytes[2..].as_chunks();
    let mut text = String::with_capacity(bytes.len());
    for character in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let Ok(character) = character else {
            let what = "half a character (a lone surrogate of UTF-16), so that what was meant is not known";
            problems.add(end(&text), format!("{what}; write it anew, or {REMEDY}"));
            return None;
        };
        text.push(character);
    }
    if !rest.is_empty() {
        let what = "the file is UTF-16 and ends within a character, so that it may be cut off";
        problems.add(end(&text), format!("{what}; write it anew, or {REMEDY}"));
        return None;
    }
    Some(text.into_bytes())
}

/// The text of a sheet; or `None` after telling why it is none.
pub(super) fn text<'a>(bytes: &'a [u8], problems: &mut Problems) -> Option<&'a str> {
    let what = if bytes.starts_with(b"PK\x03\x04") {
        "the file is a workbook and no CSV"
    } else if bytes.iter().take(200).any(|byte| *byte == 0) && !bytes.starts_with(b"PK") {
        "the file has bytes of zero, as UTF-16 without a byte order mark has"
    } else {
        match std::str::from_utf8(bytes) {
            Ok(text) => return Some(text),
            Err(error) => {
                let (before, _) = bytes.split_at(error.valid_up_to());
                let what = format!("the file is not UTF-8, as Excel's plain \"CSV\" is not; {REMEDY}");
                problems.add(end(&String::from_utf8_lossy(before)), what);
                return None;
            }
        }
    };
    problems.add((1, 1), format!("{what}; {REMEDY}"));
    None
}

/// Line and column of what comes after a text.
fn end(before: &str) -> (u64, usize) {
    let line = before.matches('\n').count() as u64 + 1;
    (line, before.chars().rev().take_while(|character| *character != '\n').count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf_16(text: &str, write: fn(u16) -> [u8; 2]) -> Vec<u8> {
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(write).collect()
    }

    #[test]
    fn a_mark_says_how_a_text_is_written() {
        let text = "Müller;🚀\r\n1;2\r\n";
        for bytes in [
            text.as_bytes().to_vec(),
            format!("\u{feff}{text}").into_bytes(),
            utf_16(text, u16::to_le_bytes),
            utf_16(text, u16::to_be_bytes),
        ] {
            assert_eq!(decoded(bytes, &mut Problems::new("x")).unwrap(), text.as_bytes());
        }
    }

    #[test]
    fn half_a_character_is_refused_with_its_place() {
        let lone = [utf_16("a\näb", u16::to_le_bytes), vec![0x00, 0xD8, b'c', 0]].concat();
        let cut = [utf_16("a\näb", u16::to_le_bytes), vec![b'c']].concat();
        for bytes in [lone, cut] {
            let mut problems = Problems::new("x");
            assert!(decoded(bytes, &mut problems).is_none());
            assert!(problems.told().text.starts_with("x:2:3: "), "place");
        }
    }
}
