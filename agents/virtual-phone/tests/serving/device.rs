//! A phone that is served, and an agent with a home on it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Once;
use std::time::{Duration, Instant};

use edgesoak_agent::sha256_hex;
use edgesoak_protocol::job::{
    Artifact, Job, Phases, Runner, Sampling, StopAt, TemplateSource, VERSION, Workload,
};
use edgesoak_protocol::journal::{Ending, Entry, Frame, Header, read_all};
use edgesoak_protocol::probe::Probe;
use serde_json::Value;
use tempfile::TempDir;

pub const PHONE: &str = env!("CARGO_BIN_EXE_edgesoak-virtual-phone");
/// A word of the prompts.
pub const SECRET: &str = "impeller-clearance-secret";
/// Longer than anything here takes; reached only when something hangs.
pub const PATIENCE: Duration = Duration::from_mins(1);
const TEMPLATE: &str =
    "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}assistant:";
const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/models/dense-350m-q4.toml");

/// A served phone.
pub struct Served {
    pub child: Child,
    stdin: Option<ChildStdin>,
    outside: TempDir,
}

impl Served {
    pub fn start(arguments: &[&str]) -> Self {
        let outside = tempfile::tempdir().expect("a folder");
        let mut child = Command::new(PHONE)
            .arg("serve")
            .args(arguments)
            .arg(outside.path().join("phone"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the phone can be executed");
        let mut line = String::new();
        let out = child.stdout.take().expect("piped");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let place: Value = serde_json::from_str(&line).expect("one line of JSON says where it is");
        let served = Self { stdin: child.stdin.take(), child, outside };
        assert_eq!(Path::new(place["root"].as_str().expect("a root")).file_name(), served.root().file_name());
        served
    }

    /// The folder of its system.
    pub fn root(&self) -> PathBuf {
        self.outside.path().join("phone")
    }

    /// A file of its system.
    pub fn text(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).expect(path)
    }

    /// Its caller goes away.
    pub fn leave(&mut self) {
        self.stdin = None;
    }

    /// Waits for its end.
    pub fn end(&mut self) -> Option<i32> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("it does not end");
    }

    pub fn agent(&self, words: &[&str]) -> Command {
        let mut command = Command::new(agent());
        command
            .args(words)
            .arg("--root")
            .arg(self.root())
            .arg("--programs")
            .arg(self.root().join("programs"));
        command
    }

    pub fn probe(&self) -> Probe {
        let output = self.agent(&["probe"]).output().expect("the agent can be executed");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("one document")
    }

    /// Starts a session and waits until its runtime satisfies `wanted`, which gets the system's folder and the process;
    /// what it gave.
    pub fn during<T>(&self, job: &Job, wanted: impl Fn(&Path, u32) -> Option<T>) -> T {
        let home = lay_out(self.outside.path(), job);
        self.command("start", job, &home);
        let journal = home.join("sessions/run").join(&job.session).join("journal");
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            let read = fs::read(&journal).ok().and_then(|bytes| read_all(&bytes).ok());
            let pid = read.iter().flat_map(|(_, entries, _)| entries).find_map(|entry| match entry.frame {
                Frame::RuntimeStarted { pid, .. } => Some(pid),
                _ => None,
            });
            if let Some(given) = pid.and_then(|pid| wanted(&self.root(), pid)) {
                return given;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("nothing of the kind within {PATIENCE:?}");
    }

    /// Runs a session to its end; its journal.
    pub fn soak(&self, job: &Job) -> (Header, Vec<Entry>) {
        let home = lay_out(self.outside.path(), job);
        self.command("start", job, &home);
        self.command("follow", job, &home);
        let bytes =
            fs::read(home.join("sessions/run").join(&job.session).join("journal")).expect("a journal");
        let (header, entries, ending) = read_all(&bytes).expect("it can be read");
        assert_eq!(ending, Ending::Finished);
        (header, entries)
    }

    fn command(&self, word: &str, job: &Job, home: &Path) {
        let name = format!("run/{}", job.session);
        let output = self.agent(&[word, "--session", &name]).arg("--home").arg(home).output();
        let output = output.expect("the agent can be executed");
        assert!(output.status.success(), "{word}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// A soak of this phone: prompts of one length on a device of it.
    pub fn job(&self, session: &str, requested_device: &str, output_tokens: u32, soak_ms: u64) -> Job {
        let args = ["runner", "--phone"].map(str::to_owned).into_iter();
        let args = args.chain([self.root().display().to_string()]).collect();
        made_job(args, session, requested_device, (output_tokens, soak_ms))
    }
}

impl Drop for Served {
    /// A failed test must leave nothing behind.
    fn drop(&mut self) {
        let home = self.outside.path().join("home");
        for session in fs::read_dir(home.join("sessions/run")).into_iter().flatten().flatten() {
            let name = format!("run/{}", session.file_name().to_string_lossy());
            let stop = ["stop", "--patience-ms", "0", "--session", &name];
            let _ = self.agent(&stop).arg("--home").arg(&home).output();
        }
        self.stdin = None;
        let until = Instant::now() + Duration::from_secs(5);
        while Instant::now() < until && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A soak: prompts of one length on a device of the phone, with arguments of the runner.
pub fn made_job(
    args: Vec<String>,
    session: &str,
    requested_device: &str,
    (output_tokens, soak_ms): (u32, u64),
) -> Job {
    let artifact = |path: &str, bytes: &[u8]| Artifact { path: path.to_owned(), sha256: sha256_hex(bytes) };
    Job {
        version: VERSION,
        run: "run".to_owned(),
        session: session.to_owned(),
        runner: Runner {
            program: "bin/runner".to_owned(),
            args,
            requested_device: requested_device.to_owned(),
            threads: 2,
            ctx: 2048,
            silence_limit_ms: 20_000,
        },
        artifact: artifact("store/model", &fs::read(MODEL).expect("a model")),
        workload: Workload {
            prompts: artifact("prompts.jsonl", prompts().as_bytes()),
            // The agent itself reads templates from GGUF files only.
            template: TemplateSource::File(artifact("chat.jinja", TEMPLATE.as_bytes())),
            retrieval: None,
            output_tokens,
            is_of_items: false,
            think_time_ms: 0,
            images: Vec::new(),
        },
        phases: Phases { warm_tokens: 8, soak_ms, recovery: None },
        sampling: Sampling { fast_period_ms: 100, slow_period_ms: 1000, command_period_ms: 10_000 },
        stop_at: StopAt::default(),
        settle: None,
        settings: Vec::new(),
        unplug: None,
        answering: None,
        local_only: false,
    }
}

/// Lays a session's files out; the agent's home, with a runner and a model.
pub fn lay_out(outside: &Path, job: &Job) -> PathBuf {
    let home = outside.join("home");
    for part in ["bin", "store", "sessions"] {
        fs::create_dir_all(home.join(part)).expect("made");
    }
    fs::copy(PHONE, home.join("bin/runner")).expect("copied");
    fs::copy(MODEL, home.join("store/model")).expect("copied");
    let dir = home.join("sessions/run").join(&job.session);
    fs::create_dir_all(&dir).expect("made");
    fs::write(dir.join("prompts.jsonl"), prompts()).expect("written");
    fs::write(dir.join("chat.jinja"), TEMPLATE).expect("written");
    fs::write(dir.join("job.json"), serde_json::to_vec(job).expect("encodes")).expect("written");
    home
}

fn prompts() -> String {
    let line = |id: &str| {
        format!(r#"{{"id":"{id}","messages":[{{"role":"user","content":"what about {SECRET} {id}?"}}]}}"#)
            + "\n"
    };
    ["one", "two", "three"].map(line).concat()
}

/// The agent lies beside the phone; it is built here, since an older one may lie there.
fn agent() -> PathBuf {
    static BUILT: Once = Once::new();
    BUILT.call_once(|| {
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "-p", "edgesoak-agent"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status()
            .expect("cargo can be executed");
        assert!(built.success(), "the agent builds");
    });
    Path::new(PHONE).with_file_name("edgesoak-agent")
}
