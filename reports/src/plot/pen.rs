//! A backend of `plotters` that keeps compact paths of SVG, and for each what it means.
//!
//! Corners are whole numbers, each told from the one before; runs along an axis become one step, so that a level or a
//! staircase costs a few bytes however many samples it had. Nothing that can be seen is lost by it.

use std::convert::Infallible;
use std::fmt::Write as _;

use plotters_backend::{BackendColor, BackendCoord, BackendStyle, DrawingBackend, DrawingErrorKind};

use super::ink::Ink;

/// Everything that was drawn in one ink for one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shape {
    pub ink: Ink,
    /// Which of the lines of its panel, if it is one.
    pub line: Option<usize>,
    /// The `d` of a path.
    pub d: String,
}

type Outcome = Result<(), DrawingErrorKind<Infallible>>;

/// Draws into shapes.
pub(super) struct Pen<'a> {
    size: (u32, u32),
    shapes: &'a mut Vec<Shape>,
}

impl<'a> Pen<'a> {
    /// A sheet of this size.
    pub fn new(size: (u32, u32), shapes: &'a mut Vec<Shape>) -> Self {
        Self { size, shapes }
    }

    /// The path that this colour stands for; pieces of one line become one path.
    fn path(&mut self, colour: BackendColor) -> &mut String {
        let (ink, line) = Ink::of_sentinel(colour.rgb);
        let known = self.shapes.iter().position(|shape| shape.ink == ink && shape.line == line);
        let place = known.unwrap_or_else(|| {
            self.shapes.push(Shape { ink, line, d: String::new() });
            self.shapes.len() - 1
        });
        &mut self.shapes[place].d
    }
}

impl DrawingBackend for Pen<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Outcome {
        Ok(())
    }

    fn present(&mut self) -> Outcome {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, colour: BackendColor) -> Outcome {
        dot(self.path(colour), point);
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        _fill: bool,
    ) -> Outcome {
        let (width, height) = (bottom_right.0 - upper_left.0, bottom_right.1 - upper_left.1);
        let d = self.path(style.color());
        let _ = write!(d, "M{} {}h{width}v{height}h{}z", upper_left.0, upper_left.1, -width);
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Outcome {
        stroke(self.path(style.color()), path);
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        _radius: u32,
        style: &S,
        _fill: bool,
    ) -> Outcome {
        dot(self.path(style.color()), center);
        Ok(())
    }
}

/// A line of no length: round caps make it a dot, as large as the style sheet says.
fn dot(d: &mut String, (x, y): BackendCoord) {
    let _ = write!(d, "M{x} {y}h0");
}

/// A step that is not written yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Across(i32),
    Up(i32),
    Aslant(i32, i32),
}

impl Step {
    fn between(from: BackendCoord, to: BackendCoord) -> Option<Self> {
        match (to.0 - from.0, to.1 - from.1) {
            (0, 0) => None,
            (x, 0) => Some(Step::Across(x)),
            (0, y) => Some(Step::Up(y)),
            (x, y) => Some(Step::Aslant(x, y)),
        }
    }

    /// Both as one; a turn back along the same axis is a spike and stays.
    fn with(self, next: Self) -> Option<Self> {
        match (self, next) {
            (Step::Across(a), Step::Across(b)) if (a < 0) == (b < 0) => Some(Step::Across(a + b)),
            (Step::Up(a), Step::Up(b)) if (a < 0) == (b < 0) => Some(Step::Up(a + b)),
            _ => None,
        }
    }
}

fn stroke(d: &mut String, points: impl IntoIterator<Item = BackendCoord>) {
    let mut points = points.into_iter();
    let Some(first) = points.next() else { return };
    let _ = write!(d, "M{} {}", first.0, first.1);
    let (mut at, mut open, mut letter) = (first, None::<Step>, 'M');
    for next in points {
        let Some(step) = Step::between(at, next) else { continue };
        at = next;
        match open.and_then(|open| open.with(step)) {
            Some(joined) => open = Some(joined),
            None => {
                if let Some(done) = open.replace(step) {
                    letter = written(d, done, letter);
                }
            }
        }
    }
    if let Some(done) = open {
        written(d, done, letter);
    }
}

/// Writes a step behind one with this letter, which need not be repeated.
fn written(d: &mut String, step: Step, before: char) -> char {
    let (letter, first, second) = match step {
        Step::Across(x) => ('h', x, None),
        Step::Up(y) => ('v', y, None),
        Step::Aslant(x, y) => ('l', x, Some(y)),
    };
    if letter != before {
        d.push(letter);
    } else if first >= 0 {
        d.push(' ');
    }
    let _ = write!(d, "{first}");
    match second {
        Some(second) if second < 0 => {
            let _ = write!(d, "{second}");
        }
        Some(second) => {
            let _ = write!(d, " {second}");
        }
        None => {}
    }
    letter
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The corners that a browser makes of it.
    fn corners(d: &str) -> Vec<BackendCoord> {
        let mut corners = Vec::new();
        let (mut at, mut command) = ((0, 0), 'M');
        let spaced = d.replace('-', " -");
        let mut rest = spaced.as_str();
        while let Some(first) = rest.trim_start().chars().next() {
            rest = rest.trim_start();
            if first.is_ascii_alphabetic() {
                command = first;
                rest = &rest[1..];
                continue;
            }
            let mut number = || {
                let text = rest.trim_start();
                let end = text[1..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |end| end + 1);
                let value: i32 = text[..end].parse().expect("a number");
                rest = &text[end..];
                value
            };
            at = match command {
                'M' => (number(), number()),
                'h' => (at.0 + number(), at.1),
                'v' => (at.0, at.1 + number()),
                _ => {
                    let x = at.0 + number();
                    (x, at.1 + number())
                }
            };
            corners.push(at);
        }
        corners
    }

    fn drawn(points: &[BackendCoord]) -> String {
        let mut d = String::new();
        stroke(&mut d, points.iter().copied());
        d
    }

    #[test]
    fn levels_and_stairs_are_short() {
        let level: Vec<BackendCoord> = (0..900).map(|x| (x * 4, 50)).collect();
        assert_eq!(drawn(&level), "M0 50h3596");
        assert_eq!(drawn(&[(0, 5), (4, 5), (4, 9), (8, 9), (9, 7), (12, 12)]), "M0 5h4v4h4l1-2 3 5");
    }

    #[test]
    fn a_spike_within_a_column_stays() {
        assert_eq!(drawn(&[(0, 50), (0, 10), (0, 50), (4, 50)]), "M0 50v-40 40h4");
    }

    proptest! {
        #[test]
        fn every_corner_that_turns_is_kept(
            points in prop::collection::vec((0..5_000_i32, 0..2_000_i32), 1..200),
        ) {
            let mut points = points;
            points.sort_by_key(|point| point.0);
            let mut turns: Vec<BackendCoord> = Vec::new();
            for point in points.iter().copied() {
                if turns.last() == Some(&point) {
                    continue;
                }
                let step = |a: BackendCoord, b: BackendCoord| Step::between(a, b).expect("two points");
                if let [.., before, last] = turns[..]
                    && step(before, last).with(step(last, point)).is_some()
                {
                    turns.pop();
                }
                turns.push(point);
            }
            prop_assert_eq!(corners(&drawn(&points)), turns);
        }
    }
}
