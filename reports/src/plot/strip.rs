//! One strip: a value axis, lines, limits and marks; or the words why there is nothing to draw.

use super::axis::Axis;
use super::ink::Ink;
use super::ribbon::Ribbon;
use super::series::{GAP, Point, Trace, mean, thinned};
use super::timeline::Timeline;

/// Columns of pixels in a strip.
pub(crate) const COLUMNS: f64 = 930.0;
/// More gaps than this are not shaded one by one.
const MOST_GAPS: usize = 100;

/// A strip.
#[derive(Debug, Clone)]
pub(crate) struct Strip {
    pub title: &'static str,
    pub unit: &'static str,
    /// Pixels, when drawn.
    pub height: f64,
    pub body: Body,
    /// A state over the same time, under it.
    pub ribbon: Option<Ribbon>,
}

impl Strip {
    /// Its id on the page, in a session with this index: what is said of it links there.
    pub fn anchor(&self, session: usize) -> String {
        format!("s{session}-{}", self.title.to_lowercase().replace(' ', "-"))
    }

    /// A strip without a ribbon.
    pub fn new(title: &'static str, unit: &'static str, height: f64, body: Body) -> Self {
        Self { title, unit, height, body, ribbon: None }
    }

    /// With a ribbon under it.
    pub fn with(self, ribbon: Ribbon) -> Self {
        Self { ribbon: Some(ribbon), ..self }
    }

    /// Shades the times without a reading of its first line, if it is a line of samples.
    pub fn with_gaps(mut self, end: f64) -> Self {
        if let Body::Drawn(drawn) = &mut self.body
            && let Some(line) = drawn.lines.first().filter(|line| line.ink != Ink::RateRaw)
        {
            let mut from = 0.0;
            let mut gaps = Vec::new();
            for piece in &line.pieces {
                let (Some(first), Some(last)) = (piece.first(), piece.last()) else { continue };
                gaps.push((from, first.0));
                from = last.0;
            }
            gaps.push((from, end));
            gaps.retain(|(from, to)| to - from > line.gap.max(GAP));
            gaps.truncate(MOST_GAPS);
            let band = |(from, to)| Band { ink: Ink::Gap, from, to, label: Some("no reading".to_owned()) };
            drawn.bands.extend(gaps.into_iter().map(band));
        }
        self
    }
}

/// What a strip shows.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    Drawn(Drawn),
    /// Why there is nothing to draw, for people.
    Missing(String),
}

/// Lines and marks on one axis.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    pub axis: Axis,
    pub lines: Vec<Line>,
    pub levels: Vec<Level>,
    pub stretches: Vec<Stretch>,
    pub bands: Vec<Band>,
    /// What is not drawn, in words.
    pub aside: Option<String>,
}

impl Drawn {
    /// Lines on an axis, without marks.
    pub fn of(axis: Axis, lines: Vec<Line>) -> Self {
        Self { axis, lines, levels: Vec::new(), stretches: Vec::new(), bands: Vec::new(), aside: None }
    }
}

/// A measured line.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub ink: Ink,
    /// Name in the data table.
    pub name: String,
    /// Printed at its right end.
    pub label: Option<String>,
    pub pieces: Vec<Vec<Point>>,
    /// Means of the rows of the data table; empty when the line is not in it.
    pub rows: Vec<Option<f64>>,
    /// Longest pause that it bridges, seconds.
    gap: f64,
}

impl Line {
    /// A line of samples.
    pub fn new(ink: Ink, name: String, points: &Trace, timeline: &Timeline) -> Self {
        let step = timeline.row();
        let rows = timeline.rows().iter().map(|begin| mean(points, *begin, begin + step)).collect();
        let pieces = thinned(points, timeline.end, COLUMNS, points.gap);
        Self { ink, name, label: None, pieces, rows, gap: points.gap }
    }

    /// With a text at its right end.
    pub fn labelled(mut self, label: String) -> Self {
        self.label = Some(label);
        self
    }

    /// Where the line ends.
    pub fn last(&self) -> Option<f64> {
        self.pieces.last().and_then(|piece| piece.last()).map(|point| point.1)
    }
}

/// A horizontal line across the strip.
#[derive(Debug, Clone)]
pub(crate) struct Level {
    pub ink: Ink,
    pub value: f64,
    pub label: String,
}

/// A figure over the time it was taken from.
#[derive(Debug, Clone)]
pub(crate) struct Stretch {
    pub ink: Ink,
    pub from: f64,
    pub to: f64,
    pub value: f64,
    pub label: String,
}

/// A shaded time.
#[derive(Debug, Clone)]
pub(crate) struct Band {
    pub ink: Ink,
    pub from: f64,
    pub to: f64,
    /// Printed at its top.
    pub label: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::timeline::Timeline;

    #[test]
    fn times_without_a_reading_are_shaded() {
        let timeline = Timeline::over(60.0);
        let points = (0..40_u32).map(f64::from).filter(|t| !(10.0..20.0).contains(t)).map(|t| (t, 1.0));
        let points = Trace::every(points.collect());
        let line = Line::new(Ink::Memory, String::new(), &points, &timeline);
        let axis = Axis::from_zero(1.0, 2.0);
        let drawn = Drawn::of(axis, vec![line]);
        let strip = Strip::new("", "", 1.0, Body::Drawn(drawn)).with_gaps(60.0);
        let Body::Drawn(drawn) = strip.body else { panic!("a drawn strip stays drawn") };
        let bands: Vec<(f64, f64)> = drawn.bands.iter().map(|band| (band.from, band.to)).collect();
        assert_eq!(bands, [(9.0, 20.0), (39.0, 60.0)]);
    }
}
