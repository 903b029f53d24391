//! Batteries that are brought into the window in which sessions start, and people who are told of it.

use edgesoak_controller::{Position, RunReport};
use edgesoak_record::Plan;
use edgesoak_record::host_entry::HostEvent;
use edgesoak_record::plan::{ChargeWindow, Charger, StartGate};
use edgesoak_record::session::CloseState;
use edgesoak_record::units::{Kelvin, Millis};

use crate::fake::made::plan;
use crate::fake::{BESIDE, Lab};

/// A session that starts between 50 and 90 %, and waits ten minutes for it.
fn windowed(charger: impl Into<Option<Charger>>) -> Plan {
    let mut plan = plan(&[BESIDE]);
    let session = &mut plan.sessions[0];
    session.device.hardware_heat = true;
    session.device.beside.charger = charger.into();
    session.device.beside.charge_window = Some(ChargeWindow { low: 50.0, high: 90.0 });
    session.start_gate =
        Some(StartGate { max_over_ambient: Kelvin(4.0), rest: Millis(0), timeout: Millis(600_000) });
    plan
}

fn hub() -> Charger {
    Charger::Hook("hub".to_owned())
}

/// A plugged device at this charge, which moves by so much with each look.
fn lab_at(charge: impl Into<Option<f64>>, step: f64) -> Lab {
    let lab = Lab::new();
    {
        let device = lab.device(BESIDE);
        let mut things = device.things();
        (things.plugged, things.battery) = (Some(true), Some(26.5));
        (things.charge, things.charge_step) = (charge.into(), step);
    }
    lab
}

fn notes(lab: &Lab, wanted: &str) -> Vec<String> {
    let noted = |event| match event {
        HostEvent::Noted { code, text } if code == wanted => Some(text),
        _ => None,
    };
    lab.host_events().into_iter().filter_map(noted).collect()
}

/// Phases in their order, each once.
fn phases(lab: &Lab) -> Vec<String> {
    let phase = |event| if let HostEvent::StateChanged { phase, .. } = event { Some(phase) } else { None };
    let mut phases: Vec<String> = lab.host_events().into_iter().filter_map(phase).collect();
    phases.dedup();
    phases
}

fn closed(report: &RunReport) -> (CloseState, &str) {
    (report.closes[0].1.state, &report.closes[0].1.cause)
}

#[tokio::test]
async fn a_battery_below_the_window_is_charged_to_its_middle_before_the_device_settles() {
    let lab = lab_at(31.0, 2.0);
    let report = lab.run(windowed(hub()), Vec::new()).await.expect("runs");
    assert_eq!(closed(&report), (CloseState::Completed, ""));
    assert_eq!(phases(&lab)[2..5], ["preflight", "charging", "settling"].map(str::to_owned));
    assert_eq!(lab.instruments.bench().switched, ["on", "off", "on"]);
    // Two percent a look, also while it settles: 70 % were reached, and left again.
    let held = &notes(&lab, "start-gate-held")[0];
    assert!(held.contains("its battery is at 5") || held.contains("its battery is at 6"), "{held}");
}

#[tokio::test]
async fn a_battery_within_the_window_is_left_alone() {
    for charge in [53.0, 90.0] {
        let lab = lab_at(charge, 0.0);
        let report = lab.run(windowed(hub()), Vec::new()).await.expect("runs");
        assert_eq!(closed(&report), (CloseState::Completed, ""));
        assert!(!phases(&lab).iter().any(|phase| phase.contains("charging")));
        assert_eq!(lab.instruments.bench().switched, ["off", "on"]);
    }
}

#[tokio::test]
async fn a_slow_charger_is_waited_for_and_one_that_achieves_nothing_is_not() {
    // A third of a percent each half minute: much longer than the gate's ten minutes in all.
    let lab = lab_at(31.0, 1.0 / 3.0);
    let report = lab.run(windowed(hub()), Vec::new()).await.expect("runs");
    assert_eq!(closed(&report), (CloseState::Completed, ""));

    let lab = lab_at(31.0, 0.0);
    let report = lab.run(windowed(hub()), Vec::new()).await.expect("runs");
    assert_eq!(closed(&report), (CloseState::NotRun, "start-gate-timeout"));
    let detail = &report.closes[0].1.detail;
    assert!(detail.contains("31 %, sessions start at 50-90 %; nothing was gained within 600 s"), "{detail}");
    assert_eq!(lab.copy_of("s01"), [0; 0], "it did not run anyway");
    let told = lab.instruments.bench().told.clone();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("EdgeSoak: beside has waited 2 min for its start: "), "{told:?}");
}

#[tokio::test]
async fn a_battery_above_the_window_empties_off_its_charger_for_as_long_as_the_gate_waits() {
    let lab = lab_at(93.0, 0.5);
    let report = lab.run(windowed(hub()), Vec::new()).await.expect("runs");
    assert_eq!(closed(&report), (CloseState::Completed, ""));
    assert_eq!(phases(&lab)[2..5], ["preflight", "discharging", "settling"].map(str::to_owned));
    assert_eq!(lab.instruments.bench().switched, ["off", "off", "on"]);

    let lab = lab_at(100.0, 0.1);
    let report = lab.run(windowed(hub()), Vec::new()).await.expect("runs");
    assert_eq!(closed(&report), (CloseState::NotRun, "start-gate-timeout"));
    assert_eq!(lab.instruments.bench().switched.last(), Some(&"on"));
}

#[tokio::test]
async fn a_battery_that_leaves_the_window_while_it_settles_does_not_start() {
    let lab = lab_at(54.0, 1.0);
    let report = lab.run(windowed(hub()), Vec::new()).await.expect("runs");
    assert_eq!(closed(&report), (CloseState::NotRun, "start-gate-timeout"), "it empties a percent a look");
}

#[tokio::test]
async fn a_charge_that_nobody_knows_is_noted_and_nothing_is_claimed() {
    let lab = lab_at(None, 0.0);
    let report = lab.run(windowed(hub()), Vec::new()).await.expect("runs");
    assert_eq!(closed(&report), (CloseState::Completed, ""));
    assert!(notes(&lab, "charge-unknown")[0].contains("sessions start at 50-90 %"));
    assert!(notes(&lab, "start-gate-held")[0].contains("its charge is not known"));
}

#[tokio::test]
async fn a_person_who_has_to_move_a_plug_is_told_once_and_heard_by_nobody() {
    for charger in [Some(Charger::Ask), None] {
        let lab = lab_at(31.0, 0.0);
        lab.device(BESIDE).things().plugged = Some(false);
        let report = lab.run(windowed(charger), Vec::new()).await.expect("runs");
        assert_eq!(closed(&report), (CloseState::NotRun, "start-gate-timeout"), "nobody came");
        let please = "please plug in beside: its battery is at 31 %, sessions start at 50-90 %";
        assert_eq!(notes(&lab, "please"), [please]);
        let told = lab.instruments.bench().told.clone();
        assert_eq!(told[0], format!("EdgeSoak: {please}"));
        assert_eq!(told.len(), 2, "and that it waits: {told:?}");
    }
}

#[tokio::test]
async fn a_node_that_only_stops_charging_empties_nothing_and_a_person_is_told() {
    for plugged in [Some(true), None] {
        let lab = lab_at(96.0, 0.0);
        lab.device(BESIDE).things().plugged = plugged;
        let report = lab.run(windowed(Charger::Node), Vec::new()).await.expect("runs");
        assert_eq!(closed(&report), (CloseState::NotRun, "start-gate-timeout"), "nobody came");
        assert_eq!(lab.copy_of("s01"), [0; 0], "it did not run anyway");
        let please = "please unplug beside: its battery is at 96 %, sessions start at 50-90 %";
        assert_eq!(notes(&lab, "please"), [please]);
        assert_eq!(lab.instruments.bench().told[0], format!("EdgeSoak: {please}"));
    }
    let lab = lab_at(96.0, 1.0);
    lab.instruments.bench().obeys = true;
    let report = lab.run(windowed(Charger::Node), Vec::new()).await.expect("runs");
    assert_eq!(closed(&report), (CloseState::Completed, ""));
}

#[tokio::test]
async fn who_cannot_be_told_stops_nothing() {
    let lab = lab_at(70.0, 0.0);
    lab.instruments.bench().is_mute = true;
    lab.device(BESIDE).things().unplugged_after = Some(5);
    let report = lab.run(windowed(Some(Charger::Ask)), Vec::new()).await.expect("runs");
    assert_eq!(closed(&report), (CloseState::Completed, ""));
    let silent = notes(&lab, "not-told");
    assert_eq!(silent.len(), 2, "{silent:?}");
    assert!(silent[0].starts_with("please unplug beside: ") && silent[0].ends_with("nobody listens"));
    assert!(silent[1].starts_with("please plug beside in again: "));
}

#[tokio::test]
async fn a_device_that_needs_a_person_says_so() {
    let lab = lab_at(70.0, 0.0);
    lab.instruments.bench().refuses = Some(Position::On);
    lab.run(windowed(hub()), Vec::new()).await.expect("runs");
    let told = lab.instruments.bench().told.clone();
    let last = told.last().expect("somebody was told");
    assert!(
        last.starts_with("EdgeSoak: a person is needed at beside: charger could not be undone"),
        "{told:?}"
    );
}

#[tokio::test]
async fn a_host_killed_at_any_write_of_a_charge_leaves_no_charger_off() {
    for write in 0.. {
        let lab = lab_at(51.0, 0.1);
        lab.disk.die_at(write);
        let killed = tokio::select! {
            biased;
            () = lab.disk.death() => true,
            report = lab.run(windowed(hub()), Vec::new()) => report.is_err() && lab.disk.is_dead(),
        };
        if !killed {
            assert!(write > 20, "the run wrote only {write} times");
            return;
        }
        lab.disk.revive();
        let resumed =
            if lab.disk.only_dir_below("out/runs").is_some() { lab.resume().await.ok() } else { None };
        if let Some(report) = resumed {
            assert_eq!(closed(&report), (CloseState::Completed, ""), "write {write}: {report:?}");
        }
        assert_eq!(lab.device(BESIDE).things().plugged, Some(true), "write {write}");
    }
}

#[tokio::test]
async fn another_pack_than_in_the_last_session_rests_first() {
    let mut plan = windowed(hub());
    plan.sessions[0].start_gate =
        Some(StartGate { max_over_ambient: Kelvin(4.0), rest: Millis(300_000), timeout: Millis(600_000) });
    for (before, pack, is_noted, min) in [
        (None, Some("0123456789abcdef"), false, 0),
        (Some("0123456789abcdef"), Some("0123456789abcdef"), false, 0),
        (Some("fedcba9876543210"), Some("0123456789abcdef"), true, 5),
        (Some("fedcba9876543210"), None, false, 0),
        (Some("fedcba9876543210"), Some("SERIAL-NUMBER"), false, 0),
    ] {
        let lab = lab_at(70.0, 0.0);
        if let Some(before) = before {
            lab.disk.put("state/packs/beside", before.as_bytes());
        }
        lab.device(BESIDE).things().pack = pack;
        let report = lab.run(plan.clone(), Vec::new()).await.expect("runs");
        assert_eq!(closed(&report), (CloseState::Completed, ""));
        assert_eq!(!notes(&lab, "pack-swapped").is_empty(), is_noted, "{before:?} {pack:?}");
        let entries = lab.host_entries();
        let at = |wanted: &dyn Fn(&HostEvent) -> bool| {
            entries.iter().find(|entry| wanted(&entry.event)).expect("it happened").at
        };
        let probed = at(&|event| matches!(event, HostEvent::Probed { .. }));
        let held = at(&|event| matches!(event, HostEvent::Noted { code, .. } if code == "start-gate-held"));
        let waited = held.since(probed).as_secs_f64() / 60.0;
        assert!(
            (f64::from(min)..f64::from(min) + 4.0).contains(&waited),
            "{before:?} {pack:?}: {waited} min"
        );
        let kept = lab.disk.get(std::path::Path::new("state/packs/beside"));
        let known = pack.filter(|pack| *pack != "SERIAL-NUMBER").or(before);
        assert_eq!(kept.as_deref(), known.map(str::as_bytes));
        assert_eq!(lab.disk.get(std::path::Path::new("state/pack-salt")).expect("a salt").len(), 32);
    }
}
