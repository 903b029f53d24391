//! Aligned strips as one SVG: geometry from the plotter, words from here.

use edgesoak_record::verdict::mark;
use maud::{Markup, PreEscaped, html};

use crate::model::Session;
use crate::plot::axis::time_ticks;
use crate::plot::geometry::{self, Frame, Panel, SCALE};
use crate::plot::ink::Ink;
use crate::plot::sheet::Sheet;
use crate::plot::strip::{Band, Body, Drawn, Strip};
use crate::words::time::clock;

const WIDTH: u32 = 1_240;
const LEFT: u32 = 140;
const PLOT: u32 = 930;
const TOP: f64 = 26.0;
const GAP: f64 = 20.0;
/// Height of a strip that has only words.
const WORDS: f64 = 24.0;
/// Least distance between two labels at the right.
const LABEL: f64 = 13.0;

/// A strip and where it stands.
struct Placed<'a> {
    strip: &'a Strip,
    top: f64,
    height: f64,
}

pub(super) fn figure(session: &Session, sheet: &Sheet) -> Markup {
    let placed = placed(sheet);
    let bottom = placed.last().map_or(TOP, |last| last.top + last.height);
    let height = bottom + 46.0;
    let (title, desc) = (format!("t{}", session.index), format!("d{}", session.index));
    html! {
        figure.strips.simulated[session.is_virtual] {
            svg viewBox={ "0 0 " (WIDTH) " " (whole(height)) } role="img" aria-labelledby={ (title) " " (desc) } {
                title id=(title) {
                    "Soak of " (session.device) (mark(session.is_virtual, session.is_imported))
                    ": tokens per second, temperature, clocks, power and memory over time"
                }
                desc id=(desc) { (sheet.description()) @if !session.gist.is_empty() { " Figures: " (session.gist) "." } }
                @match geometry(&placed, sheet, height) {
                    Ok(elements) => {
                        g.geometry transform={ "scale(" (1.0 / f64::from(SCALE)) ")" } { (PreEscaped(elements)) }
                    }
                    Err(words) => { text.axis x=(LEFT) y="16" { (words) } }
                }
                @if session.is_virtual { (watermark(&placed)) }
                @for place in &placed { (words_of(place, sheet, session)) }
                (through(sheet, bottom))
                (time_axis(sheet, bottom))
            }
        }
    }
}

fn placed(sheet: &Sheet) -> Vec<Placed<'_>> {
    let mut top = TOP;
    let mut placed = Vec::new();
    for strip in &sheet.strips {
        let height = if matches!(strip.body, Body::Drawn(_)) { strip.height } else { WORDS };
        placed.push(Placed { strip, top, height });
        top += height + GAP;
    }
    placed
}

/// Whole pixels: every position is one by construction.
fn whole(pixels: f64) -> u32 {
    std::time::Duration::try_from_secs_f64(pixels.max(0.0))
        .map_or(0, |span| u32::try_from(span.as_secs()).unwrap_or(0))
}

fn geometry(placed: &[Placed<'_>], sheet: &Sheet, height: f64) -> Result<String, String> {
    let end = sheet.timeline.end;
    let panels: Vec<Panel<'_>> = placed
        .iter()
        .filter_map(|place| match &place.strip.body {
            Body::Drawn(drawn) => Some((place, drawn)),
            Body::Missing(_) => None,
        })
        .map(|(place, drawn)| Panel {
            frame: Frame { left: LEFT, top: whole(place.top), width: PLOT, height: whole(place.height) },
            end,
            axis: &drawn.axis,
            areas: sheet
                .bands
                .iter()
                .chain(&drawn.bands)
                .map(|band| (band.ink, band.from, band.to))
                .collect(),
            lines: drawn
                .lines
                .iter()
                .flat_map(|line| line.pieces.iter().map(move |piece| (line.ink, piece.as_slice())))
                .collect(),
            levels: levels(drawn, end),
        })
        .collect();
    geometry::drawn(&panels, WIDTH, whole(height))
}

fn levels(drawn: &Drawn, end: f64) -> Vec<(Ink, f64, f64, f64)> {
    let grid = drawn.axis.ticks.iter().map(|tick| (Ink::Grid, 0.0, end, *tick));
    let levels = drawn.levels.iter().map(|level| (level.ink, 0.0, end, level.value));
    let figures =
        drawn.stretches.iter().map(|stretch| (stretch.ink, stretch.from, stretch.to, stretch.value));
    grid.chain(levels).chain(figures).collect()
}

fn x_of(seconds: f64, sheet: &Sheet) -> f64 {
    let place = (seconds / sheet.timeline.end).clamp(0.0, 1.0);
    (f64::from(LEFT) + f64::from(PLOT) * place).round()
}

fn y_of(place: &Placed<'_>, drawn: &Drawn, value: f64) -> f64 {
    (place.top + place.height * (1.0 - drawn.axis.place(value))).round()
}

fn words_of(place: &Placed<'_>, sheet: &Sheet, session: &Session) -> Markup {
    html! {
        text.strip-title id=(place.strip.anchor(session.index)) x="0" y=(place.top + 12.0) {
            @if session.is_virtual { "◇ " }
            (place.strip.title)
        }
        @match &place.strip.body {
            Body::Missing(why) => {
                text.missing x=(LEFT) y=(place.top + 12.0) { (crate::words::text::bounded(why, 150)) title { (why) } }
            }
            Body::Drawn(drawn) => {
                text.axis x="0" y=(place.top + 27.0) { (place.strip.unit) }
                @for tick in &drawn.axis.ticks {
                    text.axis.end x=(LEFT - 8) y=(y_of(place, drawn, *tick) + 4.0) { (drawn.axis.label(*tick)) }
                }
                @for (ink, y, label) in right_labels(place, drawn) {
                    text class={ "label " (ink.class()) "-t" } x=(LEFT + PLOT + 8) y=(y + 4.0) { (label) }
                }
                @for stretch in &drawn.stretches {
                    text class={ "label figure-t" @if stretch.to > sheet.timeline.end * 0.6 { " end" } }
                        x=(if stretch.to > sheet.timeline.end * 0.6 { x_of(stretch.to, sheet) } else { x_of(stretch.from, sheet) })
                        y=(y_of(place, drawn, stretch.value) - 6.0) { (stretch.label) }
                }
                @for band in drawn.bands.iter().take(8) { (band_label(band, place, sheet)) }
                @if let Some(aside) = &drawn.aside {
                    text.axis.end x=(LEFT + PLOT) y=(place.top + place.height - 4.0) { (aside) }
                }
            }
        }
    }
}

/// A stall is named beside its narrow band, a gap inside where there is room.
fn band_label(band: &Band, place: &Placed<'_>, sheet: &Sheet) -> Markup {
    let (from, to, y) = (x_of(band.from, sheet), x_of(band.to, sheet), place.top + place.height - 4.0);
    html! {
        @match (&band.label, band.ink) {
            (Some(label), Ink::Stall) => { text.label.stall-t x=(to + 3.0) y=(y) { (label) } }
            (Some(label), _) if to - from > 70.0 => {
                text.axis.middle x=(f64::midpoint(from, to).round()) y=(y) { (label) }
            }
            _ => {}
        }
    }
}

/// Labels at the right end of lines and levels, pushed apart so that none covers another.
fn right_labels(place: &Placed<'_>, drawn: &Drawn) -> Vec<(Ink, f64, String)> {
    let lines = drawn.lines.iter().filter_map(|line| Some((line.ink, line.last()?, line.label.clone()?)));
    let levels = drawn.levels.iter().map(|level| (level.ink, level.value, level.label.clone()));
    let mut labels: Vec<(Ink, f64, String)> =
        levels.chain(lines).map(|(ink, value, label)| (ink, y_of(place, drawn, value), label)).collect();
    labels.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut least = f64::NEG_INFINITY;
    for label in &mut labels {
        label.1 = label.1.max(least);
        least = label.1 + LABEL;
    }
    // What was pushed below the strip is pushed back up.
    let mut most = place.top + place.height + 4.0;
    for label in labels.iter_mut().rev() {
        label.1 = label.1.min(most);
        most = label.1 - LABEL;
    }
    labels
}

fn watermark(placed: &[Placed<'_>]) -> Markup {
    html! {
        @for place in placed.iter().filter(|place| matches!(place.strip.body, Body::Drawn(_))) {
            text.watermark x=(LEFT + PLOT / 2) y=(place.top + place.height / 2.0 + 10.0) aria-hidden="true" {
                "VIRTUAL"
            }
        }
    }
}

/// Marks through all strips: onset, death, rest and recovery.
fn through(sheet: &Sheet, bottom: f64) -> Markup {
    html! {
        @for band in &sheet.bands {
            @if let Some(label) = &band.label {
                text.axis x=(x_of(band.from, sheet) + 3.0) y="18" { (label) }
            }
        }
        @for moment in &sheet.moments {
            line.moment x1=(x_of(moment.at, sheet)) x2=(x_of(moment.at, sheet)) y1="8" y2=(bottom) {}
            text class={ "moment-t" @if moment.at > sheet.timeline.end * 0.7 { " end" } }
                x=(x_of(moment.at, sheet) + if moment.at > sheet.timeline.end * 0.7 { -5.0 } else { 5.0 }) y="18" {
                (moment.label)
            }
        }
    }
}

fn time_axis(sheet: &Sheet, bottom: f64) -> Markup {
    let zero = if sheet.timeline.scored { "first scored prompt" } else { "beginning of the journal" };
    html! {
        @for tick in time_ticks(sheet.timeline.end) {
            line.tick x1=(x_of(tick, sheet)) x2=(x_of(tick, sheet)) y1=(bottom) y2=(bottom + 5.0) {}
            text.axis.middle x=(x_of(tick, sheet)) y=(bottom + 19.0) { (clock(tick)) }
        }
        text.axis.middle x=(LEFT + PLOT / 2) y=(bottom + 38.0) {
            "minutes since the " (zero) ", device clock"
            @if sheet.timeline.cut { "; what lies behind is not drawn" }
        }
    }
}
