//! Bodies, their media types, responses and headers.

use super::change::Change;
use super::comparison::{Comparison, ComponentKind};
use super::context::{Role, SchemaContext};
use super::effective::Effective;
use super::nodes::{differs, entries, flag, pairs};
use super::operations::Directions;
use crate::document::Node;
use crate::progenitor_effect;
use crate::review::Direction;
use crate::rules;
use crate::rules::Level;

/// A header that OpenAPI describes with the media types: a description in `headers` must be ignored.
const IGNORED_HEADER: &str = "content-type";

impl<'a> Comparison<'a> {
    pub(super) fn request_body_of(
        &mut self,
        base: Node<'a>,
        revision: Node<'a>,
        subject: &str,
        directions: Directions,
    ) {
        let (old, new) = (base.get("requestBody"), revision.get("requestBody"));
        let rule = match (old, new) {
            (Some(old), Some(new)) => {
                let context = SchemaContext::root(directions.request, Role::RequestBody, "");
                let context = context.with_generated(directions.generated);
                return self.pair(ComponentKind::RequestBody, old, new, &context);
            }
            (None, None) => return,
            (Some(_), None) => &rules::BODY_REMOVED,
            (None, Some(new)) if flag(new.target(), "required") => &rules::BODY_ADDED_REQUIRED,
            (None, Some(_)) => &rules::BODY_ADDED_OPTIONAL,
        };
        self.report(Some(directions.request), Change { subject: subject.to_owned(), ..Change::new(rule, old, new) });
    }

    pub(super) fn request_body(&mut self, base: Node<'a>, revision: Node<'a>, context: &SchemaContext<'_>) {
        let required = [base, revision].map(|node| flag(node, "required"));
        if required[0] != required[1] {
            let rule = if required[1] { &rules::BODY_REQUIRED } else { &rules::BODY_OPTIONAL };
            let old = base.get("required").or(Some(base));
            let new = revision.get("required").or(Some(revision));
            self.report_at(context, Change::new(rule, old, new));
        }
        self.content(base.get("content"), revision.get("content"), &context.describe(), context, "request-body-");
        self.annotations(base, revision, &["required", "content"]);
    }

    pub(super) fn responses(
        &mut self,
        base: Option<Node<'a>>,
        revision: Option<Node<'a>>,
        subject: &str,
        directions: Directions,
    ) {
        for (status, old, new) in pairs(base, revision).filter(|(status, ..)| !status.starts_with("x-")) {
            let success = status.starts_with('2');
            // A range that replaces single statuses is compared with each of them.
            let replaces_statuses = is_range(status)
                && old.is_none()
                && pairs(base, revision)
                    .any(|(other, old, new)| is_same_class(other, status) && old.is_some() && new.is_none());
            if replaces_statuses {
                continue;
            }
            let sides = [old.or_else(|| describing(base, status)), new.or_else(|| describing(revision, status))];
            if let [Some(old_response), Some(new_response)] = sides {
                let context = SchemaContext::root(directions.response, Role::ResponseBody, "");
                let context = context.with_generated(directions.generated);
                self.pair(ComponentKind::Response, old_response, new_response, &context);
            }
            let rule = match (sides, success) {
                _ if old.is_some() && new.is_some() => continue,
                ([Some(_), Some(_)], _) => &rules::STATUS_COVERED,
                ([None, _], true) => &rules::SUCCESS_ADDED,
                ([_, None], true) => &rules::SUCCESS_REMOVED,
                ([None, _], false) => &rules::FAILURE_ADDED,
                ([_, None], false) => &rules::FAILURE_REMOVED,
            };
            let types = [base, revision].map(|responses| match status {
                "default" => response_type(responses, true) + " or " + &response_type(responses, false),
                _ => response_type(responses, success),
            });
            let is_covered = std::ptr::eq(rule, &rules::STATUS_COVERED);
            let types = (new.is_some() || is_covered).then_some(types);
            // Replacing a range with one of its statuses may remove nothing that the service sends.
            let narrowed = is_range(status)
                && sides[1].is_none()
                && entries(revision).any(|(other, _)| is_same_class(other, status));
            let level = narrowed.then_some(Level::Check);
            let name = |response: Option<Node<'a>>| response.and_then(Node::key).map(|key| format!("`{key}`"));
            let values = if is_covered {
                let own = new.is_some().then(|| "an entry of its own".to_owned());
                [Some(format!("`{status}`")), own.or_else(|| name(sides[1]))]
            } else {
                [Some(format!("`{status}`")), Some(format!("`{status}`"))]
            };
            let change = Change { values, types, level, ..Change::new(rule, old, new) };
            self.report(Some(directions.response), Change { subject: subject.to_owned(), ..change });
        }
        if let (Some(base), Some(revision)) = (base, revision) {
            let statuses: Vec<&str> = entries(Some(base))
                .chain(entries(Some(revision)))
                .map(|(name, _)| name)
                .filter(|name| !name.starts_with("x-"))
                .collect();
            self.annotations(base, revision, &statuses);
        }
    }

    pub(super) fn response(&mut self, base: Node<'a>, revision: Node<'a>, context: &SchemaContext<'_>) {
        let response = revision.key().unwrap_or_default();
        let (old, new) = (base.get("headers"), revision.get("headers"));
        let find = |side: Option<Node<'a>>, name: &str| {
            entries(side).find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, header)| header)
        };
        let headers = |side| entries(side).filter(|(name, _)| !name.eq_ignore_ascii_case(IGNORED_HEADER));
        for (name, header) in headers(new) {
            match find(old, name) {
                Some(original) => {
                    let direction = context.usage.direction;
                    // Generated code does not read headers.
                    let context = SchemaContext::component(direction, Role::ResponseHeader, name).with_generated(false);
                    self.pair(ComponentKind::Header, original, header, &context);
                }
                None => {
                    let subject = format!("the header `{name}` of the response {response}");
                    self.report_at(
                        context,
                        Change { subject, ..Change::new(&rules::HEADER_ADDED, None, Some(header)) },
                    );
                }
            }
        }
        for (name, header) in headers(old).filter(|(name, _)| find(new, name).is_none()) {
            let required = flag(header.target(), "required");
            let rule = if required { &rules::HEADER_REQUIRED_REMOVED } else { &rules::HEADER_OPTIONAL_REMOVED };
            self.report_at(
                context,
                Change {
                    subject: format!("the header `{name}` of the response {response}"),
                    ..Change::new(rule, Some(header), None)
                },
            );
        }
        self.content(base.get("content"), revision.get("content"), &context.describe(), context, "response-");
        self.annotations(base, revision, &["headers", "content"]);
    }

    pub(super) fn header(&mut self, base: Node<'a>, revision: Node<'a>, context: &SchemaContext<'_>) {
        let required = [base, revision].map(|node| flag(node, "required"));
        if required[0] != required[1] {
            let rule = if required[1] { &rules::HEADER_REQUIRED } else { &rules::HEADER_OPTIONAL };
            let old = base.get("required").or(Some(base));
            let new = revision.get("required").or(Some(revision));
            self.report_at(context, Change { subject: context.describe(), ..Change::new(rule, old, new) });
        }
        self.lifecycle(base, revision, Some(Direction::Response), &context.describe(), "response-header");
        self.media_schema(base, revision, context);
        self.content(base.get("content"), revision.get("content"), &context.describe(), context, "response-header-");
        self.annotations(base, revision, &["required", "deprecated", "x-sunset", "schema", "content"]);
    }

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

fn rust_type_of_media(media: Node<'_>) -> String {
    media.get("schema").map_or_else(|| "bytes".to_owned(), |schema| progenitor_effect::type_name(schema, true))
}

/// The response that describes a status without an entry of its own: that of its range, or `default`.
fn describing<'a>(responses: Option<Node<'a>>, status: &str) -> Option<Node<'a>> {
    let range = status.get(..1).filter(|_| !is_range(status) && status != "default");
    let in_range = range.and_then(|class| responses?.get(&format!("{class}XX")));
    // Next to a success, `default` describes failures only.
    let is_failure = !status.starts_with('2') || !entries(responses).any(|(other, _)| other.starts_with('2'));
    in_range.or_else(|| responses?.get("default").filter(|_| is_failure && status != "default"))
}

fn is_same_class(one: &str, other: &str) -> bool {
    one.get(..1) == other.get(..1)
}

fn is_range(status: &str) -> bool {
    status.ends_with("XX")
}

/// The type of all successful responses of a method, or of all its failures.
fn response_type(responses: Option<Node<'_>>, success: bool) -> String {
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
