//! A release as one HTML page.

use edgesoak_record::release::Release;
use maud::{DOCTYPE, html};

use super::first_screen::first_screen;
use super::{evidence, foot, tables, trend};
use crate::document::release_data;
use crate::page::{data_block, head};
use crate::words::gate::Mood;
use crate::words::text::{name, without_tricks};

/// The report of a release as one HTML document, under the same rules as [`crate::html`].
#[must_use]
pub fn release_html(release: &Release) -> String {
    let title = format!("{} · {}", Mood::from(release.verdict).shout(), name(&release.name));
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            (head(&title))
            body {
                a.skip href="#families" { "Skip to the families" }
                main {
                    (first_screen(release))
                    (tables::families(release))
                    (trend::trends(release))
                    (tables::references(release))
                    (tables::waivers(release))
                    (evidence::sessions(release))
                    (foot::method())
                    (foot::provenance(release))
                    (data_block(&release_data(release)))
                    footer { p { "Made by EdgeSoak from stored data. The same data give the same page." } }
                }
            }
        }
    };
    without_tricks(&document.into_string())
}
