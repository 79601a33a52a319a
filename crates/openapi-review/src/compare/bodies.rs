//! Request bodies, responses and headers.

use super::change::Change;
use super::comparison::{Comparison, ComponentKind};
use super::context::{Role, SchemaContext};
use super::media_types::rust_type_of_media;
use super::nodes::{entries, flag, pairs};
use super::operations::Directions;
use crate::document::Node;
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
