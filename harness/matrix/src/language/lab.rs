//! `lab.toml`: the commands of a lab, kept outside the checkout.

use crate::shape::{Kind, Section, Shape, defaulted, list, optional, required};

pub(crate) fn section() -> Section {
    Section {
        name: "the lab file",
        about: "Commands of a lab host, as argument lists; no shell is involved.",
        keys: vec![
            optional("hook", Shape::Definitions(Kind::Hook, hook), "Commands that switch something."),
            optional("probe", Shape::Definitions(Kind::Probe, probe), "Commands that read the room."),
            optional("meter", Shape::Definitions(Kind::Meter, meter), "Commands that read power."),
            optional("notify", Shape::Table(notify), "Command that tells people."),
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

fn meter() -> Section {
    Section {
        name: "a meter",
        about: "A command that streams power readings.",
        keys: vec![
            required("command", arguments(), "Program and arguments."),
            defaulted("format", Shape::Word(&["ndjson"]), r#""ndjson""#, "Form of its output."),
            required(
                "scope",
                Shape::Word(&["battery", "rail", "board", "wall", "package"]),
                "What the figure includes.",
            ),
        ],
    }
}

fn notify() -> Section {
    Section {
        name: "`notify`",
        about: "A command that tells people how a run ended.",
        keys: vec![required("command", arguments(), "Program and arguments.")],
    }
}
