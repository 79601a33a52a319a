//! Patterns in the configuration and in ids of rules: a `*` stands for any text.

/// Whether `text` has the form of `pattern`.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let Some((begin, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(begin) else { return false };
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    ends.into_iter().any(|at| matches(rest, &text[at..]))
}

/// Whether a text matches both patterns.
pub(crate) fn have_common_text(one: &str, other: &str) -> bool {
    have_common_bytes(one.as_bytes(), other.as_bytes())
}

fn have_common_bytes(one: &[u8], other: &[u8]) -> bool {
    match (one, other) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => {
            have_common_bytes(rest, other)
                || other.split_first().is_some_and(|(_, shorter)| have_common_bytes(one, shorter))
        }
        (_, [b'*', ..]) => have_common_bytes(other, one),
        ([a, one @ ..], [b, other @ ..]) => a == b && have_common_bytes(one, other),
        _ => false,
    }
}
