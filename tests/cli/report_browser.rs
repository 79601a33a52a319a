//! The report in a real browser: sorting, search, narrow screens, printing, contrast. Skipped without a browser.

use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};

use headless_chromium::PROGRAMS;
use serde_json::{Value, json};

use crate::SandboxProcess;
use crate::report::page_of;
use crate::skip::missing_tool;

/// A browser in which every call must succeed.
pub(crate) struct Browser(headless_chromium::Browser);

impl Deref for Browser {
    type Target = headless_chromium::Browser;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Browser {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl Browser {
    /// Without a browser, prints a line on standard error and returns `None`.
    pub(crate) fn start(profile: &str) -> Option<Self> {
        let Some(program) = headless_chromium::Browser::installed() else {
            missing_tool("a browser", &format!("install one of {}", PROGRAMS.join(", ")));
            return None;
        };
        let profile = Path::new(env!("CARGO_TARGET_TMPDIR")).join(profile);
        Some(Self(headless_chromium::Browser::start(program, &profile).unwrap()))
    }

    pub(crate) fn open(&mut self, path: &str) {
        self.0.open(&format!("file://{path}")).unwrap();
    }

    pub(crate) fn evaluate(&mut self, script: &str) -> Value {
        self.0.evaluate(script).unwrap()
    }

    /// Clicks in the middle of the header of `column`.
    pub(crate) fn click_head(&mut self, column: usize) {
        let place = self.evaluate(&format!(
            "(() => {{ const head = document.querySelectorAll('#customers thead button')[{column}];
               head.scrollIntoView({{ block: 'center' }});
               const box = head.getBoundingClientRect();
               return [box.x + box.width / 2, box.y + box.height / 2] }})()"
        ));
        self.click(place[0].as_f64().unwrap(), place[1].as_f64().unwrap()).unwrap();
    }

    /// Clicks the tile of a status, by its class.
    pub(crate) fn click_tile(&mut self, class: &str) {
        self.evaluate(&format!("document.querySelector('#tiles .{class} button').click()"));
    }

    pub(crate) fn column(&mut self, column: usize) -> Vec<String> {
        let texts = self.evaluate(&format!(
            "[...document.querySelectorAll('#customers tbody tr')].map((row) => row.cells[{column}].innerText.trim())"
        ));
        serde_json::from_value(texts).unwrap()
    }

    fn sorted(&mut self) -> Value {
        self.evaluate(
            "[...document.querySelectorAll('#customers thead th')].map((head) => head.getAttribute('aria-sort'))",
        )
    }

    pub(crate) fn count(&mut self) -> String {
        self.evaluate("document.getElementById('count').textContent").as_str().unwrap().to_owned()
    }

    pub(crate) fn rows(&mut self) -> u64 {
        self.evaluate("document.querySelectorAll('#customers tbody tr').length").as_u64().unwrap()
    }
}

pub(crate) fn report(customers: &str, name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name).to_str().unwrap().to_owned();
    let output = SandboxProcess::start(&["--customers", customers]).call(&["report", "--html", &path]);
    assert!(output.status.success(), "{}", crate::shown(&output));
    path
}

/// The exact amounts of a column.
fn amounts(browser: &mut Browser, column: usize) -> Vec<f64> {
    let amounts = browser.evaluate(&format!(
        "[...document.querySelectorAll('#customers tbody tr')].map((row) => row.cells[{column}])
           .map((cell) => Number(cell.title || cell.textContent.replaceAll(',', '')))"
    ));
    serde_json::from_value(amounts).unwrap()
}

#[test]
fn headers_sort() {
    let Some(mut browser) = Browser::start("browser-sort") else { return };
    browser.open(&report("40", "browser-sort.html"));
    assert_eq!(browser.sorted(), json!([null, null, "descending", null, null, null, null]));
    assert_eq!(browser.column(2)[..2], ["550.02 %", "363.27 %"]);

    browser.click_head(3);
    assert_eq!(browser.sorted(), json!([null, null, null, "descending", null, null, null]));
    let costs = amounts(&mut browser, 3);
    assert_eq!(costs.len(), 35);
    assert!(costs.is_sorted_by(|one, other| one >= other), "{costs:?}");
    browser.click_head(3);
    assert_eq!(browser.sorted(), json!([null, null, null, "ascending", null, null, null]));
    assert!(amounts(&mut browser, 3).is_sorted());

    // The worst status first.
    browser.click_head(1);
    let statuses = browser.column(1);
    assert!(statuses[4].starts_with("over") && statuses[5].starts_with("near"), "{statuses:?}");
    assert_eq!(statuses.last().unwrap(), "ok");

    // With the keyboard.
    browser.evaluate("document.querySelectorAll('#customers thead button')[0].focus()");
    browser.press("Enter", 13).unwrap();
    assert_eq!(browser.sorted(), json!(["ascending", null, null, null, null, null, null]));
    assert!(browser.column(0).is_sorted_by_key(|name| name.to_lowercase()));
    // Customers without a budget come last in both directions.
    for _ in 0..2 {
        browser.click_head(4);
        assert_eq!(browser.column(4).last().unwrap(), "");
    }
    // Back to the order of the page.
    browser.click_head(2);
    assert_eq!(browser.column(2)[..2], ["550.02 %", "363.27 %"]);
}

#[test]
fn exact_amounts_decide_the_order() {
    let Some(mut browser) = Browser::start("browser-exact") else { return };
    let costs = ["0.10000000000000000002", "0.1", "0.10000000000000000001", "-3", "-0.5", "1101499.07", "20"];
    let records = costs.map(|cost| format!(r#"{{"name":"{cost}","totalCost":{cost},"budget":{{"amount":1}}}}"#));
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("browser-exact.html");
    std::fs::write(&path, page_of(&records.join(","), &[])).unwrap();
    browser.open(path.to_str().unwrap());
    browser.click_head(3);
    let names: Vec<_> = browser.column(0).iter().map(|name| name.trim().to_owned()).collect();
    let expected = ["1101499.07", "20", "0.10000000000000000002", "0.10000000000000000001", "0.1", "-0.5", "-3"];
    assert_eq!(names, expected);
}

#[test]
fn page_fits_narrow_screens_and_is_readable_in_both_schemes() {
    let Some(mut browser) = Browser::start("browser-looks") else { return };
    browser.open(&report("40", "browser-looks.html"));
    // The content security policy blocks foreign scripts and requests.
    let intruder =
        "(async () => { const script = document.createElement('script'); script.textContent = 'window.ran = 1';
        document.body.append(script);
        const loaded = await fetch('data:,x').then(() => true, () => false);
        return [window.ran === 1, loaded] })()";
    assert_eq!(browser.evaluate(intruder), json!([false, false]));
    for width in [320, 390, 768, 1280, 2560] {
        browser.resize(width, 900).unwrap();
        let [page, screen] = ["scrollWidth", "clientWidth"].map(|what| format!("document.documentElement.{what}"));
        assert_eq!(browser.evaluate(&page), browser.evaluate(&screen), "{width} px");
    }
    // The customers begin on the first screen of a computer, and on the second one of a phone.
    for (width, height, screens) in [(1280, 800, 1), (390, 844, 2)] {
        browser.resize(width, height).unwrap();
        let first = "document.querySelector('#customers tbody tr').getBoundingClientRect().bottom + scrollY";
        assert!(browser.evaluate(first).as_f64().unwrap() < f64::from(height * screens), "{width} px");
    }
    for (medium, scheme) in [("screen", "light"), ("screen", "dark"), ("print", "light"), ("print", "dark")] {
        browser.emulate(medium, scheme).unwrap();
        let low = browser.evaluate(CONTRASTS);
        assert_eq!(low, json!([]), "{medium} {scheme}");
    }
}

/// Texts with a contrast below 4.5 to 1.
const CONTRASTS: &str = "(() => {
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => {
    const [r, g, b] = numbers(color).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (one) => {
    const color = getComputedStyle(one).backgroundColor;
    return numbers(color)[3] === 0 ? behind(one.parentElement) : color;
  };
  const all = [...document.querySelectorAll('h1, p, time, th, td, b, code, button, label, small, summary, li')];
  return all.filter((one) => {
    const [a, b] = [light(getComputedStyle(one).color), light(behind(one))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05) < 4.5;
  }).map((one) => one.outerHTML.slice(0, 80));
})()";

#[test]
fn ten_thousand_customers_keep_the_document_small_until_printed() {
    let Some(mut browser) = Browser::start("browser-many") else { return };
    browser.open(&report("11500", "browser-many.html"));
    assert_eq!(browser.count(), "10,063 customers");
    assert!(browser.rows() <= 600);
    // The sum of the layout shifts so far, once the present frame is drawn.
    let shifts = "new Promise((done) => requestAnimationFrame(() => setTimeout(() => {
        const observer = new PerformanceObserver(() => {});
        observer.observe({ type: 'layout-shift', buffered: true });
        done(observer.takeRecords().reduce((sum, entry) => sum + entry.value, 0)) })))";
    for column in 0..7 {
        browser.click_head(column);
        assert!(browser.rows() <= 600);
    }
    assert_eq!(browser.evaluate(shifts), 0);
    // The same sum sees a real shift.
    browser.evaluate("scrollTo(0, 0); document.querySelector('h1').before(document.createElement('hr'))");
    assert_ne!(browser.evaluate(shifts), 0);
    // To find or select all, all rows are needed.
    browser.evaluate("dispatchEvent(new KeyboardEvent('keydown', { key: 'f', ctrlKey: true }))");
    assert_eq!(browser.rows(), 10_063);
    browser.click_head(0);
    assert!(browser.rows() <= 600);
    browser.evaluate("dispatchEvent(new Event('beforeprint'))");
    assert_eq!(browser.rows(), 10_063);
}

#[test]
fn page_is_complete_without_scripts() {
    let Some(mut browser) = Browser::start("browser-plain") else { return };
    browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": true })).unwrap();
    browser.open(&report("40", "browser-plain.html"));
    assert_eq!(browser.column(2)[0], "550.02 %");
    assert_eq!(browser.column(2).len(), 35);
    assert_eq!(
        browser.evaluate("document.querySelector('#tiles li').innerText"),
        "5\nover\n100 % of the budget or more"
    );
    assert_eq!(browser.evaluate("document.querySelectorAll('button').length"), 0);
    assert_eq!(browser.evaluate("getComputedStyle(document.querySelector('.tools label')).display"), "none");
}
