//! How the made-up sessions are judged. The figures fit the course that the tokens follow.

use edgesoak_record::verdict::Evidence;
use edgesoak_record::{Gate, GateResult, Outcome, SessionRecord, SessionVerdict, Verdict};

use super::decode::Course;

pub fn gate(
    gate: Gate,
    outcome: Outcome,
    measured: Option<f64>,
    limit: Option<f64>,
    sentence: &str,
) -> GateResult {
    GateResult {
        gate,
        outcome,
        measured,
        lo: measured.filter(|_| gate.unit() == "tokens/s").map(|value| value * 0.985),
        hi: measured.filter(|_| gate.unit() == "tokens/s").map(|value| value * 1.015),
        limit,
        unit: gate.unit().to_owned(),
        n: if measured.is_some() { 541 } else { 0 },
        sentence: sentence.to_owned(),
        cause: None,
        blocking: limit.is_some(),
        accepted: None,
        evidence: Vec::new(),
    }
}

pub fn because(cause: &str, mut result: GateResult) -> GateResult {
    result.cause = Some(cause.to_owned());
    result
}

fn shown(from_s: f64, to_s: f64, mut result: GateResult) -> GateResult {
    result.evidence.push(Evidence { channel: "tokens".to_owned(), from_s, to_s });
    result
}

pub fn verdict(
    record: &SessionRecord,
    verdict: Verdict,
    sentence: &str,
    gates: Vec<GateResult>,
) -> SessionVerdict {
    let planned = &record.planned;
    SessionVerdict {
        session: planned.session.clone(),
        device: planned.device.id.clone(),
        family: planned.device.family.clone(),
        route: planned.route.id.clone(),
        candidate: planned.candidate.id.clone(),
        is_virtual: planned.device.is_virtual,
        verdict,
        sentence: sentence.to_owned(),
        gates,
    }
}

fn integrity() -> Vec<GateResult> {
    let kept = |name, sentence| gate(name, Outcome::Pass, None, None, sentence);
    vec![
        kept(Gate::Artifact, "Every file on the device had its planned digest."),
        kept(Gate::Placement, "31 of 31 layers were observed on the CPU, as planned."),
        kept(Gate::RuntimeAlive, "The runtime lived until it was closed."),
        kept(Gate::Journal, "The journal is whole."),
        kept(Gate::Clocks, "Clocks were monotone; the device was never suspended."),
        gate(
            Gate::DataCoverage,
            Outcome::Pass,
            Some(0.997),
            Some(0.95),
            "99.7 % of the planned readings were taken.",
        ),
        gate(
            Gate::DutyCycle,
            Outcome::Pass,
            Some(0.996),
            Some(0.98),
            "The runtime was busy for 99.6 % of the soak.",
        ),
    ]
}

fn latencies(ttft: f64) -> Vec<GateResult> {
    let info = |name, value| {
        gate(name, Outcome::Info, Some(value), None, "Exact order statistic over stored events.")
    };
    vec![
        gate(
            Gate::TtftP95,
            Outcome::Pass,
            Some(ttft),
            Some(250.0),
            "95 % of the prompts had their first token in time.",
        ),
        info(Gate::TtftP50, ttft * 0.955),
        info(Gate::TtftP90, ttft * 0.992),
        info(Gate::ItlP50, 58.0),
        info(Gate::ItlP95, 63.4),
        info(Gate::ItlP99, 66.1),
        info(Gate::E2eP50, 7_720.0),
        info(Gate::E2eP95, 8_010.0),
    ]
}

fn not_proven() -> Vec<GateResult> {
    let mut quality = gate(Gate::Quality, Outcome::NotProven, None, Some(0.92), "No golden set was run.");
    quality.accepted = Some("accepted by tier".to_owned());
    let energy = gate(
        Gate::TokensPerJoule,
        Outcome::NotProven,
        None,
        Some(4.0),
        "Energy is not proven: /sys/class/power_supply is absent.",
    );
    vec![because("not_run", quality), because("no_sensor", energy)]
}

fn rates(course: &Course, floor: GateResult, sustained: f64) -> Vec<GateResult> {
    let end = course.seconds;
    let info = |name, value| gate(name, Outcome::Info, Some(value), None, "A figure without a bar.");
    vec![
        shown(30.0, end, floor),
        shown(1.0, 11.0, info(Gate::BurstTps, course.cold)),
        shown((end - 180.0).max(0.0), end, info(Gate::SustainedTps, sustained)),
        info(Gate::Retention, sustained / course.cold),
    ]
}

/// Falls below the bar by heat.
pub fn throttled(record: &SessionRecord, course: &Course) -> SessionVerdict {
    let sentence = "made-up-scanner-1: floor 16.8 tokens/s, under the bar of 18 tokens/s (95 % bound 17.1). The clock cap fell after the temperature rose and before the rate fell.";
    let floor = gate(Gate::FloorTps, Outcome::Fail, Some(16.8), Some(18.0), sentence);
    let mut gates = rates(course, because("below_bar", floor), 16.9);
    gates.push(gate(
        Gate::TimeToThrottle,
        Outcome::Info,
        Some(course.onset + 18.0),
        None,
        "The rate stayed below 90 % of burst from here on.",
    ));
    gates.push(gate(
        Gate::BatteryTemperature,
        Outcome::Pass,
        Some(42.2),
        Some(45.0),
        "The battery stayed 2.8 K under its cap.",
    ));
    gates.push(gate(
        Gate::Temperature,
        Outcome::Info,
        Some(48.7),
        None,
        "Hottest reading of any sensor: soc.",
    ));
    gates.push(gate(
        Gate::Stalls,
        Outcome::Info,
        Some(f64::from(u8::from(course.stall.is_some()))),
        None,
        "Pauses of more than 2 s inside a prompt.",
    ));
    gates.extend(latencies(241.0));
    gates.extend(integrity());
    gates.extend(not_proven());
    verdict(record, Verdict::Fail, sentence, gates)
}

/// Keeps every bar.
pub fn held(record: &SessionRecord, course: &Course) -> SessionVerdict {
    let sentence =
        "made-up-phone-1: every blocking gate was kept; floor 21.4 tokens/s over the bar of 18 tokens/s.";
    let floor = gate(Gate::FloorTps, Outcome::Pass, Some(21.4), Some(18.0), sentence);
    let mut gates = rates(course, floor, 21.5);
    gates.push(gate(
        Gate::BatteryTemperature,
        Outcome::Pass,
        Some(42.2),
        Some(45.0),
        "The battery stayed 2.8 K under its cap.",
    ));
    gates.extend(latencies(239.0));
    gates.extend(integrity());
    let mut missing = not_proven();
    missing.truncate(1);
    gates.extend(missing);
    gates.push(gate(
        Gate::TokensPerJoule,
        Outcome::Pass,
        Some(5.1),
        Some(4.0),
        "More tokens per joule than the bar asks for.",
    ));
    verdict(record, Verdict::Pass, sentence, gates)
}

/// Too short and without sensors.
pub fn short(record: &SessionRecord, course: &Course) -> SessionVerdict {
    let sentence = "made-up-board-1: the floor needs at least 90 s of soak and this one had 60 s; there is no thermal sensor.";
    let floor = gate(
        Gate::FloorTps,
        Outcome::NotProven,
        None,
        Some(18.0),
        "The floor needs 90 s of soak; this one had 60 s.",
    );
    let heat = gate(
        Gate::BatteryTemperature,
        Outcome::NotProven,
        None,
        Some(45.0),
        "This device has no thermal sensor: /sys/class/thermal is absent.",
    );
    let mut gates = rates(course, because("too_short", floor), 31.0);
    gates.push(because("no_sensor", heat));
    gates.extend(latencies(238.0));
    gates.extend(integrity());
    gates.extend(not_proven());
    verdict(record, Verdict::NotProven, sentence, gates)
}
