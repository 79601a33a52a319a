//! Texts shortened to fit a terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The text, with its end cut to fit `width` columns of the terminal.
pub(crate) fn end(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let (mut start, mut columns) = (String::new(), "…".width());
    for character in text.chars() {
        columns += character.width().unwrap_or_default();
        if columns > width {
            break;
        }
        start.push(character);
    }
    start + "…"
}

/// The first and the last group of an id. A text that is not an id is cut to the same width.
pub(super) fn id_middle(id: &str) -> String {
    match ends(id) {
        Some((first, last)) => format!("{first}-…-{last}"),
        None => end(id, 23),
    }
}

/// The last group of an id.
pub(super) fn id_to_last_group(id: &str) -> String {
    match ends(id) {
        Some((_, last)) => format!("…-{last}"),
        None => end(id, 14),
    }
}

fn ends(id: &str) -> Option<(&str, &str)> {
    let groups: Vec<_> = id.split('-').collect();
    match groups.as_slice() {
        // Also matches an id that has already lost its middle.
        [first, .., last] if first.len() == 8 && last.len() == 12 => Some((first, last)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortened_ids_keep_their_last_group() {
        let id = "11111111-1843-4b3b-872f-206e08a08e51";
        assert_eq!(id_middle(id), "11111111-…-206e08a08e51");
        assert_eq!(id_to_last_group(&id_middle(id)), "…-206e08a08e51");
        let other = "no id at all but a text from the service";
        assert_eq!(id_middle(other), "no id at all but a tex…");
        assert_eq!(id_to_last_group(&id_middle(other)), "no id at all …");
    }
}
