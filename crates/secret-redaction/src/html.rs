use std::borrow::Cow;

use crate::escape::HTML;
use crate::view::View;

/// Text of HTML or XML with its character references decoded: numbers, and the names of ASCII characters.
///
/// ```
/// assert_eq!(secret_redaction::unescape_html("Fish &amp; chips&#33; &unknown;"), "Fish & chips! &unknown;");
/// ```
#[must_use]
pub fn unescape_html(text: &str) -> Cow<'_, str> {
    match View::new(text).decoded(&HTML) {
        Some(view) => Cow::Owned(String::from_utf8_lossy(view.bytes()).into_owned()),
        None => Cow::Borrowed(text),
    }
}
