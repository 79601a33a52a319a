//! The report in a real browser: sorting, search, narrow screens, printing, contrast. Skipped without a browser.

use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::SandboxProcess;
use crate::skip::missing_tool;

/// A headless Chromium, controlled by the DevTools protocol over two pipes. It ends when they close.
struct Browser {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    calls: u64,
    session: Option<String>,
}

impl Browser {
    /// Without a browser, prints a line on standard error and returns `None`.
    fn start(profile: &str) -> Option<Self> {
        let names = ["chromium", "chromium-browser", "google-chrome"];
        let works = |name: &&&str| {
            let version = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
            version.is_ok_and(|status| status.success())
        };
        let Some(name) = names.iter().find(works).filter(|_| cfg!(unix)) else {
            missing_tool("a browser", &format!("install one of {}", names.join(", ")));
            return None;
        };
        // The browser reads from descriptor 3 and writes to 4. Only a shell can set them without unsafe code.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null", name])
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run"])
            .arg(format!("--user-data-dir={}/{profile}", env!("CARGO_TARGET_TMPDIR")))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (to, from) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut browser = Self { child, to, from, calls: 0, session: None };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attached =
            browser.call("Target.attachToTarget", json!({ "targetId": target["targetId"], "flatten": true }));
        browser.session = Some(attached["sessionId"].as_str().unwrap().to_owned());
        browser.call("Page.enable", json!({}));
        Some(browser)
    }

    fn read(&mut self) -> Value {
        let mut message = Vec::new();
        self.from.read_until(0, &mut message).unwrap();
        message.pop().expect("the browser is there");
        serde_json::from_slice(&message).unwrap()
    }

    fn call(&mut self, method: &str, params: Value) -> Value {
        self.calls += 1;
        let mut message = json!({ "id": self.calls, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        write!(self.to, "{message}\0").unwrap();
        loop {
            let mut answer = self.read();
            if answer["id"] == self.calls {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].take();
            }
        }
    }

    fn open(&mut self, path: &str) {
        self.call("Page.navigate", json!({ "url": format!("file://{path}") }));
        while self.read()["method"] != "Page.loadEventFired" {}
    }

    /// Runs a script. The content security policy of the page does not apply to it.
    fn evaluate(&mut self, script: &str) -> Value {
        let params = json!({ "expression": script, "returnByValue": true, "awaitPromise": true });
        let mut answer = self.call("Runtime.evaluate", params);
        assert!(answer["exceptionDetails"].is_null(), "{script}: {answer}");
        answer["result"]["value"].take()
    }

    /// Clicks in the middle of the header of `column`.
    fn click_head(&mut self, column: usize) {
        let place = self.evaluate(&format!(
            "(() => {{ const head = document.querySelectorAll('#customers thead button')[{column}];
               head.scrollIntoView({{ block: 'center' }});
               const box = head.getBoundingClientRect();
               return [box.x + box.width / 2, box.y + box.height / 2] }})()"
        ));
        for kind in ["mousePressed", "mouseReleased"] {
            let params = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", params);
        }
    }

    fn column(&mut self, column: usize) -> Vec<String> {
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

    fn count(&mut self) -> String {
        self.evaluate("document.getElementById('count').textContent").as_str().unwrap().to_owned()
    }

    fn media(&mut self, medium: &str, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.call("Emulation.setEmulatedMedia", json!({ "media": medium, "features": features }));
    }

    fn width(&mut self, width: u32) {
        let params = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", params);
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn report(customers: &str, name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name).to_str().unwrap().to_owned();
    let output = SandboxProcess::start(&["--customers", customers]).call(&["report", "--html", &path]);
    assert!(output.status.success(), "{}", crate::shown(&output));
    path
}

#[test]
fn headers_sort_and_the_search_filters() {
    let Some(mut browser) = Browser::start("browser-sort") else { return };
    browser.open(&report("40", "browser-sort.html"));
    assert_eq!(browser.count(), "35 customers");
    assert_eq!(browser.sorted(), json!([null, null, null, null, "descending", null]));
    assert_eq!(browser.column(4)[..2], ["550.02 %", "363.27 %"]);

    browser.click_head(2);
    assert_eq!(browser.sorted(), json!([null, null, "descending", null, null, null]));
    let costs: Vec<f64> = browser.column(2).iter().map(|cost| cost.parse().unwrap()).collect();
    assert_eq!(costs.len(), 35);
    assert!(costs.is_sorted_by(|one, other| one >= other), "{costs:?}");
    browser.click_head(2);
    assert_eq!(browser.sorted(), json!([null, null, "ascending", null, null, null]));
    let costs: Vec<f64> = browser.column(2).iter().map(|cost| cost.parse().unwrap()).collect();
    assert!(costs.is_sorted(), "{costs:?}");

    // With the keyboard.
    browser.evaluate("document.querySelectorAll('#customers thead button')[0].focus()");
    for kind in ["keyDown", "keyUp"] {
        let params =
            json!({ "type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r" });
        browser.call("Input.dispatchKeyEvent", params);
    }
    assert_eq!(browser.sorted(), json!(["ascending", null, null, null, null, null]));
    assert!(browser.column(0).is_sorted_by_key(|name| name.to_lowercase()));

    browser.evaluate("document.getElementById('search').focus()");
    browser.call("Input.insertText", json!({ "text": "PRAIRIE  c" }));
    assert_eq!(browser.count(), "1 of 35 customers");
    assert!(browser.column(0)[0].starts_with("Bright Prairie Cycles\n00000000-"));
    // Customers without a budget come last in both directions, and sorting keeps the search.
    browser.evaluate("document.getElementById('search').select()");
    browser.call("Input.insertText", json!({ "text": "00000000000" }));
    for _ in 0..2 {
        browser.click_head(1);
        assert_eq!(browser.column(1).last().unwrap(), "–");
    }
    browser.evaluate(
        "{ const one = document.getElementById('status'); one.value = 'over'; one.dispatchEvent(new Event('input')) }",
    );
    assert_eq!(browser.count(), "2 of 35 customers");
    assert!(browser.column(5).iter().all(|words| words == "over"));
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
        browser.width(width);
        let [page, screen] = ["scrollWidth", "clientWidth"].map(|what| format!("document.documentElement.{what}"));
        assert_eq!(browser.evaluate(&page), browser.evaluate(&screen), "{width} px");
    }
    for (medium, scheme) in [("screen", "light"), ("screen", "dark"), ("print", "light"), ("print", "dark")] {
        browser.media(medium, scheme);
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
  const all = [...document.querySelectorAll('h1, p, time, th, td, b, code, button, label')];
  return all.filter((one) => {
    const [a, b] = [light(getComputedStyle(one).color), light(behind(one))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05) < 4.5;
  }).map((one) => one.outerHTML.slice(0, 80));
})()";

#[test]
fn ten_thousand_customers_keep_the_document_small_until_printed() {
    let Some(mut browser) = Browser::start("browser-many") else { return };
    browser.open(&report("11500", "browser-many.html"));
    let rows = "document.querySelectorAll('#customers tbody tr').length";
    assert_eq!(browser.count(), "10,063 customers");
    assert!(browser.evaluate(rows).as_u64().unwrap() <= 600);
    let ready = browser.evaluate("Math.round(performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd)");
    let mut took = Vec::new();
    for column in 0..6 {
        // Measured until the page is drawn, because layout takes most of the time.
        took.push(browser.evaluate(&format!(
            "(async () => {{ const start = performance.now();
               document.querySelectorAll('#customers thead button')[{column}].click();
               document.body.offsetHeight;
               return Math.round(performance.now() - start) }})()"
        )));
        assert!(browser.evaluate(rows).as_u64().unwrap() <= 600);
    }
    let took: Vec<u64> = took.iter().map(|one| one.as_u64().unwrap()).collect();
    let took = format!("10,063 customers: ready after {ready} ms, sorts by each column: {took:?} ms\n");
    io::stderr().write_all(took.as_bytes()).unwrap();
    browser.evaluate("scrollTo(0, document.body.scrollHeight)");
    browser.evaluate("dispatchEvent(new Event('beforeprint'))");
    assert_eq!(browser.evaluate(rows), 10_063);
}

#[test]
fn page_is_complete_without_scripts() {
    let Some(mut browser) = Browser::start("browser-plain") else { return };
    browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    browser.open(&report("40", "browser-plain.html"));
    assert_eq!(browser.column(4)[0], "550.02 %");
    assert_eq!(browser.column(4).len(), 35);
    assert_eq!(browser.evaluate("getComputedStyle(document.querySelector('.tools')).display"), "none");
}
