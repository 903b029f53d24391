//! Pictures reach a runtime that takes them, and end the session of one that does not before it begins.

use std::fs;

use edgesoak_protocol::job::{Artifact, Job};
use edgesoak_protocol::journal::{FinishReason, Frame, Phase};

use crate::device::{Device, sha256};

const PICTURE: &[u8] = b"a scripted runner looks at no picture";

/// A job whose only prompt names a picture that lies on the device.
fn job(device: &Device, session: &str, runner_args: &[&str]) -> Job {
    let mut job = Device::job(session, runner_args);
    let digest = sha256(PICTURE);
    let path = format!("inputs/images/{digest}");
    let folder = device.session_dir(session).join("inputs/images");
    fs::create_dir_all(&folder).expect("made");
    fs::write(folder.join(&digest), PICTURE).expect("written");
    let image = serde_json::json!({ "file": "photos/pump.jpg", "sha256": digest });
    let messages = [serde_json::json!({ "role": "user", "content": "What is broken?" })];
    let prompt = serde_json::json!({ "id": "photo", "messages": messages, "images": [image] }).to_string();
    fs::write(device.session_dir(session).join("photos.jsonl"), &prompt).expect("written");
    job.workload.prompts = Artifact { path: "photos.jsonl".to_owned(), sha256: sha256(prompt.as_bytes()) };
    job.workload.images = vec![Artifact { path, sha256: digest }];
    job
}

fn began(frames: &[Frame], wanted: Phase) -> bool {
    frames.iter().any(|frame| matches!(frame, Frame::PhaseBegan { phase } if *phase == wanted))
}

#[test]
fn a_runtime_that_takes_images_gets_them() {
    let device = Device::new();
    let (frames, reason, detail) = device.run(&job(&device, "seen", &["--images"]));
    assert_eq!(reason, FinishReason::Completed, "{detail}");
    let verified = |frame: &Frame| matches!(frame, Frame::Verified { what, .. } if what == "image");
    assert!(began(&frames, Phase::Soaking) && frames.iter().any(verified));
}

#[test]
fn a_runtime_that_takes_none_ends_the_session_before_anything_is_loaded() {
    let device = Device::new();
    let (frames, reason, detail) = device.run(&job(&device, "unseen", &[]));
    assert_eq!(reason, FinishReason::BadInput);
    assert!(detail.contains("takes no images") && detail.contains("`image`"), "{detail}");
    assert!(!began(&frames, Phase::Warming) && !began(&frames, Phase::Soaking));
    assert!(!frames.iter().any(|frame| matches!(frame, Frame::RuntimeStarted { .. })));
}

#[test]
fn a_picture_that_is_another_or_missing_ends_the_session() {
    let device = Device::new();
    let mut other = job(&device, "other", &["--images"]);
    fs::write(device.session_dir("other").join(&other.workload.images[0].path), "another").expect("written");
    assert_eq!(device.run(&other).1, FinishReason::DigestMismatch);
    other = job(&device, "lost", &["--images"]);
    other.workload.images.clear();
    let (_, reason, detail) = device.run(&other);
    assert_eq!(reason, FinishReason::BadInput);
    assert!(detail.contains("an image that the job does not bring"), "{detail}");
}
