//! What boards print that are no phones: `vcgencmd` and `tegrastats`.

use super::{Page, View, answer};
use crate::profile::{Kind, Os, Profile, ZoneKind};

/// Bits of `get_throttled`: the clock is capped, work is throttled.
const THROTTLED: u32 = 0x6;
/// Part of a board's power that its cores draw from their own rail, and the voltages of that rail and of the other.
const CORE_SHARE: f64 = 0.7;
const CORE_V: f64 = 0.88;
const SYSTEM_V: f64 = 3.3;

pub(super) fn pages(profile: &Profile, view: &View<'_>) -> Vec<Page> {
    if profile.face.os != Os::LinuxBoard {
        return Vec::new();
    }
    if profile.face.soc.starts_with("BCM") {
        firmware(profile, view)
    } else {
        vec![statistics(profile, view)]
    }
}

/// The programs of this board.
pub(super) fn program(profile: &Profile) -> Option<&'static str> {
    let is_board = profile.face.os == Os::LinuxBoard;
    is_board.then(|| if profile.face.soc.starts_with("BCM") { "vcgencmd" } else { "tegrastats" })
}

fn zone(profile: &Profile, view: &View<'_>, kind: ZoneKind) -> Option<f64> {
    let sensor = profile.sensors.iter().find(|sensor| sensor.kind == kind)?;
    let raw = view.readings.raw(&format!("temperature/{}", sensor.name.to_ascii_lowercase())).ok()?;
    Some(raw as f64 / 1e3)
}

fn firmware(profile: &Profile, view: &View<'_>) -> Vec<Page> {
    let is_slowed = profile
        .clusters
        .iter()
        .any(|cluster| view.readings.raw(&format!("cooling/{}", cluster.name)).is_ok_and(|state| state > 0));
    let flags = if is_slowed { THROTTLED } else { 0 };
    let watts = view.state.power().0;
    let (core_a, system_a) = (watts * CORE_SHARE / CORE_V, watts * (1.0 - CORE_SHARE) / SYSTEM_V);
    let rails = [
        format!("   3V3_SYS_A current(1)={system_a:.8}A"),
        format!("  VDD_CORE_A current(7)={core_a:.8}A"),
        format!("   3V3_SYS_V volt(9)={SYSTEM_V:.8}V"),
        format!("  VDD_CORE_V volt(15)={CORE_V:.8}V"),
        "     EXT5V_V volt(24)=5.08000000V".to_owned(),
    ];
    let mut pages = vec![
        answer("vcgencmd get_throttled", format!("throttled={flags:#x}")),
        answer("vcgencmd pmic_read_adc", rails.join("\n")),
    ];
    if let Some(celsius) = zone(profile, view, ZoneKind::Cpu) {
        pages.push(answer("vcgencmd measure_temp", format!("temp={celsius:.1}'C")));
    }
    pages
}

fn statistics(profile: &Profile, view: &View<'_>) -> Page {
    let total = view.work.memory / f64::from(1 << 20);
    let used = total - view.work.free() / f64::from(1 << 20);
    let mut words = vec![format!("RAM {used:.0}/{total:.0}MB")];
    let clock = |kind: Kind| profile.clusters.iter().position(|cluster| cluster.kind == kind);
    if let Some(clock) = clock(Kind::Cpu).and_then(|index| view.state.clock(index)) {
        let core = format!("0%@{}", clock.now_khz / 1_000);
        words.push(format!("CPU [{}]", vec![core; profile.face.cores as usize].join(",")));
    }
    for (name, kind) in [("cpu", ZoneKind::Cpu), ("gpu", ZoneKind::Gpu), ("tj", ZoneKind::Soc)] {
        words.extend(zone(profile, view, kind).map(|celsius| format!("{name}@{celsius:.3}C")));
    }
    let milliwatts = view.state.power().0 * 1e3;
    words.push(format!("VDD_IN {milliwatts:.0}mW/{milliwatts:.0}mW"));
    answer("tegrastats --interval 200", words.join(" "))
}
