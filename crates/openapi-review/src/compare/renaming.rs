//! Decides whether a property was renamed.

use super::context::SchemaContext;
use super::effective::{Effective, Property};
use super::matching::is_equivalent;

/// Whether the only property that was removed is probably the only new one: it has the same schema and a similar name.
pub(super) fn is_renamed(
    [base, revision]: [&Effective<'_>; 2],
    (old, new): (&str, &str),
    context: &SchemaContext<'_>,
) -> bool {
    let (Property::Declared(from), Property::Declared(to)) = (base.property(old), revision.property(new)) else {
        return false;
    };
    let is_visible = |schema: &Effective<'_>| schema.is_single() && !schema.is_absent(context.usage.direction);
    // Other properties may have any schema, so that the old schema did not describe the new name.
    let is_open =
        matches!(base.property(new), Property::Any) && !matches!(revision.property(old), Property::Additional(_));
    let is_same = is_equivalent(from.listed(), to.listed());
    let is_needed = [base.required(old), revision.required(new)].map(|listed| listed.is_some());
    is_visible(&from)
        && is_visible(&to)
        && is_open
        && is_same
        && is_needed[0] == is_needed[1]
        && is_similar_name(old, new)
}

/// Whether two names have a common word, or differ in their notation only.
fn is_similar_name(one: &str, other: &str) -> bool {
    let words = |name: &str| {
        let mut words: Vec<String> = vec![String::new()];
        for letter in name.chars() {
            if !letter.is_alphanumeric()
                || letter.is_uppercase() && words.last().is_some_and(|word| !word.ends_with(char::is_uppercase))
            {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut()
                && letter.is_alphanumeric()
            {
                word.push(letter);
            }
        }
        words.into_iter().map(|word| word.to_lowercase()).filter(|word| !word.is_empty()).collect::<Vec<_>>()
    };
    let (ours, theirs) = (words(one), words(other));
    ours.concat() == theirs.concat()
        || ours.iter().any(|word| theirs.contains(word))
        || ours.concat().contains(&theirs.concat())
        || theirs.concat().contains(&ours.concat())
}
