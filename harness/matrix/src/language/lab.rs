//! `lab.toml`: the commands of a lab, kept outside the checkout.

use crate::dimension::{DURATION, PERCENT};
use crate::shape::{Kind, Section, Shape, defaulted, list, optional, required};

/// Rates that serial lines are asked for.
const BAUD: Shape = Shape::Integer(50, 4_000_000);

pub(crate) fn section() -> Section {
    Section {
        name: "the lab file",
        about: "Commands of a lab host, as argument lists; no shell is involved.",
        keys: vec![
            optional("hook", Shape::Definitions(Kind::Hook, hook), "Commands that switch something."),
            optional("probe", Shape::Definitions(Kind::Probe, probe), "Commands that read the room."),
            optional("meter", Shape::Definitions(Kind::Meter, meter), "Commands that read power."),
            optional("notify", Shape::Table(notify), "Command that tells a person."),
        ],
    }
}

fn arguments() -> Shape {
    list(Shape::Text(1024), 64)
}

fn hook() -> Section {
    Section {
        name: "a hook",
        about: "Two commands: one switches off, one on.",
        keys: vec![
            required("off", arguments(), "Program and arguments that switch off."),
            required("on", arguments(), "Program and arguments that switch on."),
        ],
    }
}

fn probe() -> Section {
    Section {
        name: "a probe",
        about: "A command that reads the temperature of the room.",
        keys: vec![required("command", arguments(), "Program and arguments.")],
    }
}

pub(crate) fn meter() -> Section {
    Section {
        name: "a meter",
        about: "A command or a serial line that streams power readings.",
        keys: vec![
            optional("command", arguments(), "Program and arguments; or `serial`."),
            optional("serial", Shape::Text(1024), "Serial device, pipe or growing file; or `command`."),
            optional("baud", BAUD, "Rate of a serial device; absent: 115200."),
            defaulted("format", Shape::Word(&["ndjson", "csv"]), r#""ndjson""#, "Form of its output."),
            required(
                "scope",
                Shape::Word(&["battery", "rail", "board", "wall", "package"]),
                "What the figure includes.",
            ),
            optional(
                "gain_error",
                Shape::Quantity(&PERCENT, "0.01 %", "20 %"),
                "Largest error of its gain, as its maker or a calibration states it.",
            ),
        ],
    }
}

pub(crate) fn notify() -> Section {
    Section {
        name: "`notify`",
        about: "A command that tells a person that somebody is needed; the text is its last argument.",
        keys: vec![
            required("command", arguments(), "Program and arguments."),
            defaulted(
                "wait",
                Shape::Quantity(&DURATION, "1 min", "24 h"),
                r#""10 min""#,
                "Wait of a start gate after which a person is told.",
            ),
        ],
    }
}
