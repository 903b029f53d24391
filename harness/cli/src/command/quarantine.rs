//! `edgesoak devices --check` and `--clear`: devices in quarantine.

use std::time::{Duration, SystemTime};

use edgesoak_controller::{HealthCheck, Terms, Ward};
use edgesoak_record::units::Nanos;
use serde_json::json;

use crate::args::{Format, Outputs, Selection, Shared};
use crate::command::{plan, print_json, run};
use crate::failure::Failure;
use crate::places::Places;
use crate::stored;
use crate::terminal::{printable, say, tell};

/// Profile that checks use where the matrix has one of this name.
const PROFILE: &str = "check";

/// Runs a short session on a device, in quarantine or not, and keeps beside the quarantine what it showed.
pub fn check(shared: &Shared, device: &str) -> Result<u8, Failure> {
    let places = Places::find()?;
    known(shared, device)?;
    let profile = plan::matrix(shared)?
        .profiles()
        .iter()
        .any(|profile| profile.id == PROFILE)
        .then(|| PROFILE.to_owned());
    let selection = Selection { profile, devices: vec![device.to_owned()], ..Selection::default() };
    let terms = Terms { quarantined_too: true, ..Terms::default() };
    let (code, id) = run::begin(shared, &selection, terms, &Outputs::default())?;
    let (_, judged) = stored::load(shared, &id)?;
    let verdict = judged.verdict.verdict.word();
    let check = HealthCheck { run: id, verdict: verdict.to_owned(), at: now() };
    if Ward::keep_check(&places.state, device, check).map_err(|error| unreadable(&error))? {
        tell(&printable(&format!(
            "{device} was checked: {verdict}; it stays in quarantine until a person lets it out: \
             edgesoak devices --clear {device} --reason TEXT"
        )));
    }
    Ok(code)
}

/// Lets a device out of quarantine, for a reason.
pub fn clear(shared: &Shared, device: &str, reason: &str) -> Result<u8, Failure> {
    let places = Places::find()?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Failure::config("a device is let out of quarantine for a reason")
            .hint("say with --reason what was done about it"));
    }
    let was = Ward::clear(&places.state, device, reason, now()).map_err(|error| unreadable(&error))?;
    let Some(was) = was else {
        return Err(Failure::config(format!("{device} is not in quarantine"))
            .hint("edgesoak devices shows which ones are"));
    };
    match shared.format {
        Format::Json => print_json(&json!({ "cleared": was, "reason": reason }))?,
        Format::Human => {
            say(&printable(&format!("{device} may be used again; it was in quarantine: {}\n", was.why)))?;
        }
    }
    Ok(0)
}

fn known(shared: &Shared, device: &str) -> Result<(), Failure> {
    if plan::matrix(shared)?.devices().iter().any(|entry| entry.id == device) {
        return Ok(());
    }
    Err(Failure::config(format!("the matrix has no device {device}"))
        .hint("edgesoak devices lists the devices of the matrix"))
}

fn unreadable(error: &std::io::Error) -> Failure {
    Failure::infrastructure("what this host knows of devices in quarantine cannot be kept").because(error)
}

fn now() -> Nanos {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    Nanos(u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
}
