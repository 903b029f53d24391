//! Values of all strips at one time, under the pointer and by the arrow keys.

use serde_json::{Value, json};

use super::chromium::Chromium;
use super::pages;

const RIGHT: u32 = 39;
const ESCAPE: u32 = 27;

fn shown(browser: &mut Chromium) -> String {
    let text = browser.eval("document.querySelector('.readout')?.innerText ?? ''");
    text.as_str().expect("a text").to_owned()
}

#[test]
fn values_are_read_by_key_and_said_politely() {
    let Some(mut browser) = Chromium::start() else { return };
    browser.show(&pages::run().1);
    assert_eq!(shown(&mut browser), "", "nothing is shown before somebody asks");
    browser.eval("document.querySelector('.strips').focus()");
    for _ in 0..8 {
        browser.press("ArrowRight", RIGHT);
    }
    let text = shown(&mut browser);
    for words in ["◇ 0:4", "Decode", "tokens/s", "battery 30.1", "policy4/cur 2.0", "on battery"] {
        assert!(text.contains(words), "{words} is not in {text}");
    }
    assert_eq!(browser.eval("document.querySelector('.readout').ariaLive"), "polite");
    assert_eq!(browser.eval("document.querySelectorAll('.hair').length"), 1);
    browser.press("Escape", ESCAPE);
    assert_eq!(shown(&mut browser), "");
}

#[test]
fn values_follow_the_pointer_and_leave_with_it() {
    let Some(mut browser) = Chromium::start() else { return };
    browser.show(&pages::run().1);
    browser.eval("document.querySelector('.strips').scrollIntoView()");
    let place = browser.eval(
        "(() => { const b = document.querySelector('.strips svg').getBoundingClientRect(); return [b.left + b.width * 0.5, b.top + 80]; })()",
    );
    let moved = |x: &Value, y: &Value| json!({ "type": "mouseMoved", "x": x, "y": y });
    browser.call("Input.dispatchMouseEvent", &moved(&place[0], &place[1]));
    let text = shown(&mut browser);
    assert!(text.contains("◇ 5:") && text.contains("state 2"), "{text}");
    assert_eq!(
        browser.eval("document.querySelector('.readout').ariaLive"),
        "off",
        "a pointer is not talked to"
    );
    let fits = "(() => { const b = document.querySelector('.readout').getBoundingClientRect(); return b.left >= 0 && b.right <= innerWidth; })()";
    assert_eq!(browser.eval(fits), true);
    browser.call("Input.dispatchMouseEvent", &moved(&json!(2), &json!(2)));
    assert_eq!(shown(&mut browser), "");
}

#[test]
fn hostile_names_are_read_as_texts() {
    let Some(mut browser) = Chromium::start() else { return };
    let (run, verdict) = crate::hostile::poisoned("<img src=x onerror=document.title='ran'>");
    browser.show(&edgesoak_reports::html(&run, &verdict));
    browser.eval("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })");
    browser.eval("document.querySelector('.strips').focus()");
    browser.press("ArrowRight", RIGHT);
    assert!(shown(&mut browser).contains("<img"), "names are shown as they are");
    assert_eq!(browser.eval("document.querySelectorAll('img').length"), 0);
    assert_ne!(browser.eval("document.title"), "ran");
}
