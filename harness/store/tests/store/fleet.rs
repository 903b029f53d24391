//! Every run in outline.

use edgesoak_protocol::journal::{Frame, write_frame, write_header};
use edgesoak_protocol::reading::RawReading;
use edgesoak_protocol::{ChannelSpec, Quantity, Unit, rule};
use edgesoak_record::fleet::FleetRun;
use edgesoak_record::host_entry::{HostEntry, HostEvent};
use edgesoak_record::session::CloseState;
use edgesoak_record::{Gate, Outcome, Verdict};
use edgesoak_store::Store;

use crate::made;

fn store(folder: &std::path::Path) -> Store {
    Store::open(&folder.join("edgesoak.db")).expect("a database")
}

fn fleet(store: &Store) -> Vec<FleetRun> {
    store.fleet().expect("outlines")
}

#[test]
fn a_run_is_outlined_with_its_floors_and_how_it_ended() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = store(folder.path());
    let run_dir = made::write_run(folder.path(), "run-1", 2, &made::Shape::SHORT);
    store.ingest_run(&run_dir).expect("a whole run");
    store.apply_host("run-2", 1, &made::opening("run-2", &made::plan(1), 9)).expect("a run that goes on");

    let runs = fleet(&store);
    let told: Vec<_> = runs.iter().map(|run| (run.run.as_str(), run.closed, run.verdict)).collect();
    assert_eq!(told, [("run-2", false, None), ("run-1", true, Some(Verdict::Fail))]);
    assert_eq!((runs[0].sentence.as_str(), runs[0].sessions[0].close.as_ref()), ("", None));
    assert_eq!(runs[0].sessions[0].figures, []);
    let [first, second] = &runs[1].sessions[..] else { panic!("two sessions: {runs:?}") };
    assert_eq!((first.device.as_str(), second.device.as_str()), ("bench-1", "bench-2"));
    assert_eq!(first.close, Some((CloseState::Completed, String::new())));
    let floor = first.floor().expect("a floor");
    assert_eq!((floor.gate, floor.outcome, floor.limit), (Gate::FloorTps, Outcome::Fail, Some(9.7)));
    assert_eq!((first.verdict, first.is_virtual, first.is_imported), (Some(Verdict::Fail), true, false));
    assert_eq!((first.battery_health, first.charge_cycles), (None, None));
}

/// What a probe tells of a battery.
fn probed(session: &str, facts: &serde_json::Value) -> HostEntry {
    let mut entry = made::closed(session, CloseState::Completed);
    entry.event = HostEvent::Probed { probe: serde_json::json!({ "facts": facts }) };
    entry
}

#[test]
fn a_battery_is_told_by_its_channel_else_by_the_probe() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = store(folder.path());
    store.apply_host("run-1", 1, &made::opening("run-1", &made::plan(2), 0)).expect("a run");
    for (line, session, facts) in [
        (2, "s01", serde_json::json!({ "battery_health_percent": "91", "battery_cycles": "212" })),
        (3, "s02", serde_json::json!({ "battery_health_percent": "much", "battery_cycles": 7 })),
        (4, "s02", serde_json::json!("<nothing>")),
    ] {
        store.apply_host("run-1", line, &probed(session, &facts)).expect("a probe");
    }
    let battery = |store: &Store, session: usize| {
        let session = &fleet(store)[0].sessions[session];
        (session.battery_health, session.charge_cycles)
    };
    assert_eq!(battery(&store, 0), (Some(91.0), Some(212.0)));
    assert_eq!(battery(&store, 1), (None, None));

    // What was measured in the session is newer than its probe; a driver's "no value" is no value, wherever it stands.
    measured(&mut store, folder.path(), "s01", &[(8_840, 300), (8_730, 301), (-22, 0)]);
    assert_eq!(battery(&store, 0), (Some(87.3), Some(301.0)));
    measured(&mut store, folder.path(), "s02", &[(-22, 0), (10_100, -22)]);
    assert_eq!(battery(&store, 1), (None, None));
}

/// A journal of a session with these numbers of health, in hundredths, and cycles; the last one stands last.
fn measured(store: &mut Store, folder: &std::path::Path, session: &str, numbers: &[(i64, i64)]) {
    let mut header = made::header("run-1", session, &made::Shape::SHORT);
    let channel = |name: &str, quantity, unit, scale, rule| ChannelSpec {
        quantity,
        unit,
        scale,
        rule,
        name: name.to_owned(),
        group: 0,
        ..header.channels[0].clone()
    };
    header.channels = vec![
        channel("battery/health", Quantity::BatteryHealth, Unit::Percent, 0.01, rule::SHARE),
        channel("battery/cycles", Quantity::ChargeCycles, Unit::One, 1.0, rule::POSITIVE),
    ];
    header.groups.truncate(1);
    let mut bytes = write_header(&header);
    for (seq, (health, cycles)) in (0..).zip(numbers) {
        let values = [*health, *cycles].map(|raw| RawReading(Ok(raw))).to_vec();
        write_frame(&mut bytes, seq, header.mono_ns + seq, &Frame::Tick { group: 0, values });
    }
    let path = folder.join(format!("{session}.journal"));
    std::fs::write(&path, bytes).expect("a journal");
    store.ingest_journal("run-1", session, &path).expect("a journal of the session");
}

#[test]
fn an_edition_is_another_one_as_soon_as_the_rows_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = store(folder.path());
    let edition = |store: &Store| store.edition("run-1").expect("an edition");
    let nothing = edition(&store);
    let plan = made::plan(1);
    store.apply_host("run-1", 1, &made::opening("run-1", &plan, 0)).expect("a run");
    let opened = edition(&store);
    store.apply_host("run-1", 2, &made::closed("s01", CloseState::Completed)).expect("an end");
    let ended = edition(&store);
    store.apply_host("run-1", 3, &made::judged(&made::verdict("run-1", &plan, 10.0))).expect("a verdict");
    let judged = edition(&store);
    store.apply_host("run-1", 4, &made::judged(&made::verdict("run-1", &plan, 10.5))).expect("a verdict");
    let all = [nothing, opened, ended, judged, edition(&store)];
    let different: std::collections::BTreeSet<&String> = all.iter().collect();
    assert_eq!(different.len(), all.len(), "{all:?}");
    store.apply_host("run-2", 1, &made::opening("run-2", &plan, 1)).expect("another run");
    assert_eq!(edition(&store), all[4]);

    let mut again = Store::open(&folder.path().join("again.db")).expect("a database");
    let run_dir = made::write_run(folder.path(), "run-3", 2, &made::Shape::SHORT);
    store.ingest_run(&run_dir).expect("a whole run");
    again.ingest_run(&run_dir).expect("a whole run");
    assert_eq!(store.edition("run-3").expect("an edition"), again.edition("run-3").expect("an edition"));
}
