//! Bytes that may be a text.

use super::problem::Problems;

const REMEDY: &str = "save it in Excel as \"CSV UTF-8 (Comma delimited)\"";

/// The text of a sheet without its byte order mark; or `None` after telling why it is none.
pub(super) fn text<'a>(bytes: &'a [u8], problems: &mut Problems) -> Option<&'a str> {
    let is_utf_16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let what = if is_utf_16 || bytes.iter().take(200).any(|byte| *byte == 0) && !bytes.starts_with(b"PK") {
        "the file is UTF-16, as Excel's \"Unicode Text\" is"
    } else if bytes.starts_with(b"PK\x03\x04") {
        "the file is a workbook and no CSV"
    } else {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => return Some(text),
            Err(error) => {
                let (before, _) = bytes.split_at(error.valid_up_to());
                let before = String::from_utf8_lossy(before);
                let line = before.matches('\n').count() as u64 + 1;
                let column = before.chars().rev().take_while(|character| *character != '\n').count() + 1;
                problems
                    .add((line, column), format!("the file is not UTF-8, as Excel's plain \"CSV\" is not; {REMEDY}"));
                return None;
            }
        }
    };
    problems.add((1, 1), format!("{what}; {REMEDY}"));
    None
}
