//! Why a session slowed down, with evidence. Never a gate: it says where to look.
//!
//! `course` brings a speed over the soak, and what of it was lost; `suspects` what may have burdened it; `shares` how
//! much of the loss goes with each; `cause` what stands behind the one that won. `clocks`, `cooling`, `lengths`, `prompt_mix`,
//! `supply` and `recovery` tell apart what looks alike. A suspect must
//! explain half of the loss, and more of the course than time itself, else the slowdown is unexplained.

mod cause;
mod clocks;
mod cooling;
pub(crate) mod course;
mod explained;
mod lengths;
mod prompt_mix;
mod recovery;
mod regression;
mod shape;
mod shares;
mod supply;
mod suspects;
mod words;

use edgesoak_record::slowdown::{Cause, Grade, Share, Slowdown, Slowed, Suspect};
use edgesoak_record::verdict::Outcome;

use crate::case::Case;
use crate::measure::soak::Soak;
use crate::outcome::tokens;
use crate::promise;
use cause::Seen;
use course::Course;

pub(crate) use explained::EXPLAINED;
pub(crate) use regression::of_regression;
pub(crate) use shape::of as shape;
pub(crate) use words::remarked;

/// What became slower in a session, and why; empty where nothing did, or nothing can be timed.
#[must_use]
pub fn of(case: &Case) -> Vec<Slowdown> {
    if let Some(slowdown) = fallback(case) {
        return vec![slowdown];
    }
    let Ok(soak) = &case.soak else { return Vec::new() };
    if promise::clocks::broken(case).is_some() {
        return Vec::new();
    }
    let first_tokens = Course::of_first_tokens(soak);
    let courses = [decoding(case), first_tokens.as_ref()];
    let mut slowdowns: Vec<Slowdown> = Vec::new();
    for course in courses.into_iter().flatten() {
        if let Some(slowdown) = slowdown(case, soak, course)
            // What slows both down is said once.
            && slowdowns.iter().all(|known| known.cause != slowdown.cause)
        {
            slowdowns.push(slowdown);
        }
    }
    slowdowns
}

/// How decoding went over the soak; `None` where it is too short to say.
fn decoding<'a>(case: &'a Case) -> Option<&'a Course> {
    let soak = case.soak.as_ref().ok()?;
    case.once.decoding.get_or_init(|| Course::of_decoding(soak)).as_ref()
}

/// A model that ran elsewhere was slow from the begin: there is no loss to look at.
fn fallback(case: &Case) -> Option<Slowdown> {
    let gate = edgesoak_record::gate::Gate::Placement;
    let found = (promise::of(gate)?.judge)(case, gate);
    // Nothing was observed: that is no fall-back that anybody saw.
    let is_seen = found.outcome == Outcome::Fail && found.n > 0;
    let seen = crate::outcome::finding::decapitalised(&found.sentence);
    is_seen.then(|| Slowdown {
        slowed: Slowed::Decode,
        loss: None,
        cause: Cause::Fallback,
        grade: Some(Grade::A),
        shares: Vec::new(),
        recovered: None,
        sentence: words::sentence(Slowed::Decode, None, (Cause::Fallback, Some(Grade::A)), None, &seen),
        evidence: Vec::new(),
    })
}

fn slowdown(case: &Case, soak: &Soak, course: &Course) -> Option<Slowdown> {
    let loss = course.loss()?;
    let burdens = suspects::of(case, soak, course);
    let shares = shares::of(course, &burdens, loss);
    let recovered = recovery::part(case, course);
    let winner = shares::winner(&shares);
    let seen = Seen { case, soak, course, burdens: &burdens, recovered };
    // What slows a device down slows every prompt down: a mix of prompts that explains the loss leaves none for it.
    let found = prompt_mix::of(soak, course, loss, winner.map(|winner| winner.suspect))
        .or_else(|| supply::plugged(case, course, winner.as_ref()))
        .unwrap_or_else(|| seen.cause(winner.as_ref()));
    let (from_s, to_s) = course.late();
    let is_behind = |winner: &Share| match found.cause {
        Cause::Unexplained => false,
        Cause::PromptMix => winner.suspect == Suspect::Context,
        _ => true,
    };
    let explained = winner.filter(is_behind);
    let loss = 1.0 - (-loss).exp();
    let words = words::with_recovery(found.seen, recovered);
    let sentence =
        words::sentence(course.slowed, Some(loss), (found.cause, found.grade), explained.as_ref(), &words);
    Some(Slowdown {
        slowed: course.slowed,
        loss: Some(loss),
        cause: found.cause,
        grade: found.grade,
        shares,
        recovered,
        sentence,
        evidence: found.evidence.into_iter().chain([tokens(from_s, to_s)]).collect(),
    })
}
