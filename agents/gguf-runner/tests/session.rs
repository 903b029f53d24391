//! The whole binary over its pipes: without a model, and with the small real one where it is cached.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use edgesoak_protocol::runner::{Event, Finish, Request, VERSION};

struct Runner {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Runner {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_edgesoak-gguf-runner"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the runner starts");
        let lines = BufReader::new(child.stdout.take().expect("stdout is piped")).lines();
        Self { child, lines }
    }

    /// With the real model loaded, or `None` if it is not on this machine.
    fn loaded() -> Option<Self> {
        let Some(model) = cached_model() else {
            println!("skipped: model not cached");
            return None;
        };
        let mut runner = Self::start();
        runner.send(&load(&model.to_string_lossy(), "gpu", 1));
        let event = runner.event();
        let Event::Loaded { placement, .. } = event else { panic!("{event:?}") };
        assert_eq!((placement.requested.as_str(), placement.unit.as_str()), ("gpu", "layer"));
        let units: u32 = placement.actual.iter().map(|share| share.units).sum();
        assert_eq!(units, 31, "30 layers and the output: {placement:?}");
        Some(runner)
    }

    fn send(&mut self, request: &Request) {
        self.line(&serde_json::to_string(request).expect("requests are JSON"));
    }

    fn line(&mut self, line: &str) {
        let stdin = self.child.stdin.as_mut().expect("stdin is piped");
        writeln!(stdin, "{line}").expect("the runner reads");
    }

    fn event(&mut self) -> Event {
        let line = self.lines.next().expect("a line follows").expect("it is text");
        serde_json::from_str(&line).expect("it is an event")
    }

    fn refusal(&mut self) -> String {
        let event = self.event();
        let Event::Error { code, .. } = event else { panic!("{event:?}") };
        code
    }

    fn answer(&mut self, prompt: &str, max_new: u32, ignore_eos: bool) -> Answer {
        self.send(&generate(prompt, max_new, ignore_eos));
        self.rest()
    }

    /// The events of the prompt in flight, up to `done`.
    fn rest(&mut self) -> Answer {
        let mut times = Vec::new();
        loop {
            match self.event() {
                Event::FirstToken { t_ns, .. } => times.push(t_ns),
                Event::Tokens { t_ns, k: 1, .. } => times.extend(t_ns),
                Event::Done { prompt_n, decode_n, decode_ms, finish, text, confidence, .. } => {
                    assert_eq!(times.len(), decode_n as usize, "one time stamp per token");
                    assert!(times.is_sorted_by(|a, b| a < b), "times rise");
                    let text = text.expect("text was asked for");
                    assert!(confidence.is_some_and(|sure| sure > 0.0 && sure <= 1.0), "{confidence:?}");
                    return Answer { times, prompt_n, decode_n, decode_ms, finish, text };
                }
                other => panic!("{other:?}"),
            }
        }
    }

    fn ends_with_its_stdin(mut self) {
        drop(self.child.stdin.take());
        assert!(self.child.wait().expect("it exits").success());
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        // It may have exited already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug)]
struct Answer {
    times: Vec<u64>,
    prompt_n: u32,
    decode_n: u32,
    decode_ms: f64,
    finish: Finish,
    text: String,
}

fn cached_model() -> Option<PathBuf> {
    let cache = std::env::var_os("EDGESOAK_CACHE").map(PathBuf::from).or_else(|| {
        let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
        Some(std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(home)?.join("edgesoak"))
    })?;
    Some(cache.join("SmolLM2-135M-Instruct.Q4_1.gguf")).filter(|model| model.is_file())
}

fn load(artifact: &str, device: &str, threads: u32) -> Request {
    let (artifact, requested_device) = (artifact.to_owned(), device.to_owned());
    Request::Load { artifact, sha256: "0".repeat(64), requested_device, threads, ctx: 1024 }
}

fn generate(prompt: &str, max_new: u32, ignore_eos: bool) -> Request {
    Request::Generate {
        id: 9,
        prompt: prompt.to_owned(),
        max_new,
        greedy: true,
        ignore_eos,
        want_text: true,
        images: Vec::new(),
    }
}

const QUESTION: &str = "<|im_start|>user\nName two parts of a pump.<|im_end|>\n<|im_start|>assistant\n";

#[test]
fn what_cannot_work_is_refused_by_its_stable_word() {
    let broken = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(broken.path(), b"GGUF\x03\x00\x00\x00 and then nothing").expect("it is writable");
    let broken = broken.path().to_string_lossy();
    let mut runner = Runner::start();
    runner.send(&Request::Hello { version: VERSION });
    let event = runner.event();
    assert!(
        matches!(&event, Event::Caps { devices, .. } if devices.contains(&"cpu".to_owned())),
        "{event:?}"
    );
    for (request, code) in [
        (Request::Hello { version: VERSION + 1 }, "bad-request"),
        (generate("x", 1, true), "bad-request"),
        (load("/nowhere/model.gguf", "cpu", 1), "load-failed"),
        (load("/", "cpu", 1), "load-failed"),
        (load(&broken, "cpu", 1), "load-failed"),
        (load(&broken, "cpu", 0), "bad-request"),
    ] {
        runner.send(&request);
        assert_eq!(runner.refusal(), code, "{request:?}");
    }
    runner.line("{\"request\":\"sing\"}");
    assert_eq!(runner.refusal(), "bad-request");
    runner.ends_with_its_stdin();
}

#[test]
fn greedy_text_repeats_exactly_and_counts_are_exact() {
    let Some(mut runner) = Runner::loaded() else { return };
    for (prompt, tokens) in [("<|im_start|>", 1), ("<|im_start|><|im_end|>", 2), ("12345", 5)] {
        assert_eq!(runner.answer(prompt, 1, true).prompt_n, tokens, "{prompt}");
    }
    let first = runner.answer(QUESTION, 24, true);
    assert_eq!((first.decode_n, first.finish), (24, Finish::Length));
    assert!(!first.text.trim().is_empty());
    let other = runner.answer("Rain in April", 24, true);
    assert_ne!(other.text, first.text);
    let again = runner.answer(QUESTION, 24, true);
    assert_eq!(again.text, first.text, "nothing of the prompt between them is left in the cache");
    let ours_ms = (again.times[23] - again.times[0]) as f64 / 1e6;
    println!(
        "engine {:.2} ms, token times {ours_ms:.2} ms, ratio {:.5}",
        again.decode_ms,
        again.decode_ms / ours_ms
    );
    runner.ends_with_its_stdin();
}

#[test]
fn prompts_of_more_than_one_batch_are_counted_and_repeat() {
    let Some(mut runner) = Runner::loaded() else { return };
    // 513 tokens leave one for a batch of its own, which the engine's timers call decode.
    let long = "1".repeat(513);
    let answers = [runner.answer(&long, 3, true), runner.answer(&long, 3, true)];
    assert_eq!(answers[0].prompt_n, 513);
    assert_eq!(answers[0].text, answers[1].text);
}

#[test]
fn a_prompt_ends_by_itself_by_stop_or_not_at_all() {
    let Some(mut runner) = Runner::loaded() else { return };
    let natural = runner.answer("<|im_start|>user\nSay: yes<|im_end|>\n<|im_start|>assistant\n", 400, false);
    assert_eq!(natural.finish, Finish::Eos, "{natural:?}");
    assert!(natural.decode_n < 400);

    runner.send(&generate(QUESTION, 900, true));
    runner.send(&Request::Stop {});
    let stopped = runner.rest();
    assert_eq!(stopped.finish, Finish::Stopped);
    assert!(stopped.decode_n < 900);

    runner.send(&generate(QUESTION, 1024, true));
    assert_eq!(runner.refusal(), "prompt-too-long");
    runner.send(&generate("", 4, true));
    assert_eq!(runner.refusal(), "bad-request");
    let after = runner.answer(QUESTION, 2, true);
    assert_eq!(after.decode_n, 2, "refusals leave the runner usable");

    runner.send(&generate(QUESTION, 900, true));
    runner.ends_with_its_stdin();
}
