//! The page, section by section.

mod facts;
mod first_screen;
mod foot;
mod gates;
mod head;
mod latencies;
mod session;
mod strip_table;
mod strips;

use edgesoak_record::{Run, RunVerdict};
use maud::{DOCTYPE, html};

use crate::model::Page;
use crate::words::text::without_tricks;

/// The report of a run as one HTML document.
///
/// Pure and deterministic. The document is complete without script, style sheet or picture from elsewhere;
/// every text of a device, a model or a person is bounded and escaped.
#[must_use]
pub fn html(run: &Run, verdict: &RunVerdict) -> String {
    let page = Page::of(run, verdict);
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            (head::head(&page))
            body {
                a.skip href="#sessions" { "Skip to the sessions" }
                main {
                    (first_screen::first_screen(&page))
                    (session::sessions(&page))
                    (foot::foot(&page))
                }
            }
        }
    };
    without_tricks(&document.into_string())
}
