//! Whole prompt cycles: a window that holds every prompt equally often compares with another one.

use crate::measure::soak::Soak;

/// Length of the repeating cycle of prompt ids: the smallest shift under which they stay the same.
///
/// `None` while no cycle has been repeated yet.
#[must_use]
pub fn period(items: &[&str]) -> Option<usize> {
    // Prefix function of Knuth, Morris and Pratt: linear in the number of prompts.
    let mut border = vec![0_usize; items.len()];
    for index in 1..items.len() {
        let mut length = border[index - 1];
        while length > 0 && items[index] != items[length] {
            length = border[length - 1];
        }
        border[index] = length + usize::from(items[index] == items[length]);
    }
    let longest = border.last().copied().unwrap_or(0);
    (longest > 0).then(|| items.len() - longest)
}

/// The last stretch of whole cycles that lasts at least `length` seconds, as (from, to, cycles).
///
/// Where the soak has not repeated its cycle, whole prompts take their place and `cycles` is `None`.
/// `None` when the soak is too short for either.
#[must_use]
pub fn last_whole(soak: &Soak, length: f64) -> Option<(f64, f64, Option<usize>)> {
    if soak.timeline.series().is_some() {
        // Rates know nothing of prompts: the last stretch of exactly this length.
        let (from, to) = (soak.end() - length, soak.end());
        return (from >= -1e-6).then_some((from, to, None));
    }
    let items: Vec<&str> = soak.prompts.iter().map(|prompt| prompt.item.as_str()).collect();
    let finished = soak.prompts.iter().rposition(|prompt| prompt.finish.is_some())? + 1;
    let to = soak.spans[finished - 1].last();
    let step = period(&items[..finished]);
    let size = step.unwrap_or(1);
    let stretch = (1..=finished / size).find_map(|cycles| {
        let from = soak.spans[finished - cycles * size].submit;
        (to - from >= length - 1e-6).then_some((from, to, step.map(|_| cycles)))
    });
    // A cycle that does not fit once more into the rest of the soak: whole prompts instead.
    stretch.or_else(|| {
        let from = soak.spans[..finished]
            .iter()
            .rev()
            .map(|span| span.submit)
            .find(|from| to - from >= length - 1e-6)?;
        Some((from, to, None))
    })
}

#[cfg(test)]
mod tests {
    use super::period;

    #[test]
    fn finds_the_cycle_also_when_the_last_one_is_cut() {
        assert_eq!(period(&["a", "b", "c", "a", "b", "c", "a"]), Some(3));
        assert_eq!(period(&["a", "a", "b", "a", "a", "b"]), Some(3));
        assert_eq!(period(&["a", "a", "a"]), Some(1));
        assert_eq!(period(&["a", "b", "c"]), None);
        assert_eq!(period(&[]), None);
    }
}
