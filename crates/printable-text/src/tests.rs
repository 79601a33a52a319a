use std::fmt;

use super::*;

const BIDI_CONTROLS: &str =
    "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}";

fn every_character() -> impl Iterator<Item = char> {
    '\0'..=char::MAX
}

#[test]
fn replaces_unprintable_characters_with_their_numbers() {
    let text = "a\u{1b}[2Jb\u{202e}c\u{9b}\td\u{feff}\u{7f}\u{e0041}\u{10ffff}";
    assert_eq!(one_line(text), "a[U+001B][2Jb[U+202E]c[U+009B] d[U+FEFF][U+007F][U+E0041][U+10FFFF]");
}

#[test]
fn bidirectional_controls_and_invisible_characters_are_not_printable() {
    for character in
        BIDI_CONTROLS.chars().chain("\u{ad}\u{34f}\u{115f}\u{180e}\u{200b}\u{2060}\u{2064}\u{206a}".chars())
    {
        assert!(!is_printable(character), "{character:?}");
    }
    for character in "\u{2028}\u{2029}\u{3164}\u{ffa0}\u{fff9}\u{fdd0}\u{1fffe}\u{1d173}\u{e0001}\u{e0100}".chars() {
        assert!(!is_printable(character), "{character:?}");
    }
}

#[test]
fn names_in_all_scripts_stay() {
    for name in [
        "Łódź Ćwikła",
        "שלום",
        "محمد",
        "می\u{200c}خواهم",
        "क्\u{200d}ष",
        "東京 株式会社",
        "a\u{301}",
        "👩\u{200d}🚀 ❤\u{fe0f}",
        "ᠮᠤᠩᠭᠤᠯ\u{180b}",
        "Öl & Gas <GmbH>",
        "x\u{a0}y\u{3000}z",
    ] {
        assert!(matches!(one_line(name), Cow::Borrowed(same) if same == name), "{name}");
    }
}

#[test]
fn one_line_has_no_line_break_and_only_printable_characters() {
    let all: String = every_character().collect();
    for text in [one_line(&all), one_line("a\r\nb\tc\u{b}d\u{c}e\u{85}f")] {
        assert!(text.chars().all(is_printable));
    }
    assert_eq!(one_line("a\r\nb\tc"), "a  b c");
}

#[test]
fn lines_keep_only_line_feeds() {
    assert_eq!(lines("error: a\u{1b}\n  why: b\r\n\nc\rd\u{2028}"), "error: a[U+001B]\n  why: b\r\n\nc d[U+2028]");
    assert!(matches!(lines("error: a\n  why: b\n"), Cow::Borrowed(_)));
}

#[test]
fn json_keeps_its_value_on_one_printable_line() {
    let document = "{\"name\": \"a\u{7f}\u{202e}\u{9b}\u{1fffe}é\"}\n";
    assert_eq!(json(document), "{\"name\": \"a\\u007f\\u202e\\u009b\\ud83f\\udffeé\"}\n");
}

/// Compares with the properties in the standard library.
#[test]
fn control_characters_are_not_printable_and_letters_are() {
    for character in every_character().filter(|character| character.is_control()) {
        assert!(!is_printable(character), "{character:?}");
    }
    for character in every_character().filter(|character| character.is_alphanumeric()) {
        let is_filler = matches!(character, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}');
        assert_eq!(is_printable(character), !is_filler, "{character:?}");
    }
}

#[derive(Debug)]
struct Cause(&'static str, Option<Box<Cause>>);

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_deref().map(|cause| cause as _)
    }
}

#[test]
fn names_each_cause_once() {
    let chained = |texts: &[&'static str]| {
        let causes = texts.iter().rev().fold(None, |next, text| Some(Box::new(Cause(text, next))));
        error_chain(causes.unwrap().as_ref())
    };
    assert_eq!(chained(&["no store", "no bus: file missing", "file missing"]), "no store: no bus: file missing");
    assert_eq!(chained(&["file missing", "file missing", "file missing"]), "file missing");
    assert_eq!(chained(&["no bus", "no bus: file missing"]), "no bus: file missing");
    assert_eq!(chained(&["cannot connect", "refused"]), "cannot connect: refused");
}
