//! Android's properties and who is asking.

use super::{Page, View, answer};
use crate::profile::{Os, Profile};

/// Samsung's level of throttling while a cap of the vendor holds.
const CAPPED_LEVEL: u8 = 2;

/// Processors of phones.
const ARM: &str = "arm64-v8a";

/// Properties that never change, and what else is asked of who runs there.
pub(super) fn pages(profile: &Profile, seed: u64) -> Vec<Page> {
    let mut pages = printed(&known(profile, seed, ARM));
    pages.extend([
        answer("getenforce", "Enforcing"),
        answer("id", "uid=2000(shell) gid=2000(shell) groups=2000(shell) context=u:r:shell:s0"),
    ]);
    pages
}

/// Properties of a phone that is attached to a host, which asks for more.
pub(super) fn attached(profile: &Profile, seed: u64, abi: &str) -> Vec<Page> {
    let mut all = known(profile, seed, abi);
    let serial = format!("virtual-{}-{seed}", profile.name);
    all.extend([
        ("ro.boot.serialno", serial.clone()),
        ("ro.product.cpu.abi", abi.to_owned()),
        ("ro.product.name", profile.name.clone()),
        ("ro.serialno", serial),
        ("sys.boot_completed", "1".to_owned()),
    ]);
    all.sort();
    printed(&all)
}

/// Name of its model, as a host sees it.
pub(crate) fn model(profile: &Profile) -> String {
    format!("{} (simulated)", profile.title)
}

fn known(profile: &Profile, seed: u64, abi: &str) -> Vec<(&'static str, String)> {
    let (manufacturer, release, sdk) = match profile.face.os {
        Os::AndroidPixel => ("Google", 16, 36),
        Os::AndroidSamsung => ("samsung", 15, 35),
        Os::Zebra => ("Zebra Technologies", 13, 33),
        _ => ("Honeywell", 11, 30),
    };
    let name = &profile.name;
    vec![
        // What tells every reader that this is no hardware.
        ("ro.boot.qemu", "1".to_owned()),
        ("ro.board.platform", "simulated".to_owned()),
        ("ro.build.fingerprint", format!("simulated/{name}/{name}:{release}/unit{seed}:user/release-keys")),
        ("ro.build.type", "user".to_owned()),
        ("ro.build.version.release", release.to_string()),
        ("ro.build.version.sdk", sdk.to_string()),
        ("ro.hardware", "simulated".to_owned()),
        ("ro.product.brand", manufacturer.to_ascii_lowercase()),
        ("ro.product.cpu.abilist", abi.to_owned()),
        ("ro.product.device", name.clone()),
        ("ro.product.manufacturer", manufacturer.to_owned()),
        ("ro.product.model", model(profile)),
        ("ro.soc.model", profile.face.soc.clone()),
    ]
}

/// As `getprop` prints all of them, and each.
fn printed(all: &[(&str, String)]) -> Vec<Page> {
    let lines: Vec<String> = all.iter().map(|(name, value)| format!("[{name}]: [{value}]")).collect();
    let mut pages = vec![answer("getprop", lines.join("\n"))];
    pages.extend(all.iter().map(|(name, value)| answer(&format!("getprop {name}"), value.as_str())));
    pages
}

/// Properties that follow the body.
pub(super) fn live(profile: &Profile, view: &View<'_>) -> Option<Page> {
    let level = if view.state.is_capped() { CAPPED_LEVEL } else { 0 };
    let is_samsung = profile.face.os == Os::AndroidSamsung;
    is_samsung.then(|| answer("getprop sys.siop.level", level.to_string()))
}
