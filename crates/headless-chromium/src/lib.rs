//! A headless Chromium, controlled by the [DevTools protocol](https://chromedevtools.github.io/devtools-protocol/).
//!
//! The protocol runs over two pipes, so no port is open and no crate for WebSockets is needed. Unix only.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

/// The programs that [`Browser::start`] looks for, in this order.
pub const PROGRAMS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// A browser with one page. It ends when it is dropped.
#[derive(Debug)]
pub struct Browser {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    calls: u64,
    session: Option<String>,
}

impl Browser {
    /// The installed browser, one of [`PROGRAMS`].
    #[must_use]
    pub fn installed() -> Option<&'static str> {
        let works = |name: &&str| {
            let version = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
            version.is_ok_and(|status| status.success())
        };
        PROGRAMS.into_iter().find(works).filter(|_| cfg!(unix))
    }

    /// Starts `program` with an empty page. `profile` is a folder for the files of this browser alone.
    ///
    /// # Errors
    ///
    /// Fails if the program cannot be started or does not respond.
    pub fn start(program: &str, profile: &Path) -> anyhow::Result<Self> {
        // The browser reads from descriptor 3 and writes to 4. Only a shell can set them without unsafe code.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null", program])
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("failed to start {program}"))?;
        let (to, from) = (child.stdin.take().context("no pipe")?, child.stdout.take().context("no pipe")?);
        let mut browser = Self { child, to, from: BufReader::new(from), calls: 0, session: None };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }))?;
        let attached =
            browser.call("Target.attachToTarget", json!({ "targetId": target["targetId"], "flatten": true }))?;
        browser.session = Some(attached["sessionId"].as_str().context("no session")?.to_owned());
        browser.call("Page.enable", json!({}))?;
        Ok(browser)
    }

    fn read(&mut self) -> anyhow::Result<Value> {
        let mut message = Vec::new();
        self.from.read_until(0, &mut message)?;
        message.pop().context("the browser has ended")?;
        Ok(serde_json::from_slice(&message)?)
    }

    /// Calls a method of the protocol and returns its result.
    ///
    /// # Errors
    ///
    /// Fails if the method fails, or the browser has ended.
    pub fn call(&mut self, method: &str, params: Value) -> anyhow::Result<Value> {
        self.calls += 1;
        let mut message = json!({ "id": self.calls, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        write!(self.to, "{message}\0")?;
        loop {
            let mut answer = self.read()?;
            if answer["id"] == self.calls {
                ensure!(answer["error"].is_null(), "{method} failed: {}", answer["error"]);
                return Ok(answer["result"].take());
            }
        }
    }

    /// Opens `url` and waits for the end of its loading.
    ///
    /// # Errors
    ///
    /// Fails like [`Self::call`].
    pub fn open(&mut self, url: &str) -> anyhow::Result<()> {
        self.call("Page.navigate", json!({ "url": url }))?;
        while self.read()?["method"] != "Page.loadEventFired" {}
        Ok(())
    }

    /// Opens a file like [`Self::open`].
    ///
    /// # Errors
    ///
    /// Fails like [`Self::call`].
    pub fn open_file(&mut self, path: &Path) -> anyhow::Result<()> {
        self.open(&format!("file://{}", path.display()))
    }

    /// Runs a script, waits for its promise, and returns its value. The content security policy of the page does not apply
    /// to it.
    ///
    /// # Errors
    ///
    /// Fails if the script throws, and like [`Self::call`].
    pub fn evaluate(&mut self, script: &str) -> anyhow::Result<Value> {
        let params = json!({ "expression": script, "returnByValue": true, "awaitPromise": true });
        let mut answer = self.call("Runtime.evaluate", params)?;
        ensure!(answer["exceptionDetails"].is_null(), "{script} failed: {}", answer["exceptionDetails"]);
        Ok(answer["result"]["value"].take())
    }

    /// Sets the size of the window in CSS pixels.
    ///
    /// # Errors
    ///
    /// Fails like [`Self::call`].
    pub fn resize(&mut self, width: u32, height: u32) -> anyhow::Result<()> {
        let params = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", params).map(drop)
    }

    /// Sets the medium, `screen` or `print`, and the colour scheme, `light` or `dark`.
    ///
    /// # Errors
    ///
    /// Fails like [`Self::call`].
    pub fn emulate(&mut self, medium: &str, scheme: &str) -> anyhow::Result<()> {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.call("Emulation.setEmulatedMedia", json!({ "media": medium, "features": features })).map(drop)
    }

    /// Clicks at a point of the window.
    ///
    /// # Errors
    ///
    /// Fails like [`Self::call`].
    pub fn click(&mut self, x: f64, y: f64) -> anyhow::Result<()> {
        for kind in ["mousePressed", "mouseReleased"] {
            let params = json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", params)?;
        }
        Ok(())
    }

    /// Presses a key that inserts no character, such as `Tab` with code 9, or `Enter` with code 13.
    ///
    /// # Errors
    ///
    /// Fails like [`Self::call`].
    pub fn press(&mut self, key: &str, code: u32) -> anyhow::Result<()> {
        for kind in ["keyDown", "keyUp"] {
            let mut params = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
            if key == "Enter" {
                params["text"] = json!("\r");
            }
            self.call("Input.dispatchKeyEvent", params)?;
        }
        Ok(())
    }

    /// A picture of the window, as PNG.
    ///
    /// # Errors
    ///
    /// Fails like [`Self::call`].
    pub fn screenshot(&mut self) -> anyhow::Result<Vec<u8>> {
        let picture = self.call("Page.captureScreenshot", json!({ "format": "png", "optimizeForSpeed": false }))?;
        data(&picture)
    }

    /// The page as printed, as PDF on A4.
    ///
    /// # Errors
    ///
    /// Fails like [`Self::call`].
    pub fn pdf(&mut self) -> anyhow::Result<Vec<u8>> {
        let params = json!({ "paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": true });
        let pages = self.call("Page.printToPDF", params)?;
        data(&pages)
    }
}

fn data(result: &Value) -> anyhow::Result<Vec<u8>> {
    Ok(STANDARD.decode(result["data"].as_str().context("the result has no data")?)?)
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Both fail if the browser has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
