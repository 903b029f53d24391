//! A whole made-up session.

use edgesoak_record::SessionRecord;
use edgesoak_record::session::{
    ClockOffset, CloseState, JournalEnding, JournalFacts, Note, Overhead, PhaseSpan, PlacedShare, Placement,
    RuntimeExit, RuntimeFacts, SessionClose, VerifiedFile,
};
use edgesoak_record::units::Nanos;

use super::decode::{Course, device_time, prompts};
use super::{OPENED, channels, plan};

pub fn record(name: &str, device: &str, course: &Course, hertz: f64) -> SessionRecord {
    let end = course.seconds + if course.recovery { 80.0 } else { 0.0 };
    SessionRecord {
        planned: plan::session(name, device, course.seconds, hertz),
        close: Some(SessionClose {
            state: CloseState::Completed,
            cause: String::new(),
            detail: String::new(),
            whose: String::new(),
        }),
        journal: Some(JournalFacts {
            boot_id: "00000000-0000-4000-8000-000000000000".to_owned(),
            agent: "0.1.0".to_owned(),
            is_virtual: true,
            mono: Nanos::from_secs(4_996),
            boottime: Nanos::from_secs(4_996),
            wall: OPENED,
            last: device_time(end + 1.0),
            ending: JournalEnding::Finished { reason: "completed".to_owned(), detail: String::new() },
            group_period: vec![device_time(1.0 / hertz).since(device_time(0.0))],
        }),
        phases: phases(course),
        prompts: prompts(course),
        channels: channels::channels(course, hertz),
        runtime: Some(runtime(end)),
        placement: Some(placement()),
        verified: verified(),
        overheads: overheads(end),
        missed_ticks: 2,
        notes: vec![Note {
            t: device_time(0.0),
            code: "made-up".to_owned(),
            text: "Nothing in this session was measured.".to_owned(),
        }],
        clock_offsets: [100, 790].map(offset).into(),
        meters: Vec::new(),
        ambient: Vec::new(),
        os_build: None,
        imported: None,
        golden: None,
        leaks: None,
    }
}

fn verified() -> Vec<VerifiedFile> {
    let file = |what: &str, digits: &str, bytes| VerifiedFile {
        what: what.to_owned(),
        sha256: digits.repeat(64 / digits.len()),
        bytes,
    };
    vec![
        file("artifact", "7b1f90c2", 98_304_000),
        file("prompts", "4e0d", 4_096),
        file("corpus", "4e0d", 4_096),
        file("runner", "51ab", 1_204_224),
    ]
}

fn offset(host_seconds: u64) -> ClockOffset {
    ClockOffset {
        host_mono: Nanos::from_secs(host_seconds),
        offset_ns: 4_896_000_000_000,
        uncertainty_ns: 41_000,
        suspended: Nanos(0),
    }
}

fn phases(course: &Course) -> Vec<PhaseSpan> {
    let span = |phase: &str, begin: Nanos| PhaseSpan { phase: phase.to_owned(), begin };
    let mut phases = vec![
        span("loading", Nanos::from_secs(4_997)),
        span("warming", Nanos::from_secs(4_999)),
        span("soaking", device_time(0.0)),
    ];
    if course.recovery {
        phases.push(span("resting", device_time(course.seconds)));
        phases.push(span("recovering", device_time(course.seconds + 60.0)));
    }
    phases
}

fn runtime(end: f64) -> RuntimeFacts {
    RuntimeFacts {
        started: Nanos::from_secs(4_998),
        pid: 4_242,
        runtime: "scripted-runner".to_owned(),
        version: "0.1.0".to_owned(),
        cpu_features: vec!["made-up".to_owned()],
        load: Nanos::from_millis(412),
        threads: 4,
        context: 2_048,
        exit: Some(RuntimeExit {
            at: device_time(end + 0.5),
            code: Some(0),
            signal: None,
            last_rss_bytes: Some(224_395_264),
            last_words: String::new(),
        }),
    }
}

fn placement() -> Placement {
    Placement {
        requested: "cpu".to_owned(),
        actual: vec![PlacedShare { device: "cpu".to_owned(), units: 31, share: 1.0 }],
        unit: "layers".to_owned(),
        evidence: "the scripted runner's own words".to_owned(),
        raw: "31 of 31 layers on cpu".to_owned(),
        confidence: "observed".to_owned(),
    }
}

fn overheads(end: f64) -> Vec<Overhead> {
    let mut overheads = Vec::new();
    let mut t = 0.0;
    while t <= end {
        overheads.push(Overhead {
            t: device_time(t),
            cpu: Nanos(device_time(t).since(Nanos::from_secs(4_996)).0 / 90),
            rss_bytes: 2_867_200,
            missed_ticks: u32::from(t > 300.0) * 2,
            worst_jitter: Nanos(1_300_000),
            worst_sync: Nanos(7_400_000),
        });
        t += 10.0;
    }
    overheads
}
