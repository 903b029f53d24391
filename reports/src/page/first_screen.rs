//! Verdict, what was tested, tiles, matrix, next actions, trust: without scrolling.

use maud::{Markup, html};

use super::facts;
use crate::model::{Banner, Cell, Heading, Matrix, Page, Row, Tile};

/// More rows than this stand close together, each on one line.
const ROOMY: usize = 5;

pub(super) fn first_screen(page: &Page) -> Markup {
    html! {
        (banner(&page.banner))
        section.tested aria-label="What was tested" { (facts::list("line", &page.tested)) }
        (tiles(&page.tiles))
        div.two {
            div {
                (matrix(&page.matrix))
                section.trust aria-label="Why this can be believed" { (facts::list("line", &page.trust)) }
            }
            (aside(page))
        }
    }
}

fn banner(banner: &Banner) -> Markup {
    html! {
        header class={ "banner " (banner.mood.class()) } {
            h1 { span.symbol aria-hidden="true" { (banner.mood.symbol()) } " " (banner.mood.shout()) }
            div {
                p { bdi { (banner.sentence) } }
                @for remark in &banner.remarks { p.remark { (remark) } }
            }
        }
    }
}

pub(crate) fn tiles(tiles: &[Tile]) -> Markup {
    html! {
        section.tiles aria-label="Worst device in each promise" {
            @for tile in tiles {
                article class={ "tile " (tile.mood.class()) } {
                    h2 {
                        (tile.title)
                        @if tile.is_virtual { " " (virtual_mark()) }
                        @if tile.is_imported { " " (imported_mark()) }
                    }
                    p.figure {
                        span.symbol aria-hidden="true" { (tile.mood.symbol()) }
                        " " b { (tile.value) }
                        @if !tile.unit.is_empty() { " " span.unit { (tile.unit) } }
                        span.unseen { ", " (tile.mood.word()) }
                    }
                    p { (tile.detail) }
                    @if !tile.device.is_empty() { p.device { bdi { (tile.device) } } }
                }
            }
        }
    }
}

/// Marks everything that a simulated device says.
pub(crate) fn virtual_mark() -> Markup {
    html! { span.virtual title="simulated device: proves nothing about hardware" { "◇ virtual" } }
}

/// Marks everything that another program measured.
pub(crate) fn imported_mark() -> Markup {
    html! { span.soft title="measured by another program: nothing of ours watched it" { "⇥ imported" } }
}

/// The heading of a row about a session, with the way to its section.
pub(super) fn device_heading(section: usize, device: &str, is_virtual: bool) -> Markup {
    html! {
        th scope="row" {
            a href={ "#s" (section) } { bdi { (device) } }
            @if is_virtual { (diamond()) }
        }
    }
}

/// The same on a single figure.
pub(super) fn diamond() -> Markup {
    html! { span.diamond aria-hidden="true" { "◇" } }
}

fn matrix(matrix: &Matrix) -> Markup {
    html! {
        div.scroll.matrix-box tabindex="0" role="group" aria-label="Devices and gates" {
            table.matrix.dense[matrix.rows.len() > ROOMY] {
                caption.unseen { "Devices and gates, worst first" }
                thead {
                    tr {
                        th scope="col" { "Device" }
                        @for heading in &matrix.columns { (heading_cell(heading)) }
                    }
                }
                tbody {
                    @for row in &matrix.rows { (matrix_row(row)) }
                    @if matrix.rows.is_empty() {
                        tr { td.empty colspan=(matrix.columns.len() + 1) { "No session was planned." } }
                    }
                }
            }
        }
    }
}

fn heading_cell(heading: &Heading) -> Markup {
    html! {
        th scope="col" {
            (heading.title)
            small {
                (heading.unit) " " (heading.bar)
                @if !heading.range.is_empty() { span.range { (heading.range) } }
            }
        }
    }
}

fn matrix_row(row: &Row) -> Markup {
    html! {
        tr.simulated[row.is_virtual] {
            th scope="row" {
                span class={ "symbol " (row.mood.class()) } aria-hidden="true" { (row.mood.symbol()) }
                " "
                a href={ "#s" (row.section) } { bdi { (row.device) } }
                span.unseen { ", " (row.mood.word()) }
                small {
                    @if row.is_virtual { (virtual_mark()) " " }
                    @if row.is_imported { (imported_mark()) " " }
                    bdi { (row.under) }
                }
            }
            @for cell in &row.cells { (matrix_cell(cell.as_ref(), row.is_virtual)) }
        }
    }
}

fn matrix_cell(cell: Option<&Cell>, is_virtual: bool) -> Markup {
    html! {
        @match cell {
            Some(cell) => {
                td class=(cell.mood.class()) title=(cell.sentence) {
                    span.symbol aria-hidden="true" { (cell.mood.symbol()) }
                    "\u{a0}" bdi { (cell.number) }
                    @if is_virtual { (diamond()) }
                    span.unseen { ", " (cell.mood.word()) @if is_virtual { ", virtual" } }
                    @if !cell.under.is_empty() || cell.accepted {
                        small { (cell.under) @if cell.accepted { " " span.accepted title="excused by name" { "accepted" } } }
                    }
                }
            }
            None => { td.none { span aria-hidden="true" { "–" } span.unseen { "no such gate" } } }
        }
    }
}

fn aside(page: &Page) -> Markup {
    html! {
        aside {
            h2 { "What to do next" }
            @if page.actions.is_empty() {
                p { "Nothing. No gate asks for more." }
            } @else {
                (lines(&page.actions, 4))
            }
            @if !page.accepted.is_empty() {
                h2 { "Accepted and waived" }
                (lines(&page.accepted, 3))
            }
            @if !page.not_run.is_empty() {
                h2 { "Not run, for want of time" }
                (lines(&page.not_run, 3))
            }
        }
    }
}

/// The first lines; the rest is folded, so that the first screen stays one screen.
pub(crate) fn lines(lines: &[String], shown: usize) -> Markup {
    let (first, rest) = lines.split_at(lines.len().min(shown));
    html! {
        ol { @for line in first { li { (with_code(line)) } } }
        @if !rest.is_empty() {
            details {
                summary { (rest.len()) " more" }
                ol start=(shown + 1) { @for line in rest { li { (with_code(line)) } } }
            }
        }
    }
}

/// Text between backticks is a command.
pub(crate) fn with_code(text: &str) -> Markup {
    let closed = text.matches('`').count().is_multiple_of(2);
    html! {
        @if closed {
            @for (place, part) in text.split('`').enumerate() {
                @if place % 2 == 1 { code { (part) } } @else { bdi { (part) } }
            }
        } @else {
            bdi { (text) }
        }
    }
}
