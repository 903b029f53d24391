//! How the made-up sessions are judged. The figures fit the course that the tokens follow.

use edgesoak_record::slowdown::{Cause, Grade, Share, Slowdown, Slowed, Suspect};
use edgesoak_record::verdict::Evidence;
use edgesoak_record::{Gate, GateResult, Outcome, SessionRecord, SessionVerdict, SoakShape, Verdict};

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
        lo: None,
        hi: None,
        limit,
        unit: gate.unit().to_owned(),
        n: u64::from(measured.is_some()),
        sentence: sentence.to_owned(),
        cause: None,
        blocking: limit.is_some(),
        accepted: None,
        waived: None,
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
        is_imported: false,
        verdict,
        sentence: sentence.to_owned(),
        gates,
        doubts: Vec::new(),
        soak_shape: None,
        slowdowns: Vec::new(),
        examined: None,
        prediction: None,
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
        gate(Gate::DataCoverage, Outcome::Pass, Some(1.0), Some(0.95), "Every planned reading was taken."),
        gate(
            Gate::DutyCycle,
            Outcome::Pass,
            Some(1.0),
            Some(0.98),
            "The runtime was busy during the whole soak.",
        ),
    ]
}

/// What the tokens of a course come to, with bounds.
struct Figures {
    burst: [f64; 3],
    sustained: Option<[f64; 3]>,
    floor: Option<[f64; 3]>,
    retention: Option<[f64; 3]>,
    /// p50, p90, p95, p99.
    ttft: [f64; 4],
    itl: [f64; 4],
    /// p50, p95.
    e2e: [f64; 2],
    prompts: u64,
    tokens: u64,
}

const SCANNER: Figures = Figures {
    burst: [23.06, 21.94, 24.24],
    sustained: Some([15.99, 15.11, 16.93]),
    floor: Some([15.49, 13.90, 17.26]),
    retention: Some([0.693, 0.655, 0.734]),
    ttft: [227.8, 238.6, 239.9, 240.3],
    itl: [52.9, 63.2, 64.8, 66.3],
    e2e: [6_988.0, 8_120.0],
    prompts: 87,
    tokens: 11_049,
};

const PHONE: Figures = Figures {
    burst: [21.95, 20.89, 23.08],
    sustained: Some([21.55, 20.51, 22.64]),
    floor: Some([21.52, 20.48, 22.61]),
    retention: Some([0.981, 0.934, 1.032]),
    ttft: [227.8, 238.6, 240.0, 240.3],
    itl: [46.0, 49.0, 49.4, 49.9],
    e2e: [6_087.0, 6_149.0],
    prompts: 99,
    tokens: 12_573,
};

const BOARD: Figures = Figures {
    burst: [31.07, 29.57, 32.65],
    sustained: None,
    floor: None,
    retention: None,
    ttft: [229.4, 240.0, 240.3, 240.3],
    itl: [32.2, 34.3, 34.6, 34.8],
    e2e: [4_328.0, 4_341.0],
    prompts: 14,
    tokens: 1_778,
};

fn bounded([measured, lo, hi]: [f64; 3], mut result: GateResult) -> GateResult {
    (result.measured, result.lo, result.hi) = (Some(measured), Some(lo), Some(hi));
    result
}

fn observed(n: u64, mut result: GateResult) -> GateResult {
    result.n = n;
    result
}

fn latencies(figures: &Figures, outcome: Outcome, cause: &str) -> Vec<GateResult> {
    let info = |name, value, n| {
        observed(n, gate(name, Outcome::Info, Some(value), None, "Exact order statistic over stored events."))
    };
    let [p50, p90, p95, p99] = figures.ttft;
    let mut barred = gate(
        Gate::TtftP95,
        outcome,
        Some(p95),
        Some(250.0),
        "The first token of 95 % of the prompts came in time.",
    );
    if outcome == Outcome::NotProven {
        "A pass at p95 needs 59 prompts; this session had 14.".clone_into(&mut barred.sentence);
        barred = because(cause, barred);
    }
    let mut rows = vec![observed(figures.prompts, barred)];
    for (name, value) in [(Gate::TtftP50, p50), (Gate::TtftP90, p90), (Gate::TtftP99, p99)] {
        rows.push(info(name, value, figures.prompts));
    }
    for (name, value) in [Gate::ItlP50, Gate::ItlP90, Gate::ItlP95, Gate::ItlP99].into_iter().zip(figures.itl)
    {
        rows.push(info(name, value, figures.tokens));
    }
    for (name, value) in [Gate::E2eP50, Gate::E2eP95].into_iter().zip(figures.e2e) {
        rows.push(info(name, value, figures.prompts));
    }
    rows
}

fn not_proven() -> Vec<GateResult> {
    let mut quality = gate(Gate::Quality, Outcome::NotProven, None, Some(0.92), "No golden set was run.");
    quality.accepted = Some("by tier".to_owned());
    let energy = gate(
        Gate::TokensPerJoule,
        Outcome::NotProven,
        None,
        Some(4.0),
        "Energy is not proven: /sys/class/power_supply is absent.",
    );
    vec![because("not_run", quality), because("no_sensor", energy)]
}

fn rates(course: &Course, figures: &Figures, floor: GateResult) -> Vec<GateResult> {
    let end = course.seconds;
    let info = |name, values: [f64; 3], sentence| {
        let row = gate(name, Outcome::Info, None, None, sentence);
        observed(512, bounded(values, row))
    };
    let floor = match figures.floor {
        Some(values) => shown(408.0, 468.0, observed(512, bounded(values, floor))),
        None => floor,
    };
    let mut rows = vec![floor];
    rows.push(shown(
        1.2,
        11.5,
        info(Gate::BurstTps, figures.burst, "The rate of the first ten active seconds."),
    ));
    if let Some(values) = figures.sustained {
        rows.push(shown(
            end - 180.0,
            end,
            info(Gate::SustainedTps, values, "The rate of the last whole prompt cycles."),
        ));
    }
    rows.extend(figures.retention.map(|values| info(Gate::Retention, values, "Sustained by burst.")));
    rows
}

fn heat() -> Vec<GateResult> {
    vec![
        gate(
            Gate::BatteryTemperature,
            Outcome::Pass,
            Some(41.6),
            Some(45.0),
            "The battery stayed 3.4 K under its cap.",
        ),
        gate(Gate::Temperature, Outcome::Info, Some(48.5), None, "Hottest reading of any sensor: soc."),
    ]
}

fn stalls(course: &Course) -> GateResult {
    let count = f64::from(u8::from(course.stall.is_some()));
    gate(Gate::Stalls, Outcome::Info, Some(count), None, "Pauses of more than 2 s inside a prompt.")
}

/// Falls below the bar by heat.
pub fn throttled(record: &SessionRecord, course: &Course) -> SessionVerdict {
    let sentence = "made-up-scanner-1: floor 15.5 tokens/s, under the bar of 18 tokens/s (95 % bound 17.3). The clock fell after the temperature rose and before the rate fell.";
    let floor = gate(Gate::FloorTps, Outcome::Fail, None, Some(18.0), sentence);
    let mut gates = rates(course, &SCANNER, because("below_bar", floor));
    let onset = "The rate stayed below 90 % of burst from here on.";
    gates.push(gate(Gate::TimeToThrottle, Outcome::Info, Some(209.0), None, onset));
    gates.extend(heat());
    gates.push(stalls(course));
    gates.extend(latencies(&SCANNER, Outcome::Pass, ""));
    gates.extend(integrity());
    gates.extend(not_proven());
    SessionVerdict {
        soak_shape: Some(SoakShape::ThrottledSettled),
        slowdowns: vec![slowed_by_heat()],
        ..verdict(record, Verdict::Fail, sentence, gates)
    }
}

/// The clocks explain nearly all of it.
fn slowed_by_heat() -> Slowdown {
    let share = |suspect, variance, loss| Share { suspect, variance: Some(variance), loss };
    Slowdown {
        slowed: Slowed::Decode,
        loss: Some(0.25),
        cause: Cause::Thermal,
        grade: Some(Grade::A),
        shares: vec![
            share(Suspect::Clock, 0.71, Some(0.96)),
            share(Suspect::BackgroundCpu, 0.01, Some(0.02)),
            share(Suspect::Time, 0.24, None),
        ],
        recovered: Some(0.88),
        sentence: "Slowed by heat (grade A): decoding lost 25 %, of which the clocks explain 96 %; thermal/soc had warmed by 31 K".to_owned(),
        evidence: vec![Evidence { channel: "tokens".to_owned(), from_s: 420.0, to_s: 600.0 }],
    }
}

/// Keeps every bar.
pub fn held(record: &SessionRecord, course: &Course) -> SessionVerdict {
    let sentence = "made-up-phone-1: every blocking gate was kept; floor 21.5 tokens/s over the bar of 18 tokens/s (95 % bound 20.5).";
    let floor = gate(Gate::FloorTps, Outcome::Pass, None, Some(18.0), sentence);
    let mut gates = rates(course, &PHONE, floor);
    gates.extend(heat());
    gates.push(stalls(course));
    gates.extend(latencies(&PHONE, Outcome::Pass, ""));
    gates.extend(integrity());
    gates.extend(not_proven());
    verdict(record, Verdict::Pass, sentence, gates)
}

/// Too short and without sensors.
pub fn short(record: &SessionRecord, course: &Course) -> SessionVerdict {
    let sentence = "made-up-board-1: the floor needs a soak of more than 90 s and this one lasted 60 s; there is no thermal sensor.";
    let floor = gate(
        Gate::FloorTps,
        Outcome::NotProven,
        None,
        Some(18.0),
        "A floor needs a soak of more than 90 s and this one lasted 60 s.",
    );
    let heat = gate(
        Gate::BatteryTemperature,
        Outcome::NotProven,
        None,
        Some(45.0),
        "This device has no thermal sensor: /sys/class/thermal is absent.",
    );
    let mut gates = rates(course, &BOARD, because("too_short", floor));
    gates.push(because("no_sensor", heat));
    gates.push(stalls(course));
    gates.extend(latencies(&BOARD, Outcome::NotProven, "too_few"));
    gates.extend(integrity());
    gates.extend(not_proven());
    verdict(record, Verdict::NotProven, sentence, gates)
}
