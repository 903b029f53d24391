//! The spread of a rate within one run, by blocks of tokens, or by the windows of a series of rates.

use crate::measure::rates::Span;
use crate::measure::soak::Soak;
use crate::statistics::batch;
use crate::statistics::bootstrap::{self, Block};
use crate::statistics::random::Random;

/// From this many prompts in a window on, a prompt is a block.
const PROMPTS_AS_BLOCKS: usize = 8;

/// Intervals of a block where prompts are too few.
const BATCH: usize = 16;

/// Standard deviation of `ln R(from, to)`; `None` when the window is too short to tell.
///
/// By resampled blocks, or by batches of neighbours where that is more: blocks of a limit cycle hang together.
#[must_use]
pub fn ln_deviation(soak: &Soak, from: f64, to: f64, random: &mut Random) -> Option<f64> {
    let blocks = match soak.timeline.series() {
        Some(series) => series.blocks(from, to),
        None => of_tokens(&soak.spans, from, to)?,
    };
    let resampled = bootstrap::ln_ratio_deviation(&blocks, random)?;
    Some(batch::ln_ratio_deviation(&blocks).map_or(resampled, |batches| batches.max(resampled)))
}

/// The prompts inside the window as blocks: each one, or pieces of them where they are few.
fn of_tokens(spans: &[Span], from: f64, to: f64) -> Option<Vec<Block>> {
    let begin = spans.partition_point(|span| span.last() <= from);
    let end = spans.partition_point(|span| span.first() < to);
    let inside = spans.get(begin..end)?;
    let batch = if inside.len() >= PROMPTS_AS_BLOCKS { usize::MAX } else { BATCH };
    Some(inside.iter().flat_map(|span| blocks(span, from, to, batch)).collect())
}

/// The intervals of a prompt inside the window, `batch` at a time.
fn blocks(span: &Span, from: f64, to: f64, batch: usize) -> Vec<Block> {
    let first = span.stamps.partition_point(|&stamp| stamp < from).max(1);
    let end = span.stamps.partition_point(|&stamp| stamp <= to).max(first);
    let indices: Vec<usize> = (first..end).collect();
    indices
        .chunks(batch)
        .map(|chunk| Block {
            above: chunk.iter().map(|&index| span.tokens_of(index)).sum(),
            below: chunk.iter().map(|&index| span.stamps[index] - span.stamps[index - 1]).sum(),
        })
        .filter(|block| block.below > 0.0)
        .collect()
}
