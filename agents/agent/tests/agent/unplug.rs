//! Sessions that wait until somebody has unplugged the device, on a made-up system with one supply.

use std::fs;

use edgesoak_protocol::job::{Job, UnplugRule};
use edgesoak_protocol::journal::{FinishReason, Frame};

use crate::device::Device;

/// A phone on its charger, its battery at 60 %.
fn plugged() -> Device {
    let mut device = Device::new();
    device.system = device.outside().join("system");
    let (battery, _) = (supply(&device, "battery", "Battery"), supply(&device, "usb", "USB"));
    fs::write(battery.join("capacity"), "60\n").expect("written");
    plug(&device, 1);
    device
}

fn supply(device: &Device, name: &str, kind: &str) -> std::path::PathBuf {
    let folder = device.system.join("sys/class/power_supply").join(name);
    fs::create_dir_all(&folder).expect("made");
    fs::write(folder.join("type"), format!("{kind}\n")).expect("written");
    folder
}

fn plug(device: &Device, online: u8) {
    let file = device.system.join("sys/class/power_supply/usb/online");
    fs::write(file, format!("{online}\n")).expect("written");
}

fn job(session: &str, within_ms: u64) -> Job {
    let mut job = Device::job(session, &[]);
    job.sampling.slow_period_ms = 100;
    job.unplug = Some(UnplugRule { hold_ms: 200, within_ms });
    job
}

fn noted(frame: &Frame, wanted: &str) -> bool {
    matches!(frame, Frame::Note { code, .. } if code == wanted)
}

#[test]
fn nothing_is_loaded_before_the_plug_is_out() {
    let device = plugged();
    device.start(&job("later", 120_000));
    device.wait_for("later", |frame| noted(frame, "unplug-awaited").then_some(()));
    plug(&device, 0);
    let (frames, reason, detail) = device.finish("later");
    assert_eq!(reason, FinishReason::Completed, "{detail}");
    let at = |wanted: &dyn Fn(&Frame) -> bool| frames.iter().position(wanted).expect("it is there");
    let unplugged = at(&|frame| noted(frame, "unplugged"));
    assert!(unplugged < at(&|frame| matches!(frame, Frame::PhaseBegan { .. })));
    assert!(unplugged < at(&|frame| matches!(frame, Frame::RuntimeStarted { .. })));
    assert!(at(&|frame| matches!(frame, Frame::Tick { .. })) < unplugged, "the wait is on record");
}

#[test]
fn a_device_that_stays_plugged_is_not_measured() {
    let device = plugged();
    let (frames, reason, detail) = device.run(&job("never", 300));
    assert_eq!(reason, FinishReason::StartGateTimeout);
    assert!(detail.contains("it was not unplugged within 0.3 s") && detail.contains("says 1"), "{detail}");
    assert!(!frames.iter().any(|frame| matches!(frame, Frame::RuntimeStarted { .. })));
}

#[test]
fn limits_hold_while_it_waits() {
    let device = plugged();
    let mut job = job("empty", 120_000);
    job.stop_at.battery_percent = Some(50.0);
    device.start(&job);
    device.wait_for("empty", |frame| noted(frame, "unplug-awaited").then_some(()));
    fs::write(device.system.join("sys/class/power_supply/battery/capacity"), "49\n").expect("written");
    let (frames, reason, detail) = device.finish("empty");
    assert_eq!(reason, FinishReason::BatteryLimit);
    assert!(detail.contains("49 %, the limit is 50 %"), "{detail}");
    assert!(!frames.iter().any(|frame| matches!(frame, Frame::RuntimeStarted { .. })));
}

#[test]
fn a_stop_ends_the_wait() {
    let device = plugged();
    device.start(&job("stopped", 120_000));
    device.wait_for("stopped", |frame| noted(frame, "unplug-awaited").then_some(()));
    assert!(device.output(&["stop", "--session", "run/stopped"]).status.success());
    assert_eq!(device.finish("stopped").1, FinishReason::Stopped);
}
