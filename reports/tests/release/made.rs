//! A made-up release: a phone that fails, a scanner that holds, a simulated one, a family that nobody measured, six releases.

use edgesoak_record::comparison::Reference;
use edgesoak_record::release::{
    Coverage, Named, ReferenceRelease, Release, ReleaseCell, ReleaseRun, ReleaseSession, Trend, TrendChange,
    TrendPoint, TrendValue, WaiverStanding, WaiverState,
};
use edgesoak_record::units::Nanos;
use edgesoak_record::verdict::{GateResult, SessionVerdict};
use edgesoak_record::{Gate, Outcome, Verdict};

use crate::comparison_made;
use crate::made_up;

fn word(text: &str) -> String {
    text.to_owned()
}

/// The release.
pub fn example() -> Release {
    let sessions: Vec<SessionVerdict> = made_up::example().1.sessions;
    let cells = sessions.iter().map(cell).collect();
    let sessions = sessions.into_iter().map(|verdict| ReleaseSession { run: word("r-0007"), verdict });
    Release {
        name: word("1.6"),
        named: Named::Baseline { promoted: day(7), reason: word("shipped"), sha256: "c".repeat(64) },
        verdict: Verdict::Fail,
        exit: 1,
        reason: word("floor_tps"),
        sentence: word("phone-1: floor 6.9 tokens/s, under the bar of `8` tokens/s."),
        tier: word("release"),
        policy: None,
        policy_digest: "d".repeat(64),
        runs: vec![run("r-0007", 7), run("r-0006", 6)],
        cells,
        coverage: vec![coverage("tablets", 0), coverage("scanners", 1)],
        references: vec![held(Reference::Previous, "1.5"), held(Reference::Pinned, "1.0")],
        comparison: Some(comparison_made::example()),
        not_compared: word("Several candidates have policy_qa on phone-1."),
        trends: vec![trend()],
        waivers: vec![waiver(WaiverStanding::Holds), waiver(WaiverStanding::Expired)],
        accepted: vec![word("phone-1: `energy` waived.")],
        next_actions: vec![word(
            "Measure `small-q4` on hardware of tablets: `edgesoak run --profile rack` (about 13 minutes).",
        )],
        redacted: None,
        sessions: sessions.collect(),
        outdated: vec![(word("r-0003"), word("s09"))],
    }
}

fn day(number: u64) -> Nanos {
    Nanos::from_secs(1_795_348_800 + number * 86_400)
}

fn run(id: &str, number: u64) -> ReleaseRun {
    ReleaseRun {
        run: word(id),
        opened: day(number),
        version: word("0.1.0"),
        plan: word("0123456789ab"),
        profile: word("rack"),
        verdict: Verdict::Fail,
        sessions: 2,
    }
}

fn cell(session: &SessionVerdict) -> ReleaseCell {
    let gate = |of: Gate| -> Option<GateResult> { session.gates.iter().find(|it| it.gate == of).cloned() };
    let failing = session.gates.iter().find(|gate| gate.outcome == Outcome::Fail).cloned();
    ReleaseCell {
        device: session.device.clone(),
        family: session.family.clone(),
        family_title: word("Rugged scanner"),
        route: session.route.clone(),
        candidate: session.candidate.clone(),
        runtime: word("gguf-runner"),
        artifact_sha256: "a".repeat(64),
        is_virtual: session.is_virtual,
        is_imported: session.is_imported,
        decides: true,
        verdict: session.verdict,
        sentence: session.sentence.clone(),
        worst: failing.or_else(|| gate(Gate::FloorTps)),
        floor: gate(Gate::FloorTps),
        stored: true,
        rests_on: vec![(word("r-0007"), session.session.clone())],
    }
}

fn coverage(family: &str, units: usize) -> Coverage {
    let is_hole = units == 0;
    Coverage {
        family: word(family),
        route: word("policy_qa"),
        needed: 1,
        units: (0..units).map(|unit| format!("{family}-{unit}")).collect(),
        outcome: if is_hole { Outcome::NotProven } else { Outcome::Pass },
        cause: is_hole.then(|| word("not_run")),
        sentence: format!("`policy_qa` was measured on {units} of 1 needed on {family}."),
    }
}

fn held(reference: Reference, name: &str) -> ReferenceRelease {
    ReferenceRelease { reference, name: word(name), promoted: day(1) }
}

/// Six releases, of which the third is not stored and the fifth falls.
pub fn trend() -> Trend {
    let values = [20.1, 19.9, f64::NAN, 20.0, 17.1, 17.0];
    let point = |(number, value): (usize, &f64)| TrendPoint {
        release: format!("1.{number}"),
        promoted: Some(day(number as u64)),
        value: if value.is_finite() {
            TrendValue::Measured(*value)
        } else {
            TrendValue::Missing(word("its run is not stored here"))
        },
        range: value.is_finite().then(|| (value * 0.98, value * 1.02)),
        units: vec![word("scanner-0"), word("scanner-1")],
        sessions: 4,
    };
    let change = TrendChange {
        at: 4,
        before: 20.0,
        after: 17.05,
        change: -0.1475,
        sentence: word("With 1.4 the floor fell by 14.8 %, from 20.0 tokens/s to 17.1 tokens/s."),
    };
    Trend {
        family: word("scanners"),
        route: word("policy_qa"),
        is_virtual: false,
        gate: Gate::FloorTps,
        bar: Some(15.0),
        points: values.iter().enumerate().map(point).collect(),
        sigma: Some(0.01),
        looked: true,
        changes: vec![change],
        sentence: word(
            "One change of level in 5 releases, with a spread between runs of 1.0 % from repeated runs.",
        ),
    }
}

fn waiver(state: WaiverStanding) -> WaiverState {
    WaiverState {
        gate: Gate::TokensPerJoule,
        device: Some(word("phone-1")),
        family: None,
        ticket: word("LAB-114"),
        reason: word("meter ordered"),
        owner: word("lab"),
        approver: word("release"),
        expires: word("2026-12-31"),
        uses: Some(1),
        max_uses: Some(3),
        excuses: 1,
        state,
    }
}
