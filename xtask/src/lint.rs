//! `cargo xtask lint`: the rules that openapi/README.md sets for the document, each complaint with its place.
//!
//! Tools for OpenAPI in general find what is wrong in general. These rules are ours: they keep the generated client
//! able to read whatever the service sends, and every fact traceable to its source.

mod schemas;

use std::collections::BTreeSet;

use openapi_review::document::{Diagnostic, Document, Node};

/// The headers that every answer of the service describes, success or fault.
const COMMON_HEADERS: [&str; 6] =
    ["MS-RequestId", "MS-CorrelationId", "X-Locale", "MS-CV", "MS-ServerId", "Request-Context"];

/// The header that every answer of success describes beside the common ones.
const HEADER_OF_SUCCESS: &str = "isMfaCompliant";

/// What a gateway may answer in place of the service, with headers of its own.
const OF_THE_GATEWAY: [&str; 2] = ["429", "503"];

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Everything in `document` that breaks a rule, in the order of its lines.
pub fn lint(document: &Document) -> Vec<Diagnostic> {
    let mut lint = Lint { document, complaints: Vec::new(), sources: BTreeSet::new() };
    lint.operations();
    lint.components();
    lint.schemas();
    lint.unused_components();
    lint.unused_sources();
    let mut complaints = lint.complaints;
    complaints.sort();
    complaints.dedup();
    complaints
}

struct Lint<'a> {
    document: &'a Document,
    complaints: Vec<Diagnostic>,
    /// The sources that something in the document names.
    sources: BTreeSet<String>,
}

impl<'a> Lint<'a> {
    fn complain(&mut self, node: Node<'_>, reason: impl Into<String>) {
        self.complaints.push(node.diagnostic(reason));
    }

    fn components_of(&self, kind: &str) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        self.document.root().at(&format!("/components/{kind}")).into_iter().flat_map(Node::entries)
    }

    fn operations(&mut self) {
        let mut ids = BTreeSet::new();
        let tags: BTreeSet<_> = self.names_at("/tags");
        for (path, item) in self.document.root().get("paths").into_iter().flat_map(Node::entries) {
            for (method, operation) in item.entries().filter(|(key, _)| METHODS.contains(key)) {
                let name = format!("{} {path}", method.to_uppercase());
                self.needs(operation, &name, &["summary", "description", "tags", "security"]);
                self.source(operation, &name);
                let Some(id) = operation.get("operationId") else {
                    self.complain(operation, format!("{name} has no operationId"));
                    continue;
                };
                let text = id.text().unwrap_or_default();
                if !is_operation_id(text) {
                    let reason =
                        format!("operationId {text}: write snake_case that begins with get_, list_ or update_");
                    self.complain(id, reason);
                }
                if !ids.insert(text) {
                    self.complain(id, format!("operationId {text} stands twice"));
                }
                for tag in operation.get("tags").into_iter().flat_map(Node::items) {
                    if !tag.text().is_some_and(|tag| tags.contains(tag)) {
                        self.complain(tag, format!("{name} has a tag that the document's `tags` do not declare"));
                    }
                }
                self.security(operation, &name);
                self.responses(operation, &name);
            }
        }
    }

    fn security(&mut self, operation: Node<'a>, name: &str) {
        let Some(security) = operation.get("security") else { return };
        if security.items().next().is_none() {
            self.complain(
                security,
                format!("{name} takes no credential; name the scope of an app, or that of an app and a user"),
            );
        }
        if security.items().count() > 1 {
            let why = "clients generated from alternatives send the token once for each";
            self.complain(security, format!("{name} lists more than one credential: name one, as {why}"));
        }
        for (scheme, scopes) in security.items().flat_map(Node::entries) {
            let Some(declared) = self.document.root().at(&format!("/components/securitySchemes/{scheme}")) else {
                self.complain(
                    scopes,
                    format!("{name} takes a credential {scheme} that `securitySchemes` does not declare"),
                );
                continue;
            };
            // Which flows grant the scope tells who may call.
            if scopes.items().count() != 1 {
                self.complain(scopes, format!("{name}: name one scope of {scheme}"));
            }
            let is_granted = |scope: Node<'a>| {
                let mut flows = declared.get("flows").into_iter().flat_map(Node::entries);
                let text = scope.text().unwrap_or_default();
                flows.any(|(_, flow)| flow.get("scopes").is_some_and(|scopes| scopes.get(text).is_some()))
            };
            for scope in scopes.items().filter(|scope| !is_granted(*scope)) {
                self.complain(scope, format!("{name} takes a scope that no flow of {scheme} grants"));
            }
        }
    }

    fn responses(&mut self, operation: Node<'a>, name: &str) {
        let Some(responses) = operation.get("responses") else {
            return self.complain(operation, format!("{name} has no `responses`"));
        };
        for status in ["400", "401", "403", "404", "429", "500"] {
            if responses.get(status).is_none() {
                self.complain(operation, format!("{name} does not say what a {status} looks like"));
            }
        }
        for (status, response) in responses.entries().filter(|(status, _)| !OF_THE_GATEWAY.contains(status)) {
            let is_success = status.starts_with('2');
            let response = response.target();
            for header in COMMON_HEADERS.into_iter().chain(is_success.then_some(HEADER_OF_SUCCESS)) {
                if response.get("headers").and_then(|headers| headers.get(header)).is_none() {
                    // Operations share their faults, so the complaint names none of them and stands once.
                    self.complain(response, format!("a {status} does not describe the header {header}"));
                }
            }
            if is_success && response.at("/content/application~1json/schema/$ref").is_none() {
                self.complain(response, format!("{name}: name the schema of a {status} among the components"));
            }
        }
    }

    fn components(&mut self) {
        for (kind, what) in [("parameters", "parameter"), ("headers", "header")] {
            for (name, node) in self.components_of(kind) {
                let name = format!("{what} {name}");
                self.needs(node, &name, &["description", "example"]);
                self.source(node, &name);
            }
        }
        for (kind, what) in [("responses", "response"), ("securitySchemes", "security scheme")] {
            for (name, node) in self.components_of(kind) {
                let name = format!("{what} {name}");
                self.needs(node, &name, &["description"]);
                self.source(node, &name);
            }
        }
    }

    fn needs(&mut self, node: Node<'_>, name: &str, keys: &[&str]) {
        for key in keys {
            match node.get(key) {
                None => self.complain(node, format!("{name} has no `{key}`")),
                Some(found) if *key != "example" && found.text().is_some_and(|text| text.trim().is_empty()) => {
                    self.complain(found, format!("{name} has an empty `{key}`"));
                }
                Some(_) => {}
            }
        }
    }

    fn source(&mut self, node: Node<'_>, name: &str) {
        let known: BTreeSet<_> =
            self.document.root().get("x-sources").into_iter().flat_map(Node::entries).map(|(key, _)| key).collect();
        let mut named = node.get("x-source").into_iter().flat_map(Node::items).peekable();
        if named.peek().is_none() {
            self.complain(node, format!("{name} does not say where the fact comes from: add `x-source: [key, …]`"));
        }
        for source in named {
            match source.text() {
                Some(key) if known.contains(key) => drop(self.sources.insert(key.to_owned())),
                _ => self.complain(source, format!("{name} names a source that `x-sources` does not declare")),
            }
        }
    }

    fn unused_sources(&mut self) {
        for (key, node) in self.document.root().get("x-sources").into_iter().flat_map(Node::entries) {
            if !self.sources.contains(key) {
                self.complain(node, format!("source {key} is declared and never named"));
            }
        }
    }

    fn unused_components(&mut self) {
        let mut reached = BTreeSet::new();
        self.document.root().get("paths").into_iter().for_each(|paths| reach(self.document, paths, &mut reached));
        for kind in ["schemas", "parameters", "headers", "responses", "examples"] {
            for (name, node) in self.components_of(kind) {
                if !reached.contains(&format!("#/components/{kind}/{name}")) {
                    self.complain(node, format!("component {name} is used by no operation"));
                }
            }
        }
    }

    fn names_at(&self, pointer: &str) -> BTreeSet<&'a str> {
        let list = self.document.root().at(pointer).into_iter().flat_map(Node::items);
        list.filter_map(|item| item.get("name")?.text()).collect()
    }
}

/// Collects the references that lead on from `node`, all the way.
fn reach(document: &Document, node: Node<'_>, reached: &mut BTreeSet<String>) {
    if let Some(reference) = node.get("$ref").and_then(Node::text)
        && reached.insert(reference.to_owned())
        && let Some(target) = document.root().at(reference.trim_start_matches('#'))
    {
        reach(document, target, reached);
    }
    let children = node.entries().map(|(_, child)| child).chain(node.items());
    children.for_each(|child| reach(document, child, reached));
}

fn is_operation_id(id: &str) -> bool {
    ["get_", "list_", "update_"].iter().any(|verb| id.starts_with(verb))
        && id.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')
}
