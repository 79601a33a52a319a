//! The client and the sandbox conform to the document, for every operation. No test here lists operations.

use std::collections::BTreeSet;

use openapi_review::document::Node;
use partner_center_budgets::auth::ClientSecret;
use partner_center_budgets::{Client, Cloud, Error, RetryPolicy};
use partner_center_budgets_sandbox::{CLIENT_SECRET, Sandbox, TOKEN};
use serde_json::{Value, json};

use crate::document::{document, problems, validator};
use crate::generated::{LISTS, OPERATIONS, read};
use crate::operations::call;
use crate::replay::{CUSTOMER, Replay, SUBSCRIPTION, Seen};
use crate::sandbox_operations::raw;

/// An operation as the document describes it.
struct Described {
    id: String,
    method: String,
    /// The path with its parameters in braces, and the required query parameters with their examples.
    path: String,
    /// The path parameters, with their examples.
    parameters: Vec<(String, String)>,
    needs_user: bool,
}

impl Described {
    /// The path of the example.
    fn path(&self) -> String {
        let fill = |path: String, (name, value): &(String, String)| path.replace(&format!("{{{name}}}"), value);
        self.parameters.iter().fold(self.path.clone(), fill)
    }

    /// The path with ids that the sandbox knows.
    fn sandbox_path(&self) -> String {
        let path = self.path().replace(CUSTOMER, "00000000-0000-0000-0000-000000000001");
        path.replace(SUBSCRIPTION, "00000000-0000-0000-0001-000000000001")
    }
}

fn described() -> Vec<Described> {
    let text = |node: Node<'_>, key| node.get(key).and_then(Node::text).unwrap_or_default().to_owned();
    let document = document();
    let mut all = Vec::new();
    for (path, item) in document.root().get("paths").unwrap().entries() {
        for (method, operation) in item.entries().filter(|(_, node)| node.get("operationId").is_some()) {
            let lists = [item, operation].into_iter().filter_map(|node| node.get("parameters"));
            let required = lists.flat_map(Node::items).map(Node::target);
            let required = required.filter(|node| node.get("required").and_then(Node::bool) == Some(true));
            let (queries, parameters): (Vec<_>, Vec<_>) = required
                .map(|node| (text(node, "in") == "query", (text(node, "name"), text(node, "example"))))
                .partition(|(is_query, _)| *is_query);
            let query: Vec<_> = queries.iter().map(|(_, (name, example))| format!("{name}={example}")).collect();
            let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
            let [requirement] = operation.get("security").unwrap().items().collect::<Vec<_>>().try_into().unwrap();
            all.push(Described {
                id: text(operation, "operationId"),
                method: method.to_uppercase(),
                path: format!("{path}{query}"),
                parameters: parameters.into_iter().map(|(_, parameter)| parameter).collect(),
                needs_user: requirement.get("app_or_user").is_none(),
            });
        }
    }
    assert_eq!(all.len(), OPERATIONS.len());
    all
}

#[tokio::test]
async fn the_client_sends_the_method_and_path_of_the_document() {
    for operation in described() {
        let replay = Replay::start(200, &[], r#"{"amount":null,"totalCost":0,"items":[]}"#).await;
        call(&replay.client(), &operation.id, None).await.unwrap();
        let [seen] = <[Seen; 1]>::try_from(replay.seen()).expect("one call is one request");
        let expected = format!("{} {}", operation.method, operation.path());
        assert!(is_same_request(&seen.line, &expected), "{}: {} instead of {expected}", operation.id, seen.line);
    }
}

/// Whether the path is the same, and each query parameter of `expected` is sent. Optional parameters may be added.
fn is_same_request(line: &str, expected: &str) -> bool {
    let [(path, query), (expected_path, expected_query)] =
        [line, expected].map(|line| line.split_once('?').unwrap_or((line, "")));
    let sent: BTreeSet<_> = query.split('&').collect();
    path == expected_path && expected_query.split('&').all(|parameter| parameter.is_empty() || sent.contains(parameter))
}

#[tokio::test]
async fn every_list_requests_its_second_page() {
    for operation in described().into_iter().filter(|operation| LISTS.contains(&operation.id.as_str())) {
        let pages = [(200, r#"{"items":[],"continuationToken":"a=="}"#), (200, r#"{"items":[]}"#)];
        let replay = Replay::script(&pages).await;
        read(&replay.client(), &operation.id).await.unwrap().unwrap();
        let [first, second] = <[Seen; 2]>::try_from(replay.seen()).expect("one request for each page");
        let joint = if first.line.contains('?') { '&' } else { '?' };
        assert_eq!(second.line, format!("{}{joint}seekOperation=Next", first.line));
        assert_eq!(second.headers["ms-continuationtoken"], "a==");
    }
}

#[tokio::test]
async fn the_client_refuses_an_app_where_the_document_needs_a_user() {
    for operation in described() {
        let sandbox = Sandbox::start().await.unwrap();
        let url = sandbox.base_url();
        let client = Client::builder(ClientSecret::new("contoso.example", "an-app", CLIENT_SECRET))
            .cloud(Cloud::custom(&url, &url, &url))
            .retry(RetryPolicy::never())
            .build()
            .unwrap();
        let result = call(&client, &operation.id, None).await;
        let is_refused = matches!(result, Err(Error::Input { .. }));
        let sent = sandbox.counters().requests[operation.id.as_str()];
        assert_eq!(
            (is_refused, sent == 0),
            (operation.needs_user, operation.needs_user),
            "{}: {result:?}",
            operation.id
        );
    }
}

#[tokio::test]
async fn the_sandbox_refuses_an_app_where_the_document_needs_a_user() {
    let sandbox = Sandbox::start().await.unwrap();
    let form = format!("grant_type=client_credentials&client_id=app&client_secret={CLIENT_SECRET}&scope=")
        + "https://api.partnercenter.microsoft.com/.default";
    let (_, answer) = raw(&sandbox, "POST", "/contoso.example/oauth2/v2.0/token", None, &form).await;
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    let app = answer["access_token"].as_str().unwrap();
    for operation in described() {
        for (token, is_refused) in [(TOKEN, false), (app, operation.needs_user)] {
            let (method, path) = (&operation.method, &operation.sandbox_path());
            let (status, body) = raw(&sandbox, method, path, Some(token), r#"{"Amount":1}"#).await;
            let expected = if is_refused { 403 } else { 200 };
            assert_eq!(status, expected, "{}: {}", operation.id, String::from_utf8_lossy(&body));
        }
    }
}

#[tokio::test]
async fn the_sandbox_serves_the_operations_of_the_document() {
    let served: BTreeSet<_> = Sandbox::start().await.unwrap().counters().requests.into_keys().collect();
    let sign_in = ["token", "device_code", "authorize", "discovery"];
    let documented: BTreeSet<_> = OPERATIONS.iter().map(|(id, _)| *id).chain(sign_in).collect();
    assert_eq!(served, documented, "OPERATIONS in the sandbox's operations.rs, and the document");
}

#[tokio::test]
async fn the_sandbox_responds_as_the_document_describes() {
    let sandbox = Sandbox::start().await.unwrap();
    let document = document();
    for operation in described() {
        let (id, method) = (operation.id.as_str(), operation.method.as_str());
        let (_, body) = raw(&sandbox, method, &operation.sandbox_path(), Some(TOKEN), r#"{"Amount":1}"#).await;
        let marked = body.starts_with(b"\xEF\xBB\xBF");
        assert_eq!(marked, id != "list_customers", "{id}: byte order mark");
        let value: Value = serde_json::from_slice(if marked { &body[3..] } else { &body }).unwrap();
        let (_, schema) = OPERATIONS.iter().find(|(other, _)| *other == id).unwrap();
        let validator = validator(&document, &json!({ "$ref": format!("#/components/schemas/{schema}") }));
        assert_eq!(problems(&validator, &value), Vec::<String>::new(), "{id}");
    }
}
