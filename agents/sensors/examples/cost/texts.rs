//! Outputs of the size that devices print, grown from our own captures.

use std::fmt::Write;

use edgesoak_sensors::capture::Kind;

/// Processes with graphics memory, sections of exits, users with traffic: what a phone in use has.
const PROCESSES: u32 = 120;
const PACKAGES: u32 = 60;
const USERS: u32 = 400;

/// Kind, its name, its text.
pub fn all() -> Vec<(Kind, &'static str, String)> {
    vec![
        (
            Kind::Thermalservice,
            "thermalservice",
            own(include_str!("../../tests/outputs/thermalservice/phone_aidl.txt")),
        ),
        (Kind::Ithermal, "ithermal", own(include_str!("../../tests/outputs/ithermal/pixel.txt"))),
        (
            Kind::HardwareProperties,
            "hardware-properties",
            own(include_str!("../../tests/outputs/hardware-properties/phone.txt")),
        ),
        (Kind::Battery, "battery", own(include_str!("../../tests/outputs/battery/samsung_milliampere.txt"))),
        (Kind::Powerstats, "powerstats", powerstats()),
        (Kind::Gpu, "gpu", gpu()),
        (Kind::Meminfo, "meminfo", own(include_str!("../../tests/outputs/meminfo/app_android15.txt"))),
        (Kind::Netstats, "netstats", netstats()),
        (Kind::ExitInfo, "exit-info", exits()),
    ]
}

fn own(text: &str) -> String {
    text.to_owned()
}

fn gpu() -> String {
    let mut text = "Memory snapshot for GPU 0:\nGlobal total: 681574400\n".to_owned();
    for process in 0..PROCESSES {
        writeln!(text, "Proc {} total: {}", 1000 + process * 37, 92_274_688 + process * 4096)
            .expect("a string grows");
    }
    text + "\nGLES: Example, Renderer 9000, OpenGL ES 3.2\n"
}

/// Residencies of power entities stand before the meters and are the larger part.
fn powerstats() -> String {
    let mut text = "============= PowerStats HAL 2.0 state residencies ==============\n".to_owned();
    for entity in 0..PROCESSES {
        writeln!(text, "  Entity{entity}   STATE_{}   {} ms   {}", entity % 5, entity * 7919, entity * 31)
            .expect("a string grows");
    }
    text + include_str!("../../tests/outputs/powerstats/hal2.txt")
}

/// The history of each network before the counters of users, and buckets behind them.
fn netstats() -> String {
    let mut text = String::new();
    for bucket in 0..USERS * 4 {
        writeln!(
            text,
            "      st={} rb={} rp={} tb={} tp={} op=0",
            1_700_000_000 + bucket * 7200,
            bucket * 911,
            bucket,
            bucket * 77,
            bucket
        )
        .expect("a string grows");
    }
    text.push_str("  mAppUidStatsMap:\n    uid rxBytes rxPackets txBytes txPackets\n");
    for user in 0..USERS {
        writeln!(
            text,
            "    {} {} {} {} {}",
            10_000 + user,
            user * 70_001,
            user * 91,
            user * 5_003,
            user * 40
        )
        .expect("a string grows");
    }
    text + "  mStatsMapA:\n"
}

fn exits() -> String {
    let one = include_str!("../../tests/outputs/exit-info/android14-one-package.txt");
    let mut text = String::new();
    for package in 0..PACKAGES {
        text.push_str(&one.replace("example", &format!("example{package}")));
    }
    text
}
