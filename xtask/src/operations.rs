//! The operations of the document: the table at the end of the generated code, and the fixtures that each one needs.
//!
//! Code that is needed once for each operation or schema is not written by hand: the client and the tests have a macro
//! `document_tables!` each, and the generated code calls it with this table.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use openapi_review::document::{Document, Node};

use crate::generated_name::snake_case;
use crate::{Workspace, cargo, read_document};

/// The fixtures, relative to the root of the workspace.
const FIXTURES: &str = "tests/fixtures";

/// One operation of the document.
struct Operation<'a> {
    id: &'a str,
    /// The item of `paths` that it is in, whose parameters are also its own.
    path: Node<'a>,
    node: Node<'a>,
}

fn operations(document: &Document) -> impl Iterator<Item = Operation<'_>> {
    let paths = document.root().get("paths").into_iter().flat_map(Node::entries);
    paths.flat_map(|(_, path)| path.entries().map(move |(_, node)| (path, node))).filter_map(|(path, node)| {
        let id = node.get("operationId")?.text()?;
        Some(Operation { id, path, node })
    })
}

impl<'a> Operation<'a> {
    /// Name and node of the schema of a success.
    fn response(&self) -> Option<(&'a str, Node<'a>)> {
        let (_, response) = self.node.get("responses")?.entries().find(|(status, _)| status.starts_with('2'))?;
        referred(response.target().at("/content/application~1json/schema")?)
    }

    /// The arguments of the client's method by convention: the document's examples of path parameters and required query
    /// parameters, and `query` for the optional ones. Pages are requested by the list itself.
    fn arguments(&self) -> Vec<String> {
        let lists = [self.path, self.node].into_iter().filter_map(|node| node.get("parameters"));
        let parameters: Vec<_> = lists.flat_map(Node::items).map(Node::target).collect();
        let text = |node: Node<'a>, key| node.get(key).and_then(Node::text).unwrap_or_default();
        let select = |place: &str, is_required: bool| {
            let found = parameters.iter().copied().filter(|node| {
                text(*node, "in") == place
                    && text(*node, "name") != "seekOperation"
                    && (node.get("required").and_then(Node::bool) == Some(true)) == is_required
            });
            found.collect::<Vec<_>>()
        };
        let required = select("path", true).into_iter().chain(select("query", true));
        let examples = required.map(|node| format!("{:?}", text(node, "example")));
        let query = (!select("query", false).is_empty()).then(|| "query".to_owned());
        examples.chain(query).collect()
    }
}

/// Name and node of the schema that `node` refers to.
fn referred(node: Node<'_>) -> Option<(&str, Node<'_>)> {
    let name = node.get("$ref")?.text()?.strip_prefix("#/components/schemas/")?;
    is_type_name(name).then(|| (name, node.target()))
}

/// Name and node of the schema of a list's items.
fn items(schema: Node<'_>) -> Option<(&str, Node<'_>)> {
    referred(schema.at("/properties/items/items")?)
}

/// Whether the generated type has the name of the schema.
fn is_type_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase()) && name.chars().all(|it| it.is_ascii_alphanumeric())
}

/// The properties of which one is enough to recognise an object.
fn identifying(schema: Node<'_>) -> Vec<&str> {
    schema.get("x-identified-by").into_iter().flat_map(Node::items).filter_map(Node::text).collect()
}

/// The call of `document_tables!` at the end of the generated code, a line for each row. It leaves out what [`problems`]
/// reports.
pub(crate) fn table(document: &Document) -> anyhow::Result<String> {
    let [mut schemas, mut rows, mut objects, mut lists] = <[BTreeSet<String>; 4]>::default();
    let components = document.root().at("/components/schemas").into_iter().flat_map(Node::entries);
    schemas.extend(components.map(|(name, _)| name.to_owned()).filter(|name| is_type_name(name)));
    for operation in operations(document) {
        let Some((name, schema)) = operation.response() else { continue };
        let id = snake_case(operation.id);
        let kind = match items(schema) {
            _ if operation.node.get("requestBody").is_some() => "write",
            Some(_) => "list",
            None => "read",
        };
        rows.insert(format!("{id}({}): {kind} {name}", operation.arguments().join(", ")));
        let fields = identifying(schema);
        if let Some((item, _)) = items(schema) {
            lists.insert(format!("{name}: {id} of {item}"));
        } else if let Some(first) = fields.first() {
            objects.insert(format!("{name}: {} {fields:?}", snake_case(first)));
        }
    }
    let mut table = "crate::document_tables! {\n".to_owned();
    for (section, rows) in [("schemas", schemas), ("operations", rows), ("objects", objects), ("lists", lists)] {
        let rows: String = rows.iter().map(|row| format!("        {row},\n")).collect();
        table.push_str(&format!("    {section} {{\n{rows}    }}\n"));
    }
    table.push_str("}\n");
    syn::parse_str::<syn::Item>(&table).context("the table of operations is not Rust")?;
    Ok(table)
}

/// The modules of the test binary `it` that check every operation. They list none: all follow the document.
const TESTS: [&str; 7] =
    ["agreement::", "conformance::", "contract::", "decode::", "document::", "operations::", "requests::"];

/// Checks that the client, the sandbox and the fixtures have every operation of the document.
///
/// # Errors
///
/// Lists the missing parts.
pub fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let problems = problems(workspace)?;
    ensure!(problems.is_empty(), "{}", problems.join("\n"));
    // The features of the whole workspace, so that the step "tests" does not compile its dependencies again.
    let mut arguments = vec!["test", "--locked", "--workspace", "--test", "it", "--"];
    arguments.extend(TESTS);
    cargo::ensure_success(cargo::command(workspace).args(arguments).env("INSTA_UPDATE", "no"))
}

/// The parts that operations of the document lack: in their schemas, and among the fixtures.
///
/// # Errors
///
/// A document or a folder of fixtures that cannot be read.
pub fn problems(workspace: &Workspace) -> anyhow::Result<Vec<String>> {
    let document = read_document(&workspace.document())?;
    let mut problems = Vec::new();
    for operation in operations(&document) {
        problems.extend(response_problem(&operation).map(|(node, reason)| node.diagnostic(reason).to_string()));
        let folder = format!("{FIXTURES}/{}", operation.id);
        if !files(&workspace.root.join(&folder))?.iter().any(|name| name.ends_with("-full.json")) {
            problems.push(format!("{folder}/docs-full.json is missing: a response with every property of its schema"));
        }
    }
    problems.extend(fixture_problems(workspace, &document)?);
    Ok(problems)
}

fn response_problem<'a>(operation: &Operation<'a>) -> Option<(Node<'a>, String)> {
    let id = operation.id;
    let Some((name, schema)) = operation.response() else {
        return Some((operation.node, format!("{id} names no schema in CamelCase for its success")));
    };
    if schema.at("/properties/items").is_some() {
        return items(schema)
            .is_none()
            .then(|| (schema, format!("{name}: the items of a list need a schema of their own")));
    }
    let fields = identifying(schema);
    if fields.is_empty() {
        return Some((
            schema,
            format!("{name} needs `x-identified-by`: the properties of which one is enough to recognise it"),
        ));
    }
    let unknown = fields.into_iter().find(|field| schema.get("properties").and_then(|all| all.get(field)).is_none())?;
    Some((schema, format!("{name}: `x-identified-by` names {unknown}, which is not a property")))
}

/// Fixtures without an operation, without an origin in their name, and without a row in the table of origins.
fn fixture_problems(workspace: &Workspace, document: &Document) -> anyhow::Result<Vec<String>> {
    let readme = format!("{FIXTURES}/README.md");
    let table = fs::read_to_string(workspace.root.join(&readme)).with_context(|| format!("failed to read {readme}"))?;
    let known: BTreeSet<_> = operations(document).map(|operation| operation.id).chain(["faults"]).collect();
    let mut problems = Vec::new();
    for folder in files(&workspace.root.join(FIXTURES))?.into_iter().filter(|name| !name.contains('.')) {
        if !known.contains(folder.as_str()) {
            problems.push(format!("{FIXTURES}/{folder} belongs to no operation"));
        }
        let heading = format!("\n## {folder}\n");
        let section = table.split_once(&heading).map_or("", |(_, rest)| rest.split("\n## ").next().unwrap_or(rest));
        for name in files(&workspace.root.join(FIXTURES).join(&folder))? {
            if !["docs-", "seen-", "made-"].iter().any(|origin| name.starts_with(origin)) {
                problems.push(format!("{FIXTURES}/{folder}/{name}: begin the name with docs-, seen- or made-"));
            }
            // The `x-source` of the operation gives its origin, and it shows the whole schema.
            if name != "docs-full.json" && !section.contains(&format!("\n| `{name}` |")) {
                problems.push(format!("{FIXTURES}/{folder}/{name} has no row under `## {folder}` in {readme}"));
            }
        }
    }
    Ok(problems)
}

/// The names in a folder, in order; none if the folder does not exist.
fn files(folder: &Path) -> anyhow::Result<BTreeSet<String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        entries => entries.with_context(|| format!("failed to read {}", folder.display()))?,
    };
    entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}
