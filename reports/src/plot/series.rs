//! Points of a line: cut at gaps, thinned to what a pixel can show.

/// A point: seconds on the axis, value.
pub(crate) type Point = (f64, f64);

/// Longest pause between two samples that a line bridges at least; the validity rule of a run names the same time.
pub(crate) const GAP: f64 = 5.0;

/// Points of one channel, and the longest pause between two of them that is no hole.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trace {
    pub points: Vec<Point>,
    pub gap: f64,
}

impl Trace {
    /// Points of something that is known all the time.
    pub fn every(points: Vec<Point>) -> Self {
        Self { points, gap: GAP }
    }
}

impl std::ops::Deref for Trace {
    type Target = [Point];

    fn deref(&self) -> &[Point] {
        &self.points
    }
}

/// Pieces of a line that are drawn, with nothing between them.
///
/// Of each column of pixels the smallest and the largest value survive, in time order, so that a stall or a
/// spike of one sample is still seen.
pub(crate) fn thinned(points: &[Point], end: f64, columns: f64, gap: f64) -> Vec<Vec<Point>> {
    let width = end / columns;
    let gap = gap.max(width * 2.0);
    let mut pieces = Vec::new();
    let mut piece: Vec<Point> = Vec::new();
    let mut column: Option<Column> = None;
    let mut last = f64::NEG_INFINITY;
    for &(t, value) in points.iter().filter(|(t, value)| t.is_finite() && value.is_finite()) {
        // Times that do not rise come from a broken clock; gates say so, a line cannot show them.
        if t < last {
            continue;
        }
        let place = (t / width).floor();
        if t - last > gap && last.is_finite() {
            flush(&mut column, &mut piece);
            keep(&mut pieces, &mut piece, width);
        } else if column.as_ref().is_some_and(|open| open.place < place) {
            flush(&mut column, &mut piece);
        }
        column.get_or_insert(Column { place, low: (t, value), high: (t, value) }).take((t, value));
        last = t;
    }
    flush(&mut column, &mut piece);
    keep(&mut pieces, &mut piece, width);
    pieces
}

struct Column {
    place: f64,
    low: Point,
    high: Point,
}

impl Column {
    fn take(&mut self, point: Point) {
        if point.1 < self.low.1 {
            self.low = point;
        }
        if point.1 > self.high.1 {
            self.high = point;
        }
    }
}

fn flush(column: &mut Option<Column>, piece: &mut Vec<Point>) {
    let Some(Column { low, high, .. }) = column.take() else { return };
    let (first, second) = if low.0 <= high.0 { (low, high) } else { (high, low) };
    piece.push(first);
    if second != first {
        piece.push(second);
    }
}

/// A lone sample becomes a short dash, else it would not be seen.
fn keep(pieces: &mut Vec<Vec<Point>>, piece: &mut Vec<Point>, width: f64) {
    if let [(t, value)] = piece[..] {
        piece.push((t + width, value));
    }
    if !piece.is_empty() {
        pieces.push(std::mem::take(piece));
    }
}

/// The mean of the points in `from..to`.
pub(crate) fn mean(points: &[Point], from: f64, to: f64) -> Option<f64> {
    let begin = points.partition_point(|(t, _)| *t < from);
    let (mut sum, mut count) = (0.0, 0_u32);
    for (_, value) in points[begin..].iter().take_while(|(t, _)| *t < to) {
        sum += value;
        count += 1;
    }
    (count > 0).then(|| sum / f64::from(count)).filter(|mean| mean.is_finite())
}

/// Smallest and largest value.
pub(crate) fn extent<'a>(lines: impl IntoIterator<Item = &'a [Point]>) -> Option<(f64, f64)> {
    lines.into_iter().flatten().map(|(_, value)| *value).filter(|value| value.is_finite()).fold(
        None,
        |extent: Option<(f64, f64)>, value| {
            Some(extent.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_stall_of_one_sample_survives() {
        let points: Vec<Point> =
            (0..6_000).map(|tick| (f64::from(tick) / 10.0, if tick == 3_001 { 0.0 } else { 9.0 })).collect();
        let pieces = thinned(&points, 600.0, 900.0, GAP);
        assert_eq!(pieces.len(), 1);
        assert!(pieces[0].len() <= 1_800);
        assert!(pieces[0].contains(&(300.1, 0.0)));
    }

    #[test]
    fn a_gap_is_not_bridged() {
        let points = [(0.0, 1.0), (1.0, 1.0), (7.0, 2.0), (20.0, 3.0)];
        let pieces = thinned(&points, 30.0, 900.0, GAP);
        assert_eq!(pieces.len(), 3);
        assert_eq!(pieces[1].len(), 2, "a lone sample is a dash");
    }

    #[test]
    fn means_and_extents() {
        let points = [(0.0, 1.0), (1.0, 3.0), (2.0, 10.0)];
        assert_eq!(mean(&points, 0.0, 2.0), Some(2.0));
        assert_eq!(mean(&points, 5.0, 9.0), None);
        assert_eq!(extent([&points[..]]), Some((1.0, 10.0)));
    }

    proptest! {
        #[test]
        fn each_column_keeps_its_smallest_and_largest(
            values in prop::collection::vec(-1e3..1e3_f64, 20..600),
            columns in 3_u32..40,
        ) {
            let step = 600.0 / values.len() as f64;
            let points: Vec<Point> =
                values.iter().enumerate().map(|(place, value)| (place as f64 * step, *value)).collect();
            let width = 600.0 / f64::from(columns);
            let kept: Vec<Point> = thinned(&points, 600.0, f64::from(columns), 60.0).concat();
            for column in 0..columns {
                let within = |(t, _): &&Point| ((t / width).floor() - f64::from(column)).abs() < 0.5;
                let of = |points: &[Point]| extent([&points.iter().filter(within).copied().collect::<Vec<_>>()[..]]);
                prop_assert_eq!(of(&kept), of(&points), "column {}", column);
                prop_assert!(kept.iter().filter(within).count() <= 2);
            }
        }

        #[test]
        fn extremes_always_survive(
            points in prop::collection::vec((0.0..600.0_f64, -1e6..1e6_f64), 1..400),
            columns in 1.0..900.0_f64,
        ) {
            let mut points = points;
            points.sort_by(|a, b| a.0.total_cmp(&b.0));
            let pieces = thinned(&points, 600.0, columns, GAP);
            let thin: Vec<&[Point]> = pieces.iter().map(Vec::as_slice).collect();
            prop_assert_eq!(extent(thin), extent([&points[..]]));
        }
    }
}
