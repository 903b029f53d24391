//! The model table through journal, store and gates: what the analysis finds is held against what the model knows.

mod cases;
mod errors;
mod fleet;
mod host;
mod judged;
mod matrix;
mod outlook;
mod product;
mod slowdowns;
mod views;
#[path = "../world/mod.rs"]
mod world;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use edgesoak_record::plan::Bar;
use edgesoak_record::verdict::SessionVerdict;
use edgesoak_record::{Gate, Run};

use errors::Errors;
use fleet::{Line, Part, Red};

/// Bars from the truth without a fault: rates may lose 10 %, energy and the first token 30 %.
fn bars(line: &Line, healthy: &BTreeMap<String, (Line, f64)>) -> Vec<Bar> {
    let (twin, ttft_ms) = &healthy[&line.twin];
    let truth = twin.truth();
    let part = |rate: Option<f64>| rate.map(|rate| 0.9 * rate);
    [
        (Gate::Stalls, Some(0.0)),
        (Gate::BurstTps, part(truth.burst_tps)),
        (Gate::SustainedTps, part(truth.sustained_tps)),
        (Gate::FloorTps, part(truth.floor_tps)),
        (Gate::TtftP50, Some(1.3 * ttft_ms)),
        (Gate::Temperature, Some(125.0)),
        (Gate::MemoryGrowth, Some(1.0)),
        (Gate::TokensPerJoule, Some(0.7 * truth.tokens as f64 / truth.joules)),
    ]
    .into_iter()
    .filter_map(|(gate, limit)| Some(Bar { gate, limit: limit? }))
    .collect()
}

fn all_bars(run: &Run, lines: &[Line]) -> Vec<Vec<Bar>> {
    let healthy = lines.iter().zip(&run.sessions).filter(|(line, _)| line.fault.is_none());
    let healthy: BTreeMap<String, (Line, f64)> = healthy
        .map(|(line, record)| (line.twin.clone(), (line.clone(), judged::median_ttft_ms(record))))
        .collect();
    lines.iter().map(|line| bars(line, &healthy)).collect()
}

/// Reds that the planted fault must explain: those that the healthy twin does not show anyway.
fn unexplained<'a>(line: &Line, found: &'a [Red]) -> Vec<&'a Red> {
    let planted = line.planted.as_ref();
    let is_usual = |red: &Red| line.red.contains(red) || red.gate == "quality" && red.cause == "not_run";
    found.iter().filter(|red| planted == Some(red) || !is_usual(red)).collect()
}

/// Whether the first red gate names the planted fault.
fn is_named(line: &Line, found: &[Red]) -> bool {
    let first = unexplained(line, found).first().map(|red| red.cause.clone());
    line.planted.as_ref().map(|planted| planted.cause.clone()) == first
}

/// What speaks against the expected colours of a row's gates.
fn surprise(line: &Line, found: &[Red]) -> Option<String> {
    let unexplained = unexplained(line, found);
    let Some(planted) = &line.planted else {
        let missing: Vec<&Red> = line.red.iter().filter(|red| !found.contains(red)).collect();
        let is_as_told = unexplained.is_empty() && missing.is_empty();
        return (!is_as_told)
            .then(|| format!("{} is healthy: {unexplained:?} are red and {missing:?} are not", line.name));
    };
    if !is_named(line, found) || !found.contains(planted) {
        return Some(format!("{}: planted is {planted:?}, red are {unexplained:?}", line.name));
    }
    // Whatever a device that is off leaves behind proves nothing.
    let is_end = |red: &Red| line.is_off && red.cause == "device_restarted";
    let is_allowed = |red: &Red| red.cause == planted.cause || is_end(red) || line.also.contains(&red.gate);
    let beyond: Vec<&&Red> = unexplained.iter().filter(|red| !is_allowed(red)).collect();
    (!beyond.is_empty()).then(|| format!("{}: {beyond:?} are red beyond what {planted:?} allows", line.name))
}

/// What speaks against the cause that a slowdown of a row is given.
fn misnamed(line: &Line, verdict: &SessionVerdict) -> Option<String> {
    let planted = line.slowed_by.as_ref()?;
    let named: Vec<&str> = verdict.slowdowns.iter().map(|slowdown| slowdown.cause.word()).collect();
    let is_named = named.contains(&planted.as_str());
    (!is_named).then(|| format!("{}: it is slowed by {planted}, named are {named:?}", line.name))
}

#[test]
#[cfg_attr(debug_assertions, ignore = "minutes without optimisation: cargo test --release")]
fn the_analysis_finds_what_the_model_knows() {
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = folder.path().join("table");
    let lines = fleet::record(&run_dir, Part::Whole);
    let mut run = judged::stored(&run_dir, &lines);
    let bars = all_bars(&run, &lines);
    let verdicts = judged::verdicts(&mut run, &bars);
    let mut errors = Errors::default();
    let mut surprises = Vec::new();
    let mut named = (0, 0);
    for (line, verdict) in lines.iter().zip(&verdicts) {
        let reds = judged::reds(verdict);
        if line.planted.is_some() {
            named.1 += 1;
            named.0 += u32::from(is_named(line, &reds));
        }
        surprises.extend(surprise(line, &reds));
        surprises.extend(misnamed(line, verdict));
        errors.compare(line, verdict);
    }
    println!("faults named first: {} of {}\n{errors}", named.0, named.1);
    surprises.extend(errors.beyond());
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}

/// Gates that say whether a session ran as planned and is evidence at all.
const INTEGRITY: [&str; 10] = [
    "artifact",
    "placement",
    "runtime_alive",
    "journal",
    "start_gate",
    "data_coverage",
    "clocks",
    "background_cpu",
    "duty_cycle",
    "timestamp_agreement",
];

/// Seeds that are recorded, stored and judged at once: a run is held in memory meanwhile.
const AT_ONCE: u32 = 5;

/// Units that were judged, and the integrity gates that they trip.
#[derive(Default)]
struct Units {
    judged: usize,
    tripped: Vec<String>,
}

/// Units of every healthy kind of device, by their seeds.
fn units(first: u32, count: u32) -> Units {
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = folder.path().join("units");
    let lines = fleet::record(&run_dir, Part::Units { first, count });
    let mut run = judged::stored(&run_dir, &lines);
    let bars: Vec<Vec<Bar>> = lines.iter().map(|_| vec![Bar { gate: Gate::Stalls, limit: 0.0 }]).collect();
    let verdicts = judged::verdicts(&mut run, &bars);
    let reds = lines.iter().zip(&verdicts).flat_map(|(line, verdict)| {
        let reds = judged::reds(verdict).into_iter().filter(|red| INTEGRITY.contains(&red.gate.as_str()));
        reds.filter(|red| !line.red.contains(red))
            .map(move |red| format!("{} of seed {}: {red:?}", line.name, line.seed))
    });
    Units { judged: lines.len(), tripped: reds.collect() }
}

/// Units of the seeds from 1 on, on every processor.
fn many_units(seeds: u32) -> Units {
    let next = AtomicU32::new(0);
    let all = Mutex::new(Units::default());
    let work = || loop {
        let done = next.fetch_add(AT_ONCE, Ordering::Relaxed);
        if done >= seeds {
            return;
        }
        let found = units(1 + done, AT_ONCE.min(seeds - done));
        let mut all = all.lock().expect("no other panicked");
        all.judged += found.judged;
        all.tripped.extend(found.tripped);
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    all.into_inner().expect("no thread panicked")
}

#[test]
#[cfg_attr(debug_assertions, ignore = "minutes without optimisation: cargo test --release")]
fn no_healthy_unit_trips_an_integrity_gate() {
    let found = units(1, 3);
    assert!(found.judged >= 24 && found.tripped.is_empty(), "{}", found.tripped.join("\n"));
}

#[test]
#[ignore = "takes a quarter of an hour: EDGESOAK_SEEDS, or 1000, of every kind of device through the store"]
fn no_healthy_unit_of_thousands_trips_an_integrity_gate() {
    let seeds =
        std::env::var("EDGESOAK_SEEDS").map_or(1_000, |text| text.parse().expect("a number of seeds"));
    let found = many_units(seeds);
    println!("{} units of {seeds} seeds trip {} integrity gates", found.judged, found.tripped.len());
    assert!(found.judged > 0 && found.tripped.is_empty(), "{}", found.tripped.join("\n"));
}

/// Causes of which a smaller part of the sessions is named right.
fn misnamed_too_often(found: &slowdowns::Confusion, named: f64) -> Vec<String> {
    let is_poor = |cause: &String| {
        let (all, right) = found.accuracy(cause);
        f64::from(right) < named * f64::from(all)
    };
    found.planted().into_iter().filter(is_poor).collect()
}

#[test]
#[cfg_attr(debug_assertions, ignore = "minutes without optimisation: cargo test --release")]
fn planted_causes_of_slowdowns_are_named() {
    let found = slowdowns::study(1, &slowdowns::OF_EACH);
    // So few units of each cause leave room for one that has two.
    let poor = misnamed_too_often(&found, 0.9);
    assert!(found.planted().len() > 8 && poor.is_empty(), "{poor:?}\n{found}\n{}", found.wrong.join("\n"));
}

#[test]
#[ignore = "takes minutes: EDGESOAK_SEEDS, or 5, of every kind of device with every cause"]
fn planted_causes_of_slowdowns_are_named_on_many_units() {
    let seeds = std::env::var("EDGESOAK_SEEDS").map_or(5, |text| text.parse().expect("a number of seeds"));
    let mut found = slowdowns::Confusion::default();
    for seed in 0..seeds {
        found.add(slowdowns::study(seed, slowdowns::ALL));
    }
    println!("{found}\n{}", found.wrong.join("\n"));
    assert_eq!(misnamed_too_often(&found, 0.95), Vec::<String>::new());
}

/// Devices of each study: of those with a floor so many must be near enough, and so many between their bounds.
const NEAR: f64 = 0.9;
const COVERED: f64 = 0.9;

/// The rule that the product plans: until the device has settled, for half an hour at most.
const UNTIL_SETTLED: &str =
    r#"{"max_drift":0.05,"max_rise_kelvin":1.5,"tau_seconds":400.0,"step_ms":300000,"max_soak_ms":1800000}"#;

#[test]
#[cfg_attr(debug_assertions, ignore = "minutes without optimisation: cargo test --release")]
fn predicted_floors_come_true() {
    let outlook = outlook::study(5000, 40, Some(UNTIL_SETTLED));
    let [kernel, _] = outlook.sums();
    for tally in kernel {
        let told = f64::from(tally.told);
        let is_told = tally.meant >= 10 && told >= 0.8 * f64::from(tally.meant);
        let is_right = f64::from(tally.near) >= NEAR * told && f64::from(tally.covered) >= COVERED * told;
        assert!(is_told && is_right, "{outlook}");
    }
}

#[test]
#[ignore = "takes minutes: EDGESOAK_DRAWN, or 200, devices from EDGESOAK_FIRST, or 7000, on"]
fn predicted_floors_come_true_on_many_devices() {
    let number = |name, usual| std::env::var(name).map_or(usual, |text| text.parse().expect("a number"));
    let (first, count) = (number("EDGESOAK_FIRST", 7_000), number("EDGESOAK_DRAWN", 200));
    for (word, rule) in [("ten minutes", None), ("until settled", Some(UNTIL_SETTLED))] {
        let outlook = outlook::study(first, count, rule);
        println!("{word}\n{outlook}");
        let [kernel, _] = outlook.sums();
        for tally in kernel {
            assert!(f64::from(tally.covered) >= COVERED * f64::from(tally.told), "{tally}");
        }
    }
}
