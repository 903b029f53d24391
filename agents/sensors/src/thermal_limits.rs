//! Trip points of the thermal zones and the clocks that there are: what never changes, read once.
//!
//! Only trip points that do something are kept: those with cooling devices, and those at which the device ends itself. Where
//! any part of one cannot be read, there is none.

use edgesoak_protocol::ThermalLimits;
use edgesoak_protocol::thermal_limits::{
    Cooled, GovernedZone, Ladder, MOST_CLOCKS, MOST_LADDERS, MOST_TRIPS, MOST_ZONES, TripPoint,
};

use crate::listing;
use crate::root::Root;

const ZONES: &str = "/sys/class/thermal";
const POLICIES: &str = "/sys/devices/system/cpu/cpufreq";
const DEVICES: &str = "/sys/class/devfreq";
/// Cooling devices of one zone that are looked at.
const MOST_COOLERS: usize = 24;
/// What a trip point can be, millidegrees: zones without a limit park theirs far beyond.
const PLAUSIBLE_MC: std::ops::RangeInclusive<i64> = 0..=150_000;
/// Longest list of clocks, bytes.
const MOST_BYTES: u64 = 4_096;

/// What the kernel tells of its governors.
#[must_use]
pub fn thermal_limits(root: &Root) -> ThermalLimits {
    let zones = listing::numbered(root, ZONES, "thermal_zone").names;
    let zones = zones.into_iter().filter_map(|name| zone(root, &format!("{ZONES}/{name}")));
    ThermalLimits { zones: zones.take(MOST_ZONES).collect(), ladders: ladders(root) }
}

fn zone(root: &Root, dir: &str) -> Option<GovernedZone> {
    let coolers = coolers(root, dir);
    let trip = |number: usize| trip(root, dir, number, &coolers);
    let exists = |number: &usize| root.word(&format!("{dir}/trip_point_{number}_type")).is_some();
    let trips: Vec<TripPoint> = (0..MOST_TRIPS).take_while(exists).filter_map(trip).collect();
    let governor = root.word(&format!("{dir}/policy")).unwrap_or_default();
    (!trips.is_empty()).then(|| GovernedZone { source: format!("{dir}/temp"), governor, trips })
}

/// Each cooling device of a zone with the number of its trip point. Kernels of one vendor tell its limits too.
fn coolers(root: &Root, dir: &str) -> Vec<(usize, Cooled)> {
    let at = |number: usize| {
        let trip = root.word(&format!("{dir}/cdev{number}_trip_point"))?;
        let limit = |leaf: &str| root.word(&format!("{dir}/cdev{number}_{leaf}_limit"))?.parse().ok();
        let kind = root.word(&format!("{dir}/cdev{number}/type")).unwrap_or_default();
        Some((
            trip.parse().unwrap_or(usize::MAX),
            Cooled { kind, least: limit("lower"), most: limit("upper") },
        ))
    };
    (0..MOST_COOLERS).map_while(at).collect()
}

fn trip(root: &Root, dir: &str, number: usize, coolers: &[(usize, Cooled)]) -> Option<TripPoint> {
    let word = |leaf: &str| root.word(&format!("{dir}/trip_point_{number}_{leaf}"));
    let degrees = |leaf: &str| word(leaf)?.parse::<i64>().ok().filter(|raw| PLAUSIBLE_MC.contains(raw));
    let kelvin = |raw: i64| f64::from(i32::try_from(raw).unwrap_or(0)) / 1e3;
    let trip = TripPoint {
        kind: word("type")?,
        celsius: kelvin(degrees("temp")?),
        hysteresis_k: degrees("hyst").map_or(0.0, kelvin),
        cools: coolers.iter().filter(|(of, _)| *of == number).map(|(_, cooled)| cooled.clone()).collect(),
    };
    (!trip.cools.is_empty() || trip.kind == "critical").then_some(trip)
}

fn ladders(root: &Root) -> Vec<Ladder> {
    let policies = listing::numbered(root, POLICIES, "policy").names.into_iter().filter_map(|name| {
        let dir = format!("{POLICIES}/{name}");
        ladder(root, &format!("{dir}/scaling_available_frequencies"), format!("{dir}/scaling_max_freq"), 1e3)
    });
    let devices = listing::all(root, DEVICES, |_| true).names.into_iter().filter_map(|name| {
        let dir = format!("{DEVICES}/{name}");
        ladder(root, &format!("{dir}/available_frequencies"), format!("{dir}/max_freq"), 1.0)
    });
    policies.chain(devices).take(MOST_LADDERS).collect()
}

fn ladder(root: &Root, path: &str, source: String, scale: f64) -> Option<Ladder> {
    let bytes = root.read(path, MOST_BYTES).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let mut hertz: Vec<f64> = text
        .split_whitespace()
        .take(MOST_CLOCKS)
        .map(|word| word.parse::<u32>().ok().filter(|raw| *raw > 0).map(|raw| f64::from(raw) * scale))
        .collect::<Option<_>>()?;
    hertz.sort_by(f64::total_cmp);
    hertz.dedup();
    (hertz.len() > 1).then_some(Ladder { source, hertz })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    fn write(tree: &Path, path: &str, text: &str) {
        let path = tree.join(path.trim_start_matches('/'));
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    #[test]
    fn trip_points_with_their_coolers_and_clocks_are_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let zone = "/sys/class/thermal/thermal_zone2";
        for (leaf, text) in [
            ("type", "skin\n"),
            ("temp", "31000\n"),
            ("policy", "step_wise\n"),
            ("trip_point_0_type", "passive\n"),
            ("trip_point_0_temp", "41500\n"),
            ("trip_point_0_hyst", "400\n"),
            ("trip_point_1_type", "hot\n"),
            ("trip_point_1_temp", "60000\n"),
            ("trip_point_2_type", "critical\n"),
            ("trip_point_2_temp", "2147483647\n"),
            ("trip_point_3_type", "critical\n"),
            ("trip_point_3_temp", "65000\n"),
            ("cdev0/type", "cpufreq-cpu4\n"),
            ("cdev0_trip_point", "0\n"),
            ("cdev0_upper_limit", "6\n"),
        ] {
            write(folder.path(), &format!("{zone}/{leaf}"), text);
        }
        let policy = "/sys/devices/system/cpu/cpufreq/policy4/scaling_available_frequencies";
        write(folder.path(), policy, "2016000 300000 1056000 \n");
        let found = thermal_limits(&Root::new(folder.path()));
        let expected = r#"{"zones":[{"source":"/sys/class/thermal/thermal_zone2/temp","governor":"step_wise","trips":[{"kind":"passive","celsius":41.5,"hysteresis_k":0.4,"cools":[{"kind":"cpufreq-cpu4","most":6}]},{"kind":"critical","celsius":65.0,"hysteresis_k":0.0,"cools":[]}]}],"ladders":[{"source":"/sys/devices/system/cpu/cpufreq/policy4/scaling_max_freq","hertz":[300000000.0,1056000000.0,2016000000.0]}]}"#;
        assert_eq!(found.to_note(), expected);
        assert_eq!(ThermalLimits::from_note(&found.to_note()), Some(found));
    }

    #[test]
    fn a_device_that_tells_nothing_has_none() {
        let folder = tempfile::tempdir().expect("a folder");
        write(
            folder.path(),
            "/sys/devices/system/cpu/cpufreq/policy0/scaling_available_frequencies",
            "fast slow\n",
        );
        assert_eq!(thermal_limits(&Root::new(folder.path())), ThermalLimits::default());
    }
}
