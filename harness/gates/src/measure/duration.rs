//! Times of single prompts: first token, between tokens, end to end. Milliseconds.

use crate::measure::rates::Span;

/// Submit to first token of every prompt.
pub fn first_token_ms(spans: &[Span]) -> Vec<f64> {
    spans.iter().map(|span| (span.first() - span.submit) * 1e3).collect()
}

/// Submit to last token of every prompt.
pub fn end_to_end_ms(spans: &[Span]) -> Vec<f64> {
    spans.iter().map(|span| (span.last() - span.submit) * 1e3).collect()
}

/// Times between the tokens of a prompt.
pub fn between_tokens_ms(span: &Span) -> impl ExactSizeIterator<Item = f64> + '_ {
    span.stamps.windows(2).map(|pair| (pair[1] - pair[0]) * 1e3)
}
