//! Made-up plans and journals.

use edgesoak_protocol::journal::{FinishReason, Frame, Header, Phase, write_frame, write_header};
use edgesoak_protocol::units::{Hertz, Millis};
use edgesoak_protocol::{ChannelSpec, Group, Quantity, RawReading, Unit};
use edgesoak_record::plan::{
    ArtifactSource, Beside, Candidate, Device, PlannedSession, Route, SourceFile, StopAt, Template, Threads,
    Workload,
};
use edgesoak_record::policy::RegressionRuns;
use edgesoak_record::{Plan, Policy};
use sha2::{Digest, Sha256};

pub const MODEL: &[u8] = b"a model";
pub const PROMPTS: &[u8] = b"{\"id\": \"p1\", \"messages\": []}\n";

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// A plan with one session per device.
pub fn plan(devices: &[&str]) -> Plan {
    let names = (1..).map(|n| format!("s{n:02}"));
    let policy = Policy {
        tier: "pr".to_owned(),
        blocking: Vec::new(),
        accept_not_proven: Vec::new(),
        required_families: Vec::new(),
        evidence: Vec::new(),
        proofs: Vec::new(),
        budget_s: None,
        reuse_s: None,
        selection_age_s: None,
        export: None,
        canary: None,
        regression_margin: 0.05,
        pinned_margin: 0.08,
        regression_runs: RegressionRuns { min: 1, looks: Vec::new() },
        units_per_family: 1,
        waivers: Vec::new(),
    };
    Plan {
        schema: 1,
        id: "0123456789ab".to_owned(),
        profile: "quick".to_owned(),
        policy,
        policy_digest: sha256(b"policy"),
        sessions: devices.iter().zip(names).map(|(device, name)| session(&name, device)).collect(),
        settings: Vec::new(),
        expected_s: 60.0,
        cut: None,
        memory: std::collections::BTreeMap::new(),
    }
}

fn session(name: &str, device: &str) -> PlannedSession {
    let prompts =
        SourceFile { path: "prompts.jsonl".to_owned(), sha256: sha256(PROMPTS), bytes: PROMPTS.len() as u64 };
    PlannedSession {
        session: name.to_owned(),
        repeat: 1,
        device: Device {
            id: device.to_owned(),
            family: "host".to_owned(),
            family_title: "This machine".to_owned(),
            driver: "local".to_owned(),
            is_virtual: false,
            address: Vec::new(),
            power: "mains".to_owned(),
            hardware_heat: false,
            memory_budget: None,
            evidence: None,
            expect: vec!["load".to_owned(), "temperature".to_owned()],
            stop_at: StopAt::default(),
            beside: Beside::default(),
        },
        route: Route {
            id: "qa".to_owned(),
            title: "Questions".to_owned(),
            local_only: true,
            golden_set: None,
            routing: None,
            owed: Vec::new(),
            bars: Vec::new(),
        },
        workload: Workload {
            id: "soak".to_owned(),
            duration: Millis(60_000),
            prompts,
            is_of_items: false,
            images: Vec::new(),
            output_tokens: 16,
            template: Template::Artifact,
            retrieval: None,
            think_time: Millis(0),
            sample_rate: Hertz(10.0),
            recovery_probe: None,
            settle: None,
        },
        candidate: Candidate {
            id: "model".to_owned(),
            runtime: "scripted-runner".to_owned(),
            artifact: ArtifactSource::Path("model.gguf".to_owned()),
            sha256: sha256(MODEL),
            licence: None,
            quantisation: None,
            export_of: None,
            placement: "cpu".to_owned(),
            threads: Threads::CoresLess(1),
            context: 512,
            runner_args: Vec::new(),
        },
        start_gate: None,
        golden: None,
        canaries: false,
    }
}

/// The journal of a session that ends for `reason`, or not at all, with this many notes of a kilobyte.
pub fn journal(run: &str, session: &str, reason: Option<FinishReason>, notes: usize) -> Vec<u8> {
    journal_of(run, session, reason, notes, Vec::new())
}

/// The same with these frames behind the soak.
pub fn journal_of(
    run: &str,
    session: &str,
    reason: Option<FinishReason>,
    notes: usize,
    behind: Vec<Frame>,
) -> Vec<u8> {
    let channel = ChannelSpec {
        name: "load/1min".to_owned(),
        quantity: Quantity::Load,
        unit: Unit::One,
        scale: 0.01,
        rule: 1,
        group: 0,
        source: "/proc/loadavg".to_owned(),
        missing: None,
    };
    let header = Header {
        run: run.to_owned(),
        session: session.to_owned(),
        boot_id: "boot-1".to_owned(),
        mono_ns: 0,
        boottime_ns: 0,
        wall_ns: 0,
        agent: "0".to_owned(),
        is_virtual: false,
        groups: vec![Group { id: 0, period_ns: 100_000_000 }],
        channels: vec![channel],
    };
    let tick = |value| Frame::Tick { group: 0, values: vec![RawReading(Ok(value))] };
    let mut frames =
        vec![Frame::PhaseBegan { phase: Phase::Loading }, Frame::PhaseBegan { phase: Phase::Warming }];
    frames.extend((0..3).map(tick));
    frames.push(Frame::PhaseBegan { phase: Phase::Soaking });
    frames.extend((0..5).map(tick));
    frames.extend((0..notes).map(|_| Frame::Note { code: "made-up".to_owned(), text: "x".repeat(1000) }));
    frames.extend(behind);
    frames.extend(reason.map(|reason| Frame::Finished { reason, detail: String::new() }));
    let mut bytes = write_header(&header);
    for (seq, frame) in (0..).zip(&frames) {
        write_frame(&mut bytes, seq, seq * 100_000_000, frame);
    }
    bytes
}
