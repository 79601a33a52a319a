//! Characters that steer instead of being read.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, IsTerminal};
use std::sync::LazyLock;

/// Control characters, and those that turn the direction of what stands around them or take no room: a text with them can
/// look like another, and steer a terminal.
pub(crate) fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        // No characters at all, by the rules of Unicode and of HTML.
        || u32::from(character) & 0xfffe == 0xfffe
}

/// A text from outside in one line: what steers is shown by its number, and line breaks and tabs are spaces.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\t' | '\n' | '\r' => plain.push(' '),
            character if steers(character) => plain.push_str(&format!("[U+{:04X}]", u32::from(character))),
            character => plain.push(character),
        }
    }
    Cow::Owned(plain)
}

/// JSON with what steers escaped, which means the same: outside of strings JSON of one line has nothing of the kind.
pub(crate) fn harmless_json(json: String) -> String {
    if !json.contains(steers) {
        return json;
    }
    let mut plain = String::with_capacity(json.len());
    for character in json.chars() {
        if !steers(character) {
            plain.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(plain, "\\u{unit:04x}");
        }
    }
    plain
}

/// Whether standard output is for eyes. Programs get each text as it is.
pub(crate) fn is_seen() -> bool {
    // Asked for each row, and always the same.
    static SEEN: LazyLock<bool> = LazyLock::new(|| io::stdout().is_terminal());
    *SEEN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_shown_by_its_number() {
        let text = "a\u{1b}[2Jb\u{202e}c\u{9b}\td\u{feff}";
        assert_eq!(harmless(text), "a[U+001B][2Jb[U+202E]c[U+009B] d[U+FEFF]");
    }

    #[test]
    fn json_stays_the_same_value() {
        let text = "a\u{1b}\u{202e}\u{9b}\u{7f}\u{1fffe}é";
        let json = harmless_json(serde_json::to_string(text).unwrap());
        assert!(!json.contains(steers), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn names_of_all_scripts_stay() {
        for name in ["Łódź Ćwikła", "שלום", "東京", "a\u{301}", "👩\u{200d}🚀"] {
            assert_eq!(harmless(name), name);
        }
    }
}
