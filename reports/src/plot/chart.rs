//! A plot of its own, with two value axes: what it shows as plain data, and its numbers as a table.

use super::axis::Axis;
use super::geometry::{Frame, Panel};
use super::ink::Ink;
use super::series::Point;

/// A plot, or the words why there is none.
#[derive(Debug, Clone)]
pub(crate) enum Plot {
    Drawn(Box<Chart>),
    Missing { title: &'static str, why: String },
}

/// What is drawn.
#[derive(Debug, Clone)]
pub(crate) struct Chart {
    /// What its place on the page is called, behind that of its session or device.
    pub slug: &'static str,
    pub title: &'static str,
    /// One sentence for those who do not see it.
    pub description: String,
    pub across: Scale,
    pub up: Scale,
    /// Pixels of the plot itself.
    pub size: (u32, u32),
    /// Two opposite corners.
    pub areas: Vec<(Ink, Point, Point)>,
    /// Straight lines.
    pub marks: Vec<(Ink, Point, Point)>,
    pub lines: Vec<(Ink, Vec<Point>)>,
    pub dots: Vec<(Ink, Vec<Point>)>,
    pub words: Vec<Words>,
    /// What the inks mean.
    pub key: Vec<(Ink, String)>,
    pub table: Table,
}

/// An axis and what it measures; one without words has no ticks.
#[derive(Debug, Clone)]
pub(crate) struct Scale {
    pub axis: Axis,
    pub words: String,
}

/// A text at a place of the plot.
#[derive(Debug, Clone)]
pub(crate) struct Words {
    pub at: Point,
    /// Pixels to the right and downwards.
    pub by: (f64, f64),
    /// Which end stands there.
    pub end: bool,
    pub ink: Ink,
    pub text: String,
}

/// The numbers of a plot.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    pub caption: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Chart {
    /// An empty plot of the usual size.
    pub fn new(slug: &'static str, title: &'static str, across: Scale, up: Scale) -> Self {
        Self {
            slug,
            title,
            description: String::new(),
            across,
            up,
            size: (500, 190),
            areas: Vec::new(),
            marks: Vec::new(),
            lines: Vec::new(),
            dots: Vec::new(),
            words: Vec::new(),
            key: Vec::new(),
            table: Table::default(),
        }
    }

    /// Says in one sentence what is seen.
    pub fn describe(&mut self, text: &str) {
        text.clone_into(&mut self.description);
    }

    /// A line over the whole plot at a value of the axis across.
    pub fn at_across(&self, ink: Ink, value: f64) -> (Ink, Point, Point) {
        (ink, (value, self.up.axis.low), (value, self.up.axis.high))
    }

    /// What the plotter is told, in this frame.
    pub fn panel(&self, frame: Frame) -> Panel<'_> {
        let (across, up) = (&self.across.axis, &self.up.axis);
        let grid = up.ticks.iter().map(|tick| (Ink::Grid, (across.low, *tick), (across.high, *tick)));
        Panel {
            areas: self.areas.clone(),
            marks: grid.chain(self.marks.iter().copied()).collect(),
            lines: self.lines.iter().map(|(ink, points)| (*ink, vec![points.as_slice()])).collect(),
            dots: self.dots.iter().map(|(ink, points)| (*ink, points.as_slice())).collect(),
            ..Panel::over(frame, (across.low, across.high), (up.low, up.high))
        }
    }
}

impl Scale {
    /// An axis with words.
    pub fn new(axis: Axis, words: impl Into<String>) -> Self {
        Self { axis, words: words.into() }
    }

    /// Rows without a number, from the top.
    pub fn rows(count: u32) -> Self {
        let mut axis = Axis::over(0.0, f64::from(count.max(1)), f64::from(count.max(1)));
        axis.ticks.clear();
        Self { axis, words: String::new() }
    }
}
