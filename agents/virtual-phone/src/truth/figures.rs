//! Each figure by its definition, on the exact curves.

use edgesoak_protocol::units::{Nanos, TokensPerSecond};

use super::curve::Progress;
use super::{Truth, Watch};
use crate::body::state::{Down, Joules};

/// Slack for sums of many spans, seconds.
const SLACK_S: f64 = 1e-6;

pub(super) fn figures(watch: &Watch, energy: Joules, down: Option<Down>) -> Truth {
    let progress = &watch.progress;
    let end = watch.last_token.as_secs_f64();
    let burst = burst_window(progress);
    Truth {
        burst: burst.and_then(|(from, to)| progress.between(from, to).rate()).map(TokensPerSecond),
        sustained: sustained(watch).map(TokensPerSecond),
        floor: floor(progress, end).map(TokensPerSecond),
        time_to_throttle: burst.and_then(|window| time_to_throttle(progress, window, end)).map(nanos),
        energy,
        tokens: watch.tokens,
        last_token: watch.last_token,
        down,
    }
}

fn nanos(seconds: f64) -> Nanos {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within 48 hours, not negative"
    )]
    Nanos((seconds * 1e9).round() as u64)
}

/// Ten active seconds behind the first one and eight tokens; twenty where ten hold fewer than 32 tokens.
fn burst_window(progress: &Progress) -> Option<(f64, f64)> {
    let eight_tokens = progress.between(0.0, progress.when_tokens(8.0)).active;
    let dropped = eight_tokens.max(1.0);
    let window = |length: f64| {
        let to = dropped + length;
        (to <= progress.total_active() + SLACK_S)
            .then(|| (progress.when_active(dropped), progress.when_active(to)))
    };
    let enough = |&(from, to): &(f64, f64)| progress.between(from, to).tokens >= 32.0;
    window(10.0).filter(enough).or_else(|| window(20.0))
}

/// From the submit of a prompt to the last token of the last finished one, 180 s or little more.
fn sustained(watch: &Watch) -> Option<f64> {
    let to = *watch.ends.last()?;
    let from = watch.submits[..watch.ends.len()].iter().rev().find(|from| to - **from >= 180.0 - SLACK_S)?;
    watch.progress.between(*from, to).rate()
}

/// Begins of windows of a length between two times, one per second.
fn begins(from: f64, to: f64, length: f64) -> impl Iterator<Item = f64> {
    (0..=super::LONGEST.0 / 1_000_000_000)
        .map(move |second| from + second as f64)
        .take_while(move |begin| begin + length <= to + SLACK_S)
}

/// The 5th percentile, nearest rank.
fn floor(progress: &Progress, end: f64) -> Option<f64> {
    let mut rates: Vec<f64> = begins(30.0, end, 60.0)
        .map(|begin| progress.between(begin, begin + 60.0))
        .filter(|sums| sums.is_valid(60.0))
        .filter_map(|sums| sums.rate())
        .collect();
    rates.sort_by(f64::total_cmp);
    let rank = (rates.len() * 5).div_ceil(100);
    rates.get(rank.checked_sub(1)?).copied()
}

fn time_to_throttle(progress: &Progress, burst: (f64, f64), end: f64) -> Option<f64> {
    let level = 0.9 * progress.between(burst.0, burst.1).bare_rate()?;
    let mut since: Option<f64> = None;
    for begin in begins(0.0, end, 30.0) {
        let below = progress.between(begin, begin + 30.0).bare_rate().is_some_and(|rate| rate < level);
        since = if below { since.or(Some(begin)) } else { None };
        if let Some(since) = since.filter(|since| begin - since >= 30.0 - SLACK_S) {
            return Some(since + 15.0);
        }
    }
    None
}
