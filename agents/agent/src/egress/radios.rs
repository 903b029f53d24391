//! Whether a phone could reach anybody at all: its radios are off, and no interface sends anything.
//!
//! The user of `adb shell` is that of adb, of the agent and of the runtime, so that counters by user cannot tell them
//! apart. With the radios off nobody's packets leave, whoever they belong to.

use edgesoak_protocol::{Reading, Reason};
use edgesoak_sensors::{Root, Sent};

use super::cut_off::Said;
use crate::settings;

/// Both must have their value at both ends.
const WANTED: [(&str, &str); 2] = [("airplane", "on"), ("wifi", "off")];
/// Without it there are no radios that could be asked for.
const PROGRAM: &str = "settings";
/// Interfaces that are named.
const MOST_NAMED: usize = 4;

/// How it is at one moment.
#[derive(Debug)]
pub(super) struct Radios {
    /// Which of the two has another value, or cannot be read.
    on: Option<String>,
    sent: Reading<Sent>,
}

impl Radios {
    /// Looks at a phone; `None` on other devices.
    pub(super) fn look(system: &Root) -> Option<Self> {
        system.has_program(PROGRAM).then(|| {
            let state = |(name, wanted): (&str, &str)| match settings::value(system, name) {
                Ok(value) if value == wanted => None,
                Ok(value) => Some(format!("{name} is {value}")),
                Err(reason) => Some(format!("{name} cannot be read: {}", reason.word())),
            };
            Self { on: WANTED.into_iter().find_map(state), sent: Sent::read(system) }
        })
    }

    /// What the time since `before` shows.
    pub(super) fn said(&self, before: &Self) -> Said {
        let on =
            before.on.iter().map(|why| (why, "begin")).chain(self.on.iter().map(|why| (why, "end"))).next();
        if let Some((why, when)) = on {
            return open(&format!("its radios were not off at the {when}: {why}"));
        }
        let counters = before.sent.as_ref().and_then(|before| Ok((before, self.sent.as_ref()?)));
        match counters.map(|(before, now)| now.since(before)) {
            Err(reason) => open(&format!("what its interfaces sent cannot be read: {}", Reason::word(*reason))),
            Ok(sent) if sent.is_empty() => Said {
                code: "egress-proven-b",
                text: "nothing left the device: airplane mode was on and Wi-Fi off, and no interface sent a packet, from \
                       before the runtime's first instruction until it was closed"
                    .to_owned(),
            },
            Ok(sent) => {
                let named: Vec<String> = sent.iter().take(MOST_NAMED).map(named).collect();
                open(&format!("{} of its interfaces sent packets: {}", sent.len(), named.join(", ")))
            }
        }
    }
}

fn named((interface, packets): &(&str, Option<u64>)) -> String {
    match packets {
        Some(packets) => format!("{interface} {packets}"),
        None => format!("{interface}, counted anew"),
    }
}

/// Nothing is shown; whoever wants more reads why.
fn open(why: &str) -> Said {
    Said { code: "egress-radios", text: format!("the device is no proof that nothing left it: {why}") }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn quiet() -> Reading<Sent> {
        let dir = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(dir.path().join("proc/net")).expect("made");
        let text = "Inter-| R | T\n face |b|b\n wlan0: 9 9 0 0 0 0 0 0 77 5 0 0 0 0 0 0\n";
        fs::write(dir.path().join("proc/net/dev"), text).expect("written");
        Sent::read(&Root::recorded(dir.path()))
    }

    #[test]
    fn only_silence_at_both_ends_with_the_radios_off_proves_anything() {
        let off = || Radios { on: None, sent: quiet() };
        assert_eq!(off().said(&off()).code, "egress-proven-b");
        let on = || Radios { on: Some("wifi is on".to_owned()), ..off() };
        for (now, before) in [(on(), off()), (off(), on())] {
            let Said { code, text } = now.said(&before);
            assert!(code == "egress-radios" && text.contains("wifi is on"), "{text}");
        }
        let blind = Radios { on: None, sent: Err(Reason::Denied) };
        assert!(blind.said(&off()).text.ends_with("cannot be read: denied"));
        assert_eq!(off().said(&blind).code, "egress-radios");
    }

    #[test]
    fn other_devices_have_no_radios_to_turn_off() {
        let none = tempfile::tempdir().expect("a folder");
        assert!(Radios::look(&Root::recorded(none.path())).is_none());
    }
}
