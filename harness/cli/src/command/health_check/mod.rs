//! `edgesoak devices --check`: a short run with what is known to be good, on devices that are in quarantine and on those
//! that lately gave nothing. What it shows is kept for the person who lets them out.

mod due;

use edgesoak_controller::{HealthCheck, Quarantined, Terms, Ward};
use edgesoak_matrix::HealthCheckEntry;
use edgesoak_record::session::{CloseState, SessionClose};
use edgesoak_record::{SessionRecord, SessionVerdict, Verdict};
use serde_json::json;

use crate::args::{Format, Outputs, Selection, Shared};
use crate::command::{host_now, plan, print_json, quarantine, run};
use crate::failure::Failure;
use crate::places::Places;
use crate::stored::{self, JudgedRun};
use crate::terminal::{printable, say, tell};
use due::Why;

/// Devices that are looked at, in the order of the matrix.
type Due = Vec<(String, Why)>;

/// Measures these devices, or all that are due; the exit code of the run.
pub fn check(shared: &Shared, devices: &[String]) -> Result<u8, Failure> {
    let rule = plan::matrix(shared)?.health_check();
    let profile = rule.as_ref().map(|rule| rule.profile.clone());
    let due = match devices {
        [] => plannable(shared, profile.as_deref(), all_due(shared, &rule.ok_or_else(no_rule)?)?)?,
        devices => known(shared, devices)?,
    };
    if due.is_empty() {
        match shared.format() {
            Format::Json => print_json(&json!({ "run": null, "sessions": [] }))?,
            Format::Human => say("no device is due for a check of its health\n")?,
        }
        return Ok(0);
    }
    let selection = selection(profile.as_deref(), due.iter().map(|(device, _)| device.clone()));
    let terms = Terms { quarantined_too: true, ..Terms::default() };
    let judged = run::begin(shared, &selection, (terms, &[]), &Outputs::default())?;
    let places = Places::find()?;
    for (device, why) in &due {
        tell(&printable(&keep(&places, &Checked::of(device, &judged, *why))?));
    }
    Ok(judged.verdict.exit)
}

fn selection(profile: Option<&str>, devices: impl IntoIterator<Item = String>) -> Selection {
    Selection {
        profile: profile.map(str::to_owned),
        devices: devices.into_iter().collect(),
        ..Selection::default()
    }
}

fn no_rule() -> Failure {
    Failure::config("the matrix does not say what a check of a device's health is")
        .hint("`[health_check]` with a `profile` whose `candidates` are known to be good; or name one device")
}

/// Devices that a person asks for by their ids.
fn known(shared: &Shared, devices: &[String]) -> Result<Due, Failure> {
    let matrix = plan::matrix(shared)?;
    let is_known = |device: &String| matrix.devices().iter().any(|entry| entry.id == *device);
    match devices.iter().find(|device| !is_known(device)) {
        None => Ok(devices.iter().map(|device| (device.clone(), Why::Asked)).collect()),
        Some(device) => Err(Failure::config(format!("the matrix has no device {device}"))
            .hint("edgesoak devices lists the devices of the matrix")),
    }
}

/// Devices of the matrix that are due by what this host keeps of them.
fn all_due(shared: &Shared, rule: &HealthCheckEntry) -> Result<Due, Failure> {
    let (places, now) = (Places::find()?, host_now());
    let store = shared.database().exists().then(|| stored::open_for_reading(shared)).transpose()?;
    let mut due = Vec::new();
    for entry in plan::matrix(shared)?.devices() {
        let found =
            Ward::of_host(&places.state, &entry.id).map_err(|error| quarantine::unreadable(&error))?;
        let ends = store.as_ref().map(|store| store.device_ends(&entry.id, due::ENDS)).transpose();
        let ends = ends.map_err(|error| stored::unreadable(shared, &error))?.unwrap_or_default();
        due.extend(due::why(rule, found.as_ref(), &ends, now).map(|why| (entry.id.clone(), why)));
    }
    Ok(due)
}

/// Those that a plan can be made for: one that cannot be measured must not keep the others from it.
fn plannable(shared: &Shared, profile: Option<&str>, due: Due) -> Result<Due, Failure> {
    let (mut fit, mut first) = (Vec::new(), None);
    for (device, why) in due {
        match plan::make(shared, &selection(profile, [device.clone()])) {
            Ok(_) => fit.push((device, why)),
            Err(failure) => {
                tell(&printable(&format!("{device} cannot be checked:\n{}", failure.render())));
                first.get_or_insert(failure);
            }
        }
    }
    match first {
        Some(failure) if fit.is_empty() => Err(failure),
        _ => Ok(fit),
    }
}

/// The verdict on all of them: one that failed is told, whatever else was not shown.
fn worst(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    let rank = |verdict: &Verdict| match verdict {
        Verdict::Fail => 0,
        Verdict::Infrastructure => 1,
        Verdict::NotProven => 2,
        Verdict::Nothing => 3,
        Verdict::Pass => 4,
    };
    verdicts.min_by_key(rank).unwrap_or(Verdict::Nothing)
}

/// What a check showed on a device.
struct Checked<'r> {
    device: &'r str,
    why: Why,
    run: &'r str,
    sessions: Vec<&'r SessionRecord>,
    verdicts: Vec<&'r SessionVerdict>,
}

impl<'r> Checked<'r> {
    fn of(device: &'r str, JudgedRun { run, verdict, .. }: &'r JudgedRun, why: Why) -> Self {
        let sessions = run.sessions.iter().filter(|session| session.planned.device.id == device);
        let verdicts = verdict.sessions.iter().filter(|session| session.device == device);
        Self { device, why, run: &verdict.run, sessions: sessions.collect(), verdicts: verdicts.collect() }
    }

    /// Why nothing can be said of the device.
    fn says_nothing(&self) -> Option<&str> {
        let mut closes = self.closes();
        closes.find(|close| due::says_nothing(&close.cause, &close.whose)).map(|close| close.detail.as_str())
    }

    fn closes(&self) -> impl Iterator<Item = &'r SessionClose> {
        self.sessions.iter().filter_map(|session| session.close.as_ref())
    }

    fn word(&self) -> &'static str {
        worst(self.verdicts.iter().map(|found| found.verdict)).word()
    }

    /// Whose fault it is that it came to nothing again, and how, in a sentence. What was not proven in so short a time
    /// speaks against nobody; what is known to be good, and dies or fails, against the device.
    fn fault(&self) -> Option<(String, String)> {
        if let Some(close) = self.closes().find(|close| close.state != CloseState::Completed) {
            let whose = if close.whose.is_empty() { "device" } else { &close.whose };
            return Some((whose.to_owned(), close.detail.clone()));
        }
        let failed = self.verdicts.iter().find(|found| found.verdict == Verdict::Fail)?;
        Some(("device".to_owned(), format!("what is known to be good fails: {}", failed.sentence)))
    }
}

/// Keeps what a check showed; a sentence about it. Nobody is let out, and a device that came to nothing once more is put
/// where a person looks at it.
fn keep(places: &Places, checked: &Checked<'_>) -> Result<String, Failure> {
    let (device, word) = (checked.device, checked.word());
    if let Some(why) = checked.says_nothing() {
        return Ok(format!("{device} was not checked: {why}"));
    }
    let check = HealthCheck { run: checked.run.to_owned(), verdict: word.to_owned(), at: host_now() };
    let kept = Ward::keep_check(&places.state, device, check.clone());
    if kept.map_err(|error| quarantine::unreadable(&error))? {
        return Ok(format!(
            "{device} was checked: {word}; it stays in quarantine until a person lets it out: \
             edgesoak devices --clear {device} --reason TEXT"
        ));
    }
    let (Why::Failing(runs), Some((whose, how))) = (checked.why, checked.fault()) else {
        return Ok(format!("{device} was checked: {word}"));
    };
    let quarantined = Quarantined {
        device: device.to_owned(),
        whose,
        why: format!("{runs} runs in a row and a check of its health came to nothing: {how}"),
        since: check.at,
        run: checked.run.to_owned(),
        check: Some(check),
    };
    Ward::put_of_host(&places.state, &quarantined).map_err(|error| quarantine::unreadable(&error))?;
    Ok(format!("{device} is in quarantine now: {}", quarantined.why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_told_before_what_was_not_shown() {
        let of = |verdicts: &[Verdict]| worst(verdicts.iter().copied());
        assert_eq!(of(&[Verdict::Pass, Verdict::NotProven, Verdict::Fail]), Verdict::Fail);
        assert_eq!(of(&[Verdict::NotProven, Verdict::Pass]), Verdict::NotProven);
        assert_eq!(of(&[Verdict::Pass, Verdict::Pass]), Verdict::Pass);
        assert_eq!(of(&[]), Verdict::Nothing, "no session is no pass");
    }
}
