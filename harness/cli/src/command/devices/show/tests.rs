use edgesoak_controller::{DeviceState, Heat, Identity, Maker};
use edgesoak_drivers::UsbDevice;
use edgesoak_matrix::DeviceEntry;
use edgesoak_record::plan::{AddressPart, StopAt};

use super::*;

fn listed(serial: &str) -> Subject {
    Subject::Listed(DeviceEntry {
        id: "rack-03".to_owned(),
        family: "scanner".to_owned(),
        driver: "adb".to_owned(),
        address: [("serial", serial), ("server", "rack-1:5037")]
            .map(|(key, value)| AddressPart { key: key.to_owned(), value: value.to_owned() })
            .into(),
        is_virtual: false,
        slot: None,
        stop_at: StopAt::default(),
        unusable: None,
    })
}

fn attached() -> Subject {
    Subject::Attached { serial: "38111FDJH00ABC".to_owned(), server: "rack-2:5037".to_owned() }
}

fn plugged(maker: Option<&str>, serial: Option<&str>) -> Subject {
    Subject::Plugged(UsbDevice {
        port: "1-4.2".to_owned(),
        vendor: 0x05e0,
        product: 0x2106,
        maker: maker.map(str::to_owned),
        name: maker.map(|_| "TC58".to_owned()),
        serial: serial.map(str::to_owned),
        class: 0,
        interfaces: Vec::new(),
        self_powered: None,
        node: None,
    })
}

fn glance() -> Glance {
    let word = |text: &str| Some(text.to_owned());
    Glance {
        identity: Identity {
            maker: word("Google"),
            model: word("Pixel 8"),
            soc: word("Tensor G3"),
            release: word("16"),
            serial: word("38111FDJH00ABC"),
            is_simulated: false,
        },
        battery_percent: Ok(64.0),
        battery_celsius: Ok(28.7),
        thermal_status: Err("Can't find service: thermalservice".to_owned()),
        free_bytes: Ok(5 << 30),
        is_locked: Ok(false),
        is_awake: Ok(true),
        session: None,
        tenancy: None,
    }
}

fn text(subject: Subject, state: DeviceState) -> String {
    lines(&Row::of(subject, state))
}

/// Every state of a device that adb knows, or should.
#[test]
fn every_state_of_a_device_says_what_to_do() {
    let why = "attaching: no end within 30 s".to_owned();
    let states = [
        DeviceState::Ready,
        DeviceState::Busy { holder: "process 812 (edgesoak run --profile soak)".to_owned() },
        DeviceState::Quarantined { why: "the battery swelled".to_owned() },
        DeviceState::LowBattery { percent: 16.0, least: 20.0 },
        DeviceState::Hot { by: Heat::Battery(41.26, 40.0) },
        DeviceState::Hot { by: Heat::Status(3) },
        DeviceState::LowStorage { free_bytes: 16 << 20, least_bytes: 1 << 30 },
        DeviceState::Locked,
        DeviceState::Unauthorised,
        DeviceState::Offline,
        DeviceState::NoPermission,
        DeviceState::NotReady { word: "recovery".to_owned() },
        DeviceState::SameSerial { count: 2 },
        DeviceState::NotAttached,
        DeviceState::NoServer,
        DeviceState::NotBuiltIn { why: "driver `ssh` is not built in yet".to_owned() },
        DeviceState::Unreachable { why: why.clone(), hint: Some("unplug it".to_owned()) },
        DeviceState::Unreachable { why, hint: None },
    ];
    let told: String = states.into_iter().map(|state| text(listed("23104522501234"), state)).collect();
    insta::assert_snapshot!("states", told);
}

#[test]
fn every_state_that_only_usb_shows_says_what_to_do() {
    let managed = |vendor| DeviceState::Managed { maker: Maker::of(vendor).expect("a maker") };
    let told = [
        text(plugged(Some("Google"), Some("38111FDJH00ABC")), DeviceState::AdbDisabled),
        text(plugged(None, None), DeviceState::ChargeOnly),
        text(plugged(Some("Zebra Technologies"), Some("2310")), managed(0x05e0)),
        text(plugged(Some("Honeywell"), Some("2311")), managed(0x0c2e)),
        text(plugged(Some("Datalogic"), Some("2312")), managed(0x05f9)),
        text(plugged(Some("Google"), None), DeviceState::Bootloader),
        text(plugged(Some("Google"), None), DeviceState::NotAttached),
        text(plugged(Some("Google"), None), DeviceState::NoPermission),
        text(plugged(Some("Google"), None), DeviceState::NoServer),
    ];
    insta::assert_snapshot!("usb", told.concat());
}

#[test]
fn devices_by_network_are_connected_and_unknown_ones_adopted() {
    let told = [
        text(listed("10.0.0.7:5556"), DeviceState::Offline),
        text(listed("10.0.0.7:5556"), DeviceState::NotAttached),
        text(attached(), DeviceState::Ready),
        text(attached(), DeviceState::Unauthorised),
    ];
    insta::assert_snapshot!("others", told.concat());
}

#[test]
fn what_a_device_said_is_shown_and_what_it_did_not_has_a_reason() {
    let row = Row {
        glance: Some(glance()),
        also: vec![DeviceState::Locked, DeviceState::LowStorage { free_bytes: 1, least_bytes: 2 }],
        ..Row::of(attached(), DeviceState::Hot { by: Heat::Battery(41.0, 40.0) })
    };
    let document = serde_json::to_string_pretty(&document(&row)).expect("JSON");
    insta::assert_snapshot!("said", format!("{}\n{document}", lines(&row)));
    let simulated = Identity { is_simulated: true, ..glance().identity };
    let row = Row {
        glance: Some(Glance { identity: simulated, ..glance() }),
        ..Row::of(attached(), DeviceState::Ready)
    };
    assert!(lines(&row).starts_with("38111FDJH00ABC (virtual) | not in the matrix |"), "{}", lines(&row));
}
