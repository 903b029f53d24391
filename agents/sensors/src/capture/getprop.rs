//! `getprop`: which device, system and chip this is. Only properties named here are kept: serial numbers, network
//! names, accounts and whatever vendors add stay on the device.

use edgesoak_protocol::Reason;

use super::lines::{field, lines, nothing_in, refusal};
use super::{Capture, Fact, Measure};

/// Properties that are kept under their own names.
const KEPT: [&str; 26] = [
    "ro.product.manufacturer",
    "ro.product.brand",
    "ro.product.model",
    "ro.product.device",
    "ro.product.name",
    "ro.product.board",
    "ro.product.cpu.abilist",
    "ro.build.fingerprint",
    "ro.build.display.id",
    "ro.build.id",
    "ro.build.type",
    "ro.build.tags",
    "ro.build.version.release",
    "ro.build.version.sdk",
    "ro.build.version.security_patch",
    "ro.build.version.incremental",
    "ro.vendor.build.fingerprint",
    "ro.soc.manufacturer",
    "ro.soc.model",
    "ro.board.platform",
    "ro.hardware",
    "ro.hardware.egl",
    "ro.hardware.vulkan",
    "ro.boot.hardware.sku",
    "ro.kernel.qemu",
    "ro.boot.qemu",
];
/// Without these a device is not identified; those that are not there are named.
const NEEDED: [&str; 6] = [
    "ro.product.manufacturer",
    "ro.product.model",
    "ro.build.fingerprint",
    "ro.build.version.sdk",
    "ro.board.platform",
    "ro.soc.model",
];
/// Properties that are measurements: name and channel.
const STATES: [(&str, &str); 1] = [("sys.siop.level", "throttling/siop-level")];
/// Shortest serial number that is looked for in other values.
const MIN_SERIAL: usize = 6;
const MAX_SERIALS: usize = 8;
/// Files that could not be read, kept with their reason.
const MAX_REFUSED: usize = 64;

pub(super) fn parse(text: &str) -> Capture {
    let mut identity = Identity::default();
    lines(text).for_each(|line| identity.line(line.trim()));
    identity.finish(text)
}

#[derive(Default)]
struct Identity<'a> {
    capture: Capture,
    kept: [Option<&'a str>; KEPT.len()],
    serials: Vec<&'a str>,
    refused: usize,
}

impl<'a> Identity<'a> {
    fn line(&mut self, line: &'a str) {
        if let Some((name, value)) = property(line) {
            self.property(name, value);
        } else if let Some(reason) = refusal(line) {
            self.refusal(line, reason);
        } else if matches!(line, "Enforcing" | "Permissive" | "Disabled") {
            self.capture.fact("selinux", Fact::Word(line.to_owned()));
        } else if is_release(line) {
            self.capture.fact("kernel", Fact::Word(line.to_owned()));
        } else if let Some(rest) = line.strip_prefix("MemTotal:") {
            let kibibytes =
                rest.trim().strip_suffix(" kB").and_then(|number| number.trim().parse::<u64>().ok());
            let value = kibibytes.map(|kibibytes| kibibytes as f64).ok_or(Reason::Parse);
            self.capture.read("memory/total", "MemTotal", Measure::Kibibyte, line, value);
        }
    }

    fn property(&mut self, name: &'a str, value: &'a str) {
        if value.is_empty() {
            return;
        }
        if let Some(at) = KEPT.iter().position(|kept| *kept == name) {
            self.kept[at] = self.kept[at].or(Some(value));
        } else if let Some((_, channel)) = STATES.iter().find(|(state, _)| *state == name) {
            let state = value.parse::<i32>().map(f64::from).map_err(|_| Reason::Parse);
            self.capture.read(channel, name, Measure::State, value, state);
        } else if name == "uid" {
            // `id`: uid=2000(shell) gid=2000(shell) ... context=u:r:shell:s0
            let digits = value.find(|char: char| !char.is_ascii_digit()).unwrap_or(value.len());
            if let Ok(uid) = value[..digits].parse() {
                self.capture.fact("uid", Fact::Number(uid));
            }
            if let Some(context) = field(value, "context=") {
                self.capture.fact("context", Fact::Word(context.to_owned()));
            }
        } else if name.contains("serial") {
            self.capture.fact("serial", Fact::Word("redacted".to_owned()));
            if value.len() >= MIN_SERIAL && self.serials.len() < MAX_SERIALS {
                self.serials.push(value);
            }
        }
    }

    fn refusal(&mut self, line: &str, reason: Reason) {
        let path =
            line.split(['\'', ' ']).find(|word| word.starts_with('/')).map(|path| path.trim_end_matches(':'));
        if let Some(path) = path.filter(|_| self.refused < MAX_REFUSED) {
            self.refused += 1;
            self.capture.read(&["file", path].concat(), path, Measure::Count, line, Err(reason));
        }
    }

    fn finish(self, text: &str) -> Capture {
        let mut capture = self.capture;
        let value_of = |name: &str| KEPT.iter().position(|kept| *kept == name).and_then(|at| self.kept[at]);
        let mut any = false;
        for (name, value) in KEPT.iter().zip(self.kept) {
            let Some(value) = value else { continue };
            any = true;
            let fact = if self.serials.iter().any(|serial| value.contains(serial)) {
                Fact::Word("redacted".to_owned())
            } else if let Some(number) = value.parse().ok().filter(|_| *name == "ro.build.version.sdk") {
                Fact::Number(number)
            } else {
                Fact::Word(value.to_owned())
            };
            capture.fact(name, fact);
        }
        if !any {
            capture.read("identity/any", "", Measure::State, "", Err(nothing_in(text)));
            return capture;
        }
        let emulated = ["ro.kernel.qemu", "ro.boot.qemu"].iter().any(|name| value_of(name) == Some("1"));
        let emulator =
            emulated || matches!(value_of("ro.hardware"), Some("goldfish" | "ranchu" | "cutf_cvm"));
        capture.fact("emulator", Fact::Flag(emulator));
        let missing: Vec<&str> = NEEDED.into_iter().filter(|name| value_of(name).is_none()).collect();
        if !missing.is_empty() {
            capture.fact("missing", Fact::Word(missing.join(" ")));
        }
        capture
    }
}

/// `[name]: [value]`, where the value may go on in further lines, or `name=value`.
fn property(line: &str) -> Option<(&str, &str)> {
    if let Some((name, value)) = line.strip_prefix('[').and_then(|line| line.split_once("]: [")) {
        return Some((name, value.strip_suffix(']').unwrap_or(value)));
    }
    line.split_once('=').filter(|(name, _)| !name.contains([' ', '[', '/']))
}

/// What `uname -r` prints alone on its line.
fn is_release(line: &str) -> bool {
    let (version, rest) = line.split_once('-').unwrap_or((line, ""));
    let numbers = version.split('.');
    numbers.clone().count() == 3
        && numbers
            .into_iter()
            .all(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
        && !rest.contains(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_come_in_two_forms() {
        assert_eq!(property("[ro.product.model]: [EX-100]"), Some(("ro.product.model", "EX-100")));
        assert_eq!(property("[a]: [first line"), Some(("a", "first line")));
        assert_eq!(property("[a]: []"), Some(("a", "")));
        assert_eq!(property("[a]: [b=c]"), Some(("a", "b=c")));
        assert_eq!(property("a=b=c"), Some(("a", "b=c")));
        assert_eq!(property("some words a=b"), None);
    }

    #[test]
    fn a_kernel_release_is_alone_on_its_line() {
        assert!(is_release("5.15.189-android13-8-33413713-abX"));
        assert!(is_release("6.1.0"));
        for other in ["5.15", "1.2.3.4", "6.1.0-x y", "a.b.c", "", "6..0"] {
            assert!(!is_release(other), "{other}");
        }
    }
}
