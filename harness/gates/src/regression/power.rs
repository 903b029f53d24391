//! What a number of runs can show at all, told before they are made.

use edgesoak_record::comparison::Detectable;
use edgesoak_record::host_entry::BetweenRunSigma;

use crate::case::spread;
use crate::defaults::{LEAST_SIGMA, MOST_DEGREES_OF_FREEDOM, POWER, PRIOR_SIGMA};
use crate::regression::looks::Looks;
use crate::statistics::student;

/// What each look can show with an accepted loss of `margin`.
///
/// Earlier looks and other devices are not counted with: the first raise the chances a little, the second lower
/// that of a failure. `None` for a margin outside 0..1.
#[must_use]
pub fn detectable(history: Option<&BetweenRunSigma>, margin: f64, looks: &[u32]) -> Option<Vec<Detectable>> {
    let looks = Looks::of(looks);
    let known = history.filter(|known| spread::counts(known));
    let sigma = known.map_or(PRIOR_SIGMA, |known| known.sigma).max(LEAST_SIGMA);
    let limit = (-margin).ln_1p();
    let of = |runs: &u32| {
        let own = 2.0 * f64::from(*runs) - 2.0;
        let freedom =
            own + known.map_or(0.0, |known| f64::from((known.runs - 1).min(MOST_DEGREES_OF_FREEDOM)));
        let error = sigma * (2.0 / f64::from(*runs)).sqrt();
        let reach = student::quantile(1.0 - looks.alpha(), freedom)? * error;
        let chance = student::quantile(POWER, freedom)? * error;
        Some(Detectable {
            runs: *runs,
            sigma,
            is_prior: known.is_none(),
            reach: reach.exp_m1(),
            passes_from: (limit + reach + chance).exp_m1(),
            fails_from: (limit - reach - chance).exp_m1(),
        })
    };
    let usable = margin > 0.0 && margin < 1.0;
    usable.then(|| looks.numbers().iter().filter_map(of).collect())
}

#[cfg(test)]
mod tests {
    use edgesoak_record::host_entry::BetweenRunSigma;

    use super::detectable;

    #[test]
    fn more_runs_and_less_spread_show_more() {
        let history = |sigma| BetweenRunSigma {
            device: "d".to_owned(),
            candidate: "c".to_owned(),
            sigma,
            runs: 21,
            days: 21,
        };
        let quiet = detectable(Some(&history(0.01)), 0.05, &[]).expect("a margin");
        let loud = detectable(Some(&history(0.03)), 0.05, &[]).expect("a margin");
        assert_eq!(quiet.iter().map(|each| each.runs).collect::<Vec<_>>(), [3, 5, 8]);
        for (quiet, loud) in quiet.iter().zip(&loud) {
            assert!(quiet.passes_from < loud.passes_from && quiet.fails_from > loud.fails_from);
        }
        // By hand: t(24; .9768) = 2.10, t(24; .8) = 0.857, error = 0.01 * sqrt(2/3).
        assert!((quiet[0].passes_from - ((-0.05_f64).ln_1p() + 2.957 * 0.008_165).exp_m1()).abs() < 2e-4);
        assert!(loud[0].passes_from > 0.0, "three runs at 3 % pass hardly anything");
        let guessed = detectable(None, 0.05, &[]).expect("a margin");
        assert!(guessed[0].is_prior && guessed[0].reach > loud[0].reach);
        assert_eq!(detectable(None, 1.0, &[]), None);
    }
}
