//! What the made-up run planned.

use edgesoak_record::Gate;
use edgesoak_record::plan::{
    ArtifactSource, Bar, Beside, Candidate, Device, Plan, PlannedSession, RecoveryProbe, Retrieval, Route,
    Setting, SourceFile, StopAt, Template, Threads, Workload,
};
use edgesoak_record::policy::{Policy, RegressionRuns, Waiver};
use edgesoak_record::units::{Celsius, Hertz, Millis};

pub fn plan(sessions: Vec<PlannedSession>) -> Plan {
    let settings = [
        ("session.s01.workload.soak.duration", "10 min", "device_matrix.toml:88"),
        ("session.s01.workload.soak.sample_rate", "10 Hz", "device_matrix.toml:94"),
        ("session.s01.workload.soak.think_time", "0 s", "default"),
    ];
    Plan {
        schema: 1,
        id: "0123456789ab".to_owned(),
        profile: "soak".to_owned(),
        policy: policy(),
        policy_digest: "9c2e".repeat(16),
        sessions,
        settings: settings
            .map(|(key, value, origin)| Setting {
                key: key.to_owned(),
                value: value.to_owned(),
                origin: origin.to_owned(),
            })
            .into(),
        expected_s: 780.0,
        cut: None,
        memory: std::collections::BTreeMap::new(),
    }
}

fn policy() -> Policy {
    Policy {
        tier: "release-rehearsal".to_owned(),
        blocking: vec![Gate::Artifact, Gate::Placement, Gate::FloorTps, Gate::TtftP95],
        accept_not_proven: vec![Gate::Quality],
        required_families: vec!["made-up-scanner".to_owned()],
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
        units_per_family: 3,
        waivers: Vec::new(),
    }
}

pub fn waiver() -> Waiver {
    Waiver {
        gate: Gate::TokensPerJoule,
        device: Some("made-up-scanner-1".to_owned()),
        family: None,
        reason: "no meter in this made-up lab".to_owned(),
        owner: "lab".to_owned(),
        approver: "release".to_owned(),
        ticket: "LAB-000".to_owned(),
        expires: "2026-12-31".to_owned(),
        max_uses: None,
    }
}

pub fn session(name: &str, device: &str, seconds: f64, hertz: f64) -> PlannedSession {
    let bar = |gate, limit| Bar { gate, limit };
    PlannedSession {
        session: name.to_owned(),
        repeat: 1,
        device: Device {
            id: device.to_owned(),
            family: "made-up".to_owned(),
            family_title: "Made-up device".to_owned(),
            driver: "virtual".to_owned(),
            is_virtual: true,
            address: Vec::new(),
            power: "battery".to_owned(),
            hardware_heat: true,
            memory_budget: None,
            evidence: None,
            expect: vec!["cpu-clock".to_owned()],
            stop_at: StopAt { temperature: Some(Celsius(60.0)), battery_percent: Some(15.0) },
            beside: Beside::default(),
        },
        route: Route {
            id: "policy_qa".to_owned(),
            title: "Field policy Q&A with citations".to_owned(),
            local_only: true,
            golden_set: Some("pump-maintenance@0.1.0".to_owned()),
            routing: None,
            owed: Vec::new(),
            bars: vec![
                bar(Gate::FloorTps, 18.0),
                bar(Gate::TtftP95, 250.0),
                bar(Gate::BatteryTemperature, 45.0),
                bar(Gate::TokensPerJoule, 4.0),
            ],
        },
        workload: workload(seconds, hertz),
        candidate: candidate(),
        start_gate: None,
        golden: None,
        canaries: false,
    }
}

fn workload(seconds: f64, hertz: f64) -> Workload {
    let file = |path: &str| SourceFile { path: path.to_owned(), sha256: "4e0d".repeat(16), bytes: 4_096 };
    let millis = std::time::Duration::from_secs_f64(seconds).as_millis();
    Workload {
        id: "soak".to_owned(),
        duration: Millis(u64::try_from(millis).expect("a soak of less than a geological age")),
        prompts: file("golden_sets/pump-maintenance/0.1.0/soak.jsonl"),
        is_of_items: false,
        images: Vec::new(),
        output_tokens: 128,
        template: Template::Artifact,
        retrieval: Some(Retrieval {
            corpus: file("golden_sets/pump-maintenance/0.1.0/corpus.jsonl"),
            top_k: 3,
        }),
        think_time: Millis(0),
        sample_rate: Hertz(hertz),
        recovery_probe: Some(RecoveryProbe { rest: Millis(60_000), burst: Millis(20_000) }),
        settle: None,
    }
}

fn candidate() -> Candidate {
    Candidate {
        id: "made-up-student-0.9".to_owned(),
        runtime: "scripted-runner".to_owned(),
        artifact: ArtifactSource::Cache("made-up.gguf".to_owned()),
        sha256: "7b1f90c2".repeat(8),
        licence: Some("Apache-2.0".to_owned()),
        quantisation: Some("Q4_1".to_owned()),
        export_of: None,
        placement: "cpu".to_owned(),
        threads: Threads::Exactly(4),
        context: 2_048,
        runner_args: Vec::new(),
    }
}
