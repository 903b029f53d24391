//! The floor of each family and route over releases: sentence and table.

use edgesoak_record::release::{Release, Trend, TrendPoint, TrendValue};
use maud::{Markup, html};

use super::tile::in_unit;
use crate::page::virtual_mark;
use crate::words::gate::name as gate_name;
use crate::words::number::{Amount, NONE};
use crate::words::text::{name, sentence};
use crate::words::time::date;

/// Most families and routes that are shown.
const MOST_TRENDS: usize = 60;

pub(super) fn trends(release: &Release) -> Markup {
    html! {
        section.after aria-labelledby="trend" {
            h2 #trend { "Trend over releases" }
            @if release.trends.is_empty() { p.soft { "No session of this release, nor of any before it, has a floor." } }
            @for trend in release.trends.iter().take(MOST_TRENDS) { (one(trend)) }
            @if release.trends.len() > MOST_TRENDS {
                p.soft { (release.trends.len() - MOST_TRENDS) " more are in the JSON of the release." }
            }
        }
    }
}

fn one(trend: &Trend) -> Markup {
    html! {
        div.card {
            h3 {
                bdi { (name(&trend.family)) } " · " bdi { (name(&trend.route)) } " · " (gate_name(trend.gate))
                @if trend.is_virtual { " " (virtual_mark()) }
            }
            p { bdi { (sentence(&trend.sentence)) } }
            @for change in &trend.changes { p { b { bdi { (sentence(&change.sentence)) } } } }
            (table(trend))
        }
    }
}

fn table(trend: &Trend) -> Markup {
    html! {
        details {
            summary { "Figures of " (trend.points.len()) " releases" }
            div.scroll tabindex="0" role="group" aria-label="Floors over releases" {
                table {
                    thead {
                        tr {
                            th scope="col" { "Release" }
                            th scope="col" { "Promoted" }
                            th.number scope="col" { (gate_name(trend.gate)) small { (trend.gate.unit()) } }
                            th.number scope="col" { "Lowest to highest unit" }
                            th.number scope="col" { "Units" }
                            th.number scope="col" { "Sessions" }
                        }
                    }
                    tbody { @for (place, point) in trend.points.iter().enumerate() { (row(trend, place, point)) } }
                }
            }
        }
    }
}

fn row(trend: &Trend, place: usize, point: &TrendPoint) -> Markup {
    let unit = trend.gate.unit();
    let value = match &point.value {
        TrendValue::Measured(value) => Amount::of(*value, unit).number,
        TrendValue::Missing(why) => name(why),
    };
    let range = point.range.map_or_else(
        || NONE.to_owned(),
        |(low, high)| format!("{} to {}", Amount::of(low, unit).number, in_unit(trend.gate, high)),
    );
    html! {
        tr {
            th scope="row" {
                bdi { (name(&point.release)) }
                @if trend.changes.iter().any(|change| change.at == place) { small { "level changes here" } }
            }
            td { (point.promoted.map_or_else(|| "not promoted".to_owned(), date)) }
            td.number { bdi { (value) } }
            td.number { (range) }
            td.number { (point.units.len()) }
            td.number { (point.sessions) }
        }
    }
}
