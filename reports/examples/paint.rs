//! Opens pages in a real browser and prints how long each takes to its first paint: the median of several loads, and the slowest.
//!
//! `cargo run -p edgesoak-reports --example paint -- LOADS PAGE...`

use std::path::PathBuf;

#[expect(dead_code, reason = "the example opens pages and asks for a value, no more")]
#[path = "../tests/browser/chromium.rs"]
mod chromium;

/// Milliseconds from the call for the page to its first contentful paint, once that is known.
const FIRST_PAINT: &str = "new Promise((done) => new PerformanceObserver((list) => {
    const paint = list.getEntriesByName('first-contentful-paint');
    if (paint.length) done(paint[0].startTime);
}).observe({ type: 'paint', buffered: true }))";

fn main() {
    let mut arguments = std::env::args().skip(1);
    let loads: usize = arguments.next().and_then(|text| text.parse().ok()).expect("the number of loads");
    let Some(mut browser) = chromium::Chromium::start() else { return };
    for page in arguments {
        let page = PathBuf::from(page).canonicalize().expect("a page");
        // What the browser does once in its life is not the page's.
        browser.open(&page);
        let mut times: Vec<f64> = (0..loads)
            .map(|_| {
                browser.open(&page);
                browser.eval(FIRST_PAINT).as_f64().expect("a time")
            })
            .collect();
        times.sort_by(f64::total_cmp);
        let name = page.file_name().unwrap_or_default().to_string_lossy();
        println!(
            "{name}: {loads} loads, median {:.0} ms, slowest {:.0} ms",
            times[loads / 2],
            times[loads - 1]
        );
    }
}
