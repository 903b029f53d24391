//! What the kernel of this host sees on its USB ports, whether or not anybody can talk to it.

mod node;
mod read;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use read::usb_devices;

/// Class, subclass and protocol of an interface.
pub type InterfaceClass = (u8, u8, u8);

const ADB: InterfaceClass = (0xff, 0x42, 0x01);
const FASTBOOT: InterfaceClass = (0xff, 0x42, 0x03);
/// Still image: picture and media transfer.
const IMAGE: u8 = 0x06;
/// Classes of what is no phone, or works as something else now: audio, serial lines, input, printer, storage, hub, their
/// data, video, wireless.
const OTHER_WORK: [u8; 9] = [0x01, 0x02, 0x03, 0x07, 0x08, 0x09, 0x0a, 0x0e, 0xe0];

/// A device on a USB port of this host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsbDevice {
    /// Its port in the tree of ports, such as `1-4.2`: bus 1, port 4, and port 2 of the hub there.
    pub port: String,
    /// Number of its maker.
    pub vendor: u16,
    /// Number of its kind.
    pub product: u16,
    /// Its maker's name, as it tells it; one line, cut.
    pub maker: Option<String>,
    /// Its name, as it tells it; one line, cut.
    pub name: Option<String>,
    /// Its serial number, as it tells it; one line, cut.
    pub serial: Option<String>,
    /// Class of the device as a whole.
    pub class: u8,
    /// Its interfaces and the names that they have, at most 32.
    pub interfaces: Vec<(InterfaceClass, String)>,
    /// Whether it has a supply of its own.
    pub self_powered: Option<bool>,
    /// Through which file a program talks to it; absent where the kernel does not tell.
    pub node: Option<PathBuf>,
}

/// What a device offers on its USB port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsbOffer {
    /// It can be reached through adb.
    Adb,
    /// It waits to be written anew: its system does not run.
    Bootloader,
    /// Pictures or files, and no adb.
    Files,
    /// Nothing that carries data for anybody.
    Nothing,
    /// Other work than a phone's: a hub, a keyboard, a disk.
    Other,
}

impl UsbDevice {
    /// What it offers.
    #[must_use]
    pub fn offer(&self) -> UsbOffer {
        let has = |wanted: InterfaceClass| self.interfaces.iter().any(|(class, _)| *class == wanted);
        let files = |(class, name): &(InterfaceClass, String)| class.0 == IMAGE || name == "MTP";
        if has(ADB) {
            UsbOffer::Adb
        } else if has(FASTBOOT) {
            UsbOffer::Bootloader
        } else if self.interfaces.iter().any(files) {
            UsbOffer::Files
        } else if OTHER_WORK.contains(&self.class)
            || self.interfaces.iter().any(|(class, _)| OTHER_WORK.contains(&class.0))
        {
            UsbOffer::Other
        } else {
            UsbOffer::Nothing
        }
    }

    /// Port of the hub that it hangs at; `None` where it is at a port of the host itself.
    #[must_use]
    pub fn hub(&self) -> Option<&str> {
        self.port.rsplit_once('.').map(|(hub, _)| hub)
    }

    /// Whether this user may talk to it; `None` where there is no file to tell.
    #[must_use]
    pub fn may_be_opened(&self) -> Option<bool> {
        self.node.as_deref().and_then(node::may_be_opened)
    }
}

/// Devices by the hub that they hang at.
#[must_use]
pub fn by_hub<'a>(devices: impl IntoIterator<Item = &'a UsbDevice>) -> BTreeMap<&'a str, Vec<&'a UsbDevice>> {
    let mut hubs: BTreeMap<&str, Vec<&UsbDevice>> = BTreeMap::new();
    for device in devices {
        if let Some(hub) = device.hub() {
            hubs.entry(hub).or_default().push(device);
        }
    }
    hubs
}

#[cfg(test)]
mod tests;
