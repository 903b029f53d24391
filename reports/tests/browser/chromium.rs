//! A headless Chromium with one tab, spoken to over two pipes in its `DevTools` protocol: no port, no library.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use base64ct::{Base64, Encoding};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Long enough for a machine that builds meanwhile.
const PATIENCE: Duration = Duration::from_mins(2);

/// What is started of the browser, and nothing that reaches out.
const QUIET: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
];

/// A running browser; it ends with this value.
pub struct Chromium {
    child: Child,
    to: Option<ChildStdin>,
    from: Receiver<Value>,
    calls: u64,
    tab: Option<String>,
    heard: Vec<Value>,
    folder: TempDir,
}

impl Chromium {
    /// A browser with an empty tab of 1366x768, or nothing and a word about it where none is installed.
    pub fn start() -> Option<Self> {
        let Some(program) = program() else {
            assert!(std::env::var_os("CI").is_none(), "there is no Chromium, and in CI nothing is skipped");
            println!("skipped: there is no Chromium; scripts/prerequisites --browser installs it");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        // The browser reads calls from descriptor 3 and answers on 4; a shell puts the pipes there.
        let mut child = Command::new("sh")
            .args(["-c", r#"exec "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1"#, "sh"])
            .arg(program)
            .args(QUIET)
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell starts");
        let (to, out) = (child.stdin.take(), child.stdout.take().expect("a pipe"));
        let (sender, from) = channel();
        std::thread::spawn(move || {
            for message in BufReader::new(out).split(0) {
                let Ok(message) = message else { return };
                let value = serde_json::from_slice(&message).expect("the browser speaks JSON");
                if sender.send(value).is_err() {
                    return;
                }
            }
        });
        let mut browser = Self { child, to, from, calls: 0, tab: None, heard: Vec::new(), folder };
        let target = browser.call("Target.createTarget", &json!({ "url": "about:blank" }));
        let attached = browser
            .call("Target.attachToTarget", &json!({ "targetId": target["targetId"], "flatten": true }));
        browser.tab = attached["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Network", "Log"] {
            browser.call(&format!("{domain}.enable"), &json!({}));
        }
        browser.window(1366, 768, 1.0);
        Some(browser)
    }

    /// Calls a method and waits for its answer; events on the way are kept.
    pub fn call(&mut self, method: &str, params: &Value) -> Value {
        self.calls += 1;
        let mut call = json!({ "id": self.calls, "method": method, "params": params });
        if let Some(tab) = &self.tab {
            call["sessionId"] = json!(tab);
        }
        let to = self.to.as_mut().expect("an open pipe");
        write!(to, "{call}\0").expect("the browser listens");
        loop {
            let message = self.from.recv_timeout(PATIENCE).expect("an answer of the browser");
            if message["id"] == self.calls {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
            self.heard.push(message);
        }
    }

    /// Everything of this event that was heard since the last page was opened.
    pub fn heard(&self, event: &str) -> Vec<&Value> {
        self.heard
            .iter()
            .filter(|message| message["method"] == event)
            .map(|message| &message["params"])
            .collect()
    }

    /// Opens a file and waits until it is loaded.
    pub fn open(&mut self, file: &Path) {
        self.heard.clear();
        let address = format!("file://{}", file.display());
        let opened = self.call("Page.navigate", &json!({ "url": address }));
        assert!(opened["errorText"].is_null(), "{address}: {}", opened["errorText"]);
        while self.heard("Page.loadEventFired").is_empty() {
            let message = self.from.recv_timeout(PATIENCE).expect("the page loads");
            self.heard.push(message);
        }
    }

    /// Opens a document of this text.
    pub fn show(&mut self, document: &str) {
        let file = self.folder.path().join("page.html");
        std::fs::write(&file, document).expect("the page can be written");
        self.open(&file);
    }

    /// The size of the window in CSS pixels, and how many pixels of a screen make one.
    pub fn window(&mut self, width: u32, height: u32, scale: f64) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", &metrics);
    }

    /// `light` or `dark`, as the reader's system says it; `screen` or `print`.
    pub fn media(&mut self, medium: &str, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.call("Emulation.setEmulatedMedia", &json!({ "media": medium, "features": features }));
    }

    /// The value of an expression in the page; a promise is waited for.
    pub fn eval(&mut self, expression: &str) -> Value {
        let wanted = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.call("Runtime.evaluate", &wanted);
        assert!(answer["exceptionDetails"].is_null(), "{}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// The same, of an expression whose value is a list of texts.
    pub fn texts(&mut self, expression: &str) -> Vec<String> {
        let value = self.eval(expression);
        let list = value.as_array().unwrap_or_else(|| panic!("a list, not {value}"));
        list.iter().map(|text| text.as_str().expect("a text").to_owned()).collect()
    }

    /// Presses and lets go of a key.
    pub fn press(&mut self, key: &str, code: u32) {
        let text = if key == "Enter" { "\r" } else { "" };
        let event = |kind: &str, text: &str| json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text });
        self.call(
            "Input.dispatchKeyEvent",
            &event(if text.is_empty() { "rawKeyDown" } else { "keyDown" }, text),
        );
        self.call("Input.dispatchKeyEvent", &event("keyUp", ""));
    }

    /// The page printed on sheets of this many inches.
    pub fn print(&mut self, width: f64, height: f64) -> Vec<u8> {
        let sheet = json!({ "paperWidth": width, "paperHeight": height, "printBackground": true });
        decoded(&self.call("Page.printToPDF", &sheet))
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // With the pipe its browser ends, and with the browser the other pipe; one that does not is ended.
        drop(self.to.take());
        while self.from.recv_timeout(Duration::from_secs(10)).is_ok() {}
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn decoded(answer: &Value) -> Vec<u8> {
    Base64::decode_vec(answer["data"].as_str().expect("data")).expect("Base64")
}

fn program() -> Option<PathBuf> {
    let places = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let places: Vec<PathBuf> = std::env::split_paths(&places).collect();
    names.iter().flat_map(|name| places.iter().map(move |place| place.join(name))).find(|file| file.is_file())
}
