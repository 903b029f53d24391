//! Strips over many sessions as one SVG: lines from the plotter; each dot is a way to its run.

use maud::{Markup, html};

use super::history::{History, OWN, Spot, Strip};
use super::place::Place;
use crate::page::virtual_mark;
use crate::plot::end_labels::apart;
use crate::plot::geometry::{self, Frame, Panel, SCALE, Shape};
use crate::plot::ink::Ink;
use crate::plot::series::Point;
use crate::words::gate::Mood;
use crate::words::number::Amount;
use crate::words::text::bounded;

const WIDTH: u32 = 1_240;
const LEFT: u32 = 136;
const PLOT: u32 = 920;
const TOP: u32 = 22;
const GAP: u32 = 20;
/// Least distance between two labels at the right.
const LABEL: f64 = 14.0;
/// Characters of a label at the right.
const LONGEST: usize = 26;

/// A strip and where it stands.
struct Placed<'a> {
    strip: &'a Strip<'a>,
    top: u32,
    height: u32,
}

/// The figure; `id` tells it from others on its page, `here` is that page.
pub(super) fn figure(history: &History<'_>, id: &str, here: Place<'_>) -> Markup {
    let placed = placed(history);
    let bottom = placed.last().map_or(TOP, |last| last.top + last.height);
    let height = bottom + 30;
    let (title, desc) = (format!("{id}-title"), format!("{id}-desc"));
    html! {
        figure.strips tabindex="0" role="group" aria-label=(history.title) {
            figcaption {
                b { bdi { (history.title) } }
                @if history.is_virtual { " " (virtual_mark()) }
                span.legend {
                    @if history.shows(Mood::Pass) { span { "● pass" } }
                    @if history.shows(Mood::NotProven) { span { "○ not proven" } }
                    @if history.shows(Mood::Fail) { span.bad { "✖ fail" } }
                    @if history.strips.iter().any(|strip| !strip.bar.is_empty()) { span { "┄ bar" } }
                    @if !history.quarantined.is_empty() { span { "▒ in quarantine" } }
                    @if history.left_out > 0 { span { (history.left_out) " older are not drawn" } }
                }
            }
            svg.history viewBox={ "0 0 " (WIDTH) " " (height) } role="group" aria-labelledby={ (title) " " (desc) } {
                title id=(title) { (history.title) " over the runs, the newest at the right" }
                desc id=(desc) { (history.description()) }
                @for (number, place) in placed.iter().enumerate() {
                    @match geometry(place, history) {
                        Ok(shapes) => {
                            g.geometry transform={ "scale(" (1.0 / f64::from(SCALE)) ")" } {
                                @for shape in &shapes { path class=(shape.ink.class()) d=(shape.d) {} }
                            }
                        }
                        Err(words) => { text.missing x=(LEFT) y=(place.top + 12) { (words) } }
                    }
                    (words_of(place, number == 0))
                    (dots(place, history, here))
                }
                @for (x, date) in &history.dates {
                    text.axis.middle x=(x_of(*x, history)) y=(bottom + 18) { (date) }
                }
            }
        }
    }
}

fn placed<'a>(history: &'a History<'a>) -> Vec<Placed<'a>> {
    let mut top = TOP;
    let mut placed = Vec::new();
    for strip in &history.strips {
        placed.push(Placed { strip, top, height: strip.height });
        top += strip.height + GAP;
    }
    placed
}

/// The ink of a line; those behind the first few share one.
fn ink(number: usize) -> Ink {
    const INKS: [Ink; OWN] = [Ink::Rate, Ink::Heat(1), Ink::Power(0), Ink::Memory, Ink::Processor(0)];
    INKS.get(number).copied().unwrap_or(Ink::Clock(1))
}

fn geometry(place: &Placed<'_>, history: &History<'_>) -> Result<Vec<Shape>, String> {
    let axis = &place.strip.axis;
    let lines = lines(place.strip);
    let frame = Frame { left: LEFT, top: place.top, width: PLOT, height: place.height };
    let mut panel = Panel::over(frame, (0.0, history.count), (axis.low, axis.high));
    let quarantined = history.quarantined.iter();
    panel.areas.extend(quarantined.map(|(from, to)| (Ink::Gap, (*from, axis.low), (*to, axis.high))));
    panel.marks.extend(axis.ticks.iter().map(|tick| (Ink::Grid, (0.0, *tick), (history.count, *tick))));
    panel.lines.extend(lines.iter().map(|(ink, points)| (*ink, vec![points.as_slice()])));
    geometry::drawn(&panel)
}

/// Lines through the figures, their bounds, and the bar as steps.
fn lines(strip: &Strip<'_>) -> Vec<(Ink, Vec<Point>)> {
    let steps = strip.bar.iter().flat_map(|(x, limit)| [(x - 0.5, *limit), (x + 0.5, *limit)]);
    let mut lines: Vec<(Ink, Vec<Point>)> = vec![(Ink::Bar, steps.collect())];
    for (number, line) in strip.lines.iter().enumerate() {
        lines.push((ink(number), line.spots.iter().map(|spot| (spot.x, spot.value)).collect()));
        let bounds = line.spots.iter().filter_map(|spot| Some((spot.x, spot.bounds?)));
        lines.extend(bounds.map(|(x, (lo, hi))| (ink(number), vec![(x, lo), (x, hi)])));
    }
    lines.retain(|(_, points)| points.len() > 1);
    lines
}

fn x_of(x: f64, history: &History<'_>) -> f64 {
    (f64::from(LEFT) + f64::from(PLOT) * (x / history.count).clamp(0.0, 1.0)).round()
}

fn y_of(place: &Placed<'_>, value: f64) -> f64 {
    (f64::from(place.top) + f64::from(place.height) * (1.0 - place.strip.axis.place(value))).round()
}

/// Lines are named once: they mean the same in every strip.
fn words_of(place: &Placed<'_>, is_first: bool) -> Markup {
    html! {
        text.strip-title x="0" y=(place.top + 12) { (place.strip.title) }
        text.axis x="0" y=(place.top + 27) { (bounded(&place.strip.unit, 14)) }
        @for tick in &place.strip.axis.ticks {
            text.axis.end x=(LEFT - 8) y=(y_of(place, *tick) + 4.0) { (place.strip.axis.label(*tick)) }
        }
        @for (ink, y, label) in labels(place).into_iter().filter(|_| is_first) {
            text class={ "label " (ink.class()) "-t" } x=(LEFT + PLOT + 8) y=(y + 4.0) {
                (bounded(&label, LONGEST)) title { (label) }
            }
        }
    }
}

/// Names at the right end of the lines, pushed apart so that none covers another.
fn labels(place: &Placed<'_>) -> Vec<(Ink, f64, String)> {
    let bar = place.strip.bar.last().map(|(_, limit)| {
        (Ink::Bar, y_of(place, *limit), format!("bar {}", Amount::limit(*limit, &place.strip.unit).number))
    });
    let named = place.strip.lines.iter().enumerate().take(OWN).filter(|(_, line)| !line.label.is_empty());
    let lines = named.filter_map(|(number, line)| {
        Some((ink(number), y_of(place, line.spots.last()?.value), line.label.clone()))
    });
    let others = place.strip.lines.len().saturating_sub(OWN);
    let rest = place.strip.lines.get(OWN).and_then(|line| line.spots.last());
    let rest = rest.map(|spot| (ink(OWN), y_of(place, spot.value), format!("and {others} more")));
    apart(lines.chain(bar).chain(rest).collect(), LABEL, f64::from(place.top + place.height) + 4.0)
}

fn dots(place: &Placed<'_>, history: &History<'_>, here: Place<'_>) -> Markup {
    html! {
        @for (number, line) in place.strip.lines.iter().enumerate() {
            g class={ "k" (number.min(OWN)) } {
                @for spot in &line.spots { (dot(spot, x_of(spot.x, history), y_of(place, spot.value), here)) }
            }
        }
    }
}

/// By its shape a dot says how the session ended. Keys reach the same runs through the table.
fn dot(spot: &Spot<'_>, x: f64, y: f64, here: Place<'_>) -> Markup {
    html! {
        a href=(here.to(Place::Run(spot.run))) tabindex="-1" {
            @match spot.mood {
                Mood::Fail => {
                    path.cross d={ "M" (x - 4.0) " " (y - 4.0) "l8 8m0-8l-8 8" } { title { (spot.words) } }
                }
                Mood::Pass => { circle.dot cx=(x) cy=(y) r="4" { title { (spot.words) } } }
                Mood::NotProven => { circle.dot.hollow cx=(x) cy=(y) r="3.5" { title { (spot.words) } } }
                _ => { circle.dot cx=(x) cy=(y) r="2.5" { title { (spot.words) } } }
            }
        }
    }
}
