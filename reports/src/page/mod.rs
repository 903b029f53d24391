//! The page, section by section.

mod answers;
mod basis;
mod charts;
mod facts;
mod first_screen;
mod flips;
mod foot;
mod gates;
mod head;
mod integrity;
mod latencies;
mod margins;
mod privacy;
mod routing;
mod session;
mod slowdowns;
mod strip_table;
mod strips;

use std::borrow::Cow;
use std::convert::Infallible;

use edgesoak_record::{Run, RunVerdict, SessionRecord};
use maud::{DOCTYPE, html};

use crate::background::Background;
use crate::model::Page;
use crate::words::text::without_tricks;

pub(crate) use charts::chart;
pub(crate) use facts::list as facts;
pub(crate) use first_screen::{imported_mark, lines, tiles, virtual_mark, with_code};
pub(crate) use foot::data_block;
pub(crate) use head::{head, head_with};

/// The report of a run as one HTML document, of which nothing is known besides.
///
/// Pure and deterministic. The document is complete without script, style sheet or picture from elsewhere;
/// every text of a device, a model or a person is bounded and escaped.
#[must_use]
pub fn html(run: &Run, verdict: &RunVerdict) -> String {
    let whole = |record| Ok::<_, Infallible>(Cow::Borrowed(record));
    let Ok(page) = html_in_parts(run, verdict, &Background::default(), whole);
    page
}

/// The same of a run whose records need no samples, tokens and meters, with what others know of it: `whole` has those of a
/// session, one after the other. However long the sessions are, one is held at a time.
///
/// # Errors
/// What `whole` fails with.
pub fn html_in_parts<'a, E>(
    run: &'a Run,
    verdict: &'a RunVerdict,
    background: &Background<'_>,
    whole: impl FnMut(&'a SessionRecord) -> Result<Cow<'a, SessionRecord>, E>,
) -> Result<String, E> {
    let page = Page::of(run, verdict, background, whole)?;
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            (head(&page.title))
            body {
                a.skip href="#sessions" { "Skip to the sessions" }
                main {
                    (first_screen::first_screen(&page))
                    (margins::margins(&page))
                    (session::sessions(&page))
                    section.over-all aria-label="All sessions" { (charts::chart("all", &page.energy, false)) }
                    (flips::flips(&page))
                    (integrity::integrity(&page))
                    (foot::foot(&page))
                }
            }
        }
    };
    Ok(without_tricks(&document.into_string()))
}
