//! What comes out of a body by itself: limit cycles, caps before the status, sag, charger heat, shutdown.

#[path = "made/student.rs"]
mod student;

use edgesoak_protocol::units::{Celsius, Nanos, Ratio, Watts};
use edgesoak_virtual_phone::body::state::Down;
use edgesoak_virtual_phone::body::status::Severity;
use edgesoak_virtual_phone::profile::built_in_names;
use edgesoak_virtual_phone::{Accelerator, Body, Candidate, Case, Charger, Load, Profile, Surroundings};
use student::student;

fn profile(name: &str) -> Profile {
    Profile::built_in(name).expect("a profile of ours")
}

fn body(profile: &Profile, surroundings: Surroundings) -> Body {
    Body::new(profile, 0, surroundings).expect("a body")
}

/// Seconds per token now, decoding.
fn token_s(body: &mut Body, candidate: &Candidate) -> f64 {
    body.rates(&Load::Decode { candidate, context: 200 }).expect("a device that is on").token_s(200)
}

fn decode_for(body: &mut Body, candidate: &Candidate, seconds: u64) {
    body.advance(Nanos::from_secs(seconds), &Load::Decode { candidate, context: 200 });
}

#[test]
fn one_seed_gives_the_same_bits_and_another_seed_another_unit() {
    let candidate = student();
    for name in built_in_names() {
        let profile = profile(name);
        let run = |seed: u64| -> Vec<u64> {
            let mut body = Body::new(&profile, seed, Surroundings::ROOM).expect("a body");
            decode_for(&mut body, &candidate, 120);
            let state = body.state();
            let nodes = (0..profile.heat.nodes.len()).filter_map(|node| state.node(node));
            nodes.map(|celsius| celsius.0.to_bits()).chain([state.energy().0.to_bits()]).collect()
        };
        assert_eq!(run(11), run(11), "{name}");
        assert_ne!(run(11), run(12), "{name}");
    }
}

#[test]
fn time_may_be_cut_anywhere() {
    let candidate = student();
    let profile = profile("exynos-mid");
    let (mut whole, mut cut) = (body(&profile, Surroundings::ROOM), body(&profile, Surroundings::ROOM));
    let load = Load::Decode { candidate: &candidate, context: 200 };
    whole.advance(Nanos::from_secs(300), &load);
    while cut.now() < Nanos::from_secs(300) {
        let left = Nanos::from_secs(300).since(cut.now());
        cut.advance(Nanos(73_456_789).min(left), &load);
    }
    assert!((whole.state().energy().0 - cut.state().energy().0).abs() < 1e-6);
    for node in 0..profile.heat.nodes.len() {
        let temperatures = [&whole, &cut].map(|body| body.state().node(node).expect("a node").0);
        // The battery's open-circuit voltage is held over a step, and so is the context of the load.
        assert!((temperatures[0] - temperatures[1]).abs() < 1e-4, "node {node}: {temperatures:?}");
    }
}

/// A board without a battery: everything drawn becomes heat, and in balance leaves to the air.
#[test]
fn a_board_in_balance_loses_what_it_draws() {
    let profile = profile("pi-board");
    let mut body = body(&profile, Surroundings::ROOM);
    body.advance(Nanos::from_secs(8 * 3_600), &Load::Idle);
    let state = body.state();
    let lost: f64 = profile
        .heat
        .nodes
        .iter()
        .enumerate()
        .map(|(index, node)| node.to_ambient_w_per_k * (state.node(index).expect("a node").0 - 23.0))
        .sum();
    assert!((lost - state.power().0).abs() < 1e-3, "{lost} W leave, {} W are drawn", state.power().0);
}

#[test]
fn a_board_without_a_fan_swings_about_its_trip_point() {
    let profile = profile("pi-board");
    let candidate = student();
    let mut body =
        body(&profile, Surroundings { ambient: Celsius(30.0), start: Celsius(30.0), ..Surroundings::ROOM });
    decode_for(&mut body, &candidate, 1_500);
    let cpu = profile.cluster("cpu").expect("a cluster");
    let mut states = Vec::new();
    for _ in 0..1_200 {
        body.advance(Nanos::from_millis(500), &Load::Decode { candidate: &candidate, context: 200 });
        states.push(body.state().clock(cpu).expect("a clock").cooling_state);
    }
    let turns = states
        .windows(2)
        .filter(|pair| pair[0] != pair[1])
        .map(|pair| pair[1] > pair[0])
        .collect::<Vec<bool>>()
        .windows(2)
        .filter(|pair| pair[0] != pair[1])
        .count();
    let celsius = body.state().sensor(0).expect("a sensor").0;
    assert!(turns >= 6, "{turns} turns of the cooling state in ten minutes, at {celsius} °C");
    assert!((74.0..88.0).contains(&celsius), "{celsius} °C");
}

#[test]
fn a_vendor_caps_while_the_status_still_says_none() {
    let profile = profile("tensor-phone");
    let candidate = student();
    let mut body = body(&profile, Surroundings::ROOM);
    let cold = token_s(&mut body, &candidate);
    let mut capped_at_none = false;
    let mut slowest_at_none: f64 = cold;
    for _ in 0..600 {
        decode_for(&mut body, &candidate, 1);
        if body.state().severity() == Some(Severity::None) {
            capped_at_none |= body.state().is_capped();
            slowest_at_none = slowest_at_none.max(token_s(&mut body, &candidate));
        }
    }
    assert!(capped_at_none);
    assert!(slowest_at_none > 1.02 * cold, "{cold} s per token cold, {slowest_at_none} s with status NONE");
}

#[test]
fn a_graphics_processor_loses_half_its_rate() {
    let profile = profile("iphone-class");
    let candidate = Candidate { accelerator: Accelerator::Gpu, flop_per_token: 4.0e9, ..student() };
    let mut body = body(&profile, Surroundings { start: Celsius(27.0), ..Surroundings::ROOM });
    let cold = token_s(&mut body, &candidate);
    decode_for(&mut body, &candidate, 120);
    let hot = token_s(&mut body, &candidate);
    assert!(hot > 1.5 * cold, "{cold} s per token cold, {hot} s after two minutes");
}

#[test]
fn rest_brings_the_speed_back() {
    let profile = profile("snapdragon8-phone");
    let candidate = student();
    let mut body = body(&profile, Surroundings::ROOM);
    let cold = token_s(&mut body, &candidate);
    decode_for(&mut body, &candidate, 900);
    let hot = token_s(&mut body, &candidate);
    body.advance(Nanos::from_secs(3_600), &Load::Idle);
    let rested = token_s(&mut body, &candidate);
    assert!(hot > 1.1 * cold, "{cold} against {hot}");
    assert!((rested - cold).abs() < 1e-12, "{cold} against {rested}");
}

#[test]
fn context_slows_decoding_by_its_bytes() {
    let candidate = student();
    let mut body = body(&profile("sm6115-scanner"), Surroundings::ROOM);
    let speed = body.rates(&Load::Decode { candidate: &candidate, context: 0 }).expect("a speed");
    // 40 kB per token of context behind 230 MB of weights: 1,000 tokens add 17 % to the time of the weights.
    let expected = speed.weights_s * 40.0 / 230.0;
    assert!((speed.token_s(1_000) - speed.token_s(0) - expected).abs() < 1e-12);
}

/// At rest: under load, its governors would hold it at the same skin temperature.
#[test]
fn a_boot_and_a_charger_make_it_hotter() {
    let profile = profile("sm6115-scanner");
    let battery = profile.sensor("battery").expect("a sensor");
    let after_an_hour = |surroundings: Surroundings| {
        let mut body = body(&profile, surroundings);
        body.advance(Nanos::from_secs(3_600), &Load::Idle);
        body.state().sensor(battery).expect("a reading").0
    };
    let half = Surroundings { charge: Ratio(0.5), ..Surroundings::ROOM };
    let bare = after_an_hour(half);
    let boot = after_an_hour(Surroundings { case: Case::BOOT, ..half });
    let charger = after_an_hour(Surroundings { charger: Some(Charger { most: Watts(15.0) }), ..half });
    assert!(boot > bare + 0.5 && charger > bare + 1.0, "bare {bare}, boot {boot}, charger {charger}");
}

#[test]
fn a_hot_day_switches_it_off_and_it_stays_off() {
    let mut profile = profile("sdm660-scanner");
    profile.downs.iter_mut().filter(|down| down.sensor == "battery").for_each(|down| down.at_c = 60.5);
    let candidate = student();
    let surroundings =
        Surroundings { ambient: Celsius(58.0), start: Celsius(58.0), case: Case::BOOT, ..Surroundings::ROOM };
    let mut body = body(&profile, surroundings);
    decode_for(&mut body, &candidate, 3_600);
    let Some(Down::Heat { at, .. }) = body.state().down() else {
        panic!("{:?}", body.state().down());
    };
    assert!(at > Nanos::from_secs(10) && at < Nanos::from_secs(3_600), "{at}");
    assert!(body.rates(&Load::Decode { candidate: &candidate, context: 0 }).is_none());
    assert!(body.state().power().0.abs() < 1e-12);
}

#[test]
fn a_worn_battery_sags_and_ends_the_run() {
    let profile = profile("sdm660-scanner");
    let candidate = student();
    let mut half = body(&profile, Surroundings { charge: Ratio(0.5), ..Surroundings::ROOM });
    let idle_uv = half.state().gauge().expect("a gauge").voltage_uv;
    decode_for(&mut half, &candidate, 25);
    let busy_uv = half.state().gauge().expect("a gauge").voltage_uv;
    assert!(busy_uv < idle_uv - 50_000, "{idle_uv} µV idle, {busy_uv} µV busy");
    let mut empty = body(&profile, Surroundings { charge: Ratio(0.06), ..Surroundings::ROOM });
    decode_for(&mut empty, &candidate, 3_600);
    let Some(Down::Battery { at }) = empty.state().down() else {
        panic!("{:?}", empty.state().down());
    };
    let left = empty.state().charge().expect("a battery").0;
    assert!(
        at > Nanos::from_secs(1) && left > 0.0,
        "it sags below its cut-off before it is empty: {at}, {left}"
    );
}

#[test]
fn a_gauge_counts_what_the_body_drew() {
    let profile = profile("tensor-phone");
    let candidate = student();
    let mut body = body(&profile, Surroundings::ROOM);
    let before = body.state().gauge().expect("a gauge");
    let mut joules = 0.0;
    for _ in 0..300 {
        decode_for(&mut body, &candidate, 1);
        let shown = body.state().gauge().expect("a gauge");
        assert!(shown.current_ua < 0, "this vendor shows a discharge as negative");
        joules -= shown.current_ua as f64 / 1e6 * shown.voltage_uv as f64 / 1e6;
    }
    let truth = body.state().energy().0;
    assert!((joules / truth - 1.0).abs() < 0.01, "{joules} J by the gauge, {truth} J in truth");
    let counted = (before.counter_uah - body.state().gauge().expect("a gauge").counter_uah) as f64;
    let by_energy = truth / 3_600.0 / (before.voltage_uv as f64 / 1e6) * 1e6;
    assert!((counted / by_energy - 1.0).abs() < 0.10, "{counted} µAh counted, about {by_energy} µAh drawn");
}

#[test]
fn a_charger_carries_the_device_and_fills_the_battery() {
    let profile = profile("tensor-phone");
    let mut body = body(&profile, Surroundings { charge: Ratio(0.95), ..Surroundings::ROOM });
    body.plug(Some(Charger { most: Watts(18.0) })).expect("a charger");
    body.advance(Nanos::from_secs(600), &Load::Idle);
    let charging = body.state().gauge().expect("a gauge");
    assert!(charging.current_ua > 500_000, "{charging:?}");
    body.advance(Nanos::from_secs(2 * 3_600), &Load::Idle);
    let full = body.state().gauge().expect("a gauge");
    assert_eq!((full.percent, full.current_ua), (100, 0));
    body.plug(None).expect("no charger");
    body.advance(Nanos::from_secs(60), &Load::Idle);
    assert!(body.state().gauge().expect("a gauge").current_ua < 0);
}

#[test]
fn surroundings_beyond_the_model_are_refused() {
    let hot = Surroundings { ambient: Celsius(95.0), ..Surroundings::ROOM };
    let error = Body::new(&profile("pi-board"), 0, hot).expect_err("too hot");
    assert_eq!(error.to_string(), "setting the surroundings: ambient of 95 °C is not between -20 and 60");
    let unknown = Surroundings { charge: Ratio(f64::NAN), ..Surroundings::ROOM };
    assert!(Body::new(&profile("pi-board"), 0, unknown).is_err());
}

#[test]
fn colder_air_cools_what_was_warm_and_changes_nothing_at_once() {
    let profile = profile("pi-board");
    let mut body = body(&profile, Surroundings::ROOM);
    body.advance(Nanos::from_secs(7_200), &Load::Idle);
    let node = |body: &Body| body.state().node(2).expect("a node").0;
    let warm = node(&body);
    body.set_ambient(Celsius(3.0)).expect("a cold room");
    body.advance(Nanos::from_millis(100), &Load::Idle);
    assert!((node(&body) - warm).abs() < 0.05, "{} against {warm} just after", node(&body));
    body.advance(Nanos::from_secs(7_200), &Load::Idle);
    assert!((warm - node(&body) - 20.0).abs() < 1.0, "{} against {warm} two hours later", node(&body));
    assert!(body.set_ambient(Celsius(f64::INFINITY)).is_err());
}
