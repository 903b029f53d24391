//! The same words of the agent to a phone in a sandbox, whose sessions take no time.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};

use edgesoak_protocol::job::{Job, Setting};
use edgesoak_protocol::journal::{FinishReason, Frame, read_all};
use edgesoak_protocol::probe::Probe;
use serde_json::Value;
use tempfile::TempDir;

use crate::device::{PHONE, lay_out, made_job};

/// A phone in its sandbox.
pub struct Sandbox {
    pub outside: TempDir,
}

impl Sandbox {
    pub fn of(sheet: &str) -> Self {
        // Folders of devices are named after them, colon and all.
        let outside = tempfile::Builder::new().prefix("virtual:").tempdir().expect("a folder");
        let sandbox = Self { outside };
        fs::create_dir(sandbox.home()).expect("made");
        fs::set_permissions(sandbox.home(), fs::Permissions::from_mode(0o700)).expect("ours");
        fs::write(sandbox.home().join("phone.toml"), sheet).expect("room");
        sandbox
    }

    pub fn home(&self) -> PathBuf {
        self.outside.path().join("home")
    }

    pub fn call(&self, words: &[&str]) -> Output {
        // As the driver calls it: from inside.
        Command::new(PHONE)
            .args(words)
            .args(["--home", "."])
            .current_dir(self.home())
            .output()
            .expect("it can be executed")
    }

    fn document(&self, words: &[&str]) -> Value {
        let output = self.call(words);
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{words:?}: {}", String::from_utf8_lossy(&output.stderr)))
    }

    /// Somebody turns something by one of the phone's own programs.
    fn turn(&self, program: &str, words: &[&str]) {
        let program = self.home().join("system/programs").join(program);
        assert!(Command::new(program).args(words).status().expect("it can be executed").success());
    }

    /// Lives through a session with settings; its frames.
    fn soak(&self, session: &str, settings: &[(&str, &str)]) -> Vec<Frame> {
        let settings = settings
            .iter()
            .map(|(name, value)| Setting { name: (*name).to_owned(), value: (*value).to_owned() })
            .collect();
        let job = Job { settings, ..made_job(Vec::new(), session, "cpu", (16, 60_000)) };
        let home = lay_out(self.outside.path(), &job);
        let output = self.call(&["start", "--session", &format!("run/{session}")]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let bytes = fs::read(home.join("sessions/run").join(session).join("journal")).expect("a journal");
        let (_, entries, _) = read_all(&bytes).expect("it can be read");
        entries.into_iter().map(|entry| entry.frame).collect()
    }
}

/// What became of settings, in order.
fn changes(frames: &[Frame]) -> Vec<String> {
    let told = |frame: &Frame| match frame {
        Frame::Changing { setting, before, after } => Some(format!("{setting}: {before} -> {after}")),
        Frame::Restored { setting, value } => Some(format!("{setting} = {value}")),
        Frame::PhaseBegan { .. } => Some("phase".to_owned()),
        Frame::RuntimeExited { .. } => Some("exited".to_owned()),
        Frame::Note { code, .. } if code.starts_with("setting-") => Some(code.clone()),
        Frame::Note { code, .. } if code == "background-apps-ended" => Some(code.clone()),
        _ => None,
    };
    let mut told: Vec<String> = frames.iter().filter_map(told).collect();
    told.dedup();
    told
}

fn finished(frames: &[Frame]) -> Option<(FinishReason, &str)> {
    frames.iter().find_map(|frame| match frame {
        Frame::Finished { reason, detail } => Some((*reason, detail.as_str())),
        _ => None,
    })
}

const WANTED: [(&str, &str); 5] = [
    ("airplane", "on"),
    ("zen", "none"),
    ("screen", "on"),
    ("thermal-override", "off"),
    ("background-apps", "ended"),
];

#[test]
fn settings_are_made_before_loading_and_given_back_in_reverse() {
    let phone = Sandbox::of("profile = \"sm6115-scanner\"\n");
    phone.document(&["settings"]);
    phone.turn("cmd", &["thermalservice", "override-status", "3"]);
    let before = phone.document(&["settings"]);
    let frames = phone.soak("whole", &WANTED);
    assert_eq!(finished(&frames), Some((FinishReason::Completed, "")));
    let expected = [
        "airplane: off -> on",
        "zen: off -> none",
        "setting-kept",
        "thermal-override: 3 -> off",
        "background-apps-ended",
        "phase",
        "exited",
        "thermal-override = 3",
        "zen = off",
        "airplane = off",
    ];
    assert_eq!(changes(&frames), expected);
    assert_eq!(phone.document(&["settings"]), before);
    assert_eq!(
        phone.document(&["restore"])["restored"],
        serde_json::json!([]),
        "nothing is left to give back"
    );
}

#[test]
fn what_a_device_that_switched_itself_off_left_changed_is_given_back_by_restore() {
    let phone = Sandbox::of("profile = \"tensor-phone\"\nfaults = [\"thermal-shutdown@1s:100W\"]\n");
    let before = phone.document(&["settings"]);
    let frames = phone.soak("off", &WANTED);
    assert_eq!(finished(&frames), None, "the journal just stops");
    assert_ne!(phone.document(&["settings"]), before);
    let restored = phone.document(&["restore"]);
    assert_eq!(restored["restored"][0]["setting"], "zen");
    assert_eq!(restored["restored"][1]["setting"], "airplane");
    assert_eq!(phone.document(&["settings"]), before);
}

#[test]
fn a_board_has_nothing_to_turn_and_a_setting_that_nobody_knows_is_a_bad_job() {
    let board = Sandbox::of("profile = \"pi-board\"\n");
    let frames = board.soak("board", &WANTED);
    let (reason, detail) = finished(&frames).expect("it ends");
    assert_eq!(reason, FinishReason::SettingFailed, "{detail}");
    assert!(detail.contains("airplane"), "{detail}");
    assert!(!frames.iter().any(|frame| matches!(frame, Frame::RuntimeStarted { .. })));
    let settings = vec![Setting { name: "gravity".to_owned(), value: "off".to_owned() }];
    let job = Job { settings, ..made_job(Vec::new(), "gravity", "cpu", (16, 20_000)) };
    lay_out(board.outside.path(), &job);
    let output = board.call(&["start", "--session", "run/gravity"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("gravity"));
}

#[test]
fn watching_tells_how_far_channels_can_be_trusted() {
    let phone = Sandbox::of("profile = \"snapdragon8-phone\"\n");
    let probe = |words: &[&str]| -> Probe { serde_json::from_value(phone.document(words)).expect("a probe") };
    let (glance, watched) = (probe(&["probe"]), probe(&["probe", "--watch", "60"]));
    assert!(
        glance
            .channels
            .iter()
            .all(|channel| channel.quality == edgesoak_protocol::quality::Quality::default())
    );
    let of = |name: &str| watched.channels.iter().find(|channel| channel.name == name).expect(name);
    let current = &of("battery/current").quality;
    // Its sign agrees with what the status says of the battery.
    assert!(current.sign.is_some() && current.resolution.is_some_and(|step| step > 0.0), "{current:?}");
    let zone = &of("temperature/ap#1").quality;
    assert!(zone.refresh_s.is_some() && zone.resolution.is_some(), "{zone:?}");
    // What a service tells comes too seldom, here as on a device.
    assert_eq!(of("battery/current#1").quality, edgesoak_protocol::quality::Quality::default());
    assert_eq!(
        phone.document(&["probe", "--watch", "60"])["channels"],
        serde_json::to_value(&watched.channels).expect("encodes")
    );
}
