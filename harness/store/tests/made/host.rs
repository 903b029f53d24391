//! The host's side: the plan, the journal's entries and a verdict.

use edgesoak_protocol::Reason;
use edgesoak_protocol::units::{Bytes, Hertz, Millis, Nanos};
use edgesoak_record::answer::{Cell, Outcome as Answered, Part, ScoredAnswer};
use edgesoak_record::golden::{Asked, AskedItem, GoldenAnswer, Heat, Split};
use edgesoak_record::host_entry::{History, HostEntry, HostEvent, MeterClock, MeterReading};
use edgesoak_record::lab::MeterScope;
use edgesoak_record::memory::{MemoryOutlook, MemoryPart, MemoryPrediction, MemoryUse};
use edgesoak_record::plan::{
    ArtifactSource, Bar, Beside, Candidate, Device, PlannedSession, Route, Setting, SourceFile, StopAt,
    Template, Threads, Workload,
};
use edgesoak_record::policy::{Policy, RegressionRuns};
use edgesoak_record::routing::Sensitivity;
use edgesoak_record::session::{ClockOffset, CloseState, SessionClose};
use edgesoak_record::verdict::Evidence;
use edgesoak_record::{Gate, GateResult, Outcome, Plan, RunVerdict, SessionVerdict, Verdict};

/// Wall time of the first entry, nanoseconds since the Unix epoch.
const OPENED_UNIX_NS: u64 = 1_700_000_000_000_000_000;

fn policy() -> Policy {
    Policy {
        tier: "pr".to_owned(),
        blocking: vec![Gate::FloorTps, Gate::Temperature],
        accept_not_proven: vec![Gate::TokensPerJoule],
        required_families: vec!["handheld".to_owned()],
        evidence: Vec::new(),
        proofs: Vec::new(),
        budget_s: Some(1_800.1),
        reuse_s: None,
        selection_age_s: None,
        export: None,
        canary: None,
        regression_margin: 0.05,
        pinned_margin: 0.08,
        regression_runs: RegressionRuns { min: 3, looks: vec![3, 5, 8] },
        units_per_family: 3,
        waivers: Vec::new(),
    }
}

fn planned(number: usize) -> PlannedSession {
    PlannedSession {
        session: format!("s{number:02}"),
        repeat: 1,
        device: Device {
            id: format!("bench-{number}"),
            family: "handheld".to_owned(),
            family_title: "Rugged handhelds".to_owned(),
            driver: "virtual".to_owned(),
            is_virtual: true,
            address: Vec::new(),
            power: "battery".to_owned(),
            hardware_heat: true,
            memory_budget: Some(Bytes(700 << 20)),
            evidence: None,
            expect: vec!["cpu-clock".to_owned()],
            stop_at: StopAt::default(),
            beside: Beside::default(),
        },
        route: Route {
            id: "repair".to_owned(),
            title: "Repair advice at the pump".to_owned(),
            local_only: true,
            golden_set: None,
            routing: None,
            owed: Vec::new(),
            bars: vec![
                Bar { gate: Gate::FloorTps, limit: 9.7 },
                Bar { gate: Gate::Temperature, limit: 45.1 },
            ],
        },
        workload: Workload {
            id: "soak".to_owned(),
            duration: Millis(600_000),
            prompts: SourceFile { path: "prompts.jsonl".to_owned(), sha256: "c3".repeat(32), bytes: 12_345 },
            is_of_items: false,
            images: Vec::new(),
            output_tokens: 120,
            template: Template::Artifact,
            retrieval: None,
            think_time: Millis(0),
            sample_rate: Hertz(10.0),
            recovery_probe: None,
            settle: None,
        },
        candidate: Candidate {
            id: "small-q4".to_owned(),
            runtime: "scripted-runner".to_owned(),
            artifact: ArtifactSource::Cache("small.gguf".to_owned()),
            sha256: "a1".repeat(32),
            licence: Some("Apache-2.0".to_owned()),
            quantisation: Some("Q4_1".to_owned()),
            export_of: None,
            placement: "cpu".to_owned(),
            threads: Threads::CoresLess(1),
            context: 2048,
            runner_args: vec!["--mlock".to_owned()],
        },
        start_gate: None,
        golden: None,
        canaries: false,
    }
}

fn outlook() -> MemoryOutlook {
    let part = MemoryPart { what: MemoryUse::Weights, bytes: Bytes(90 << 20), basis: "mapped".to_owned() };
    MemoryOutlook::Predicted(MemoryPrediction::of(vec![part]))
}

/// A plan with sessions `s01`, `s02`, ... on devices of their own.
pub fn plan(sessions: usize) -> Plan {
    Plan {
        schema: 1,
        id: "0123456789ab".to_owned(),
        profile: "quick".to_owned(),
        policy: policy(),
        policy_digest: "d4".repeat(32),
        sessions: (1..=sessions).map(planned).collect(),
        settings: vec![Setting {
            key: "profile.duration".to_owned(),
            value: "60 s".to_owned(),
            origin: "device_matrix.toml:12".to_owned(),
        }],
        expected_s: 71.3,
        cut: None,
        memory: (1..=sessions).map(|number| (format!("s{number:02}"), outlook())).collect(),
    }
}

fn entry(after_s: u64, session: Option<&str>, event: HostEvent) -> HostEntry {
    HostEntry {
        at: Nanos(OPENED_UNIX_NS + after_s * 1_000_000_000),
        session: session.map(str::to_owned),
        event,
    }
}

/// The first line of a run; `number` orders runs in time.
pub fn opening(run: &str, plan: &Plan, number: u64) -> HostEntry {
    let event = HostEvent::RunOpened {
        run: run.to_owned(),
        version: "0.1.0".to_owned(),
        plan: Box::new(plan.clone()),
        history: History::default(),
    };
    entry(number * 1_000, None, event)
}

/// The host's journal of a run in which everything went well.
pub fn entries(run: &str, plan: &Plan) -> Vec<HostEntry> {
    let mut entries = vec![opening(run, plan, 0)];
    for planned in &plan.sessions {
        let session = Some(planned.session.as_str());
        let offset = ClockOffset {
            host_mono: Nanos(77_000_000_000),
            offset_ns: -4_923_000_000_000,
            uncertainty_ns: 120_000,
            suspended: Nanos(40),
        };
        let state = serde_json::json!({"phase": "soaking", "attempt": 1, "rate": 0.1});
        entries.push(entry(1, session, HostEvent::Probed { probe: serde_json::json!({"soc": "made"}) }));
        entries.push(entry(2, session, HostEvent::StateChanged { phase: "soaking".to_owned(), state }));
        entries.push(entry(3, session, HostEvent::ClockMeasured { offset }));
        entries.push(entry(4, session, HostEvent::Asked { asked: Box::new(asked()) }));
        entries.extend(
            answers().map(|answer| entry(5, session, HostEvent::Answered { answer: Box::new(answer) })),
        );
        entries.extend(beside().into_iter().map(|event| entry(4, session, event)));
        entries.push(closed(&planned.session, CloseState::Completed));
    }
    entries.push(judged(&verdict(run, plan, 10.25)));
    entries.push(closing(None));
    entries
}

/// Two items, of which the first is asked hot too.
pub fn asked() -> Asked {
    let item = |id: &str| AskedItem {
        id: id.to_owned(),
        digest: "e5".repeat(32),
        split: if id == "seal" { Split::Smoke } else { Split::Gate },
        answerable: true,
        critical: id == "seal",
        cluster: None,
        images: Vec::new(),
    };
    Asked {
        set: "pumps@1.0.0".to_owned(),
        set_digest: "f6".repeat(32),
        items_sha256: Some("a7".repeat(32)),
        items: vec![item("seal"), item("bearing")],
        hot: 1,
        slices: vec!["language".to_owned()],
        quality: Some(0.9),
        false_answers: None,
    }
}

/// Answers to both: wrong where it was hot.
pub fn answers() -> impl Iterator<Item = GoldenAnswer> {
    let answer = |(index, item, heat): (u32, &str, Heat)| {
        let outcome = Answered::of(heat == Heat::Rested);
        let points = Some(if outcome == Answered::Pass { 1.0 } else { 1.0 / 3.0 });
        let part = |scorer: &str, parts| Part {
            scorer: scorer.to_owned(),
            version: 1,
            points,
            outcome,
            ruins: false,
            reason: "1 of 3 words".to_owned(),
            parts,
        };
        let scored = ScoredAnswer {
            item: item.to_owned(),
            item_digest: "e5".repeat(32),
            slices: [("language".to_owned(), "en".to_owned())].into(),
            cluster: None,
            critical: item == "seal",
            sensitive: false,
            points,
            outcome,
            cell: if outcome == Answered::Pass { Cell::AnsweredRight } else { Cell::AnsweredWrong },
            part: part("all", vec![part("token_f1", Vec::new())]),
            answer_digest: format!("{index:064}"),
            confidence: (heat == Heat::Hot).then_some(0.8125),
        };
        GoldenAnswer {
            index,
            prompt: 40 + index,
            heat,
            finish: "eos".to_owned(),
            is_cut: false,
            classified: Some(Sensitivity::Public),
            ttft: Some(Nanos(251_000_001)),
            e2e: Some(Nanos(1_251_000_001)),
            scored,
            text: None,
        }
    };
    [(0, "seal", Heat::Hot), (1, "seal", Heat::Rested), (2, "bearing", Heat::Rested)].into_iter().map(answer)
}

/// When the soak of a made-up session begins, on the host's clock.
pub const SOAK_HOST: Nanos = Nanos::from_secs(5_003 + 4_923);

/// A meter whose clock is 900 s behind the host's and gains nothing, with readings that arrive up to 90 ms late, a
/// gap, and a room that warms up.
fn beside() -> Vec<HostEvent> {
    let opened = Nanos(SOAK_HOST.0 - 1_000_000_000);
    let begin = i64::try_from(SOAK_HOST.0).expect("a time") - 900_000_000_000;
    let reading = |n: u64| MeterReading {
        arrived: Nanos(SOAK_HOST.0 + n * 100_000_000 + (n % 10) * 10_000_000),
        own_ns: Some(begin + i64::try_from(n).expect("few") * 100_000_000),
        microwatts: (n != 15).then_some(3_000_000),
        reason: (n == 15).then_some(Reason::Absent),
    };
    let read = |numbers: std::ops::Range<u64>| HostEvent::MeterRead {
        meter: "shunt".to_owned(),
        scope: MeterScope::Board,
        gain_error_ppm: Some(10_000),
        opened,
        readings: numbers.map(reading).collect(),
    };
    let clock =
        MeterClock { own_ns: begin, host_ns: begin + 900_000_000_000, drift_ppb: 0, residual_ns: 4_000_000 };
    // An early fit is a worse one; the last counts.
    let early = MeterClock { host_ns: clock.host_ns + 70_000_000, ..clock };
    let fit = |clock| HostEvent::MeterClock { meter: "shunt".to_owned(), opened, clock };
    let room = |after: u64, millicelsius: Option<i64>| HostEvent::AmbientRead {
        probe: "room".to_owned(),
        host_mono: Nanos(SOAK_HOST.0 + after * 1_000_000_000),
        millicelsius,
        reason: millicelsius.is_none().then_some(Reason::Failed),
    };
    let end = MeterReading {
        arrived: Nanos(SOAK_HOST.0 + 3_000_000_000),
        own_ns: None,
        microwatts: None,
        reason: Some(Reason::Failed),
    };
    let gap = HostEvent::MeterRead {
        meter: "shunt".to_owned(),
        scope: MeterScope::Board,
        gain_error_ppm: Some(10_000),
        opened,
        readings: vec![end],
    };
    vec![room(0, Some(23_250)), read(0..10), fit(early), read(10..20), fit(clock), gap, room(30, None)]
}

/// The end of a session.
pub fn closed(session: &str, state: CloseState) -> HostEntry {
    let close = SessionClose { state, cause: String::new(), detail: String::new(), whose: String::new() };
    entry(700, Some(session), HostEvent::SessionClosed { close })
}

/// A verdict as a line.
pub fn judged(verdict: &RunVerdict) -> HostEntry {
    entry(701, None, HostEvent::Judged { verdict: Box::new(verdict.clone()) })
}

/// The last line of a run.
pub fn closing(interrupted: Option<&str>) -> HostEntry {
    entry(702, None, HostEvent::RunClosed { interrupted: interrupted.map(str::to_owned) })
}

/// Entries as the lines of a file.
pub fn host_lines(entries: &[HostEntry]) -> String {
    entries.iter().map(|entry| serde_json::to_string(entry).expect("an entry is JSON") + "\n").collect()
}

fn gate(gate: Gate, outcome: Outcome, measured: Option<f64>, limit: Option<f64>) -> GateResult {
    GateResult {
        gate,
        outcome,
        measured,
        lo: measured.map(|value| value * 0.97),
        hi: measured.map(|value| value * 1.03),
        limit,
        unit: gate.unit().to_owned(),
        n: 541,
        sentence: format!("{gate} was measured"),
        cause: None,
        blocking: limit.is_some(),
        accepted: None,
        waived: None,
        evidence: vec![Evidence { channel: "tokens".to_owned(), from_s: 0.0, to_s: 600.0 }],
    }
}

/// A verdict in which every session sustained `sustained` tokens per second.
pub fn verdict(run: &str, plan: &Plan, sustained: f64) -> RunVerdict {
    let sessions = plan.sessions.iter().map(|planned| SessionVerdict {
        session: planned.session.clone(),
        device: planned.device.id.clone(),
        family: planned.device.family.clone(),
        route: planned.route.id.clone(),
        candidate: planned.candidate.id.clone(),
        is_virtual: true,
        is_imported: false,
        verdict: Verdict::Fail,
        sentence: "the floor is under its bar".to_owned(),
        gates: vec![
            gate(Gate::FloorTps, Outcome::Fail, Some(sustained * 0.9), Some(9.7)),
            gate(Gate::SustainedTps, Outcome::Info, Some(sustained), None),
            gate(Gate::TokensPerJoule, Outcome::NotProven, None, Some(1.0)),
        ],
        doubts: Vec::new(),
        soak_shape: None,
        slowdowns: Vec::new(),
        examined: None,
        prediction: None,
    });
    RunVerdict {
        run: run.to_owned(),
        verdict: Verdict::Fail,
        exit: Verdict::Fail.exit_code(),
        reason: "floor_tps".to_owned(),
        sentence: "the floor is under its bar".to_owned(),
        accepted: Vec::new(),
        reused: None,
        redacted: None,
        not_run: Vec::new(),
        next_actions: vec!["look at the report".to_owned()],
        sessions: sessions.collect(),
    }
}
