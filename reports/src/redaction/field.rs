//! What a field of the data holds, told by its place.

use serde_json::{Map, Value};

use super::Look;

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    /// Id of a device: a unit of the lab.
    Device,
    /// Where a driver finds it: serial number, host, port.
    Address,
    /// A file or folder of this host.
    File,
    /// A file and a line in it.
    Origin,
    /// Somebody.
    Person,
    /// Where something is tracked.
    Ticket,
    /// What stands beside a device, by the lab's own name.
    Instrument,
    /// A branch of the lab's repository.
    Branch,
    /// A boot of a device.
    Boot,
    /// What somebody else's file says of a session.
    Foreign,
    /// A host, an account or a mail address, told by its form.
    Contact,
    /// What must be told apart and may be known: families, routes, candidates.
    Subject,
    /// The key of a setting, which may name a device that has no session.
    Setting,
    /// Anything else.
    Text,
}

impl Field {
    /// What stands in its place, in front of a number.
    pub(super) const fn pseudonym(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Address => "address",
            Self::File | Self::Origin => "file",
            Self::Person => "person",
            Self::Ticket => "ticket",
            Self::Instrument => "instrument",
            Self::Branch => "branch",
            Self::Boot => "boot",
            Self::Contact => "contact",
            Self::Foreign | Self::Subject | Self::Setting | Self::Text => "removed",
        }
    }

    /// By the keys around it, the nearest last.
    fn at(path: &[&str]) -> Self {
        let (key, around) = match path {
            [.., around, key] => (*key, *around),
            [key] => (*key, ""),
            [] => return Self::Text,
        };
        match (around, key) {
            (_, "device" | "devices" | "units") | ("device", "id") => Self::Device,
            ("address", "value") => Self::Address,
            (_, "owner" | "approver") => Self::Person,
            (_, "ticket" | "waived") => Self::Ticket,
            (_, "path" | "cache") => Self::File,
            (_, "origin") => Self::Origin,
            (_, "hook" | "ambient" | "meter") => Self::Instrument,
            ("policy", "reference") => Self::Branch,
            ("facts", "text") => Self::Foreign,
            ("settings", "key") => Self::Setting,
            (
                _,
                "family" | "families" | "family_title" | "route" | "candidate" | "candidates" | "tier"
                | "profile" | "runtime" | "driver",
            )
            | ("route" | "candidate" | "workload", "id" | "title") => Self::Subject,
            _ => Self::Text,
        }
    }
}

/// Shows every text of a value to `look`, with what it is.
pub(super) fn walk(value: &mut Value, look: &mut Look<'_>) {
    descend(value, &mut Vec::new(), look);
}

/// An object's key, or none for members of a list: those stand for the list.
fn descend<'a>(value: &'a mut Value, path: &mut Vec<&'a str>, look: &mut Look<'_>) {
    match value {
        Value::String(text) => look(Field::at(path), text),
        Value::Array(members) => members.iter_mut().for_each(|member| descend(member, path, look)),
        Value::Object(members) if is_shape(path, members) => {}
        Value::Object(members) => {
            for (key, member) in members.iter_mut() {
                path.push(key);
                descend(member, path, look);
                path.pop();
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The model of a simulated phone is no address.
fn is_shape(path: &[&str], members: &Map<String, Value>) -> bool {
    path.last() == Some(&"address") && members.get("key").is_some_and(|key| key == "profile")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_place_tells_what_a_text_is() {
        let mut value = json!({
            "sessions": [{
                "device": { "id": "a", "family": "b", "address": [{ "key": "serial", "value": "c" }, { "key": "profile", "value": "d" }] },
                "candidate": { "artifact": { "path": "e" } },
            }],
            "device": "f",
            "sentence": "g",
        });
        let mut seen = Vec::new();
        walk(&mut value, &mut |field, text| seen.push((text.clone(), field)));
        seen.sort();
        let expected = [
            ("a", Field::Device),
            ("b", Field::Subject),
            ("c", Field::Address),
            ("e", Field::File),
            ("f", Field::Device),
            ("g", Field::Text),
            ("serial", Field::Text),
        ];
        assert_eq!(seen, expected.map(|(text, field)| (text.to_owned(), field)));
    }
}
