//! Takes the pictures of the documentation: a report as it is seen on a screen, in the dark, on a phone and on paper.
//!
//! `cargo run -p edgesoak-reports --example pictures -- PAGE FOLDER`

use std::path::PathBuf;

use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

#[expect(dead_code, reason = "pictures need no keys and no console")]
#[path = "../tests/browser/chromium.rs"]
mod chromium;

use chromium::Chromium;

/// A PNG of the window, or of a part of the page.
fn picture(browser: &mut Chromium, part: Option<&Value>) -> Vec<u8> {
    let mut wanted = json!({ "format": "png", "captureBeyondViewport": part.is_some() });
    if let Some(part) = part {
        wanted["clip"] = part.clone();
    }
    let taken = browser.call("Page.captureScreenshot", &wanted);
    Base64::decode_vec(taken["data"].as_str().expect("a picture")).expect("Base64")
}

/// Where a part of the page lies, not more than this high.
fn part(browser: &mut Chromium, selector: &str, height: u32) -> Value {
    browser.eval(&format!(
        "(() => {{ const box = document.querySelector('{selector}').getBoundingClientRect();
            return {{ x: 0, y: box.top + scrollY - 12, width: innerWidth, height: Math.min(box.height + 24, {height}), scale: 1 }}; }})()"
    ))
}

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let page = arguments.next().expect("a page").canonicalize()?;
    let folder = arguments.next().expect("a folder for the pictures");
    let Some(mut browser) = Chromium::start() else { return Ok(()) };
    for (scheme, name) in [("light", "report.png"), ("dark", "report_dark.png")] {
        browser.media("screen", scheme);
        browser.open(&page);
        // A little smaller than life: a picture of 200 kB is enough for a page of text.
        let window = json!({ "x": 0, "y": 0, "width": 1366, "height": 768, "scale": 0.85 });
        std::fs::write(folder.join(name), picture(&mut browser, Some(&window)))?;
    }
    browser.media("screen", "light");
    browser.open(&page);
    for (selector, height, name) in
        [(".session figure.strips", 1_100, "report_strips.png"), (".session .gates", 620, "report_gates.png")]
    {
        let at = part(&mut browser, selector, height);
        std::fs::write(folder.join(name), picture(&mut browser, Some(&at)))?;
    }
    browser.window(390, 844, 1.0);
    browser.open(&page);
    std::fs::write(folder.join("report_phone.png"), picture(&mut browser, None))?;
    browser.media("print", "light");
    std::fs::write(folder.join("report.pdf"), browser.print(8.27, 11.69))
}
