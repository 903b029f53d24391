//! A candidate that is slower than its reference: from its first second on, or only while it runs.

use edgesoak_record::slowdown::{Cause, Grade, Slowdown, Slowed};
use edgesoak_record::trial::{Burst, SlowedBy, Trial};

use crate::attribution::words;
use crate::defaults::{BURST_FELL_AS_MUCH, CAUSE_LEAST_PART};

/// Why a candidate sustains less than its reference: by its code where its burst fell as much; else by what slowed most of
/// its own soaks down. `None` where it sustains no less, or a side has no rate.
#[must_use]
pub fn of_regression(candidate: &[&Trial], reference: &[&Trial]) -> Option<Slowdown> {
    let level = |trials: &[&Trial], of: fn(&Trial) -> Option<f64>| {
        let known: Vec<f64> = trials.iter().filter_map(|trial| of(trial)).collect();
        let most = 2 * known.len() > trials.len();
        most.then(|| known.iter().sum::<f64>() / known.len() as f64)
    };
    let fall = |of: fn(&Trial) -> Option<f64>| Some(level(reference, of)? - level(candidate, of)?);
    let sustained = fall(Trial::ln_rate).filter(|fall| *fall > 0.0)?;
    let made = |cause, grade, seen: &str| made(1.0 - (-sustained).exp(), cause, grade, seen);
    let Some(burst) = fall(|trial| trial.burst_rate().map(f64::ln)) else {
        let why = missing(candidate).or_else(|| missing(reference)).unwrap_or("not_kept");
        return Some(made(Cause::Unexplained, None, &words::no_burst(why)));
    };
    let lost = 1.0 - (-burst).exp();
    if burst >= BURST_FELL_AS_MUCH * sustained {
        return Some(made(Cause::Code, Some(Grade::B), &words::burst_lost(lost)));
    }
    if burst > CAUSE_LEAST_PART * sustained {
        return Some(made(Cause::Unexplained, None, &words::burst_lost_some(lost)));
    }
    let (cause, grade, seen) = match shared(candidate) {
        Some((of, count)) => (of.cause, of.grade, words::burst_held(lost, Some((count, candidate.len())))),
        None => (Cause::Unexplained, None, words::burst_held(lost, None)),
    };
    Some(made(cause, grade, &seen))
}

/// Why a burst is not known, in the first trial without one.
fn missing<'a>(trials: &[&'a Trial]) -> Option<&'a str> {
    trials.iter().find_map(|trial| match &trial.burst {
        Burst::Missing { cause } => Some(cause.as_str()),
        Burst::Rate(_) => None,
    })
}

/// The cause that more than half of these soaks were slowed down by, as well as the worst of them shows it.
fn shared(trials: &[&Trial]) -> Option<(SlowedBy, usize)> {
    let of =
        |cause: Cause| trials.iter().filter_map(|trial| trial.slowed).filter(move |by| by.cause == cause);
    let known = Cause::ALL.iter().filter(|cause| **cause != Cause::Unexplained);
    let cause = *known.max_by_key(|cause| of(**cause).count())?;
    let count = of(cause).count();
    let grade = of(cause).map(|by| by.grade).max_by_key(|grade| grade.map_or('Z', Grade::letter)).flatten();
    (2 * count > trials.len()).then_some((SlowedBy { cause, grade }, count))
}

fn made(loss: f64, cause: Cause, grade: Option<Grade>, seen: &str) -> Slowdown {
    Slowdown {
        slowed: Slowed::Decode,
        loss: Some(loss),
        cause,
        grade,
        shares: Vec::new(),
        recovered: None,
        sentence: words::sentence(Slowed::Decode, Some(loss), (cause, grade), None, seen),
        evidence: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use edgesoak_record::slowdown::{Cause, Grade};
    use edgesoak_record::trial::{Burst, Setup, Shown, SlowedBy, Trial};

    use super::of_regression;

    fn trial(burst: Option<f64>, rate: f64, slowed: Option<Cause>) -> Trial {
        let word = |text: &str| text.to_owned();
        let setup = Setup {
            unit: word("u"),
            os_build: None,
            route: word("r"),
            workload: word("w"),
            power: None,
            template: word("t"),
        };
        Trial {
            began_s: 0.0,
            setup,
            ambient: None,
            grade: None,
            is_imported: false,
            shown: Shown::Rate { rate, settled: true },
            burst: burst.map_or_else(Burst::default, Burst::Rate),
            slowed: slowed.map(|cause| SlowedBy { cause, grade: Some(Grade::B) }),
            answers: None,
        }
    }

    fn cause(burst: Option<f64>, sustained: f64, slowed: Option<Cause>) -> Option<(Cause, String)> {
        let before = [trial(Some(20.0), 16.0, None), trial(Some(20.0), 16.0, None)];
        let after = [trial(burst, sustained, slowed), trial(burst, sustained, slowed)];
        let found = of_regression(&after.each_ref(), &before.each_ref())?;
        Some((found.cause, found.sentence))
    }

    #[test]
    fn what_is_slow_when_cold_is_slow_by_its_code() {
        let (code, words) = cause(Some(18.0), 14.4, Some(Cause::Thermal)).expect("a loss");
        assert_eq!(code, Cause::Code);
        insta::assert_snapshot!(words, @"Slowed by its own code (grade B): decoding lost 10 %; its burst lost 10.0 %");
        assert_eq!(cause(Some(20.0), 16.0, None), None);
        assert_eq!(cause(Some(20.0), 17.0, None), None);
        assert_eq!(cause(Some(18.0), f64::NAN, None), None);
    }

    #[test]
    fn a_burst_that_held_leaves_the_soaks_to_say_why() {
        let (heat, words) = cause(Some(20.0), 14.4, Some(Cause::Thermal)).expect("a loss");
        assert_eq!(heat, Cause::Thermal);
        insta::assert_snapshot!(words, @"Slowed by heat (grade B): decoding lost 10 %; its burst held, and 2 of 2 soaks were slowed down so");
        let (open, words) = cause(Some(20.0), 14.4, None).expect("a loss");
        assert_eq!(open, Cause::Unexplained);
        insta::assert_snapshot!(words, @"Slowed, unexplained: decoding lost 10 %; its burst held: it lost that while it ran, to heat or power, and its soaks do not show which");
    }

    #[test]
    fn between_the_two_and_without_a_burst_nothing_is_named() {
        let (open, words) = cause(Some(18.7), 14.4, Some(Cause::Thermal)).expect("a loss");
        assert_eq!(open, Cause::Unexplained);
        assert!(words.contains("its burst lost 6.5 %"), "{words}");
        let (open, words) = cause(None, 14.4, Some(Cause::Thermal)).expect("a loss");
        assert_eq!(open, Cause::Unexplained);
        assert!(words.ends_with("how fast it is when cold is not known (`not_kept`)"), "{words}");
    }
}
