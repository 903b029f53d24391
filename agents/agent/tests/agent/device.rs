//! A made-up device: a home with a runner, an artifact and sessions.

use std::fmt::Write;
use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Once;
use std::time::{Duration, Instant};

use edgesoak_protocol::job::{
    Artifact, Job, Phases, Runner, Sampling, StopAt, TemplateSource, VERSION, Workload,
};
use edgesoak_protocol::journal::{Ending, Entry, FinishReason, Frame, Header, read_all};
use edgesoak_protocol::probe::{Started, Status};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// A word of the prompts that must turn up nowhere else.
pub const SECRET: &str = "impeller-clearance-secret";
/// Longer than any session of these tests; reached only when something hangs.
const PATIENCE: Duration = Duration::from_mins(1);

pub struct Device {
    dir: TempDir,
    /// Where the agent looks for the operating system's files.
    pub system: PathBuf,
    /// Programs that play those of a device, where the system is a tree.
    pub programs: Option<PathBuf>,
}

impl Device {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let device = Self { dir, system: PathBuf::from("/"), programs: None };
        fs::DirBuilder::new().mode(0o700).create(device.root()).expect("made");
        for part in ["bin", "store", "sessions"] {
            fs::create_dir(device.root().join(part)).expect("made");
        }
        fs::copy(scripted_runner(), device.root().join("bin/runner")).expect("the runner is copied");
        fs::write(device.root().join("store/model"), "weights").expect("written");
        device
    }

    pub fn root(&self) -> PathBuf {
        self.dir.path().join("root")
    }

    pub fn outside(&self) -> &Path {
        self.dir.path()
    }

    pub fn session_dir(&self, session: &str) -> PathBuf {
        self.root().join("sessions/run").join(session)
    }

    /// A short job: eight warm tokens, then prompts of ten tokens, 4 ms each, for half a second.
    pub fn job(session: &str, runner_args: &[&str]) -> Job {
        let arguments = ["--prefill-ms", "10", "--itl-ms", "4"];
        let args = arguments.iter().chain(runner_args).map(ToString::to_string).collect();
        Job {
            version: VERSION,
            run: "run".to_owned(),
            session: session.to_owned(),
            runner: Runner {
                program: "bin/runner".to_owned(),
                args,
                requested_device: "cpu".to_owned(),
                threads: 1,
                ctx: 512,
                silence_limit_ms: 20_000,
            },
            artifact: Artifact { path: "store/model".to_owned(), sha256: sha256(b"weights") },
            workload: Workload {
                prompts: Artifact { path: "prompts.jsonl".to_owned(), sha256: sha256(prompts().as_bytes()) },
                template: TemplateSource::File(Artifact {
                    path: "chat.jinja".to_owned(),
                    sha256: sha256(TEMPLATE.as_bytes()),
                }),
                retrieval: None,
                output_tokens: 10,
                is_of_items: false,
                think_time_ms: 0,
                images: Vec::new(),
            },
            phases: Phases { warm_tokens: 8, soak_ms: 500, recovery: None },
            sampling: Sampling { fast_period_ms: 100, slow_period_ms: 1000, command_period_ms: 10_000 },
            stop_at: StopAt::default(),
            settle: None,
            settings: Vec::new(),
            unplug: None,
            answering: None,
            local_only: false,
        }
    }

    /// Lays a session's files out without starting it.
    pub fn push(&self, job: &Job) {
        let dir = self.session_dir(&job.session);
        fs::create_dir_all(&dir).expect("made");
        fs::write(dir.join("prompts.jsonl"), prompts()).expect("written");
        fs::write(dir.join("chat.jinja"), TEMPLATE).expect("written");
        fs::write(dir.join("job.json"), serde_json::to_vec(job).expect("encodes")).expect("written");
    }

    /// A command of the agent on this device.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_edgesoak-agent"));
        command.args(words).arg("--home").arg(self.root()).arg("--root").arg(&self.system);
        if let Some(programs) = &self.programs {
            command.arg("--programs").arg(programs);
        }
        command
    }

    pub fn output(&self, words: &[&str]) -> Output {
        self.command(words).output().expect("the agent can be executed")
    }

    /// Pushes and starts a session that must start.
    pub fn start(&self, job: &Job) -> Started {
        self.push(job);
        let output = self.output(&["start", "--session", &format!("run/{}", job.session)]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("start prints one document")
    }

    /// Follows a session to its end: exit code and stream.
    pub fn follow(&self, session: &str, from: u64) -> (Option<i32>, Vec<u8>) {
        let output =
            self.output(&["follow", "--session", &format!("run/{session}"), "--from", &from.to_string()]);
        (output.status.code(), output.stdout)
    }

    pub fn status(&self, session: &str) -> Status {
        let output = self.output(&["status", "--session", &format!("run/{session}")]);
        serde_json::from_slice(&output.stdout).expect("status prints one document")
    }

    pub fn journal_bytes(&self, session: &str) -> Vec<u8> {
        fs::read(self.session_dir(session).join("journal")).expect("there is a journal")
    }

    pub fn journal(&self, session: &str) -> (Header, Vec<Entry>, Ending) {
        read_all(&self.journal_bytes(session)).expect("the journal is readable")
    }

    /// Runs a job to its end and returns its frames and why it ended.
    pub fn run(&self, job: &Job) -> (Vec<Frame>, FinishReason, String) {
        self.start(job);
        self.finish(&job.session)
    }

    /// Waits for the end of a session.
    pub fn finish(&self, session: &str) -> (Vec<Frame>, FinishReason, String) {
        let (code, _) = self.follow(session, 0);
        assert_eq!(code, Some(0), "the session must finish");
        let (_, entries, ending) = self.journal(session);
        assert_eq!(ending, Ending::Finished);
        let frames: Vec<Frame> = entries.into_iter().map(|entry| entry.frame).collect();
        let Some(Frame::Finished { reason, detail }) = frames.last().cloned() else {
            panic!("the last frame must be Finished");
        };
        (frames, reason, detail)
    }

    /// Waits until a frame of the session's journal satisfies `wanted`, and returns what it gave.
    pub fn wait_for<T>(&self, session: &str, wanted: impl Fn(&Frame) -> Option<T>) -> T {
        let path = self.session_dir(session).join("journal");
        wait_until(|| {
            let (_, entries, _) = read_all(&fs::read(&path).ok()?).ok()?;
            entries.iter().find_map(|entry| wanted(&entry.frame))
        })
    }

    /// Process id of the runner, once it has loaded.
    pub fn runner_pid(&self, session: &str) -> u32 {
        self.wait_for(session, |frame| match frame {
            Frame::RuntimeStarted { pid, .. } => Some(*pid),
            _ => None,
        })
    }
}

impl Drop for Device {
    /// A failed test must not leave its agent behind.
    fn drop(&mut self) {
        let Ok(sessions) = fs::read_dir(self.root().join("sessions/run")) else { return };
        for session in sessions.flatten() {
            let name = format!("run/{}", session.file_name().to_string_lossy());
            let _ = self.command(&["stop", "--patience-ms", "0", "--session", &name]).output();
        }
    }
}

const TEMPLATE: &str =
    "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}assistant:";

fn prompts() -> String {
    ["one", "two", "three"].iter().fold(String::new(), |text, id| {
        let line = format!(
            r#"{{"id":"{id}","messages":[{{"role":"user","content":"what about {SECRET} {id}?"}}]}}"#
        );
        text + &line + "\n"
    })
}

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("memory takes it");
        text
    })
}

/// Asks again and again, with a bound that only a hang reaches.
pub fn wait_until<T>(mut ask: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(started.elapsed() < PATIENCE, "nothing came in {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Whether a process exists and is no zombie that waits for its parent.
pub fn is_alive(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat"))
        .is_ok_and(|stat| !stat.rsplit(')').next().unwrap_or_default().trim_start().starts_with('Z'))
}

pub fn kill(signal: &str, pid: u32) {
    let status = Command::new("kill").args([signal, &pid.to_string()]).status().expect("kill exists");
    assert!(status.success(), "process {pid} can be signalled");
}

/// The scripted runner lies beside the agent; it is built here if nobody has yet.
fn scripted_runner() -> PathBuf {
    static BUILT: Once = Once::new();
    let path = Path::new(env!("CARGO_BIN_EXE_edgesoak-agent")).with_file_name("edgesoak-scripted-runner");
    BUILT.call_once(|| {
        if !path.exists() {
            let built = Command::new(env!("CARGO"))
                .args(["build", "-p", "edgesoak-scripted-runner"])
                .current_dir(env!("CARGO_MANIFEST_DIR"))
                .status()
                .expect("cargo can be executed");
            assert!(built.success(), "the scripted runner builds");
        }
    });
    path
}
