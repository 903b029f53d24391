//! Which battery pack is in the device. Its serial number is compared with another one, and never kept.

use std::fmt;

use crate::capture::pack_serial;
use crate::classes::batteries;
use crate::facts;
use crate::root::Root;

/// Shortest serial number that tells packs apart.
const LEAST: usize = 4;

/// The pack in a device, or the packs.
#[derive(Clone)]
pub struct Pack {
    serials: Vec<String>,
    /// The broadcast tells them, which need not print a number as `/sys` does.
    in_broadcast: bool,
}

impl Pack {
    /// The pack by its serial number in `/sys`, else by that in the broadcast of scanners; `None` where the device tells
    /// neither.
    #[must_use]
    pub fn of(root: &Root) -> Option<Self> {
        let files = batteries(root).into_iter().filter_map(|dir| root.word(&format!("{dir}/serial_number")));
        let mut serials: Vec<String> = files.filter(|serial| tells_apart(serial)).collect();
        serials.sort();
        // A gauge and its battery tell of the same pack.
        serials.dedup();
        let in_broadcast = serials.is_empty();
        if in_broadcast {
            let text = facts::sticky_battery(root)?;
            serials.extend(pack_serial(&text).filter(|serial| tells_apart(serial)).map(str::to_owned));
        }
        (!serials.is_empty()).then_some(Self { serials, in_broadcast })
    }

    /// Whether one of these packs has made room for one of `now`. A number that is not read this time may well be the
    /// same.
    #[must_use]
    pub fn is_exchanged(&self, now: &Self) -> bool {
        let lacks =
            |one: &Self, other: &Self| one.serials.iter().any(|serial| !other.serials.contains(serial));
        self.in_broadcast == now.in_broadcast && lacks(self, now) && lacks(now, self)
    }

    /// The serial number, for a digest. It must not be told to anybody.
    #[must_use]
    pub fn serial(&self) -> Vec<u8> {
        self.serials.join("\n").into_bytes()
    }
}

impl fmt::Debug for Pack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pack(redacted)")
    }
}

/// Gauges without a number print zeros, or a word.
fn tells_apart(serial: &str) -> bool {
    let first = serial.chars().next();
    let counts = serial.chars().filter(char::is_ascii_alphanumeric).count() >= LEAST;
    counts && serial.chars().any(|c| Some(c) != first) && !serial.eq_ignore_ascii_case("unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a directory");
        for (path, text) in files {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, text).expect("written");
        }
        dir
    }

    fn of(files: &[(&str, &str)]) -> Option<Vec<u8>> {
        Pack::of(&Root::recorded(folder(files).path())).map(|pack| pack.serial())
    }

    const BATTERY: &str = "sys/class/power_supply/battery";

    #[test]
    fn a_pack_is_known_by_the_number_in_its_gauge() {
        let of_battery = |serial| {
            of(&[(&format!("{BATTERY}/type"), "Battery\n"), (&format!("{BATTERY}/serial_number"), serial)])
        };
        assert_eq!(of_battery(" 4711AB\n"), Some(b"4711AB".to_vec()));
        for nothing in ["", "0000000", "unknown", "17", "----"] {
            assert_eq!(of_battery(nothing), None, "{nothing}");
        }
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn the_battery_of_a_mouse_is_no_pack() {
        let mouse = [("type", "Battery\n"), ("scope", "Device\n"), ("serial_number", "4711AB\n")];
        let mouse = mouse.map(|(name, text)| (format!("{BATTERY}/{name}"), text));
        let mouse: Vec<(&str, &str)> = mouse.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        assert_eq!(of(&mouse), None);
    }

    #[test]
    fn a_number_that_is_not_read_this_time_is_no_exchange() {
        let pack = |in_broadcast, serials: &[&str]| Pack {
            serials: serials.iter().map(|serial| (*serial).to_owned()).collect(),
            in_broadcast,
        };
        let two = pack(false, &["PACK-1", "PACK-2"]);
        for (now, is_exchanged) in [
            (pack(false, &["PACK-1", "PACK-2"]), false),
            (pack(false, &["PACK-2"]), false),
            (pack(false, &["PACK-1", "PACK-3"]), true),
            (pack(false, &["PACK-3"]), true),
            (pack(true, &["00PACK-1"]), false),
        ] {
            assert_eq!(two.is_exchanged(&now), is_exchanged, "{:?}", now.serials);
            assert_eq!(now.is_exchanged(&two), is_exchanged, "{:?}", now.serials);
        }
    }

    #[test]
    fn a_scanner_tells_it_in_its_broadcast() {
        let text = "Sticky action android.intent.action.BATTERY_CHANGED:\n  Bundle[{level=80, \
                    serialnumber=T0123, partnumber=BT-1}]\n  Sticky action com.example.DOCKED:\n    \
                    Bundle[{serial=DOCK-7}]\n";
        let name = "commands/dumpsys_activity_broadcasts.txt";
        let pack = Pack::of(&Root::recorded(folder(&[(name, text)]).path())).expect("it is told");
        assert_eq!(pack.serial(), b"T0123");
        assert_eq!(format!("{pack:?}"), "Pack(redacted)");
        let silent = text.replace("serialnumber=T0123, ", "");
        assert_eq!(of(&[(name, silent.as_str())]), None, "a dock is no pack");
    }
}
