//! The whole binary over its pipes.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};

use edgesoak_protocol::runner::{Event, Finish, Request, VERSION};

struct Runner {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Runner {
    fn start(args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_edgesoak-scripted-runner"))
            .args(["--load-ms", "0", "--prefill-ms", "1", "--itl-ms", "1"])
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the runner starts");
        let lines = BufReader::new(child.stdout.take().expect("stdout is piped")).lines();
        Self { child, lines }
    }

    fn loaded(args: &[&str]) -> Self {
        let mut runner = Self::start(args);
        runner.send(&Request::Hello { version: VERSION });
        assert!(matches!(runner.event(), Event::Caps { runtime, .. } if runtime == "scripted"));
        runner.send(&load());
        assert!(matches!(runner.event(), Event::Loaded { .. }));
        runner
    }

    fn send(&mut self, request: &Request) {
        let stdin = self.child.stdin.as_mut().expect("stdin is piped");
        writeln!(stdin, "{}", serde_json::to_string(request).expect("requests are JSON")).expect("it reads");
    }

    fn event(&mut self) -> Event {
        let line = self.lines.next().expect("a line follows").expect("it is text");
        serde_json::from_str(&line).expect("it is an event")
    }

    /// Time stamps and the closing event of the prompt in flight.
    fn prompt(&mut self) -> (Vec<u64>, Event) {
        let mut times = Vec::new();
        loop {
            match self.event() {
                Event::FirstToken { t_ns, .. } => times.push(t_ns),
                Event::Tokens { t_ns, .. } => times.extend(t_ns),
                other => return (times, other),
            }
        }
    }
}

fn load() -> Request {
    Request::Load {
        artifact: env!("CARGO_MANIFEST_DIR").to_owned() + "/Cargo.toml",
        sha256: "0".repeat(64),
        requested_device: "cpu".to_owned(),
        threads: 1,
        ctx: 512,
    }
}

fn generate(max_new: u32, ignore_eos: bool, want_text: bool) -> Request {
    let prompt = "three short words".to_owned();
    Request::Generate { id: 7, prompt, max_new, greedy: true, ignore_eos, want_text, images: Vec::new() }
}

#[test]
fn a_forced_answer_has_exactly_its_length_and_rising_times() {
    let mut runner = Runner::loaded(&["--jitter-seed", "3"]);
    for _ in 0..2 {
        runner.send(&generate(40, true, true));
        let (times, done) = runner.prompt();
        assert_eq!(times.len(), 40);
        assert!(times.is_sorted_by(|a, b| a < b));
        let Event::Done { id: 7, prompt_n: 3, decode_n: 40, decode_ms, finish: Finish::Length, text, .. } =
            done
        else {
            panic!("{done:?}")
        };
        assert_eq!(text.map(|text| text.split(' ').count()), Some(40));
        assert!((decode_ms - (times[39] - times[0]) as f64 / 1e6).abs() < 1e-3);
    }
    drop(runner.child.stdin.take());
    assert!(runner.child.wait().expect("it exits").success(), "the end of stdin ends the runner");
}

#[test]
fn an_answer_may_end_by_itself_or_be_stopped() {
    let mut runner = Runner::loaded(&["--eos-after", "5"]);
    runner.send(&generate(40, false, false));
    assert!(matches!(runner.prompt().1, Event::Done { decode_n: 5, finish: Finish::Eos, text: None, .. }));
    runner.send(&generate(1_000_000, true, false));
    runner.send(&Request::Stop {});
    let (times, done) = runner.prompt();
    let Event::Done { decode_n, finish: Finish::Stopped, .. } = done else { panic!("{done:?}") };
    assert_eq!(times.len(), decode_n as usize);
    assert!((1..1_000_000).contains(&decode_n));
}

#[test]
fn a_scripted_answer_is_given_word_by_word() {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("answers.jsonl");
    std::fs::write(
        &file,
        "{\"asked\":\"short words\",\"answer\":\"ten drops\\nper minute\",\"confidence\":0.75}\n",
    )
    .expect("written");
    let mut runner = Runner::loaded(&["--answers", file.to_str().expect("a path")]);
    std::fs::remove_file(&file).expect("it was there");
    runner.send(&generate(40, false, true));
    let Event::Done { decode_n, finish, text, confidence, .. } = runner.prompt().1 else {
        panic!("it is done")
    };
    assert_eq!(confidence, Some(0.75));
    assert_eq!((decode_n, finish, text.as_deref()), (4, Finish::Eos, Some("ten drops\nper minute")));
    runner.send(&generate(2, false, true));
    let Event::Done { decode_n, finish, text, .. } = runner.prompt().1 else { panic!("it is done") };
    assert_eq!((decode_n, finish, text.as_deref()), (2, Finish::Length, Some("ten drops")));
    runner.send(&generate(3, true, true));
    let Event::Done { text, confidence, .. } = runner.prompt().1 else { panic!("it is done") };
    let given = (text.as_deref(), confidence);
    assert_eq!(given, (Some("word0 word1 word2"), None), "a forced length is no answer");
    runner.send(&generate(40, false, false));
    assert!(matches!(runner.prompt().1, Event::Done { text: None, confidence: None, .. }));
}

#[test]
fn faults_happen_where_they_were_asked_for() {
    let mut lies = Runner::loaded(&["--lie-count", "--backwards-time"]);
    lies.send(&generate(10, true, false));
    let (times, done) = lies.prompt();
    assert!(matches!(done, Event::Done { decode_n: 11, .. }));
    assert_eq!(times.len(), 10);
    assert!(times[2] < times[1]);

    let mut dies = Runner::loaded(&["--die-after-tokens", "4"]);
    dies.send(&generate(10, true, false));
    let before = dies.lines.by_ref().map_while(Result::ok).count();
    assert!(before >= 2, "the tokens before its death were sent");
    assert_eq!(dies.child.wait().expect("it was killed").signal(), Some(9));

    let mut garbles = Runner::loaded(&["--garbage-after", "2"]);
    garbles.send(&generate(10, true, false));
    let broken = garbles.lines.by_ref().take_while(Result::is_ok).count();
    assert_eq!(broken, 2, "first token and one batch, then bytes that are no text");
}

#[test]
fn requests_that_make_no_sense_are_answered() {
    let mut runner = Runner::start(&["--error-on-load"]);
    let mut refused = |request: &Request| {
        runner.send(request);
        matches!(runner.event(), Event::Error { .. })
    };
    assert!(refused(&Request::Hello { version: VERSION + 1 }));
    assert!(refused(&generate(1, true, false)));
    assert!(refused(&load()));
}

impl Drop for Runner {
    fn drop(&mut self) {
        // It may have exited already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
