//! Lines and areas as SVG, by `plotters`.
//!
//! The backend knows whole numbers only, so everything is drawn four times as large and scaled back.

use std::fmt::Display;

use plotters::coord::Shift;
use plotters::prelude::{ChartBuilder, DrawingArea, IntoDrawingArea, LineSeries, Rectangle, SVGBackend};
use plotters::style::Color;

use super::axis::Axis;
use super::ink::Ink;
use super::series::Point;

/// How much larger the geometry is drawn than it is shown.
pub(crate) const SCALE: u32 = 4;

/// A box of the drawing, in shown pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
}

/// What is drawn in one box.
pub(crate) struct Panel<'a> {
    pub frame: Frame,
    /// Length of the time axis, seconds.
    pub end: f64,
    pub axis: &'a Axis,
    /// From, to: over the whole height.
    pub areas: Vec<(Ink, f64, f64)>,
    pub lines: Vec<(Ink, &'a [Point])>,
    /// From, to, value.
    pub levels: Vec<(Ink, f64, f64, f64)>,
}

/// The inside of a `g` element, in units of 1 / [`SCALE`] pixel; an error in words when the backend refused.
pub(crate) fn drawn(panels: &[Panel<'_>], width: u32, height: u32) -> Result<String, String> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (width * SCALE, height * SCALE)).into_drawing_area();
        for panel in panels {
            draw(panel, &root)?;
        }
        root.present().map_err(|error| in_words(&error))?;
    }
    Ok(classed(&inside(&svg)))
}

fn draw(panel: &Panel<'_>, root: &DrawingArea<SVGBackend<'_>, Shift>) -> Result<(), String> {
    let Frame { left, top, width, height } = panel.frame;
    let area = root.clone().shrink((left * SCALE, top * SCALE), (width * SCALE, height * SCALE));
    let (low, high) = (panel.axis.low, panel.axis.high);
    let mut chart = ChartBuilder::on(&area)
        .build_cartesian_2d(0.0..panel.end, low..high)
        .map_err(|error| in_words(&error))?;
    let held = |&(t, value): &Point| (t.clamp(0.0, panel.end), value.clamp(low, high));
    let areas = panel.areas.iter().map(|(ink, from, to)| {
        Rectangle::new([held(&(*from, low)), held(&(*to, high))], ink.sentinel().filled())
    });
    chart.draw_series(areas).map_err(|error| in_words(&error))?;
    for (ink, from, to, value) in &panel.levels {
        let ends = [held(&(*from, *value)), held(&(*to, *value))];
        chart.draw_series(LineSeries::new(ends, ink.sentinel())).map_err(|error| in_words(&error))?;
    }
    for (ink, points) in &panel.lines {
        chart
            .draw_series(LineSeries::new(points.iter().map(held), ink.sentinel()))
            .map_err(|error| in_words(&error))?;
    }
    Ok(())
}

fn in_words(error: &impl Display) -> String {
    format!("the strips could not be drawn: {error}")
}

/// The elements without the `svg` element around them, which the page writes itself.
fn inside(svg: &str) -> String {
    let begin = svg.find('>').map_or(0, |place| place + 1);
    let end = svg.rfind("</svg").unwrap_or(svg.len());
    svg.get(begin..end).unwrap_or_default().trim().to_owned()
}

/// Sentinel colours become classes; what the style sheet says better is dropped.
fn classed(elements: &str) -> String {
    let mut out =
        elements.replace(" \"/>", "\"/>").replace(" opacity=\"1\"", "").replace(" stroke-width=\"1\"", "");
    out = out.replace(" fill=\"none\"", "").replace(" stroke=\"none\"", "");
    for ink in Ink::ALL {
        let class = format!("class=\"{}\"", ink.class());
        let sentinel = ink.sentinel_text();
        if out.contains(&sentinel) {
            out = out.replace(&format!("stroke=\"{sentinel}\""), &class);
            out = out.replace(&format!("fill=\"{sentinel}\""), &class);
        }
    }
    out
}
