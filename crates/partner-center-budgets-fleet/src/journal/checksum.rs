//! The checksum at the end of each line: `,"sum":"…"}`.
//!
//! It covers the text of the line and its position in the file. So it detects a flipped bit, a lost line and a line of
//! another journal.

use crate::digest::digest;

const KEY: &[u8] = br#","sum":""#;
const DIGITS: usize = 32;
const END: &[u8] = br#""}"#;

/// The line of a JSON object at a position: the object with its checksum, and a line feed.
pub(super) fn seal(object: &[u8], position: u64) -> Vec<u8> {
    let open = object.strip_suffix(b"}").unwrap_or(object);
    [open, KEY, sum(open, position).as_bytes(), END, b"\n"].concat()
}

/// Whether a line, without its line feed, has the right checksum for its position.
pub(super) fn is_intact(line: &[u8], position: u64) -> bool {
    let length = line.len().checked_sub(KEY.len() + DIGITS + END.len());
    let Some((open, end)) = length.map(|length| line.split_at(length)) else { return false };
    let digits = end.strip_prefix(KEY).and_then(|end| end.strip_suffix(END));
    digits == Some(sum(open, position).as_bytes())
}

fn sum(open: &[u8], position: u64) -> String {
    format!("{:0DIGITS$x}", digest([&position.to_le_bytes(), open]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_flipped_bit_and_another_position() {
        let line = seal(br#"{"at":"2026-11-26T10:00:00.000Z","event":"done"}"#, 77);
        let line = line.strip_suffix(b"\n").unwrap();
        assert!(is_intact(line, 77) && serde_json::from_slice::<serde_json::Value>(line).is_ok());
        assert!(!is_intact(line, 78));
        for bit in 0..line.len() * 8 {
            let mut flipped = line.to_vec();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(!is_intact(&flipped, 77), "bit {bit}");
        }
        assert!(!is_intact(&line[..line.len() - 1], 77) && !is_intact(b"{}", 0) && !is_intact(b"", 0));
    }
}
