//! Servers, security schemes and security requirements.

use super::change::Change;
use super::comparison::{Comparison, ComponentKind};
use super::context::{Role, SchemaContext};
use super::effective::Effective;
use super::nodes::{differs, entries, items, pairs};
use super::settings::KnownScheme;
use crate::document::Node;
use crate::review::Direction;
use crate::rules::Level;
use crate::rules::{self, Rule};

/// A security requirement: schemes that are all required, each with its scopes.
type Requirement<'a> = Node<'a>;

impl<'a> Comparison<'a> {
    /// Compares the servers of an operation, or of a document without operations.
    pub(super) fn servers(&mut self, old: Option<Node<'a>>, new: Option<Node<'a>>) {
        let find = |side: Option<Node<'a>>, server: Node<'a>| items(side).find(|other| url(*other) == url(server));
        for server in items(new) {
            match find(old, server) {
                Some(original) => self.server(original, server),
                None => self.report(None, Change::new(&rules::SERVER_ADDED, None, server.get("url").or(Some(server)))),
            }
        }
        for server in items(old).filter(|server| find(new, *server).is_none()) {
            self.report(None, Change::new(&rules::SERVER_REMOVED, server.get("url").or(Some(server)), None));
        }
    }

    fn server(&mut self, base: Node<'a>, revision: Node<'a>) {
        for (name, old, new) in pairs(base.get("variables"), revision.get("variables")) {
            let described = |node: Option<Node<'a>>, key: &str| node.and_then(|node| node.get(key));
            let default = |node| described(node, "default").and_then(Node::text);
            let loses_value = items(described(old, "enum"))
                .any(|value| !items(described(new, "enum")).any(|other| other.same(value)));
            if old.is_none() || new.is_none() || default(old) != default(new) || loses_value {
                self.report(
                    None,
                    Change { subject: format!("`{name}`"), ..Change::new(&rules::SERVER_VARIABLE, old, new) },
                );
            } else {
                self.annotation(old, new);
            }
        }
        self.annotations(base, revision, &["url", "variables"]);
    }

    /// Compares the security requirements of an operation, which are its own or those of the document.
    pub(super) fn security(&mut self, base: Node<'a>, revision: Node<'a>, subject: &str) {
        let roots = [base, revision].map(|operation| operation.document().root());
        let own = [base, revision].map(|operation| operation.get("security"));
        if own == [None, None] {
            if roots.iter().all(|root| root.get("security").is_none()) {
                return;
            }
            // A change of the document's requirements is one change, whatever number of operations it affects.
            let role = Role::RequestBody;
            let context =
                SchemaContext::component(Some(Direction::Request), role, "").with_generated(self.scope().generated);
            let sides = roots.map(|root| Effective::of(root.get("security").unwrap_or(root)));
            return self.shared_pair(ComponentKind::Security, sides, context.usage, String::new);
        }
        self.security_lists([own[0].or(roots[0].get("security")), own[1].or(roots[1].get("security"))], subject);
    }

    /// Compares two lists of requirements; a side that is not a list has none.
    pub(super) fn security_lists(&mut self, [old, new]: [Option<Node<'a>>; 2], subject: &str) {
        let is_public = |list: Option<Node<'a>>| items(list).next().is_none() || items(list).any(is_empty);
        let mut removed: Vec<Requirement<'a>> = items(old)
            .filter(|requirement| !items(new).any(|other| is_same_requirement(*requirement, other)))
            .collect();
        let added: Vec<Requirement<'a>> = items(new)
            .filter(|requirement| !items(old).any(|other| is_same_requirement(*requirement, other)))
            .collect();
        let callers = |list: Option<Node<'a>>, scheme: &KnownScheme<'_>| {
            // An operation without credentials accepts any.
            let is_open = items(list).next().is_none();
            let accepts = is_open || items(list).any(|requirement| requirement.get(scheme.name).is_some());
            if accepts { scheme.accepted } else { scheme.rejected }.to_owned()
        };
        let types = self.settings.known_scheme.as_ref().map(|scheme| [callers(old, scheme), callers(new, scheme)]);
        let change = |rule, old: Option<Node<'a>>, new: Option<Node<'a>>| {
            let values = [old, new].map(|requirement| requirement.map(describe));
            Change { subject: subject.to_owned(), values, types: types.clone(), ..Change::new(rule, old, new) }
        };
        // An empty requirement means public access. Its removal is reported by the added requirements, and an addition
        // makes all removals irrelevant.
        if !added.is_empty() && !is_public(new) {
            removed.retain(|requirement| !is_empty(*requirement));
        } else if added.iter().copied().any(is_empty) {
            removed.clear();
        }
        for requirement in added {
            match removed.iter().position(|other| has_same_schemes(*other, requirement)) {
                Some(at) => self.scopes(removed.remove(at), requirement, subject),
                None if is_public(old) && !is_public(new) => {
                    self.report(None, change(&rules::SECURITY_ADDED, None, Some(requirement)))
                }
                None if is_empty(requirement) => {
                    self.report(None, change(&rules::SECURITY_REMOVED, old, Some(requirement)));
                }
                None => self.report(None, change(&rules::SECURITY_ALTERNATIVE_ADDED, None, Some(requirement))),
            }
        }
        // Credentials and scopes beyond those required are still accepted.
        let is_still_accepted = |removed: Requirement<'a>| {
            items(new).any(|requirement| {
                requirement.entries().all(|(scheme, scopes)| {
                    removed.get(scheme).is_some_and(|old_scopes| {
                        items(Some(scopes)).all(|scope| items(Some(old_scopes)).any(|other| other.same(scope)))
                    })
                })
            })
        };
        let lost = removed.into_iter().filter(|requirement| is_public(new) || !is_still_accepted(*requirement));
        for requirement in lost {
            let rule = if is_public(new) { &rules::SECURITY_REMOVED } else { &rules::SECURITY_ALTERNATIVE_REMOVED };
            self.report(None, change(rule, Some(requirement), None));
        }
    }

    fn scopes(&mut self, base: Requirement<'a>, revision: Requirement<'a>, subject: &str) {
        for (_, old, new) in pairs(Some(base), Some(revision)) {
            let missing = |from: Option<Node<'a>>, scope: Node<'a>| !items(from).any(|other| other.same(scope));
            let change = |rule, old, new| Change { subject: subject.to_owned(), ..Change::new(rule, old, new) };
            for scope in items(new).filter(|scope| missing(old, *scope)) {
                self.report(None, change(&rules::SCOPE_ADDED, None, Some(scope)));
            }
            for scope in items(old).filter(|scope| missing(new, *scope)) {
                self.report(None, change(&rules::SCOPE_REMOVED, Some(scope), None));
            }
        }
    }

    pub(super) fn security_schemes(&mut self) {
        let sides = [self.base.root(), self.revision.root()].map(|root| root.at("/components/securitySchemes"));
        for (name, old, new) in pairs(sides[0], sides[1]) {
            let subject = format!("`{name}`");
            match (old, new) {
                (Some(old), Some(new)) => self.scheme(old.target(), new.target(), &subject),
                (None, _) => self.report_once(&rules::SCHEME_ADDED, subject, None, new),
                (_, None) => self.report_once(&rules::SCHEME_REMOVED, subject, old, None),
            }
        }
    }

    fn scheme(&mut self, base: Node<'a>, revision: Node<'a>, subject: &str) {
        const KEYWORDS: [&str; 4] = ["scheme", "in", "name", "openIdConnectUrl"];
        if differs(base.get("type"), revision.get("type")) {
            // All other keys depend on the type.
            return self.scheme_key(&rules::SCHEME_CHANGED, "type", base, revision, subject);
        }
        for key in KEYWORDS {
            self.scheme_key(&rules::SCHEME_CHANGED, key, base, revision, subject);
        }
        for (flow, old, new) in pairs(base.get("flows"), revision.get("flows")) {
            if old.is_none() {
                let values = [None, Some(format!("`{flow}`"))];
                self.report(
                    None,
                    Change { subject: subject.to_owned(), values, ..Change::new(&rules::FLOW_ADDED, None, new) },
                );
                continue;
            }
            let (Some(old_flow), Some(new_flow)) = (old, new) else {
                let change = Change::new(&rules::FLOW_REMOVED, old, None);
                let values = [Some(format!("`{flow}`")), None];
                self.report(None, Change { subject: subject.to_owned(), values, ..change });
                continue;
            };
            // Each flow uses only some of the addresses.
            let addresses: &[&str] = match flow {
                "implicit" => &["authorizationUrl"],
                "authorizationCode" => &["authorizationUrl", "tokenUrl"],
                _ => &["tokenUrl"],
            };
            for key in addresses {
                self.scheme_key(&rules::SCHEME_ADDRESS, key, old_flow, new_flow, subject);
            }
            for (_, old, new) in pairs(old_flow.get("scopes"), new_flow.get("scopes")) {
                let rule = match (old, new) {
                    (None, _) => &rules::SCHEME_SCOPE_ADDED,
                    (_, None) => &rules::SCHEME_SCOPE_REMOVED,
                    _ => {
                        self.annotation(old, new);
                        continue;
                    }
                };
                let named = |side: Option<Node<'a>>| side.and_then(Node::key).map(|name| format!("`{name}`"));
                let change = Change { values: [named(old), named(new)], ..Change::new(rule, old, new) };
                self.report(None, Change { subject: subject.to_owned(), ..change });
            }
            let handled: Vec<&str> = addresses.iter().copied().chain(["scopes"]).collect();
            self.annotations(old_flow, new_flow, &handled);
        }
        let handled: Vec<&str> = KEYWORDS.into_iter().chain(["type", "flows"]).collect();
        self.annotations(base, revision, &handled);
    }

    fn scheme_key(&mut self, rule: &'static Rule, key: &str, base: Node<'a>, revision: Node<'a>, subject: &str) {
        let (old, new) = (base.get(key), revision.get(key));
        if differs(old, new) {
            // A browser follows a redirect of the sign-in page; a program that requests tokens may not.
            let level = (key == "authorizationUrl").then_some(Level::Fine);
            let change = Change::of_keyword(rule, key, [&Effective::of(base), &Effective::of(revision)]);
            self.report(None, Change { subject: subject.to_owned(), id_part: key.to_owned(), level, ..change });
        }
    }
}

/// A requirement in a sentence: "`key` and `oauth` (read, write)".
fn describe(requirement: Requirement<'_>) -> String {
    let schemes: Vec<String> = entries(Some(requirement))
        .map(|(scheme, scopes)| {
            let scopes: Vec<&str> = scopes.items().filter_map(Node::text).collect();
            if scopes.is_empty() { format!("`{scheme}`") } else { format!("`{scheme}` ({})", scopes.join(", ")) }
        })
        .collect();
    if schemes.is_empty() { "no credential".to_owned() } else { schemes.join(" and ") }
}

/// The URL of a server, without a trailing slash.
fn url<'a>(server: Node<'a>) -> Option<&'a str> {
    server.get("url").and_then(Node::text).map(|url| url.trim_end_matches('/'))
}

fn is_empty(requirement: Requirement<'_>) -> bool {
    requirement.entries().next().is_none()
}

fn has_same_schemes(one: Requirement<'_>, other: Requirement<'_>) -> bool {
    entries(Some(one)).count() == entries(Some(other)).count()
        && entries(Some(one)).all(|(scheme, _)| other.get(scheme).is_some())
}

fn is_same_requirement(one: Requirement<'_>, other: Requirement<'_>) -> bool {
    let contains = |all: Node<'_>, part: Node<'_>| part.items().all(|scope| all.items().any(|other| other.same(scope)));
    has_same_schemes(one, other)
        && entries(Some(one)).all(|(scheme, scopes)| {
            other.get(scheme).is_some_and(|others| contains(others, scopes) && contains(scopes, others))
        })
}
