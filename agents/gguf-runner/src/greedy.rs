//! The most likely token.

/// Logits that are compared at once: enough for the compiler to use vector instructions.
const BLOCK: usize = 64;

/// Index of the greatest logit, the first of equals. NaN and minus infinity are never chosen.
///
/// It runs once per token between the engine's own timers, over a vocabulary of up to a quarter of a million:
/// first the best block is found without branches, then the place within it.
pub fn greatest(logits: &[f32]) -> Option<i32> {
    let mut highest = f32::NEG_INFINITY;
    let mut start = None;
    for (nth, block) in logits.chunks(BLOCK).enumerate() {
        let top = block.iter().fold(f32::NEG_INFINITY, |top, logit| if *logit > top { *logit } else { top });
        if top > highest {
            highest = top;
            start = Some(nth * BLOCK);
        }
    }
    let start = start?;
    let within = logits[start..].iter().position(|logit| *logit >= highest)?;
    i32::try_from(start + within).ok()
}

/// The same among the tokens that `is_wanted` accepts.
pub fn greatest_among(logits: &[f32], is_wanted: impl Fn(&i32) -> bool) -> Option<i32> {
    let mut best: Option<(i32, f32)> = None;
    for (token, logit) in (0..).zip(logits) {
        if *logit > best.map_or(f32::NEG_INFINITY, |(_, highest)| highest) && is_wanted(&token) {
            best = Some((token, *logit));
        }
    }
    best.map(|(token, _)| token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_the_greatest_is_chosen() {
        assert_eq!(greatest(&[1.0, 3.0, f32::NAN, 3.0]), Some(1));
        assert_eq!(greatest_among(&[1.0, 3.0, f32::NAN, 3.0], |token| *token != 1), Some(3));
        for none in [&[f32::NAN, f32::NEG_INFINITY][..], &[]] {
            assert_eq!(greatest(none), None);
        }
        assert_eq!(greatest_among(&[1.0], |_| false), None);
    }

    #[test]
    fn blocks_give_what_a_plain_scan_gives() {
        let mut state = 1u32;
        for length in 0..300 {
            let logits: Vec<f32> = (0..length)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    if state.is_multiple_of(17) { f32::NAN } else { (state >> 28) as f32 - 8.0 }
                })
                .collect();
            assert_eq!(greatest(&logits), greatest_among(&logits, |_| true), "{logits:?}");
        }
    }
}
