//! Servers, credentials and what operations need of them.

use super::found::Change;
use super::{Comparison, differs, entries, items, pairs};
use crate::document::Node;
use crate::review::Level;
use crate::rules::{self, Rule};

/// One way to be let in: schemes that are all needed, each with its scopes.
type Requirement<'a> = Node<'a>;

impl<'a> Comparison<'a> {
    /// Where an operation is: on the servers of its own, or else of its path or of the document.
    pub(super) fn servers(&mut self, old: Option<Node<'a>>, new: Option<Node<'a>>) {
        let find = |side: Option<Node<'a>>, server: Node<'a>| items(side).find(|other| url(*other) == url(server));
        for server in items(new) {
            match find(old, server) {
                Some(original) => self.server(original, server),
                None => self.note(None, Change::new(&rules::SERVER_ADDED, None, server.get("url").or(Some(server)))),
            }
        }
        for server in items(old).filter(|server| find(new, *server).is_none()) {
            self.note(None, Change::new(&rules::SERVER_REMOVED, server.get("url").or(Some(server)), None));
        }
    }

    fn server(&mut self, base: Node<'a>, revision: Node<'a>) {
        for (name, old, new) in pairs(base.get("variables"), revision.get("variables")) {
            let described = |node: Option<Node<'a>>, key: &str| node.and_then(|node| node.get(key));
            let default = |node| described(node, "default").and_then(Node::text);
            let lost = items(described(old, "enum"))
                .any(|value| !items(described(new, "enum")).any(|other| other.same(value)));
            if old.is_none() || new.is_none() || default(old) != default(new) || lost {
                self.note(None, Change { what: format!("`{name}`"), ..Change::new(&rules::SERVER_VARIABLE, old, new) });
            } else {
                self.word(old, new);
            }
        }
        self.words(base, revision, &["url", "variables"]);
    }

    /// What an operation needs: its own list, or else the document's.
    pub(super) fn security(&mut self, base: Node<'a>, revision: Node<'a>, what: &str) {
        let needs =
            |operation: Node<'a>| operation.get("security").or_else(|| operation.document().root().get("security"));
        let (old, new) = (needs(base), needs(revision));
        let open = |list: Option<Node<'a>>| {
            items(list).next().is_none() || items(list).any(|way| way.entries().next().is_none())
        };
        let mut gone: Vec<Requirement<'a>> =
            items(old).filter(|way| !items(new).any(|other| same_way(*way, other))).collect();
        let come: Vec<Requirement<'a>> =
            items(new).filter(|way| !items(old).any(|other| same_way(*way, other))).collect();
        let callers = |list: Option<Node<'a>>, scheme: &str| {
            // What takes no credential takes that of an app too.
            let app = items(list).next().is_none() || items(list).any(|way| way.get(scheme).is_some());
            if app { "called by an app or a user" } else { "called by a user only" }.to_owned()
        };
        let types = self.settings.app_scheme.map(|scheme| [callers(old, scheme), callers(new, scheme)]);
        let change = |rule, old: Option<Node<'a>>, new: Option<Node<'a>>| {
            let values = [old, new].map(|way| way.map(spelled));
            Change { what: what.to_owned(), values, types: types.clone(), ..Change::new(rule, old, new) }
        };
        // The end of "without a credential" is what each new way says, and its beginning is what the empty way says.
        let nothing = |way: &Requirement<'a>| way.entries().next().is_none();
        if !come.is_empty() && !open(new) {
            gone.retain(|way| !nothing(way));
        } else if come.iter().any(nothing) {
            gone.clear();
        }
        for way in come {
            match gone.iter().position(|other| same_schemes(*other, way)) {
                Some(at) => self.scopes(gone.remove(at), way, what),
                None if open(old) && !open(new) => self.note(None, change(&rules::SECURITY_ADDED, None, Some(way))),
                None if nothing(&way) => {
                    self.note(None, change(&rules::SECURITY_REMOVED, old, Some(way)));
                }
                None => self.note(None, change(&rules::SECURITY_ALTERNATIVE_ADDED, None, Some(way))),
            }
        }
        // Whoever brings more than is needed gets in too.
        let lets_in = |gone: Requirement<'a>| {
            items(new).any(|way| {
                way.entries().all(|(scheme, scopes)| {
                    gone.get(scheme).is_some_and(|had| {
                        items(Some(scopes)).all(|scope| items(Some(had)).any(|other| other.same(scope)))
                    })
                })
            })
        };
        for way in gone.into_iter().filter(|way| open(new) || !lets_in(*way)) {
            let rule = if open(new) { &rules::SECURITY_REMOVED } else { &rules::SECURITY_ALTERNATIVE_REMOVED };
            self.note(None, change(rule, Some(way), None));
        }
    }

    fn scopes(&mut self, base: Requirement<'a>, revision: Requirement<'a>, what: &str) {
        for (_, old, new) in pairs(Some(base), Some(revision)) {
            let missing = |from: Option<Node<'a>>, scope: Node<'a>| !items(from).any(|other| other.same(scope));
            let change = |rule, old, new| Change { what: what.to_owned(), ..Change::new(rule, old, new) };
            for scope in items(new).filter(|scope| missing(old, *scope)) {
                self.note(None, change(&rules::SCOPE_ADDED, None, Some(scope)));
            }
            for scope in items(old).filter(|scope| missing(new, *scope)) {
                self.note(None, change(&rules::SCOPE_REMOVED, Some(scope), None));
            }
        }
    }

    pub(super) fn schemes(&mut self) {
        let sides = [self.base.root(), self.revision.root()].map(|root| root.at("/components/securitySchemes"));
        for (name, old, new) in pairs(sides[0], sides[1]) {
            let what = format!("`{name}`");
            match (old, new) {
                (Some(old), Some(new)) => self.scheme(old.target(), new.target(), &what),
                (None, _) => self.once(&rules::SCHEME_ADDED, what, None, new),
                (_, None) => self.once(&rules::SCHEME_REMOVED, what, old, None),
            }
        }
    }

    fn scheme(&mut self, base: Node<'a>, revision: Node<'a>, what: &str) {
        const MATTERS: [&str; 5] = ["type", "scheme", "in", "name", "openIdConnectUrl"];
        for key in MATTERS {
            self.scheme_key(&rules::SCHEME_CHANGED, key, base, revision, what);
        }
        for (flow, old, new) in pairs(base.get("flows"), revision.get("flows")) {
            if old.is_none() {
                let values = [None, Some(format!("`{flow}`"))];
                self.note(None, Change { what: what.to_owned(), values, ..Change::new(&rules::FLOW_ADDED, None, new) });
                continue;
            }
            let (Some(old_flow), Some(new_flow)) = (old, new) else {
                let change = Change::new(&rules::SCHEME_CHANGED, old.or(Some(base)), new.or(Some(revision)));
                self.note(None, Change { what: what.to_owned(), hole: flow.to_owned(), ..change });
                continue;
            };
            // A flow has no use for the address of another one.
            let addresses: &[&str] = match flow {
                "implicit" => &["authorizationUrl"],
                "authorizationCode" => &["authorizationUrl", "tokenUrl"],
                _ => &["tokenUrl"],
            };
            for key in addresses {
                self.scheme_key(&rules::SCHEME_ADDRESS, key, old_flow, new_flow, what);
            }
            for (_, old, new) in pairs(old_flow.get("scopes"), new_flow.get("scopes")) {
                let rule = match (old, new) {
                    (None, _) => &rules::SCHEME_SCOPE_ADDED,
                    (_, None) => &rules::SCHEME_SCOPE_REMOVED,
                    _ => {
                        self.word(old, new);
                        continue;
                    }
                };
                let named = |side: Option<Node<'a>>| side.and_then(Node::key).map(|name| format!("`{name}`"));
                let change = Change { values: [named(old), named(new)], ..Change::new(rule, old, new) };
                self.note(None, Change { what: what.to_owned(), ..change });
            }
            let known: Vec<&str> = addresses.iter().copied().chain(["scopes"]).collect();
            self.words(old_flow, new_flow, &known);
        }
        let known: Vec<&str> = MATTERS.into_iter().chain(["flows"]).collect();
        self.words(base, revision, &known);
    }

    fn scheme_key(&mut self, rule: &'static Rule, key: &str, base: Node<'a>, revision: Node<'a>, what: &str) {
        let (old, new) = (base.get(key), revision.get(key));
        if differs(old, new) {
            // A browser follows when the page to sign in at moves; a program that asks for tokens does not.
            let level = (key == "authorizationUrl").then_some(Level::Fine);
            let change = Change::of_keyword(rule, key, [base, revision]);
            self.note(None, Change { what: what.to_owned(), hole: key.to_owned(), level, ..change });
        }
    }
}

/// A way to be let in, in words: "`key` and `oauth` (read, write)".
fn spelled(way: Requirement<'_>) -> String {
    let schemes: Vec<String> = entries(Some(way))
        .map(|(scheme, scopes)| {
            let scopes: Vec<&str> = scopes.items().filter_map(Node::text).collect();
            if scopes.is_empty() { format!("`{scheme}`") } else { format!("`{scheme}` ({})", scopes.join(", ")) }
        })
        .collect();
    if schemes.is_empty() { "no credential".to_owned() } else { schemes.join(" and ") }
}

/// Where a server is: a slash at the end makes no difference.
fn url<'a>(server: Node<'a>) -> Option<&'a str> {
    server.get("url").and_then(Node::text).map(|url| url.trim_end_matches('/'))
}

fn same_schemes(one: Requirement<'_>, other: Requirement<'_>) -> bool {
    entries(Some(one)).count() == entries(Some(other)).count()
        && entries(Some(one)).all(|(scheme, _)| other.get(scheme).is_some())
}

fn same_way(one: Requirement<'_>, other: Requirement<'_>) -> bool {
    let contains = |all: Node<'_>, part: Node<'_>| part.items().all(|scope| all.items().any(|other| other.same(scope)));
    same_schemes(one, other)
        && entries(Some(one)).all(|(scheme, scopes)| {
            other.get(scheme).is_some_and(|others| contains(others, scopes) && contains(scopes, others))
        })
}
