//! The matrix' address of a device behind an adb server.

use super::server::Server;
use crate::error::DriverError;
use crate::kinds::DeviceAddress;

const DEFAULT_PORT: u16 = 5037;
/// The variable by which adb itself is told of another port.
const PORT_VARIABLE: &str = "ANDROID_ADB_SERVER_PORT";
const MAX_SERIAL: usize = 128;

/// Which device, and at which server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) serial: String,
    pub(super) server: Server,
    /// Whether the link goes with the cable that charges the device.
    pub(super) is_charger: bool,
}

/// Where the adb server of this host listens: port 5037, or where `ANDROID_ADB_SERVER_PORT` says, as for adb itself.
#[must_use]
pub fn usual_server() -> String {
    let told = std::env::var(PORT_VARIABLE).ok();
    format!("127.0.0.1:{}", usual_port(told.as_deref()))
}

fn usual_port(told: Option<&str>) -> u16 {
    told.and_then(|port| port.parse().ok()).filter(|port| *port > 0).unwrap_or(DEFAULT_PORT)
}

impl Address {
    pub(super) fn of(address: &DeviceAddress) -> Result<Self, DriverError> {
        let wrong = |problem: String| DriverError::ReadingAddress { device: address.device.clone(), problem };
        let (mut serial, mut server, mut link) = (None, None, None);
        for (key, value) in &address.parts {
            match key.as_str() {
                "serial" => serial = Some(value.as_str()),
                "server" => server = Some(value.clone()),
                "link" => link = Some(value.as_str()),
                other => return Err(wrong(format!("a device behind an adb server has no `{other}`"))),
            }
        }
        let serial = serial.ok_or_else(|| wrong("it names no `serial`".to_owned()))?;
        if serial.is_empty()
            || serial.len() > MAX_SERIAL
            || !serial.bytes().all(|byte| byte.is_ascii_graphic())
        {
            return Err(wrong(format!("{serial:?} is no serial number")));
        }
        let is_charger = match link {
            None => !is_wireless(serial),
            Some("cable") => true,
            Some("network") => false,
            Some(other) => return Err(wrong(format!("its link is `cable` or `network`, not {other:?}"))),
        };
        let server = server.unwrap_or_else(usual_server);
        Ok(Self { serial: serial.to_owned(), server: Server::new(&server).map_err(wrong)?, is_charger })
    }
}

/// Whether the serial is the address of a device that was connected by network, which the server can be told to
/// connect again.
pub(super) fn is_network(serial: &str) -> bool {
    serial.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
}

/// Whether the serial is that of a device that no USB cable leads to: one by network, also as wireless debugging
/// announces it.
fn is_wireless(serial: &str) -> bool {
    is_network(serial) || serial.contains("._tcp")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn read(parts: &[(&str, &str)]) -> Result<Address, DriverError> {
        let parts = parts.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Address::of(&DeviceAddress { device: "scanner".to_owned(), state_dir: PathBuf::new(), parts })
    }

    #[test]
    fn a_serial_is_enough_and_any_server_of_the_lab_will_do() {
        let found = read(&[("serial", "R58N1234ABC")]).expect("an address");
        assert_eq!((found.serial.as_str(), found.server.as_str()), ("R58N1234ABC", usual_server().as_str()));
        let found = read(&[("serial", "10.0.0.7:5555"), ("server", "rack-2.lab:5038")]).expect("an address");
        assert_eq!(found.server.as_str(), "rack-2.lab:5038");
        assert!(is_network(&found.serial));
        assert!(!is_network("R58N1234ABC") && !is_network("adb-x._adb-tls-connect._tcp."));
    }

    #[test]
    fn the_usual_port_is_where_adb_is_told_that_it_is() {
        for (told, port) in
            [(None, 5037), (Some("5038"), 5038), (Some(""), 5037), (Some("0"), 5037), (Some("x"), 5037)]
        {
            assert_eq!(usual_port(told), port, "{told:?}");
        }
    }

    #[test]
    fn a_link_by_usb_goes_with_the_charger_unless_it_is_said_otherwise() {
        for (serial, link, is_charger) in [
            ("R58N1234ABC", None, true),
            ("R58N1234ABC", Some("network"), false),
            ("10.0.0.7:5555", None, false),
            ("10.0.0.7:5555", Some("cable"), true),
            ("adb-x._adb-tls-connect._tcp.", None, false),
        ] {
            let parts: Vec<_> =
                [("serial", serial)].into_iter().chain(link.map(|link| ("link", link))).collect();
            assert_eq!(read(&parts).expect("an address").is_charger, is_charger, "{serial} {link:?}");
        }
    }

    #[test]
    fn a_wrong_address_is_named() {
        let serial = ("serial", "R58N1234ABC");
        for (parts, word) in [
            (vec![], "serial"),
            (vec![("serial", "a b")], "a b"),
            (vec![serial, ("server", "localhost")], "host:port"),
            (vec![serial, ("server", "x y:1")], "host:port"),
            (vec![serial, ("profile", "p")], "profile"),
            (vec![serial, ("link", "radio")], "radio"),
        ] {
            let error = read(&parts).expect_err("a bad address").to_string();
            assert!(error.contains(word) && error.contains("scanner"), "{error}");
        }
    }
}
