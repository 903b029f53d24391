//! All devices together: one error for all claims, families, precedence, and the words of the first screen.

use std::collections::BTreeMap;

use edgesoak_record::comparison::{Change, Comparison, DeviceComparison, FamilyComparison, Reference};
use edgesoak_record::verdict::Outcome;

use crate::outcome::quoted;
use crate::regression::answered::with_answers;
use crate::regression::claim::{self, Claim};
use crate::regression::comparable;
use crate::regression::family::{self, Needed, UnitOf};
use crate::regression::looks::Looks;
use crate::regression::request::{Request, Subject};
use crate::regression::summary::Summary;
use crate::regression::{excuse, words};
use crate::statistics::holm;

/// One subject with its claims, one per reference.
struct Judged {
    subject: Subject,
    claims: Vec<Claim>,
}

/// Compares a candidate with its references on every device. Neither the order of devices nor that of runs matters,
/// nor how runs are split over subjects of one device and route.
#[must_use]
pub fn compare(request: &Request) -> Comparison {
    let looks = Looks::of(&request.rules.looks);
    let mut judged: Vec<Judged> =
        merged(&request.subjects).into_iter().map(|subject| claims(request, &looks, subject)).collect();
    settle(&mut judged, &looks, request.rules.references.len());
    let mut devices: Vec<DeviceComparison> = judged.iter().map(|judged| device(request, judged)).collect();
    // Where hardware ran, only hardware decides.
    let any_hardware = devices.iter().any(|device| !device.is_virtual);
    for device in &mut devices {
        device.blocking = !(any_hardware && device.is_virtual);
    }
    let families = families(request, &judged, &devices);
    let broken: Vec<bool> =
        judged.iter().map(|judged| comparable::broken(&judged.subject.candidate).is_some()).collect();
    let summary = Summary::of(request, &devices, &families, &broken);
    Comparison {
        verdict: summary.verdict,
        exit: summary.verdict.exit_code(),
        reason: summary.reason,
        sentence: summary.sentence,
        redacted: None,
        tier: request.rules.tier.clone(),
        policy: request.rules.policy.clone(),
        sides: request.sides.clone(),
        margin: request.rules.margin,
        pinned_margin: request.rules.pinned_margin,
        looks: looks.numbers().to_vec(),
        alpha: looks.alpha(),
        alpha_failures: looks.alpha_among(deciding(&judged)),
        accepted: devices.iter().filter_map(excuse::told).collect(),
        next_actions: next_actions(&devices, &families),
        devices,
        families,
    }
}

/// Subjects by device and route; what was split is taken together.
fn merged(subjects: &[Subject]) -> Vec<Subject> {
    let mut merged: BTreeMap<(String, String), Subject> = BTreeMap::new();
    for subject in subjects {
        let key = (subject.device.clone(), subject.route.clone());
        let Some(known) = merged.get_mut(&key) else {
            merged.insert(key, subject.clone());
            continue;
        };
        known.is_virtual |= subject.is_virtual;
        known.candidate.add(&subject.candidate);
        for (reference, arm) in &subject.references {
            match known.references.iter_mut().find(|(which, _)| which == reference) {
                Some((_, known)) => known.add(arm),
                None => known.references.push((*reference, arm.clone())),
            }
        }
        let runs = |history: &Option<_>| {
            history.as_ref().map(|known: &edgesoak_record::host_entry::BetweenRunSigma| known.runs)
        };
        if runs(&subject.history) > runs(&known.history) {
            known.history.clone_from(&subject.history);
        }
    }
    merged.into_values().collect()
}

fn claims(request: &Request, looks: &Looks, subject: Subject) -> Judged {
    let rules = &request.rules;
    let of = |reference: &Reference| claim::of(&subject, *reference, rules, looks);
    let claims = rules.references.iter().map(of).collect();
    Judged { subject, claims }
}

/// Holm over the devices, for each reference; over hardware and over simulated devices apart: claims that decide nothing
/// must not dilute those that do.
fn settle(judged: &mut [Judged], looks: &Looks, references: usize) {
    for (reference, is_virtual) in
        (0..references).flat_map(|reference| [(reference, false), (reference, true)])
    {
        let claims = judged.iter_mut().filter(|judged| judged.subject.is_virtual == is_virtual);
        let mut claims: Vec<&mut Claim> = claims.map(|judged| &mut judged.claims[reference]).collect();
        let p: Vec<Option<f64>> = claims.iter().map(|claim| claim.change.p).collect();
        for (claim, corrected) in claims.iter_mut().zip(holm::corrected(&p)) {
            claim.settle(corrected, looks, p.len());
        }
    }
}

/// How many claims decide about a reference: those of hardware, where there is any.
fn deciding(judged: &[Judged]) -> usize {
    let hardware = judged.iter().filter(|judged| !judged.subject.is_virtual).count();
    if hardware > 0 { hardware } else { judged.len() }
}

/// Failures speak first, then what is not proven, then a pass.
fn heaviest(changes: &[Change]) -> Option<&Change> {
    let of = |outcome| changes.iter().find(|change| change.outcome == outcome);
    of(Outcome::Fail).or_else(|| of(Outcome::NotProven)).or_else(|| changes.first())
}

fn device(request: &Request, judged: &Judged) -> DeviceComparison {
    let subject = &judged.subject;
    let changes: Vec<Change> =
        judged.claims.iter().map(|claim| with_answers(claim.change.clone(), subject)).collect();
    let nothing =
        (Outcome::NotProven, Some("no_reference".to_owned()), "There is nothing to compare with.".to_owned());
    let (outcome, cause, sentence) = heaviest(&changes)
        .map_or(nothing, |change| (change.outcome, change.cause.clone(), change.sentence.clone()));
    let mark = if subject.is_virtual { " (virtual)" } else { "" };
    let mut device = DeviceComparison {
        device: subject.device.clone(),
        family: subject.family.clone(),
        route: subject.route.clone(),
        is_virtual: subject.is_virtual,
        outcome,
        cause,
        sentence: format!(
            "{}{mark}, {}: {sentence}",
            quoted(&subject.device, 60),
            quoted(&subject.route, 60)
        ),
        accepted: None,
        blocking: true,
        changes,
    };
    excuse::apply(&request.rules, subject, &mut device);
    device
}

fn families(request: &Request, judged: &[Judged], devices: &[DeviceComparison]) -> Vec<FamilyComparison> {
    let mut families: BTreeMap<(&str, &str), Vec<UnitOf>> = BTreeMap::new();
    for (judged, device) in judged.iter().zip(devices) {
        // A simulated unit says nothing of its siblings on hardware.
        let hardware = devices.iter().any(|other| other.family == device.family && !other.is_virtual);
        if hardware && device.is_virtual {
            continue;
        }
        let claim = judged.claims.iter().find(|claim| claim.change.reference == Reference::Previous);
        let is_open = device.blocking && device.accepted.is_none();
        let unit = UnitOf { device: &device.device, outcome: device.outcome, is_open, claim };
        families.entry((&device.family, &device.route)).or_default().push(unit);
    }
    let needed = |name: &str| Needed {
        units: request.rules.units_per_family,
        is_required: request.rules.required_families.iter().any(|required| required == name),
    };
    families.iter().map(|((name, route), units)| family::of(name, route, units, &needed(name))).collect()
}

/// What to do next: runs that are owed, and units to look at.
fn next_actions(devices: &[DeviceComparison], families: &[FamilyComparison]) -> Vec<String> {
    let owed = devices.iter().filter(|device| device.outcome == Outcome::NotProven).flat_map(|device| {
        let changes = device.changes.iter().filter(|change| change.outcome == Outcome::NotProven);
        changes.filter_map(move |change| {
            let (more, title) = (words::more(change.more_runs)?, change.reference.title());
            Some(format!("Run {} again, interleaved with {title}: {more}.", quoted(&device.device, 60)))
        })
    });
    let units = families.iter().flat_map(|family| {
        let each = family.outliers.iter();
        each.map(|unit| {
            format!(
                "Look at unit {}: its siblings of {} did not lose as much.",
                quoted(unit, 60),
                quoted(&family.family, 60)
            )
        })
    });
    let mut actions: Vec<String> = owed.chain(units).collect();
    actions.dedup();
    actions
}
