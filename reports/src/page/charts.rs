//! Plots with two value axes: a figure each, its key, and its numbers as a table.

use maud::{Markup, html};

use super::first_screen::virtual_mark;
use crate::plot::chart::{Chart, Plot, Table, Words};
use crate::plot::geometry::{self, Frame, SCALE};
use crate::plot::ink::Ink;

const LEFT: u32 = 62;
const RIGHT: u32 = 38;
const TOP: u32 = 12;
/// Below the plot: ticks and words of the axis.
const BELOW: u32 = 42;

/// Wider plots do not shrink as far on a small screen.
const NARROW: u32 = 700;

/// Several plots side by side, where there is room; `place` keeps the ids of one page apart.
pub(crate) fn charts(place: &str, plots: &[Plot], is_virtual: bool) -> Markup {
    html! {
        @if !plots.is_empty() {
            div.charts { @for plot in plots { (chart(place, plot, is_virtual)) } }
        }
    }
}

/// One plot, or why there is none.
pub(crate) fn chart(place: &str, plot: &Plot, is_virtual: bool) -> Markup {
    html! {
        @match plot {
            Plot::Missing { title, why } => {
                section.card { h3 { (title) } p.soft { (why) } }
            }
            Plot::Drawn(chart) => { (figure(place, chart, is_virtual)) }
        }
    }
}

fn figure(place: &str, chart: &Chart, is_virtual: bool) -> Markup {
    let id = format!("{place}-{}", chart.slug);
    let (width, height) = (LEFT + chart.size.0 + RIGHT, TOP + chart.size.1 + BELOW);
    html! {
        figure.chart.card id=(id) {
            figcaption { (chart.title) @if is_virtual { " " (virtual_mark()) } }
            div.scroll tabindex="0" role="group" aria-label=(chart.title) {
                svg viewBox={ "0 0 " (width) " " (height) } width=(width) class=[(width > NARROW).then_some("wide")] role="img"
                    aria-labelledby={ (id) "-t " (id) "-d" } {
                    title id={ (id) "-t" } { (chart.title) @if is_virtual { ", virtual" } }
                    desc id={ (id) "-d" } { (chart.description) " The numbers are in the table below." }
                    @match geometry::drawn(&chart.panel(frame(chart))) {
                        Ok(shapes) => {
                            g.geometry transform={ "scale(" (1.0 / f64::from(SCALE)) ")" } {
                                @for shape in &shapes { path class=(shape.ink.class()) d=(shape.d) {} }
                            }
                        }
                        Err(words) => { text.missing x=(LEFT) y=(TOP + 14) { (words) } }
                    }
                    @if is_virtual && chart.size.1 > 60 {
                        text.watermark x=(LEFT + chart.size.0 / 2) y=(TOP + chart.size.1 / 2 + 12) aria-hidden="true" { "VIRTUAL" }
                    }
                    (axes(chart))
                    @for words in &chart.words { (at(chart, words)) }
                }
            }
            (key(&chart.key))
            (table(&chart.table))
        }
    }
}

fn frame(chart: &Chart) -> Frame {
    Frame { left: LEFT, top: TOP, width: chart.size.0, height: chart.size.1 }
}

fn x_of(chart: &Chart, value: f64) -> f64 {
    (f64::from(LEFT) + f64::from(chart.size.0) * chart.across.axis.place(value)).round()
}

fn y_of(chart: &Chart, value: f64) -> f64 {
    (f64::from(TOP) + f64::from(chart.size.1) * (1.0 - chart.up.axis.place(value))).round()
}

fn axes(chart: &Chart) -> Markup {
    let bottom = TOP + chart.size.1;
    html! {
        @for tick in &chart.up.axis.ticks {
            text.axis.end x=(LEFT - 7) y=(y_of(chart, *tick) + 4.0) { (chart.up.axis.label(*tick)) }
        }
        @if !chart.up.words.is_empty() {
            text.axis.middle transform={ "rotate(-90 13 " (TOP + chart.size.1 / 2) ")" } x="13" y=(TOP + chart.size.1 / 2) {
                (chart.up.words)
            }
        }
        @for tick in &chart.across.axis.ticks {
            line.tick x1=(x_of(chart, *tick)) x2=(x_of(chart, *tick)) y1=(bottom) y2=(bottom + 5) {}
            text.axis.middle x=(x_of(chart, *tick)) y=(bottom + 18) { (chart.across.axis.label(*tick)) }
        }
        text.axis.middle x=(LEFT + chart.size.0 / 2) y=(bottom + 36) { (chart.across.words) }
    }
}

fn at(chart: &Chart, words: &Words) -> Markup {
    let (x, y) = (x_of(chart, words.at.0) + words.by.0, y_of(chart, words.at.1) + words.by.1);
    html! {
        text class={ "label " (words.ink.class()) "-t" @if words.end { " end" } } x=(x) y=(y) { (words.text) }
    }
}

fn key(key: &[(Ink, String)]) -> Markup {
    html! {
        @if !key.is_empty() {
            ul.key {
                @for (ink, text) in key {
                    li {
                        svg viewBox="0 0 18 10" aria-hidden="true" { g.geometry { path class=(ink.class()) d=(sample(*ink)) {} } }
                        " " (text)
                    }
                }
            }
        }
    }
}

/// As it is drawn: a dot, an area or a line.
fn sample(ink: Ink) -> &'static str {
    match ink {
        Ink::Time(_) | Ink::Candidate | Ink::Reference => "M9 5h0",
        Ink::Suspect(_) | Ink::Unexplained | Ink::Margin => "M2 0h14v10h-14z",
        _ => "M0 5h18",
    }
}

fn table(table: &Table) -> Markup {
    html! {
        @if !table.rows.is_empty() {
            details.data {
                summary { "As a table" }
                div.scroll tabindex="0" role="group" aria-label=(table.caption) {
                    table {
                        caption.unseen { (table.caption) }
                        thead { tr { @for (place, head) in table.head.iter().enumerate() { th.number[place > 0] scope="col" { (head) } } } }
                        tbody {
                            @for row in &table.rows {
                                tr { @for (place, cell) in row.iter().enumerate() {
                                    @if place == 0 { th scope="row" { bdi { (cell) } } } @else { td.number { (cell) } }
                                } }
                            }
                        }
                    }
                }
            }
        }
    }
}
