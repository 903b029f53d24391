//! Jobs that must be refused, each with the word that says why.

use edgesoak_protocol::job::{Recovery, Retrieval, Workload};

use super::*;

fn artifact(path: &str) -> Artifact {
    Artifact { path: path.to_owned(), sha256: "0".repeat(64) }
}

fn good() -> Job {
    Job {
        version: 1,
        run: "run".to_owned(),
        session: "session".to_owned(),
        runner: Runner {
            program: "bin/runner".to_owned(),
            args: Vec::new(),
            requested_device: "cpu".to_owned(),
            threads: 1,
            ctx: 2048,
            silence_limit_ms: 30_000,
        },
        artifact: artifact("store/model"),
        workload: Workload {
            prompts: artifact("prompts.jsonl"),
            template: TemplateSource::Artifact,
            retrieval: Some(Retrieval { corpus: artifact("corpus.jsonl"), top_k: 3 }),
            output_tokens: 64,
            is_of_items: false,
            think_time_ms: 0,
            images: Vec::new(),
        },
        phases: Phases {
            warm_tokens: 8,
            soak_ms: 600_000,
            recovery: Some(Recovery { rest_ms: 1, burst_ms: 1 }),
        },
        sampling: Sampling { fast_period_ms: 100, slow_period_ms: 1000, command_period_ms: 10_000 },
        stop_at: StopAt { temperature_celsius: Some(48.0), battery_percent: Some(20.0) },
        settings: Vec::new(),
        unplug: None,
        answering: None,
        local_only: false,
        settle: Some(SettleRule {
            max_drift: 0.05,
            max_rise_kelvin: 1.5,
            tau_seconds: 400.0,
            step_ms: 300_000,
            max_soak_ms: 1_800_000,
        }),
    }
}

/// Why the job is refused after this change.
fn refusal(change: impl FnOnce(&mut Job)) -> String {
    let mut job = good();
    change(&mut job);
    let name = SessionName::parse("run/session").expect("a name");
    check(&job, &name).expect_err("this change must be refused")
}

#[test]
fn a_good_job_is_taken() {
    let name = SessionName::parse("run/session").expect("a name");
    assert_eq!(check(&good(), &name), Ok(()));
}

#[test]
fn every_field_has_its_bounds() {
    assert!(refusal(|job| job.version = 2).contains("version"));
    assert!(refusal(|job| job.run = "other".to_owned()).contains("other/session"));
    assert!(refusal(|job| job.runner.threads = 0).contains("threads"));
    assert!(refusal(|job| job.runner.ctx = 0).contains("ctx"));
    assert!(refusal(|job| job.runner.silence_limit_ms = 0).contains("silence"));
    assert!(refusal(|job| job.runner.args = vec!["a\0b".to_owned()]).contains("NUL"));
    assert!(refusal(|job| job.runner.requested_device.clear()).contains("requested_device"));
    assert!(refusal(|job| job.artifact.sha256 = "F".repeat(64)).contains("artifact.sha256"));
    assert!(refusal(|job| job.workload.prompts.sha256.clear()).contains("prompts.sha256"));
    assert!(refusal(|job| job.workload.output_tokens = 0).contains("output_tokens"));
    assert!(refusal(|job| job.phases.warm_tokens = 9).contains("warm_tokens"));
    assert!(refusal(|job| job.phases.soak_ms = 0).contains("soak_ms"));
    assert!(refusal(|job| job.sampling.fast_period_ms = 10).contains("fast_period_ms"));
    assert!(refusal(|job| job.sampling.slow_period_ms = 50).contains("slow_period_ms"));
    assert!(refusal(|job| job.sampling.command_period_ms = 9_999).contains("command_period_ms"));
    let setting = |name: &str, value: &str| Setting { name: name.into(), value: value.into() };
    assert!(refusal(|job| job.settings.push(setting("wifi", "maybe"))).contains("takes on or off"));
    assert!(refusal(|job| job.settings = vec![setting("wifi", "on"); 2]).contains("twice"));
    assert!(refusal(|job| job.stop_at.temperature_celsius = Some(f64::NAN)).contains("temperature"));
    assert!(refusal(|job| job.stop_at.battery_percent = Some(101.0)).contains("battery"));
    let unplug = |hold_ms, within_ms| refusal(|job| job.unplug = Some(UnplugRule { hold_ms, within_ms }));
    assert!(unplug(HOUR_MS + 1, 1000).contains("unplug.hold_ms"));
    assert!(unplug(1000, 0).contains("unplug.within_ms"));
    let settle = |change: fn(&mut SettleRule)| refusal(|job| job.settle.iter_mut().for_each(change));
    assert!(settle(|rule| rule.tau_seconds = 0.0).contains("tau_seconds"));
    assert!(settle(|rule| rule.max_soak_ms = 1).contains("max_soak_ms"));
}

#[test]
fn what_is_asked_has_its_bounds() {
    let answering = || Answering {
        items: Artifact { path: "items.jsonl".to_owned(), sha256: "a".repeat(64) },
        hot: 0,
        max_new: 160,
        salt: "5".repeat(64),
        within_ms: 1,
    };
    let name = SessionName::parse("run/session").expect("a name");
    let mut only = Job { answering: Some(answering()), ..good() };
    only.phases = Phases { warm_tokens: 0, soak_ms: 0, recovery: None };
    assert_eq!(check(&only, &name), Ok(()), "a session may have no soak where it answers");
    let refused = |change: fn(&mut Answering)| {
        let mut asked = answering();
        change(&mut asked);
        refusal(|job| job.answering = Some(asked))
    };
    assert!(refused(|asked| asked.items.sha256.clear()).contains("answering.items"));
    assert!(refused(|asked| asked.max_new = 0).contains("answering.max_new"));
    assert!(refused(|asked| asked.within_ms = 0).contains("answering.within_ms"));
    assert!(refused(|asked| asked.salt = "5".repeat(62)).contains("answering.salt"));
    let recovery = Some(job::Recovery { rest_ms: 1, burst_ms: 1 });
    let unsoaked = refusal(|job| {
        job.answering = Some(answering());
        job.phases = Phases { warm_tokens: 0, soak_ms: 0, recovery };
    });
    assert!(unsoaked.contains("follows a soak"), "{unsoaked}");
}

#[test]
fn a_job_on_disk_is_bounded_and_stays_below_its_home() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let home = Home::open(dir.path()).expect("opens");
    let name = SessionName::parse("run/session").expect("a name");
    let session = home.session(&name);
    std::fs::create_dir_all(session.path()).expect("made");
    let written = |text: &str| {
        std::fs::write(session.job(), text).expect("written");
        read(&home, &session, &name).map(|_| ()).map_err(|error| (error.exit_code(), error.to_string()))
    };
    let encode = |job: &Job| serde_json::to_string(job).expect("encodes");
    assert_eq!(written(&encode(&good())), Ok(()));
    let mut outside = good();
    outside.artifact.path = "../model".to_owned();
    assert_eq!(written(&encode(&outside)).map_err(|error| error.0), Err(2));
    let padded = format!("{}{}", encode(&good()), " ".repeat(300_000));
    assert!(written(&padded).expect_err("too long").1.contains("longer"));
    assert_eq!(written("{\"version\":1}").map_err(|error| error.0), Err(2));
    let unknown = encode(&good()).replacen('{', "{\"surprise\":1,", 1);
    assert!(written(&unknown).expect_err("unknown key").1.contains("surprise"));
}
