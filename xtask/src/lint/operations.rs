//! Rules for operations.

use std::collections::BTreeSet;

use openapi_review::document::Node;

use super::Lint;

/// The headers that each response of the service describes.
const COMMON_HEADERS: [&str; 6] =
    ["MS-RequestId", "MS-CorrelationId", "X-Locale", "MS-CV", "MS-ServerId", "Request-Context"];

/// One more header that each successful response describes.
const SUCCESS_HEADER: &str = "isMfaCompliant";

/// A gateway may send these instead of the service, with other headers.
const GATEWAY_STATUSES: [&str; 2] = ["429", "503"];

impl<'a> Lint<'a> {
    /// Checks the parts that determine the generated methods.
    pub(super) fn check_operations(&mut self) {
        let mut ids = BTreeSet::new();
        for (name, operation) in self.operations() {
            self.require_keys(operation, &name, &["operationId", "responses", "security"]);
            if let Some(id) = operation.get("operationId") {
                let text = id.text().unwrap_or_default();
                if !is_operation_id(text) {
                    let rule = "write snake_case that begins with get_, list_ or update_";
                    self.report(id, format!("operationId {text}: {rule}"));
                }
                if !ids.insert(text) {
                    self.report(id, format!("operationId {text} is used twice"));
                }
            }
            self.check_security(operation, &name);
            for (status, response) in responses(operation).filter(|(status, _)| is_success(status)) {
                if response.at("/content/application~1json/schema/$ref").is_none() {
                    self.report(response, format!("{name}: move the schema of a {status} to the components"));
                }
            }
        }
    }

    fn check_security(&mut self, operation: Node<'a>, name: &str) {
        let Some(security) = operation.get("security") else { return };
        if security.items().next().is_none() {
            let advice = "name the scope of an app, or that of an app and a user";
            self.report(security, format!("{name} has no credential; {advice}"));
        }
        if security.items().count() > 1 {
            let why = "clients generated from alternatives send the token once for each";
            self.report(security, format!("{name} lists more than one credential: name one, because {why}"));
        }
        for (scheme, scopes) in security.items().flat_map(Node::entries) {
            let Some(declared) = self.document.root().at(&format!("/components/securitySchemes/{scheme}")) else {
                self.report(scopes, format!("{name} names {scheme}, which `securitySchemes` does not declare"));
                continue;
            };
            // The flows that grant the scope decide which clients may call.
            if scopes.items().count() != 1 {
                self.report(scopes, format!("{name}: name one scope of {scheme}"));
            }
            let is_granted = |scope: Node<'a>| {
                let mut flows = declared.get("flows").into_iter().flat_map(Node::entries);
                let text = scope.text().unwrap_or_default();
                flows.any(|(_, flow)| flow.get("scopes").is_some_and(|scopes| scopes.get(text).is_some()))
            };
            for scope in scopes.items().filter(|scope| !is_granted(*scope)) {
                self.report(scope, format!("{name} names a scope that no flow of {scheme} grants"));
            }
        }
    }

    /// Checks the parts for readers and other tools.
    pub(super) fn check_operation_texts(&mut self) {
        let declared = self.document.root().get("tags").into_iter().flat_map(Node::items);
        let tags: BTreeSet<_> = declared.filter_map(|tag| tag.get("name")?.text()).collect();
        for (name, operation) in self.operations() {
            self.require_keys(operation, &name, &["summary", "description", "tags"]);
            for tag in operation.get("tags").into_iter().flat_map(Node::items) {
                if !tag.text().is_some_and(|tag| tags.contains(tag)) {
                    self.report(tag, format!("{name} has a tag that the document's `tags` do not declare"));
                }
            }
            for status in ["400", "401", "403", "404", "429", "500"] {
                if responses(operation).all(|(described, _)| described != status) {
                    self.report(operation, format!("{name} does not describe the status {status}"));
                }
            }
            for (status, response) in responses(operation).filter(|(status, _)| !GATEWAY_STATUSES.contains(status)) {
                for header in COMMON_HEADERS.into_iter().chain(is_success(status).then_some(SUCCESS_HEADER)) {
                    if response.get("headers").and_then(|headers| headers.get(header)).is_none() {
                        // Without the name of the operation: operations share their error responses.
                        self.report(response, format!("a {status} does not describe the header {header}"));
                    }
                }
            }
        }
    }
}

fn responses(operation: Node<'_>) -> impl Iterator<Item = (&str, Node<'_>)> {
    let responses = operation.get("responses").into_iter().flat_map(Node::entries);
    responses.map(|(status, response)| (status, response.target()))
}

fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

fn is_operation_id(id: &str) -> bool {
    ["get_", "list_", "update_"].iter().any(|verb| id.starts_with(verb))
        && id.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')
}
