//! Text from outside, made safe for a terminal.

pub(crate) use printable_text::one_line as sanitized;

/// Whether a character must not be shown as it is.
pub(crate) fn is_unsafe(character: char) -> bool {
    !printable_text::is_printable(character)
}

/// JSON of the same value in printable characters only.
pub(crate) fn sanitized_json(json: &str) -> std::borrow::Cow<'_, str> {
    printable_text::json(json)
}
