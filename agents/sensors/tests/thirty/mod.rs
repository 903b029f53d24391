//! A made-up device with thirty sensors below `/sys`, all of them in the fast ticks.

use std::path::Path;

use crate::tree::Tree;

const ZONES: u32 = 12;
const MONITORS: u32 = 6;
const POLICIES: u32 = 4;

/// How many channels of the fast group come from `/sys`.
pub const CHANNELS: usize = (ZONES + MONITORS + 2 * POLICIES + 2 + 2) as usize;

/// The device. Where `real` is a file of the kernel, every sensor is a link to it, so that each read costs what a
/// read of sysfs costs; otherwise they are plain files.
pub fn device(real: Option<&str>) -> Tree {
    let tree = Tree::from_capture("d\n");
    for zone in 0..ZONES {
        let dir = format!("/sys/class/thermal/thermal_zone{zone}");
        tree.put(&format!("{dir}/type"), &format!("part{zone}-therm"));
        sensor(&tree, &format!("{dir}/temp"), "41250\n", real);
    }
    tree.put("/sys/class/hwmon/hwmon0/name", "board");
    for monitor in 1..=MONITORS {
        sensor(&tree, &format!("/sys/class/hwmon/hwmon0/temp{monitor}_input"), "38000\n", real);
    }
    for policy in 0..POLICIES {
        let dir = format!("/sys/devices/system/cpu/cpufreq/policy{policy}");
        sensor(&tree, &format!("{dir}/scaling_cur_freq"), "1804800\n", real);
        sensor(&tree, &format!("{dir}/scaling_max_freq"), "2016000\n", real);
    }
    let battery = "/sys/class/power_supply/battery";
    tree.put(&format!("{battery}/type"), "Battery");
    tree.put(&format!("{battery}/status"), "Discharging\n");
    tree.put(&format!("{battery}/voltage_now"), "3912000\n");
    tree.put(&format!("{battery}/current_now"), "-412345\n");
    tree.put("/sys/class/kgsl/kgsl-3d0/gpuclk", "680000000\n");
    tree.put("/sys/class/kgsl/kgsl-3d0/gpubusy", " 412300  998700\n");
    tree
}

fn sensor(tree: &Tree, path: &str, content: &str, real: Option<&str>) {
    tree.put(path, content);
    if let Some(real) = real.filter(|real| Path::new(real).is_file()) {
        let at = tree.root().at(path);
        std::fs::remove_file(&at).expect("a file of ours");
        std::os::unix::fs::symlink(real, at).expect("a link");
    }
}
