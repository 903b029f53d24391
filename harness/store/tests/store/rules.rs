//! The views say of every reading what the program says.

use std::fs;
use std::path::Path;

use edgesoak_protocol::journal::{Frame, Header, write_frame, write_header};
use edgesoak_protocol::reading::RawReading;
use edgesoak_protocol::{Quantity, Reading, Reason, rule};
use edgesoak_store::Store;
use proptest::prelude::*;
use rusqlite::Connection;

use crate::made;

/// Every rule there is, and two that there are not.
const RULES: [u16; 13] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 999];
/// Factors that channels have, with a sign convention.
const SCALES: [f64; 7] = [1.0, 0.1, 1e-3, 1e-6, -1e-6, 1e3, 0.25];

/// Integers at which some rule changes its mind, with their neighbours.
fn edges() -> Vec<i64> {
    let edges = [
        0,
        1,
        22,
        31,
        61,
        100,
        125,
        130,
        200,
        999,
        1_000,
        1_001,
        10_000,
        65_535,
        100_000,
        125_000,
        130_000,
        26_428,
        30_000_000,
        40,
        127,
        273,
        274,
        309,
        400,
        1_270,
        2_730,
        2_740,
        20_000,
        40_000,
        99_900,
        127_000,
        200_000,
        273_000,
        274_000,
        i64::from(i32::MAX),
        i64::MAX,
    ];
    let both = edges.into_iter().flat_map(|edge: i64| [edge, -edge]);
    let mut all: Vec<i64> =
        both.flat_map(|edge| [edge.saturating_sub(1), edge, edge.saturating_add(1)]).collect();
    all.extend([i64::MIN, i64::from(i32::MIN), i64::from(i32::MIN) - 1]);
    all
}

/// A journal whose channels of the first group have all rules and scales in turn, and sampled these integers.
fn write(run_dir: &Path, raws: &[i64]) {
    let shape = made::Shape { channels: RULES.len() * SCALES.len() + 1, ..made::Shape::SHORT };
    let mut header: Header = made::header("run-1", "s01", &shape);
    let present = header.channels.iter_mut().filter(|spec| spec.group == 0 && spec.missing.is_none());
    let pairs = RULES.into_iter().flat_map(|rule| SCALES.map(|scale| (rule, scale)));
    let mut width = 0;
    for (spec, (rule, scale)) in present.zip(pairs) {
        (spec.rule, spec.scale) = (rule, scale);
        // Two readings of one tick must not be taken for the voltage and the current of a battery.
        spec.quantity = Quantity::Pressure;
        width += 1;
    }
    assert_eq!(width, RULES.len() * SCALES.len());
    let mut bytes = write_header(&header);
    let readings = raws.iter().map(|raw| Ok(*raw)).chain([Err(Reason::Denied)]);
    for (seq, raw) in (0..).zip(readings) {
        let values = vec![RawReading(raw); width];
        write_frame(&mut bytes, seq, header.mono_ns + seq, &Frame::Tick { group: 0, values });
    }
    fs::write(run_dir.join("s01/device.journal"), bytes).expect("a journal");
}

fn seen(connection: &Connection, channel: &str) -> Vec<Reading<f64>> {
    let mut query = connection
        .prepare("SELECT value, reason FROM reading WHERE run = 'run-1' AND session = 's01' AND channel = ?1")
        .expect("the view");
    let rows = query.query_map([channel], |row| {
        let (value, reason): (Option<f64>, Option<String>) = (row.get(0)?, row.get(1)?);
        assert!(value.is_some() != reason.is_some(), "{channel}: {value:?} and {reason:?}");
        let reason = reason.map(|word| Reason::from_word(&word).expect("a word of ours"));
        Ok(value.ok_or_else(|| reason.expect("one of the two")))
    });
    rows.expect("rows").collect::<Result<_, _>>().expect("readings")
}

/// Whether view and program say the same, bit for bit, of every channel of the run.
fn compare(folder: &Path) -> usize {
    let db = folder.join("edgesoak.db");
    let run = Store::open(&db).expect("a database").load_run("run-1").expect("a run");
    let connection = Connection::open(&db).expect("the database");
    let channels = &run.sessions[0].channels;
    for channel in channels {
        let told: Vec<Reading<f64>> = channel.samples.iter().map(|sample| sample.value).collect();
        assert_eq!(seen(&connection, &channel.name), told, "{}", channel.name);
    }
    channels.iter().map(|channel| channel.samples.len()).sum()
}

fn check(raws: &[i64]) {
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = made::write_run(folder.path(), "run-1", 1, &made::Shape::SHORT);
    write(&run_dir, raws);
    Store::open(&folder.path().join("edgesoak.db")).expect("a database").ingest_run(&run_dir).expect("a run");
    assert_eq!(compare(folder.path()), (raws.len() + 1) * RULES.len() * SCALES.len());
}

#[test]
fn views_read_every_rule_at_its_edges() {
    check(&edges());
}

#[test]
fn every_rule_is_among_those() {
    let is_known = |number: u16| rule::apply(number, 50, 1.0) != Err(Reason::Parse);
    let known: Vec<u16> = (0..=u16::MAX).filter(|number| is_known(*number)).collect();
    assert_eq!(known, RULES[..known.len()], "a new rule needs a new version of the views");
}

#[test]
fn a_whole_run_reads_the_same_in_the_views() {
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = made::write_run(folder.path(), "run-1", 1, &made::Shape::SHORT);
    Store::open(&folder.path().join("edgesoak.db")).expect("a database").ingest_run(&run_dir).expect("a run");
    assert!(compare(folder.path()) > 400);
}

#[test]
fn power_is_no_product_of_numbers_that_mean_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = made::write_run(folder.path(), "run-1", 1, &made::Shape::SHORT);
    let mut header = made::header("run-1", "s01", &made::Shape::SHORT);
    let place = |name: &str, header: &Header| {
        let group = header.channels.iter().filter(|spec| spec.group == 0 && spec.missing.is_none());
        group.clone().position(|spec| spec.name.ends_with(name)).expect("a channel")
    };
    let (voltage, current, energy) =
        (place("voltage_now", &header), place("current_now", &header), place("package-0/energy", &header));
    for spec in &mut header.channels {
        spec.rule = if spec.quantity == Quantity::Current { rule::SIGNED } else { rule::POSITIVE };
    }
    let width = header.channels.iter().filter(|spec| spec.group == 0 && spec.missing.is_none()).count();
    let mut bytes = write_header(&header);
    let ticks =
        [(4_000_000, -500_000, 10), (0, -500_000, 20), (4_000_000, -22, -61), (4_000_000, -500_000, 40)];
    for (seq, (microvolt, microampere, microjoule)) in (0..).zip(ticks) {
        let mut values = vec![RawReading(Ok(1)); width];
        for (at, raw) in [(voltage, microvolt), (current, microampere), (energy, microjoule)] {
            values[at] = RawReading(Ok(raw));
        }
        write_frame(&mut bytes, seq, header.mono_ns + seq * 1_000, &Frame::Tick { group: 0, values });
    }
    fs::write(run_dir.join("s01/device.journal"), bytes).expect("a journal");
    let db = folder.path().join("edgesoak.db");
    Store::open(&db).expect("a database").ingest_run(&run_dir).expect("a run");
    let connection = Connection::open(&db).expect("the database");
    let told = |source: &str| -> Vec<(Option<f64>, Option<String>)> {
        let mut query =
            connection.prepare("SELECT watts, reason FROM power WHERE source = ?1").expect("the view");
        let rows = query.query_map([source], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
        rows.collect::<Result<_, _>>().expect("powers")
    };
    let none = || (None, Some("sentinel".to_owned()));
    assert_eq!(told("voltage*current"), [(Some(-2.0), None), none(), none(), (Some(-2.0), None)]);
    let rises = told("energy");
    assert_eq!(rises.len(), 1, "only two readings in a row make a rise: {rises:?}");
    assert!(rises[0].0.is_some_and(|watts| (watts - 10.0).abs() < 1e-9), "{rises:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn views_read_any_integer(raws in prop::collection::vec(any::<i64>(), 1..40),
                              small in prop::collection::vec(-300_000..300_000_i64, 1..80)) {
        check(&[raws, small].concat());
    }
}
