//! What people with other eyes, or none, get of the pages.

use std::path::PathBuf;

use serde_json::json;

use super::chromium::Chromium;
use super::{none_of, pages};

const AXE: &str = "axe-core-4.14.1.min.js";

#[test]
fn every_text_can_be_read_in_light_and_dark() {
    let Some(mut browser) = Chromium::start() else { return };
    let mut faults = Vec::new();
    for (name, document) in pages::every() {
        for scheme in ["light", "dark"] {
            browser.media("screen", scheme);
            browser.show(&document);
            let faint = browser.texts(include_str!("contrast.js"));
            faults.extend(faint.iter().map(|fault| format!("{name}, {scheme}: {fault}")));
        }
    }
    none_of(&faults);
}

#[test]
fn nothing_is_said_by_colour_alone() {
    let Some(mut browser) = Chromium::start() else { return };
    browser.call("Emulation.setEmulatedVisionDeficiency", &json!({ "type": "achromatopsia" }));
    let (mut faults, mut coloured) = (Vec::new(), 0);
    for (name, document) in pages::every() {
        browser.show(&document);
        let silent = browser.texts(include_str!("colourless.js"));
        coloured +=
            browser.eval("document.querySelectorAll('td.fail, td.open').length").as_u64().unwrap_or(0);
        faults.extend(silent.iter().map(|fault| format!("{name}: {fault}")));
    }
    assert!(coloured > 8, "{coloured} coloured cells were looked at");
    none_of(&faults);
}

/// The text of axe-core, which `scripts/fetch_axe` puts into the cache.
fn axe() -> Option<String> {
    let cache = std::env::var_os("EDGESOAK_CACHE").map(PathBuf::from);
    let base = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let cache = cache.or_else(|| base.or(home).map(|base| base.join("edgesoak")))?;
    std::fs::read_to_string(cache.join(AXE)).ok()
}

#[test]
fn axe_finds_nothing_serious() {
    let Some(axe) = axe() else {
        assert!(std::env::var_os("CI").is_none(), "axe-core is missing, and in CI nothing is skipped");
        return println!("skipped: {AXE} is not in the cache; scripts/fetch_axe brings it");
    };
    let Some(mut browser) = Chromium::start() else { return };
    let mut faults = Vec::new();
    for (name, document) in [pages::run(), pages::comparison(), pages::release()] {
        for scheme in ["light", "dark"] {
            browser.media("screen", scheme);
            browser.show(&document);
            browser.eval(&axe);
            browser.eval("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })");
            let serious = browser.texts(
                "axe.run(document, { resultTypes: ['violations'] }).then((found) => found.violations
                    .filter((rule) => ['serious', 'critical'].includes(rule.impact))
                    .map((rule) => `${rule.id}, ${rule.help}: ${rule.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`))",
            );
            faults.extend(serious.iter().map(|fault| format!("{name}, {scheme}: {fault}")));
        }
    }
    none_of(&faults);
}
