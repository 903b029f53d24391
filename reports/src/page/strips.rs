//! Aligned strips as one SVG: geometry from the plotter, words from here.

use edgesoak_record::verdict::mark;
use maud::{Markup, html};

use crate::model::Session;
use crate::plot::axis::time_ticks;
use crate::plot::end_labels::apart;
use crate::plot::geometry::{self, Frame, Panel, SCALE, Shape};
use crate::plot::ink::Ink;
use crate::plot::ribbon::Ribbon;
use crate::plot::sheet::Sheet;
use crate::plot::strip::{Band, Body, Drawn, Strip};
use crate::words::text::bounded;
use crate::words::time::clock;

const WIDTH: u32 = 1_240;
const LEFT: u32 = 140;
const PLOT: u32 = 930;
const TOP: f64 = 26.0;
const GAP: f64 = 20.0;
/// Height of a strip that has only words.
const WORDS: f64 = 18.0;
/// Height of a ribbon, and its distance from what stands above it.
const RIBBON: f64 = 6.0;
const ABOVE: f64 = 9.0;
/// Least distance between two labels at the right.
const LABEL: f64 = 13.0;

/// A strip and where it stands.
struct Placed<'a> {
    strip: &'a Strip,
    top: f64,
    height: f64,
}

impl Placed<'_> {
    /// Where its ribbon begins.
    fn ribbon(&self) -> f64 {
        self.top + self.height + ABOVE
    }

    fn bottom(&self) -> f64 {
        if self.strip.ribbon.is_some() { self.ribbon() + RIBBON } else { self.top + self.height }
    }
}

pub(super) fn figure(session: &Session, sheet: &Sheet) -> Markup {
    let placed = placed(sheet);
    let bottom = placed.last().map_or(TOP, Placed::bottom);
    let height = bottom + 46.0;
    let (title, desc) = (format!("t{}", session.index), format!("d{}", session.index));
    html! {
        figure.strips.simulated[session.is_virtual] tabindex="0" aria-labelledby=(title) {
            svg viewBox={ "0 0 " (WIDTH) " " (whole(height)) } role="img" aria-labelledby={ (title) " " (desc) }
                data-x={ (LEFT) " " (PLOT) " " (sheet.timeline.end) } data-mark=(if session.is_virtual { "◇ " } else { "" }) {
                title id=(title) {
                    "Soak of " (session.device) (mark(session.is_virtual, session.is_imported))
                    ": tokens per second, temperature, clocks, power and memory over time"
                }
                desc id=(desc) { (sheet.description()) @if !session.gist.is_empty() { " Figures: " (session.gist) "." } }
                @for band in &sheet.bands { (through_all(band, sheet, bottom)) }
                @for place in &placed { (strip(place, session, sheet)) }
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
        let place = Placed { strip, top, height };
        top = place.bottom() + GAP;
        placed.push(place);
    }
    placed
}

/// Whole pixels: every position is one by construction.
fn whole(pixels: f64) -> u32 {
    std::time::Duration::try_from_secs_f64(pixels.max(0.0))
        .map_or(0, |span| u32::try_from(span.as_secs()).unwrap_or(0))
}

fn frame(top: f64, height: f64) -> Frame {
    Frame { left: LEFT, top: whole(top), width: PLOT, height: whole(height) }
}

fn geometry(place: &Placed<'_>, drawn: &Drawn, end: f64) -> Result<Vec<Shape>, String> {
    let (low, high) = (drawn.axis.low, drawn.axis.high);
    let mut panel = Panel::over(frame(place.top, place.height), (0.0, end), (low, high));
    panel.areas.extend(drawn.bands.iter().map(|band| (band.ink, (band.from, low), (band.to, high))));
    let level = |ink, from, to, value| (ink, (from, value), (to, value));
    panel.marks.extend(drawn.axis.ticks.iter().map(|tick| level(Ink::Grid, 0.0, end, *tick)));
    panel.marks.extend(drawn.levels.iter().map(|mark| level(mark.ink, 0.0, end, mark.value)));
    panel.marks.extend(drawn.stretches.iter().map(|mark| level(mark.ink, mark.from, mark.to, mark.value)));
    panel.lines.extend(
        drawn.lines.iter().map(|line| (line.ink, line.pieces.iter().map(Vec::as_slice).collect::<Vec<_>>())),
    );
    geometry::drawn(&panel)
}

fn strip(place: &Placed<'_>, session: &Session, sheet: &Sheet) -> Markup {
    let id = place.strip.anchor(session.index);
    let Strip { title, unit, .. } = place.strip;
    html! {
        g id=(id) {
            @match &place.strip.body {
                Body::Missing(why) => {
                    text.missing x=(LEFT) y=(place.top + 12.0) { (bounded(why, 150)) title { (why) } }
                }
                Body::Drawn(drawn) => {
                    (shapes(place, drawn, sheet))
                    @if session.is_virtual {
                        text.watermark x=(LEFT + PLOT / 2) y=(place.top + place.height / 2.0 + 10.0) aria-hidden="true" {
                            "VIRTUAL"
                        }
                    }
                    text.axis x="0" y=(place.top + 27.0) { (unit) }
                    (words_of(place, drawn, sheet))
                }
            }
            text.strip-title x="0" y=(place.top + 12.0) { @if session.is_virtual { "◇ " } (title) }
            @if let Some(state) = &place.strip.ribbon { (ribbon(place.ribbon(), state, sheet)) }
        }
    }
}

/// The lines, with what a script needs to read them back: their names, their unit, and where the axis lies.
fn shapes(place: &Placed<'_>, drawn: &Drawn, sheet: &Sheet) -> Markup {
    let Strip { title, unit, .. } = place.strip;
    let name = |line: Option<usize>| {
        let line = drawn.lines.get(line?)?;
        // A line that is the strip needs no name beside the unit.
        (!line.rows.is_empty()).then(|| if line.name == *unit { "" } else { line.name.as_str() })
    };
    html! {
        @match geometry(place, drawn, sheet.timeline.end) {
            Ok(shapes) => {
                g.geometry transform={ "scale(" (1.0 / f64::from(SCALE)) ")" } data-strip=(title) data-unit=(unit)
                    data-y=(readable(place, drawn)) {
                    @for shape in &shapes { path class=(shape.ink.class()) d=(shape.d) data-name=[name(shape.line)] {} }
                }
            }
            Err(words) => { text.missing x=(LEFT) y=(place.top + 12.0) { (words) } }
        }
    }
}

/// How a place of the drawing becomes a value: that of zero, what one unit adds, and the digits that it can carry.
fn readable(place: &Placed<'_>, drawn: &Drawn) -> String {
    let range = drawn.axis.high - drawn.axis.low;
    let step = -range / (place.height * f64::from(SCALE));
    let digits = if range < 5.0 { 2 } else { usize::from(range < 100.0) };
    format!("{} {step} {digits}", drawn.axis.high - step * place.top * f64::from(SCALE))
}

fn ribbon(top: f64, state: &Ribbon, sheet: &Sheet) -> Markup {
    let end = sheet.timeline.end;
    let mut panel = Panel::over(frame(top, RIBBON), (0.0, end), (0.0, 1.0));
    panel.areas.extend(state.spans.iter().map(|span| (span.ink, (span.from, 0.0), (span.to, 1.0))));
    let told: Vec<String> = state
        .spans
        .iter()
        .map(|span| format!("{} {} {}", x_of(span.from, sheet), x_of(span.to, sheet), span.word))
        .collect();
    let read = !state.spans.is_empty();
    html! {
        @if let Ok(shapes) = geometry::drawn(&panel) {
            g.geometry transform={ "scale(" (1.0 / f64::from(SCALE)) ")" }
                data-strip=[read.then_some(state.name)] data-spans=[read.then(|| told.join("|"))] {
                @for shape in &shapes { path class=(shape.ink.class()) d=(shape.d) {} }
            }
        }
        text.axis.end x=(LEFT - 8) y=(top + RIBBON + 1.0) { (state.name) }
        @if read {
            text.axis x=(LEFT + PLOT + 8) y=(top + RIBBON + 1.0) { (state.words) }
        } @else {
            text.axis x=(LEFT) y=(top + RIBBON + 1.0) { (bounded(&state.words, 150)) }
        }
    }
}

fn x_of(seconds: f64, sheet: &Sheet) -> f64 {
    let place = (seconds / sheet.timeline.end).clamp(0.0, 1.0);
    (f64::from(LEFT) + f64::from(PLOT) * place).round()
}

fn y_of(place: &Placed<'_>, drawn: &Drawn, value: f64) -> f64 {
    (place.top + place.height * (1.0 - drawn.axis.place(value))).round()
}

fn words_of(place: &Placed<'_>, drawn: &Drawn, sheet: &Sheet) -> Markup {
    html! {
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
            text.axis.end.label x=(LEFT + PLOT) y=(place.top + place.height - 4.0) { (aside) }
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
    let labels = levels.chain(lines).map(|(ink, value, label)| (ink, y_of(place, drawn, value), label));
    // Above a ribbon there is no room to spare.
    let slack = if place.strip.ribbon.is_some() { -1.0 } else { 4.0 };
    apart(labels.collect(), LABEL, place.top + place.height + slack)
}

/// Rest and recovery, shaded through all strips.
fn through_all(band: &Band, sheet: &Sheet, bottom: f64) -> Markup {
    let (from, to) = (x_of(band.from, sheet), x_of(band.to, sheet));
    html! {
        rect class=(band.ink.class()) x=(from) y=(TOP) width=(to - from) height=(bottom - TOP) {}
        @if let Some(label) = &band.label { text.axis x=(from + 3.0) y="18" { (label) } }
    }
}

/// Marks through all strips: onset and death.
fn through(sheet: &Sheet, bottom: f64) -> Markup {
    html! {
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
