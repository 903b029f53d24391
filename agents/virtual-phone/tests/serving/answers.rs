//! What virtual phones answer, and that nobody writes it down.

use std::fs;
use std::path::Path;

use edgesoak_agent::{salted, sha256_hex};
use edgesoak_protocol::job::{Answering, Artifact, Job};
use edgesoak_protocol::journal::{FinishReason, Frame, Reader, Record};
use serde_json::{Value, json};

use crate::device::{lay_out, made_job};
use crate::sandboxed::Sandbox;

/// A word of the answers.
const MARKER: &str = "zwieback-9431-marker";

/// A job that asks two questions, the first of them hot too.
fn asking(session: &str) -> (Job, String) {
    let item = |id| {
        let messages = [json!({ "role": "user", "content": format!("question {id}?") })];
        json!({ "id": id, "messages": messages }).to_string()
    };
    let items = ["one", "two"].map(item).join("\n");
    let answering = Answering {
        items: Artifact { path: "items.jsonl".to_owned(), sha256: sha256_hex(items.as_bytes()) },
        hot: 1,
        max_new: 20,
        salt: "5a".repeat(32),
        within_ms: 60_000,
    };
    let made = made_job(Vec::new(), session, "cpu", (16, 1));
    (Job { answering: Some(answering), ..made }, items)
}

fn push(outside: &Path, job: &Job, items: &str) {
    let home = lay_out(outside, job);
    let dir = home.join("sessions/run").join(&job.session);
    fs::write(dir.join("items.jsonl"), items).expect("written");
}

fn script(outside: &Path) -> String {
    let path = outside.join("answers.jsonl");
    let line = json!({ "asked": "question two?", "answer": format!("ten {MARKER} drops") });
    fs::write(&path, line.to_string()).expect("written");
    path.display().to_string()
}

/// Item and text of every answer in a stream, each behind the frame that has its digest; the last frame.
fn told(stream: &[u8]) -> (Vec<(String, String)>, Frame) {
    let mut reader = Reader::new();
    reader.feed(stream);
    let (mut answers, mut digests, mut last) = (Vec::new(), Vec::new(), None);
    while let Some((record, _)) = reader.next_record().expect("a whole stream") {
        match record {
            Record::Answer(answer) => {
                let text = answer.text.expose();
                assert_eq!(digests.last(), Some(&(answer.prompt, salted(&"5a".repeat(32), text))));
                answers.push((answer.item.clone(), text.to_owned()));
            }
            Record::Entry(entry) => {
                if let Frame::Answered { prompt, sha256, .. } = &entry.frame {
                    digests.push((*prompt, sha256.clone()));
                }
                last = Some(entry.frame);
            }
        }
    }
    (answers, last.expect("frames"))
}

fn lives_through(sheet: &str) -> (Sandbox, Vec<(String, String)>) {
    let phone = Sandbox::of("profile = \"sm6115-scanner\"");
    let script = script(phone.outside.path());
    let sheet = format!("profile = \"sm6115-scanner\"\nanswers = {script:?}\n{sheet}");
    fs::write(phone.home().join("phone.toml"), sheet).expect("written");
    let (job, items) = asking("asked");
    push(phone.outside.path(), &job, &items);
    let output = phone.call(&["start", "--session", "run/asked"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (answers, last) = told(&phone.call(&["follow", "--session", "run/asked"]).stdout);
    assert_eq!(last, Frame::Finished { reason: FinishReason::Completed, detail: String::new() });
    (phone, answers)
}

fn leaks(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for path in fs::read_dir(dir).expect("readable").map(|entry| entry.expect("readable").path()) {
        let holds = |bytes: Vec<u8>| bytes.windows(MARKER.len()).any(|part| part == MARKER.as_bytes());
        if path.is_dir() {
            found.extend(leaks(&path));
        } else if fs::read(&path).is_ok_and(holds) {
            found.push(path.display().to_string());
        }
    }
    found
}

#[test]
fn a_sandboxed_phone_answers_what_its_script_says() {
    let (phone, answers) = lives_through("");
    let said = |id: &str, text: &str| (id.to_owned(), text.to_owned());
    let nothing = "A virtual device: no model answers here.";
    let two = format!("ten {MARKER} drops");
    assert_eq!(answers, [said("one", nothing), said("one", nothing), said("two", &two)]);
    assert_eq!(leaks(&phone.home()), [] as [String; 0]);
    let taken = phone.call(&["taken", "--session", "run/asked", "--count", "3"]);
    let taken: Value = serde_json::from_slice(&taken.stdout).expect("one document");
    assert_eq!(taken, json!({ "given": 3, "taken": 3 }));
}

#[test]
fn a_broken_model_answers_wrong() {
    let (_, answers) = lives_through("faults = [\"fast-but-wrong:2x\"]\n");
    let texts: Vec<&str> = answers.iter().map(|(_, text)| text.as_str()).collect();
    let nothing = "wrong wrong wrong wrong wrong wrong wrong";
    assert_eq!(texts, [nothing, nothing, "wrong wrong wrong"]);
}

#[test]
fn a_script_that_is_none_is_told_by_its_line() {
    let phone = Sandbox::of("profile = \"sm6115-scanner\"");
    let path = phone.outside.path().join("answers.jsonl");
    fs::write(&path, "\nno script").expect("written");
    let sheet = format!("profile = \"sm6115-scanner\"\nanswers = {:?}\n", path.display().to_string());
    fs::write(phone.home().join("phone.toml"), sheet).expect("written");
    let (job, items) = asking("asked");
    push(phone.outside.path(), &job, &items);
    let output = phone.call(&["start", "--session", "run/asked"]);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{words}");
    assert!(words.contains("answers.jsonl") && words.contains("line 2"), "{words}");
}
