//! Devices whose charger's cable is their link: unplugged, they are out of reach, and go on by themselves.

use std::error::Error;
use std::sync::{Arc, Mutex};

use edgesoak_controller::{Position, RunEvent, RunReport, Sink};
use edgesoak_protocol::job::{Job, UnplugRule};
use edgesoak_protocol::journal::FinishReason;
use edgesoak_record::Plan;
use edgesoak_record::host_entry::HostEvent;
use edgesoak_record::plan::{ChargeWindow, Charger, StartGate};
use edgesoak_record::session::CloseState;
use edgesoak_record::units::{Kelvin, Millis, Nanos};

use crate::fake::made::plan;
use crate::fake::{BESIDE, Lab};

fn with_charger(charger: Charger) -> Plan {
    let mut plan = plan(&[BESIDE]);
    plan.sessions[0].device.beside.charger = Some(charger);
    plan
}

fn hub() -> Plan {
    with_charger(Charger::Hook("hub".to_owned()))
}

fn cabled_lab() -> Lab {
    let lab = Lab::new();
    {
        let device = lab.device(BESIDE);
        let mut things = device.things();
        (things.cabled, things.plugged) = (true, Some(true));
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

fn closed(report: &RunReport) -> (CloseState, &str, &str) {
    let close = &report.closes[0].1;
    (close.state, &close.cause, &close.whose)
}

fn unplug_rule(lab: &Lab) -> Option<UnplugRule> {
    let job = lab.disk.get(&lab.run_dir().join("s01/job.json")).expect("a job");
    serde_json::from_slice::<Job>(&job).expect("readable").unplug
}

/// What people see while it runs.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Sink for Seen {
    fn name(&self) -> &'static str {
        "seen"
    }

    fn accept(&mut self, event: &RunEvent) -> Result<(), Box<dyn Error + Send + Sync>> {
        if let RunEvent::Progress(progress) = event {
            self.0.lock().expect("unpoisoned").push(progress.detail.clone());
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_port_that_takes_the_link_with_it_is_on_again_when_the_session_is_over() {
    let (lab, seen) = (cabled_lab(), Seen::default());
    let report = lab.run(hub(), vec![Box::new(seen.clone())]).await.expect("runs");
    assert_eq!(closed(&report), (CloseState::Completed, "", ""));
    // Off for the soak, on for the journal, and on as it was found.
    assert_eq!(lab.instruments.bench().switched, ["off", "on", "on"]);
    assert_eq!(unplug_rule(&lab), Some(UnplugRule { hold_ms: 40_000, within_ms: 120_000 }));
    let seen = seen.0.lock().expect("unpoisoned");
    assert!(
        seen.iter()
            .any(|line| line == "it is out of reach, as it is while its cable is out, and goes on by itself"),
        "{seen:?}"
    );
    assert!(!seen.iter().any(|line| line.contains("lost") || line.contains("trying")), "{seen:?}");
}

#[tokio::test]
async fn a_person_is_asked_twice_and_nothing_is_called_lost_meanwhile() {
    let (lab, seen) = (cabled_lab(), Seen::default());
    lab.instruments.bench().obeys = true;
    let report = lab.run(with_charger(Charger::Ask), vec![Box::new(seen.clone())]).await.expect("runs");
    assert_eq!(closed(&report), (CloseState::Completed, "", ""));
    let told = lab.instruments.bench().told.clone();
    let again = "please plug beside in again: its session is over";
    assert_eq!(told, ["EdgeSoak: please unplug beside".to_owned(), format!("EdgeSoak: {again}")]);
    assert_eq!(
        notes(&lab, "please"),
        ["please unplug beside", again],
        "who has plugged it in is not asked for it once more"
    );
    assert_eq!(unplug_rule(&lab).expect("a rule").within_ms, 15 * 60_000);
    let seen = seen.0.lock().expect("unpoisoned");
    assert!(!seen.iter().any(|line| line.contains("lost") || line.contains("trying")), "{seen:?}");
}

#[tokio::test]
async fn the_start_gate_says_how_long_a_person_is_waited_for() {
    let lab = cabled_lab();
    lab.device(BESIDE).things().ends = Some(FinishReason::StartGateTimeout);
    let mut plan = with_charger(Charger::Ask);
    plan.sessions[0].start_gate =
        Some(StartGate { max_over_ambient: Kelvin(4.0), rest: Millis(0), timeout: Millis(600_000) });
    let report = lab.run(plan, Vec::new()).await.expect("runs");
    assert_eq!(closed(&report), (CloseState::NotRun, "start-gate-timeout", "lab"), "nobody came");
    assert_eq!(unplug_rule(&lab).expect("a rule").within_ms, 600_000);
    assert_eq!(notes(&lab, "please"), ["please unplug beside"], "it is still plugged in");
}

#[tokio::test]
async fn a_device_that_nobody_plugs_in_again_keeps_its_journal_for_a_later_resume() {
    let lab = cabled_lab();
    lab.instruments.bench().refuses = Some(Position::On);
    let report = lab.run(hub(), Vec::new()).await.expect("runs");
    assert_eq!(closed(&report), (CloseState::Interrupted, "link-lost", "lab"));
    let entries = lab.host_entries();
    let is_away = |event: &HostEvent| matches!(event, HostEvent::Noted { code, .. } if code == "cable-out");
    let away = entries.iter().find(|entry| is_away(&entry.event)).expect("it was away");
    let waited = entries.last().expect("there are some").at.since(away.at);
    assert!(waited < Nanos::from_secs(3600), "nobody else plugs it in, and its battery empties: {waited:?}");
    lab.instruments.bench().refuses = None;
    lab.device(BESIDE).things().plugged = Some(true);
    let report = lab.resume().await.expect("the journal is still there");
    assert_eq!(closed(&report), (CloseState::Completed, "", ""));
    assert_eq!(lab.instruments.bench().switched, ["off", "on"], "nobody unplugs what is over");
}

#[tokio::test]
async fn a_hook_that_refuses_begins_no_session() {
    let lab = cabled_lab();
    lab.instruments.bench().refuses = Some(Position::Off);
    lab.device(BESIDE).things().endless = true;
    let report = lab.run(hub(), Vec::new()).await.expect("runs");
    assert_eq!(closed(&report), (CloseState::NotRun, "charger-failed", "lab"));
    assert!(lab.device(BESIDE).things().running.is_empty(), "the agent does not wait on");
}

#[tokio::test]
async fn a_battery_above_its_window_empties_out_of_reach_until_somebody_brings_it_back() {
    let lab = cabled_lab();
    {
        let device = lab.device(BESIDE);
        (device.things().charge, device.things().battery) = (Some(95.0), Some(26.5));
    }
    let mut plan = with_charger(Charger::Ask);
    let session = &mut plan.sessions[0];
    session.device.hardware_heat = true;
    session.device.beside.charge_window = Some(ChargeWindow { low: 50.0, high: 90.0 });
    session.start_gate =
        Some(StartGate { max_over_ambient: Kelvin(4.0), rest: Millis(0), timeout: Millis(600_000) });
    lab.instruments.bench().obeys = true;
    let report = lab.run(plan, Vec::new()).await.expect("runs");
    assert_eq!(
        closed(&report),
        (CloseState::NotRun, "start-gate-timeout", "device"),
        "nobody brought it back"
    );
    let please = &notes(&lab, "please")[0];
    let wanted = "please unplug beside for as long as it takes, and plug it in again: its battery is at 95 %";
    assert!(please.starts_with(wanted), "{please}");
}

#[tokio::test]
async fn a_hook_is_on_again_to_see_how_far_a_battery_has_emptied() {
    for (emptied, wanted) in
        [(85.0, (CloseState::Completed, "")), (93.0, (CloseState::NotRun, "start-gate-timeout"))]
    {
        let lab = cabled_lab();
        let device = lab.device(BESIDE);
        (device.things().charge, device.things().battery) = (Some(95.0), Some(26.5));
        let mut plan = hub();
        let session = &mut plan.sessions[0];
        session.device.hardware_heat = true;
        session.device.beside.charge_window = Some(ChargeWindow { low: 50.0, high: 90.0 });
        session.start_gate =
            Some(StartGate { max_over_ambient: Kelvin(4.0), rest: Millis(0), timeout: Millis(600_000) });
        let empties = async {
            while device.things().plugged == Some(true) {
                tokio::task::yield_now().await;
            }
            device.things().charge = Some(emptied);
        };
        let (report, ()) = tokio::join!(lab.run(plan, Vec::new()), empties);
        let report = report.expect("runs");
        let (state, cause, _) = closed(&report);
        assert_eq!((state, cause), wanted, "{report:?}");
        assert_eq!(device.things().plugged, Some(true));
    }
}

#[tokio::test]
async fn a_run_that_is_stopped_has_its_device_plugged_in_to_stop_it() {
    let lab = cabled_lab();
    lab.device(BESIDE).things().endless = true;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let device = lab.device(BESIDE);
    let stops = async {
        while device.things().plugged == Some(true) {
            tokio::task::yield_now().await;
        }
        stop.send_replace(true);
    };
    let (report, ()) = tokio::join!(lab.run_until(hub(), Vec::new(), stopped), stops);
    let report = report.expect("runs");
    assert_eq!(closed(&report), (CloseState::Interrupted, "stopped-by-user", "user"));
    assert_eq!(device.things().plugged, Some(true));
    assert!(device.things().running.is_empty() && device.leftovers().is_empty());
}

#[tokio::test]
async fn who_did_not_hear_a_stop_is_told_again_once_it_is_back() {
    let lab = Lab::new();
    let device = lab.device(BESIDE);
    device.things().endless = true;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let stops = async {
        while device.things().running.is_empty() {
            tokio::task::yield_now().await;
        }
        // The stop is lost, and a look or two after it.
        device.things().link_fails = 4;
        stop.send_replace(true);
    };
    let (report, ()) = tokio::join!(lab.run_until(plan(&[BESIDE]), Vec::new(), stopped), stops);
    let report = report.expect("runs");
    assert_eq!(closed(&report), (CloseState::Interrupted, "stopped-by-user", "user"));
    assert!(device.things().running.is_empty() && device.leftovers().is_empty());
}

/// The host is killed as soon as its device is out of reach.
async fn killed_while_away(lab: &Lab, plan: Plan) {
    let is_away = async {
        while lab.device(BESIDE).things().plugged == Some(true) {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        () = is_away => lab.disk.die_at(0),
        report = lab.run(plan, Vec::new()) => panic!("it was never away: {report:?}"),
    }
    // What it had begun finds its disk dead.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    lab.disk.revive();
}

#[tokio::test]
async fn a_host_that_dies_while_its_device_is_away_waits_for_it_on_its_return() {
    let lab = cabled_lab();
    killed_while_away(&lab, hub()).await;
    let report = lab.resume().await.expect("the run is open");
    assert_eq!(closed(&report), (CloseState::Completed, "", ""));
    assert_eq!(lab.device(BESIDE).things().plugged, Some(true));

    let lab = cabled_lab();
    lab.instruments.bench().obeys = true;
    killed_while_away(&lab, with_charger(Charger::Ask)).await;
    let report = lab.resume().await.expect("the run is open");
    assert_eq!(closed(&report), (CloseState::Completed, "", ""));
    let last = lab.instruments.bench().told.last().cloned().expect("somebody was told");
    assert_eq!(last, "EdgeSoak: please plug beside in again: its session is over");
}

#[tokio::test]
async fn a_host_killed_at_any_write_leaves_no_charger_off() {
    for write in 0.. {
        let lab = cabled_lab();
        lab.disk.die_at(write);
        let killed = tokio::select! {
            biased;
            () = lab.disk.death() => true,
            report = lab.run(hub(), Vec::new()) => report.is_err() && lab.disk.is_dead(),
        };
        if !killed {
            assert!(write > 20, "the run wrote only {write} times");
            return;
        }
        lab.disk.revive();
        if lab.disk.only_dir_below("out/runs").is_some()
            && let Ok(report) = lab.resume().await
        {
            assert_eq!(report.closes[0].1.state, CloseState::Completed, "write {write}: {report:?}");
        }
        assert_eq!(lab.device(BESIDE).things().plugged, Some(true), "write {write}");
    }
}
