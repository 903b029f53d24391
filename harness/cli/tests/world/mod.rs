//! An isolated world for the binary: its own folder, matrix, state, cache and agents, and nothing of the host's.

#![expect(dead_code, reason = "every test file uses its own part of the world")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use assert_cmd::assert::OutputAssertExt;

/// Length of a soak in this world: long enough for a burst window of 10 s to be missing.
pub const SOAK_SECONDS: u32 = 2;
/// Decode rate of the scripted runner, tokens/s: one token each 5 ms.
pub const TOKENS_PER_SECOND: f64 = 200.0;

/// A folder with everything that a run needs, and a scripted runner in place of an engine.
pub struct World {
    folder: tempfile::TempDir,
}

impl World {
    /// A world with one device, one route and one scripted candidate.
    pub fn new() -> Self {
        Self::with_runner_args("\"--prefill-ms\", \"10\", \"--itl-ms\", \"5\"")
    }

    /// The same with other arguments for the scripted runner, as they stand in the matrix.
    pub fn with_runner_args(args: &str) -> Self {
        let world = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        world.write("prompts.jsonl", &prompts());
        world.write("template.jinja", "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}");
        world.write("model.bin", MODEL);
        world.write(
            "device_matrix.toml",
            &MATRIX.replace("ARGS", args).replace("SOAK", &SOAK_SECONDS.to_string()),
        );
        world
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file into it.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).expect("a file of the world");
    }

    /// Makes the world's folder a checkout whose only branch holds this matrix; the matrix that lies there stays what it is.
    pub fn branch(&self, name: &str, matrix: &str) {
        let (path, here) = (self.path().join("device_matrix.toml"), self.matrix());
        fs::write(&path, matrix).expect("the branch's matrix");
        let git = |arguments: &str| {
            let identity = ["-c", "user.name=lab", "-c", "user.email=lab@example.org"];
            let mut git = Command::new("git");
            let ran = git
                .arg("-C")
                .arg(self.path())
                .args(identity)
                .args(arguments.split(' '))
                .output()
                .expect("git");
            assert!(ran.status.success(), "{arguments}: {}", String::from_utf8_lossy(&ran.stderr));
        };
        git(&format!("init --quiet --initial-branch={name}"));
        git("add device_matrix.toml");
        git("commit --quiet --message=protected");
        fs::write(&path, here).expect("the world's matrix");
    }

    /// The matrix as it lies there.
    pub fn matrix(&self) -> String {
        fs::read_to_string(self.path().join("device_matrix.toml")).expect("the world's matrix")
    }

    /// `edgesoak` in this world, seeing nothing of the host's environment.
    pub fn edgesoak(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_edgesoak"));
        command
            .current_dir(self.path())
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", self.path())
            .env("NO_COLOR", "1")
            // Neither ports nor servers of the host: tests plug in what they need.
            .env("EDGESOAK_USB", self.path().join("usb"))
            .env("ANDROID_ADB_SERVER_PORT", "1")
            .env("EDGESOAK_AGENTS", agents());
        command
    }

    /// Runs `edgesoak` with these arguments, separated by blanks.
    pub fn call(&self, arguments: &str) -> Spoken {
        self.call_with(arguments, agents())
    }

    /// The same with the programs for devices of another folder.
    pub fn call_with(&self, arguments: &str, agents: &Path) -> Spoken {
        let mut command = self.edgesoak();
        command.env("EDGESOAK_AGENTS", agents);
        let output = command.args(arguments.split_whitespace()).assert().get_output().clone();
        Spoken {
            exit: output.status.code(),
            stdout: self.steady(&output.stdout),
            stderr: self.steady(&output.stderr),
        }
    }

    /// Text without this world's folder.
    fn steady(&self, bytes: &[u8]) -> String {
        String::from_utf8_lossy(bytes).replace(&*self.path().to_string_lossy(), "WORLD")
    }
}

/// What a command said.
#[derive(Debug)]
pub struct Spoken {
    /// Exit code.
    pub exit: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Spoken {
    /// Standard output as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("no JSON ({error}):\n{}\n{}", self.stdout, self.stderr))
    }

    /// The last line on stderr.
    pub fn last_line(&self) -> &str {
        self.stderr.lines().last().unwrap_or_default()
    }

    /// The whole of it, for a snapshot.
    pub fn transcript(&self) -> String {
        format!("exit: {:?}\n--- stdout\n{}\n--- stderr\n{}", self.exit, self.stdout, self.stderr)
    }
}

/// The gate of the only session in a verdict.
pub fn gate<'a>(run: &'a serde_json::Value, name: &str) -> &'a serde_json::Value {
    run["sessions"][0]["gates"]
        .as_array()
        .and_then(|gates| gates.iter().find(|gate| gate["gate"] == name))
        .unwrap_or_else(|| panic!("no gate {name} in {run:#}"))
}

/// The folder with the agent and the scripted runner of this build.
fn agents() -> &'static Path {
    static AGENTS: OnceLock<PathBuf> = OnceLock::new();
    AGENTS.get_or_init(|| {
        let folder =
            Path::new(env!("CARGO_BIN_EXE_edgesoak")).parent().expect("a folder of programs").to_owned();
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--locked", "-p", "edgesoak-agent", "-p", "edgesoak-scripted-runner"])
            .status()
            .expect("cargo starts");
        assert!(built.success(), "agent and scripted runner build");
        folder
    })
}

/// The same folder, with these programs built too.
pub fn agents_with(packages: &[&str]) -> &'static Path {
    static BUILT: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());
    let folder = agents();
    let mut built = BUILT.lock().expect("no test panics while it builds");
    for package in
        packages.iter().filter(|package| !built.iter().any(|known| known == *package)).collect::<Vec<_>>()
    {
        let status =
            Command::new(env!("CARGO")).args(["build", "--quiet", "--locked", "-p", package]).status();
        assert!(status.expect("cargo starts").success(), "{package} builds");
        built.push((*package).to_owned());
    }
    folder
}

const MODEL: &str = "a scripted runner reads no model";

fn prompts() -> String {
    let item = |n: u32| serde_json::json!({ "id": format!("p{n}"), "messages": [{ "role": "user", "content": format!("Question {n}?") }] });
    (0..4).map(item).map(|item| item.to_string() + "\n").collect()
}

const MATRIX: &str = r#"schema = 1

[policy.tier.pr]
blocking = ["artifact", "placement", "journal", "runtime_alive", "floor_tps"]

[policy.tier.smoke]
blocking = ["artifact", "placement", "journal", "runtime_alive"]

[family.host]
title = "This machine"
hardware_heat = false

[[device]]
id = "this-machine"
family = "host"
driver = "local"
power = "mains"

[route.policy_qa]
title = "Policy questions"
local_only = true
workload = "soak"
bars = { floor_tps = "8 tokens/s", ttft_p50 = "5 s" }

[workload.soak]
duration = "SOAK s"
prompts = "prompts.jsonl"
output_tokens = 32
template = "template.jinja"

[candidate.scripted]
routes = ["policy_qa"]
runtime = "scripted-runner"
artifact = { path = "model.bin", sha256 = "6bb61a44022eb1958310a030e3dc23095b0ab2b1dccc58bffc9038697f971d59" }
placement = "cpu"
options = { args = [ARGS] }

[profile.quick]
tier = "pr"
devices = ["this-machine"]

[profile.soak]
tier = "pr"
devices = ["this-machine"]

[profile.smoke]
tier = "smoke"
devices = ["this-machine"]
"#;
