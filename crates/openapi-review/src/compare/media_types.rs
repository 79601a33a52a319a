//! Media types of bodies, parameters and headers.

use super::change::Change;
use super::comparison::Comparison;
use super::context::SchemaContext;
use super::effective::Effective;
use super::nodes::{differs, entries, pairs};
use crate::document::Node;
use crate::progenitor_effect;
use crate::rules;

impl<'a> Comparison<'a> {
    /// Compares media types: first those with the same name, then those with related names.
    pub(super) fn content(
        &mut self,
        base: Option<Node<'a>>,
        revision: Option<Node<'a>>,
        subject: &str,
        context: &SchemaContext<'_>,
        id_part: &str,
    ) {
        let find = |side: Option<Node<'a>>, name: &str| {
            entries(side).find(|(other, _)| normalized(other) == normalized(name)).map(|(_, media)| media)
        };
        let mut unmatched: Vec<_> = entries(base).filter(|(name, _)| find(revision, name).is_none()).collect();
        let values = |old: &str, new: &str| [Some(format!("`{old}`")), Some(format!("`{new}`"))];
        for (name, media) in entries(revision) {
            if let Some(original) = find(base, name) {
                self.media(original, media, context);
                continue;
            }
            let (rule, original) = match unmatched.iter().position(|(other, _)| is_related(other, name)) {
                Some(at) => {
                    let (other, original) = unmatched.remove(at);
                    let rule = match (essence(other) == essence(name), is_wider(name, other)) {
                        (true, _) => &rules::MEDIA_TYPE_RENAMED,
                        (_, true) => &rules::MEDIA_TYPE_GENERALIZED,
                        (_, false) => &rules::MEDIA_TYPE_SPECIALIZED,
                    };
                    self.media(original, media, context);
                    (rule, Some(original))
                }
                None => {
                    if let Some(range) = covering(base, name) {
                        self.media(range, media, context);
                    }
                    (&rules::MEDIA_TYPE_ADDED, None)
                }
            };
            let other = original.and_then(Node::key).unwrap_or_default();
            // The first media type adds a type to an untyped response.
            let first = entries(base).next().is_none();
            let types = first.then(|| ["()".to_owned(), rust_type_of_media(media)]);
            let change = Change {
                id_part: id_part.to_owned(),
                subject: subject.to_owned(),
                ..Change::new(rule, original, Some(media))
            };
            self.report_at(context, Change { values: values(other, name), types, ..change });
        }
        for (name, media) in unmatched {
            let range = covering(revision, name);
            if let Some(range) = range {
                self.media(media, range, context);
            }
            let rule = if range.is_some() { &rules::MEDIA_TYPE_COVERED } else { &rules::MEDIA_TYPE_REMOVED };
            let values = values(name, range.and_then(Node::key).unwrap_or_default());
            let change = Change::new(rule, Some(media), None);
            let change = Change { id_part: id_part.to_owned(), subject: subject.to_owned(), values, ..change };
            self.report_at(context, change);
        }
    }

    fn media(&mut self, base: Node<'a>, revision: Node<'a>, context: &SchemaContext<'_>) {
        let plain = revision.key().is_some_and(|name| {
            let name = essence(name).to_ascii_lowercase();
            name.ends_with("xml") || name == "application/x-www-form-urlencoded" || name.starts_with("text/")
        });
        self.media_schema(base, revision, &context.with_plain_text(plain));
        for (name, old, new) in pairs(base.get("encoding"), revision.get("encoding")) {
            let is_part = |media: Node<'a>| {
                let schema = media.get("schema").map(Effective::of);
                schema.is_some_and(|schema| schema.all("properties").any(|all| all.get(name).is_some()))
            };
            if is_part(base) && is_part(revision) {
                if differs(old, new) {
                    let sides = (
                        old.or(base.get("encoding")).or(Some(base)),
                        new.or(revision.get("encoding")).or(Some(revision)),
                    );
                    let change = Change::new(&rules::MEDIA_TYPE_ENCODING, sides.0, sides.1);
                    self.report_at(context, Change { values: [None, Some(format!("`{name}`"))], ..change });
                }
            } else {
                self.annotation(old, new);
            }
        }
        self.annotations(base, revision, &["schema", "encoding"]);
    }

    /// Compares the schemas of media types, parameters or headers.
    pub(super) fn media_schema(&mut self, base: Node<'a>, revision: Node<'a>, context: &SchemaContext<'_>) {
        let (old, new) = (base.get("schema"), revision.get("schema"));
        match (old, new) {
            (Some(old), Some(new)) => self.schemas(&Effective::of(old), &Effective::of(new), context),
            (None, None) => {}
            // A parameter or header that replaces `schema` with `content` is another kind of change.
            _ if base.get("content").is_some() != revision.get("content").is_some() => {}
            (None, _) => self.report_at(context, Change::new(&rules::MEDIA_TYPE_SCHEMA_ADDED, Some(base), new)),
            (_, None) => self.report_at(context, Change::new(&rules::MEDIA_TYPE_SCHEMA_REMOVED, old, Some(revision))),
        }
    }
}

/// The media type range that covers a media type without an entry of its own: the narrowest one.
fn covering<'a>(content: Option<Node<'a>>, name: &str) -> Option<Node<'a>> {
    let ranges = entries(content).filter(|(range, _)| essence(range).ends_with("/*") && is_wider(range, name));
    ranges.max_by_key(|(range, _)| !range.starts_with('*')).map(|(_, media)| media)
}

/// The Rust type of a body with a media type.
pub(super) fn rust_type_of_media(media: Node<'_>) -> String {
    media.get("schema").map_or_else(|| "bytes".to_owned(), |schema| progenitor_effect::type_name(schema, true))
}

/// A media type without spaces, in lower case.
fn normalized(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_ascii_lowercase()
}

/// A media type without its parameters.
fn essence(name: &str) -> &str {
    name.split(';').next().unwrap_or_default().trim()
}

/// Whether one media type covers the other: `application/json` covers `application/problem+json`, `*/*` covers both.
fn is_related(one: &str, other: &str) -> bool {
    let (one, other) = (essence(one), essence(other));
    one.eq_ignore_ascii_case(other) || is_wider(one, other) || is_wider(other, one)
}

fn is_wider(wide: &str, narrow: &str) -> bool {
    let (wide, narrow) = (essence(wide), essence(narrow));
    let (Some((wide_type, wide_subtype)), Some((narrow_type, _))) = (wide.split_once('/'), narrow.split_once('/'))
    else {
        return false;
    };
    let suffix = narrow.rsplit_once('+').map(|(_, suffix)| suffix);
    let subtype = wide_subtype == "*" || Some(wide_subtype) == suffix;
    subtype && (wide_type == "*" || wide_type == narrow_type) && wide != narrow
}
