//! Everything that can be followed, opened or moved, without a mouse.

use super::chromium::Chromium;
use super::{none_of, pages};

const TAB: u32 = 9;
const ENTER: u32 = 13;

#[test]
fn everything_is_reached_by_tab_and_the_focus_is_seen() {
    let Some(mut browser) = Chromium::start() else { return };
    let mut faults = Vec::new();
    for (name, document) in pages::every() {
        browser.show(&document);
        // More than any page has; the loop ends where the focus leaves the page.
        for _ in 0..400 {
            browser.press("Tab", TAB);
            let focus = browser.eval(include_str!("focus.js"));
            if focus.is_null() {
                break;
            }
            if focus["seen"] != true {
                faults.push(format!("{name}: the focus on {} is not seen", focus["what"]));
            }
        }
        let missed = browser.texts(include_str!("wanted_by_key.js"));
        faults.extend(missed.iter().map(|what| format!("{name}: never reached {what}")));
        let reached = browser.eval("document.querySelectorAll('[data-reached]').length");
        assert!(reached.as_u64() >= Some(3), "{name}: {reached} stops");
    }
    none_of(&faults);
}

#[test]
fn a_fold_opens_and_a_link_leads_by_key() {
    let Some(mut browser) = Chromium::start() else { return };
    browser.show(&pages::run().1);
    browser.eval("document.querySelector('details.fold > summary').focus()");
    assert_eq!(browser.eval("document.querySelector('details.fold').open"), false);
    browser.press("Enter", ENTER);
    assert_eq!(browser.eval("document.querySelector('details.fold').open"), true);
    browser.eval("document.querySelector('.matrix tbody a').focus()");
    browser.press("Enter", ENTER);
    let arrived = "document.querySelector(location.hash).getBoundingClientRect().top < innerHeight";
    assert_eq!(browser.eval(arrived), true);
}
