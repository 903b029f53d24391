//! A sheet with fewer columns of pixels, for pages with many devices.

use super::series::{Point, thinned};
use super::sheet::Sheet;
use super::strip::Body;

impl Sheet {
    /// The same with so many columns: of each the smallest and the largest value stay, so that stalls do.
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
        self
    }
}
