//! Decides whether a schema accepts a value, as far as its keywords show it.

use regex::bytes::RegexBuilder;

use super::bounds::{BOUNDS, BoundKind};
use super::effective::{Effective, Property};
use super::json_types::Types;
use super::types::format;
use crate::document::{Kind, Node};
use crate::number;

/// The maximum depth of schemas within each other.
pub(super) const MAX_DEPTH: usize = 8;

/// An answer. The lesser one of several decides if all have to hold, and the greater one if any has to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Answer {
    No,
    Unknown,
    Yes,
}

use Answer::{No, Unknown, Yes};

impl From<bool> for Answer {
    fn from(holds: bool) -> Self {
        if holds { Yes } else { No }
    }
}

/// Whether a schema accepts a value.
pub(super) fn accepts(schema: &Effective<'_>, value: Node<'_>, depth: usize) -> Answer {
    if depth > MAX_DEPTH {
        return Unknown;
    }
    if value.kind() == Kind::Null && schema.is_nullable() {
        return Yes;
    }
    let kind = Types::of_value(value);
    if !schema.types().has(kind) || schema.values().is_some_and(|values| !values.iter().any(|one| one.same(value))) {
        return No;
    }
    let fits = |kind: &BoundKind| {
        let size = match value.kind() {
            Kind::Number(text) => text.to_owned(),
            Kind::Text(text) => text.chars().count().to_string(),
            Kind::List => value.items().count().to_string(),
            _ => value.entries().count().to_string(),
        };
        schema.bound(kind.key, kind.exclusive, kind.upper).and_then(|bound| bound.allows(&size, kind.upper))
            != Some(false)
    };
    let mut answer = Answer::from(BOUNDS.iter().filter(|bound| bound.types.has(kind)).all(fits));
    if let Kind::Number(text) = value.kind() {
        let divisors = schema.all("multipleOf").filter_map(Node::number);
        let divides = |by| number::is_equal(text, "0").then_some(true).or_else(|| number::is_multiple(text, by));
        answer = answer.min(divisors.map(|by| divides(by).map_or(Unknown, Answer::from)).min().unwrap_or(Yes));
    }
    if let (Some(text), Some(format)) = (value.text(), format(schema)) {
        answer = answer.min(fits_format(text, format));
    }
    if let Some(text) = value.text() {
        answer = answer.min(schema.all("pattern").map(|pattern| fits_pattern(text, pattern)).min().unwrap_or(Yes));
    }
    for item in value.items() {
        answer = answer.min(schema.item().map_or(Yes, |schema| accepts(&schema, item, depth + 1)));
    }
    if matches!(value.kind(), Kind::Map) {
        answer = answer.min(schema.required_names().all(|(name, _)| value.get(name).is_some()).into());
    }
    for (name, entry) in value.entries() {
        answer = answer.min(match schema.property(name) {
            Property::Any => Yes,
            Property::Forbidden => No,
            Property::Declared(schema) | Property::Additional(schema) => accepts(&schema, entry, depth + 1),
        });
    }
    for not in schema.all("not") {
        answer = answer.min(match accepts(&Effective::of(not), value, depth + 1) {
            Yes => No,
            Unknown => Unknown,
            No => Yes,
        });
    }
    for choice in schema.choices() {
        let answers: Vec<Answer> = choice.forms().map(|form| accepts(&form, value, depth + 1)).collect();
        let best = answers.iter().copied().max().unwrap_or(No);
        let several = answers.iter().filter(|one| **one != No).count() > 1;
        let certain = answers.iter().filter(|one| **one == Yes).count() > 1;
        answer = answer.min(match (choice.key, several, certain) {
            ("anyOf", ..) | (_, false, _) => best,
            _ if choice.is_tagged => best,
            (_, _, true) => No,
            _ => Unknown,
        });
    }
    answer
}

/// Whether a text matches a pattern; unknown for syntax that only JavaScript has, and for characters beyond ASCII.
fn fits_pattern(text: &str, pattern: Node<'_>) -> Answer {
    if is_trivial_pattern(pattern) {
        return Yes;
    }
    let regex = pattern
        .text()
        .filter(|_| text.is_ascii())
        .and_then(|pattern| RegexBuilder::new(pattern).unicode(false).size_limit(1 << 20).build().ok());
    regex.map_or(Unknown, |regex| regex.is_match(text.as_bytes()).into())
}

/// Whether every text matches a pattern.
pub(super) fn is_trivial_pattern(pattern: Node<'_>) -> bool {
    matches!(pattern.text(), Some("" | ".*" | "^.*$"))
}

/// Whether a text has a format, as far as its form shows it.
fn fits_format(text: &str, format: &str) -> Answer {
    let has_form = |form: &str| {
        text.len() >= form.len()
            && text.bytes().zip(form.bytes()).all(|(byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                b'x' => byte.is_ascii_hexdigit(),
                form => byte == form,
            })
    };
    match format {
        "date" => (text.len() == 10 && has_form("0000-00-00")).into(),
        "date-time" => has_form("0000-00-00T00:00:00").into(),
        "uuid" => (text.len() == 36 && has_form("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")).into(),
        "email" => text.contains('@').into(),
        "ipv4" => (text.split('.').count() == 4 && text.split('.').all(|part| part.parse::<u8>().is_ok())).into(),
        _ => Unknown,
    }
}
