//! A state over time as a ribbon under a strip: what fed the device, whether a cooling device acted.

use super::ink::Ink;
use super::series::Trace;

/// Cells of a ribbon: two columns of pixels each.
const CELLS: u32 = 465;

/// A ribbon.
#[derive(Debug, Clone)]
pub(crate) struct Ribbon {
    /// Printed at its left end, and its name in the data table.
    pub name: &'static str,
    pub spans: Vec<Span>,
    /// Printed at its right end; without spans, why there are none.
    pub words: String,
}

/// A state that lasted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Span {
    pub ink: Ink,
    pub from: f64,
    pub to: f64,
    pub word: String,
}

impl Ribbon {
    /// Nothing was read, and why.
    pub fn missing(name: &'static str, why: String) -> Self {
        Self { name, spans: Vec::new(), words: why }
    }

    /// The states between two times, each once, in the order in which they came.
    pub fn between(&self, from: f64, to: f64) -> Vec<&str> {
        let mut words: Vec<&str> = Vec::new();
        for span in self.spans.iter().filter(|span| span.from < to && span.to > from) {
            if !words.contains(&span.word.as_str()) {
                words.push(&span.word);
            }
        }
        words
    }
}

/// The highest reading of all channels in each cell of the axis. A reading holds until the next one, or until nobody
/// knows: a highest one of a single sample survives.
pub(crate) fn highest(channels: &[Trace], end: f64) -> Vec<Option<f64>> {
    let width = end / f64::from(CELLS);
    let mut cells: Vec<Option<f64>> = vec![None; CELLS as usize];
    for trace in channels {
        for (place, (t, value)) in trace.points.iter().enumerate() {
            let next = trace.points.get(place + 1).map_or(end, |point| point.0);
            let until = if next - t > trace.gap { t + width } else { next };
            let (first, last) = (cell((t / width).floor()), cell((until / width).ceil()));
            for known in cells.iter_mut().take(last.max(first + 1)).skip(first) {
                *known = Some(known.map_or(*value, |known| known.max(*value)));
            }
        }
    }
    cells
}

fn cell(place: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the cells")]
    let place = place.clamp(0.0, f64::from(CELLS)) as usize;
    place
}

/// Neighbouring cells of one state as one span.
pub(crate) fn spans(
    cells: &[Option<f64>],
    end: f64,
    says: impl Fn(f64) -> Option<(Ink, String)>,
) -> Vec<Span> {
    let width = end / f64::from(CELLS);
    let mut spans: Vec<Span> = Vec::new();
    for (place, value) in cells.iter().enumerate() {
        let Some((ink, word)) = value.and_then(&says) else { continue };
        let from = place as f64 * width;
        match spans.last_mut() {
            Some(open) if open.word == word && from - open.to < width / 2.0 => open.to = from + width,
            _ => spans.push(Span { ink, from, to: from + width, word }),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(value: f64) -> Option<(Ink, String)> {
        (value > 0.0).then(|| (Ink::Cooling(0), format!("{value}")))
    }

    #[test]
    fn a_state_lasts_until_the_next_reading_and_a_short_one_is_seen() {
        let points = (0..600_u32).map(|t| (f64::from(t), if t == 300 { 2.0 } else { 0.0 })).collect();
        let cells = highest(&[Trace::every(points)], 600.0);
        let spans = spans(&cells, 600.0, says);
        assert_eq!(spans.len(), 1, "{spans:?}");
        assert!(spans[0].from <= 300.0 && spans[0].to >= 301.0 && spans[0].to < 304.0, "{spans:?}");
    }

    #[test]
    fn where_nothing_is_read_nothing_is_said() {
        let points = vec![(0.0, 1.0), (1.0, 1.0), (100.0, 1.0), (101.0, 1.0)];
        let spans = spans(&highest(&[Trace::every(points)], 600.0), 600.0, says);
        assert_eq!(spans.len(), 2, "{spans:?}");
        assert!(spans[0].to < 4.0 && spans[1].from > 98.0);
    }
}
