//! A made-up comparison: a unit that passes, one that lost too much, one that is not proven, a simulated one, two families.

use edgesoak_record::comparison::{
    AnswersChange, Change, Compared, Comparison, DeviceComparison, FamilyComparison, MoreRuns, Reference,
};
use edgesoak_record::golden::Split;
use edgesoak_record::slowdown::{Cause, Grade, Slowdown, Slowed};
use edgesoak_record::{Outcome, Verdict};

fn word(text: &str) -> String {
    text.to_owned()
}

/// A change with bounds of 1.5 % to either side.
pub fn change(reference: Reference, outcome: Outcome, cause: Option<&str>, seen: f64) -> Change {
    Change {
        reference,
        outcome,
        cause: cause.map(word),
        sentence: format!("Sustained rate changed by {:+.1} % against {}.", seen * 100.0, reference.title()),
        change: Some(seen),
        lo: Some(seen - 0.015),
        hi: Some(seen + 0.015),
        limit: if reference == Reference::Previous { -0.05 } else { -0.08 },
        candidate_runs: 3,
        reference_runs: 3,
        invalid_runs: 0,
        candidate_rates: [0.994, 1.0, 1.006].map(|part| 20.0 * (1.0 + seen) * part).into(),
        reference_rates: [0.992, 1.001, 1.007].map(|part| 20.0 * part).into(),
        sigma: Some(0.01),
        p: None,
        p_corrected: None,
        p_ranks: None,
        suspect: false,
        more_runs: MoreRuns::default(),
        why: None,
        answers: None,
        notes: vec![word("Spread between runs 1.0 %, from these runs alone.")],
    }
}

/// One item lost and one gained.
pub fn answered() -> AnswersChange {
    AnswersChange {
        outcome: Outcome::Fail,
        cause: Some(word("answers_critical")),
        sentence: word(
            "Answers: 1 of 40 same items lost, 1 gained: +0 points; critical and right before: `seal-2`.",
        ),
        split: Split::Gate,
        n: 40,
        not_compared: 0,
        both_right: 37,
        only_reference: 1,
        only_candidate: 1,
        both_wrong: 1,
        difference: Some(0.0),
        lo: Some(-0.06),
        hi: Some(0.06),
        p_worse: 0.75,
        lost: vec![word("seal-2")],
        gained: vec![word("bearing-1")],
        critical_lost: vec![word("seal-2")],
        unanswered: Vec::new(),
        unsteady: 0,
    }
}

/// A device that came to what its worst change did.
pub fn device(id: &str, is_virtual: bool, changes: Vec<Change>) -> DeviceComparison {
    let of = |outcome| changes.iter().find(|change| change.outcome == outcome);
    let speaks = of(Outcome::Fail).or_else(|| of(Outcome::NotProven)).unwrap_or(&changes[0]).clone();
    DeviceComparison {
        device: word(id),
        family: word("phones"),
        route: word("policy_qa"),
        is_virtual,
        outcome: speaks.outcome,
        cause: speaks.cause,
        sentence: format!("{id}, policy_qa: {}", speaks.sentence),
        accepted: None,
        blocking: !is_virtual,
        changes,
    }
}

fn family(name: &str, outcome: Outcome, cause: Option<&str>, blocking: bool) -> FamilyComparison {
    FamilyComparison {
        family: word(name),
        route: word("policy_qa"),
        outcome,
        cause: cause.map(word),
        sentence: format!("Family {name}: median change -1.0 % on 3 units."),
        units: 3,
        change: Some(-0.01),
        fault: None,
        outliers: Vec::new(),
        blocking,
    }
}

/// A comparison of these devices.
pub fn comparison(verdict: Verdict, devices: Vec<DeviceComparison>) -> Comparison {
    let side = |reference, candidate: &str, runs: &[&str]| Compared {
        reference,
        candidates: vec![word(candidate)],
        artifacts_sha256: vec!["a".repeat(64)],
        runs: runs.iter().map(|run| word(run)).collect(),
    };
    Comparison {
        verdict,
        exit: verdict.exit_code(),
        reason: word("regression"),
        sentence: devices
            .first()
            .map_or_else(|| word("Nothing was compared."), |device| device.sentence.clone()),
        tier: word("release"),
        policy: None,
        sides: vec![
            side(None, "new", &["20261122-1200-ab", "20261122-1400-cd"]),
            side(Some(Reference::Previous), "old", &["20261101-0900-ef"]),
        ],
        margin: 0.05,
        pinned_margin: 0.08,
        looks: vec![3, 5, 8],
        alpha: 0.0232,
        alpha_failures: 0.0167,
        accepted: Vec::new(),
        next_actions: Vec::new(),
        devices,
        families: Vec::new(),
    }
}

/// Everything at once.
pub fn example() -> Comparison {
    use Outcome::{Fail, NotProven, Pass};
    use Reference::{Pinned, Previous};
    let code = Slowdown {
        slowed: Slowed::Decode,
        loss: Some(0.09),
        cause: Cause::Code,
        grade: Some(Grade::B),
        shares: Vec::new(),
        recovered: None,
        sentence: word("Slowed by its own code (grade B): decoding lost 9 %; its burst lost 8.8 %"),
        evidence: Vec::new(),
    };
    let lost = Change { why: Some(code), ..change(Previous, Fail, Some("regression"), -0.09) };
    let mut excused = device("phone-4", false, vec![change(Previous, NotProven, Some("too_close"), -0.04)]);
    excused.accepted = Some(word("accepted as not proven by tier release"));
    let devices = vec![
        device("phone-1", false, vec![lost, change(Pinned, NotProven, Some("no_pinned"), -0.07)]),
        device(
            "phone-2",
            false,
            vec![change(Previous, Pass, None, -0.01), change(Pinned, Pass, None, -0.02)],
        ),
        device("phone-3", false, vec![change(Previous, NotProven, Some("too_close"), -0.045)]),
        excused,
        device("virtual:phone", true, vec![change(Previous, Fail, Some("regression"), -0.2)]),
    ];
    let families = vec![
        family("phones", Fail, Some("regression"), true),
        family("tablets", NotProven, Some("too_few_units"), false),
        family("scanners", NotProven, Some("too_few_units"), true),
    ];
    Comparison {
        families,
        accepted: vec![word("phone-4, policy_qa: `regression` accepted as not proven by tier release.")],
        next_actions: vec![word(
            "Run phone-3 again, interleaved with the previous release: 2 more runs of either side.",
        )],
        ..comparison(Verdict::Fail, devices)
    }
}
