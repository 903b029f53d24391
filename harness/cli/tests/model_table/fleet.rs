//! The model table as recorded by virtual phones, in a process of their own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde::Deserialize;

/// A gate that must or may be red, and its cause.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Red {
    pub gate: String,
    pub cause: String,
}

/// What the model knows of a soak.
#[derive(Debug, Clone, Deserialize)]
pub struct Truth {
    pub burst_tps: Option<f64>,
    pub sustained_tps: Option<f64>,
    pub floor_tps: Option<f64>,
    pub time_to_throttle_s: Option<f64>,
    pub joules: f64,
    pub tokens: u64,
    pub memory_mib_per_min: Option<f64>,
}

/// Two clocks of a device at one moment.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Clocks {
    pub mono_ns: u64,
    pub boottime_ns: u64,
}

/// One row with what became of it.
#[derive(Debug, Clone, Deserialize)]
pub struct Line {
    pub session: String,
    pub name: String,
    /// Name of the row without its fault.
    pub twin: String,
    pub profile: String,
    pub candidate: String,
    /// Its description.
    pub model: String,
    pub device: String,
    pub threads: u32,
    pub seed: u64,
    pub fault: Option<String>,
    pub planted: Option<Red>,
    pub red: Vec<Red>,
    /// Words of gates.
    pub also: Vec<String>,
    /// Word of the cause that a slowdown must be given.
    pub slowed_by: Option<String>,
    pub stop_at_c: Option<f64>,
    pub soak_ms: u64,
    pub output_tokens: u32,
    pub artifact_sha256: String,
    pub prompts_sha256: String,
    pub is_mains: bool,
    pub tells_heat: bool,
    pub ambient_c: f64,
    pub begin: Clocks,
    pub end: Clocks,
    pub took_ns: u64,
    pub is_off: bool,
    pub truth: Option<Truth>,
    /// Floor of a device that was drawn, once it is at rest, here and in warmer air; nothing where it switches itself off.
    pub rest_tps: Option<f64>,
    pub warmer_rest_tps: Option<f64>,
}

impl Line {
    /// What the gates of this row are judged by.
    pub fn truth(&self) -> &Truth {
        self.truth.as_ref().unwrap_or_else(|| panic!("{} has no soak", self.name))
    }
}

/// What of the table is recorded.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
    Whole,
    /// Units of every healthy kind of device, from a seed on: its rows take turns.
    Units {
        first: u32,
        count: u32,
    },
    /// The rows of these names, as the product runs them: their soaks extended until the device has settled.
    Settled {
        /// As jobs have it.
        rule: &'a str,
        names: &'a [&'a str],
    },
    /// Every healthy row of this seed without a fault and with each of these, a rest and a burst behind its soak.
    Planted {
        seed: u64,
        faults: &'a [String],
    },
    /// Devices that nobody built, by their seeds, and what becomes of them after hours.
    Drawn {
        first: u32,
        count: u32,
        /// As jobs have it, where soaks are extended until the device has settled.
        rule: Option<&'a str>,
    },
}

/// Records into a run's folder.
pub fn record(run_dir: &Path, part: Part) -> Vec<Line> {
    let mut command = Command::new(recorder());
    command.arg(run_dir);
    match part {
        Part::Whole => {}
        Part::Units { first, count } => {
            command.args([first.to_string(), count.to_string()]);
        }
        Part::Settled { rule, names } => {
            command.args(["settled", rule]).args(names);
        }
        Part::Planted { seed, faults } => {
            command.args(["planted", &seed.to_string()]).args(faults);
        }
        Part::Drawn { first, count, rule } => {
            command.args(["drawn", &first.to_string(), &count.to_string()]).args(rule);
        }
    }
    let output = command.output().expect("the recorder starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).expect("text");
    lines.lines().map(|line| serde_json::from_str(line).expect("a line of the table")).collect()
}

/// The recorder of this build.
fn recorder() -> &'static Path {
    static RECORDER: OnceLock<PathBuf> = OnceLock::new();
    RECORDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_BIN_EXE_edgesoak")).parent().expect("a folder of programs");
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--locked", "-p", "edgesoak-virtual-phone", "--example", "fleet"]);
        if !cfg!(debug_assertions) {
            build.arg("--release");
        }
        assert!(build.status().expect("cargo starts").success(), "the recorder builds");
        folder.join("examples/fleet")
    })
}
