//! Tables and texts in Markdown, for job summaries and mails.

use std::borrow::Cow;

use super::sanitize::sanitized;

/// A text that Markdown shows as it is.
pub(crate) fn escaped(text: &str) -> String {
    let text = sanitized(text);
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '#' | '&' | '@' | '!') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// A line of a table.
pub(crate) fn row(cells: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let cells = cells.into_iter().map(|cell| format!(" {} |", escaped(cell.as_ref())));
    std::iter::once("|".to_owned()).chain(cells).collect()
}

/// The line below the headers: whether each column is aligned to the right.
pub(crate) fn rule(is_right: impl IntoIterator<Item = bool>) -> String {
    let rules = is_right.into_iter().map(|is_right| Cow::from(if is_right { " --: |" } else { " --- |" }));
    std::iter::once(Cow::from("|")).chain(rules).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_text_as_it_is() {
        assert_eq!(row(["a|b", "<b>*x*</b>", "", "c\nd"]), r"| a\|b | \<b\>\*x\*\</b\> |  | c d |");
        assert_eq!(rule([false, true]), "| --- | --: |");
        assert_eq!(escaped("[x](http://y) & @z"), r"\[x\](http://y) \& \@z");
    }
}
