//! Texts made shorter, so that a line fits a terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Cut to so many columns of the terminal.
pub(crate) fn to(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let (mut kept, mut taken) = (String::new(), 1);
    for letter in text.chars() {
        taken += letter.width().unwrap_or_default();
        if taken > width {
            break;
        }
        kept.push(letter);
    }
    kept + "…"
}

/// The first and the last group of an id. Another text, which the service sent in place of one, keeps as many columns.
pub(super) fn middle(id: &str) -> String {
    match ends(id) {
        Some((first, last)) => format!("{first}-…-{last}"),
        None => to(id, 23),
    }
}

/// The last group of an id.
pub(super) fn end(id: &str) -> String {
    match ends(id) {
        Some((_, last)) => format!("…-{last}"),
        None => to(id, 14),
    }
}

fn ends(id: &str) -> Option<(&str, &str)> {
    let groups: Vec<_> = id.split('-').collect();
    match groups.as_slice() {
        // Also after the middle has gone.
        [first, .., last] if first.len() == 8 && last.len() == 12 => Some((first, last)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stay_readable() {
        let id = "11111111-1843-4b3b-872f-206e08a08e51";
        assert_eq!(middle(id), "11111111-…-206e08a08e51");
        assert_eq!(end(&middle(id)), "…-206e08a08e51");
        let other = "no id at all but a text from the service";
        assert_eq!(middle(other), "no id at all but a tex…");
        assert_eq!(end(&middle(other)), "no id at all …");
    }
}
