//! The spread between runs, from history or, without enough of it, from a stated guess.

use edgesoak_record::host_entry::{BetweenRunSigma, History};

use crate::defaults::{FEWEST_HISTORY_DAYS, FEWEST_HISTORY_RUNS, MOST_DEGREES_OF_FREEDOM, PRIOR_SIGMA};
use crate::statistics::{Z_95, student};

/// Standard deviation of `ln(rate)` between runs, and how well it is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Standard deviation of the natural logarithm.
    pub sigma: f64,
    /// Multiplier of a one-sided 95 % bound.
    pub multiplier: f64,
    /// Runs it was taken from; `None` for the prior.
    pub runs: Option<u32>,
}

/// Whether a history knows enough to replace a guess: enough runs, and enough days.
#[must_use]
pub fn counts(known: &BetweenRunSigma) -> bool {
    known.runs >= FEWEST_HISTORY_RUNS
        && known.days >= FEWEST_HISTORY_DAYS
        && (0.0..1.0).contains(&known.sigma)
}

impl Spread {
    /// From history where there are enough runs, else the prior.
    #[must_use]
    pub fn of(history: &History, device: &str, candidate: &str) -> Self {
        history
            .between_run_sigma
            .iter()
            .filter(|known| known.device == device && known.candidate == candidate)
            .filter(|known| counts(known))
            .max_by(|a, b| a.runs.cmp(&b.runs).then(a.sigma.total_cmp(&b.sigma)))
            .and_then(|known| {
                let freedom = f64::from((known.runs - 1).min(MOST_DEGREES_OF_FREEDOM));
                let multiplier = student::quantile(0.95, freedom)?;
                Some(Self { sigma: known.sigma, multiplier, runs: Some(known.runs) })
            })
            .unwrap_or(Self { sigma: PRIOR_SIGMA, multiplier: Z_95, runs: None })
    }

    /// One-sided 95 % bounds of a positive value with this spread inside its run.
    #[must_use]
    pub fn bounds(&self, value: f64, within: f64) -> (f64, f64) {
        let reach = self.multiplier * self.sigma.hypot(within);
        (value * (-reach).exp(), value * reach.exp())
    }

    /// Words for a sentence: where the spread comes from.
    #[must_use]
    pub fn origin(&self) -> String {
        match self.runs {
            Some(runs) => format!("spread between runs {:.1} % from {runs} earlier runs", self.sigma * 100.0),
            None => format!("spread between runs assumed to be {:.0} % (prior)", self.sigma * 100.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use edgesoak_record::host_entry::{BetweenRunSigma, History};

    use super::Spread;

    fn history(sigma: f64, runs: u32) -> History {
        on_days(sigma, runs, 3)
    }

    fn on_days(sigma: f64, runs: u32, days: u32) -> History {
        let known = BetweenRunSigma { device: "d".to_owned(), candidate: "c".to_owned(), sigma, runs, days };
        History { between_run_sigma: vec![known], ..History::default() }
    }

    #[test]
    fn the_prior_holds_until_there_are_eight_runs() {
        assert_eq!(Spread::of(&history(0.01, 7), "d", "c").runs, None);
        let known = Spread::of(&history(0.01, 8), "d", "c");
        assert_eq!(known.runs, Some(8));
        // Student's t with 7 degrees of freedom at 95 %.
        assert!((known.multiplier - 1.8946).abs() < 1e-3, "{}", known.multiplier);
        assert_eq!(Spread::of(&history(0.01, 9), "d", "other").runs, None);
        assert_eq!(Spread::of(&history(f64::NAN, 9), "d", "c").runs, None);
        assert_eq!(Spread::of(&on_days(0.01, 40, 2), "d", "c").runs, None, "two afternoons");
    }

    #[test]
    fn bounds_of_the_prior() {
        let (lo, hi) = Spread::of(&History::default(), "d", "c").bounds(100.0, 0.0);
        assert!((lo - 95.18).abs() < 0.01 && (hi - 105.06).abs() < 0.01, "{lo} {hi}");
    }
}
