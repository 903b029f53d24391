//! What must hold at the end of a day, whatever went wrong.

use std::path::Path;

use edgesoak_controller::machine::{Phase, State};
use edgesoak_record::host_entry::{HostEntry, HostEvent};
use edgesoak_record::session::{CloseState, SessionClose};

use crate::day::Day;
use crate::errand::Errand;
use crate::host::Host;
use crate::phone::soak::{Fate, Word};
use crate::phone::{Kind, Phone};

/// Every promise that was not kept.
pub fn broken(day: &Day) -> Vec<String> {
    let mut broken = day.truth.all_broken();
    for phone in day.phones.values() {
        broken.extend(left_on(phone).into_iter().map(|what| format!("{}: {what}", phone.id)));
    }
    for errand in &day.errands {
        let Some(dir) = errand.host.run_dir(errand.number) else { continue };
        let entries = entries(&errand.host, &dir);
        broken.extend(of_run(day, errand, &dir, &entries));
    }
    broken
}

/// Lines of a host's journal.
pub fn entries(host: &Host, dir: &Path) -> Vec<HostEntry> {
    let bytes = host.disk.get(&dir.join("host.journal")).unwrap_or_default();
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).expect("every line is an entry")).collect()
}

fn left_on(phone: &Phone) -> Vec<String> {
    let inner = phone.inner();
    let mut left: Vec<String> = inner
        .files
        .keys()
        .filter(|path| path.starts_with("sessions/"))
        .map(|path| format!("{path} is left"))
        .collect();
    left.extend(inner.soaks.keys().map(|name| format!("the journal of {name} is left")));
    if phone.kind != Kind::Plain && !inner.plugged {
        left.push("it is off its charger".to_owned());
    }
    if inner.is_changed {
        left.push("its settings are not given back".to_owned());
    }
    left
}

/// How a session was closed at last.
pub fn close_of<'e>(entries: &'e [HostEntry], session: &str) -> Option<&'e SessionClose> {
    entries.iter().rev().filter(|entry| entry.session.as_deref() == Some(session)).find_map(|entry| {
        match &entry.event {
            HostEvent::SessionClosed { close } => Some(close),
            _ => None,
        }
    })
}

fn of_run(day: &Day, errand: &Errand, dir: &Path, entries: &[HostEntry]) -> Vec<String> {
    let run = dir.file_name().expect("named").to_string_lossy().into_owned();
    let mut broken = Vec::new();
    if !matches!(entries.last().map(|entry| &entry.event), Some(HostEvent::RunClosed { .. })) {
        broken.push(format!("{run} has no end"));
    }
    for planned in &errand.plan.sessions {
        let name = format!("{run}/{}", planned.session);
        let Some(close) = close_of(entries, &planned.session) else {
            broken.push(format!("{name} was never closed"));
            continue;
        };
        let phone = &day.phones[&planned.device.id];
        let fate = phone.inner().fates.get(&name).copied();
        if !is_right(day, phone, fate, close) {
            let met = &phone.inner().met;
            broken.push(format!("{name} on {} met {met:?}, {fate:?}, and was closed: {close:?}", phone.id));
        }
        let copy = errand.host.disk.get(&dir.join(&planned.session).join("device.journal"));
        let truth = day.truth.journal(&name);
        if copy.as_deref().unwrap_or_default() != truth.as_deref().unwrap_or_default() {
            let lengths = (copy.map(|copy| copy.len()), truth.map(|truth| truth.len()));
            broken.push(format!("{name}: copy and journal have {lengths:?} bytes, closed: {close:?}"));
        }
        broken.extend(steps(entries, &planned.session).into_iter().map(|step| format!("{name}: {step}")));
    }
    broken
}

/// Whether a session was closed for what happened to it.
fn is_right(day: &Day, phone: &Phone, fate: Option<Fate>, close: &SessionClose) -> bool {
    let cause = close.cause.as_str();
    let met = |words: &[&str]| words.iter().any(|word| phone.inner().met.contains(word));
    match fate {
        Some(Fate::Finished(Word("completed"))) => close.state == CloseState::Completed,
        Some(Fate::Finished(Word("disk-failed"))) => cause == "disk-full" && close.whose == "device",
        Some(Fate::Finished(Word("stopped"))) => {
            matches!(cause, "stopped" | "host-disk-full" | "host-disk-failed")
                || cause == "link-lost" && met(&["cable", "calls", "stream", "restart"])
        }
        Some(Fate::Finished(Word(word))) => close.state == CloseState::Interrupted && cause == word,
        Some(Fate::Killed) => cause == "agent-died" || cause == "device-restarted" && met(&["restart"]),
        Some(Fate::Restarted) => cause == "device-restarted",
        None => close.state == CloseState::NotRun && is_reason(day, phone, cause),
    }
}

/// Whether this may keep a session from running.
fn is_reason(day: &Day, phone: &Phone, cause: &str) -> bool {
    let met = |words: &[&str]| words.iter().any(|word| phone.inner().met.contains(word));
    match cause {
        "device-absent" | "preflight-failed" | "link-lost" => met(&["cable", "calls", "restart"]),
        "provisioning-failed" | "start-failed" => met(&["cable", "calls", "restart", "storage-full"]),
        "charger-failed" => met(&["cable", "calls", "restart", "hub"]),
        "disk-full" => met(&["storage-full"]),
        "busy" => day.is_contended(&phone.id),
        "quarantined" | "host-disk-full" | "host-disk-failed" => true,
        _ => false,
    }
}

/// Steps of a session's states that its machine does not have.
fn steps(entries: &[HostEntry], session: &str) -> Vec<String> {
    let states =
        entries.iter().filter(|entry| entry.session.as_deref() == Some(session)).filter_map(|entry| {
            let HostEvent::StateChanged { state, .. } = &entry.event else { return None };
            Some(serde_json::from_value::<State>(state.clone()).expect("a state"))
        });
    let mut broken = Vec::new();
    let mut before = State::queued();
    for state in states {
        let again = state.attempt > before.attempt;
        if !again && state.phase != before.phase && !follows(before.phase, state.phase) {
            broken.push(format!("{:?} came after {:?}", state.phase, before.phase));
        }
        if state.attempt < before.attempt {
            broken.push(format!("attempt {} came after {}", state.attempt, before.attempt));
        }
        before = state;
    }
    broken
}

/// The edges of the machine; states from collecting on may be missing after a full disk.
fn follows(before: Phase, after: Phase) -> bool {
    use Phase as P;
    let is_retreat = after >= P::Restoring;
    match before {
        P::Queued => matches!(after, P::Connecting | P::Done),
        P::Connecting => after == P::Provisioning || is_retreat,
        P::Provisioning => after == P::Preflight || is_retreat,
        P::Preflight => matches!(after, P::Charging | P::Discharging | P::Settling) || is_retreat,
        P::Charging | P::Discharging => after == P::Settling || is_retreat,
        P::Settling => after == P::Warming || is_retreat,
        P::Done | P::Quarantined => false,
        // The agent runs, or what it did is brought home.
        _ => after > before,
    }
}
