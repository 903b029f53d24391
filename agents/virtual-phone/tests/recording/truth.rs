//! The truth that stands beside a journal, held against the token times in it.

use edgesoak_virtual_phone::profile::built_in_names;

use crate::made::{Made, Read};

/// Tokens after the first of each scored answer by active seconds, between two times of the soak.
fn rate(soak: &[Vec<f64>], from: f64, to: f64) -> f64 {
    let (mut tokens, mut active) = (0.0, 0.0);
    for pair in soak.iter().flat_map(|times| times.windows(2)) {
        let inside = (pair[1].min(to) - pair[0].max(from)).max(0.0);
        active += inside;
        tokens += inside / (pair[1] - pair[0]);
    }
    tokens / active
}

/// Token times of the scored prompts, seconds since the first of them was submitted.
fn soak(read: &Read) -> Vec<Vec<f64>> {
    let began = read.frames().find_map(|frame| match frame {
        edgesoak_protocol::journal::Frame::PromptSubmitted { prompt: 1, submit_ns, .. } => Some(*submit_ns),
        _ => None,
    });
    let began = began.expect("a scored prompt");
    let seconds = |times: &Vec<u64>| times.iter().map(|t| (t - began) as f64 / 1e9).collect();
    read.tokens()[1..].iter().map(seconds).collect()
}

#[test]
fn it_agrees_with_the_token_times() {
    for name in built_in_names() {
        let read = Made { profile: name, ..Made::soak(600) }.read();
        let truth = read.recorded.truth.expect("a soak");
        let soak = soak(&read);
        let end = soak[soak.len() - 1][63];
        assert!((truth.last_token.as_secs_f64() - end).abs() < 1e-6, "{name}");
        assert_eq!(truth.tokens, 64 * soak.len() as u64, "{name}");
        let mut floors: Vec<f64> = (0..600)
            .map(|second| 30.0 + f64::from(second))
            .take_while(|begin| begin + 60.0 <= end)
            .map(|begin| rate(&soak, begin, begin + 60.0))
            .collect();
        floors.sort_by(f64::total_cmp);
        let by_tokens = floors[(floors.len() * 5).div_ceil(100) - 1];
        let floor = truth.floor.expect("ten minutes hold a floor").0;
        assert!((floor / by_tokens - 1.0).abs() < 1e-3, "{name}: floor {floor}, by tokens {by_tokens}");
        // Whole prompts, 180 s or little more.
        let from = soak.iter().map(|times| times[0]).rfind(|first| end - first >= 180.0).expect("a prompt");
        let sustained = truth.sustained.expect("a rate").0;
        let by_tokens = rate(&soak, from, end);
        assert!((sustained / by_tokens - 1.0).abs() < 0.01, "{name}: {sustained}, by tokens {by_tokens}");
        let burst = truth.burst.expect("a burst").0;
        // Eight tokens or a second of activity are dropped, then ten seconds of activity count.
        let active: Vec<(f64, f64)> =
            soak.iter().flat_map(|times| times.windows(2)).map(|pair| (pair[0], pair[1])).collect();
        let when = |seconds: f64| {
            let mut left = seconds;
            let hit = active.iter().find_map(|(from, to)| {
                let inside = left <= to - from;
                let at = from + left;
                left -= to - from;
                inside.then_some(at)
            });
            hit.expect("so much activity")
        };
        let dropped: f64 = active[..8].iter().map(|(from, to)| to - from).sum::<f64>().max(1.0);
        let early = rate(&soak, when(dropped), when(dropped + 10.0));
        assert!((burst / early - 1.0).abs() < 0.002, "{name}: burst {burst}, by tokens {early}");
    }
}
