//! Virtual phones at the real adb server, each in another state.

use std::fs;

use crate::attached::{Phone, Server};
use crate::shown::states;
use crate::world::{Spoken, World};

/// A server with phones, and a world whose matrix knows some of them.
pub struct Rack {
    pub world: World,
    pub server: Server,
    phones: Vec<(&'static str, Phone)>,
}

impl Rack {
    /// A phone for each name, with what it is; none where this machine cannot have any.
    fn of(phones: &[(&'static str, &str, &[&str], &str)]) -> Option<Self> {
        let mut rack = Self { world: World::new(), server: Server::start()?, phones: Vec::new() };
        for (name, profile, options, state) in phones {
            let phone = Phone::start(profile, options)?;
            rack.server.connect(&phone, state);
            rack.phones.push((name, phone));
        }
        Some(rack)
    }

    fn phone(&self, name: &str) -> &Phone {
        let found = self.phones.iter().find(|(known, _)| *known == name);
        &found.expect("a phone of the rack").1
    }

    fn serial(&self, name: &str) -> &str {
        &self.phone(name).serial
    }

    /// Adds devices to the matrix: their ids, serial numbers and what else stands in their entries.
    fn list(&self, devices: &[(&str, &str, &str)]) {
        let path = self.world.path().join("device_matrix.toml");
        let mut text = fs::read_to_string(&path).expect("the matrix");
        for (id, serial, rest) in devices {
            let server = self.server.address();
            let entry = format!(
                "\n[[device]]\nid = \"{id}\"\nfamily = \"host\"\ndriver = \"adb\"\n\
                 address = {{ serial = \"{serial}\", server = \"{server}\" }}\n{rest}\n"
            );
            text.push_str(&entry);
        }
        fs::write(path, text).expect("room");
    }

    /// `edgesoak` where this rack's server is the usual one of the host.
    fn call(&self, arguments: &str) -> Spoken {
        let mut command = self.world.edgesoak();
        command.env("ANDROID_ADB_SERVER_PORT", self.server.port());
        let output = command.args(arguments.split_whitespace()).output().expect("it runs");
        let text = |bytes: &[u8]| self.steady(&String::from_utf8_lossy(bytes));
        Spoken { exit: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// Text without what differs from run to run.
    fn steady(&self, text: &str) -> String {
        let mut text = text.replace(&self.server.address(), "SERVER");
        for (name, phone) in &self.phones {
            text = text.replace(&phone.serial, &format!("SERIAL-OF-{}", name.to_uppercase()));
        }
        text.replace(&*self.world.path().to_string_lossy(), "WORLD")
    }
}

#[test]
fn every_phone_is_listed_with_its_state() {
    let rack = Rack::of(&[
        ("fit", "tensor-phone", &[], "device"),
        ("low", "tensor-phone", &["--seed", "1"], "device"),
        ("hot", "sm6115-scanner", &["--ambient", "45"], "device"),
        ("full", "tensor-phone", &["--phone", "tiny-storage"], "device"),
        ("locked", "tensor-phone", &["--seed", "2"], "device"),
        ("busy", "tensor-phone", &["--seed", "3"], "device"),
        ("shy", "tensor-phone", &["--phone", "unauthorised"], "unauthorized"),
        ("barred", "tensor-phone", &["--phone", "noexec"], "device"),
        ("new", "snapdragon8-phone", &[], "device"),
    ]);
    let Some(rack) = rack else { return };
    let listed = ["fit", "hot", "full", "locked", "busy", "shy", "barred"];
    let mut devices: Vec<(&str, &str, &str)> =
        listed.iter().map(|name| (*name, rack.serial(name), "")).collect();
    devices.push(("low", rack.serial("low"), "stop_at = { battery = \"90 %\" }"));
    devices.push(("gone", "R58N1234ABC", ""));
    rack.list(&devices);
    let shell = |name: &str, words: &str| rack.server.shell(rack.phone(name), words);
    shell(
        "locked",
        "echo ' User \"Owner\" (id=0, flags=0x13) (current): trusted=0, deviceLocked=1' > /system/answers/dumpsys_trust.txt",
    );
    shell(
        "busy",
        "mkdir -p /data/local/tmp/edgesoak; sh -c 'sleep 600; : edgesoak-agent' >/dev/null 2>&1 </dev/null & \
         echo '{\"pid\":'$!',\"session\":\"20260101-120000-ab/policy_qa.busy\"}' > /data/local/tmp/edgesoak/lease",
    );
    let told = rack.call("devices");
    assert_eq!(told.exit, Some(0), "{}", told.stderr);
    insta::assert_snapshot!("rack", states(&told.stdout));
}

#[test]
fn phones_are_adopted_by_model_and_identified() {
    let rack = Rack::of(&[
        ("first", "tensor-phone", &["--seed", "1"], "device"),
        ("second", "tensor-phone", &["--seed", "2"], "device"),
        ("scanner", "sm6115-scanner", &[], "device"),
        ("shy", "tensor-phone", &["--phone", "unauthorised"], "unauthorized"),
    ]);
    let Some(mut rack) = rack else { return };
    // They are listed by serial number, and ports are given by chance.
    rack.phones[..2].sort_by(|one, other| one.1.serial.cmp(&other.1.serial));
    (rack.phones[0].0, rack.phones[1].0) = ("first", "second");
    let printed = rack.call("devices --adopt");
    insta::assert_snapshot!("adopted", printed.transcript());
    let before = fs::read_to_string(rack.world.path().join("device_matrix.toml")).expect("the matrix");
    let into = rack.call("devices --adopt --into device_matrix.toml");
    assert_eq!(into.exit, Some(0), "{}", into.stderr);
    insta::assert_snapshot!("adopted-into", into.stdout);
    let after = fs::read_to_string(rack.world.path().join("device_matrix.toml")).expect("the matrix");
    assert!(after.starts_with(&before), "what was there is there");
    assert_eq!(rack.steady(&after[before.len()..]).trim(), printed.stdout.trim());
    let again = rack.call("devices --adopt --into device_matrix.toml");
    assert_eq!(again.exit, Some(4), "nothing is adopted twice: {}", again.transcript());
    let rows = rack.call("devices --format json").json();
    let adopted: Vec<&serde_json::Value> =
        rows.as_array().expect("rows").iter().filter(|row| row["driver"] == "adb").collect();
    assert_eq!(adopted.len(), 3);
    assert!(adopted.iter().all(|row| row["virtual"] == true && row["state"] == "ready"), "{adopted:#?}");

    let id = adopted[0]["device"].as_str().expect("an id");
    let serial = adopted[0]["serial"].as_str().expect("a serial").to_owned();
    let first = rack.phones.iter().find(|(name, _)| serial.ends_with(&name.to_uppercase())).expect("a phone");
    let shell = |words: &str| rack.server.shell(&first.1, words);
    shell("input keyevent KEYCODE_SLEEP");
    let woken = rack.call(&format!("devices --identify {id}"));
    assert_eq!(
        (woken.exit, woken.stdout),
        (Some(0), format!("{id}: its screen is on now\n")),
        "{}",
        woken.stderr
    );
    assert!(shell("dumpsys power").contains("Awake"));
    let shy = rack.call(&format!("devices --identify {}", rack.serial("shy")));
    insta::assert_snapshot!("identify-unauthorised", shy.transcript());
}

#[test]
fn a_phone_that_does_not_answer_is_told_and_delays_no_other() {
    // What befalls the link of each, and which state the server gives it then.
    let faults = [
        ("stalled", "stall", "device"),
        ("offline", "offline", "offline"),
        ("forbidding", "forbid", "unauthorized"),
        ("slow", "slow 20000000", "device"),
        ("cut", "drop", "device"),
    ];
    let phones: Vec<(&str, &str, &[&str], &str)> =
        faults.iter().map(|(name, ..)| (*name, "tensor-phone", &[] as &[&str], "device")).collect();
    let Some(rack) = Rack::of(&phones) else { return };
    let devices: Vec<(&str, &str, &str)> =
        faults.iter().map(|(name, ..)| (*name, rack.serial(name), "")).collect();
    rack.list(&devices);
    for (name, fault, _) in faults {
        rack.phone(name).plant(fault);
    }
    for (name, _, state) in faults {
        rack.server.wait_for(rack.phone(name), state);
    }
    let told = rack.call("devices");
    assert_eq!(told.exit, Some(0), "{}", told.stderr);
    insta::assert_snapshot!("faults", states(&told.stdout));
}
