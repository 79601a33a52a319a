//! The report in a headless Chromium: size, time to the first paint, time to sort, layout shifts, accessibility.

mod axe;
mod history;

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use headless_chromium::{Browser, PROGRAMS};
use serde_json::Value;

use crate::cli::command::{pc_budgets, text};
use crate::cli::row::{Row, table};
use crate::median::median;
use crate::release::Release;
use crate::sandbox::Sandbox;

/// Of these, 10,063 have usage.
const CUSTOMERS: &str = "11500";
const ROUNDS: usize = 5;

/// Sorts by each column, and returns the milliseconds from each click to the end of the frame that shows the new order.
const SORT: &str = "(async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const took = [];
  for (const button of document.querySelectorAll('#customers thead button')) {
    await frame();
    const start = performance.now();
    button.click();
    await frame();
    took.push(performance.now() - start);
  }
  return took;
})()";

/// The sum of all layout shifts, also of those that follow a click. Elements that are inserted again do not count.
const SHIFTS: &str = "new Promise((done) => requestAnimationFrame(() => setTimeout(() => {
  const observer = new PerformanceObserver(() => {});
  observer.observe({ type: 'layout-shift', buffered: true });
  done(observer.takeRecords().reduce((sum, entry) => sum + entry.value, 0));
})))";

const FIRST_PAINT: &str = "performance.getEntriesByName('first-contentful-paint')[0].startTime";
const READY: &str = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd";

/// Returns one table in Markdown.
pub(crate) fn measure(release: &Release, axe: Option<&Path>) -> anyhow::Result<String> {
    for package in ["partner-center-budgets-sandbox", "partner-center-budgets-cli"] {
        release.build(package)?;
    }
    let program =
        Browser::installed().with_context(|| format!("no browser found; install one of {}", PROGRAMS.join(", ")))?;
    let temporary = tempfile::tempdir()?;
    let folder = temporary.path();
    let mut browser = Browser::start(program, &folder.join("profile"))?;
    browser.resize(1280, 800)?;
    let page = folder.join("report.html");
    write(release, CUSTOMERS, &page, None)?;
    let mut rows = rows(&mut browser, &page, "report of 10,063 customers")?;
    write(release, CUSTOMERS, &page, Some(&folder.join("history")))?;
    rows.extend(self::rows(&mut browser, &page, "the same with a history of 30 days")?);
    if let Some(script) = axe {
        let script = fs::read_to_string(script).with_context(|| format!("failed to read {}", script.display()))?;
        rows.push(axe::row(&mut browser, &script, |customers, page| write(release, customers, page, None), folder)?);
    }
    Ok(table(&rows))
}

/// Writes a report, with a history in the folder if there is one.
fn write(release: &Release, customers: &str, page: &Path, history: Option<&Path>) -> anyhow::Result<()> {
    let sandbox = Sandbox::start(release, &["--customers", customers])?;
    let mut words = vec!["--base-url", &sandbox.base_url, "report", "--html", text(page)];
    if let Some(history) = history {
        history::write(history, customers.parse()?, &sandbox.base_url)?;
        words.extend(["--history", text(history)]);
    }
    let status = pc_budgets(release, &words).status()?;
    ensure!(status.success(), "`report` failed");
    Ok(())
}

fn rows(browser: &mut Browser, page: &Path, name: &str) -> anyhow::Result<Vec<Row>> {
    let (mut paints, mut ready, mut sorts) = (Vec::new(), Vec::new(), Vec::new());
    let mut shifts: f64 = 0.0;
    for _ in 0..ROUNDS {
        browser.open("about:blank")?;
        browser.open_file(page)?;
        paints.push(number(&browser.evaluate(FIRST_PAINT)?)?);
        ready.push(number(&browser.evaluate(READY)?)?);
        let took = browser.evaluate(SORT)?;
        sorts.push(took.as_array().context("no times")?.iter().filter_map(Value::as_f64).collect::<Vec<_>>());
        shifts = shifts.max(number(&browser.evaluate(SHIFTS)?)?);
    }
    let columns = (0..sorts[0].len()).map(|column| median(sorts.iter().map(|round| round[column]).collect()));
    let columns: Vec<_> = columns.map(|time| format!("{time:.0}")).collect();
    let slowest = sorts.iter().flatten().copied().fold(0.0, f64::max);
    let row = |what: &str, goal, measured| Row { what: format!("{name}: {what}"), goal, measured };
    Ok(vec![
        row("size", "at most 3 MB", format!("{:.2} MB", fs::metadata(page)?.len() as f64 / 1e6)),
        row("first contentful paint", "at most 500 ms", format!("{:.0} ms", median(paints))),
        row("ready to sort and filter", "none", format!("{:.0} ms", median(ready))),
        row(
            "sort, until it is drawn",
            "at most 200 ms",
            format!("{} ms by column; {slowest:.0} ms the slowest of {ROUNDS} rounds", columns.join(", ")),
        ),
        row("layout shifts while loading and sorting", "0", format!("{shifts:.4}")),
    ])
}

fn number(value: &Value) -> anyhow::Result<f64> {
    value.as_f64().with_context(|| format!("{value} is not a number"))
}
