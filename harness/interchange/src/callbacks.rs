//! The callbacks of an engine during a prompt, each with the tokens that it brought.

use edgesoak_protocol::units::Nanos;
use edgesoak_record::session::Prompt;

/// Time and tokens of each. The first brings one token; the last may bring fewer than those between, where the engine's
/// own count says so.
pub(crate) fn of(prompt: &Prompt) -> impl Iterator<Item = (Nanos, u32)> {
    let count = prompt.token_times.len();
    let per_stamp = prompt.tokens_per_stamp;
    let between = u64::try_from(count.saturating_sub(2)).unwrap_or(u64::MAX);
    let before = between.saturating_mul(u64::from(per_stamp)).saturating_add(1);
    let left = prompt.decoded_tokens.and_then(|decoded| u64::from(decoded).checked_sub(before));
    let last = left.and_then(|left| u32::try_from(left).ok()).filter(|left| (1..per_stamp).contains(left));
    prompt.token_times.iter().enumerate().map(move |(place, at)| {
        let tokens = match (place, last) {
            (0, _) => 1,
            (place, Some(last)) if place + 1 == count => last,
            _ => per_stamp,
        };
        (*at, tokens)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(stamps: u64, tokens_per_stamp: u32, decoded_tokens: Option<u32>) -> Vec<u32> {
        let prompt = Prompt {
            index: 0,
            item: String::new(),
            phase: "soaking".to_owned(),
            submit: Nanos(0),
            retrieve: Nanos(0),
            render: Nanos(0),
            prompt_tokens: None,
            token_times: (1..=stamps).map(Nanos).collect(),
            tokens_per_stamp,
            decoded_tokens,
            finish: None,
            engine_prefill: None,
            engine_decode: None,
        };
        of(&prompt).map(|(_, tokens)| tokens).collect()
    }

    #[test]
    fn the_last_callback_brings_what_is_left() {
        assert_eq!(tokens(4, 4, Some(11)), [1, 4, 4, 2]);
        assert_eq!(tokens(4, 4, None), [1, 4, 4, 4]);
        assert_eq!(tokens(4, 1, Some(4)), [1, 1, 1, 1]);
        assert_eq!(tokens(1, 4, Some(1)), [1]);
        assert_eq!(tokens(0, 1, Some(0)), [0_u32; 0]);
        // A count that contradicts the callbacks says nothing of the last one.
        assert_eq!(tokens(4, 4, Some(3)), [1, 4, 4, 4]);
        assert_eq!(tokens(3, 4, Some(90)), [1, 4, 4]);
    }
}
