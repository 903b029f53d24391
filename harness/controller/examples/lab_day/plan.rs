//! What is planned on a lab day, and what stands beside its phones.

use edgesoak_record::lab::{Hook, Lab, Meter, MeterFormat, MeterScope, MeterSource, Probe};
use edgesoak_record::plan::{
    ArtifactSource, Bar, Beside, Candidate, Charger, Device, DeviceSetting, PlannedSession, Route,
    SourceFile, StartGate, StopAt, Template, Threads, Workload,
};
use edgesoak_record::policy::RegressionRuns;
use edgesoak_record::units::{Hertz, Kelvin, Millis};
use edgesoak_record::{Gate, Plan, Policy};

use crate::phone::{Kind, Phone};
use crate::truth::sha256;

pub const MODEL: &[u8] = b"a model";
pub const PROMPTS: &[u8] = b"{\"id\": \"item-0\", \"messages\": []}\n";
/// Length of every soak.
const SOAK_MS: u64 = 180_000;

/// Gates that a lab day can pass.
const BLOCKING: [Gate; 9] = [
    Gate::Artifact,
    Gate::Placement,
    Gate::RuntimeAlive,
    Gate::Journal,
    Gate::DataCoverage,
    Gate::Clocks,
    Gate::Stalls,
    Gate::BurstTps,
    Gate::FloorTps,
];

/// The lab's file: the ports, thermometers and meters of these phones.
pub fn lab<'p>(phones: impl Iterator<Item = &'p Phone>) -> Lab {
    let mut lab = Lab::default();
    for phone in phones.filter(|phone| phone.kind != Kind::Plain) {
        let command = |word: &str| vec![word.to_owned(), phone.id.clone()];
        let hook = Hook { off: command("off"), on: command("on") };
        lab.hooks.insert(format!("port-{}", phone.id), hook);
        if phone.kind == Kind::Instrumented {
            let (source, format) = (MeterSource::Command(command("meter")), MeterFormat::Ndjson);
            let meter = Meter { source, format, scope: MeterScope::Battery, gain_error: Some(0.01) };
            lab.meters.insert(format!("meter-{}", phone.id), meter);
            lab.probes.insert(format!("room-{}", phone.id), Probe { command: command("room") });
        }
    }
    lab
}

/// A run over these phones, one session each; a phone that comes twice has two.
pub fn plan(phones: &[&Phone]) -> Plan {
    let policy = Policy {
        tier: "nightly".to_owned(),
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
        regression_runs: RegressionRuns { min: 3, looks: Vec::new() },
        units_per_family: 1,
        waivers: Vec::new(),
    };
    let sessions: Vec<PlannedSession> = phones
        .iter()
        .zip(1..)
        .map(|(phone, number)| {
            let before = phones.iter().take(number - 1).filter(|other| other.id == phone.id).count();
            session(&format!("s{number:02}"), u32::try_from(before).expect("few") + 1, phone)
        })
        .collect();
    Plan {
        schema: 1,
        id: "0123456789ab".to_owned(),
        profile: "day".to_owned(),
        policy,
        policy_digest: sha256(b"policy"),
        sessions,
        settings: Vec::new(),
        expected_s: 600.0,
        cut: None,
        memory: std::collections::BTreeMap::new(),
    }
}

fn session(name: &str, repeat: u32, phone: &Phone) -> PlannedSession {
    let bars = [(Gate::Stalls, 0.0), (Gate::BurstTps, 6.8), (Gate::FloorTps, 6.8)];
    let prompts =
        SourceFile { path: "prompts.jsonl".to_owned(), sha256: sha256(PROMPTS), bytes: PROMPTS.len() as u64 };
    let gate = StartGate { max_over_ambient: Kelvin(4.0), rest: Millis(120_000), timeout: Millis(1_800_000) };
    PlannedSession {
        session: name.to_owned(),
        repeat,
        device: device(phone),
        route: Route {
            id: "qa".to_owned(),
            title: "Questions".to_owned(),
            local_only: true,
            golden_set: None,
            routing: None,
            owed: Vec::new(),
            bars: bars.into_iter().map(|(gate, limit)| Bar { gate, limit }).collect(),
        },
        workload: Workload {
            id: "soak".to_owned(),
            duration: Millis(SOAK_MS),
            prompts,
            is_of_items: false,
            images: Vec::new(),
            output_tokens: 64,
            template: Template::Artifact,
            retrieval: None,
            think_time: Millis(0),
            sample_rate: Hertz(1.0),
            recovery_probe: None,
            settle: None,
        },
        candidate: Candidate {
            id: "model".to_owned(),
            runtime: "made-up".to_owned(),
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
        start_gate: (phone.kind != Kind::Plain).then_some(gate),
        golden: None,
        canaries: false,
    }
}

fn device(phone: &Phone) -> Device {
    let (family, power) = match phone.kind {
        Kind::Plain => ("board", "mains"),
        Kind::Charged => ("phone", "battery"),
        Kind::Instrumented => ("bench-phone", "battery"),
    };
    let is_instrumented = phone.kind == Kind::Instrumented;
    let airplane = DeviceSetting { name: "airplane".to_owned(), value: "on".to_owned() };
    Device {
        id: phone.id.clone(),
        family: family.to_owned(),
        family_title: family.to_owned(),
        driver: "made-up".to_owned(),
        is_virtual: false,
        address: Vec::new(),
        power: power.to_owned(),
        hardware_heat: phone.kind != Kind::Plain,
        memory_budget: None,
        evidence: None,
        expect: vec!["cpu-clock".to_owned()],
        stop_at: StopAt::default(),
        beside: Beside {
            charger: (phone.kind != Kind::Plain).then(|| Charger::Hook(format!("port-{}", phone.id))),
            ambient: is_instrumented.then(|| format!("room-{}", phone.id)),
            meter: is_instrumented.then(|| format!("meter-{}", phone.id)),
            settings: if phone.kind == Kind::Charged { vec![airplane] } else { Vec::new() },
            charge_window: None,
        },
    }
}
