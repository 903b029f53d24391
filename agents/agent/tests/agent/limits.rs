//! Limits that end a session at once, on a made-up system with one sensor.

use std::fs;
use std::path::PathBuf;

use edgesoak_protocol::journal::{FinishReason, Frame, Phase};

use crate::device::Device;

/// A system tree with one thermal zone at this many thousandths of a degree.
pub fn warm_system(device: &Device, millidegrees: i64) -> PathBuf {
    let system = device.outside().join("system");
    let zone = system.join("sys/class/thermal/thermal_zone0");
    fs::create_dir_all(&zone).expect("made");
    fs::write(zone.join("type"), "skin-therm\n").expect("written");
    fs::write(zone.join("temp"), format!("{millidegrees}\n")).expect("written");
    system
}

#[test]
fn a_device_that_gets_hot_in_the_soak_is_spared() {
    let mut device = Device::new();
    device.system = warm_system(&device, 40_000);
    let mut job = Device::job("hot", &[]);
    job.phases.soak_ms = 60_000;
    job.stop_at.temperature_celsius = Some(45.0);
    device.start(&job);
    device.wait_for("hot", |frame| {
        matches!(frame, Frame::PromptSubmitted { phase: Phase::Soaking, .. }).then_some(())
    });
    warm_system(&device, 46_500);
    let (frames, reason, detail) = device.finish("hot");
    assert_eq!(reason, FinishReason::TemperatureLimit);
    assert!(detail.contains("46.5 °C, the limit is 45.0 °C"), "{detail}");
    assert!(frames.iter().any(|frame| matches!(frame, Frame::Tick { .. })));
}

#[test]
fn a_device_that_is_hot_already_loads_nothing() {
    let mut device = Device::new();
    device.system = warm_system(&device, 50_000);
    let mut job = Device::job("early", &["--load-ms", "60000"]);
    job.runner.silence_limit_ms = 60_000;
    job.stop_at.temperature_celsius = Some(45.0);
    let (frames, reason, _) = device.run(&job);
    assert_eq!(reason, FinishReason::TemperatureLimit);
    assert!(!frames.iter().any(|frame| matches!(frame, Frame::RuntimeStarted { .. })));
}

#[test]
fn an_empty_battery_ends_the_session() {
    let mut device = Device::new();
    device.system = device.outside().join("system");
    let battery = device.system.join("sys/class/power_supply/BAT0");
    fs::create_dir_all(&battery).expect("made");
    fs::write(battery.join("type"), "Battery\n").expect("written");
    fs::write(battery.join("capacity"), "15\n").expect("written");
    let mut job = Device::job("battery", &[]);
    job.phases.soak_ms = 60_000;
    job.stop_at.battery_percent = Some(20.0);
    let (_, reason, detail) = device.run(&job);
    assert_eq!(reason, FinishReason::BatteryLimit);
    assert!(detail.contains("15 %, the limit is 20 %"), "{detail}");
}
