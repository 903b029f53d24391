//! What a session took out of a battery.

use std::fs;

use edgesoak_protocol::journal::{Frame, write_header};
use edgesoak_protocol::reading::{RawReading, Reason};
use edgesoak_protocol::{ChannelSpec, Group, Quantity, Unit};
use edgesoak_record::Verdict;
use edgesoak_record::units::Millis;
use edgesoak_store::Store;

use crate::made;

const SHAPE: made::Shape = made::Shape::SHORT;

/// A judged run whose battery tells these charges, one a second.
fn stored(levels: &[Result<i64, Reason>], is_sick: bool) -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = made::write_run(folder.path(), "run-1", 1, &SHAPE);
    let mut header = made::header("run-1", "s01", &SHAPE);
    let group = u8::try_from(header.groups.len()).expect("few");
    header.groups.push(Group { id: group, period_ns: 1_000_000_000 });
    header.channels.push(ChannelSpec {
        name: "battery/level".to_owned(),
        quantity: Quantity::ChargeLevel,
        unit: Unit::Percent,
        scale: 1.0,
        rule: 1,
        group,
        source: "dumpsys battery".to_owned(),
        missing: None,
    });
    let mut frames = made::session_frames(&SHAPE);
    let opened = frames[0].0;
    for (level, second) in levels.iter().zip(0..) {
        let tick = Frame::Tick { group, values: vec![RawReading(*level)] };
        frames.push((opened + second * 1_000_000_000, tick));
    }
    frames.sort_by_key(|(t, frame)| (*t, matches!(frame, Frame::Finished { .. })));
    let mut bytes = write_header(&header);
    made::encode(&mut bytes, 0, &frames);
    fs::write(made::device_journal(&run_dir, "s01"), bytes).expect("a journal");
    let mut store = Store::open(&folder.path().join("edgesoak.db")).expect("a database");
    store.ingest_run(&run_dir).expect("a whole run");
    if is_sick {
        let plan = made::plan(1);
        let line = u64::try_from(made::entries("run-1", &plan).len()).expect("few") + 1;
        let mut sick = made::verdict("run-1", &plan, 10.0);
        sick.sessions[0].verdict = Verdict::Infrastructure;
        store.apply_host("run-1", line, &made::judged(&sick)).expect("a verdict");
    }
    (folder, store)
}

fn taken(levels: &[Result<i64, Reason>]) -> Option<f64> {
    let (_folder, store) = stored(levels, false);
    store.charge_taken(&made::plan(1).sessions[0]).expect("read").map(|taken| taken.percent)
}

#[test]
fn the_last_judged_session_of_the_same_job_tells_what_a_run_takes() {
    let levels = [Ok(80), Ok(80), Err(Reason::Failed), Ok(78), Ok(77)];
    assert_eq!(taken(&levels), Some(3.0));
    assert_eq!(taken(&[Ok(80), Ok(80)]), Some(0.0));

    let (_folder, store) = stored(&levels, true);
    let same = made::plan(1).sessions.remove(0);
    assert_eq!(store.charge_taken(&same).expect("read"), None, "it is no evidence");

    let (_folder, store) = stored(&levels, false);
    let mut longer = same.clone();
    longer.workload.duration = Millis(same.workload.duration.0 + 1);
    assert_eq!(store.charge_taken(&longer).expect("read"), None, "another length takes another charge");
    let mut other = same;
    other.candidate.sha256 = "ff".repeat(32);
    assert_eq!(store.charge_taken(&other).expect("read"), None);
}

#[test]
fn a_charge_that_rose_or_was_not_read_tells_nothing() {
    assert_eq!(taken(&[Ok(80), Ok(81), Ok(77)]), None, "a charger had a part in it");
    assert_eq!(taken(&[Err(Reason::Failed)]), None);
    assert_eq!(taken(&[]), None);
}
