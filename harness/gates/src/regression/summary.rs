//! The verdict on a whole comparison: one word, one sentence.

use edgesoak_record::comparison::{DeviceComparison, FamilyComparison};
use edgesoak_record::verdict::{Outcome, Verdict};

use crate::outcome::quoted;
use crate::regression::request::Request;

/// The verdict, its stable word and its sentence.
pub struct Summary {
    /// The verdict.
    pub verdict: Verdict,
    /// A stable word.
    pub reason: String,
    /// One sentence.
    pub sentence: String,
}

impl Summary {
    fn new(verdict: Verdict, reason: &str, sentence: impl Into<String>) -> Self {
        Self { verdict, reason: reason.to_owned(), sentence: sentence.into() }
    }

    fn from_device(verdict: Verdict, device: &DeviceComparison) -> Self {
        Self::new(verdict, device.cause.as_deref().unwrap_or("no_evidence"), device.sentence.clone())
    }

    fn not_proven(reason: &str, sentence: impl Into<String>) -> Self {
        Self::new(Verdict::NotProven, reason, sentence)
    }

    /// Integrity failures speak first, then other failures, then what is not proven, then a pass. `broken` says of each
    /// device whether the candidate broke its promise of integrity there.
    #[must_use]
    pub fn of(
        request: &Request,
        devices: &[DeviceComparison],
        families: &[FamilyComparison],
        broken: &[bool],
    ) -> Self {
        if devices.is_empty() && request.required.is_empty() && request.rules.required_families.is_empty() {
            return Self::new(Verdict::Nothing, "nothing_ran", "Nothing was compared.");
        }
        let any_hardware = devices.iter().any(|device| !device.is_virtual);
        let mut deciding: Vec<(&DeviceComparison, bool)> =
            devices.iter().zip(broken.iter().copied()).filter(|(device, _)| device.blocking).collect();
        deciding.sort_by_key(|(_, broken)| !broken);
        let speaks = |outcome| {
            let mut open =
                deciding.iter().map(|(device, _)| *device).filter(|device| device.accepted.is_none());
            open.find(move |device| device.outcome == outcome)
        };
        if let Some(device) = speaks(Outcome::Fail) {
            return Self::from_device(Verdict::Fail, device);
        }
        if let Some(device) = speaks(Outcome::NotProven) {
            return Self::from_device(Verdict::NotProven, device);
        }
        if let Some(hole) = not_run(request, devices).or_else(|| hole(request, devices, families)) {
            return hole;
        }
        if !any_hardware {
            let words = "Only virtual devices were compared, and they prove nothing about hardware.";
            return Self::not_proven("virtual_only", words);
        }
        let passed: Vec<&DeviceComparison> = deciding
            .iter()
            .map(|(device, _)| *device)
            .filter(|device| device.outcome == Outcome::Pass)
            .collect();
        match passed.as_slice() {
            [] => Self::not_proven(
                "nothing_passed",
                "Everything that was compared was excused, and nothing passed.",
            ),
            [only] => Self::new(Verdict::Pass, "pass", only.sentence.clone()),
            many => {
                let words = format!("No more than accepted was lost on {} devices and routes.", many.len());
                Self::new(Verdict::Pass, "pass", words)
            }
        }
    }
}

/// A required device that nothing is known of.
fn not_run(request: &Request, devices: &[DeviceComparison]) -> Option<Summary> {
    let known = |name: &String| devices.iter().any(|device| device.device == *name);
    let name = request.required.iter().find(|name| !known(name))?;
    let words = format!("Device {} is required and was not compared.", quoted(name, 60));
    Some(Summary::not_proven("not_run", words))
}

/// A required family that is not covered by enough hardware, on any of its routes.
fn hole(request: &Request, devices: &[DeviceComparison], families: &[FamilyComparison]) -> Option<Summary> {
    let is_covered =
        |name: &String| devices.iter().any(|device| device.family == *name && !device.is_virtual);
    if let Some(name) = request.rules.required_families.iter().find(|name| !is_covered(name)) {
        let words = format!("Family {} is required and was compared on no hardware.", quoted(name, 60));
        return Some(Summary::not_proven("not_run", words));
    }
    let few = families.iter().find(|family| family.blocking && family.outcome == Outcome::NotProven)?;
    let words = format!("Route {}: {}", quoted(&few.route, 60), few.sentence);
    Some(Summary::not_proven(few.cause.as_deref().unwrap_or("no_evidence"), words))
}
