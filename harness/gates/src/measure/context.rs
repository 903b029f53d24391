//! The effect of the context's length on the rate, measured cold and then removed.
//!
//! The time of a token grows as `a + b * context`. Heat changes both alike, so each interval is scaled to what it
//! would be at the mean context of the calibration: what remains of a slowdown is not the prompt mix.

use crate::measure::rates::Span;
use crate::statistics::line::{self, Line};

/// Active time that calibrates, from the start: cold by the definition of the start gate. Seconds.
const CALIBRATE_S: f64 = 30.0;

/// Intervals that make one point of the calibration.
const BATCH: usize = 16;

/// A fit that explains less is noise and is not applied.
const LEAST_R2: f64 = 0.3;

/// `ITL = a + b * context` of this device, and the context it is referred to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContextEffect {
    line: Line,
    reference: f64,
}

impl ContextEffect {
    /// Calibrates on the first prompts. `None` where lengths are unknown or the context has no visible effect.
    #[must_use]
    pub fn calibrate(spans: &[Span]) -> Option<Self> {
        let (mut points, mut active) = (Vec::new(), 0.0);
        for span in spans {
            let length = f64::from(span.prompt_tokens?);
            for (index, chunk) in span.stamps.windows(2).collect::<Vec<_>>().chunks(BATCH).enumerate() {
                let took = chunk[chunk.len() - 1][1] - chunk[0][0];
                let middle = (index * BATCH) as f64 + chunk.len() as f64 / 2.0;
                points.push((length + middle * span.per_stamp, took / chunk.len() as f64));
            }
            active += span.last() - span.first();
            if active >= CALIBRATE_S {
                break;
            }
        }
        let line = line::fit(&points).filter(|line| line.b > 0.0 && line.a > 0.0 && line.r2 >= LEAST_R2)?;
        let reference = points.iter().map(|(context, _)| context).sum::<f64>() / points.len() as f64;
        Some(Self { line, reference })
    }

    /// By what the time before a callback is multiplied, that it took what it would have at the reference context.
    #[must_use]
    pub fn scale(&self, span: &Span, stamp: usize) -> f64 {
        let length = f64::from(span.prompt_tokens.unwrap_or(0));
        let context = length + stamp as f64 * span.per_stamp;
        (self.line.a + self.line.b * self.reference) / (self.line.a + self.line.b * context)
    }
}
