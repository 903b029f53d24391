//! Devices and how they are reached.

use edgesoak_record::channel_class::CHANNEL_CLASS_WORDS;

use crate::dimension::{PERCENT, POWER, TEMPERATURE};
use crate::language::settings;
use crate::shape::{Kind, Section, Shape, defaulted, list, optional, required};

/// Drivers that the language knows.
pub(crate) const DRIVERS: &[&str] = &["local", "adb", "virtual", "ssh"];
pub(crate) fn section() -> Section {
    Section {
        name: "a device",
        about: "One device, how it is reached and what stands beside it.",
        keys: vec![
            required("id", Shape::Id(Kind::Device), "Name of the device."),
            required("family", Shape::Reference(Kind::Family), "Family it belongs to."),
            required("driver", Shape::Word(DRIVERS), "How it is reached."),
            optional("address", Shape::Table(address), "Where the driver finds it."),
            optional("slot", Shape::Text(120), "Where it stands, for people."),
            defaulted(
                "power",
                Shape::Word(&["battery", "mains"]),
                r#""battery""#,
                "What it runs on while it is measured.",
            ),
            optional("charge_window", Shape::PercentRange, "State of charge in which it may start."),
            defaulted("stop_at", Shape::Table(stop_at), "{}", "Limits at which the agent ends a session."),
            defaulted(
                "expect",
                list(Shape::Word(&CHANNEL_CLASS_WORDS), 16),
                "[]",
                "Classes of channels that must be readable.",
            ),
            optional(
                "charger",
                Shape::WordOr(&["ask", "node"], Box::new(Shape::Reference(Kind::Hook))),
                "Hook of the lab that unplugs and plugs it; `ask` a person; or a `node` of the device itself.",
            ),
            optional("ambient", Shape::Reference(Kind::Probe), "Probe of the lab that reads the room."),
            optional("meter", Shape::Reference(Kind::Meter), "Meter of the lab that reads its power."),
            optional(
                "settings",
                Shape::Table(settings::section),
                "Settings that its agent makes and takes back.",
            ),
        ],
    }
}

fn stop_at() -> Section {
    Section {
        name: "`stop_at`",
        about: "Limits that the agent enforces, always.",
        keys: vec![
            defaulted(
                "temperature",
                Shape::Quantity(&TEMPERATURE, "20 C", "120 C"),
                r#""60 C""#,
                "Any temperature at or above this ends the session.",
            ),
            defaulted(
                "battery",
                Shape::Quantity(&PERCENT, "1 %", "99 %"),
                r#""15 %""#,
                "A battery at or below this ends the session.",
            ),
        ],
    }
}

/// Keys of `address` and the driver that each belongs to.
pub(crate) const ADDRESS_KEYS: &[(&str, &str)] = &[
    ("serial", "adb"),
    ("server", "adb"),
    ("link", "adb"),
    ("profile", "virtual"),
    ("seed", "virtual"),
    ("ambient", "virtual"),
    ("start", "virtual"),
    ("case", "virtual"),
    ("charger", "virtual"),
    ("charge", "virtual"),
    ("faults", "virtual"),
    ("host", "ssh"),
    ("port", "ssh"),
    ("user", "ssh"),
];

fn address() -> Section {
    Section {
        name: "`address`",
        about: "Where the driver finds the device; which keys hold depends on the driver.",
        keys: vec![
            optional("serial", Shape::Text(64), "adb: serial number."),
            optional("server", Shape::Text(64), "adb: address of the adb server."),
            optional(
                "link",
                Shape::Word(&["cable", "network"]),
                "adb: whether the link goes with the cable that charges the device; a network address does not, any other does.",
            ),
            optional("profile", Shape::Text(64), "virtual: which phone is simulated."),
            optional("seed", Shape::Integer(0, u64::from(u32::MAX)), "virtual: seed of its noise."),
            optional(
                "ambient",
                Shape::Quantity(&TEMPERATURE, "-40 C", "80 C"),
                "virtual: temperature of the room.",
            ),
            optional(
                "start",
                Shape::Quantity(&TEMPERATURE, "-20 C", "60 C"),
                "virtual: temperature of the whole device when a session begins; the room's where none is said.",
            ),
            optional("case", Shape::Word(&["bare", "sleeve", "boot"]), "virtual: what covers it."),
            optional(
                "charger",
                Shape::Quantity(&POWER, "100 mW", "300 W"),
                "virtual: a charger that is plugged in, and what it gives at most.",
            ),
            optional("charge", Shape::Quantity(&PERCENT, "0 %", "100 %"), "virtual: charge of its battery."),
            optional("faults", list(Shape::Text(120), 64), "virtual: what goes wrong, and when."),
            optional("host", Shape::Text(253), "ssh: host name."),
            optional("port", Shape::Integer(1, 65535), "ssh: port."),
            optional("user", Shape::Text(64), "ssh: user."),
        ],
    }
}
