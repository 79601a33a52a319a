//! Bodies, their media types, responses and headers.

use super::found::Change;
use super::operations::Way;
use super::spot::{Place, Spot};
use super::{Comparison, Kind, differs, entries, flag, pairs};
use crate::document::Node;
use crate::review::Level;
use crate::rules;
use crate::rust_type;

/// Header fields that OpenAPI describes elsewhere, so that a description here means nothing.
const IGNORED: [&str; 1] = ["content-type"];

impl<'a> Comparison<'a> {
    pub(super) fn request_bodies(&mut self, base: Node<'a>, revision: Node<'a>, what: &str, way: Way) {
        let (old, new) = (base.get("requestBody"), revision.get("requestBody"));
        let rule = match (old, new) {
            (Some(old), Some(new)) => {
                let spot = Spot::root(way.request, Place::RequestBody, "").generated(way.generated);
                return self.pair(Kind::RequestBody, old, new, &spot);
            }
            (None, None) => return,
            (Some(_), None) => &rules::BODY_REMOVED,
            (None, Some(new)) if flag(new.target(), "required") => &rules::BODY_ADDED_REQUIRED,
            (None, Some(_)) => &rules::BODY_ADDED_OPTIONAL,
        };
        self.note(Some(way.request), Change { what: what.to_owned(), ..Change::new(rule, old, new) });
    }

    pub(super) fn request_body(&mut self, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) {
        let required = [base, revision].map(|node| flag(node, "required"));
        if required[0] != required[1] {
            let rule = if required[1] { &rules::BODY_REQUIRED } else { &rules::BODY_OPTIONAL };
            let old = base.get("required").or(Some(base));
            let new = revision.get("required").or(Some(revision));
            self.at(spot, Change::new(rule, old, new));
        }
        self.content(base.get("content"), revision.get("content"), &spot.what(), spot, "request-body-");
        self.words(base, revision, &["required", "content"]);
    }

    pub(super) fn responses(&mut self, base: Option<Node<'a>>, revision: Option<Node<'a>>, what: &str, way: Way) {
        for (status, old, new) in pairs(base, revision).filter(|(status, ..)| !status.starts_with("x-")) {
            let success = status.starts_with('2');
            // `2XX` speaks for 200 too.
            let range = status.get(..1).map(|class| format!("{class}XX"));
            let spoken_for =
                |side: Option<Node<'a>>| side.zip(range.as_ref()).and_then(|(side, range)| side.get(range));
            let (old, new) = match (old, new) {
                (Some(old), None) => (Some(old), spoken_for(revision)),
                (None, Some(_))
                    if is_range(status)
                        && pairs(base, revision).any(|(other, old, new)| {
                            other.get(..1) == status.get(..1) && old.is_some() && new.is_none()
                        }) =>
                {
                    continue;
                }
                both => both,
            };
            let rule = match (old, new) {
                (Some(old), Some(new)) => {
                    let spot = Spot::root(way.response, Place::ResponseBody, "").generated(way.generated);
                    self.pair(Kind::Response, old, new, &spot);
                    continue;
                }
                (None, _) if success => &rules::SUCCESS_ADDED,
                (_, None) if success => &rules::SUCCESS_REMOVED,
                (None, _) => &rules::FAILURE_ADDED,
                (_, None) => &rules::FAILURE_REMOVED,
            };
            let types = [base, revision].map(|responses| match status {
                "default" => answer_type(responses, true) + " or " + &answer_type(responses, false),
                _ => answer_type(responses, success),
            });
            let types = new.is_some().then_some(types);
            // A range that becomes one of its statuses promises more than before.
            let same_class = |other: &str| other.get(..1) == status.get(..1);
            let narrowed = is_range(status) && new.is_none() && entries(revision).any(|(other, _)| same_class(other));
            let level = narrowed.then_some(Level::Check);
            let change = Change {
                values: [Some(format!("`{status}`")), Some(format!("`{status}`"))],
                types,
                level,
                ..Change::new(rule, old, new)
            };
            self.note(Some(way.response), Change { what: what.to_owned(), ..change });
        }
        if let (Some(base), Some(revision)) = (base, revision) {
            let statuses: Vec<&str> = entries(Some(base))
                .chain(entries(Some(revision)))
                .map(|(name, _)| name)
                .filter(|name| !name.starts_with("x-"))
                .collect();
            self.words(base, revision, &statuses);
        }
    }

    pub(super) fn response(&mut self, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) {
        let response = revision.key().unwrap_or_default();
        let (old, new) = (base.get("headers"), revision.get("headers"));
        let find = |side: Option<Node<'a>>, name: &str| {
            entries(side).find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, header)| header)
        };
        let described = |side| entries(side).filter(|(name, _)| !IGNORED.contains(&&*name.to_ascii_lowercase()));
        for (name, header) in described(new) {
            match find(old, name) {
                Some(original) => {
                    let direction = spot.direction;
                    // Generated code reads no header.
                    let spot = Spot::component(direction, Place::ResponseHeader, name).generated(false);
                    self.pair(Kind::Header, original, header, &spot);
                }
                None => {
                    let what = format!("the header `{name}` of the response {response}");
                    self.at(spot, Change { what, ..Change::new(&rules::HEADER_ADDED, None, Some(header)) });
                }
            }
        }
        for (name, header) in described(old).filter(|(name, _)| find(new, name).is_none()) {
            let required = flag(header.target(), "required");
            let rule = if required { &rules::HEADER_REQUIRED_REMOVED } else { &rules::HEADER_OPTIONAL_REMOVED };
            self.at(
                spot,
                Change {
                    what: format!("the header `{name}` of the response {response}"),
                    ..Change::new(rule, Some(header), None)
                },
            );
        }
        self.content(base.get("content"), revision.get("content"), &spot.what(), spot, "response-");
        self.words(base, revision, &["headers", "content"]);
    }

    pub(super) fn header(&mut self, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) {
        let required = [base, revision].map(|node| flag(node, "required"));
        if required[0] != required[1] {
            let rule = if required[1] { &rules::HEADER_REQUIRED } else { &rules::HEADER_OPTIONAL };
            let old = base.get("required").or(Some(base));
            let new = revision.get("required").or(Some(revision));
            self.at(spot, Change { what: spot.what(), ..Change::new(rule, old, new) });
        }
        self.lifecycle(base, revision, &spot.what(), "response-header");
        self.media_schema(base, revision, spot);
        self.content(base.get("content"), revision.get("content"), &spot.what(), spot, "response-header-");
        self.words(base, revision, &["required", "deprecated", "x-sunset", "schema", "content"]);
    }

    /// Media types: of the same name, then those whose names differ in parameters or in a wider and a narrower form.
    pub(super) fn content(
        &mut self,
        base: Option<Node<'a>>,
        revision: Option<Node<'a>>,
        what: &str,
        spot: &Spot<'_>,
        hole: &str,
    ) {
        let find = |side: Option<Node<'a>>, name: &str| {
            entries(side).find(|(other, _)| normal(other) == normal(name)).map(|(_, media)| media)
        };
        let mut old: Vec<_> = entries(base).filter(|(name, _)| find(revision, name).is_none()).collect();
        let values = |old: &str, new: &str| [Some(format!("`{old}`")), Some(format!("`{new}`"))];
        for (name, media) in entries(revision) {
            if let Some(original) = find(base, name) {
                self.media(original, media, spot);
                continue;
            }
            let (rule, original) = match old.iter().position(|(other, _)| related(other, name)) {
                Some(at) => {
                    let (other, original) = old.remove(at);
                    let rule = match (essence(other) == essence(name), is_wider(name, other)) {
                        (true, _) => &rules::MEDIA_TYPE_RENAMED,
                        (_, true) => &rules::MEDIA_TYPE_GENERALIZED,
                        (_, false) => &rules::MEDIA_TYPE_SPECIALIZED,
                    };
                    self.media(original, media, spot);
                    (rule, Some(original))
                }
                None => (&rules::MEDIA_TYPE_ADDED, None),
            };
            let other = original.and_then(Node::key).unwrap_or_default();
            // The first one gives a type to what had none.
            let first = entries(base).next().is_none();
            let types = first.then(|| ["()".to_owned(), rust_type_of_media(media)]);
            let change =
                Change { hole: hole.to_owned(), what: what.to_owned(), ..Change::new(rule, original, Some(media)) };
            self.at(spot, Change { values: values(other, name), types, ..change });
        }
        for (name, media) in old {
            let change = Change::new(&rules::MEDIA_TYPE_REMOVED, Some(media), None);
            let change = Change { hole: hole.to_owned(), what: what.to_owned(), values: values(name, ""), ..change };
            self.at(spot, change);
        }
    }

    fn media(&mut self, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) {
        let plain = revision.key().is_some_and(|name| {
            let name = essence(name).to_ascii_lowercase();
            name.ends_with("xml") || name == "application/x-www-form-urlencoded" || name.starts_with("text/")
        });
        self.media_schema(base, revision, &spot.plain(plain));
        let (old, new) = (base.get("encoding"), revision.get("encoding"));
        if differs(old, new) {
            self.at(spot, Change::new(&rules::MEDIA_TYPE_ENCODING, old.or(Some(base)), new.or(Some(revision))));
        }
        self.words(base, revision, &["schema", "encoding"]);
    }

    /// The schema of whatever may have one.
    pub(super) fn media_schema(&mut self, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) {
        let (old, new) = (base.get("schema"), revision.get("schema"));
        match (old, new) {
            (Some(old), Some(new)) => self.schemas(old, new, spot),
            (None, None) => {}
            // A parameter or header that says its form in `content` now is another kind of change.
            _ if base.get("content").is_some() != revision.get("content").is_some() => {}
            (None, _) => self.at(spot, Change::new(&rules::MEDIA_TYPE_SCHEMA_ADDED, Some(base), new)),
            (_, None) => self.at(spot, Change::new(&rules::MEDIA_TYPE_SCHEMA_REMOVED, old, Some(revision))),
        }
    }
}

fn rust_type_of_media(media: Node<'_>) -> String {
    media.get("schema").map_or_else(|| "bytes".to_owned(), |schema| rust_type::of(schema, true))
}

fn is_range(status: &str) -> bool {
    status.ends_with("XX")
}

/// The type of a method's answer, or of its error: what all responses of that kind have in common.
fn answer_type(responses: Option<Node<'_>>, success: bool) -> String {
    let mut types: Vec<String> = entries(responses)
        .filter(|(status, _)| status.starts_with('2') == success || *status == "default")
        .map(|(_, response)| {
            let media = entries(response.target().get("content")).next();
            media.map_or_else(|| "()".to_owned(), |(_, media)| rust_type_of_media(media))
        })
        .collect();
    types.sort();
    types.dedup();
    match &mut *types {
        [] => "()".to_owned(),
        [one] => std::mem::take(one),
        _ => "more than one type, which cannot be generated".to_owned(),
    }
}

/// A media type as compared: without spaces, in lower case.
fn normal(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_ascii_lowercase()
}

/// A media type without its parameters.
fn essence(name: &str) -> &str {
    name.split(';').next().unwrap_or_default().trim()
}

/// Whether two media types are forms of one another: `application/problem+json` is `application/json`, both are `*/*`.
fn related(one: &str, other: &str) -> bool {
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
