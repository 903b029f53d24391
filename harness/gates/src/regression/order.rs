//! In which order the runs of two sides were made: what drifts in a room cancels only between interleaved ones.

use crate::defaults::{INTERLEAVED_RANKS, OCCASION_S};
use edgesoak_record::trial::Trial;

/// How two sides lie in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Both sides were measured at the same time on the mean, such as A B B A: a steady drift cancels.
    Interleaved,
    /// One after the other; runs of one occasion share whatever that occasion had.
    Apart {
        /// Occasions of the candidate.
        candidate: u32,
        /// Occasions of the reference.
        reference: u32,
    },
}

/// The order of the trials that count. Times that are no numbers say nothing: then they lie apart.
#[must_use]
pub fn of(candidate: &[&Trial], reference: &[&Trial]) -> Order {
    let times = |trials: &[&Trial]| trials.iter().map(|trial| trial.began_s).collect::<Vec<f64>>();
    let (candidate, reference) = (times(candidate), times(reference));
    let known = candidate.iter().chain(&reference).all(|time| time.is_finite());
    let apart = (mean_rank(&candidate, &reference) - mean_rank(&reference, &candidate)).abs();
    if known && apart <= INTERLEAVED_RANKS {
        return Order::Interleaved;
    }
    Order::Apart { candidate: occasions(candidate), reference: occasions(reference) }
}

/// Mean rank of these times among both, from 1; equal times share theirs.
fn mean_rank(these: &[f64], others: &[f64]) -> f64 {
    let rank = |time: f64| {
        let all = || these.iter().chain(others);
        let (below, upto) =
            (all().filter(|other| **other < time).count(), all().filter(|other| **other <= time).count());
        (below + upto + 1) as f64 / 2.0
    };
    these.iter().map(|time| rank(*time)).sum::<f64>() / these.len() as f64
}

/// Groups of times with long breaks between them; one where nothing is known.
fn occasions(mut times: Vec<f64>) -> u32 {
    times.retain(|time| time.is_finite());
    times.sort_unstable_by(f64::total_cmp);
    let breaks = times.windows(2).filter(|pair| pair[1] - pair[0] > OCCASION_S).count();
    u32::try_from(breaks).unwrap_or(u32::MAX - 1) + 1
}

#[cfg(test)]
mod tests {
    use super::{Order, of};
    use edgesoak_record::trial::{Burst, Setup, Shown, Trial};

    fn trial(hour: f64) -> Trial {
        let setup = Setup {
            unit: "u".to_owned(),
            os_build: None,
            route: "r".to_owned(),
            workload: "w".to_owned(),
            power: None,
            template: "t".to_owned(),
        };
        let shown = Shown::Rate { rate: 1.0, settled: true };
        Trial {
            began_s: hour * 3600.0,
            setup,
            ambient: None,
            grade: None,
            is_imported: false,
            shown,
            burst: Burst::default(),
            slowed: None,
            answers: None,
        }
    }

    fn order(candidate: &[f64], reference: &[f64]) -> Order {
        let trials = |hours: &[f64]| hours.iter().map(|hour| trial(*hour)).collect::<Vec<_>>();
        let (candidate, reference) = (trials(candidate), trials(reference));
        of(&candidate.iter().collect::<Vec<_>>(), &reference.iter().collect::<Vec<_>>())
    }

    #[test]
    fn abba_is_interleaved_and_one_after_the_other_is_not() {
        assert_eq!(order(&[1.0, 4.0, 5.0], &[2.0, 3.0, 6.0]), Order::Interleaved);
        assert_eq!(order(&[1.0, 3.0, 5.0], &[2.0, 4.0, 6.0]), Order::Interleaved);
        let apart = Order::Apart { candidate: 1, reference: 1 };
        assert_eq!(order(&[4.0, 5.0, 6.0], &[1.0, 2.0, 3.0]), apart);
        assert_eq!(order(&[f64::NAN], &[1.0]), apart);
    }

    #[test]
    fn days_are_occasions() {
        let apart = Order::Apart { candidate: 1, reference: 3 };
        assert_eq!(order(&[100.0, 101.0, 102.0], &[1.0, 24.0, 48.0]), apart);
    }
}
