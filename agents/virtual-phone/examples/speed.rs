//! Prints how fast ten minutes of each profile pass: the truth alone, and a whole session as a journal in a file.
//!
//! `cargo run --release -p edgesoak-virtual-phone --example speed [FOLDER]`; without a folder in `/dev/shm`, which is
//! memory. With `--profile NAME` only one of them, many times, for a profiler.

#[path = "../tests/made/student.rs"]
mod student;

use std::error::Error;
use std::fs::File;
use std::path::PathBuf;
use std::time::Instant;

use edgesoak_protocol::job::{
    Artifact, Job, Phases, Runner, Sampling, StopAt, TemplateSource, VERSION, Workload,
};
use edgesoak_protocol::journal::{Frame, read_all};
use edgesoak_protocol::units::Nanos;
use edgesoak_virtual_phone::profile::built_in_names;
use edgesoak_virtual_phone::record::{Boot, Item, Phone, Recorded, Settings, Work, record};
use edgesoak_virtual_phone::{Profile, Surroundings, Truth};
use student::student;

const TEN_MINUTES: Nanos = Nanos::from_secs(600);
const ROUNDS: u32 = 20;

/// Ten minutes with ticks at 10 Hz.
fn job() -> Job {
    let file = || Artifact { path: "file".to_owned(), sha256: "0".repeat(64) };
    Job {
        version: VERSION,
        run: "speed".to_owned(),
        session: "s01".to_owned(),
        runner: Runner {
            program: "runner".to_owned(),
            args: Vec::new(),
            requested_device: "cpu".to_owned(),
            threads: 4,
            ctx: 2_048,
            silence_limit_ms: 60_000,
        },
        artifact: file(),
        workload: Workload {
            prompts: file(),
            template: TemplateSource::Artifact,
            retrieval: None,
            output_tokens: 128,
            is_of_items: false,
            think_time_ms: 0,
            images: Vec::new(),
        },
        phases: Phases { warm_tokens: 8, soak_ms: 600_000, recovery: None },
        sampling: Sampling { fast_period_ms: 100, slow_period_ms: 1_000, command_period_ms: 10_000 },
        stop_at: StopAt { temperature_celsius: Some(120.0), battery_percent: Some(1.0) },
        settle: None,
        settings: Vec::new(),
        unplug: None,
        answering: None,
        local_only: false,
    }
}

fn session(profile: &Profile, job: &Job, path: &PathBuf) -> Result<Recorded, Box<dyn Error>> {
    let boot = Boot {
        id: "0a1b".to_owned(),
        mono: TEN_MINUTES,
        boottime: TEN_MINUTES,
        wall: Nanos::from_secs(1 << 30),
    };
    let phone = Phone { profile, seed: 1, surroundings: Surroundings::ROOM, faults: &[], boot };
    let item = |id: &str| Item { id: id.to_owned(), sha256: "0".repeat(64), bytes: 720 };
    let cycle = ["a", "b", "c"].map(item);
    let work = Work {
        job,
        candidate: student(),
        cycle: &cycle,
        questions: &[],
        verified: &[],
        settings: Settings::default(),
    };
    Ok(record(&phone, &work, &mut File::create(path)?)?)
}

/// Channels that are read ten times a second, and all of them.
fn channels(path: &PathBuf) -> Result<(usize, usize), Box<dyn Error>> {
    let (header, entries, _) = read_all(&std::fs::read(path)?)?;
    let fast = entries.iter().find_map(|entry| match &entry.frame {
        Frame::Tick { group: 0, values } => Some(values.len()),
        _ => None,
    });
    Ok((fast.unwrap_or(0), header.channels.len()))
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (folder, only) = match arguments.as_slice() {
        [] => ("/dev/shm", None),
        [word, name] if word == "--profile" => ("/dev/shm", Some(name.as_str())),
        [folder] => (folder.as_str(), None),
        _ => return Err("give a folder, or --profile and a name".into()),
    };
    let path = PathBuf::from(folder).join(format!("edgesoak-speed-{}", std::process::id()));
    let job = job();
    println!(
        "profile            channels at 10 Hz, all   truth ms  times real   journal ms  times real   MiB"
    );
    for name in built_in_names().filter(|name| only.is_none_or(|only| only == *name)) {
        let profile = Profile::built_in(name)?;
        let begin = Instant::now();
        for _ in 0..ROUNDS {
            Truth::of(&profile, &student(), Surroundings::ROOM, TEN_MINUTES)?;
        }
        let truth_s = begin.elapsed().as_secs_f64() / f64::from(ROUNDS);
        let begin = Instant::now();
        let mut simulated = Nanos(0);
        for _ in 0..ROUNDS {
            simulated.0 += session(&profile, &job, &path)?.took.0;
        }
        let journal_s = begin.elapsed().as_secs_f64();
        let (fast, all) = channels(&path)?;
        let mib = std::fs::metadata(&path)?.len() as f64 / f64::from(1 << 20);
        println!(
            "{name:20} {fast:14}, {all:3} {:12.2} {:11.0} {:12.2} {:11.0} {mib:5.2}",
            truth_s * 1e3,
            600.0 / truth_s,
            journal_s / f64::from(ROUNDS) * 1e3,
            simulated.as_secs_f64() / journal_s
        );
    }
    Ok(std::fs::remove_file(&path)?)
}
