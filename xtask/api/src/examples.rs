//! Public functions and methods whose docs have no example.

use std::path::Path;

use anyhow::Context;
use serde_json::Value;

/// File, line and name of each public function without an example.
pub(crate) fn functions_without_example(json: &Path) -> anyhow::Result<Vec<String>> {
    let failed = || format!("failed to read {}", json.display());
    let text = std::fs::read_to_string(json).with_context(failed)?;
    let documented: Value = serde_json::from_str(&text).with_context(failed)?;
    let items = documented["index"].as_object().into_iter().flat_map(|index| index.values());
    // The methods of traits have the visibility `default`.
    let functions = items
        .filter(|item| item["crate_id"] == 0 && item["visibility"] == "public")
        .filter(|item| !item["inner"]["function"].is_null());
    let without = functions.filter(|function| !function["docs"].as_str().is_some_and(|docs| docs.contains("```")));
    let mut names: Vec<String> = without
        .map(|function| {
            let (file, line) = (&function["span"]["filename"], &function["span"]["begin"][0]);
            format!("{}:{line}: {}", file.as_str().unwrap_or_default(), function["name"].as_str().unwrap_or_default())
        })
        .collect();
    names.sort();
    Ok(names)
}
