use std::collections::BTreeSet;

use edgesoak_protocol::units::{Nanos, Watts};
use edgesoak_protocol::{Quantity, RawReading};

use super::{BATTERY, FAST, SLOW, THERMAL, Telemetry};
use crate::body::Body;
use crate::profile::{Kind, built_in_names};
use crate::student::student;
use crate::{Accelerator, Candidate, Charger, Load, Profile, Surroundings};

fn busy(name: &str, surroundings: Surroundings) -> (Profile, Body) {
    let profile = Profile::built_in(name).expect("a profile of ours");
    let candidate = Candidate { accelerator: Accelerator::Cpu { threads: 2 }, ..student() };
    let mut body = Body::new(&profile, 0, surroundings).expect("a body");
    body.advance(Nanos::from_secs(60), &Load::Decode { candidate: &candidate, context: 100 });
    (profile, body)
}

/// The value of the only channel with this quantity, in its unit.
fn value(telemetry: &Telemetry, body: &Body, name: &str) -> f64 {
    let mut values = Vec::new();
    telemetry.sample(body.state(), FAST, &mut values);
    let fast: Vec<_> = telemetry.specs().filter(|spec| spec.group == FAST).collect();
    let place = fast.iter().position(|spec| spec.name == name).unwrap_or_else(|| panic!("no channel {name}"));
    fast[place].value(values[place].0).unwrap_or_else(|reason| panic!("{name}: {reason}"))
}

#[test]
fn every_channel_has_a_name_of_its_own_and_a_value() {
    for name in built_in_names() {
        let (profile, body) = busy(name, Surroundings::ROOM);
        let telemetry = Telemetry::new(&profile);
        let names: BTreeSet<&str> = telemetry.specs().map(|spec| spec.name.as_str()).collect();
        assert_eq!(names.len(), telemetry.specs().count(), "{name}");
        for group in [FAST, SLOW, THERMAL, BATTERY] {
            let mut values = vec![RawReading(Ok(7))];
            telemetry.sample(body.state(), group, &mut values);
            let specs: Vec<_> = telemetry.specs().filter(|spec| spec.group == group).collect();
            assert_eq!(specs.len(), values.len(), "{name}");
            for (spec, value) in specs.iter().zip(&values) {
                assert!(spec.value(value.0).is_ok(), "{name}: {} is {value:?}", spec.name);
            }
        }
    }
}

#[test]
fn a_discharge_reads_negative_whatever_the_vendor_writes() {
    for name in ["tensor-phone", "sm6115-scanner"] {
        let (profile, body) = busy(name, Surroundings::ROOM);
        let amperes = value(&Telemetry::new(&profile), &body, "battery/current");
        assert!((-3.0..-0.3).contains(&amperes), "{name}: {amperes} A");
    }
}

#[test]
fn power_by_the_gauge_is_the_power_that_is_drawn() {
    let (profile, body) = busy("sm6115-scanner", Surroundings::ROOM);
    let telemetry = Telemetry::new(&profile);
    let watts = -value(&telemetry, &body, "battery/current") * value(&telemetry, &body, "battery/voltage");
    let truth = body.state().power().0;
    assert!((watts / truth - 1.0).abs() < 0.01, "{watts} W by the gauge, {truth} W in truth");
}

#[test]
fn a_charger_shows_in_status_and_supply() {
    let plugged = Surroundings { charger: Some(Charger { most: Watts(18.0) }), ..Surroundings::ROOM };
    for (surroundings, expected) in [(Surroundings::ROOM, (3.0, 0.0)), (plugged, (2.0, 1.0))] {
        let (profile, body) = busy("tensor-phone", surroundings);
        let telemetry = Telemetry::new(&profile);
        let shown =
            (value(&telemetry, &body, "battery/status"), value(&telemetry, &body, "supply/usb/online"));
        assert_eq!(shown, expected);
    }
}

#[test]
fn a_silent_phone_tells_level_and_status_only() {
    let profile = Profile::built_in("iphone-class").expect("a profile of ours");
    let quantities: Vec<Quantity> = Telemetry::new(&profile).specs().map(|spec| spec.quantity).collect();
    let told = [Quantity::ChargeLevel, Quantity::ChargeStatus, Quantity::Plugged, Quantity::ThermalStatus];
    assert_eq!(quantities, told);
}

#[test]
fn clocks_have_the_units_of_their_drivers() {
    let (profile, body) = busy("tensor-phone", Surroundings::ROOM);
    let telemetry = Telemetry::new(&profile);
    for (name, kind) in [("cpufreq/policy6/cur", Kind::Cpu), ("gpu/clock_cap", Kind::Gpu)] {
        let hertz = value(&telemetry, &body, name);
        let of_kind = profile.clusters.iter().rfind(|cluster| cluster.kind == kind).expect("a cluster");
        let is_point = of_kind.points.iter().any(|(khz, _)| (hertz - *khz as f64 * 1e3).abs() < 1.0);
        assert!(is_point, "{name}: {hertz} Hz");
    }
}
