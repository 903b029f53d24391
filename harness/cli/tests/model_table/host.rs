//! The host's side of a recorded run: its plan and its journal, as a controller would have written them.

use std::fmt::Write as _;
use std::path::Path;

use edgesoak_record::Gate;
use edgesoak_record::host_entry::{History, HostEntry, HostEvent};
use edgesoak_record::plan::{
    ArtifactSource, Beside, Candidate, Device, Plan, PlannedSession, Route, SourceFile, StartGate, StopAt,
    Template, Threads, Workload,
};
use edgesoak_record::policy::{Policy, RegressionRuns};
use edgesoak_record::session::{ClockOffset, CloseState, SessionClose};
use edgesoak_record::units::{Hertz, Kelvin, Millis, Nanos};

use super::fleet::Line;

/// The host's monotonic clock when every session began.
const HOST_MONO: Nanos = Nanos::from_secs(4_000);
/// 2027-01-15.
const OPENED: Nanos = Nanos::from_secs(1_800_000_000);

/// Everything that a recording can show, and the quality of answers, which nothing scores yet.
pub const BLOCKING: [Gate; 19] = [
    Gate::Artifact,
    Gate::Placement,
    Gate::RuntimeAlive,
    Gate::Journal,
    Gate::StartGate,
    Gate::DataCoverage,
    Gate::Clocks,
    Gate::BackgroundCpu,
    Gate::DutyCycle,
    Gate::TimestampAgreement,
    Gate::Stalls,
    Gate::BurstTps,
    Gate::SustainedTps,
    Gate::FloorTps,
    Gate::TtftP50,
    Gate::Temperature,
    Gate::MemoryGrowth,
    Gate::TokensPerJoule,
    Gate::Quality,
];

/// Writes the host's journal of a run into its folder.
pub fn write(run_dir: &Path, lines: &[Line]) {
    let run = run_dir.file_name().and_then(|name| name.to_str()).expect("a folder named after the run");
    let sessions = lines.iter().map(planned).collect();
    let opened = HostEvent::RunOpened {
        run: run.to_owned(),
        version: "0.1.0".to_owned(),
        plan: Box::new(plan(sessions)),
        history: History::default(),
    };
    let mut entries = vec![entry(None, opened)];
    for line in lines {
        entries.extend(of_session(line).into_iter().map(|event| entry(Some(&line.session), event)));
    }
    entries.push(entry(None, HostEvent::RunClosed { interrupted: None }));
    let mut text = String::new();
    for entry in &entries {
        writeln!(text, "{}", serde_json::to_string(entry).expect("JSON")).expect("memory");
    }
    std::fs::write(run_dir.join("host.journal"), text).expect("a host journal");
}

fn entry(session: Option<&str>, event: HostEvent) -> HostEntry {
    HostEntry { at: OPENED, session: session.map(str::to_owned), event }
}

fn of_session(line: &Line) -> Vec<HostEvent> {
    let measured = |host_mono: Nanos, clocks: super::fleet::Clocks| HostEvent::ClockMeasured {
        offset: ClockOffset {
            host_mono,
            offset_ns: clocks.mono_ns.cast_signed() - host_mono.0.cast_signed(),
            uncertainty_ns: 40_000,
            suspended: Nanos(clocks.boottime_ns - clocks.mono_ns),
        },
    };
    let mut events = vec![measured(HOST_MONO, line.begin)];
    if !line.is_off {
        events.push(measured(Nanos(HOST_MONO.0 + line.took_ns), line.end));
    }
    events.push(HostEvent::SessionClosed { close: close(line) });
    events
}

/// A device that is found in another boot has restarted; why is not for the host to say.
fn close(line: &Line) -> SessionClose {
    let words = |state, cause: &str, detail: &str, whose: &str| SessionClose {
        state,
        cause: cause.to_owned(),
        detail: detail.to_owned(),
        whose: whose.to_owned(),
    };
    if line.is_off {
        let detail = "the device restarted during the session";
        words(CloseState::Interrupted, "device-restarted", detail, "device")
    } else {
        words(CloseState::Completed, "", "", "")
    }
}

fn plan(sessions: Vec<PlannedSession>) -> Plan {
    Plan {
        schema: 1,
        id: "0123456789ab".to_owned(),
        profile: "soak".to_owned(),
        policy: Policy {
            tier: "merge".to_owned(),
            blocking: BLOCKING.to_vec(),
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
            regression_runs: RegressionRuns { min: 3, looks: vec![3, 5, 8] },
            units_per_family: 1,
            waivers: Vec::new(),
        },
        policy_digest: "d".repeat(64),
        sessions,
        settings: Vec::new(),
        expected_s: 600.0,
        cut: None,
        memory: std::collections::BTreeMap::new(),
    }
}

fn planned(line: &Line) -> PlannedSession {
    PlannedSession {
        session: line.session.clone(),
        repeat: 1,
        device: device(line),
        route: Route {
            id: "table".to_owned(),
            title: "A row of the model table".to_owned(),
            local_only: true,
            golden_set: None,
            routing: None,
            owed: Vec::new(),
            bars: Vec::new(),
        },
        workload: Workload {
            id: "soak".to_owned(),
            duration: Millis(line.soak_ms),
            prompts: SourceFile {
                path: "prompts.jsonl".to_owned(),
                sha256: line.prompts_sha256.clone(),
                bytes: 9,
            },
            is_of_items: false,
            images: Vec::new(),
            output_tokens: line.output_tokens,
            template: Template::Artifact,
            retrieval: None,
            think_time: Millis(0),
            sample_rate: Hertz(2.0),
            recovery_probe: None,
            settle: None,
        },
        candidate: Candidate {
            id: line.candidate.clone(),
            runtime: "virtual-runner".to_owned(),
            artifact: ArtifactSource::Cache("model.toml".to_owned()),
            sha256: line.artifact_sha256.clone(),
            licence: None,
            quantisation: None,
            export_of: None,
            placement: line.device.clone(),
            threads: Threads::Exactly(line.threads),
            context: 2_048,
            runner_args: Vec::new(),
        },
        start_gate: Some(StartGate {
            max_over_ambient: Kelvin(4.0),
            rest: Millis(0),
            timeout: Millis(60_000),
        }),
        golden: None,
        canaries: false,
    }
}

fn device(line: &Line) -> Device {
    let expected: &[&str] = if line.tells_heat { &["temperature", "memory", "load"] } else { &[] };
    Device {
        // Every row is a device of its own: rows are no repetitions of each other.
        id: format!("{} {}", line.name, line.session),
        family: line.profile.clone(),
        family_title: line.profile.clone(),
        driver: "virtual".to_owned(),
        is_virtual: true,
        address: Vec::new(),
        power: if line.is_mains { "mains" } else { "battery" }.to_owned(),
        hardware_heat: line.tells_heat,
        memory_budget: None,
        evidence: None,
        expect: expected.iter().map(|class| (*class).to_owned()).collect(),
        stop_at: StopAt::default(),
        beside: Beside::default(),
    }
}
