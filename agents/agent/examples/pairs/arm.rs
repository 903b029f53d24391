//! One measurement of one arm: tokens after the first of each prompt, by active seconds.

use std::error::Error;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use edgesoak_protocol::journal::{Ending, Frame, Phase, read_all};
use edgesoak_protocol::runner::{Event, Request, VERSION};
use edgesoak_runtimes::{Received, RunnerProcess, Spawn};

use crate::Options;
use crate::place::{CONTEXT, OUTPUT_TOKENS, Place};

/// What decodes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Arm {
    /// llama.cpp alone.
    Bare,
    /// The runner alone.
    Runner,
    /// The agent at 10 Hz.
    Agent,
}

impl Arm {
    /// Every arm.
    pub const ALL: [Arm; 3] = [Arm::Bare, Arm::Runner, Arm::Agent];

    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Arm::Bare => "bare",
            Arm::Runner => "runner",
            Arm::Agent => "agent",
        }
    }
}

/// Decode rate of one arm, tokens per active second.
pub fn measure(arm: Arm, options: &Options, place: &Place) -> Result<f64, Box<dyn Error>> {
    match arm {
        Arm::Bare => bare(options, place),
        Arm::Runner => runner(options, place),
        Arm::Agent => agent(options, place),
    }
}

/// Tokens and active time, added up over prompts.
#[derive(Default)]
struct Tally {
    tokens: u64,
    active_ns: u64,
}

impl Tally {
    fn prompt(&mut self, first_ns: u64, last_ns: u64, tokens_after_first: u64) {
        self.tokens += tokens_after_first;
        self.active_ns += last_ns.saturating_sub(first_ns);
    }

    fn rate(&self) -> Result<f64, Box<dyn Error>> {
        if self.active_ns == 0 {
            return Err("nothing was decoded".into());
        }
        Ok(self.tokens as f64 * 1e9 / self.active_ns as f64)
    }
}

fn bare(options: &Options, place: &Place) -> Result<f64, Box<dyn Error>> {
    let output = Command::new(&options.bare)
        // The very file that the runner maps: how a file came into the page cache decides its speed by a tenth.
        .arg(place.home.join("store/model"))
        .arg(&place.prompt_file)
        .args(["--tokens", &OUTPUT_TOKENS.to_string(), "--ctx", &CONTEXT.to_string()])
        .args(["--seconds", &options.seconds.to_string(), "--threads", &options.threads.to_string()])
        .stderr(Stdio::null())
        .output()?;
    let line: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    line["tokens_per_s"].as_f64().ok_or_else(|| "the bare program printed no rate".into())
}

fn runner(options: &Options, place: &Place) -> Result<f64, Box<dyn Error>> {
    let program = place.home.join("bin/edgesoak-gguf-runner");
    let mut process = RunnerProcess::spawn(&Spawn { program: &program, args: &[], dir: &place.home })?;
    process.send(&Request::Hello { version: VERSION })?;
    expect(&mut process, |event| matches!(event, Event::Caps { .. }))?;
    process.send(&Request::Load {
        artifact: place.home.join("store/model").display().to_string(),
        sha256: place.model_sha256.clone(),
        requested_device: "cpu".to_owned(),
        threads: options.threads,
        ctx: CONTEXT,
    })?;
    expect(&mut process, |event| matches!(event, Event::Loaded { .. }))?;
    generate(&mut process, place, 0, 8, &mut Tally::default())?;
    let mut tally = Tally::default();
    let begin = Instant::now();
    for id in 1.. {
        if begin.elapsed() >= Duration::from_secs(options.seconds) {
            break;
        }
        generate(&mut process, place, id, OUTPUT_TOKENS, &mut tally)?;
    }
    process.kill();
    process.wait(Duration::from_secs(5));
    tally.rate()
}

fn generate(
    process: &mut RunnerProcess,
    place: &Place,
    id: u32,
    max_new: u32,
    tally: &mut Tally,
) -> Result<(), Box<dyn Error>> {
    process.send(&Request::Generate {
        id,
        prompt: place.prompt.clone(),
        max_new,
        greedy: true,
        ignore_eos: true,
        want_text: false,
        images: Vec::new(),
    })?;
    let (mut first, mut last, mut after_first) = (0, 0, 0);
    expect(process, |event| {
        match event {
            Event::FirstToken { t_ns, .. } => (first, last) = (*t_ns, *t_ns),
            Event::Tokens { t_ns, k, .. } => {
                after_first += t_ns.len() as u64 * u64::from(*k);
                last = t_ns.last().copied().unwrap_or(last);
            }
            _ => {}
        }
        matches!(event, Event::Done { .. })
    })?;
    tally.prompt(first, last, after_first);
    Ok(())
}

fn expect(process: &mut RunnerProcess, mut wanted: impl FnMut(&Event) -> bool) -> Result<(), Box<dyn Error>> {
    loop {
        match process.recv_timeout(Duration::from_mins(1))? {
            Received::Event(Event::Error { message, .. }) => return Err(message.into()),
            Received::Event(event) if wanted(&event) => return Ok(()),
            Received::Event(_) => {}
            other => return Err(format!("the runner said {other:?}").into()),
        }
    }
}

fn agent(options: &Options, place: &Place) -> Result<f64, Box<dyn Error>> {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let (session, dir) = place.session(NUMBER.fetch_add(1, Ordering::Relaxed))?;
    let program = options.programs.join("edgesoak-agent");
    let call = |what: &str, rest: &[&str]| {
        let mut command = Command::new(&program);
        command.arg(what).arg("--home").arg(&place.home).args(["--session", &session]).args(rest);
        command.stdout(Stdio::null());
        command.status()
    };
    if !call("start", &[])?.success() {
        return Err("the agent did not start".into());
    }
    call("follow", &["--from", "0"])?;
    let (_, entries, ending) = read_all(&std::fs::read(dir.join("journal"))?)?;
    if ending != Ending::Finished {
        return Err(format!("the journal ends as {ending:?}").into());
    }
    let mut tally = Tally::default();
    let (mut scored, mut first, mut last, mut count) = (false, 0, 0, 0);
    for entry in entries {
        match entry.frame {
            Frame::PromptSubmitted { phase, .. } => (scored, count) = (phase == Phase::Soaking, 0),
            Frame::TokenBatch { first_index, t0_ns, delta_ns, .. } if scored => {
                if first_index == 0 {
                    first = t0_ns;
                }
                last = t0_ns + delta_ns.iter().sum::<u64>();
                count += 1 + delta_ns.len() as u64;
            }
            Frame::PromptDone { .. } if scored => tally.prompt(first, last, count - 1),
            _ => {}
        }
    }
    tally.rate()
}
