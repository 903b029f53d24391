//! Phones on the USB ports of this host: may they be opened, and what do they hang at?

use edgesoak_drivers::{UsbDevice, UsbOffer, by_hub, usb_devices};

use super::finding::Finding;
use crate::places::Places;

/// More phones than these share one hub's plug, and one hub's fault.
const MANY: usize = 4;

/// Everything about USB; nothing where no phone is plugged in.
pub fn all(places: &Places) -> Vec<Finding> {
    match usb_devices(&places.usb) {
        Ok(devices) => {
            let may_open: Vec<Option<bool>> = devices.iter().map(UsbDevice::may_be_opened).collect();
            let phones = devices.iter().zip(may_open).filter(|(device, _)| device.offer() == UsbOffer::Adb);
            of_phones(&phones.collect::<Vec<_>>(), &devices)
        }
        Err(error) => {
            let words = format!("{}: {error}", places.usb.display());
            vec![Finding::doubtful(
                "usb",
                words,
                "phones on cables cannot be looked for: let this user read it",
            )]
        }
    }
}

/// Phones, whether each may be opened, and everything else on the ports.
fn of_phones(phones: &[(&UsbDevice, Option<bool>)], all: &[UsbDevice]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let closed: Vec<&str> =
        phones.iter().filter(|(_, may)| *may == Some(false)).map(|(phone, _)| phone.port.as_str()).collect();
    if !closed.is_empty() {
        findings.push(Finding::bad(
            "usb",
            format!("this user may not open the phones at {}", closed.join(", ")),
            "add the udev rule of the lab handbook and this user to the group plugdev, log in anew, plug them in again",
        ));
    } else if !phones.is_empty() {
        let count = phones.len();
        findings.push(Finding::good(
            "usb",
            format!("{count} phone{} with adb", if count == 1 { "" } else { "s" }),
        ));
    }
    for (hub, at_hub) in by_hub(phones.iter().map(|(phone, _)| *phone)) {
        let ports: Vec<&str> = at_hub.iter().map(|phone| phone.port.as_str()).collect();
        let words = format!(
            "hub {hub} has {} phone{}: {}",
            ports.len(),
            if ports.len() == 1 { "" } else { "s" },
            ports.join(", ")
        );
        let first = (at_hub[0].vendor, at_hub[0].product);
        let is_alike = at_hub.iter().all(|phone| (phone.vendor, phone.product) == first);
        let is_fed_by_host =
            all.iter().find(|device| device.port == hub).is_some_and(|hub| hub.self_powered == Some(false));
        findings.push(if is_fed_by_host {
            let hint = "phones that charge need more than a port gives: take a hub with a supply of its own";
            Finding::doubtful("usb", format!("{words}; it has no supply of its own"), hint)
        } else if at_hub.len() > MANY {
            let hint = "they share one plug to the host, for data and for faults: spread them over several hubs";
            Finding::doubtful("usb", words, hint)
        } else if at_hub.len() > 1 && at_hub.len() == phones.len() && is_alike {
            let hint = "all phones of one kind hang at one hub: when it fails, nobody can tell the model from the hub";
            Finding::doubtful("usb", words, hint)
        } else {
            Finding::good("usb", words)
        });
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(port: &str, product: u16, class: u8, self_powered: bool) -> UsbDevice {
        UsbDevice {
            port: port.to_owned(),
            vendor: 0x18d1,
            product,
            maker: None,
            name: None,
            serial: None,
            class,
            interfaces: vec![((0xff, 0x42, 0x01), "ADB Interface".to_owned())],
            self_powered: Some(self_powered),
            node: None,
        }
    }

    fn told(phones: &[(&str, u16, Option<bool>)], hub_is_fed: bool) -> String {
        let hub = device("1-4", 1, 9, hub_is_fed);
        let made: Vec<(UsbDevice, Option<bool>)> =
            phones.iter().map(|(port, product, may)| (device(port, *product, 0, true), *may)).collect();
        let phones: Vec<(&UsbDevice, Option<bool>)> = made.iter().map(|(phone, may)| (phone, *may)).collect();
        of_phones(&phones, &[hub]).iter().map(Finding::lines).collect::<String>() + "--\n"
    }

    #[test]
    fn phones_are_told_with_their_hubs() {
        let many: Vec<(&str, u16, Option<bool>)> = ["1-4.1", "1-4.2", "1-4.3", "1-4.4", "1-4.5"]
            .iter()
            .zip(1..)
            .map(|(p, n)| (*p, n, None))
            .collect();
        let all = [
            told(&[], true),
            told(&[("1-1", 1, Some(true))], true),
            told(&[("1-1", 1, Some(true)), ("2-1", 2, Some(false))], true),
            told(&[("1-4.1", 1, None), ("1-4.2", 1, None)], true),
            told(&[("1-4.1", 1, None), ("1-4.2", 1, None), ("2-1", 1, None)], true),
            told(&[("1-4.1", 1, None)], false),
            told(&many, true),
        ];
        insta::assert_snapshot!("ports", all.concat());
    }
}
