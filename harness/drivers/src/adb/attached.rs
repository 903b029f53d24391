//! Which devices an adb server knows, and in which state they are.

use std::time::Duration;

use super::address::usual_server;
use super::server::{Reply, Server, in_words};
use crate::error::DriverError;

const MAX_DEVICES: usize = 1000;
const MAX_FIELD: usize = 128;

/// A device that an adb server knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// What identifies it: a serial number, or `host:port` for one that was connected by network.
    pub serial: String,
    /// What the server calls its state: `device` when it can be used, `offline`, `unauthorized`, `no permissions`, ...
    pub state: String,
    /// `ro.product.name`, where it can be asked.
    pub product: Option<String>,
    /// `ro.product.model`, where it can be asked.
    pub model: Option<String>,
    /// `ro.product.device`, where it can be asked.
    pub device: Option<String>,
    /// Its port in the USB tree of the server's host, such as `1-4.2`; absent for one connected by network.
    pub usb: Option<String>,
    /// The server's number for this connection; another one after each reconnection.
    pub transport: Option<u64>,
}

/// Every device that the adb server at `server` (`host:port`) knows, in its order; at most 1000.
///
/// # Errors
/// [`DriverError::ReadingAddress`] for an address of another form, [`DriverError::NoAdbServer`] when there is no
/// server, [`DriverError::DeadlinePassed`] when it does not answer, [`DriverError::LinkLost`] when it refuses.
pub async fn attached(server: &str, deadline: Duration) -> Result<Vec<Attached>, DriverError> {
    known_to(&named(server)?, deadline).await
}

/// Which version of the protocol between adb and its server the adb server at `server` (`host:port`) speaks. An adb
/// of another version would stop it.
///
/// # Errors
/// As those of [`attached`].
pub async fn protocol_version(server: &str, deadline: Duration) -> Result<u16, DriverError> {
    match named(server)?.ask("host:version", deadline).await? {
        Reply::Okay(text) => u16::from_str_radix(&text, 16).map_err(|_| {
            DriverError::LinkLost(format!("the adb server has no version: {}", in_words(&text)))
        }),
        Reply::Fail(why) => Err(DriverError::LinkLost(format!("the adb server refuses: {why}"))),
    }
}

/// Starts the adb server at `server` (`host:port`), if that is where this host's usual one belongs
/// ([`usual_server`](crate::usual_server)) and an `adb` is installed; `false` for any other, such as the end of a tunnel.
/// A server that runs already stays as it is.
///
/// # Errors
/// As those of [`attached`].
pub async fn start_server(server: &str) -> Result<bool, DriverError> {
    named(server)?.start().await
}

/// Whether an address (`host:port`) is where this host's usual server belongs ([`usual_server`](crate::usual_server)). At
/// its other ports end tunnels to other hosts.
///
/// # Errors
/// As those of [`attached`], for an address that cannot be looked up.
pub async fn is_on_this_host(server: &str) -> Result<bool, DriverError> {
    Ok(named(server)?.resolve().await?.to_string() == usual_server())
}

fn named(server: &str) -> Result<Server, DriverError> {
    let blame = |problem| DriverError::ReadingAddress { device: "the adb server".to_owned(), problem };
    Server::new(server).map_err(blame)
}

pub(super) async fn known_to(server: &Server, deadline: Duration) -> Result<Vec<Attached>, DriverError> {
    match server.ask("host:devices-l", deadline).await? {
        Reply::Okay(text) => Ok(read(&text)),
        Reply::Fail(why) => Err(DriverError::LinkLost(format!("the adb server refuses: {why}"))),
    }
}

/// Reads lines of `SERIAL STATE [key:value ...]`. A state may have blanks, and so may what follows it in brackets.
fn read(text: &str) -> Vec<Attached> {
    text.lines().take(MAX_DEVICES).filter_map(line).collect()
}

fn line(line: &str) -> Option<Attached> {
    let (serial, rest) = line.split_once(char::is_whitespace)?;
    let mut attached = Attached {
        serial: field(serial),
        state: String::new(),
        product: None,
        model: None,
        device: None,
        usb: None,
        transport: None,
    };
    let mut state = Vec::new();
    for word in rest.split_whitespace() {
        match word.split_once(':') {
            Some(("product", name)) => attached.product = Some(field(name)),
            Some(("model", name)) => attached.model = Some(field(name)),
            Some(("device", name)) => attached.device = Some(field(name)),
            Some(("usb", port)) => attached.usb = Some(field(port)),
            Some(("transport_id", id)) => attached.transport = id.parse().ok(),
            _ => state.push(word),
        }
    }
    // `no permissions` goes on with who, why and where to read about it.
    attached.state = match state.as_slice() {
        ["no", "permissions", ..] => "no permissions".to_owned(),
        [] => return None,
        // Newer servers put the bare USB port there.
        [first, ..] => field(first),
    };
    Some(attached)
}

fn field(text: &str) -> String {
    in_words(text).chars().take(MAX_FIELD).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LISTED: &str = "R58N1234ABC            device usb:1-4.2 product:oriole model:Pixel_6 device:oriole transport_id:3\n\
        127.0.0.1:6001         offline transport_id:4\n\
        0123456789             no permissions (user in plugdev group; are your udev rules wrong?); see [http://developer.android.com/tools/device.html] usb:1-3 transport_id:1\n\
        emulator-5554          unauthorized transport_id:12\n\
        HT1                    device 1-1 product:p model:m device:d transport_id:2\n";

    #[test]
    fn every_kind_of_line_is_read() {
        let listed = read(LISTED);
        let states: Vec<(&str, &str)> =
            listed.iter().map(|found| (found.serial.as_str(), found.state.as_str())).collect();
        assert_eq!(
            states,
            [
                ("R58N1234ABC", "device"),
                ("127.0.0.1:6001", "offline"),
                ("0123456789", "no permissions"),
                ("emulator-5554", "unauthorized"),
                ("HT1", "device"),
            ]
        );
        assert_eq!(listed[0].model.as_deref(), Some("Pixel_6"));
        assert_eq!((listed[0].usb.as_deref(), listed[0].transport), (Some("1-4.2"), Some(3)));
        assert_eq!((listed[2].usb.as_deref(), listed[2].product.as_deref()), (Some("1-3"), None));
    }

    proptest! {
        #[test]
        fn whatever_is_listed_is_short_and_printable(text in "\\PC{0,200}|[ \\x00-\\x7f]{0,200}") {
            for found in read(&text) {
                for field in [Some(&found.serial), Some(&found.state), found.model.as_ref()].into_iter().flatten() {
                    prop_assert!(field.chars().count() <= MAX_FIELD && !field.chars().any(char::is_control));
                }
            }
        }
    }
}
