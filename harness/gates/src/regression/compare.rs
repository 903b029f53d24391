//! All devices together: one error for all claims, families, precedence, and the words of the first screen.

use std::collections::BTreeMap;

use edgesoak_record::comparison::{Change, Comparison, DeviceComparison, FamilyComparison, Reference};
use edgesoak_record::verdict::{Outcome, Verdict};

use crate::outcome::quoted;
use crate::regression::claim::{self, Claim};
use crate::regression::comparable;
use crate::regression::family::{self, UnitOf};
use crate::regression::looks::Looks;
use crate::regression::request::{Request, Subject};
use crate::regression::words;
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
    let devices: Vec<DeviceComparison> = judged.iter().map(device).collect();
    let families = families(request, &judged, &devices);
    let summary = summary(request, &judged, &devices, &families);
    Comparison {
        verdict: summary.verdict,
        exit: summary.verdict.exit_code(),
        reason: summary.reason,
        sentence: summary.sentence,
        margin: request.rules.margin,
        pinned_margin: request.rules.pinned_margin,
        looks: looks.numbers().to_vec(),
        alpha: looks.alpha(),
        alpha_failures: looks.alpha_among(judged.len()),
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
    let of = |reference: &Reference| claim::of(&subject, *reference, rules.margin_of(*reference), looks);
    let claims = rules.references.iter().map(of).collect();
    Judged { subject, claims }
}

/// Holm over the devices, for each reference.
fn settle(judged: &mut [Judged], looks: &Looks, references: usize) {
    for reference in 0..references {
        let p: Vec<Option<f64>> = judged.iter().map(|judged| judged.claims[reference].change.p).collect();
        for (judged, corrected) in judged.iter_mut().zip(holm::corrected(&p)) {
            judged.claims[reference].settle(corrected, looks, p.len());
        }
    }
}

/// Failures speak first, then what is not proven, then a pass.
fn heaviest(changes: &[Change]) -> Option<&Change> {
    let of = |outcome| changes.iter().find(|change| change.outcome == outcome);
    of(Outcome::Fail).or_else(|| of(Outcome::NotProven)).or_else(|| changes.first())
}

fn device(judged: &Judged) -> DeviceComparison {
    let subject = &judged.subject;
    let changes: Vec<Change> = judged.claims.iter().map(|claim| claim.change.clone()).collect();
    let nothing =
        (Outcome::NotProven, Some("no_reference".to_owned()), "There is nothing to compare with.".to_owned());
    let (outcome, cause, sentence) = heaviest(&changes)
        .map_or(nothing, |change| (change.outcome, change.cause.clone(), change.sentence.clone()));
    let mark = if subject.is_virtual { " (virtual)" } else { "" };
    DeviceComparison {
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
        changes,
    }
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
        let unit = UnitOf { device: &device.device, outcome: device.outcome, claim };
        families.entry((&device.family, &device.route)).or_default().push(unit);
    }
    let needed = request.rules.units_per_family;
    families.iter().map(|((name, route), units)| family::of(name, route, units, needed)).collect()
}

struct Summary {
    verdict: Verdict,
    reason: String,
    sentence: String,
}

impl Summary {
    fn new(verdict: Verdict, reason: &str, sentence: impl Into<String>) -> Self {
        Self { verdict, reason: reason.to_owned(), sentence: sentence.into() }
    }

    fn of(verdict: Verdict, device: &DeviceComparison) -> Self {
        Self::new(verdict, device.cause.as_deref().unwrap_or("no_evidence"), device.sentence.clone())
    }
}

fn summary(
    request: &Request,
    judged: &[Judged],
    devices: &[DeviceComparison],
    families: &[FamilyComparison],
) -> Summary {
    if judged.is_empty() && request.required.is_empty() && request.rules.required_families.is_empty() {
        return Summary::new(Verdict::Nothing, "nothing_ran", "Nothing was compared.");
    }
    // Where hardware ran, only hardware decides.
    let any_hardware = devices.iter().any(|device| !device.is_virtual);
    let mut deciding: Vec<(&DeviceComparison, bool)> = judged
        .iter()
        .zip(devices)
        .filter(|(_, device)| !(any_hardware && device.is_virtual))
        .map(|(judged, device)| (device, comparable::broken(&judged.subject.candidate).is_some()))
        .collect();
    deciding.sort_by_key(|(_, broken)| !broken);
    let of = |outcome| {
        deciding.iter().find(move |(device, _)| device.outcome == outcome).map(|(device, _)| *device)
    };
    if let Some(device) = of(Outcome::Fail) {
        return Summary::of(Verdict::Fail, device);
    }
    if let Some(device) = of(Outcome::NotProven) {
        return Summary::of(Verdict::NotProven, device);
    }
    if let Some(name) =
        request.required.iter().find(|name| !devices.iter().any(|device| device.device == **name))
    {
        let words = format!("Device {} is required and was not compared.", quoted(name, 60));
        return Summary::new(Verdict::NotProven, "not_run", words);
    }
    if let Some(summary) = hole(request, devices, families) {
        return summary;
    }
    if !any_hardware {
        let words = "Only virtual devices were compared, and they prove nothing about hardware.";
        return Summary::new(Verdict::NotProven, "virtual_only", words);
    }
    let words = match deciding.as_slice() {
        [(only, _)] => only.sentence.clone(),
        many => format!("No more than accepted was lost on any of {} devices and routes.", many.len()),
    };
    Summary::new(Verdict::Pass, "pass", words)
}

/// A required family that is not covered.
fn hole(request: &Request, devices: &[DeviceComparison], families: &[FamilyComparison]) -> Option<Summary> {
    request.rules.required_families.iter().find_map(|name| {
        let hardware = devices.iter().any(|device| device.family == *name && !device.is_virtual);
        let shown = quoted(name, 60);
        if !hardware {
            let words = format!("Family {shown} is required and was compared on no hardware.");
            return Some(Summary::new(Verdict::NotProven, "not_run", words));
        }
        let open =
            families.iter().find(|family| family.family == *name && family.outcome != Outcome::Pass)?;
        Some(Summary::new(
            Verdict::NotProven,
            open.cause.as_deref().unwrap_or("no_evidence"),
            open.sentence.clone(),
        ))
    })
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
