use std::fs;
use std::path::Path;

use super::*;

/// Files as the kernel shows a device.
fn plug(list: &Path, port: &str, files: &[(&str, &str)], interfaces: &[(&str, &str)]) {
    for (name, text) in files {
        put(&list.join(port).join(name), text);
    }
    for (index, (class, name)) in interfaces.iter().enumerate() {
        let place = list.join(format!("{port}:1.{index}"));
        for (file, digits) in [("Class", 0..2), ("SubClass", 2..4), ("Protocol", 4..6)] {
            put(&place.join(format!("bInterface{file}")), &class[digits]);
        }
        put(&place.join("interface"), name);
    }
}

fn put(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("below the list")).expect("room");
    fs::write(path, format!("{text}\n")).expect("room");
}

#[test]
fn devices_are_read_as_the_kernel_shows_them() {
    let list = tempfile::tempdir().expect("a folder");
    let list = list.path();
    plug(list, "usb1", &[("idVendor", "1d6b"), ("idProduct", "0002")], &[("090000", "")]);
    plug(
        list,
        "1-4",
        &[("idVendor", "2109"), ("idProduct", "2813"), ("bDeviceClass", "09"), ("bmAttributes", "e0")],
        &[("090000", "")],
    );
    let phone = [
        ("idVendor", "18d1"),
        ("idProduct", "4ee7"),
        ("serial", "R58N"),
        ("product", "Pixel\u{1b}[2J 8"),
        ("busnum", "1"),
        ("devnum", "12"),
        ("bmAttributes", "80"),
    ];
    plug(list, "1-4.2", &phone, &[("060101", "MTP"), ("ff4201", "ADB Interface")]);
    plug(list, "1-4.3", &[("idProduct", "4ee7")], &[]);
    plug(list, "..", &[], &[]);
    let found = usb_devices(list).expect("readable");
    assert_eq!(found.iter().map(|device| device.port.as_str()).collect::<Vec<_>>(), ["1-4", "1-4.2"]);
    let (hub, phone) = (&found[0], &found[1]);
    assert_eq!((hub.offer(), hub.hub(), hub.self_powered), (UsbOffer::Other, None, Some(true)));
    assert_eq!((phone.vendor, phone.product, phone.serial.as_deref()), (0x18d1, 0x4ee7, Some("R58N")));
    assert_eq!((phone.offer(), phone.hub(), phone.self_powered), (UsbOffer::Adb, Some("1-4"), Some(false)));
    assert_eq!(phone.name.as_deref(), Some("Pixel [2J 8"));
    assert_eq!(phone.node.as_deref(), Some(Path::new("/dev/bus/usb/001/012")));
    let hubs = by_hub(&found);
    assert_eq!(hubs.into_iter().map(|(hub, at)| (hub, at.len())).collect::<Vec<_>>(), [("1-4", 1)]);
}

#[test]
fn a_host_without_usb_has_no_devices() {
    let list = tempfile::tempdir().expect("a folder");
    assert_eq!(usb_devices(&list.path().join("none")).expect("no error"), []);
}

#[test]
fn what_a_device_offers_follows_from_its_interfaces() {
    let device = |class, interfaces: &[(InterfaceClass, &str)]| UsbDevice {
        port: "1-1".to_owned(),
        vendor: 1,
        product: 1,
        maker: None,
        name: None,
        serial: None,
        class,
        interfaces: interfaces.iter().map(|(class, name)| (*class, (*name).to_owned())).collect(),
        self_powered: None,
        node: None,
    };
    for (class, interfaces, expected) in [
        (0, &[((6, 1, 1), "MTP")][..], UsbOffer::Files),
        (0, &[((0xff, 0xff, 0), "MTP")], UsbOffer::Files),
        (0, &[((6, 1, 1), "MTP"), ((0xff, 0x42, 1), "ADB Interface")], UsbOffer::Adb),
        (0, &[((0xff, 0x42, 3), "fastboot")], UsbOffer::Bootloader),
        (0, &[((0xff, 0xff, 0), "")], UsbOffer::Nothing),
        (0, &[], UsbOffer::Nothing),
        (0, &[((3, 1, 1), "")], UsbOffer::Other),
        (9, &[], UsbOffer::Other),
        (0, &[((8, 6, 80), "")], UsbOffer::Other),
    ] {
        assert_eq!(device(class, interfaces).offer(), expected, "{interfaces:?}");
    }
}
