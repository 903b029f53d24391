//! The devices of a rack, and `edgesoak` as a lab engineer runs it on one of them.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use edgesoak_matrix::Request;
use edgesoak_record::plan::Charger;
use serde_json::Value;

use crate::phone::Phone;

/// Longest run of one minute with everything around it: a cold push of a model takes most of it.
const LONGEST_RUN: Duration = Duration::from_mins(40);

/// What the environment says is to be checked.
pub struct Rack {
    matrix: PathBuf,
    lab: Option<PathBuf>,
    profile: String,
    /// Devices of the matrix that this version can use.
    pub devices: Vec<Device>,
    listing: OnceLock<Result<Value, String>>,
}

/// One device of the rack.
pub struct Device {
    /// Id in the matrix.
    pub id: String,
    /// How adb reaches it, if its driver is `adb`.
    pub phone: Option<Phone>,
    /// A hook of the lab takes it off its charger.
    pub has_hook: bool,
    /// Checks of one device wait for each other: two soaks at once would heat it twice.
    turn: Mutex<()>,
    soak: OnceLock<Result<Value, String>>,
}

/// A run that goes on while something is done to its device.
pub struct Running {
    child: Child,
    out: tempfile::TempDir,
}

/// What a run left.
pub struct Ended {
    /// Its exit code.
    pub exit: Option<i32>,
    /// What it said on stderr.
    pub said: String,
    /// Its verdict, if it printed one.
    pub verdict: Option<Value>,
    /// Bytes of all device journals.
    pub journal_bytes: u64,
}

impl Rack {
    /// Reads the matrix, and from a plan of the profile who is taken off a charger by a hook.
    pub fn read(matrix: &Path) -> Result<Self, String> {
        // Cargo starts tests in the folder of their package; paths are meant from the repository's own.
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let matrix = repository.join(matrix);
        let lab = env::var_os("EDGESOAK_RACK_LAB").map(|lab| repository.join(lab));
        let profile = env::var("EDGESOAK_RACK_PROFILE").unwrap_or_else(|_| "quick".to_owned());
        let read = edgesoak_matrix::load(&matrix).map_err(|error| error.to_string())?;
        let hook = |id: &str| {
            let request = Request {
                profile: Some(&profile),
                devices: &[id.to_owned()],
                lab: lab.as_deref(),
                ..Request::default()
            };
            let plan = read.plan(&request).map_err(|error| format!("{id}: {error}"))?;
            Ok::<_, String>(
                plan.sessions
                    .first()
                    .is_some_and(|session| matches!(session.device.beside.charger, Some(Charger::Hook(_)))),
            )
        };
        let devices =
            read.devices().iter().filter(|entry| entry.driver != "virtual" && entry.unusable.is_none());
        let devices = devices
            .map(|entry| {
                Ok(Device {
                    id: entry.id.clone(),
                    phone: (entry.driver == "adb").then(|| Phone::at(&entry.address)).transpose()?,
                    has_hook: hook(&entry.id)?,
                    turn: Mutex::new(()),
                    soak: OnceLock::new(),
                })
            })
            .collect::<Result<Vec<_>, String>>()?;
        if devices.is_empty() {
            return Err(format!("{} has no device that stands in a rack", matrix.display()));
        }
        Ok(Self { matrix, lab, profile, devices, listing: OnceLock::new() })
    }

    /// What `edgesoak devices` says of this one; asked once for all of them, while none of them is used.
    pub fn listed(&self, device: &Device) -> Result<Value, String> {
        let listing = self.listing.get_or_init(|| {
            let _turns: Vec<_> = self.devices.iter().map(Device::take_turn).collect();
            let output =
                self.edgesoak(Path::new("edgesoak-out")).args(["devices", "--format", "json"]).output();
            let output = output.map_err(|error| format!("edgesoak does not start: {error}"))?;
            serde_json::from_slice(&output.stdout)
                .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
        });
        let rows = listing.as_ref().map_err(Clone::clone)?.as_array().ok_or("no list of devices")?;
        let row = rows.iter().find(|row| row["device"] == device.id.as_str());
        row.cloned().ok_or_else(|| format!("{} is not listed", device.id))
    }

    /// The verdict of one undisturbed soak, run once for all checks that look at it.
    pub fn soaked<'a>(&self, device: &'a Device) -> Result<&'a Value, String> {
        let soak = device.soak.get_or_init(|| {
            let _turn = device.take_turn();
            let ended = self.start(device)?.wait()?;
            ended.verdict.ok_or_else(|| format!("exit {:?} without a verdict\n{}", ended.exit, ended.said))
        });
        soak.as_ref().map_err(Clone::clone)
    }

    /// Starts a run of the profile on this device alone. The caller holds its turn.
    pub fn start(&self, device: &Device) -> Result<Running, String> {
        let out = tempfile::tempdir().map_err(|error| error.to_string())?;
        let said = fs::File::create(out.path().join("said")).map_err(|error| error.to_string())?;
        let printed = fs::File::create(out.path().join("verdict.json")).map_err(|error| error.to_string())?;
        let child = self
            .edgesoak(out.path())
            .args(["run", "--profile", &self.profile, "--devices", &device.id, "--format", "json"])
            .stdin(Stdio::null())
            .stdout(printed)
            .stderr(said)
            .spawn()
            .map_err(|error| format!("edgesoak does not start: {error}"))?;
        Ok(Running { child, out })
    }

    fn edgesoak(&self, out: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_edgesoak"));
        command.arg("--matrix").arg(&self.matrix).arg("--out").arg(out).env("NO_COLOR", "1");
        if let Some(lab) = &self.lab {
            command.arg("--lab").arg(lab);
        }
        command
    }
}

impl Device {
    /// Waits until no other check uses it.
    pub fn take_turn(&self) -> std::sync::MutexGuard<'_, ()> {
        // What another check broke, it has said itself.
        self.turn.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// How adb reaches it; checks that need it are ignored for other devices.
    pub fn phone(&self) -> Result<&Phone, String> {
        self.phone.as_ref().ok_or_else(|| format!("{} is not reached by adb", self.id))
    }
}

impl Running {
    /// Still at work.
    pub fn lives(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// What it has said until now.
    pub fn said(&self) -> String {
        fs::read_to_string(self.out.path().join("said")).unwrap_or_default()
    }

    /// Waits until the soak has begun.
    pub fn wait_for_soak(&mut self) -> Result<(), String> {
        let begin = Instant::now();
        while !self.said().contains(": soaking") {
            if !self.lives() || begin.elapsed() > LONGEST_RUN {
                return Err(format!("no soak began\n{}", self.said()));
            }
            thread::sleep(Duration::from_secs(1));
        }
        Ok(())
    }

    /// Waits for its end.
    pub fn wait(mut self) -> Result<Ended, String> {
        let begin = Instant::now();
        while self.lives() {
            if begin.elapsed() > LONGEST_RUN {
                return Err(format!("the run did not end within {LONGEST_RUN:?}\n{}", self.said()));
            }
            thread::sleep(Duration::from_millis(500));
        }
        let exit = self.child.wait().map_err(|error| error.to_string())?.code();
        let verdict = fs::read(self.out.path().join("verdict.json")).unwrap_or_default();
        Ok(Ended {
            exit,
            said: self.said(),
            verdict: serde_json::from_slice(&verdict).ok(),
            journal_bytes: journal_bytes(self.out.path()),
        })
    }
}

impl Drop for Running {
    /// A check that failed leaves no run behind that heats a phone.
    fn drop(&mut self) {
        if self.lives() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

fn journal_bytes(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let size = |entry: fs::DirEntry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => journal_bytes(&entry.path()),
        Ok(_) if entry.file_name() == "device.journal" => entry.metadata().map_or(0, |data| data.len()),
        _ => 0,
    };
    entries.map(size).sum()
}
