//! The real agent, pushed into a phone, with a runner that lets the phone's own engine play.

use std::fs;
use std::path::PathBuf;

use edgesoak_agent::{salted, sha256_hex};
use edgesoak_protocol::Reason;
use edgesoak_protocol::job::{
    Answering, Artifact, Job, Phases, Runner, Sampling, Setting, StopAt, TemplateSource, VERSION, Workload,
};
use edgesoak_protocol::journal::{Ending, Entry, FinishReason, Frame, Header, Reader, Record, read_all};
use edgesoak_protocol::probe::Probe;

use crate::channel::values;
use crate::phone::{Place, built};

const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/models/dense-350m-q4.toml");
const TEMPLATE: &str = "{% for message in messages %}{{ message.content }}{% endfor %}";
const PROMPTS: &str =
    "{\"id\":\"one\",\"messages\":[{\"role\":\"user\",\"content\":\"what about the valve?\"}]}\n";
const AGENT: &str = "/data/local/tmp/agent";

/// Pushes the agent.
fn push(place: &Place) {
    fs::create_dir_all(place.pushed()).expect("made");
    fs::copy(built("edgesoak-agent"), place.pushed().join("agent")).expect("copied");
}

fn probe(place: &Place, options: &[&str]) -> Probe {
    let said = place.says(options, &format!("{AGENT} probe --home /data/local/tmp"));
    serde_json::from_str(&said).expect("one document")
}

#[test]
fn the_agent_finds_a_phone_that_is_none() {
    let Some(place) = Place::new() else { return };
    push(&place);
    let found = probe(&place, &["--profile", "exynos-mid"]);
    assert!(found.is_virtual);
    assert_eq!((found.os.as_str(), found.cores), ("Android 15", 8));
    assert_eq!(found.facts.get("uid").map(String::as_str), Some("2000"));
    let zones = found.channels.iter().filter(|channel| channel.source.ends_with("thermal_zone0/temp"));
    let values: Vec<_> = zones.filter_map(|channel| channel.value).collect();
    assert!(!values.is_empty() && values.iter().all(|celsius| (22.0..26.0).contains(celsius)), "{values:?}");
    let denied = probe(&place, &["--profile", "exynos-mid", "--phone", "selinux-denied"]);
    assert_ne!(denied.boot_id, found.boot_id);
    let zone = denied.channels.iter().find(|channel| channel.source.ends_with("thermal_zone0/temp"));
    assert_eq!(zone.expect("it is known of").missing, Some(Reason::Denied));
}

fn job() -> Job {
    let artifact = |path: &str, bytes: &[u8]| Artifact { path: path.to_owned(), sha256: sha256_hex(bytes) };
    Job {
        version: VERSION,
        run: "run".to_owned(),
        session: "one".to_owned(),
        runner: Runner {
            program: "bin/runner".to_owned(),
            args: ["--phone", "/dev/virtual-phone"].map(str::to_owned).into(),
            requested_device: "cpu".to_owned(),
            threads: 4,
            ctx: 2048,
            silence_limit_ms: 20_000,
        },
        artifact: artifact("store/model", &fs::read(MODEL).expect("a model")),
        workload: Workload {
            prompts: artifact("prompts.jsonl", PROMPTS.as_bytes()),
            template: TemplateSource::File(artifact("chat.jinja", TEMPLATE.as_bytes())),
            retrieval: None,
            output_tokens: 32,
            is_of_items: false,
            think_time_ms: 0,
            images: Vec::new(),
        },
        phases: Phases { warm_tokens: 8, soak_ms: 2_500, recovery: None },
        sampling: Sampling { fast_period_ms: 100, slow_period_ms: 500, command_period_ms: 10_000 },
        stop_at: StopAt::default(),
        settle: None,
        settings: [("thermal-override", "off"), ("background-apps", "ended")]
            .map(|(name, value)| Setting { name: name.to_owned(), value: value.to_owned() })
            .into(),
        unplug: None,
        answering: None,
        local_only: true,
    }
}

/// Lays a session's files out in a phone; its folder.
fn lay_out(place: &Place, job: &Job) -> PathBuf {
    push(place);
    let home = place.pushed().join("home");
    let dir = home.join("sessions/run/one");
    for part in [home.join("bin"), home.join("store"), dir.clone()] {
        fs::create_dir_all(part).expect("made");
    }
    fs::copy(built("edgesoak-scripted-runner"), home.join("bin/runner")).expect("copied");
    fs::copy(MODEL, home.join("store/model")).expect("copied");
    fs::write(dir.join("prompts.jsonl"), PROMPTS).expect("written");
    fs::write(dir.join("chat.jinja"), TEMPLATE).expect("written");
    fs::write(dir.join("job.json"), serde_json::to_vec(job).expect("encodes")).expect("written");
    dir
}

fn soak(place: &Place, fault: &str) -> (Header, Vec<Entry>) {
    let dir = lay_out(place, &job());
    let words = "--home /data/local/tmp/home --session run/one";
    place.says(
        &["--profile", "snapdragon8-phone", "--speed", "20", "--fault", fault],
        &format!("cmd thermalservice override-status 2 && {AGENT} start {words} >/dev/null && {AGENT} follow {words} >/dev/null"),
    );
    let bytes = fs::read(dir.join("journal")).expect("a journal");
    let (header, entries, ending) = read_all(&bytes).expect("it can be read");
    assert_eq!(ending, Ending::Finished);
    (header, entries)
}

#[test]
fn a_session_runs_inside_and_follows_the_body() {
    let Some(place) = Place::new() else { return };
    let (header, entries) = soak(&place, "egress-attempt@5s");
    assert!(header.is_virtual);
    match &entries.last().expect("frames").frame {
        Frame::Finished { reason, detail } => assert_eq!(*reason, FinishReason::Completed, "{detail}"),
        other => panic!("the last frame is {other:?}"),
    }
    let tokens: usize = entries
        .iter()
        .map(|entry| match &entry.frame {
            Frame::TokenBatch { delta_ns, .. } => delta_ns.len(),
            _ => 0,
        })
        .sum();
    assert!(tokens > 100, "{tokens}");
    let zone = values(&header, &entries, &zone(&header));
    assert!(zone.last() > zone.first(), "{zone:?}");
    // The weights that the model describes, once its runtime is seen as the body has it.
    let file = values(&header, &entries, "runtime/rss_file");
    assert_eq!(file.last().copied(), Some(227_331_072.0), "{file:?}");
    // Its kernel cuts the runtime off like any other, or its files of the process show what was called.
    let called = |entry: &Entry| match &entry.frame {
        Frame::Note { code, text } => {
            (code == "egress-attempts" && text.contains("192.0.2.1 port 443")) || code == "egress-sockets"
        }
        _ => false,
    };
    assert!(entries.iter().any(called), "{:?}", entries.last());
    assert_eq!(
        preflight(&entries),
        [
            "thermal-override: 2 -> off",
            "background-apps-ended: 3 of 5 processes of apps were kept for later, 0 of 2 are now",
            "thermal-override = 2",
        ]
    );
    let noted = |word: &str| {
        entries.iter().any(|entry| matches!(&entry.frame, Frame::Note { code, .. } if code == word))
    };
    assert!(noted("oom-score") || noted("oom-score-protected"), "whatever it inherited is told");
}

#[test]
fn answers_come_to_a_follower_inside() {
    let Some(place) = Place::new() else { return };
    let salt = "5a".repeat(32);
    let answering = Answering {
        items: Artifact { path: "prompts.jsonl".to_owned(), sha256: sha256_hex(PROMPTS.as_bytes()) },
        hot: 0,
        max_new: 32,
        salt: salt.clone(),
        within_ms: 60_000,
    };
    let phases = Phases { warm_tokens: 0, soak_ms: 0, recovery: None };
    let job = Job { answering: Some(answering), phases, settings: Vec::new(), ..job() };
    lay_out(&place, &job);
    let words = "--home /data/local/tmp/home --session run/one";
    // The answer is taken once the follower has it.
    let script = format!(
        "cd /data/local/tmp; {AGENT} start {words} >/dev/null || exit 1; {AGENT} follow {words} >stream & \
         left=600; until grep -q 'no model answers' stream; do left=$((left-1)); [ $left -gt 0 ] || exit 2; sleep 0.1; done; \
         {AGENT} taken {words} --count 1; wait"
    );
    let said = place.says(&["--profile", "snapdragon8-phone", "--speed", "20"], &script);
    assert_eq!(said, r#"{"given":1,"taken":1}"#);
    let mut reader = Reader::new();
    reader.feed(&fs::read(place.pushed().join("stream")).expect("a stream"));
    let (mut digest, mut texts) = (None, Vec::new());
    while let Some((record, _)) = reader.next_record().expect("whole") {
        match record {
            Record::Answer(answer) => texts.push(salted(&salt, answer.text.expose())),
            Record::Entry(Entry { frame: Frame::Answered { sha256, .. }, .. }) => digest = Some(sha256),
            Record::Entry(_) => {}
        }
    }
    assert!(reader.finished());
    assert_eq!(texts, [digest.expect("it was answered")]);
}

/// What was made of the phone before the run, and given back after it.
fn preflight(entries: &[Entry]) -> Vec<String> {
    let told = |entry: &Entry| match &entry.frame {
        Frame::Changing { setting, before, after } => Some(format!("{setting}: {before} -> {after}")),
        Frame::Restored { setting, value } => Some(format!("{setting} = {value}")),
        Frame::Note { code, text } if code.starts_with("background-apps") => {
            Some(format!("{code}: {}", text.split(';').next().unwrap_or_default()))
        }
        _ => None,
    };
    entries.iter().filter_map(told).collect()
}

/// A zone whose file is read.
fn zone(header: &Header) -> String {
    let zone = header
        .channels
        .iter()
        .find(|spec| spec.source.ends_with("thermal_zone0/temp") && spec.missing.is_none());
    zone.expect("a zone").name.clone()
}
