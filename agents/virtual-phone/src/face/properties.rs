//! Android's properties and who is asking.

use super::{Page, View, answer};
use crate::profile::{Os, Profile};

/// Samsung's level of throttling while a cap of the vendor holds.
const CAPPED_LEVEL: u8 = 2;

/// Properties that never change.
pub(super) fn pages(profile: &Profile, seed: u64) -> Vec<Page> {
    let (manufacturer, release, sdk) = match profile.face.os {
        Os::AndroidPixel => ("Google", 16, 36),
        Os::AndroidSamsung => ("samsung", 15, 35),
        Os::Zebra => ("Zebra Technologies", 13, 33),
        _ => ("Honeywell", 11, 30),
    };
    let name = &profile.name;
    let all = [
        // What tells every reader that this is no hardware.
        ("ro.boot.qemu", "1".to_owned()),
        ("ro.board.platform", "simulated".to_owned()),
        ("ro.build.fingerprint", format!("simulated/{name}/{name}:{release}/unit{seed}:user/release-keys")),
        ("ro.build.type", "user".to_owned()),
        ("ro.build.version.release", release.to_string()),
        ("ro.build.version.sdk", sdk.to_string()),
        ("ro.hardware", "simulated".to_owned()),
        ("ro.product.brand", manufacturer.to_ascii_lowercase()),
        ("ro.product.cpu.abilist", "arm64-v8a".to_owned()),
        ("ro.product.device", name.clone()),
        ("ro.product.manufacturer", manufacturer.to_owned()),
        ("ro.product.model", format!("{} (simulated)", profile.title)),
        ("ro.soc.model", profile.face.soc.clone()),
    ];
    let lines: Vec<String> = all.iter().map(|(name, value)| format!("[{name}]: [{value}]")).collect();
    let mut pages = vec![
        answer("getprop", lines.join("\n")),
        answer("getenforce", "Enforcing"),
        answer("id", "uid=2000(shell) gid=2000(shell) groups=2000(shell) context=u:r:shell:s0"),
    ];
    pages.extend(all.iter().map(|(name, value)| answer(&format!("getprop {name}"), value.as_str())));
    pages
}

/// Properties that follow the body.
pub(super) fn live(profile: &Profile, view: &View<'_>) -> Option<Page> {
    let level = if view.state.is_capped() { CAPPED_LEVEL } else { 0 };
    let is_samsung = profile.face.os == Os::AndroidSamsung;
    is_samsung.then(|| answer("getprop sys.siop.level", level.to_string()))
}
