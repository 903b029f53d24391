//! Answers go from the runner's pipe to the follower's stream, and nowhere else.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Stdio};

use edgesoak_protocol::job::{Answering, Artifact, Job, Recovery};
use edgesoak_protocol::journal::{Answer, FinishReason, Frame, Phase, Reader, Record};
use edgesoak_protocol::probe::{AgentState, Answers};

use crate::device::{Device, is_alive, kill, sha256, wait_until};

/// A word of every answer, which must turn up in no file.
const MARKER: &str = "zwieback-9431-marker";
const SALT: &str = "5a17000000000000000000000000000000000000000000000000000000000000";

/// Items of a set with what the scripted runner answers, and the job that asks them.
fn job(device: &Device, session: &str, runner_args: &[&str], answers: &[(&str, &str)]) -> Job {
    let script = device.outside().join(format!("{session}.jsonl"));
    let lines = |line: fn(&(&str, &str)) -> String| answers.iter().map(line).collect::<Vec<_>>().join("\n");
    let told = lines(|(id, answer)| {
        serde_json::json!({ "asked": format!("question {id}?"), "answer": answer }).to_string()
    });
    fs::write(&script, told).expect("written");
    let items = lines(|(id, _)| {
        let messages = [serde_json::json!({ "role": "user", "content": format!("question {id}?") })];
        serde_json::json!({ "id": id, "messages": messages }).to_string()
    });
    let dir = device.session_dir(session);
    fs::create_dir_all(&dir).expect("made");
    fs::write(dir.join("items.jsonl"), &items).expect("written");
    let mut args = vec!["--answers", script.to_str().expect("a path")];
    args.extend(runner_args);
    let mut job = Device::job(session, &args);
    job.phases.soak_ms = 1;
    job.answering = Some(Answering {
        items: Artifact { path: "items.jsonl".to_owned(), sha256: sha256(items.as_bytes()) },
        hot: 0,
        max_new: 40,
        salt: SALT.to_owned(),
        within_ms: 60_000,
    });
    job
}

fn plan(job: &mut Job) -> &mut Answering {
    job.answering.as_mut().expect("it answers")
}

/// What a follower of a session is told, record by record.
struct Follower {
    child: Child,
    reader: Reader,
    records: Vec<Record>,
}

impl Follower {
    fn of(device: &Device, session: &str, from: u64) -> Self {
        let mut command = device.command(&["follow", "--session", &format!("run/{session}")]);
        command.args(["--from", &from.to_string()]).stdout(Stdio::piped());
        let child = command.spawn().expect("the agent can be executed");
        Self { child, reader: Reader::resuming_after(from.checked_sub(1)), records: Vec::new() }
    }

    /// Listens until so many answers came, or the stream ends.
    fn listen(&mut self, answers: usize) {
        let mut piece = [0; 4096];
        while self.answers().len() < answers {
            let stdout = self.child.stdout.as_mut().expect("piped");
            let read = stdout.read(&mut piece).expect("readable");
            if read == 0 {
                assert_eq!(self.reader.pending(), 0, "a stream never ends within a record");
                return;
            }
            self.reader.feed(&piece[..read]);
            while let Some((record, _)) = self.reader.next_record().expect("a whole stream") {
                self.records.push(record);
            }
        }
    }

    fn answers(&self) -> Vec<&Answer> {
        let mut answers = Vec::new();
        for record in &self.records {
            if let Record::Answer(answer) = record {
                answers.push(answer);
            }
        }
        answers
    }

    /// Item and text of every answer.
    fn texts(&self) -> Vec<(&str, &str)> {
        self.answers().iter().map(|answer| (answer.item.as_str(), answer.text.expose())).collect()
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        // It may have ended already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn take(device: &Device, session: &str, count: u32) -> Answers {
    let count = count.to_string();
    let output = device.output(&["taken", "--session", &format!("run/{session}"), "--count", &count]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("taken prints one document")
}

/// Files below a folder that hold the marker.
fn leaks(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            found.extend(leaks(&path));
        } else if fs::read(&path).is_ok_and(|bytes| holds_marker(&bytes)) {
            found.push(path.display().to_string());
        }
    }
    found
}

fn holds_marker(bytes: &[u8]) -> bool {
    bytes.windows(MARKER.len()).any(|window| window == MARKER.as_bytes())
}

fn began(frames: &[Frame]) -> Vec<Phase> {
    let phase = |frame: &Frame| if let Frame::PhaseBegan { phase } = frame { Some(*phase) } else { None };
    frames.iter().filter_map(phase).collect()
}

fn notes(frames: &[Frame], wanted: &str) -> usize {
    frames.iter().filter(|frame| matches!(frame, Frame::Note { code, .. } if code == wanted)).count()
}

/// Every answer stands behind the frame that tells of it, and that frame has its digest.
fn told_before_given(records: &[Record]) {
    let mut told = Vec::new();
    for record in records {
        match record {
            Record::Entry(entry) => {
                if let Frame::Answered { prompt, index, sha256, bytes, is_cut, documents, .. } = &entry.frame
                {
                    told.push((*prompt, *index, sha256.clone(), *bytes as usize, *is_cut, documents.clone()));
                }
            }
            Record::Answer(answer) => {
                let text = answer.text.expose();
                let mut salted = vec![0x5a, 0x17];
                salted.resize(32, 0);
                salted.extend(text.bytes());
                let (prompt, index) = (answer.prompt, answer.index);
                let documents = answer.documents.clone();
                let expected = (prompt, index, sha256(&salted), text.len(), answer.is_cut, documents);
                assert_eq!(told.get(answer.index as usize), Some(&expected));
            }
        }
    }
}

#[test]
fn a_set_is_asked_hot_and_cold_and_its_answers_touch_no_disk() {
    let device = Device::new();
    let (one, two) = (format!("ten {MARKER} drops"), format!("{MARKER} \u{1b}[31m\u{0} 雨"));
    let told = [("one", one.as_str()), ("two", two.as_str())];
    let mut job = job(&device, "whole", &[], &told);
    plan(&mut job).hot = 1;
    job.phases.recovery = Some(Recovery { rest_ms: 1, burst_ms: 1 });
    let started = device.start(&job);
    let mut follower = Follower::of(&device, "whole", 0);
    follower.listen(3);
    assert_eq!(follower.texts(), [("one", one.as_str()), ("one", &one), ("two", &two)]);
    assert_eq!(device.status("whole").answers, Some(Answers { given: 3, taken: 0 }));
    let script = device.outside().join("whole.jsonl").display().to_string();
    assert_eq!(leaks(device.outside()), [script], "while answers wait, only the runner's script holds them");
    assert!(!holds_marker(&fs::read(format!("/proc/{}/environ", started.pid)).expect("it lives")));
    assert_eq!(take(&device, "whole", 3), Answers { given: 3, taken: 3 });
    follower.listen(usize::MAX);
    told_before_given(&follower.records);
    let (frames, reason, detail) = device.finish("whole");
    assert_eq!((reason, detail.as_str()), (FinishReason::Completed, ""));
    let (hot, cold) = (Phase::Answering, Phase::Answering);
    let phases =
        [Phase::Loading, Phase::Warming, Phase::Soaking, hot, Phase::Resting, Phase::Recovering, cold];
    assert_eq!(began(&frames), phases);
    let asked =
        frames.iter().filter(|frame| matches!(frame, Frame::PromptSubmitted { phase: Phase::Answering, .. }));
    assert_eq!(asked.count(), 3);
    let ends =
        frames.iter().filter(|frame| matches!(frame, Frame::PromptDone { finish, .. } if finish == "eos"));
    assert_eq!(ends.count(), 3);
    assert_eq!(notes(&frames, "answers-not-taken"), 0);
    assert_eq!(leaks(&device.root()), [] as [String; 0], "at the end");
}

#[test]
fn who_follows_later_is_given_what_was_not_taken() {
    let device = Device::new();
    let job = job(&device, "later", &[], &[("one", "a"), ("two", "b"), ("three", "c")]);
    device.start(&job);
    Follower::of(&device, "later", 0).listen(2);
    wait_until(|| device.status("later").answers.filter(|answers| answers.given == 3));
    take(&device, "later", 1);
    let last = device.status("later").last_seq.expect("frames were written");
    for _ in 0..2 {
        let mut follower = Follower::of(&device, "later", last);
        follower.listen(2);
        assert_eq!(follower.texts(), [("two", "b"), ("three", "c")], "again for each follower");
    }
    assert_eq!(take(&device, "later", 9), Answers { given: 3, taken: 3 });
    let (_, reason, _) = device.finish("later");
    assert_eq!(reason, FinishReason::Completed);
    let refused = device.output(&["taken", "--session", "run/later", "--count", "3"]);
    assert_eq!(refused.status.code(), Some(3), "the session is over");
}

#[test]
fn no_more_is_asked_than_can_be_kept() {
    let device = Device::new();
    let ids: Vec<String> = (0..66).map(|index| format!("item-{index}")).collect();
    let long = "x".repeat(70_000);
    let told: Vec<_> = ids.iter().map(|id| (id.as_str(), long.as_str())).collect();
    let job = job(&device, "full", &["--prefill-ms", "0"], &told);
    device.start(&job);
    wait_until(|| device.status("full").answers.filter(|answers| answers.given == 64));
    let mut follower = Follower::of(&device, "full", 0);
    follower.listen(1);
    let first = follower.answers()[0];
    assert_eq!((first.text.expose().len(), first.is_cut), (64 << 10, true));
    take(&device, "full", 3);
    wait_until(|| device.status("full").answers.filter(|answers| answers.given == 66));
    take(&device, "full", 66);
    let (frames, reason, _) = device.finish("full");
    assert_eq!((reason, notes(&frames, "answers-not-taken")), (FinishReason::Completed, 0));
    let cut =
        frames.iter().filter(|frame| matches!(frame, Frame::Answered { bytes: 65_536, is_cut: true, .. }));
    assert_eq!(cut.count(), 66);
}

#[test]
fn answers_that_nobody_takes_are_lost_and_the_session_ends() {
    let device = Device::new();
    let mut job = job(&device, "alone", &[], &[("one", MARKER)]);
    plan(&mut job).within_ms = 1;
    let (frames, reason, _) = device.run(&job);
    assert_eq!((reason, notes(&frames, "answers-not-taken")), (FinishReason::Completed, 1));
    assert_eq!(leaks(&device.root()), [] as [String; 0]);
}

#[test]
fn a_killed_agent_leaves_no_answer_behind() {
    let device = Device::new();
    let job = job(&device, "killed", &[], &[("one", MARKER), ("two", MARKER)]);
    let started = device.start(&job);
    Follower::of(&device, "killed", 0).listen(2);
    kill("-KILL", started.pid);
    wait_until(|| {
        (device.status("killed").state == AgentState::Dead && !is_alive(started.pid)).then_some(())
    });
    assert_eq!(leaks(&device.root()), [] as [String; 0]);
    assert_eq!(device.status("killed").answers, None);
    let mut follower = Follower::of(&device, "killed", 0);
    follower.listen(1);
    assert_eq!(follower.texts(), [] as [(&str, &str); 0]);
}

#[test]
fn a_refused_question_is_told_and_the_next_one_is_asked() {
    let device = Device::new();
    let mut job = job(&device, "refused", &[], &[("one", "a"), ("two", "b")]);
    let long = "x ".repeat(600);
    let items = [("one", long.as_str()), ("two", "question two?")].map(|(id, words)| {
        serde_json::json!({ "id": id, "messages": [{ "role": "user", "content": words }] }).to_string()
    });
    let items = items.join("\n");
    fs::write(device.session_dir("refused").join("items.jsonl"), &items).expect("written");
    plan(&mut job).items.sha256 = sha256(items.as_bytes());
    device.start(&job);
    let mut follower = Follower::of(&device, "refused", 0);
    follower.listen(2);
    assert_eq!(follower.texts(), [("one", ""), ("two", "b")]);
    let finishes: Vec<_> = follower.answers().iter().map(|answer| answer.finish.clone()).collect();
    assert_eq!(finishes, ["refused", "eos"]);
    take(&device, "refused", 2);
    let (frames, reason, _) = device.finish("refused");
    assert_eq!(reason, FinishReason::Completed);
    let codes: Vec<_> = frames
        .iter()
        .filter_map(
            |frame| if let Frame::Answered { refused, .. } = frame { Some(refused.as_deref()) } else { None },
        )
        .collect();
    assert_eq!(codes, [Some("prompt-too-long"), None]);
}

#[test]
fn how_sure_the_runner_was_is_told_where_it_can_be_so_sure() {
    let device = Device::new();
    let job = job(&device, "sure", &[], &[("one", "a"), ("two", "b"), ("three", "c"), ("four", "d")]);
    let told = |id: &str, sure: &str| format!("{{\"asked\":\"question {id}?\",\"answer\":\"a\"{sure}}}");
    let sure = [
        told("one", ",\"confidence\":0.8125"),
        told("two", ",\"confidence\":1.5"),
        told("three", ",\"confidence\":-0.1"),
        told("four", ""),
    ];
    fs::write(device.outside().join("sure.jsonl"), sure.join("\n")).expect("written");
    device.start(&job);
    wait_until(|| device.status("sure").answers.filter(|answers| answers.given == 4));
    take(&device, "sure", 4);
    let (frames, reason, _) = device.finish("sure");
    let sure: Vec<_> = frames
        .iter()
        .filter_map(|frame| match frame {
            Frame::Answered { confidence_millionths, .. } => Some(*confidence_millionths),
            _ => None,
        })
        .collect();
    assert_eq!((reason, sure), (FinishReason::Completed, vec![Some(812_500), None, None, None]));
    assert_eq!(notes(&frames, "confidence-unusable"), 1, "told once");
}

#[test]
fn a_runner_that_dies_is_not_quoted_and_its_answers_are_kept() {
    let device = Device::new();
    // Eight warm tokens and ten of the soak stand before the answers.
    let told = [("one", MARKER), ("two", "some more words than it has left")];
    let job = job(&device, "dies", &["--die-after-tokens", "22"], &told);
    device.start(&job);
    let mut follower = Follower::of(&device, "dies", 0);
    follower.listen(1);
    assert_eq!(follower.texts(), [("one", MARKER)]);
    take(&device, "dies", 1);
    let (frames, reason, _) = device.finish("dies");
    assert_eq!(reason, FinishReason::RuntimeDied);
    let words = frames.iter().find_map(|frame| match frame {
        Frame::RuntimeExited { last_words, .. } => Some(last_words.as_str()),
        _ => None,
    });
    assert_eq!(words, Some("(withheld: it was asked questions)"));
    assert_eq!(leaks(&device.root()), [] as [String; 0]);
}

#[test]
fn a_session_may_only_answer() {
    let device = Device::new();
    let mut job = job(&device, "only", &[], &[("one", "a")]);
    (job.phases.soak_ms, job.phases.warm_tokens) = (0, 0);
    plan(&mut job).within_ms = 1;
    let (frames, reason, _) = device.run(&job);
    assert_eq!((reason, began(&frames)), (FinishReason::Completed, vec![Phase::Loading, Phase::Answering]));
    assert!(frames.iter().any(|frame| matches!(frame, Frame::Answered { index: 0, .. })));
}

#[test]
fn a_stop_does_not_wait_for_answers_to_be_taken() {
    let device = Device::new();
    let job = job(&device, "stopped", &[], &[("one", "a")]);
    device.start(&job);
    wait_until(|| device.status("stopped").answers.filter(|answers| answers.given == 1));
    let output = device.output(&["stop", "--session", "run/stopped"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (frames, _, _) = device.finish("stopped");
    assert_eq!(notes(&frames, "answers-not-taken"), 1);
}

#[test]
fn items_that_cannot_be_asked_end_the_session_before_it_soaks() {
    let device = Device::new();
    let mut hot = job(&device, "hot", &[], &[("one", "a")]);
    plan(&mut hot).hot = 2;
    let mut lost = job(&device, "lost", &[], &[("one", "a")]);
    let item = r#"{"id":"one","messages":[{"role":"user","content":"x"}],"docs":["pm-1"]}"#;
    fs::write(device.session_dir("lost").join("items.jsonl"), item).expect("written");
    plan(&mut lost).items.sha256 = sha256(item.as_bytes());
    let mut other = job(&device, "other", &[], &[("one", "a")]);
    plan(&mut other).items.sha256 = sha256(b"another set");
    for (job, expected, words) in [
        (hot, FinishReason::BadInput, "2 of 1 items"),
        (lost, FinishReason::BadInput, "item `one` names a document"),
        (other, FinishReason::DigestMismatch, "the items"),
    ] {
        let (frames, reason, detail) = device.run(&job);
        assert_eq!(reason, expected, "{detail}");
        assert!(detail.contains(words), "{detail}");
        assert!(!frames.iter().any(|frame| matches!(frame, Frame::RuntimeStarted { .. })));
    }
}
