//! A sheet with fewer columns of pixels, for pages with many devices.

use super::series::{Point, thinned};
use super::sheet::Sheet;
use super::strip::Body;

impl Sheet {
    /// The strips alone, with so many columns: of each the smallest and the largest value stay, so that stalls do.
    pub fn coarser(mut self, columns: f64) -> Self {
        let end = self.timeline.end;
        for strip in &mut self.strips {
            let Body::Drawn(drawn) = &mut strip.body else { continue };
            for line in &mut drawn.lines {
                // A piece has no hole: it was cut there before.
                let pieces = line
                    .pieces
                    .iter()
                    .flat_map(|piece: &Vec<Point>| thinned(piece, end, columns, f64::INFINITY));
                line.pieces = pieces.collect();
            }
        }
        self.plots.clear();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up;
    use crate::plot::series::extent;
    use crate::plot::strip::Line;

    fn lines(sheet: &Sheet) -> Vec<&Line> {
        let drawn = sheet.strips.iter().filter_map(|strip| match &strip.body {
            Body::Drawn(drawn) => Some(drawn),
            Body::Missing(_) => None,
        });
        drawn.flat_map(|drawn| &drawn.lines).collect()
    }

    #[test]
    fn every_extreme_survives_in_fewer_points() {
        let (run, _) = made_up::ten_minutes();
        let fine = Sheet::of(&run.sessions[0], None).expect("strips");
        let coarse = fine.clone().coarser(310.0);
        let points = |sheet: &Sheet| -> usize {
            lines(sheet).into_iter().flat_map(|line| &line.pieces).map(Vec::len).sum()
        };
        assert!(points(&coarse) * 2 < points(&fine), "{} of {}", points(&coarse), points(&fine));
        for (coarse, fine) in lines(&coarse).into_iter().zip(lines(&fine)) {
            let range = |line: &Line| extent(line.pieces.iter().map(Vec::as_slice));
            assert_eq!(range(coarse), range(fine), "{}", fine.name);
            assert_eq!(coarse.rows, fine.rows, "the table is the same");
        }
    }
}
