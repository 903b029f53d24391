//! Answers to golden items beside a soak: what they decide, and what they take away.

use std::collections::BTreeMap;

use edgesoak_gates::{judge, judge_sessions};
use edgesoak_record::Run;
use edgesoak_record::answer::{Cell, Outcome as Answered, Part, ScoredAnswer};
use edgesoak_record::gate::Gate;
use edgesoak_record::golden::{
    Asked, AskedItem, GoldenAnswer, GoldenRecord, Heat, PlannedGolden, Round, Split,
};
use edgesoak_record::plan::{Bar, SourceFile};
use edgesoak_record::session::{CloseState, VerifiedFile};
use edgesoak_record::verdict::{Outcome, Verdict};

use crate::made::Made;
use crate::{gate, outcome};

fn planned() -> PlannedGolden {
    let manifest = SourceFile { path: "manifest.json".to_owned(), sha256: "a".repeat(64), bytes: 1 };
    PlannedGolden {
        set: "pumps@1.0.0".to_owned(),
        slice: None,
        round: Round::Full,
        items: None,
        answers: None,
        manifest,
    }
}

/// Scored as its item demands, with digests that tell equal texts.
fn answer(index: u32, item: usize, heat: Heat, is_right: bool) -> GoldenAnswer {
    let outcome = Answered::of(is_right);
    let part = |scorer: &str, parts| Part {
        scorer: scorer.to_owned(),
        version: 1,
        points: None,
        outcome,
        ruins: false,
        reason: "lacks 1 of 2".to_owned(),
        parts,
    };
    let scored = ScoredAnswer {
        item: format!("item-{item}"),
        item_digest: format!("{item:064}"),
        slices: BTreeMap::from([(
            "language".to_owned(),
            if item.is_multiple_of(2) { "en" } else { "de" }.to_owned(),
        )]),
        cluster: None,
        critical: item == 0,
        sensitive: false,
        points: None,
        outcome,
        cell: if is_right { Cell::AnsweredRight } else { Cell::AnsweredWrong },
        part: part("all", vec![part("contains_all", Vec::new())]),
        answer_digest: format!("{}", u8::from(is_right)),
        confidence: None,
    };
    let finish = "eos".to_owned();
    GoldenAnswer {
        index,
        prompt: 900 + index,
        heat,
        finish,
        is_cut: false,
        classified: None,
        ttft: None,
        e2e: None,
        scored,
        text: None,
    }
}

/// A steady run whose route bars quality at 90 %; 100 items, of which the first ten are asked hot too.
pub fn asked(is_right: impl Fn(usize, Heat) -> bool, blocks: bool) -> Run {
    let mut run = Made::default().run();
    let hot = (0..10).map(|item| (item, Heat::Hot));
    let all = hot.chain((0..100).map(|item| (item, Heat::Rested)));
    let answers = (0..).zip(all).map(|(index, (item, heat))| answer(index, item, heat, is_right(item, heat)));
    let item = |item: usize| AskedItem {
        id: format!("item-{item}"),
        digest: format!("{item:064}"),
        split: Split::Gate,
        answerable: true,
        critical: item == 0,
        cluster: None,
        images: Vec::new(),
    };
    let record = GoldenRecord {
        asked: Asked {
            set: "pumps@1.0.0".to_owned(),
            set_digest: "b".repeat(64),
            items_sha256: Some("c".repeat(64)),
            items: (0..100).map(item).collect(),
            hot: 10,
            slices: vec!["language".to_owned()],
            quality: Some(0.5),
            false_answers: None,
        },
        answers: answers.collect(),
    };
    let (what, sha256) = ("items".to_owned(), "c".repeat(64));
    run.sessions[0].verified.push(VerifiedFile { what, sha256, bytes: 9 });
    let bar = Bar { gate: Gate::Quality, limit: 0.9 };
    run.sessions[0].golden = Some(record);
    for planned_session in [&mut run.sessions[0].planned, &mut run.plan.sessions[0]] {
        planned_session.golden = Some(planned());
        planned_session.route.bars.push(bar);
    }
    if blocks {
        run.plan.policy.blocking.push(Gate::Quality);
    }
    run
}

#[test]
fn right_answers_pass_beside_the_speed() {
    let run = asked(|item, _| item != 50, true);
    let verdict = judge(&run);
    assert_eq!(verdict.verdict, Verdict::Pass, "{}", verdict.sentence);
    let quality = gate(&verdict, Gate::Quality);
    assert_eq!((quality.outcome, quality.n, quality.limit), (Outcome::Pass, 100, Some(0.9)));
    let examined = verdict.sessions[0].examined.as_ref().expect("it answered");
    assert_eq!((examined.right, examined.asked, examined.hot), (99, 100, 10));
    assert_eq!(examined.wrong[0].item, "item-50");
    assert_eq!(examined.wrong[0].reasons, ["contains_all: lacks 1 of 2"]);
    let slices: Vec<_> = examined.slices.iter().map(|slice| (slice.value.as_str(), slice.right)).collect();
    assert_eq!(slices, [("de", 50), ("en", 49)]);
}

#[test]
fn the_items_that_a_device_was_given_are_the_planned_ones() {
    let artifact = |digest: Option<String>| {
        let mut run = asked(|_, _| true, true);
        run.sessions[0].golden.as_mut().expect("asked").asked.items_sha256 = digest;
        gate(&judge(&run), Gate::Artifact)
    };
    let same = artifact(Some("c".repeat(64)));
    assert_eq!(same.outcome, Outcome::Pass);
    assert!(same.sentence.contains("items"), "{}", same.sentence);
    let other = artifact(Some("d".repeat(64)));
    assert_eq!(other.outcome, Outcome::Fail);
    assert!(other.sentence.contains("The items on the device"), "{}", other.sentence);
    assert_eq!(artifact(None).cause.as_deref(), Some("not_verified"));
}

#[test]
fn fast_but_wrong_fails_and_no_speed_passes() {
    let run = asked(|item, _| item.is_multiple_of(2), true);
    let verdict = judge(&run);
    assert_eq!((verdict.verdict, verdict.reason.as_str()), (Verdict::Fail, "quality"));
    for speed in [Gate::BurstTps, Gate::SustainedTps, Gate::FloorTps] {
        assert_eq!(outcome(&run, speed), (Outcome::NotProven, "fast_but_wrong".to_owned()), "{speed}");
    }
    assert_eq!(outcome(&run, Gate::MemoryGrowth).0, Outcome::Pass, "what is no speed stands");
    let told = asked(|item, _| item.is_multiple_of(2), false);
    assert_eq!(outcome(&told, Gate::Quality).0, Outcome::Fail);
    assert_eq!(outcome(&told, Gate::FloorTps).0, Outcome::Pass, "where it does not block, it is told beside");
    assert_eq!(judge(&told).verdict, Verdict::Pass);
}

#[test]
fn right_when_rested_and_wrong_when_hot_is_no_pass() {
    let run = asked(|item, heat| item != 3 || heat == Heat::Rested, true);
    let quality = gate(&judge(&run), Gate::Quality);
    assert_eq!((quality.outcome, quality.cause.as_deref()), (Outcome::NotProven, Some("wrong_when_hot")));
    assert!(quality.sentence.contains("1 of 10 items (item-3)"), "{}", quality.sentence);
    let examined = judge(&run).sessions[0].examined.clone().expect("it answered");
    assert_eq!((examined.wrong_when_hot, examined.other_when_hot.len()), (vec!["item-3".to_owned()], 1));
}

#[test]
fn hot_answers_that_were_lost_are_no_pass() {
    let mut run = asked(|_, _| true, true);
    let lose = |run: &mut Run, is_lost: fn(&GoldenAnswer) -> bool| {
        run.sessions[0].golden.as_mut().expect("asked").answers.retain(|answer| !is_lost(answer));
    };
    lose(&mut run, |answer| answer.heat == Heat::Hot && answer.index >= 4);
    let quality = gate(&judge(&run), Gate::Quality);
    assert_eq!((quality.outcome, quality.cause.as_deref()), (Outcome::NotProven, Some("heat_not_shown")));
    assert!(
        quality.sentence.contains("Of 10 items asked right after the soak, 4 have"),
        "{}",
        quality.sentence
    );
    let examined = judge(&run).sessions[0].examined.clone().expect("it answered");
    assert_eq!((examined.hot, examined.hot_unknown), (10, 6));
    lose(&mut run, |answer| answer.heat == Heat::Hot);
    assert_eq!(outcome(&run, Gate::Quality), (Outcome::NotProven, "heat_not_shown".to_owned()));

    let mut unknown = asked(|_, _| true, true);
    let answers = &mut unknown.sessions[0].golden.as_mut().expect("asked").answers;
    answers[3].scored.outcome = Answered::Unknown;
    assert_eq!(outcome(&unknown, Gate::Quality), (Outcome::NotProven, "heat_not_shown".to_owned()));

    let mut wrong = asked(|item, _| item.is_multiple_of(2), true);
    lose(&mut wrong, |answer| answer.heat == Heat::Hot);
    assert_eq!(outcome(&wrong, Gate::Quality).0, Outcome::Fail, "what failed has failed");
}

#[test]
fn answers_that_never_came_prove_nothing() {
    let mut run = asked(|_, _| true, true);
    run.sessions[0].golden.as_mut().expect("asked").answers.truncate(10);
    assert_eq!(outcome(&run, Gate::Quality), (Outcome::NotProven, "too_close".to_owned()));
    assert_eq!(judge(&run).sessions[0].examined.as_ref().expect("asked").unanswered.len(), 100);
    run.sessions[0].golden = None;
    assert_eq!(outcome(&run, Gate::Quality), (Outcome::NotProven, "not_asked".to_owned()));
    assert_ne!(judge(&run).verdict, Verdict::Pass);
}

#[test]
fn a_session_that_did_not_come_to_its_end_brings_no_answers_to_a_comparison() {
    let brings = |run: &Run| judge_sessions(run)[0].trial().trial.answers.is_some();
    let mut run = asked(|_, _| true, true);
    assert!(brings(&run));
    let close = run.sessions[0].close.as_mut().expect("closed");
    (close.state, close.cause) = (CloseState::Interrupted, "agent-died".to_owned());
    assert!(!brings(&run));
}

#[test]
fn one_answer_that_is_missing_is_no_pass_and_saves_nobody() {
    let lose_one = |mut run: Run| {
        run.sessions[0].golden.as_mut().expect("asked").answers.retain(|answer| answer.index != 60);
        gate(&judge(&run), Gate::Quality)
    };
    let quality = lose_one(asked(|_, _| true, true));
    assert_eq!((quality.outcome, quality.cause.as_deref()), (Outcome::NotProven, Some("answers_missing")));
    assert!(quality.sentence.contains("1 of 100 items have no answer"), "{}", quality.sentence);
    assert_eq!(lose_one(asked(|item, _| item.is_multiple_of(2), true)).outcome, Outcome::Fail);
}

#[test]
fn nor_is_a_smoke_item_that_is_missing_beside_the_gate_split() {
    let mut run = asked(|_, _| true, true);
    let golden = run.sessions[0].golden.as_mut().expect("asked");
    golden.asked.items[..10].iter_mut().for_each(|item| item.split = Split::Smoke);
    let first_rested = golden.asked.hot;
    golden.answers.retain(|answer| answer.index != first_rested + 3);
    let quality = gate(&judge(&run), Gate::Quality);
    assert_eq!((quality.outcome, quality.cause.as_deref()), (Outcome::NotProven, Some("answers_missing")));
}

#[test]
fn smoke_items_decide_only_where_nothing_else_is_asked() {
    let split = |mut run: Run, smoke: usize| {
        let items = &mut run.sessions[0].golden.as_mut().expect("asked").asked.items;
        items[..smoke].iter_mut().for_each(|item| item.split = Split::Smoke);
        run
    };
    // The ten that are asked hot too are wrong.
    let wrong = || asked(|item, _| item >= 10, true);
    let run = split(wrong(), 10);
    let quality = gate(&judge(&run), Gate::Quality);
    assert_eq!((quality.outcome, quality.n), (Outcome::Pass, 90), "{}", quality.sentence);
    let examined = judge(&run).sessions[0].examined.clone().expect("it answered");
    assert_eq!((examined.right, examined.asked, examined.wrong.len()), (90, 90, 10));
    assert_eq!(examined.split, Some(Split::Gate));
    let quality = gate(&judge(&split(wrong(), 100)), Gate::Quality);
    assert_eq!(quality.n, 100);
    assert!(quality.sentence.contains("90 of 100 smoke items"), "{}", quality.sentence);
}

#[test]
fn a_critical_item_is_named_and_the_set_s_own_bar_holds_where_the_route_has_none() {
    let mut run = asked(|item, _| item != 0, true);
    let quality = gate(&judge(&run), Gate::Quality);
    assert!(quality.sentence.contains("1 critical item is wrong"), "{}", quality.sentence);
    for planned in [&mut run.sessions[0].planned, &mut run.plan.sessions[0]] {
        planned.route.bars.retain(|bar| bar.gate != Gate::Quality);
    }
    assert_eq!(gate(&judge(&run), Gate::Quality).limit, Some(0.5));
}

#[test]
fn items_that_can_all_be_answered_owe_nothing_to_the_set_s_bar_on_false_answers() {
    let mut run = asked(|_, _| true, true);
    run.plan.policy.blocking.push(Gate::FalseAnswers);
    run.sessions[0].golden.as_mut().expect("it was asked").asked.false_answers = Some(0.02);
    let verdict = judge(&run);
    let told = gate(&verdict, Gate::FalseAnswers);
    assert_eq!((told.outcome, told.blocking), (Outcome::Info, false), "{}", told.sentence);
    assert_eq!(verdict.verdict, Verdict::Pass, "{}", verdict.sentence);
    // One that the documents do not answer, and nobody did.
    let golden = run.sessions[0].golden.as_mut().expect("it was asked");
    golden.asked.items[5].answerable = false;
    golden.answers.retain(|answer| answer.scored.item != "item-5");
    let told = gate(&judge(&run), Gate::FalseAnswers);
    assert_eq!((told.outcome, told.blocking), (Outcome::NotProven, true), "{}", told.sentence);
    // A route that promises it itself owes it whatever was asked.
    let mut barred = asked(|_, _| true, true);
    for planned in [&mut barred.sessions[0].planned, &mut barred.plan.sessions[0]] {
        planned.route.bars.push(Bar { gate: Gate::FalseAnswers, limit: 0.02 });
    }
    assert_eq!(outcome(&barred, Gate::FalseAnswers), (Outcome::NotProven, "no_items".to_owned()));
}
