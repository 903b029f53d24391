use std::io;
use std::time::Duration;

use super::*;
use crate::glance::Identity;

const LIMITS: StopLimits = StopLimits { battery_percent: Some(15.0), celsius: Some(60.0) };

fn fit() -> Glance {
    Glance {
        identity: Identity::default(),
        battery_percent: Ok(60.0),
        battery_celsius: Ok(28.0),
        thermal_status: Ok(0),
        free_bytes: Ok(8 << 30),
        is_locked: Ok(false),
        is_awake: Ok(true),
        session: None,
        tenancy: None,
    }
}

#[test]
fn a_device_that_is_fit_is_ready() {
    assert_eq!(DeviceState::obstacles(&fit(), LIMITS, None), []);
}

#[test]
fn what_is_not_known_stands_against_nothing() {
    let why = || "it does not tell".to_owned();
    let glance = Glance {
        battery_percent: Err(why()),
        battery_celsius: Err(why()),
        thermal_status: Err(why()),
        free_bytes: Err(why()),
        is_locked: Err(why()),
        is_awake: Err(why()),
        ..fit()
    };
    assert_eq!(DeviceState::obstacles(&glance, LIMITS, None), []);
    assert_eq!(glance.unread().len(), 5);
}

#[test]
fn obstacles_come_in_the_order_of_their_weight() {
    let glance = Glance {
        battery_percent: Ok(19.9),
        battery_celsius: Ok(40.0),
        free_bytes: Ok(1),
        is_locked: Ok(true),
        session: Some("run/one".to_owned()),
        ..fit()
    };
    assert_eq!(
        DeviceState::obstacles(&glance, LIMITS, None),
        [
            DeviceState::Busy { holder: "session run/one".to_owned() },
            DeviceState::LowBattery { percent: 19.9, least: 20.0 },
            DeviceState::Hot { by: Heat::Battery(40.0, 40.0) },
            DeviceState::LowStorage { free_bytes: 1, least_bytes: 1 << 30 },
            DeviceState::Locked,
        ]
    );
}

#[test]
fn limits_are_those_of_the_device() {
    let mains = StopLimits { battery_percent: None, celsius: Some(35.0) };
    let glance = Glance { battery_percent: Ok(1.0), battery_celsius: Ok(36.0), ..fit() };
    assert_eq!(
        DeviceState::obstacles(&glance, mains, None),
        [DeviceState::Hot { by: Heat::Battery(36.0, 35.0) }]
    );
    for (status, hot) in [(1, false), (2, true), (3, true)] {
        let glance = Glance { thermal_status: Ok(status), ..fit() };
        assert_eq!(DeviceState::obstacles(&glance, LIMITS, None).len(), usize::from(hot), "{status}");
    }
}

#[test]
fn the_servers_words_have_their_states() {
    let attached = |state: &str| Attached {
        serial: "S".to_owned(),
        state: state.to_owned(),
        product: None,
        model: None,
        device: None,
        usb: None,
        transport: None,
    };
    for (word, state) in [
        ("device", None),
        ("unauthorized", Some(DeviceState::Unauthorised)),
        ("offline", Some(DeviceState::Offline)),
        ("no permissions", Some(DeviceState::NoPermission)),
        ("bootloader", Some(DeviceState::Bootloader)),
        ("recovery", Some(DeviceState::NotReady { word: "recovery".to_owned() })),
    ] {
        assert_eq!(DeviceState::listed(&[&attached(word)]), state, "{word}");
    }
    assert_eq!(DeviceState::listed(&[]), Some(DeviceState::NotAttached));
    let two = [&attached("device"), &attached("offline")];
    assert_eq!(DeviceState::listed(&two), Some(DeviceState::SameSerial { count: 2 }));
}

#[test]
fn a_usb_port_tells_what_adb_does_not() {
    let device = |vendor, interfaces: &[((u8, u8, u8), &str)]| UsbDevice {
        port: "1-1".to_owned(),
        vendor,
        product: 1,
        maker: None,
        name: None,
        serial: None,
        class: 0,
        interfaces: interfaces.iter().map(|(class, name)| (*class, (*name).to_owned())).collect(),
        self_powered: None,
        node: None,
    };
    let (adb, files, vendors) = (((0xff, 0x42, 1), "ADB"), ((6, 1, 1), ""), ((0xff, 0, 0), ""));
    let zebra = Maker::of(0x05e0).expect("known");
    for (vendor, interfaces, state) in [
        (0x18d1, &[adb][..], Some(DeviceState::NotAttached)),
        (0x18d1, &[files], Some(DeviceState::AdbDisabled)),
        (0x18d1, &[vendors], Some(DeviceState::ChargeOnly)),
        (0x05e0, &[files], Some(DeviceState::Managed { maker: zebra })),
        (0x05e0, &[], Some(DeviceState::Managed { maker: zebra })),
        (0x05e0, &[((3, 0, 0), "")], None),
        (0x9999, &[((6, 1, 1), "MTP")], Some(DeviceState::AdbDisabled)),
        // A camera.
        (0x9999, &[files], None),
        (0x9999, &[vendors], None),
        (0x9999, &[((0xff, 0x42, 3), "")], Some(DeviceState::Bootloader)),
    ] {
        assert_eq!(
            DeviceState::plugged(&device(vendor, interfaces), true),
            state,
            "{vendor:x} {interfaces:?}"
        );
    }
    assert_eq!(DeviceState::plugged(&device(0x18d1, &[adb]), false), Some(DeviceState::NoServer));
}

#[test]
fn a_device_that_does_not_answer_has_a_state_too() {
    let (serial, server) = (|| "S".to_owned(), || "127.0.0.1:5037".to_owned());
    for (error, state) in [
        (DriverError::Unauthorised { serial: serial() }, DeviceState::Unauthorised),
        (DriverError::NotAttached { serial: serial(), server: server() }, DeviceState::NotAttached),
        (DriverError::NotReady { serial: serial(), state: "offline".to_owned() }, DeviceState::Offline),
        (
            DriverError::NoAdbServer { server: server(), source: io::ErrorKind::ConnectionRefused.into() },
            DeviceState::NoServer,
        ),
    ] {
        assert_eq!(DeviceState::silent(&error), state);
    }
    let late =
        DriverError::DeadlinePassed { doing: "asking its shell".to_owned(), after: Duration::from_secs(20) };
    let DeviceState::Unreachable { why, .. } = DeviceState::silent(&late) else {
        panic!("it is unreachable")
    };
    assert_eq!(why, "asking its shell: no end within 20 s");
}
