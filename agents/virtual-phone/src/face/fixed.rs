//! Who the system says that it is.

use super::{Page, file};
use crate::profile::{Os, Profile};

/// Where a system without properties says that it is simulated.
const MARK: &str = "etc/edgesoak-virtual-phone";

pub(super) fn pages(profile: &Profile, boot_id: &str) -> Vec<Page> {
    let cores = profile.face.cores;
    let processors = (0..cores).map(|core| format!("processor\t: {core}\nFeatures\t: fp asimd"));
    let mut cpuinfo: Vec<String> = processors.collect();
    cpuinfo.push(format!("Hardware\t: {}", profile.face.soc));
    let mut pages = vec![
        file(MARK, &*profile.name),
        file("proc/cpuinfo", cpuinfo.join("\n\n")),
        boot(boot_id),
        file("sys/devices/system/cpu/online", format!("0-{}", cores - 1)),
    ];
    if profile.face.os != Os::IosLike {
        pages.push(file("proc/sys/kernel/ostype", "Linux"));
        pages.push(file("proc/sys/kernel/osrelease", "6.1.0-simulated"));
        pages.push(file("proc/sys/kernel/arch", "aarch64"));
    }
    if profile.face.os == Os::LinuxBoard {
        pages.push(file("proc/device-tree/model", format!("{} (simulated)", profile.title)));
        pages.push(file("etc/os-release", "PRETTY_NAME=\"Linux (simulated)\""));
    }
    pages
}

/// The identity of a boot.
pub(crate) fn boot(boot_id: &str) -> Page {
    file("proc/sys/kernel/random/boot_id", boot_id)
}
