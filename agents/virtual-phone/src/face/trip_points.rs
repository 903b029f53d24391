//! Trip points of the kernel's zones and the clocks that they take, as files and as what an agent notes of them.
//!
//! On phones the vendor's own caps stand in none of them: a system service sets them, and tells nobody by what table.

use edgesoak_protocol::ThermalLimits;
use edgesoak_protocol::thermal_limits::{Cooled, GovernedZone, Ladder, TripPoint};

use super::{Page, file};
use crate::profile::{Kind, Os, Profile};

const STEP_WISE: &str = "step_wise";
const THERMAL: &str = "sys/class/thermal";

/// What an agent notes of this kind of device.
#[must_use]
pub fn thermal_limits(profile: &Profile) -> ThermalLimits {
    if profile.face.os == Os::IosLike {
        return ThermalLimits::default();
    }
    let zones = (0..profile.sensors.len()).filter_map(|index| {
        let trips = trips(profile, index);
        let source = format!("/{THERMAL}/thermal_zone{index}/temp");
        (!trips.is_empty()).then(|| GovernedZone { source, governor: STEP_WISE.to_owned(), trips })
    });
    ThermalLimits { zones: zones.collect(), ladders: ladders(profile), partial: false }
}

fn trips(profile: &Profile, sensor: usize) -> Vec<TripPoint> {
    let name = &profile.sensors[sensor].name;
    let governors = profile.step_wise.iter().filter(|governor| governor.sensor == *name);
    let steps = governors.flat_map(|governor| &governor.trips).map(|trip| {
        let most = u32::try_from(trip.deepest).unwrap_or(u32::MAX);
        let cooled = |kind: &String| cooled(profile, kind, 0, most);
        passive(trip.at_c, trip.hysteresis_k, trip.cools.iter().map(cooled).collect())
    });
    let kernels = if tells_limits(profile) { profile.caps.as_slice() } else { &[] };
    let caps = kernels.iter().filter(|cap| cap.sensor == *name).map(|cap| {
        let cooled = |(kind, khz): (&String, &u64)| {
            let state = state(profile, kind, *khz);
            cooled(profile, kind, state, state)
        };
        passive(cap.on_c, cap.on_c - cap.off_c, cap.limits_khz.iter().map(cooled).collect())
    });
    let downs = profile
        .downs
        .iter()
        .filter(|down| down.sensor == *name)
        .map(|down| TripPoint { kind: "critical".to_owned(), ..passive(down.at_c, 0.0, Vec::new()) });
    steps.chain(caps).chain(downs).collect()
}

fn passive(celsius: f64, hysteresis_k: f64, cools: Vec<Cooled>) -> TripPoint {
    TripPoint { kind: "passive".to_owned(), celsius, hysteresis_k, cools }
}

/// Kernels of Qualcomm's show the limits of each cooling device, and their vendors' caps are trip points like others.
fn tells_limits(profile: &Profile) -> bool {
    matches!(profile.face.os, Os::Zebra | Os::Honeywell)
}

fn cooled(profile: &Profile, kind: &str, least: u32, most: u32) -> Cooled {
    let told = |state| tells_limits(profile).then_some(state);
    Cooled { kind: kind.to_owned(), least: told(least), most: told(most) }
}

/// The state in which a cluster runs no faster than this.
fn state(profile: &Profile, cluster: &str, khz: u64) -> u32 {
    let points = profile.cluster(cluster).map(|index| profile.clusters[index].points.as_slice());
    let above = points.unwrap_or_default().iter().filter(|point| point.0 > khz).count();
    u32::try_from(above).unwrap_or(u32::MAX)
}

fn ladders(profile: &Profile) -> Vec<Ladder> {
    let mut first_core = 0;
    let mut ladders = Vec::new();
    for cluster in &profile.clusters {
        let source = if cluster.kind == Kind::Cpu {
            let policy = first_core;
            first_core += cluster.cores;
            format!("/sys/devices/system/cpu/cpufreq/policy{policy}/scaling_max_freq")
        } else {
            format!("/sys/class/devfreq/{}/max_freq", cluster.name)
        };
        let hertz = cluster.points.iter().map(|(khz, _)| *khz as f64 * 1e3).collect();
        ladders.push(Ladder { source, hertz });
    }
    ladders
}

/// The files of the trip points; those of clocks stand beside the clocks.
pub(super) fn pages(profile: &Profile) -> Vec<Page> {
    let limits = thermal_limits(profile);
    limits.zones.iter().flat_map(of_zone).collect()
}

fn of_zone(zone: &GovernedZone) -> Vec<Page> {
    let dir = zone.source.trim_start_matches('/').trim_end_matches("/temp");
    let mut pages = vec![file(format!("{dir}/policy"), &*zone.governor)];
    let mut devices = 0;
    for (number, trip) in zone.trips.iter().enumerate() {
        pages.push(file(format!("{dir}/trip_point_{number}_type"), &*trip.kind));
        for (leaf, kelvin) in [("temp", trip.celsius), ("hyst", trip.hysteresis_k)] {
            pages.push(file(format!("{dir}/trip_point_{number}_{leaf}"), format!("{:.0}", kelvin * 1e3)));
        }
        for cooled in &trip.cools {
            pages.push(file(format!("{dir}/cdev{devices}/type"), &*cooled.kind));
            pages.push(file(format!("{dir}/cdev{devices}_trip_point"), number.to_string()));
            for (leaf, state) in [("lower", cooled.least), ("upper", cooled.most)] {
                let limit = |state: u32| file(format!("{dir}/cdev{devices}_{leaf}_limit"), state.to_string());
                pages.extend(state.map(limit));
            }
            devices += 1;
        }
    }
    pages
}
