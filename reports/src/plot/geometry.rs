//! Lines, areas and dots as shapes of SVG, by `plotters`.
//!
//! `plotters` knows whole numbers only, so everything is drawn four times as large and scaled back.

use std::fmt::Display;

use plotters::prelude::{ChartBuilder, Circle, IntoDrawingArea, LineSeries, Rectangle};
use plotters::style::Color;

use super::ink::Ink;
use super::pen::Pen;
pub(crate) use super::pen::Shape;
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
    /// Ends of the axis across.
    pub across: (f64, f64),
    /// Ends of the axis upwards.
    pub up: (f64, f64),
    /// Two opposite corners.
    pub areas: Vec<(Ink, Point, Point)>,
    /// Straight lines, such as levels.
    pub marks: Vec<(Ink, Point, Point)>,
    /// Each of its pieces.
    pub lines: Vec<(Ink, Vec<&'a [Point]>)>,
    /// Each a set of them.
    pub dots: Vec<(Ink, &'a [Point])>,
}

impl Panel<'_> {
    /// An empty box.
    pub fn over(frame: Frame, across: (f64, f64), up: (f64, f64)) -> Self {
        Self { frame, across, up, areas: Vec::new(), marks: Vec::new(), lines: Vec::new(), dots: Vec::new() }
    }
}

/// Shapes in units of 1 / [`SCALE`] pixel, from the ground to the top; an error in words when the plotter refused.
pub(crate) fn drawn(panel: &Panel<'_>) -> Result<Vec<Shape>, String> {
    let mut shapes = Vec::new();
    let Frame { left, top, width, height } = panel.frame;
    let size = ((left + width) * SCALE, (top + height) * SCALE);
    {
        let root = Pen::new(size, &mut shapes).into_drawing_area();
        let area = root.shrink((left * SCALE, top * SCALE), (width * SCALE, height * SCALE));
        let (across, up) = (panel.across, panel.up);
        let mut chart = ChartBuilder::on(&area)
            .build_cartesian_2d(across.0..across.1, up.0..up.1)
            .map_err(|error| in_words(&error))?;
        let held = |&(x, y): &Point| (x.clamp(across.0, across.1), y.clamp(up.0, up.1));
        let areas = panel
            .areas
            .iter()
            .map(|(ink, from, to)| Rectangle::new([held(from), held(to)], ink.sentinel(None).filled()));
        chart.draw_series(areas).map_err(|error| in_words(&error))?;
        for (ink, from, to) in &panel.marks {
            chart
                .draw_series(LineSeries::new([held(from), held(to)], ink.sentinel(None)))
                .map_err(|error| in_words(&error))?;
        }
        for (place, (ink, pieces)) in panel.lines.iter().enumerate() {
            for piece in pieces {
                chart
                    .draw_series(LineSeries::new(piece.iter().map(held), ink.sentinel(Some(place))))
                    .map_err(|error| in_words(&error))?;
            }
        }
        for (ink, dots) in &panel.dots {
            let dots = dots.iter().map(|dot| Circle::new(held(dot), 1, ink.sentinel(None).filled()));
            chart.draw_series(dots).map_err(|error| in_words(&error))?;
        }
    }
    Ok(shapes)
}

fn in_words(error: &impl Display) -> String {
    format!("the plot could not be drawn: {error}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn numbers(d: &str) -> Vec<(char, Vec<i64>)> {
        let mut commands: Vec<(char, Vec<i64>)> = Vec::new();
        for part in d.replace('-', " -").split_inclusive(|c: char| c.is_ascii_alphabetic()) {
            let (text, letter) = part.split_at(part.len() - 1);
            let (text, letter) = if letter.chars().all(|c| c.is_ascii_alphabetic()) {
                (text, letter.chars().next())
            } else {
                (part, None)
            };
            if let Some(open) = commands.last_mut() {
                open.1.extend(text.split_whitespace().map(|n| n.parse::<i64>().expect("a number")));
            }
            commands.extend(letter.map(|letter| (letter, Vec::new())));
        }
        commands
    }

    proptest! {
        #[test]
        fn every_point_lies_inside_its_frame(
            points in prop::collection::vec((any::<f64>(), any::<f64>()), 2..50),
            left in 0..500_u32, top in 0..500_u32, width in 1..900_u32, height in 1..300_u32,
        ) {
            let points: Vec<Point> =
                points.into_iter().filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
            let mut panel = Panel::over(Frame { left, top, width, height }, (0.0, 600.0), (-5.0, 40.0));
            panel.lines.push((Ink::Rate, vec![&points]));
            panel.dots.push((Ink::Grid, &points));
            let shapes = drawn(&panel).expect("it can be drawn");
            prop_assert_eq!(&shapes, &drawn(&panel).expect("it can be drawn again"));
            let scale = i64::from(SCALE);
            let (low, high) = (
                (i64::from(left) * scale, i64::from(top) * scale),
                (i64::from(left + width) * scale, i64::from(top + height) * scale),
            );
            for shape in &shapes {
                let (mut x, mut y) = (0, 0);
                for (command, numbers) in numbers(&shape.d) {
                    let pairs: Vec<(i64, i64)> = match command {
                        'h' => numbers.iter().map(|dx| (*dx, 0)).collect(),
                        'v' => numbers.iter().map(|dy| (0, *dy)).collect(),
                        _ => numbers.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect(),
                    };
                    for (dx, dy) in pairs {
                        (x, y) = if command == 'M' { (dx, dy) } else { (x + dx, y + dy) };
                        prop_assert!((low.0..=high.0).contains(&x) && (low.1..=high.1).contains(&y));
                    }
                }
            }
        }
    }
}
