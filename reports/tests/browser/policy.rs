//! Nothing is asked for, nothing complains, and nothing that a device, a model or a person wrote ever runs.

use super::chromium::Chromium;
use super::{none_of, pages};
use crate::hostile::{ATTACKS, poisoned};

/// What a page that lives by its policy leaves behind: one request, for itself, and no word in the console.
fn noise(browser: &Chromium) -> Vec<String> {
    let mut noise = Vec::new();
    let asked = browser.heard("Network.requestWillBeSent");
    noise.extend(asked.iter().skip(1).map(|event| format!("asked for {}", event["request"]["url"])));
    for event in ["Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown"] {
        noise.extend(browser.heard(event).iter().map(|told| format!("{event}: {told}")));
    }
    noise
        .extend(browser.heard("Page.javascriptDialogOpening").iter().map(|told| format!("a dialog: {told}")));
    noise
}

#[test]
fn a_page_asks_for_nothing_and_complains_of_nothing() {
    let Some(mut browser) = Chromium::start() else { return };
    let mut faults = Vec::new();
    for (name, document) in pages::every() {
        browser.show(&document);
        assert_eq!(browser.heard("Network.requestWillBeSent").len(), 1, "the page itself was asked for");
        // One round more, so that whatever the page set off has been told.
        browser.eval("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)))");
        faults.extend(noise(&browser).iter().map(|what| format!("{name}: {what}")));
    }
    none_of(&faults);
}

/// A page with a stranger's words at its end.
fn with(document: &str, words: &str) -> String {
    document.replacen("</main>", &format!("{words}</main>"), 1)
}

#[test]
fn the_policy_stops_what_a_hole_would_let_in() {
    let Some(mut browser) = Chromium::start() else { return };
    let (_, document) = pages::run();
    let words = "<script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">";
    browser.show(&with(&document, words));
    assert_ne!(browser.eval("document.title"), "ran");
    assert!(!noise(&browser).is_empty(), "the browser tells what it stopped");
    // The same words run where no policy stops them: the test above can fail.
    browser.show(&with(&document.replacen("Content-Security-Policy", "none", 1), words));
    assert_eq!(browser.eval("document.title"), "ran");
    for reaching in
        ["<img src=https://example.com/x.png>", "<link rel=stylesheet href=https://example.com/x.css>"]
    {
        browser.show(&with(&document, reaching));
        assert!(!noise(&browser).is_empty(), "{reaching} is stopped");
        assert!(browser.heard("Network.responseReceived").iter().all(|told| told["type"] == "Document"));
    }
}

#[test]
fn hostile_texts_become_no_element_no_attribute_and_no_script() {
    let Some(mut browser) = Chromium::start() else { return };
    browser.show(&pages::run().1);
    let mut known = browser.texts(include_str!("census.js"));
    let scripts = browser.eval("document.scripts.length");
    let (calm, judged) = poisoned("calm");
    browser.show(&edgesoak_reports::html(&calm, &judged));
    known.extend(browser.texts(include_str!("census.js")));
    let mut faults = Vec::new();
    for attack in ATTACKS {
        let (run, verdict) = poisoned(attack);
        browser.show(&edgesoak_reports::html(&run, &verdict));
        let living = browser.texts(include_str!("census.js"));
        let strange = living.iter().filter(|name| !known.contains(name));
        faults.extend(strange.map(|name| format!("{attack}: {name}")));
        faults.extend(noise(&browser).iter().map(|what| format!("{attack}: {what}")));
        assert_eq!(browser.eval("document.scripts.length"), scripts, "{attack}");
    }
    none_of(&faults);
}
