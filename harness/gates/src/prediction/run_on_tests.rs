use super::{Acting, Device, End, settled};
use crate::prediction::network::Network;
use crate::prediction::work::{HeatLaw, RateLaw};

const LADDER: [f64; 5] = [1.0, 0.9, 0.75, 0.6, 0.4];

/// 5 K per watt, most of them through a slow case.
fn case() -> Network {
    Network { taus: [12.0, 80.0, 500.0], gains: [0.2, 0.8, 4.0], idle: 0.0, error: 0.02, weight: 1.0 }
}

/// 20 tokens/s for 4 W, of which 1 W stays.
fn device(case: &Network, most: usize) -> Device<'_> {
    let governor = Acting { zone: 0, trip_c: 41.0, release_c: 40.0, poll_s: 5.0, least: 0, most };
    Device {
        rate: RateLaw { top: 20.0, share: 0.8 },
        heat: HeatLaw { scale: 4.0, dynamic: 0.75, exponent: 2.0, leak: 0.0, reference: 50.0 },
        zones: vec![case],
        chip: None,
        governors: vec![governor],
        ladder: &LADDER,
    }
}

#[test]
fn a_device_that_stays_below_its_trip_point_runs_free() {
    let case = case();
    let rest = settled(&device(&case, 4), 20.0, None);
    assert!((rest.floor - 20.0).abs() < 1e-9 && (rest.hottest[0] - 40.0).abs() < 1e-9, "{rest:?}");
}

#[test]
fn a_governor_holds_its_zone_about_its_trip_point() {
    let case = case();
    let [cool, warm] = [25.0, 30.0].map(|air| settled(&device(&case, 4), air, None));
    assert!(warm.floor < cool.floor && cool.floor < 20.0, "{cool:?} {warm:?}");
    assert!((40.0..42.5).contains(&warm.hottest[0]), "{warm:?}");
}

#[test]
fn a_governor_that_takes_few_clocks_lets_its_zone_go() {
    let case = case();
    let rest = settled(&device(&case, 1), 35.0, None);
    let slower = 20.0 / (0.8 / 0.9 + 0.2);
    assert!((rest.floor - slower).abs() < 1e-6 && rest.hottest[0] > 45.0, "{rest:?}");
}

#[test]
fn a_device_goes_on_from_the_end_of_its_soak() {
    let case = case();
    let heat = vec![2.0; 2_000];
    // 30 °C and 2 W: 40 °C, between release and trip point, where nothing asks for another clock.
    let end = End { heat: &heat, step: 5.0, clock: 0.75 };
    let mut device = device(&case, 4);
    device.governors[0].release_c = 35.0;
    let rest = settled(&device, 27.0, Some(end));
    let parked = 20.0 / (0.8 / 0.75 + 0.2);
    assert!((rest.floor - parked).abs() < 1e-6, "{rest:?}");
}
