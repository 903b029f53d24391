//! Decode rates for plots: tokens after the first of each prompt by active seconds.
//!
//! Active time is first token .. last token of each prompt; busy time is submit .. last token. Gates compute
//! their figures themselves; this is for the eye.

use edgesoak_record::session::Prompt;

use super::timeline::Timeline;

const SECOND: u64 = 1_000_000_000;
/// A pause inside a prompt that counts as a stall, seconds.
const STALL: f64 = 2.0;
/// More stalls than this are not marked one by one.
const MOST_STALLS: usize = 200;

/// Tokens, active and busy time of each second of the axis.
#[derive(Debug, Default)]
pub(crate) struct Rates {
    tokens: Vec<u64>,
    active: Vec<f64>,
    busy: Vec<f64>,
    /// Pauses inside a prompt: from, to.
    pub stalls: Vec<(f64, f64)>,
}

impl Rates {
    /// Counts the prompts of soak and recovery.
    pub fn of(prompts: &[Prompt], timeline: &Timeline) -> Self {
        let seconds = whole_second(timeline.end.ceil()) + 1;
        let mut tokens = vec![0_u64; seconds];
        let (mut active, mut busy) = (Cover::new(seconds), Cover::new(seconds));
        let mut stalls = Vec::new();
        for prompt in
            prompts.iter().filter(|prompt| matches!(prompt.phase.as_str(), "soaking" | "recovering"))
        {
            let (Some(first), Some(last)) = (prompt.token_times.first(), prompt.token_times.last()) else {
                continue;
            };
            let (Some(begin), Some(end)) = (timeline.since_zero(*first), timeline.since_zero(*last)) else {
                continue;
            };
            active.add(begin, end);
            busy.add(timeline.since_zero(prompt.submit).unwrap_or(0), end);
            for pair in prompt.token_times.windows(2) {
                let Some(at) = timeline.since_zero(pair[1]) else { continue };
                if let Some(slot) = tokens.get_mut(second_of(at)) {
                    *slot += u64::from(prompt.tokens_per_stamp);
                }
                let (from, to) = (timeline.at(pair[0]), timeline.at(pair[1]));
                if to - from > STALL && stalls.len() < MOST_STALLS {
                    stalls.push((from.max(0.0), to));
                }
            }
        }
        Self { tokens, active: active.seconds(), busy: busy.seconds(), stalls }
    }

    /// The rate in whole seconds `from..to` of the axis, and how much of it was active and busy.
    fn window(&self, from: usize, to: usize) -> (u64, f64, f64) {
        let range = from.min(self.tokens.len())..to.min(self.tokens.len());
        let tokens = self.tokens[range.clone()].iter().sum();
        (tokens, self.active[range.clone()].iter().sum(), self.busy[range].iter().sum())
    }

    /// One point per second in which decoding took at least half of the time, at the middle of the second.
    pub fn each_second(&self) -> Vec<(f64, f64)> {
        (0..self.tokens.len())
            .filter(|second| self.active[*second] >= 0.5)
            .map(|second| (second as f64 + 0.5, self.tokens[second] as f64 / self.active[second]))
            .collect()
    }

    /// The rate of the five seconds before each second; only where the device was busy for 90 % of them and
    /// decoding for half of them.
    pub fn rolling(&self) -> Vec<(f64, f64)> {
        (5..=self.tokens.len())
            .filter_map(|to| {
                let (tokens, active, busy) = self.window(to - 5, to);
                (active >= 2.5 && busy >= 4.5).then(|| (to as f64, tokens as f64 / active))
            })
            .collect()
    }

    /// The rate between two times of the axis; `None` when decoding took less than half of it.
    pub fn between(&self, from: f64, to: f64) -> Option<f64> {
        let (tokens, active, _) = self.window(whole_second(from), whole_second(to));
        (active >= (to - from) * 0.5 && active > 0.0).then(|| tokens as f64 / active)
    }
}

/// How much of each second is covered by intervals, in constant time per interval.
struct Cover {
    parts: Vec<u64>,
    // Whole seconds as differences: +1 where an interval begins to cover, -1 where it ends.
    steps: Vec<i64>,
}

impl Cover {
    fn new(seconds: usize) -> Self {
        Self { parts: vec![0; seconds], steps: vec![0; seconds + 1] }
    }

    fn add(&mut self, from: u64, to: u64) {
        let last = self.parts.len() as u64 * SECOND - 1;
        let (from, to) = (from.min(last), to.min(last));
        if to <= from {
            return;
        }
        let (first, end) = (second_of(from), second_of(to));
        if first == end {
            self.parts[first] += to - from;
            return;
        }
        self.parts[first] += SECOND - from % SECOND;
        self.parts[end] += to % SECOND;
        self.steps[first + 1] += 1;
        self.steps[end] -= 1;
    }

    /// Parts of one. Prompts never overlap; a broken journal could say so, and a second has only one second.
    fn seconds(&self) -> Vec<f64> {
        let mut whole = 0_i64;
        self.parts
            .iter()
            .zip(&self.steps)
            .map(|(part, step)| {
                whole += step;
                (whole as f64 + *part as f64 / 1e9).clamp(0.0, 1.0)
            })
            .collect()
    }
}

fn second_of(nanos: u64) -> usize {
    usize::try_from(nanos / SECOND).unwrap_or(usize::MAX)
}

/// The whole second at or before a time of the axis.
fn whole_second(seconds: f64) -> usize {
    if !seconds.is_finite() || seconds <= 0.0 {
        return 0;
    }
    second_of(std::time::Duration::from_secs_f64(seconds.min(1e6)).as_secs().saturating_mul(SECOND))
}

#[cfg(test)]
mod tests {
    use edgesoak_record::units::Nanos;

    use super::*;

    /// Prompts of 2 s prefill and 6 s decode at 10 tokens/s, one after the other.
    fn cycle(prompts: u32) -> Vec<Prompt> {
        (0..prompts)
            .map(|index| {
                let submit = u64::from(index) * 8_000;
                Prompt {
                    index,
                    item: String::new(),
                    phase: "soaking".to_owned(),
                    submit: Nanos::from_millis(submit),
                    retrieve: Nanos(0),
                    render: Nanos(0),
                    prompt_tokens: None,
                    token_times: (0..=60).map(|k| Nanos::from_millis(submit + 2_000 + k * 100)).collect(),
                    tokens_per_stamp: 1,
                    decoded_tokens: None,
                    finish: None,
                    engine_prefill: None,
                    engine_decode: None,
                }
            })
            .collect()
    }

    #[test]
    fn prefill_is_not_in_the_rate() {
        let timeline = Timeline::over(80.0);
        let rates = Rates::of(&cycle(10), &timeline);
        let rate = rates.between(0.0, 80.0).expect("decoding took three quarters of the time");
        assert!((rate - 10.0).abs() < 0.05, "{rate}");
        assert!(rates.rolling().iter().all(|(_, rate)| (rate - 10.0).abs() < 0.5));
        assert!(rates.each_second().iter().all(|(t, _)| (t - 0.5) % 8.0 >= 2.0), "no rate during prefill");
        assert!(rates.stalls.is_empty());
    }

    #[test]
    fn a_stall_is_active_time_without_tokens() {
        let mut prompts = cycle(1);
        for time in prompts[0].token_times.iter_mut().skip(30) {
            time.0 += 3_000_000_000;
        }
        let rates = Rates::of(&prompts, &Timeline::over(11.0));
        assert_eq!(rates.stalls, [(4.9, 8.0)]);
        assert!(rates.each_second().contains(&(6.5, 0.0)), "the second without a token reads zero");
    }

    #[test]
    fn idle_time_gives_no_rate() {
        let mut prompts = cycle(2);
        for time in &mut prompts[1].token_times {
            time.0 += 20_000_000_000;
        }
        prompts[1].submit.0 += 20_000_000_000;
        let rates = Rates::of(&prompts, &Timeline::over(36.0));
        assert_eq!(rates.between(10.0, 25.0), None);
        assert!(rates.rolling().iter().all(|(t, _)| *t <= 8.5 || *t >= 32.0), "{:?}", rates.rolling());
    }
}
