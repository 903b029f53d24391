//! A made-up release: two families on two routes, one that lost its floor, a hole, a trend with a step.

use edgesoak_record::comparison::Reference;
use edgesoak_record::release::{
    Coverage, Named, ReferenceRelease, Release, ReleaseCell, ReleaseRun, ReleaseSession, Trend, TrendChange,
    TrendPoint, TrendValue, WaiverStanding, WaiverState,
};
use edgesoak_record::units::Nanos;
use edgesoak_record::{Gate, Outcome, SessionVerdict, Verdict};

use crate::{comparison_made, made_up};

fn day(number: u64) -> Nanos {
    Nanos::from_secs(made_up::OPENED.0 / 1_000_000_000 - number * 86_400)
}

fn cell(session: &SessionVerdict, route: &str) -> ReleaseCell {
    let worst = session.gates.iter().find(|gate| gate.outcome != Outcome::Pass).or(session.gates.first());
    ReleaseCell {
        device: session.device.clone(),
        family: "made-up".to_owned(),
        family_title: "Made-up devices".to_owned(),
        route: route.to_owned(),
        candidate: session.candidate.clone(),
        runtime: "scripted-runner".to_owned(),
        artifact_sha256: "7b1f90c2".repeat(8),
        is_virtual: session.is_virtual,
        is_imported: false,
        decides: true,
        verdict: session.verdict,
        sentence: session.sentence.clone(),
        worst: worst.cloned(),
        floor: session.gates.iter().find(|gate| gate.gate == Gate::FloorTps).cloned(),
        stored: true,
        rests_on: vec![("made-up-0001".to_owned(), session.session.clone())],
    }
}

fn trend() -> Trend {
    let rates = [19.2, 19.3, 19.1, 16.9, 17.0, 15.5];
    let points = rates.iter().zip(1_u64..).map(|(rate, number)| TrendPoint {
        release: format!("2026.{number}"),
        promoted: (number < 6).then(|| day(70 - number * 10)),
        value: TrendValue::Measured(*rate),
        range: Some((rate - 0.4, rate + 0.4)),
        units: vec!["made-up-scanner-1".to_owned(), "made-up-phone-1".to_owned()],
        sessions: 6,
    });
    Trend {
        family: "made-up".to_owned(),
        route: "policy_qa".to_owned(),
        is_virtual: true,
        gate: Gate::FloorTps,
        bar: Some(18.0),
        points: points.collect(),
        sigma: Some(0.012),
        looked: true,
        changes: vec![TrendChange {
            at: 3,
            before: 19.2,
            after: 16.9,
            change: -0.12,
            sentence: "From 2026.4 on 12 % slower.".to_owned(),
        }],
        sentence: "The floor of made-up devices fell by 12 % with 2026.4.".to_owned(),
    }
}

fn coverage(family: &str, outcome: Outcome, units: &[&str]) -> Coverage {
    Coverage {
        family: family.to_owned(),
        route: "policy_qa".to_owned(),
        needed: 3,
        units: units.iter().map(|unit| (*unit).to_owned()).collect(),
        outcome,
        cause: (outcome != Outcome::Pass).then(|| "too_few_units".to_owned()),
        sentence: format!("{} of 3 units of {family} were run.", units.len()),
    }
}

fn waiver(state: WaiverStanding) -> WaiverState {
    WaiverState {
        gate: Gate::TokensPerJoule,
        device: Some("made-up-scanner-1".to_owned()),
        family: None,
        ticket: "LAB-000".to_owned(),
        reason: "no meter in this made-up lab".to_owned(),
        owner: "lab".to_owned(),
        approver: "release".to_owned(),
        expires: "2026-12-31".to_owned(),
        uses: Some(2),
        max_uses: Some(3),
        excuses: 1,
        state,
    }
}

/// All that the page of a release can show.
pub fn example() -> Release {
    let (run, verdict) = made_up::example();
    let routes = ["policy_qa", "photo_support"];
    let cells = verdict.sessions.iter().flat_map(|session| routes.map(|route| cell(session, route)));
    Release {
        redacted: None,
        name: "2026.6".to_owned(),
        named: Named::Candidate,
        verdict: Verdict::Fail,
        exit: 1,
        reason: "floor_tps".to_owned(),
        sentence: verdict.sentence.clone(),
        tier: "release".to_owned(),
        policy: None,
        policy_digest: run.plan.policy_digest.clone(),
        runs: vec![ReleaseRun {
            run: run.id.clone(),
            opened: run.opened,
            version: run.version.clone(),
            plan: run.plan.id.clone(),
            profile: run.plan.profile.clone(),
            verdict: verdict.verdict,
            sessions: 3,
        }],
        cells: cells.collect(),
        coverage: vec![
            coverage("made-up", Outcome::Pass, &["made-up-scanner-1", "made-up-phone-1", "made-up-board-1"]),
            coverage("made-up-tablet", Outcome::NotProven, &[]),
        ],
        references: vec![
            ReferenceRelease { reference: Reference::Previous, name: "2026.5".to_owned(), promoted: day(20) },
            ReferenceRelease { reference: Reference::Pinned, name: "2026.1".to_owned(), promoted: day(60) },
        ],
        comparison: Some(comparison_made::example()),
        not_compared: String::new(),
        trends: vec![trend()],
        waivers: vec![waiver(WaiverStanding::Holds), waiver(WaiverStanding::Expired)],
        accepted: verdict.accepted.clone(),
        next_actions: verdict.next_actions.clone(),
        sessions: verdict
            .sessions
            .iter()
            .map(|session| ReleaseSession { run: run.id.clone(), verdict: session.clone() })
            .collect(),
        outdated: Vec::new(),
    }
}
