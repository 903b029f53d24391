//! What stands beside a device: chargers that come back whatever happens, meters, rooms, settings.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use edgesoak_controller::{ControllerError, Position};
use edgesoak_protocol::job::Job;
use edgesoak_record::Plan;
use edgesoak_record::host_entry::{HostEvent, MeterClock, MeterReading};
use edgesoak_record::plan::{Charger, DeviceSetting, StartGate};
use edgesoak_record::session::{CloseState, SessionClose};
use edgesoak_record::units::{Kelvin, Millis, Nanos};

use crate::fake::device::{Fault, Link};
use crate::fake::made::plan;
use crate::fake::{BESIDE, Lab};

fn said(close: &SessionClose) -> (CloseState, &str, &str) {
    (close.state, &close.cause, &close.whose)
}

fn with_charger(charger: Charger) -> Plan {
    let mut plan = plan(&[BESIDE]);
    plan.sessions[0].device.beside.charger = Some(charger);
    plan
}

fn hub() -> Plan {
    with_charger(Charger::Hook("hub".to_owned()))
}

/// A device that is plugged, and says so.
fn plugged_lab() -> Lab {
    let lab = Lab::new();
    lab.device(BESIDE).things().plugged = Some(true);
    lab
}

/// Notes with this code.
fn notes(lab: &Lab, wanted: &str) -> Vec<String> {
    let noted = |event| match event {
        HostEvent::Noted { code, text } if code == wanted => Some(text),
        _ => None,
    };
    lab.host_events().into_iter().filter_map(noted).collect()
}

#[tokio::test]
async fn a_charger_is_off_while_it_matters_and_on_afterwards() {
    let lab = plugged_lab();
    let report = lab.run(hub(), Vec::new()).await.expect("runs");
    assert_eq!(said(&report.closes[0].1), (CloseState::Completed, "", ""));
    assert_eq!(lab.instruments.bench().switched, ["off", "on"]);
    assert_eq!(lab.device(BESIDE).things().plugged, Some(true));
    let at =
        |wanted: &dyn Fn(&HostEvent) -> bool| lab.host_events().iter().position(wanted).expect("it happened");
    let phase = |word: &'static str| move |event: &HostEvent| matches!(event, HostEvent::StateChanged { phase, .. } if phase == word);
    let changed = at(&|event| {
        matches!(event, HostEvent::DeviceChanged { what, undo }
        if what == "charger" && undo == "switch the hook hub on")
    });
    let restored = at(&|event| matches!(event, HostEvent::DeviceRestored { what } if what == "charger"));
    assert!(at(&phase("settling")) < changed && changed < at(&phase("warming")));
    assert!(at(&phase("restoring")) < restored && restored < at(&phase("sweeping")));
}

#[tokio::test]
async fn a_host_killed_at_any_write_leaves_no_charger_off() {
    let mut off_at_death = 0;
    for write in 0.. {
        let lab = plugged_lab();
        lab.disk.die_at(write);
        let killed = tokio::select! {
            biased;
            () = lab.disk.death() => true,
            report = lab.run(hub(), Vec::new()) => report.is_err() && lab.disk.is_dead(),
        };
        if !killed {
            assert!(off_at_death > 5, "the charger was off at only {off_at_death} deaths");
            return;
        }
        lab.disk.revive();
        let was_off = lab.device(BESIDE).things().plugged == Some(false);
        off_at_death += u32::from(was_off);
        match lab.disk.only_dir_below("out/runs") {
            None => assert!(!was_off, "write {write}"),
            Some(_) => match lab.resume().await {
                Ok(report) => {
                    assert_eq!(report.closes[0].1.state, CloseState::Completed, "write {write}: {report:?}");
                }
                Err(error) => assert!(!was_off, "write {write}: {error}"),
            },
        }
        assert_eq!(lab.device(BESIDE).things().plugged, Some(true), "write {write}");
    }
}

#[tokio::test]
async fn a_charger_comes_back_although_its_device_does_not() {
    let lab = plugged_lab();
    lab.device(BESIDE).things().link = Link::GoesDown;
    let report = lab.run(hub(), Vec::new()).await.expect("runs");
    assert_eq!(said(&report.closes[0].1), (CloseState::Interrupted, "link-lost", "lab"));
    assert_eq!(lab.instruments.bench().switched, ["off", "on"]);
}

#[tokio::test]
async fn a_charger_that_stays_off_is_a_matter_for_the_lab_and_for_the_next_resume() {
    let lab = plugged_lab();
    lab.instruments.bench().refuses = Some(Position::On);
    let report = lab.run(hub(), Vec::new()).await.expect("runs");
    assert_eq!(report.closes[0].1.state, CloseState::Completed, "what was measured stands");
    let why = notes(&lab, "quarantined");
    assert!(why.iter().any(|text| text.contains("charger could not be undone")), "{why:?}");
    assert!(notes(&lab, "not-restored")[0].contains("no such port"));
    lab.instruments.bench().refuses = None;
    lab.resume().await.expect("the charger is still off");
    assert_eq!(lab.instruments.bench().switched, ["off", "on"]);
    assert!(matches!(lab.resume().await, Err(ControllerError::RunIsClosed { .. })));
}

#[tokio::test]
async fn a_charger_that_does_not_go_off_ends_the_session_before_it_begins() {
    for refuses in [None, Some(Position::Off)] {
        let lab = plugged_lab();
        lab.instruments.bench().refuses = refuses;
        lab.instruments.bench().is_stuck = true;
        let report = lab.run(hub(), Vec::new()).await.expect("runs");
        let cause = if refuses.is_some() { "charger-failed" } else { "still-plugged" };
        assert_eq!(said(&report.closes[0].1), (CloseState::NotRun, cause, "lab"), "{report:?}");
        assert_eq!(lab.instruments.bench().switched.last(), Some(&"on"), "it is switched on in any case");
        assert_eq!(lab.copy_of("s01"), [0; 0]);
    }
}

#[tokio::test]
async fn a_device_that_does_not_tell_is_measured_and_nothing_is_claimed() {
    let lab = Lab::new();
    lab.instruments.bench().is_stuck = true;
    let report = lab.run(hub(), Vec::new()).await.expect("runs");
    assert_eq!(report.closes[0].1.state, CloseState::Completed);
    assert_eq!(notes(&lab, "charger-unchecked").len(), 1);
}

#[tokio::test]
async fn a_person_is_asked_and_believed_only_through_the_device() {
    let lab = plugged_lab();
    lab.device(BESIDE).things().unplugged_after = Some(5);
    let report = lab.run(with_charger(Charger::Ask), Vec::new()).await.expect("runs");
    assert_eq!(report.closes[0].1.state, CloseState::Completed);
    assert_eq!(notes(&lab, "please"), ["please unplug beside", "please plug beside in again"]);
    assert_eq!(lab.instruments.bench().switched, [""; 0]);

    let lab = plugged_lab();
    let report = lab.run(with_charger(Charger::Ask), Vec::new()).await.expect("runs");
    assert_eq!(said(&report.closes[0].1), (CloseState::NotRun, "start-gate-timeout", "lab"), "nobody came");

    let lab = Lab::new();
    lab.device(BESIDE).things().plugged = Some(false);
    lab.run(with_charger(Charger::Ask), Vec::new()).await.expect("runs");
    assert_eq!(notes(&lab, "please"), [""; 0], "it was unplugged before");
}

/// A device that heats, in a room, with a meter.
fn hot_plan() -> Plan {
    let mut plan = plan(&[BESIDE]);
    let session = &mut plan.sessions[0];
    session.device.hardware_heat = true;
    session.device.beside.ambient = Some("room".to_owned());
    session.device.beside.meter = Some("shunt".to_owned());
    let gate = StartGate { max_over_ambient: Kelvin(4.0), rest: Millis(0), timeout: Millis(600_000) };
    session.start_gate = Some(gate);
    plan
}

fn readings(lab: &Lab) -> Vec<(Nanos, MeterReading)> {
    let of = |event| match event {
        HostEvent::MeterRead { opened, readings, .. } => {
            readings.into_iter().map(|reading| (opened, reading)).collect()
        }
        _ => Vec::new(),
    };
    lab.host_events().into_iter().flat_map(of).collect()
}

#[tokio::test]
async fn meter_and_room_are_read_from_settling_to_collecting() {
    let lab = Lab::new();
    lab.device(BESIDE).things().battery = Some(26.5);
    lab.device(BESIDE).things().notes = 50;
    let report = lab.run(hot_plan(), Vec::new()).await.expect("runs");
    assert_eq!(report.closes[0].1.state, CloseState::Completed, "{report:?}");
    let held = notes(&lab, "start-gate-held");
    assert!(held[0].ends_with("battery is at 26.5 °C, 2.5 K over the room's 24.0 °C"), "{held:?}");

    let readings = readings(&lab);
    assert!(readings.len() > 550, "a minute of settling at 10 Hz: {}", readings.len());
    assert!(readings.iter().all(|(_, reading)| reading.microwatts == Some(2_000_000)));
    assert!(readings.is_sorted_by_key(|(_, reading)| reading.arrived));
    let batches =
        lab.host_events().iter().filter(|event| matches!(event, HostEvent::MeterRead { .. })).count();
    assert!(batches * 5 < readings.len(), "{batches} lines for {} readings", readings.len());
    assert_eq!(notes(&lab, "meter-bad-line").len(), 1, "told once");
    assert!(notes(&lab, "meter-lost")[0].contains("lines were no readings"));

    let clock = lab.host_events().into_iter().rev().find_map(|event| match event {
        HostEvent::MeterClock { clock, .. } => Some(clock),
        _ => None,
    });
    let clock: MeterClock = clock.expect("the meter has a clock of its own");
    let (_, last) = readings.last().expect("readings");
    let mapped = clock.host(last.own_ns.expect("a time")).expect("a time of the host");
    assert!(last.arrived.0.abs_diff(mapped.0) < 100_000_000, "{clock:?} {last:?}");

    let rooms = lab.host_events().into_iter().filter(|event| {
        matches!(event, HostEvent::AmbientRead { millicelsius: Some(24_000), reason: None, .. })
    });
    assert!(rooms.count() >= 2);
    let phases: Vec<bool> = lab
        .host_events()
        .iter()
        .skip_while(|event| !matches!(event, HostEvent::StateChanged { phase, .. } if phase == "restoring"))
        .map(|event| matches!(event, HostEvent::MeterRead { .. } | HostEvent::AmbientRead { .. }))
        .collect();
    assert!(!phases.contains(&true), "nothing is read after collecting");
}

#[tokio::test]
async fn times_of_a_meter_s_clock_that_went_back_are_not_read_by_its_earlier_fit() {
    let lab = Lab::new();
    lab.device(BESIDE).things().battery = Some(26.5);
    lab.instruments.bench().clock_resets_after = Some(300);
    lab.run(hot_plan(), Vec::new()).await.expect("runs");
    let readings = readings(&lab);
    assert!(readings[..290].iter().all(|(_, reading)| reading.own_ns.is_some()));
    let after = readings.iter().skip_while(|(_, reading)| reading.own_ns.is_some());
    assert!(after.clone().count() > 0 && after.clone().all(|(_, reading)| reading.own_ns.is_none()));
    assert_eq!(notes(&lab, "meter-clock").len(), 1, "told once");
}

#[tokio::test]
async fn a_meter_that_prints_without_end_costs_a_piece_a_second() {
    let lab = Lab::new();
    lab.device(BESIDE).things().battery = Some(26.5);
    let taken = Arc::new(AtomicU64::new(0));
    lab.instruments.bench().flood = Some(taken.clone());
    lab.run(hot_plan(), Vec::new()).await.expect("runs");
    assert_eq!(notes(&lab, "meter-flood").len(), 1, "told once");
    let taken = taken.load(Ordering::Relaxed);
    assert!((10..120).contains(&taken), "a minute of settling: {taken}");
}

#[tokio::test]
async fn a_fast_meter_is_kept_to_the_end() {
    let lab = Lab::new();
    lab.device(BESIDE).things().battery = Some(26.5);
    lab.instruments.bench().readings_at_once = 30;
    lab.run(hot_plan(), Vec::new()).await.expect("runs");
    let readings = readings(&lab);
    let (first, last) = (readings.first().expect("one").1, readings.last().expect("one").1);
    let seconds = last.arrived.since(first.arrived).as_secs_f64();
    let rate = readings.len() as f64 / seconds;
    assert!((50.0..=110.0).contains(&rate), "300 a second become {rate} in {seconds} s");
    assert!(readings.iter().all(|(_, reading)| reading.microwatts == Some(2_000_000)));
    assert!(!notes(&lab, "meter-lost")[0].contains(" 0 readings kept"));
}

#[tokio::test]
async fn a_meter_that_ends_is_started_again_and_the_gap_is_told() {
    let lab = Lab::new();
    lab.device(BESIDE).things().battery = Some(26.5);
    lab.instruments.bench().stream_length = 200;
    lab.run(hot_plan(), Vec::new()).await.expect("runs");
    assert!(lab.instruments.bench().streams >= 3);
    let readings = readings(&lab);
    let gaps = readings.iter().filter(|(_, reading)| reading.microwatts.is_none()).count();
    assert!(gaps >= 2, "{gaps}");
    let mut opened: Vec<Nanos> = readings.iter().map(|(opened, _)| *opened).collect();
    opened.dedup();
    assert!(opened.len() >= 3 && opened.is_sorted(), "each stream has a clock of its own: {opened:?}");
    assert!(notes(&lab, "meter-ended")[0].contains("the shunt is loose"));
}

#[tokio::test]
async fn a_device_warmer_than_its_room_waits_and_does_not_run_anyway() {
    let lab = Lab::new();
    lab.device(BESIDE).things().battery = Some(31.0);
    let report = lab.run(hot_plan(), Vec::new()).await.expect("runs");
    assert_eq!(said(&report.closes[0].1), (CloseState::NotRun, "start-gate-timeout", "device"));

    let lab = Lab::new();
    lab.device(BESIDE).things().battery = Some(31.0);
    lab.instruments.bench().room = None;
    let report = lab.run(hot_plan(), Vec::new()).await.expect("runs");
    assert_eq!(report.closes[0].1.state, CloseState::Completed, "what cannot be known is not waited for");
    assert!(notes(&lab, "start-gate-held")[0].contains("its probe gives no reading"));
    assert!(notes(&lab, "ambient-unread")[0].contains("the bus is gone"));
}

#[tokio::test]
async fn a_resumed_host_listens_again() {
    let lab = Lab::new();
    lab.device(BESIDE).things().battery = Some(26.5);
    lab.run(hot_plan(), Vec::new()).await.expect("runs");
    let is_soaking =
        |event: &HostEvent| matches!(event, HostEvent::StateChanged { phase, .. } if phase == "soaking");
    lab.forget_from(is_soaking);
    let before = lab.instruments.bench().streams;
    lab.resume().await.expect("resumes");
    assert_eq!(lab.instruments.bench().streams, before + 1);
}

#[tokio::test]
async fn settings_reach_the_agent_and_are_given_back_whatever_happens() {
    let mut planned = with_charger(Charger::Node);
    let airplane = DeviceSetting { name: "airplane".to_owned(), value: "on".to_owned() };
    planned.sessions[0].device.beside.settings = vec![airplane];
    for fault in [None, Some(Fault::AgentDies(400))] {
        let lab = plugged_lab();
        lab.device(BESIDE).things().faults = fault.into_iter().collect();
        lab.run(planned.clone(), Vec::new()).await.expect("runs");
        let job = lab.disk.get(&lab.run_dir().join("s01/job.json")).expect("kept");
        let job: Job = serde_json::from_slice(&job).expect("what an agent reads");
        let said: Vec<(&str, &str)> =
            job.settings.iter().map(|setting| (setting.name.as_str(), setting.value.as_str())).collect();
        assert_eq!(said, [("charging", "off"), ("airplane", "on")]);
        assert_eq!(lab.device(BESIDE).things().given_back, 1);
    }
    let lab = Lab::new();
    lab.run(plan(&[BESIDE]), Vec::new()).await.expect("runs");
    assert_eq!(lab.device(BESIDE).things().given_back, 0, "nothing was set");
}

#[tokio::test]
async fn what_a_dead_session_of_another_run_changed_is_given_back_first() {
    let lab = Lab::new();
    let dead = crate::fake::made::journal("other", "s01", None, 0);
    lab.device(BESIDE).things().files.insert("sessions/other/s01/journal".to_owned(), (dead, 0o600));
    lab.run(plan(&[BESIDE]), Vec::new()).await.expect("runs");
    assert_eq!(lab.device(BESIDE).things().given_back, 1);
}

#[tokio::test]
async fn what_the_lab_s_file_does_not_have_is_said_before_anything_runs() {
    for break_plan in [
        (|plan| plan.sessions[0].device.beside.charger = Some(Charger::Hook("none".to_owned())))
            as fn(&mut Plan),
        |plan| plan.sessions[0].device.beside.ambient = Some("none".to_owned()),
        |plan| plan.sessions[0].device.beside.meter = Some("none".to_owned()),
    ] {
        let lab = Lab::new();
        let mut planned = plan(&[BESIDE]);
        break_plan(&mut planned);
        let error = lab.run(planned, Vec::new()).await.expect_err("it is not there");
        assert!(matches!(error, ControllerError::MissingFromLab { .. }), "{error}");
        assert!(error.hint().is_some_and(|hint| hint.contains("--lab")), "{error}");
        assert_eq!(lab.disk.only_dir_below("out/runs"), None, "no run was opened");
    }
}
