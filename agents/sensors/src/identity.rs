//! Which device this is: kernel, system, processor, memory and boot.

use std::path::Path;

use edgesoak_protocol::Reason;

use crate::facts;
use crate::parse::{cpuinfo, keyed};
use crate::root::Root;

/// Largest `cpuinfo` read; a server with hundreds of processors repeats itself.
const MAX_CPUINFO_BYTES: u64 = 1024 * 1024;
/// Where a simulated system of ours says so, whatever else it looks like. No hardware has this file.
const SIMULATED: &str = "/etc/edgesoak-virtual-phone";

/// The device as its operating system describes it. Texts are empty and numbers zero where it does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Kernel name, release and machine, such as `Linux 6.1.0 aarch64`.
    pub kernel: String,
    /// `PRETTY_NAME` of os-release.
    pub os: String,
    /// Processor model, or the board's model where the processor has no name.
    pub cpu: String,
    /// Processors online.
    pub cores: u32,
    /// Processor features that matter to engines, in the kernel's spelling.
    pub cpu_features: Vec<String>,
    /// Memory of the machine, bytes.
    pub memory_bytes: u64,
    /// Identity of this boot.
    pub boot_id: String,
    /// Whether something simulates this device, such as Android's emulator.
    pub is_virtual: bool,
}

/// Reads the identity. Never fails. Asks `getprop` where there is one; [`boot_id`] alone needs no program.
pub fn probe(root: &Root) -> Identity {
    let cpuinfo = root.read("/proc/cpuinfo", MAX_CPUINFO_BYTES).unwrap_or_default();
    let cpuinfo = cpuinfo::parse(&String::from_utf8_lossy(&cpuinfo));
    let board = || root.word("/proc/device-tree/model").unwrap_or_default();
    let online = root.word("/sys/devices/system/cpu/online").and_then(|list| cpuinfo::count(&list));
    let android = facts::android(root);
    let system = android.as_ref().map(|(release, _)| ["Android ", release].concat());
    Identity {
        kernel: kernel(root),
        os: system.unwrap_or_else(|| os(root)),
        cpu: cpuinfo.model.unwrap_or_else(board),
        cores: online.unwrap_or(cpuinfo.processors),
        cpu_features: cpuinfo.features,
        memory_bytes: memory(root),
        boot_id: boot_id(root),
        is_virtual: android.is_some_and(|(_, emulated)| emulated) || root.exists(SIMULATED),
    }
}

/// Identity of this boot; empty where the system does not tell.
pub fn boot_id(root: &Root) -> String {
    root.word("/proc/sys/kernel/random/boot_id").unwrap_or_default()
}

/// A recorded folder tells of its device's kernel; a live one asks the kernel that runs this.
fn kernel(root: &Root) -> String {
    if root.path() == Path::new("/") {
        let name = rustix::system::uname();
        let words = [name.sysname(), name.release(), name.machine()];
        return words.map(|word| word.to_string_lossy().into_owned()).join(" ");
    }
    let files = ["ostype", "osrelease", "arch"].map(|file| ["/proc/sys/kernel/", file].concat());
    let words: Vec<String> = files.iter().filter_map(|file| root.word(file)).collect();
    words.join(" ")
}

fn os(root: &Root) -> String {
    let files = ["/etc/os-release", "/usr/lib/os-release"];
    let text = files.iter().find_map(|path| root.read(path, 16 * 1024).ok()).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let pretty = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    pretty.unwrap_or_default().trim().trim_matches(['"', '\'']).chars().take(200).collect()
}

fn memory(root: &Root) -> u64 {
    let text = root.read("/proc/meminfo", 16 * 1024).unwrap_or_default();
    let mut total = [Err(Reason::Absent)];
    keyed::numbers(&text, &["MemTotal"], &mut total);
    total[0].ok().and_then(|kib| u64::try_from(kib).ok()).unwrap_or(0).saturating_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_tree_says_nothing() {
        let dir = tempfile::tempdir().expect("a directory");
        let identity = probe(&Root::new(dir.path()));
        assert_eq!((identity.kernel.as_str(), identity.boot_id.as_str()), ("", ""));
        assert_eq!((identity.os.as_str(), identity.cpu.as_str(), identity.cores), ("", "", 0));
        assert_eq!((identity.memory_bytes, identity.is_virtual), (0, false));
    }

    #[test]
    fn this_machine_has_a_kernel() {
        let identity = probe(&Root::live());
        assert!(identity.kernel.starts_with("Linux "), "{}", identity.kernel);
    }

    #[test]
    fn a_board_without_a_processor_name_gives_its_own() {
        let dir = tempfile::tempdir().expect("a directory");
        let write = |path: &str, text: &str| {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
            std::fs::write(path, text).expect("a small file");
        };
        write("proc/device-tree/model", "Example Board 5\0");
        write("proc/cpuinfo", "processor\t: 0\nFeatures\t: fp asimd asimddp\n");
        write("proc/meminfo", "MemTotal:        8000 kB\n");
        write("proc/sys/kernel/ostype", "Linux\n");
        write("proc/sys/kernel/osrelease", "6.1.0-example\n");
        write("usr/lib/os-release", "NAME=x\nPRETTY_NAME=\"Example Linux 12\"\n");
        write("sys/devices/system/cpu/online", "0-3\n");
        let identity = probe(&Root::new(dir.path()));
        assert_eq!(identity.kernel, "Linux 6.1.0-example");
        assert_eq!(identity.cpu, "Example Board 5");
        assert_eq!(
            (identity.os.as_str(), identity.cores, identity.memory_bytes),
            ("Example Linux 12", 4, 8_192_000)
        );
        assert!(!identity.is_virtual);
        write("etc/edgesoak-virtual-phone", "pi-board\n");
        assert!(probe(&Root::new(dir.path())).is_virtual);
        assert_eq!(identity.cpu_features, ["asimd", "asimddp"]);
    }
}
