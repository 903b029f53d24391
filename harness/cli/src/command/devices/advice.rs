//! The words of each state, and what to do about it.

use edgesoak_controller::{DeviceState, Heat, Maker};

use super::row::{Row, Subject};
use super::servers::place;

/// A state in a word or two, for people and programs.
pub fn word(state: &DeviceState) -> &'static str {
    match state {
        DeviceState::Ready => "ready",
        DeviceState::Busy { .. } => "busy",
        DeviceState::Quarantined { .. } => "quarantined",
        DeviceState::LowBattery { .. } => "low battery",
        DeviceState::Hot { .. } => "hot",
        DeviceState::LowStorage { .. } => "low storage",
        DeviceState::Locked => "locked",
        DeviceState::Unauthorised => "unauthorised",
        DeviceState::Offline => "offline",
        DeviceState::NoPermission => "no permission",
        DeviceState::NotReady { .. } => "not ready",
        DeviceState::SameSerial { .. } => "same serial",
        DeviceState::NotAttached => "not attached",
        DeviceState::NoServer => "no adb server",
        DeviceState::AdbDisabled => "adb-disabled",
        DeviceState::ChargeOnly => "charge-only",
        DeviceState::Managed { .. } => "managed",
        DeviceState::Bootloader => "bootloader",
        DeviceState::NotBuiltIn { .. } => "not-built-in",
        DeviceState::Unreachable { .. } => "unreachable",
    }
}

/// What to do about a device, in one line.
pub fn what_to_do(row: &Row) -> String {
    match &row.state {
        DeviceState::Ready => ready(&row.subject),
        DeviceState::Unreachable { why, hint } => {
            format!("{why}; {}", hint.as_deref().unwrap_or("run `edgesoak doctor`"))
        }
        DeviceState::NotBuiltIn { why } => why.clone(),
        DeviceState::Quarantined { why } => {
            let id = row.name();
            format!(
                "look at it: {why}; `edgesoak devices --check {id}` measures it, `edgesoak devices --clear {id} --reason TEXT` lets it out"
            )
        }
        state => match of_body(state).or_else(|| of_usb(state)) {
            Some(text) => text,
            None => of_link(state, &row.subject),
        },
    }
}

fn ready(subject: &Subject) -> String {
    match subject {
        Subject::Listed(entry) => format!("edgesoak run --devices {}", entry.id),
        _ => "`edgesoak devices --adopt` writes its entry for the matrix".to_owned(),
    }
}

/// What the device itself is in no condition for.
fn of_body(state: &DeviceState) -> Option<String> {
    Some(match state {
        DeviceState::Busy { holder } => {
            format!("wait, or ask whoever started it: {holder} works with it")
        }
        DeviceState::LowBattery { percent, least } => {
            format!(
                "charge it: {percent:.0} % is left, and less than {least:.0} % does not last through a session"
            )
        }
        DeviceState::Hot { by: Heat::Battery(celsius, most) } => {
            format!(
                "let it cool in free air: its battery is at {celsius:.1} °C, and {most:.0} °C is too much to begin with"
            )
        }
        DeviceState::Hot { by: Heat::Status(status) } => {
            format!("let it cool in free air: it throttles already, thermal status {status}")
        }
        DeviceState::LowStorage { free_bytes, least_bytes } => format!(
            "delete what is not needed: {} MiB are free, and a model needs {} MiB or more",
            free_bytes >> 20,
            least_bytes >> 20
        ),
        DeviceState::Locked => {
            "unlock its screen; take the lock off, where policy allows, so that it stays so".to_owned()
        }
        _ => return None,
    })
}

/// What only its USB port tells.
fn of_usb(state: &DeviceState) -> Option<String> {
    Some(match state {
        DeviceState::AdbDisabled => {
            "turn on USB debugging in its developer options; where the switch is missing or grey, ask the administrator to lift \
             the restriction on debugging features for the lab's devices"
                .to_owned()
        }
        DeviceState::ChargeOnly => {
            "choose file transfer in its USB notification, or take a cable that carries data; then turn on USB debugging in its \
             developer options"
                .to_owned()
        }
        DeviceState::Managed { maker } => managed(*maker),
        DeviceState::Bootloader => {
            "start its system: its boot loader waits (`fastboot reboot`, or its power button)".to_owned()
        }
        _ => return None,
    })
}

/// Which setting to ask for. That an EMM keeps adb off is likely, and cannot be seen from here.
fn managed(maker: Maker) -> String {
    let ask = match maker.name {
        "Zebra" => {
            "in StageNow or the EMM's MX settings, USB Manager (UsbMgr), USB Module Usage and ADB Usage (UsbADBUsage) enabled"
        }
        "Honeywell" => {
            "in the EMM or the provisioning profile, the restriction on debugging features lifted for the lab's group"
        }
        _ => "in the EMM, the restriction on debugging features lifted for the lab's group",
    };
    format!(
        "{} devices are usually kept by an EMM, and this one shows no adb: ask its administrator for: {ask}; then turn on USB \
         debugging in its developer options",
        maker.name
    )
}

/// What keeps adb from it.
fn of_link(state: &DeviceState, subject: &Subject) -> String {
    let fixed = match state {
        DeviceState::Unauthorised => {
            "unlock its screen and allow USB debugging for this host, always; if it does not ask, revoke its USB debugging \
             authorisations in the developer options and plug it in again"
        }
        DeviceState::Offline if is_by_network(subject) => {
            "wait a minute if it just started; else `adb disconnect`, then `adb connect`, or: adb reconnect offline"
        }
        DeviceState::Offline => {
            "plug it in again, or: adb reconnect offline; `edgesoak doctor` looks for two adb versions"
        }
        DeviceState::NoPermission => {
            "give the adb server's user the device: the udev rule of the lab handbook and the group plugdev; then: adb kill-server"
        }
        DeviceState::NotReady { word } => {
            return format!("wait, or start its system again: its adb server calls it {word:?}");
        }
        DeviceState::SameSerial { count } => {
            return format!(
                "unplug all but one, or give one another host: {count} devices have this serial number"
            );
        }
        DeviceState::NoServer => return no_server(subject),
        _ => return not_attached(subject),
    };
    fixed.to_owned()
}

fn no_server(subject: &Subject) -> String {
    let address = match subject {
        Subject::Listed(entry) => place(entry).map(|(server, _)| server),
        Subject::Attached { server, .. } => Some(server.clone()),
        Subject::Plugged(_) => None,
    };
    match address {
        Some(address) => {
            format!("start the adb server at {address}: adb start-server, where the device is plugged in")
        }
        None => "start the adb server of this host: adb start-server".to_owned(),
    }
}

fn is_by_network(subject: &Subject) -> bool {
    match subject {
        Subject::Listed(entry) => {
            entry.address.iter().any(|part| part.key == "serial" && part.value.contains(':'))
        }
        Subject::Attached { serial, .. } => serial.contains(':'),
        Subject::Plugged(_) => false,
    }
}

fn not_attached(subject: &Subject) -> String {
    match subject {
        Subject::Plugged(_) => "plug it in again: it offers adb, and the adb server does not have it; two adb servers on \
             one host take devices from each other: keep one"
            .to_owned(),
        other if is_by_network(other) => {
            "switch it on and look at its network and port; by hand: adb connect".to_owned()
        }
        _ => "look at cable, hub and power, and turn on USB debugging; if `adb devices` shows it on another host, name that \
             host's adb server with `server = \"host:port\"`"
            .to_owned(),
    }
}
