//! Makes untrusted text safe to show to a person: in a terminal, a log, an error message or a report.
//!
//! Control characters move the cursor of a terminal, bidirectional controls reorder the text around them, and invisible
//! characters make different texts look the same. This crate replaces such a character with its number, as in `[U+202E]`.
//! All other text stays the same.
//!
//! | function | line breaks | use it for |
//! |---|---|---|
//! | [`one_line`] | become spaces | a value in a message: a name, a path, the text of a server |
//! | [`lines`] | stay | a whole message with several lines |
//! | [`json`] | are already escaped by JSON | a JSON document; its value stays the same |
//! | [`error_chain`] | become spaces | an error with its causes |
//!
//! ```
//! assert_eq!(printable_text::one_line("Contoso\u{202e}\u{1b}[2J\n"), "Contoso[U+202E][U+001B][2J ");
//! assert_eq!(printable_text::one_line("Łódź 東京 👩\u{200d}🚀"), "Łódź 東京 👩\u{200d}🚀");
//! ```
//!
//! # Which characters are not printable
//!
//! [`is_printable`] uses the properties of Unicode 17:
//!
//! - `General_Category` Cc (control), Zl (line separator) and Zp (paragraph separator).
//! - `Default_Ignorable_Code_Point`, which includes all of `Bidi_Control`, with two exceptions.
//! - The interlinear annotation characters U+FFF9 to U+FFFB, which Unicode discourages in plain text.
//! - `Noncharacter_Code_Point`.
//!
//! The exceptions are printable, because names and emoji need them:
//!
//! - `Join_Control`: U+200C and U+200D, for Persian, Indic scripts and emoji.
//! - Variation selectors of the Basic Multilingual Plane: U+180B to U+180D, U+180F and U+FE00 to U+FE0F.
//!
//! The supplementary variation selectors (U+E0100 to U+E01EF) and the tag characters are not printable, because a text of
//! any length can be hidden in them. As a consequence, some glyph variants of Japanese names and the flags of England,
//! Scotland and Wales contain numbers.
//!
//! Text in a right-to-left script is printable. Surround it with an isolate if its direction must not affect other text.

use std::borrow::Cow;
use std::error::Error;
use std::fmt::Write as _;

/// Whether a character can be shown unchanged. Tabs and line breaks cannot.
///
/// ```
/// use printable_text::is_printable;
///
/// assert!(is_printable('東') && is_printable(' '));
/// // A tab, and the control that reverses the direction of text.
/// assert!(!is_printable('\t') && !is_printable('\u{202e}'));
/// ```
#[must_use]
pub const fn is_printable(character: char) -> bool {
    !(is_control_or_separator(character)
        || is_default_ignorable(character) && !is_needed_by_scripts(character)
        || matches!(character, '\u{fff9}'..='\u{fffb}')
        || is_noncharacter(character))
}

/// `General_Category` Cc, Zl and Zp.
const fn is_control_or_separator(character: char) -> bool {
    matches!(character, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}')
}

/// `Default_Ignorable_Code_Point`.
const fn is_default_ignorable(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// `Join_Control`, and the variation selectors of the Basic Multilingual Plane.
const fn is_needed_by_scripts(character: char) -> bool {
    matches!(
        character,
        '\u{200c}' | '\u{200d}' | '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}'
    )
}

/// `Noncharacter_Code_Point`.
const fn is_noncharacter(character: char) -> bool {
    matches!(character, '\u{fdd0}'..='\u{fdef}') || character as u32 & 0xfffe == 0xfffe
}

/// An error and its causes, in one line. Many errors repeat their cause in their own text, so each text appears once.
///
/// ```
/// let error = std::io::Error::other("the disk is full");
/// assert_eq!(printable_text::error_chain(&error), "the disk is full");
/// ```
#[must_use]
pub fn error_chain(error: &(dyn Error + 'static)) -> String {
    let mut texts: Vec<String> = Vec::new();
    for cause in std::iter::successors(Some(error), |cause| (*cause).source()) {
        let text = cause.to_string();
        if !text.is_empty() && !texts.iter().any(|earlier| earlier.contains(&text)) {
            texts.retain(|earlier| !text.contains(earlier));
            texts.push(text);
        }
    }
    one_line(&texts.join(": ")).into_owned()
}

/// The text in one line. Tabs, line feeds and carriage returns become spaces; any other character that is not printable
/// is replaced with its number.
///
/// ```
/// let name = "Contoso\u{202e}\r\nFabrikam";
/// assert_eq!(printable_text::one_line(name), "Contoso[U+202E]  Fabrikam");
/// ```
#[must_use]
pub fn one_line(text: &str) -> Cow<'_, str> {
    replace_unprintable(text, |character| {
        if matches!(character, '\t' | '\n' | '\r') { Replacement::Space } else { Replacement::Number }
    })
}

/// Like [`one_line`], but line feeds stay, and so do carriage returns before them.
///
/// ```
/// let message = "the service says:\n\tContoso\u{1b}[2J\r\n";
/// assert_eq!(printable_text::lines(message), "the service says:\n Contoso[U+001B][2J\r\n");
/// ```
#[must_use]
pub fn lines(text: &str) -> Cow<'_, str> {
    if text.chars().all(|character| character == '\n' || is_printable(character)) {
        return Cow::Borrowed(text);
    }
    let mut result = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let end = if line.ends_with("\r\n") { "\r\n" } else { &line[line.trim_end_matches('\n').len()..] };
        result.push_str(&one_line(&line[..line.len() - end.len()]));
        result.push_str(end);
    }
    Cow::Owned(result)
}

/// A JSON document in which characters that are not printable are `\u` escapes, so that its value stays the same.
///
/// Whitespace between the tokens stays the same.
///
/// ```
/// let document = "{\n\t\"name\": \"Contoso\u{202e}\"\n}";
/// assert_eq!(printable_text::json(document), "{\n\t\"name\": \"Contoso\\u202e\"\n}");
/// ```
#[must_use]
pub fn json(json: &str) -> Cow<'_, str> {
    replace_unprintable(json, |character| {
        // JSON allows these only between tokens, where they cannot be escaped.
        if matches!(character, '\t' | '\n' | '\r') { Replacement::Unchanged } else { Replacement::JsonEscape }
    })
}

/// The replacement of a character that is not printable.
enum Replacement {
    Unchanged,
    Space,
    Number,
    JsonEscape,
}

fn replace_unprintable(text: &str, replacement: impl Fn(char) -> Replacement) -> Cow<'_, str> {
    let Some(first) = text.find(|character| !is_printable(character)) else { return Cow::Borrowed(text) };
    let (printable, rest) = text.split_at(first);
    let mut result = String::with_capacity(text.len() + 8);
    result.push_str(printable);
    for character in rest.chars() {
        if is_printable(character) {
            result.push(character);
            continue;
        }
        // Writing to a string cannot fail.
        let _ = match replacement(character) {
            Replacement::Unchanged => result.write_char(character),
            Replacement::Space => result.write_char(' '),
            Replacement::Number => write!(result, "[U+{:04X}]", u32::from(character)),
            Replacement::JsonEscape => {
                character.encode_utf16(&mut [0; 2]).iter().try_for_each(|unit| write!(result, "\\u{unit:04x}"))
            }
        };
    }
    Cow::Owned(result)
}

#[cfg(test)]
mod tests;
