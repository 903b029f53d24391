//! A recorded folder with hostile files, read as a device is.
#![no_main]

use std::cell::RefCell;
use std::collections::HashSet;
use std::fs;
use std::path::Path;

use edgesoak_protocol::{Quantity, Unit};
use edgesoak_sensors::{Bank, Root};
use libfuzzer_sys::fuzz_target;

/// The files that the input fills, in its order; a zero byte ends each.
const FILES: [&str; 14] = [
    "sys/class/thermal/thermal_zone0/type",
    "sys/class/thermal/thermal_zone0/temp",
    "sys/class/thermal/thermal_zone1/type",
    "sys/class/thermal/thermal_zone1/temp",
    "sys/class/power_supply/battery/status",
    "sys/class/power_supply/battery/current_now",
    "sys/class/power_supply/battery/uevent",
    "sys/bus/iio/devices/iio:device0/energy_value",
    "sys/class/kgsl/kgsl-3d0/gpubusy",
    "sys/class/hwmon/hwmon0/temp1_input",
    "sys/devices/system/cpu/cpufreq/policy0/stats/time_in_state",
    "refused.txt",
    "commands/dumpsys_battery.txt",
    "commands/dumpsys_thermalservice.txt",
];

thread_local! {
    static FOLDER: RefCell<Option<tempfile::TempDir>> = const { RefCell::new(None) };
}

fn with_folder(then: impl FnOnce(&Path)) {
    FOLDER.with_borrow_mut(|folder| {
        let folder = folder.get_or_insert_with(|| {
            let memory = Path::new("/dev/shm");
            let parent = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
            let folder = tempfile::tempdir_in(parent).expect("a folder");
            for file in FILES {
                let at = folder.path().join(file);
                fs::create_dir_all(at.parent().expect("below the folder")).expect("a folder");
            }
            let supply = folder.path().join("sys/class/power_supply/battery/type");
            fs::write(supply, "Battery\n").expect("a file");
            folder
        });
        then(folder.path());
    });
}

fuzz_target!(|data: &[u8]| with_folder(|folder| {
    let mut parts = data.split(|byte| *byte == 0);
    for file in FILES {
        let at = folder.join(file);
        match parts.next() {
            Some(part) => fs::write(at, part).expect("a file"),
            None => drop(fs::remove_file(at)),
        }
    }
    let mut bank = Bank::open(&Root::new(folder));
    let mut names = HashSet::new();
    for channel in bank.probed() {
        assert_eq!(channel.value.is_some(), channel.missing.is_none(), "{channel:?}");
        assert!(!channel.name.bytes().any(|byte| byte.is_ascii_uppercase()), "{channel:?}");
        assert!(channel.raw.len() <= 400, "{channel:?}");
        let Some(value) = channel.value else { continue };
        assert!(value.is_finite(), "{channel:?}");
        if channel.quantity == Quantity::Temperature && channel.unit == Unit::Celsius {
            assert!(edgesoak_protocol::rule::celsius(value).is_ok(), "{channel:?}");
        }
        assert!(names.insert(channel.name.clone()), "{channel:?}");
    }
}));
