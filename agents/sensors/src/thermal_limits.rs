//! Trip points of the thermal zones and the clocks that there are: what never changes, read once.
//!
//! Only trip points that do something are kept: those with cooling devices, and those at which the device ends itself. Where
//! any part of one cannot be read, there is none, and the whole is partial; so it is where there is more than is kept.

use std::cell::Cell;

use edgesoak_protocol::thermal_limits::{
    Cooled, GovernedZone, Ladder, MOST_CLOCKS, MOST_LADDERS, MOST_TRIPS, MOST_WORD, MOST_ZONES, TripPoint,
};
use edgesoak_protocol::{Reason, ThermalLimits};

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
    let reading = Reading { root, partial: Cell::new(false) };
    let (zones, ladders) = (reading.zones(), reading.ladders());
    ThermalLimits { zones, ladders, partial: reading.partial.get() }
}

struct Reading<'a> {
    root: &'a Root,
    /// Whether anything was left out.
    partial: Cell<bool>,
}

impl Reading<'_> {
    fn leave_out(&self) {
        self.partial.set(true);
    }

    /// A word of the kernel; one that is there and cannot be read is left out.
    fn word(&self, path: &str) -> Option<String> {
        let word = self.root.word(path);
        if word.is_none() && self.root.exists(path) {
            self.leave_out();
        }
        word
    }

    /// A word of plain characters, no longer than any that a kernel uses.
    fn name(&self, path: &str) -> String {
        let word = self.root.word(path).unwrap_or_default();
        word.chars().filter(char::is_ascii_graphic).take(MOST_WORD).collect()
    }

    fn at_most<T>(&self, most: usize, mut all: Vec<T>) -> Vec<T> {
        if all.len() > most {
            self.leave_out();
        }
        all.truncate(most);
        all
    }

    fn zones(&self) -> Vec<GovernedZone> {
        let listing = listing::numbered(self.root, ZONES, "thermal_zone");
        if !listing.names.is_empty() && (listing.reason == Reason::Denied || listing.is_cut()) {
            self.leave_out();
        }
        let zones = listing.names.into_iter().filter_map(|name| self.zone(&format!("{ZONES}/{name}")));
        self.at_most(MOST_ZONES, zones.take(MOST_ZONES + 1).collect())
    }

    fn zone(&self, dir: &str) -> Option<GovernedZone> {
        let coolers = self.coolers(dir);
        let kind = |number: usize| Some((number, self.word(&format!("{dir}/trip_point_{number}_type"))?));
        let kinds = self.at_most(MOST_TRIPS, (0..=MOST_TRIPS).map_while(kind).collect());
        let trip = |(number, _): (usize, String)| self.trip(dir, number, &coolers);
        let trips: Vec<TripPoint> = kinds.into_iter().filter_map(trip).collect();
        let governor = self.name(&format!("{dir}/policy"));
        (!trips.is_empty()).then(|| GovernedZone { source: format!("{dir}/temp"), governor, trips })
    }

    /// Each cooling device of a zone with the number of its trip point; their own numbers may have gaps. Kernels of one
    /// vendor tell its limits too.
    fn coolers(&self, dir: &str) -> Vec<(usize, Cooled)> {
        let at = |number: usize| {
            let trip = self.word(&format!("{dir}/cdev{number}_trip_point"))?;
            let limit =
                |leaf: &str| self.root.word(&format!("{dir}/cdev{number}_{leaf}_limit"))?.parse().ok();
            let kind = self.name(&format!("{dir}/cdev{number}/type"));
            Some((
                trip.parse().unwrap_or(usize::MAX),
                Cooled { kind, least: limit("lower"), most: limit("upper") },
            ))
        };
        if self.root.exists(&format!("{dir}/cdev{MOST_COOLERS}_trip_point")) {
            self.leave_out();
        }
        (0..MOST_COOLERS).filter_map(at).collect()
    }

    fn trip(&self, dir: &str, number: usize, coolers: &[(usize, Cooled)]) -> Option<TripPoint> {
        let path = |leaf: &str| format!("{dir}/trip_point_{number}_{leaf}");
        let degrees = |raw: &str| raw.parse::<i64>().ok().filter(|raw| PLAUSIBLE_MC.contains(raw));
        let kelvin = |raw: i64| f64::from(i32::try_from(raw).unwrap_or(0)) / 1e3;
        let (kind, of) = (self.name(&path("type")), |(of, _): &&(usize, Cooled)| *of == number);
        let cools: Vec<Cooled> = coolers.iter().filter(of).map(|(_, cooled)| cooled.clone()).collect();
        if cools.is_empty() && kind != "critical" {
            return None;
        }
        let Some(celsius) = self.root.word(&path("temp")) else {
            self.leave_out();
            return None;
        };
        let hysteresis = self.word(&path("hyst")).and_then(|raw| degrees(&raw));
        let hysteresis_k = hysteresis.map_or(0.0, kelvin);
        Some(TripPoint { kind, celsius: kelvin(degrees(&celsius)?), hysteresis_k, cools })
    }

    fn ladders(&self) -> Vec<Ladder> {
        let policies =
            listing::numbered(self.root, POLICIES, "policy").names.into_iter().filter_map(|name| {
                let dir = format!("{POLICIES}/{name}");
                let path = format!("{dir}/scaling_available_frequencies");
                self.ladder(&path, format!("{dir}/scaling_max_freq"), 1e3)
            });
        let devices = listing::all(self.root, DEVICES, |_| true).names.into_iter().filter_map(|name| {
            let dir = format!("{DEVICES}/{name}");
            self.ladder(&format!("{dir}/available_frequencies"), format!("{dir}/max_freq"), 1.0)
        });
        self.at_most(MOST_LADDERS, policies.chain(devices).take(MOST_LADDERS + 1).collect())
    }

    fn ladder(&self, path: &str, source: String, scale: f64) -> Option<Ladder> {
        let bytes = self.root.read(path, MOST_BYTES).ok()?;
        let text = String::from_utf8_lossy(&bytes);
        let clocks = self.at_most(MOST_CLOCKS, text.split_whitespace().take(MOST_CLOCKS + 1).collect());
        let mut hertz: Vec<f64> = clocks
            .into_iter()
            .map(|word| word.parse::<u32>().ok().filter(|raw| *raw > 0).map(|raw| f64::from(raw) * scale))
            .collect::<Option<_>>()?;
        hertz.sort_by(f64::total_cmp);
        hertz.dedup();
        (hertz.len() > 1).then_some(Ladder { source, hertz })
    }
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
    fn what_is_left_out_makes_it_partial() {
        let folder = tempfile::tempdir().expect("a folder");
        let zone = "/sys/class/thermal/thermal_zone0";
        let long = "cpu".repeat(30);
        for (leaf, text) in [
            ("trip_point_0_type", "passive\n"),
            ("trip_point_0_temp", "41500\n"),
            // Numbers of cooling devices have gaps.
            ("cdev3/type", long.as_str()),
            ("cdev3_trip_point", "0\n"),
        ] {
            write(folder.path(), &format!("{zone}/{leaf}"), text);
        }
        let root = Root::new(folder.path());
        let whole = thermal_limits(&root);
        assert_eq!(whole.zones[0].trips[0].cools[0].kind.len(), MOST_WORD);
        assert!(!whole.partial, "{whole:?}");
        write(folder.path(), &format!("{zone}/trip_point_1_type"), "critical\n");
        let without = thermal_limits(&root);
        assert!(without.partial && without.zones == whole.zones, "{without:?}");
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
