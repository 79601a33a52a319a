//! The accessibility of reports, checked with axe-core.

use std::path::Path;

use anyhow::Context;
use headless_chromium::Browser;
use serde_json::Value;

use crate::cli::row::Row;

/// The rules that a page breaks, each with the first element.
const RUN: &str = "axe.run().then((result) => result.violations.map((rule) => `${rule.id}: ${rule.nodes[0].html}`))";

/// A filter without a result.
const FILTER: &str = "{ document.querySelector('#tiles button')?.click();
  const search = document.getElementById('search');
  if (search) { search.value = 'no such name'; search.dispatchEvent(new Event('input')) } }";

/// Checks reports of no, few and many customers, wide and narrow, light and dark, and with a filter.
pub(super) fn row(
    browser: &mut Browser,
    script: &str,
    write: impl Fn(&str, &Path) -> anyhow::Result<()>,
    folder: &Path,
) -> anyhow::Result<Row> {
    let mut pages = 0;
    let mut violations = Vec::new();
    for customers in ["0", "40", "3000"] {
        let page = folder.join(format!("{customers}.html"));
        write(customers, &page)?;
        for (width, scheme) in [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")] {
            browser.resize(width, 800)?;
            browser.emulate("screen", scheme)?;
            browser.open_file(&page)?;
            browser.evaluate(script)?;
            for step in ["", FILTER] {
                browser.evaluate(step)?;
                pages += 1;
                let found = browser.evaluate(RUN)?;
                let found = found.as_array().context("axe returned no list")?.iter().filter_map(Value::as_str);
                violations.extend(found.map(|rule| format!("{customers} customers, {width} px, {scheme}: {rule}")));
            }
        }
    }
    let measured = match violations.is_empty() {
        true => format!("none in {pages} pages"),
        false => violations.join("; "),
    };
    Ok(Row { what: "findings of axe-core".to_owned(), goal: "none", measured })
}
