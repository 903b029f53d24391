//! One device against one reference: a difference of means, its bounds, and what they say about the margin.

use edgesoak_record::comparison::{Change, MoreRuns, Reference};
use edgesoak_record::host_entry::BetweenRunSigma;
use edgesoak_record::policy::OwedEvidence;
use edgesoak_record::slowdown::Grade;
use edgesoak_record::verdict::Outcome;

use crate::attribution;
use crate::outcome::Missing;
use crate::promise::evidence_grade;
use crate::regression::air::{self, Air};
use crate::regression::looks::Looks;
use crate::regression::noise::{self, Noise, Run, mean};
use crate::regression::request::{Arm, Rules, Subject};
use crate::regression::{comparable, order, words};
use crate::statistics::{mann_whitney, student};
use edgesoak_record::trial::{Shown, Trial};

/// A device against a reference before the number of claims is known.
#[derive(Debug, Clone)]
pub struct Claim {
    /// What is told of it. `Fail` by statistics is set by [`Claim::settle`] alone.
    pub change: Change,
    /// Difference and standard error of the logarithms, where there is a difference.
    pub found: Option<Found>,
}

/// A difference of logarithms.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Candidate less reference, as measured.
    pub raw: f64,
    /// The same, with the air accounted for where it could be.
    pub value: f64,
    /// Its uncertainty.
    pub noise: Noise,
}

/// The claim about a subject against one reference.
#[must_use]
pub fn of(subject: &Subject, reference: Reference, rules: &Rules, looks: &Looks) -> Claim {
    let margin = rules.margin_of(reference);
    let arm = subject.references.iter().find(|(which, _)| *which == reference).map(|(_, arm)| arm);
    let mut change = blank(reference, margin);
    let none = Arm::default();
    let (ours, theirs) = (comparable::valid(&subject.candidate), comparable::valid(arm.unwrap_or(&none)));
    let invalid = |arm: &Arm, valid: usize| count(arm.trials.len() - valid);
    change.invalid_runs =
        invalid(&subject.candidate, ours.len()) + invalid(arm.unwrap_or(&none), theirs.len());
    if comparable::more_can_help(&subject.candidate, arm.unwrap_or(&none)) {
        change.more_runs = looks.more(count(ours.len()), count(theirs.len()));
    }
    if let Some((cause, sentence)) = comparable::broken(&subject.candidate) {
        change.outcome = Outcome::Fail;
        change.cause = Some(words::word(cause));
        change.sentence = format!("{}.", words::plain(sentence));
        change.more_runs = MoreRuns::default();
        return Claim { change, found: None };
    }
    let missing = margin_missing(margin)
        .or_else(|| comparable::obstacle(&subject.candidate, reference, arm))
        .map_or_else(|| measured(&mut change, &ours, &theirs, subject.history.as_ref(), looks), Err);
    match missing {
        Ok(found) => {
            let (ours, theirs) =
                (&ours[..change.candidate_runs as usize], &theirs[..change.reference_runs as usize]);
            let withdrawn = pass_withdrawn(subject, arm.unwrap_or(&none), ours)
                .or_else(|| evidence_lacking(OwedEvidence::by(&subject.family, &rules.evidence), ours));
            judged(&mut change, &found, looks, withdrawn);
            // What may be no loss at all has no cause.
            if change.hi.is_some_and(|hi| hi < 0.0) {
                change.why = attribution::of_regression(ours, theirs);
            }
            Claim { change, found: Some(found) }
        }
        Err(missing) => {
            words::not_proven(&mut change, &missing);
            Claim { change, found: None }
        }
    }
}

fn margin_missing(margin: f64) -> Option<Missing> {
    let usable = margin > 0.0 && margin < 1.0;
    (!usable).then(|| Missing::new("bad_margin", "The accepted loss is not between 0 and 100 %"))
}

fn blank(reference: Reference, margin: f64) -> Change {
    Change {
        reference,
        outcome: Outcome::NotProven,
        cause: None,
        sentence: String::new(),
        change: None,
        lo: None,
        hi: None,
        limit: -margin,
        candidate_runs: 0,
        reference_runs: 0,
        invalid_runs: 0,
        candidate_rates: Vec::new(),
        reference_rates: Vec::new(),
        sigma: None,
        p: None,
        p_corrected: None,
        p_ranks: None,
        suspect: false,
        more_runs: MoreRuns::default(),
        why: None,
        answers: None,
        notes: Vec::new(),
    }
}

/// The difference at the last look that both sides reach.
fn measured(
    change: &mut Change,
    ours: &[&Trial],
    theirs: &[&Trial],
    history: Option<&BetweenRunSigma>,
    looks: &Looks,
) -> Result<Found, Missing> {
    (change.candidate_rates, change.reference_rates) = (rates(ours), rates(theirs));
    let fewest = count(ours.len().min(theirs.len()));
    let Some(look) = looks.reached(fewest) else {
        let words = format!(
            "The first decision falls after {} runs of either side; there are {} of the candidate and {} of the reference",
            looks.numbers()[0],
            ours.len(),
            theirs.len()
        );
        return Err(Missing::new("too_few_runs", words));
    };
    let (ours, theirs) = (&ours[..look as usize], &theirs[..look as usize]);
    (change.candidate_runs, change.reference_runs) = (look, look);
    (change.candidate_rates, change.reference_rates) = (rates(ours), rates(theirs));
    let runs = |trials: &[&Trial]| {
        let run = |trial: &&Trial| {
            Some(Run { y: trial.ln_rate()?, ambient: trial.ambient.filter(|x| x.is_finite()) })
        };
        trials.iter().filter_map(run).collect::<Vec<Run>>()
    };
    let (candidate, reference) = (runs(ours), runs(theirs));
    let y = |runs: &[Run]| runs.iter().map(|run| run.y).collect::<Vec<f64>>();
    let raw = mean(&y(&candidate)) - mean(&y(&reference));
    let limit = change.limit.ln_1p();
    let lowered: Vec<f64> = y(&candidate).iter().map(|y| y - limit).collect();
    change.p_ranks = mann_whitney::smaller_p(&lowered, &y(&reference));
    change.change = Some(raw.exp_m1());
    let air = air::of(&candidate, &reference)?;
    let noise = noise::of(&candidate, &reference, history, order::of(ours, theirs), &air)?;
    let value = match &air {
        Air::Removed { slope, apart, .. } => raw - slope * apart,
        Air::Left(_) => raw,
    };
    change.change = Some(value.exp_m1());
    change.sigma = Some(noise.sigma);
    change.notes.push(noise.origin.clone());
    change.notes.push(words::air(&air));
    Ok(Found { raw, value, noise })
}

fn rates(trials: &[&Trial]) -> Vec<f64> {
    let rate = |trial: &&Trial| match trial.shown {
        Shown::Rate { rate, .. } => Some(rate),
        Shown::Invalid { .. } | Shown::Broken { .. } => None,
    };
    trials.iter().filter_map(rate).collect()
}

/// What takes a Pass away and leaves a Fail.
fn pass_withdrawn(subject: &Subject, reference: &Arm, counted: &[&Trial]) -> Option<Missing> {
    let vanished = comparable::vanished(&subject.candidate) + comparable::vanished(reference);
    if vanished > 0 {
        let words = format!("{vanished} scheduled runs have no record");
        return Some(Missing::new("missing_runs", words));
    }
    let moving =
        counted.iter().filter(|trial| matches!(trial.shown, Shown::Rate { settled: false, .. })).count();
    (moving > 0).then(|| {
        let words =
            format!("In {moving} of {} runs of the candidate the device had not settled", counted.len());
        Missing::new("not_settled", words)
    })
}

/// A claim about heat on less evidence than the family owes for one: a Fail needs none.
fn evidence_lacking(owed: Option<Grade>, counted: &[&Trial]) -> Option<Missing> {
    let owed = owed?;
    let lacks = |trial: &&&Trial| !evidence_grade::is_enough(owed, trial.grade, trial.is_imported);
    let lacking: Vec<&&Trial> = counted.iter().filter(lacks).collect();
    let least = lacking.iter().map(|trial| trial.grade).max_by_key(|grade| (grade.is_none(), *grade))?;
    let words = format!(
        "The family owes heat evidence of grade {}, and {} of {} runs of the candidate have less, {} at the least",
        owed.letter(),
        lacking.len(),
        counted.len(),
        evidence_grade::letter(least)
    );
    Some(Missing::new("evidence_grade", words))
}

/// Bounds, probabilities, and a Pass where one is due.
fn judged(change: &mut Change, found: &Found, looks: &Looks, withdrawn: Option<Missing>) {
    let limit = change.limit.ln_1p();
    let (error, freedom) = (found.noise.error, found.noise.freedom);
    let reach = student::quantile(1.0 - looks.alpha(), freedom).map(|t| t * error);
    let p = student::cdf((found.value - limit) / error, freedom);
    let (Some(reach), Some(p)) = (reach, p) else {
        words::not_proven(change, &Missing::new("too_few_runs", "The spread between runs cannot be told"));
        return;
    };
    change.lo = Some((found.value - reach).exp_m1());
    change.hi = Some((found.value + reach).exp_m1());
    change.p = Some(p);
    // The air may widen a doubt and never lifts a loss that was measured over the margin.
    let passes = found.value - reach >= limit && found.raw >= limit;
    match withdrawn {
        Some(missing) if passes => words::not_proven(change, &missing),
        None if passes => {
            change.outcome = Outcome::Pass;
            change.more_runs = MoreRuns::default();
            words::passed(change);
        }
        _ => words::too_close(change),
    }
}

impl Claim {
    /// Applies the correction for many claims: a loss that is significant among them fails; one that is significant
    /// only by itself is a suspicion.
    pub fn settle(&mut self, corrected: Option<f64>, looks: &Looks, claims: usize) {
        let Some(found) = &self.found else { return };
        self.change.p_corrected = corrected;
        let lost = found.raw < self.change.limit.ln_1p();
        let significant = |p: Option<f64>, alpha| lost && p.is_some_and(|p| p <= alpha);
        if significant(corrected, looks.alpha_among(claims)) {
            self.change.outcome = Outcome::Fail;
            self.change.more_runs = MoreRuns::default();
            words::failed(&mut self.change);
        } else if significant(self.change.p, looks.alpha()) {
            self.change.suspect = true;
            words::suspect(&mut self.change);
        }
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
