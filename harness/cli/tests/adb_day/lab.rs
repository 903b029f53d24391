//! A virtual phone at a real adb server, and a world whose matrix knows it.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use edgesoak_record::hex;
use sha2::{Digest, Sha256};

use crate::attached::{Phone, Server, until};
use crate::world::{Spoken, World};

/// A model that the runner knows.
pub const MODEL: &str = include_str!("../../../../agents/virtual-phone/models/dense-350m-q4.toml");
const PHONES: &str = r#"
[family.phones]
title = "Phones that are not there"
hardware_heat = false

[policy.tier.rack]
blocking = ["artifact", "placement", "journal", "runtime_alive", "data_coverage"]

[candidate.described]
families = ["phones"]
routes = ["policy_qa"]
runtime = "scripted-runner"
artifact = { path = "model.toml", sha256 = "DIGEST" }
placement = "cpu"
options = { threads = 4, args = ["--phone", "/dev/virtual-phone"] }

[profile.rack]
tier = "rack"
devices = ["virtual:*"]
override.soak = { duration = "6 s", output_tokens = 384 }
"#;
const PHONE: &str = r#"
[[device]]
id = "virtual:phone"
family = "phones"
driver = "adb"
address = { serial = "SERIAL", server = "SERVER" }
stop_at = { temperature = "110 C" }
"#;

/// All of it; it goes with this.
pub struct Lab {
    pub world: World,
    pub server: Server,
    pub phone: Phone,
}

impl Lab {
    /// None, with a word, where this machine has no adb or forbids what a phone lives in.
    pub fn with(options: &[&str]) -> Option<Self> {
        let (server, phone) = (Server::start()?, Phone::start("tensor-phone", options)?);
        let world = host_of(&[&phone], &server.address(), MODEL);
        Some(Self { world, server, phone })
    }

    /// Another host, which reaches the phone through the same server.
    pub fn another_host(&self) -> World {
        host_of(&[&self.phone], &self.server.address(), MODEL)
    }

    pub fn call(&self, arguments: &str) -> Spoken {
        self.call_at(&self.world, arguments)
    }

    /// The same at another host.
    pub fn call_at(&self, host: &World, arguments: &str) -> Spoken {
        spoken(&edgesoak(host, &self.server, arguments).output().expect("edgesoak starts"))
    }

    /// A run during whose soak something happens; the journals that the phone wrote until its end come with it.
    pub fn run_while(&mut self, happens: impl FnOnce(&mut Self)) -> (Spoken, Vec<Vec<u8>>) {
        let mut held = Vec::new();
        let spoken = self.disturb("run --profile rack --format json", |lab| {
            held = lab.hold_journals();
            happens(lab);
        });
        (spoken, held.iter().map(|path| fs::read(path).expect("held")).collect())
    }

    /// `edgesoak`, during whose soak something happens.
    pub fn disturb(&mut self, arguments: &str, happens: impl FnOnce(&mut Self)) -> Spoken {
        let child = self.soaking(arguments);
        happens(self);
        let mut output = child.wait_with_output().expect("it ends");
        output.stderr = fs::read(self.said()).expect("what it said");
        spoken(&output)
    }

    /// A run whose host is killed in the soak.
    pub fn run_killed(&self) {
        let mut child = self.soaking("run --profile rack");
        child.kill().expect("it is ours");
        child.wait().expect("it ended");
    }

    /// `edgesoak`, once its soak has begun.
    fn soaking(&self, arguments: &str) -> Child {
        let mut command = edgesoak(&self.world, &self.server, arguments);
        let stderr = fs::File::create(self.said()).expect("room");
        let child = command.stdout(Stdio::piped()).stderr(stderr).spawn().expect("edgesoak starts");
        let soaks = || fs::read_to_string(self.said()).is_ok_and(|said| said.contains(": soaking"));
        until("the soak has begun", soaks);
        child
    }

    /// Where the standard error of a run goes.
    fn said(&self) -> PathBuf {
        self.world.path().join("said")
    }

    /// Links to what the phone writes: the host removes what it has collected.
    pub fn hold_journals(&self) -> Vec<PathBuf> {
        let sessions = self.phone.dir().join("data/local/tmp/edgesoak/sessions");
        let mut found = Vec::new();
        until("the phone writes", || {
            found = fs::read_dir(&sessions)
                .into_iter()
                .flatten()
                .flatten()
                .flat_map(|run| fs::read_dir(run.path()).into_iter().flatten().flatten())
                .map(|session| session.path().join("journal"))
                .filter(|journal| journal.exists())
                .collect();
            !found.is_empty()
        });
        let hold = |(index, journal): (usize, &PathBuf)| {
            let link = self.phone.dir().join(format!("held-{index}"));
            fs::hard_link(journal, &link).expect("on the same disk");
            link
        };
        found.iter().enumerate().map(hold).collect()
    }

    /// The phone starts anew.
    pub fn reboot(&self) {
        self.server.adb(&["-s", &self.phone.serial, "reboot"]);
    }

    /// Text without what differs from run to run: addresses, names of runs, numbers, and how often a line comes.
    pub fn steady(&self, spoken: &Spoken) -> String {
        let text = spoken.transcript().replace(&self.phone.serial, "SERIAL");
        let text = text.replace(&self.server.address(), "SERVER");
        let mut lines: Vec<String> = text.lines().filter(|line| !depends_on_speed(line)).map(plain).collect();
        lines.dedup();
        lines.join("\n")
    }
}

/// How many prompts there are in some seconds, and whether a phase has lasted long enough for another line of it,
/// depends on how fast this machine is. A link that is silent for long is told of on every machine.
fn depends_on_speed(line: &str) -> bool {
    let is_retry = line.ends_with("trying again") && !line.contains("silent");
    is_retry || [" left", "background_cpu", "ttft_p"].iter().any(|part| line.contains(part))
}

/// A host whose matrix has these phones, behind an adb server at this address, and this artifact for them.
pub fn host_of(phones: &[&Phone], address: &str, artifact: &str) -> World {
    let world = World::new();
    world.write("model.toml", artifact);
    let mut matrix = fs::read_to_string(world.path().join("device_matrix.toml")).expect("the world's matrix");
    matrix = matrix.replace("[candidate.scripted]", "[candidate.scripted]\nfamilies = [\"host\"]");
    matrix += &PHONES.replace("DIGEST", &hex(&Sha256::digest(artifact)));
    for (index, phone) in phones.iter().enumerate() {
        let entry = PHONE.replace("SERIAL", &phone.serial).replace("SERVER", address);
        let id = if index == 0 { "virtual:phone".to_owned() } else { format!("virtual:phone-{}", index + 1) };
        matrix += &entry.replace("virtual:phone", &id);
    }
    world.write("device_matrix.toml", &matrix);
    world
}

/// `edgesoak` at a host on which the server is the usual one: only there it is started again when it died.
pub fn edgesoak(host: &World, server: &Server, arguments: &str) -> Command {
    let mut command = host.edgesoak();
    command.env("ANDROID_ADB_SERVER_PORT", server.port());
    command.args(arguments.split_whitespace()).stdin(Stdio::null());
    command
}

/// A line with N for every number, and without the name of the run.
fn plain(line: &str) -> String {
    if line.starts_with("exit: ") || line.starts_with("verdict=") {
        return line.to_owned();
    }
    if line.starts_with("Report: ") {
        return "Report: REPORT".to_owned();
    }
    if line.starts_with("run ") {
        return "run RUN".to_owned();
    }
    // What a session has shown until it was interrupted depends on the moment.
    let is_cut = line.contains("ended before its time") && line.ends_with(").");
    if let Some((sentence, _)) = line.rsplit_once(" (").filter(|_| is_cut) {
        return plain(&format!("{sentence}."));
    }
    let mut plain = String::new();
    for letter in line.chars() {
        match letter {
            '0'..='9' if plain.ends_with('N') => {}
            '0'..='9' => plain.push('N'),
            other => plain.push(other),
        }
    }
    plain.trim_end().replace("N.N", "N")
}

fn spoken(output: &Output) -> Spoken {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Spoken { exit: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}
