//! Golden items: what reaches a device, what is scored, and what is left of the answers.

use edgesoak_golden::{Files, MANIFEST, manifest_text, seal};
use edgesoak_protocol::job::Job;
use edgesoak_protocol::journal::{Answer, AnswerText};
use edgesoak_protocol::units::Nanos;
use edgesoak_record::Plan;
use edgesoak_record::answer::Outcome;
use edgesoak_record::golden::{Asked, GoldenAnswer, Heat, PlannedGolden, Round};
use edgesoak_record::host_entry::HostEvent;
use edgesoak_record::plan::{Retrieval, SourceFile};
use edgesoak_record::session::{CloseState, SessionClose};

use crate::fake::Lab;
use crate::fake::answering::SAYS;
use crate::fake::device::{Fault, Things};
use crate::fake::made::{plan, sha256};

const DEVICE: &str = "this-machine";
const CORPUS: &str = r#"{"id":"d-1","title":"Seals","text":"A seal may lose 10 drops per minute."}
"#;
/// One right and one wrong answer in the smoke split; nine of the gate split, the last of them sensitive.
fn items() -> String {
    let item = |id: &str, rest: &str| {
        format!(
            r#"{{"id":"{id}","rev":1,"route":"qa","tags":{{"language":"en"}},"messages":[{{"role":"user","content":"{id}?"}}],{rest}}}"#
        ) + "\n"
    };
    let right = r#""answerable":true,"expect":{"contains_all":["10 drops"]}"#;
    let mut items = item("right", &format!(r#""split":"smoke",{right}"#));
    items += &item("wrong", r#""split":"smoke","answerable":true,"expect":{"exact":"eleven-is-expected"}"#);
    for number in 1..=8 {
        items += &item(&format!("gate-{number}"), &format!(r#""split":"gate",{right}"#));
    }
    items + &item("secret", &format!(r#""split":"gate","sensitive":true,{right}"#))
}

/// A lab whose plan asks the whole set.
fn asking(lab: &Lab) -> Plan {
    let draft = r#"{"schema":1,"name":"pumps","version":"1.0.0","title":"Pumps","licence":"MIT","languages":["en"],
        "retrieval":{"corpus":"corpus.jsonl","top_k":1},"items":"items.jsonl",
        "files":[{"path":"corpus.jsonl"},{"path":"items.jsonl"}],"gates":{"quality":0.9},"slices":["language"],
        "changelog":[{"version":"1.0.0","changes":["First items."]}]}"#;
    let mut files = Files::default();
    files.put(MANIFEST, draft);
    files.put("corpus.jsonl", CORPUS);
    files.put("items.jsonl", items());
    let manifest = manifest_text(&seal(&files, None, None).expect("a sound set")).expect("JSON");
    let folder = "base/golden_sets/pumps/1.0.0";
    lab.disk.put(&format!("{folder}/{MANIFEST}"), manifest.as_bytes());
    lab.disk.put(&format!("{folder}/corpus.jsonl"), CORPUS.as_bytes());
    lab.disk.put(&format!("{folder}/items.jsonl"), items().as_bytes());
    let file = |path: &str, bytes: &[u8]| SourceFile {
        path: format!("golden_sets/pumps/1.0.0/{path}"),
        sha256: sha256(bytes),
        bytes: bytes.len() as u64,
    };
    let mut plan = plan(&[DEVICE]);
    let session = &mut plan.sessions[0];
    session.workload.retrieval =
        Some(Retrieval { corpus: file("corpus.jsonl", CORPUS.as_bytes()), top_k: 1 });
    session.golden = Some(PlannedGolden {
        set: "pumps@1.0.0".to_owned(),
        slice: None,
        round: Round::Full,
        items: None,
        answers: None,
        manifest: file(MANIFEST, manifest.as_bytes()),
    });
    plan
}

fn answers(lab: &Lab) -> Vec<GoldenAnswer> {
    let answered = |event| match event {
        HostEvent::Answered { answer } => Some(*answer),
        _ => None,
    };
    lab.host_events().into_iter().filter_map(answered).collect()
}

fn asked(lab: &Lab) -> Asked {
    let asked = |event| match event {
        HostEvent::Asked { asked } => Some(*asked),
        _ => None,
    };
    lab.host_events().into_iter().find_map(asked).expect("it was asked")
}

/// Each answer once, in order.
fn assert_whole(lab: &Lab, about: &str) {
    let indices: Vec<u32> = answers(lab).iter().map(|answer| answer.index).collect();
    assert_eq!(indices, (0..13).collect::<Vec<_>>(), "{about}");
}

fn texts_of(lab: &Lab) -> Vec<u8> {
    serde_json::to_vec(&lab.host_events()).expect("JSON")
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn answers_are_scored_and_forgotten_and_nothing_else_is_kept() {
    let lab = Lab::new();
    let report = lab.run(asking(&lab), Vec::new()).await.expect("runs");
    assert_eq!(report.closes[0].1.state, CloseState::Completed, "{report:?}");
    assert_whole(&lab, "all of them");
    let asked = asked(&lab);
    assert_eq!((asked.set.as_str(), asked.hot, asked.items.len()), ("pumps@1.0.0", 2, 11));
    let answers = answers(&lab);
    let heats: Vec<Heat> = answers.iter().map(|answer| answer.heat).collect();
    assert!(
        heats[..2].iter().all(|heat| *heat == Heat::Hot)
            && heats[2..].iter().all(|heat| *heat == Heat::Rested)
    );
    for answer in &answers {
        let is_right = answer.scored.item != "wrong";
        assert_eq!(answer.scored.outcome, Outcome::of(is_right), "{}", answer.scored.item);
        assert_eq!(answer.ttft.map(|ttft| ttft.0), Some(500_000_000));
        assert_eq!(answer.e2e.map(|e2e| e2e.0), Some(1_000_000_000));
        assert_eq!(answer.scored.confidence, answer.index.is_multiple_of(2).then_some(0.8125));
        assert_eq!(answer.text, None);
    }
    assert_eq!(answers[0].scored.answer_digest, answers[3].scored.answer_digest, "equal texts compare");
    assert_ne!(answers[0].scored.answer_digest, sha256(SAYS.as_bytes()), "but nobody can try texts out");
    let device = lab.device(DEVICE);
    assert_eq!(device.things().taken, 13, "the device has forgotten them");
    assert_eq!(device.leftovers(), [""; 0]);
    assert!(!holds(&texts_of(&lab), SAYS) && !holds(&lab.copy_of("s01"), SAYS));
    let job = lab.disk.get(&lab.run_dir().join("s01/job.json")).expect("kept");
    let job: Job = serde_json::from_slice(&job).expect("what an agent reads");
    assert_eq!(job.answering.expect("it asks").salt, "", "what guards the device's digests is gone");
}

#[tokio::test]
async fn a_device_never_sees_what_is_expected() {
    let lab = Lab::new();
    let seen = lab.clone();
    // The link goes down at once, so that everything stays where it was put.
    lab.device(DEVICE).things().link = crate::fake::device::Link::GoesDown;
    lab.run(asking(&lab), Vec::new()).await.expect("ends");
    let device = seen.device(DEVICE);
    let files = &device.things().files;
    assert!(files.keys().any(|path| path.ends_with("inputs/items.jsonl")), "{:?}", files.keys());
    for (path, (bytes, _)) in files {
        assert!(!holds(bytes, "eleven-is-expected") && !holds(bytes, "\"expect\""), "{path}");
    }
}

#[tokio::test]
async fn texts_are_kept_where_asked_for_and_never_of_a_sensitive_item() {
    let mut lab = Lab::new();
    lab.terms.stores_texts = true;
    lab.run(asking(&lab), Vec::new()).await.expect("runs");
    for answer in answers(&lab) {
        let kept = (answer.scored.item != "secret").then_some(SAYS);
        assert_eq!(answer.text.as_deref(), kept, "{}", answer.scored.item);
    }
}

#[tokio::test]
async fn a_link_that_drops_or_flips_costs_no_answer_and_scores_none_twice() {
    for at in (0..4000).step_by(61) {
        for fault in [Fault::Drop(at), Fault::Flip(at)] {
            let lab = Lab::new();
            lab.device(DEVICE).things().faults = [fault.clone(), Fault::Drop(at / 2)].into();
            lab.run(asking(&lab), Vec::new()).await.expect("runs");
            assert_whole(&lab, &format!("{fault:?}"));
        }
    }
}

#[tokio::test]
async fn a_link_that_is_down_for_minutes_costs_no_answer() {
    for at in (0..4000).step_by(61) {
        let lab = Lab::new();
        lab.device(DEVICE).things().faults = [Fault::Drop(at), Fault::Drop(250)].into();
        lab.oversleep(Nanos::from_secs(120));
        lab.run(asking(&lab), Vec::new()).await.expect("runs");
        assert_whole(&lab, &format!("dropped after {at} bytes"));
    }
}

#[tokio::test]
async fn a_host_that_is_killed_at_any_write_asks_nothing_twice_and_loses_nothing() {
    killed_at_any_write(None, None).await;
}

#[tokio::test]
async fn nor_where_a_device_has_ended_before_its_answers_are_taken() {
    killed_at_any_write(Some(u32::MAX), None).await;
}

#[tokio::test]
async fn nor_where_the_link_drops_at_once_when_it_is_back() {
    killed_at_any_write(None, Some(Fault::Drop(1))).await;
    killed_at_any_write(None, Some(Fault::Drop(250))).await;
}

async fn killed_at_any_write(forgets_from: Option<u32>, then: Option<Fault>) {
    for write in 0.. {
        let lab = Lab::new();
        let plan = asking(&lab);
        lab.device(DEVICE).things().forgets_from = forgets_from;
        lab.disk.die_at(write);
        let killed = tokio::select! {
            biased;
            () = lab.disk.death() => true,
            report = lab.run(plan, Vec::new()) => report.is_err() && lab.disk.is_dead(),
        };
        if !killed {
            assert!(write > 60, "only {write} writes were tried");
            return;
        }
        lab.disk.revive();
        lab.pass(Nanos::from_secs(10 * 60));
        lab.device(DEVICE).things().faults.extend(then.clone());
        if lab.disk.only_dir_below("out/runs").is_none() {
            continue;
        }
        match lab.resume().await {
            Ok(report) => {
                assert_eq!(report.closes[0].1.state, CloseState::Completed, "write {write}: {report:?}");
            }
            // Killed before the run was opened: the device was not touched.
            Err(error) => {
                assert!(lab.device(DEVICE).things().files.is_empty(), "write {write}: {error}");
                continue;
            }
        }
        assert_whole(&lab, &format!("killed at write {write}"));
    }
}

#[tokio::test]
async fn answers_that_a_device_lost_are_missing_and_no_reason_to_lose_the_rest() {
    let lab = Lab::new();
    lab.device(DEVICE).things().forgets_from = Some(5);
    let report = lab.run(asking(&lab), Vec::new()).await.expect("runs");
    assert_eq!(report.closes[0].1.state, CloseState::Completed);
    assert_eq!((answers(&lab).len(), asked(&lab).answers()), (5, 13));
    let missing = "8 of 13 answers: 0 were never given, 8 did not come";
    assert_eq!(notes(&lab, "answers-missing"), [missing]);
}

/// Places of the answers that came, in their order of coming, and what is noted of the others.
async fn came(prepare: impl FnOnce(&mut Things)) -> (Lab, Vec<u32>, Vec<String>) {
    let lab = Lab::new();
    prepare(&mut lab.device(DEVICE).things());
    let report = lab.run(asking(&lab), Vec::new()).await.expect("runs");
    assert_eq!(report.closes[0].1.state, CloseState::Completed, "{report:?}");
    let places = answers(&lab).iter().map(|answer| answer.index).collect();
    let missing = notes(&lab, "answers-missing");
    (lab, places, missing)
}

#[tokio::test]
async fn an_answer_that_is_left_out_of_a_stream_is_waited_for() {
    for place in [0, 4, 12] {
        let (lab, mut places, missing) = came(|things| things.withholds = Some((place, 3))).await;
        assert_eq!(places.last(), Some(&place), "the others are not held up");
        places.sort_unstable();
        assert_eq!(places, (0..13).collect::<Vec<_>>());
        assert_eq!((lab.device(DEVICE).things().taken, missing), (13, vec![]));
    }
}

#[tokio::test]
async fn an_answer_that_never_comes_is_given_up_and_nothing_else() {
    for place in [0, 4, 12] {
        let (lab, places, missing) = came(|things| things.withholds = Some((place, u32::MAX))).await;
        let others: Vec<u32> = (0..13).filter(|other| *other != place).collect();
        assert_eq!(places, others);
        assert_eq!(missing, ["1 of 13 answers: 0 were never given, 1 did not come"]);
        assert_eq!(lab.device(DEVICE).things().taken, 13, "it waits for nobody");
    }
}

#[tokio::test]
async fn questions_that_a_device_did_not_ask_leave_the_others_where_they_are() {
    // One of the two hot ones, and the end.
    for skips in [vec![1], vec![11, 12], vec![0, 1, 2, 12]] {
        let (lab, places, missing) = came(|things| things.skips.clone_from(&skips)).await;
        let given: Vec<u32> = (0..13).filter(|place| !skips.contains(place)).collect();
        assert_eq!(places, given);
        let asked = asked(&lab);
        for answer in answers(&lab) {
            let place = answer.index.checked_sub(asked.hot).unwrap_or(answer.index) as usize;
            assert_eq!(answer.scored.item, asked.items[place].id);
        }
        let never = skips.len();
        assert_eq!(missing, [format!("{never} of 13 answers: {never} were never given, 0 did not come")]);
    }
}

/// The lab after a run whose device does this to its answers.
async fn twisted(twist: fn(&mut Answer), refuses: Option<&'static str>) -> (Lab, SessionClose) {
    let lab = Lab::new();
    lab.device(DEVICE).things().twists = Some(twist);
    lab.device(DEVICE).things().refuses = refuses;
    let report = lab.run(asking(&lab), Vec::new()).await.expect("ends");
    (lab, report.closes[0].1.clone())
}

fn notes(lab: &Lab, wanted: &str) -> Vec<String> {
    let note = |event| match event {
        HostEvent::Noted { code, text } if code == wanted => Some(text),
        _ => None,
    };
    lab.host_events().into_iter().filter_map(note).collect()
}

#[tokio::test]
async fn no_word_that_a_device_makes_up_is_written_down() {
    let (lab, _) = twisted(|answer| "lost 12 drops".clone_into(&mut answer.finish), None).await;
    assert_whole(&lab, "all of them");
    assert!(answers(&lab).iter().all(|answer| answer.finish == "other"));
    assert!(!holds(&texts_of(&lab), "lost 12 drops"));
}

#[tokio::test]
async fn an_answer_that_was_cut_is_not_right() {
    let (lab, _) = twisted(|answer| answer.is_cut = true, None).await;
    assert_whole(&lab, "all of them");
    for answer in answers(&lab) {
        assert_eq!((answer.is_cut, answer.scored.outcome), (true, Outcome::Fail), "{}", answer.scored.item);
    }
}

#[tokio::test]
async fn a_prompt_that_was_refused_is_told_by_a_known_code() {
    for (code, told) in [("prompt-too-long", "prompt-too-long"), ("lost 12 drops", "other")] {
        let refuse = |answer: &mut Answer| {
            "refused".clone_into(&mut answer.finish);
            answer.text = AnswerText::default();
        };
        let (lab, _) = twisted(refuse, Some(code)).await;
        assert_whole(&lab, code);
        for answer in answers(&lab) {
            assert_eq!((answer.finish.as_str(), answer.scored.outcome), ("refused", Outcome::Fail));
            assert_eq!(answer.scored.part.reason, format!("the runtime refused the prompt: {told}"));
        }
        assert!(!holds(&texts_of(&lab), "lost 12 drops"), "{code}");
    }
}

#[tokio::test]
async fn answers_beyond_what_was_asked_end_the_session() {
    let (lab, close) = twisted(|answer| answer.index += 13, None).await;
    assert_eq!((close.state, close.cause.as_str()), (CloseState::Interrupted, "overdue"), "{close:?}");
    assert_eq!((answers(&lab).len(), notes(&lab, "answer-not-asked").len()), (0, 0));
}

#[tokio::test]
async fn answers_to_other_items_and_prompts_are_noted_and_looked_up_once() {
    let (sound, _) = twisted(|_| {}, None).await;
    let elsewhere = |answer: &mut Answer| {
        "elsewhere".clone_into(&mut answer.item);
        answer.prompt += 1000;
    };
    let (lab, close) = twisted(elsewhere, None).await;
    assert_eq!(lab.disk.rereads(), sound.disk.rereads(), "the copy cannot tell of them either");
    assert_eq!(close.state, CloseState::Completed, "{close:?}");
    assert_eq!(answers(&lab).len(), 0);
    assert_eq!(notes(&lab, "answer-not-asked"), ["answer 0 is to another item than was asked there"]);
}

#[tokio::test]
async fn a_set_that_is_not_what_was_planned_is_refused_before_anything_runs() {
    let refused = async |change: fn(&Lab, &mut Plan)| {
        let lab = Lab::new();
        let mut plan = asking(&lab);
        change(&lab, &mut plan);
        let error = lab.run(plan, Vec::new()).await.expect_err("refused");
        assert!(lab.device(DEVICE).things().pushed.is_empty());
        error.to_string()
    };
    let folder = "base/golden_sets/pumps/1.0.0";
    let other = refused(|lab, _| {
        lab.disk.put(
            "base/golden_sets/pumps/1.0.0/items.jsonl",
            items().replace("10 drops", "9 drops").as_bytes(),
        );
    });
    assert!(other.await.starts_with(&format!("copying the input {folder}/items.jsonl: its digest is ")));
    let route = refused(|_, plan| "other".clone_into(&mut plan.sessions[0].route.id)).await;
    assert_eq!(route, "reading the golden set pumps@1.0.0: it has no item for the route other");
    let ground =
        refused(|_, plan| plan.sessions[0].workload.retrieval.as_mut().expect("one").top_k = 2).await;
    assert!(ground.contains("has another number of documents than the set was written for"), "{ground}");
    let name = refused(|_, plan| {
        "pumps@1.0.1".clone_into(&mut plan.sessions[0].golden.as_mut().expect("one").set);
    });
    assert!(name.await.contains("manifest.json: it is the set pumps@1.0.0"));
}
