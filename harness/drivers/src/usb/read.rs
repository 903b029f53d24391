//! Reads the kernel's list of USB devices. What a device says of itself is cut and kept to one line.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::{InterfaceClass, UsbDevice, node};

const MAX_ENTRIES: usize = 4096;
const MAX_INTERFACES: usize = 32;
const MAX_BYTES: u64 = 512;
const MAX_CHARS: usize = 128;
/// Bit of the attributes of a configuration.
const SELF_POWERED: u8 = 0x40;

/// Every device of a list such as `/sys/bus/usb/devices`, sorted by port. The host's own root hubs are left out, and so
/// is what goes while it is read. A host without USB has none.
///
/// # Errors
/// Those of the system when the list is there and cannot be read.
pub fn usb_devices(list: &Path) -> io::Result<Vec<UsbDevice>> {
    let entries = match fs::read_dir(list) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let names = entries.flatten().take(MAX_ENTRIES).filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.collect();
    names.sort();
    let ports = names.iter().filter(|name| is_port(name));
    Ok(ports.filter_map(|port| device(list, port, &names)).collect())
}

/// `BUS-PORT[.PORT]...`
fn is_port(name: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit());
    name.len() <= 32
        && name.split_once('-').is_some_and(|(bus, ports)| number(bus) && ports.split('.').all(number))
}

fn device(list: &Path, port: &str, names: &[String]) -> Option<UsbDevice> {
    let place = list.join(port);
    let number = |name: &str| text(&place, name)?.parse::<u16>().ok();
    let mine = |name: &&String| name.strip_prefix(port).is_some_and(|rest| rest.starts_with(':'));
    let interfaces = names.iter().filter(mine).take(MAX_INTERFACES);
    Some(UsbDevice {
        port: port.to_owned(),
        vendor: hex(&place, "idVendor")?,
        product: hex(&place, "idProduct")?,
        maker: text(&place, "manufacturer"),
        name: text(&place, "product"),
        serial: text(&place, "serial"),
        class: byte(&place, "bDeviceClass").unwrap_or(0),
        interfaces: interfaces.filter_map(|name| interface(&list.join(name))).collect(),
        self_powered: byte(&place, "bmAttributes").map(|bits| bits & SELF_POWERED != 0),
        node: number("busnum").zip(number("devnum")).map(|(bus, number)| node::of(bus, number)),
    })
}

fn interface(place: &Path) -> Option<(InterfaceClass, String)> {
    let class = (
        byte(place, "bInterfaceClass")?,
        byte(place, "bInterfaceSubClass")?,
        byte(place, "bInterfaceProtocol")?,
    );
    Some((class, text(place, "interface").unwrap_or_default()))
}

fn hex(place: &Path, name: &str) -> Option<u16> {
    u16::from_str_radix(&text(place, name)?, 16).ok()
}

fn byte(place: &Path, name: &str) -> Option<u8> {
    u8::from_str_radix(&text(place, name)?, 16).ok()
}

/// The words of a file; none where it is empty or missing.
fn text(place: &Path, name: &str) -> Option<String> {
    let mut bytes = Vec::new();
    File::open(place.join(name)).ok()?.take(MAX_BYTES).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let printable = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    let words = printable.split_whitespace().collect::<Vec<_>>().join(" ");
    (!words.is_empty()).then(|| words.chars().take(MAX_CHARS).collect())
}
