//! The floor of each family and route over releases: what is known of it, and its plot.

use edgesoak_record::release::{Release, Trend};
use maud::{Markup, html};

use crate::page::{chart, virtual_mark};
use crate::plot::trend::plot;
use crate::words::text::{name, sentence};

/// Most families and routes that are shown.
const MOST_TRENDS: usize = 60;

pub(super) fn trends(release: &Release) -> Markup {
    html! {
        section.after aria-labelledby="trend" {
            h2 #trend { "Trend over releases" }
            @if release.trends.is_empty() { p.soft { "No session of this release, nor of any before it, has a floor." } }
            @for (place, trend) in release.trends.iter().take(MOST_TRENDS).enumerate() { (one(place, trend)) }
            @if release.trends.len() > MOST_TRENDS {
                p.soft { (release.trends.len() - MOST_TRENDS) " more are in the JSON of the release." }
            }
        }
    }
}

fn one(place: usize, trend: &Trend) -> Markup {
    html! {
        div.card {
            h3 {
                bdi { (name(&trend.family)) } " · " bdi { (name(&trend.route)) }
                @if trend.is_virtual { " " (virtual_mark()) }
            }
            p { bdi { (sentence(&trend.sentence)) } }
            @for change in &trend.changes { p { b { bdi { (sentence(&change.sentence)) } } } }
            (chart(&format!("t{place}"), &plot(trend), trend.is_virtual))
        }
    }
}
