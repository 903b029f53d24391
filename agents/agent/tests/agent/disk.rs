//! A full disk on a real, small filesystem.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use edgesoak_protocol::journal::{FinishReason, Frame, Phase};

use crate::device::Device;

/// A small filesystem, gone when this is dropped.
struct Mount(PathBuf);

impl Mount {
    /// `None` where the test may not mount.
    fn at(path: &Path, kilobytes: u32) -> Option<Self> {
        let options = format!("size={kilobytes}k");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(path).output();
        mounted.is_ok_and(|output| output.status.success()).then(|| Self(path.to_owned()))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

fn fill(path: &Path) {
    let mut file = fs::File::create(path).expect("made");
    while file.write_all(&[0xa5; 1024]).is_ok() {}
}

#[test]
fn a_disk_that_fills_up_ends_the_session_with_a_whole_journal() {
    let device = Device::new();
    let sessions = device.root().join("sessions");
    let Some(_mount) = Mount::at(&sessions, 512) else {
        println!("skipped: no small filesystem can be mounted here");
        return;
    };
    let mut job = Device::job("full", &[]);
    job.phases.soak_ms = 60_000;
    device.start(&job);
    device.wait_for("full", |frame| {
        matches!(frame, Frame::PromptSubmitted { phase: Phase::Soaking, .. }).then_some(())
    });
    fill(&sessions.join("filler"));
    let (frames, reason, detail) = device.finish("full");
    assert_eq!(reason, FinishReason::DiskFailed);
    assert!(detail.contains("No space left"), "{detail}");
    assert!(frames.iter().any(|frame| matches!(frame, Frame::RuntimeExited { .. })));
}

#[test]
fn a_disk_that_is_full_already_refuses_the_session_in_words() {
    let device = Device::new();
    let sessions = device.root().join("sessions");
    let Some(_mount) = Mount::at(&sessions, 256) else {
        println!("skipped: no small filesystem can be mounted here");
        return;
    };
    device.push(&Device::job("none", &[]));
    fs::create_dir_all(device.session_dir("none").join("scratch")).expect("made");
    fill(&sessions.join("filler"));
    let output = device.output(&["start", "--session", "run/none"]);
    assert_eq!(output.status.code(), Some(4));
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(words.contains("No space left"), "{words}");
    assert!(!device.session_dir("none").join("journal").exists(), "no half journal is left");
}
