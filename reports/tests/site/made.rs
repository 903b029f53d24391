//! A made-up fleet: invented devices and rates with a known course. Nothing here was measured.

use edgesoak_record::baseline::Baseline;
use edgesoak_record::fleet::{Fleet, FleetFigure, FleetRun, FleetSession, QuarantineSpell};
use edgesoak_record::policy::{Policy, RegressionRuns};
use edgesoak_record::session::CloseState;
use edgesoak_record::trial::{Burst, Setup, Shown, Trial};
use edgesoak_record::units::Nanos;
use edgesoak_record::{Gate, Outcome, SessionTrial, Verdict};

/// 1 June 2026, 06:00 UTC.
const BEGIN_S: u64 = 1_780_293_600;
const DAY_S: u64 = 86_400;
/// Id, family, rate of a cool day, virtual.
const DEVICES: [(&str, &str, f64, bool); 5] = [
    ("scanner-2-04", "rugged-scanners", 19.4, false),
    ("scanner-1-07", "rugged-scanners", 20.1, false),
    ("phone-3-01", "phones", 22.6, false),
    ("phone-3-02", "phones", 21.2, false),
    ("virtual:sm6115", "phones", 18.8, true),
];

/// When a run was opened.
pub fn opened(number: u32) -> Nanos {
    Nanos::from_secs(BEGIN_S + u64::from(number) * DAY_S * 2 / 3)
}

fn figure(gate: Gate, measured: Option<f64>, limit: Option<f64>) -> FleetFigure {
    let outcome = match (measured, limit) {
        (_, None) => Outcome::Info,
        (Some(measured), Some(limit)) if measured * 0.98 >= limit => Outcome::Pass,
        (Some(measured), Some(limit)) if measured * 1.02 < limit => Outcome::Fail,
        _ => Outcome::NotProven,
    };
    let (lo, hi) = (measured.map(|value| value * 0.98), measured.map(|value| value * 1.02));
    FleetFigure { gate, outcome, measured, lo, hi, limit, unit: gate.unit().to_owned() }
}

/// A number between -1 and 1 that looks like chance and is none.
fn scatter(seed: u32) -> f64 {
    let mixed = (seed ^ (seed >> 3)).wrapping_mul(0x9e37_79b9);
    let mixed = (mixed ^ (mixed >> 15)).wrapping_mul(0x85eb_ca6b);
    f64::from(mixed >> 16) / 32_768.0 - 1.0
}

/// A session of a device; from run 60 on the first scanner's battery has swollen and its floor falls.
pub fn session(number: u32, place: usize, candidate: &str) -> FleetSession {
    let (device, family, rate, is_virtual) = DEVICES[place % DEVICES.len()];
    let seed = number * 8 + u32::try_from(place).expect("few");
    let worn = if place == 0 { (f64::from(number) - 60.0).max(0.0) * 0.09 } else { 0.0 };
    let quick = if candidate.ends_with('2') { 1.05 } else { 1.0 };
    let lost = number % 17 == 5 && place == 1;
    let floor = (!lost).then_some((rate - worn) * quick + scatter(seed) * 0.45);
    let floor = figure(Gate::FloorTps, floor, Some(if number < 40 { 17.0 } else { 18.0 }));
    let verdict = match floor.outcome {
        Outcome::Pass => Verdict::Pass,
        Outcome::Fail => Verdict::Fail,
        _ if lost => Verdict::Infrastructure,
        _ => Verdict::NotProven,
    };
    let onset = (place < 2 && !lost).then(|| 190.0 + scatter(seed + 3) * 25.0 - worn * 30.0);
    let (state, cause) =
        if lost { (CloseState::Interrupted, "link-lost") } else { (CloseState::Completed, "") };
    FleetSession {
        session: format!("s{place:02}"),
        device: device.to_owned(),
        family: family.to_owned(),
        route: "policy_qa".to_owned(),
        candidate: candidate.to_owned(),
        is_virtual,
        is_imported: false,
        close: Some((state, cause.to_owned())),
        verdict: Some(verdict),
        figures: vec![floor, figure(Gate::TimeToThrottle, onset, None)],
        battery_health: (!is_virtual).then(|| (97.0 - f64::from(number) * 0.08 - worn * 4.0).round()),
        charge_cycles: (place < 2).then(|| f64::from(180 + number)),
    }
}

/// The run with this number, of all devices.
pub fn run(number: u32) -> FleetRun {
    let candidate = if number < 50 { "policy-student-1" } else { "policy-student-2" };
    let sessions: Vec<FleetSession> =
        (0..DEVICES.len()).map(|place| session(number, place, candidate)).collect();
    let of = |wanted: Verdict| sessions.iter().find(|session| session.verdict == Some(wanted));
    let worst = [Verdict::Fail, Verdict::Infrastructure, Verdict::NotProven, Verdict::Pass];
    let (verdict, session) =
        worst.into_iter().find_map(|verdict| Some((verdict, of(verdict)?))).expect("a session");
    let sentence = match verdict {
        Verdict::Fail => format!("{}: the floor is under its bar", session.device),
        Verdict::Infrastructure => format!("{}: the link was lost and did not come back", session.device),
        Verdict::NotProven => format!("{}: the interval crosses the bar of the floor", session.device),
        _ => "Every blocking gate passed on every device.".to_owned(),
    };
    FleetRun {
        run: format!("run-{number:04}-soak"),
        opened: opened(number),
        profile: "soak".to_owned(),
        tier: "nightly".to_owned(),
        closed: true,
        interrupted: None,
        verdict: Some(verdict),
        sentence,
        sessions,
    }
}

fn policy() -> Policy {
    Policy {
        tier: "release".to_owned(),
        blocking: vec![Gate::FloorTps],
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
        units_per_family: 3,
        waivers: Vec::new(),
    }
}

fn trial(run: &FleetRun, session: &FleetSession) -> SessionTrial {
    let rate = session.floor().and_then(|figure| figure.measured);
    let shown = rate.map_or_else(
        || Shown::Invalid { cause: "link-lost".to_owned() },
        |rate| Shown::Rate { rate, settled: true },
    );
    let setup = Setup {
        unit: session.device.clone(),
        os_build: None,
        route: session.route.clone(),
        workload: "w".to_owned(),
        power: None,
        template: "t".to_owned(),
    };
    SessionTrial {
        run: run.run.clone(),
        session: session.session.clone(),
        device: session.device.clone(),
        family: session.family.clone(),
        route: session.route.clone(),
        candidate: session.candidate.clone(),
        artifact_sha256: "a1b2c3d4".repeat(8),
        is_virtual: session.is_virtual,
        trial: Trial {
            began_s: 0.0,
            setup,
            ambient: None,
            grade: None,
            is_imported: false,
            shown,
            burst: Burst::default(),
            slowed: None,
            answers: None,
        },
    }
}

/// A promotion of runs.
pub fn release(name: &str, numbers: &[u32]) -> Baseline {
    let runs: Vec<FleetRun> = numbers.iter().map(|number| run(*number)).collect();
    let trials = runs.iter().flat_map(|run| run.sessions.iter().map(move |session| trial(run, session)));
    Baseline {
        name: name.to_owned(),
        promoted: opened(numbers.last().map_or(0, |last| last + 1)),
        reason: format!("{name} was shipped to all depots"),
        policy: policy(),
        runs: runs.iter().map(|run| run.run.clone()).collect(),
        trials: trials.collect(),
    }
}

fn spell(device: &str, number: u32, why: &str, let_out: Option<(u32, &str)>) -> QuarantineSpell {
    QuarantineSpell {
        device: device.to_owned(),
        whose: "device".to_owned(),
        why: why.to_owned(),
        since: Nanos(opened(number).0 + 1),
        run: format!("run-{number:04}-soak"),
        check: Some((format!("run-{:04}-soak", number + 1), "fail".to_owned())),
        let_out: let_out.map(|(number, why)| (Nanos(opened(number).0 - 1), why.to_owned())),
    }
}

/// A fleet of so many runs, of three releases, with a device in quarantine.
pub fn fleet(count: u32) -> Fleet {
    let mut runs: Vec<FleetRun> = (0..count).rev().map(run).collect();
    if let Some(latest) = runs.first_mut() {
        latest.closed = false;
        latest.verdict = None;
        latest.sentence.clear();
        for session in &mut latest.sessions {
            session.close = None;
            session.verdict = None;
            session.figures.clear();
        }
    }
    let quarantines = vec![
        spell("scanner-2-04", count.saturating_sub(4), "3 runs in a row ended by its battery's heat", None),
        spell("phone-3-02", 24, "it lost its link 3 times in a row", Some((31, "new cable"))),
    ];
    let releases = vec![
        release("release-1.0", &[8, 9, 10]),
        release("release-1.1", &[44, 45]),
        release("release-1.2", &[70, 71, 72]),
    ];
    Fleet { runs, quarantines, releases }
}
