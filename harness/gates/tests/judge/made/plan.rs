//! The plan of a made-up run.

use edgesoak_record::gate::Gate;
use edgesoak_record::plan::{
    ArtifactSource, Bar, Beside, Candidate, Device, Plan, PlannedSession, Route, SourceFile, StopAt,
    Template, Threads, Workload,
};
use edgesoak_record::policy::{Policy, RegressionRuns};
use edgesoak_record::units::{Hertz, Millis, Nanos};

use super::Made;

/// 2026-11-22 12:00 UTC.
pub const OPENED: Nanos = Nanos::from_secs(1_795_348_800);

/// What blocks in a made-up run: everything that a machine without thermal sensors can show.
pub fn policy() -> Policy {
    Policy {
        tier: "merge".to_owned(),
        blocking: vec![
            Gate::Artifact,
            Gate::Placement,
            Gate::RuntimeAlive,
            Gate::Journal,
            Gate::DataCoverage,
            Gate::Clocks,
            Gate::DutyCycle,
            Gate::BurstTps,
            Gate::SustainedTps,
            Gate::FloorTps,
            Gate::TtftP95,
            Gate::MemoryGrowth,
        ],
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
    }
}

pub fn plan(sessions: Vec<PlannedSession>) -> Plan {
    Plan {
        schema: 1,
        id: "0123456789ab".to_owned(),
        profile: "soak".to_owned(),
        policy: policy(),
        policy_digest: "d".repeat(64),
        sessions,
        settings: Vec::new(),
        expected_s: 770.0,
        cut: None,
        memory: std::collections::BTreeMap::new(),
    }
}

/// A session with bars that a steady 20 tokens/s keeps.
pub fn planned(name: &str, made: &Made) -> PlannedSession {
    let bars = [
        (Gate::BurstTps, 15.0),
        (Gate::SustainedTps, 15.0),
        (Gate::FloorTps, 15.0),
        (Gate::TtftP95, 1000.0),
        (Gate::MemoryGrowth, 1.0),
    ];
    PlannedSession {
        session: name.to_owned(),
        repeat: 1,
        device: device(),
        route: Route {
            id: "policy_qa".to_owned(),
            title: "Field policy questions".to_owned(),
            local_only: true,
            golden_set: None,
            routing: None,
            owed: Vec::new(),
            bars: bars.map(|(gate, limit)| Bar { gate, limit }).to_vec(),
        },
        workload: workload(made),
        candidate: Candidate {
            id: "small-q4".to_owned(),
            runtime: "gguf-runner".to_owned(),
            artifact: ArtifactSource::Cache("small.gguf".to_owned()),
            sha256: "a".repeat(64),
            licence: None,
            quantisation: Some("Q4_1".to_owned()),
            export_of: None,
            placement: "cpu".to_owned(),
            threads: Threads::CoresLess(1),
            context: 2048,
            runner_args: Vec::new(),
        },
        start_gate: None,
        golden: None,
        canaries: false,
    }
}

fn device() -> Device {
    Device {
        id: "bench-1".to_owned(),
        family: "host".to_owned(),
        family_title: "This machine".to_owned(),
        driver: "local".to_owned(),
        is_virtual: false,
        address: Vec::new(),
        power: "mains".to_owned(),
        hardware_heat: false,
        memory_budget: None,
        evidence: None,
        expect: vec!["memory".to_owned(), "load".to_owned()],
        stop_at: StopAt::default(),
        beside: Beside::default(),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "made-up lengths, small and positive"
)]
fn workload(made: &Made) -> Workload {
    let millis = |seconds: f64| Millis((seconds * 1e3).round() as u64);
    Workload {
        id: "soak".to_owned(),
        duration: millis(made.soak_s),
        prompts: SourceFile { path: "soak.jsonl".to_owned(), sha256: "b".repeat(64), bytes: 9 },
        is_of_items: false,
        images: Vec::new(),
        output_tokens: made.tokens,
        template: Template::Artifact,
        retrieval: None,
        think_time: millis(made.think_s),
        sample_rate: Hertz(made.hertz),
        recovery_probe: None,
        settle: None,
    }
}
