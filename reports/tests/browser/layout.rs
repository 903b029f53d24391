//! What is in the window: the first screen without scrolling, and no page that must be pushed sideways.

use serde_json::json;

use super::chromium::Chromium;
use super::{none_of, pages};

/// Windows in CSS pixels, and pixels of the screen for each: a laptop, the same at 200 %, a phone.
const WINDOWS: [(&str, u32, u32, f64); 3] =
    [("1366x768", 1366, 768, 1.0), ("1366x768 at 200 %", 683, 384, 2.0), ("a phone", 390, 844, 3.0)];

#[test]
fn the_first_screen_needs_no_scrolling_and_no_script() {
    let Some(mut browser) = Chromium::start() else { return };
    let mut faults = Vec::new();
    for scripted in [true, false] {
        browser.call("Emulation.setScriptExecutionDisabled", &json!({ "value": !scripted }));
        for (name, document) in [pages::run(), pages::twelve_devices(), pages::release()] {
            browser.show(&document);
            let outside = browser.texts(include_str!("outside.js"));
            faults.extend(outside.iter().map(|fault| format!("{name}, scripted {scripted}: {fault}")));
        }
    }
    none_of(&faults);
}

#[test]
fn no_page_is_wider_than_its_window() {
    let Some(mut browser) = Chromium::start() else { return };
    let mut faults = Vec::new();
    for (name, document) in pages::every() {
        for (window, width, height, scale) in WINDOWS {
            browser.window(width, height, scale);
            browser.show(&document);
            browser.eval("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })");
            let sideways = browser.texts(include_str!("sideways.js"));
            faults.extend(sideways.iter().map(|fault| format!("{name} in {window}: {fault}")));
        }
    }
    none_of(&faults);
}

#[test]
fn a_name_without_end_is_wrapped_or_scrolled_in_its_table() {
    let Some(mut browser) = Chromium::start() else { return };
    let (run, verdict) = crate::hostile::poisoned(&"W".repeat(400));
    browser.window(390, 844, 3.0);
    browser.show(&edgesoak_reports::html(&run, &verdict));
    // A name may be cut where it stands small; it stands whole at its section.
    let faults = browser.texts(include_str!("sideways.js"));
    none_of(&faults.into_iter().filter(|fault| !fault.starts_with("cut off")).collect::<Vec<_>>());
}
