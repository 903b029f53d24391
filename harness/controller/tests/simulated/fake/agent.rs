//! A made-up agent: the answers of the real one, without anything behind them.

use std::collections::{BTreeSet, VecDeque};

use async_trait::async_trait;
use edgesoak_drivers::{Chunk, Conversation, DriverError, Ended};
use edgesoak_protocol::journal::{
    Ending, FinishReason, Frame, VOLATILE, read_all, write_frame, write_header,
};
use edgesoak_protocol::probe::{
    AgentState, ClockReading, FoundFile, Probe, ProbedChannel, Started, Status, Tenancy, Tenant, VerifiedFile,
};
use edgesoak_protocol::{Quantity, Reason, Unit};
use serde::Serialize;

use super::answering;
use super::device::{Fault, Link, Things};
use super::made::{journal_of, sha256};

type Chunks = VecDeque<Result<Chunk, DriverError>>;

pub struct Clocks;

#[async_trait]
impl Conversation for Clocks {
    async fn ask(&mut self, _: &str) -> Result<String, DriverError> {
        let reading = ClockReading { mono_ns: 5, boottime_ns: 6, wall_ns: 7 };
        Ok(serde_json::to_string(&reading).expect("JSON"))
    }
}

fn option<'a>(args: &'a [String], name: &str) -> &'a str {
    let at = args.iter().position(|arg| arg == name).expect("the option is there");
    &args[at + 1]
}

fn document(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("JSON")
}

pub fn exec(things: &mut Things, args: &[String]) -> (i32, Vec<u8>) {
    match args[0].as_str() {
        "probe" => {
            if let Some(left) = things.unplugged_after {
                things.unplugged_after = left.checked_sub(1);
                things.plugged = Some(left > 0);
            }
            let step = things.charge_step;
            let plugged = things.plugged == Some(true);
            things.charge = things.charge.map(|charge| {
                let moved = if plugged { charge + step } else { charge - step };
                moved.clamp(0.0, 100.0)
            });
            let mut probe = probe(things);
            if args.iter().any(|arg| arg == "--pack-salt") {
                let pack = things.pack.map(|pack| ("battery_pack".to_owned(), pack.to_owned()));
                probe.facts.extend(pack);
            }
            (0, document(&probe))
        }
        "tenant" => (0, document(&tenancy(things, args))),
        "restore" => {
            things.given_back += 1;
            (0, b"{}".to_vec())
        }
        "verify" => {
            let answer = verify(things, args);
            if things.link == Link::GoesDownAtLast && args.iter().any(|arg| arg.ends_with("/journal")) {
                things.link = Link::Down;
            }
            answer
        }
        "status" => (0, document(&status(things, option(args, "--session")))),
        "start" => start(things, option(args, "--session")),
        "taken" => answering::taken(things, option(args, "--session"), option(args, "--count")),
        "stop" => (stop(things, option(args, "--session")), Vec::new()),
        other => panic!("nobody asked for {other}"),
    }
}

/// Who asks last has it for as long as it asks for: this agent's time stands still.
fn tenancy(things: &mut Things, args: &[String]) -> Tenancy {
    if args.iter().any(|arg| arg == "--host") {
        let wish = Tenant { host: option(args, "--host").to_owned(), run: option(args, "--run").to_owned() };
        let evicts = args.iter().any(|arg| arg == "--evict").then(|| option(args, "--evict"));
        let for_ms: u64 = option(args, "--for-ms").parse().expect("a number");
        let is_free = match &things.tenancy {
            Some((tenant, left)) => *tenant == wish || *left == 0 || evicts == Some(tenant.run.as_str()),
            None => true,
        };
        if is_free {
            things.tenancy = (for_ms > 0).then_some((wish, for_ms));
        }
    }
    let (tenant, left_ms) = things.tenancy.clone().unzip();
    Tenancy { tenant, left_ms: left_ms.unwrap_or(0) }
}

fn boot_id(things: &Things) -> String {
    format!("boot-{}", things.restarts + 1)
}

fn probe(things: &Things) -> Probe {
    let channel = |name: &str, quantity, value, missing| ProbedChannel {
        name: name.to_owned(),
        quantity,
        unit: Unit::One,
        source: format!("/sys/{name}"),
        value,
        missing,
        raw: String::new(),
        quality: edgesoak_protocol::quality::Quality::default(),
    };
    let mut channels = vec![
        channel("load", Quantity::Load, Some(0.5), None),
        channel("thermal", Quantity::Temperature, None, Some(Reason::Absent)),
    ];
    let battery =
        things.battery.map(|celsius| channel("battery", Quantity::Temperature, Some(celsius), None));
    let usb = things.plugged.map(|plugged| channel("usb", Quantity::Plugged, Some(f64::from(plugged)), None));
    let charge =
        things.charge.map(|level| channel("level", Quantity::ChargeLevel, Some(level.round()), None));
    channels.extend(battery.into_iter().chain(usb).chain(charge));
    Probe {
        agent: "0".to_owned(),
        protocol: [1, 1],
        kernel: "made up".to_owned(),
        os: "made up".to_owned(),
        cpu: "made up".to_owned(),
        cores: 8,
        cpu_features: Vec::new(),
        memory_bytes: 1 << 30,
        storage_free_bytes: Some(1 << 40),
        facts: std::collections::BTreeMap::new(),
        commands: Vec::new(),
        boot_id: boot_id(things),
        is_virtual: false,
        channels,
    }
}

fn verify(things: &Things, args: &[String]) -> (i32, Vec<u8>) {
    let mut out = Vec::new();
    let files = args.windows(2).filter(|pair| pair[0] == "--file").map(|pair| &pair[1]);
    for path in files {
        let found = things.files.get(path).map(|(bytes, mode)| FoundFile {
            sha256: sha256(bytes),
            bytes: bytes.len() as u64,
            mode: *mode,
        });
        let missing = found.is_none().then(|| "no such file".to_owned());
        out.extend(document(&VerifiedFile { path: path.clone(), found, missing }));
        out.push(b'\n');
    }
    (0, out)
}

fn journal_path(name: &str) -> String {
    format!("sessions/{name}/journal")
}

fn status(things: &Things, name: &str) -> Status {
    let read = things.files.get(&journal_path(name)).and_then(|(bytes, _)| read_all(bytes).ok());
    let last_seq = read.as_ref().and_then(|(_, entries, _)| entries.last().map(|entry| entry.seq));
    let state = match read {
        None => AgentState::Absent,
        Some((.., Ending::Finished)) if !things.running.contains(name) => AgentState::Finished,
        Some(_) if things.running.contains(name) => AgentState::Running,
        Some(_) => AgentState::Dead,
    };
    Status { state, pid: None, boot_id: boot_id(things), last_seq, answers: None }
}

pub fn write_journal(things: &mut Things, name: &str, reason: Option<FinishReason>) {
    let (run, session) = name.split_once('/').expect("RUN/SESSION");
    let behind = answering::frames(things, name);
    // It goes on until its answers are taken.
    let reason = reason.filter(|_| things.forgets_from.is_some() || answering::are_taken(things, name));
    things.files.insert(journal_path(name), (journal_of(run, session, reason, things.notes, behind), 0o600));
}

fn start(things: &mut Things, name: &str) -> (i32, Vec<u8>) {
    if things.busy {
        return (75, Vec::new());
    }
    if things.files.contains_key(&journal_path(name))
        || !things.files.contains_key(&format!("sessions/{name}/job.json"))
    {
        return (2, Vec::new());
    }
    let reason = (!things.endless).then_some(things.ends.unwrap_or(FinishReason::Completed));
    write_journal(things, name, reason);
    // On a cable, it waits until that is pulled.
    if things.endless || things.cabled {
        things.running.insert(name.to_owned());
    }
    if things.link == Link::GoesDown {
        things.link = Link::Down;
    }
    (0, document(&Started { pid: 1, boot_id: boot_id(things) }))
}

fn stop(things: &mut Things, name: &str) -> i32 {
    if things.running.remove(name) {
        write_journal(things, name, Some(FinishReason::Stopped));
    }
    0
}

/// What `follow` streams, how it ends, and how it goes on where it does not end.
pub fn follow(things: &mut Things, args: &[String]) -> (Chunks, Option<Growing>) {
    let name = option(args, "--session");
    let from: u64 = option(args, "--from").parse().expect("a number");
    let fault = things.faults.pop_front();
    if let Some(Fault::AgentDies(keep) | Fault::Restart(keep)) = fault {
        if let Some((bytes, _)) = things.files.get_mut(&journal_path(name)) {
            bytes.truncate(keep);
        }
        things.running.clear();
        things.restarts += u32::from(matches!(fault, Some(Fault::Restart(_))));
    }
    let Some((bytes, _)) = things.files.get(&journal_path(name)) else { return (ended(6).into(), None) };
    let Ok((header, ..)) = read_all(bytes) else { return (ended(3).into(), None) };
    let mut growing = Growing { name: name.to_owned(), from, sent: BTreeSet::new() };
    let (frames, end) = growing.more(things);
    // Sessions that ask nothing have no more to say once they began, and a broken stream has not.
    let goes_on = end.is_none() && answering::asked(things, name).is_some();
    let growing = (goes_on && fault.is_none()).then_some(growing);
    let end = end.unwrap_or_else(|| if goes_on && fault.is_some() { ended(0) } else { Vec::new() });
    (broken([write_header(&header), frames].concat(), fault.as_ref(), end), growing)
}

/// A stream that goes on for as long as its session does.
pub struct Growing {
    name: String,
    from: u64,
    /// Answers that went through it.
    sent: BTreeSet<u64>,
}

impl Growing {
    /// What there is by now that was not sent.
    pub fn grown(&mut self, things: &mut Things) -> Chunks {
        let (frames, end) = self.more(things);
        broken(frames, None, end.unwrap_or_default())
    }

    fn more(&mut self, things: &mut Things) -> (Vec<u8>, Option<Vec<Result<Chunk, DriverError>>>) {
        let Some((bytes, _)) = things.files.get(&journal_path(&self.name)) else {
            return (Vec::new(), Some(ended(6)));
        };
        let Ok((_, entries, ending)) = read_all(bytes) else { return (Vec::new(), Some(ended(3))) };
        let mut stream = Vec::new();
        for entry in &entries {
            if entry.seq >= self.from {
                write_frame(&mut stream, entry.seq, entry.t_mono_ns, &entry.frame);
                write_frame(
                    &mut stream,
                    VOLATILE,
                    entry.t_mono_ns,
                    &Frame::Heartbeat { last_seq: entry.seq },
                );
                self.from = entry.seq + 1;
            }
            if !self.sent.contains(&entry.seq)
                && answering::write_kept(things, &self.name, entry, &mut stream)
            {
                self.sent.insert(entry.seq);
            }
        }
        if let Some(last) = entries.last().filter(|_| stream.is_empty()) {
            write_frame(&mut stream, VOLATILE, last.t_mono_ns, &Frame::Heartbeat { last_seq: last.seq });
        }
        if let Some((_, left)) = &mut things.withholds {
            *left = left.saturating_sub(1);
        }
        let end = match ending {
            Ending::Finished => Some(ended(0)),
            _ if answering::asked(things, &self.name).is_some() => None,
            _ if things.running.contains(&self.name) => None,
            _ => Some(ended(3)),
        };
        (stream, end)
    }
}

fn ended(code: i32) -> Vec<Result<Chunk, DriverError>> {
    vec![Ok(Chunk::End(Ended { code: Some(code), stderr: Vec::new() }))]
}

fn broken(mut stream: Vec<u8>, fault: Option<&Fault>, end: Vec<Result<Chunk, DriverError>>) -> Chunks {
    let lost = || Err(DriverError::LinkLost("the cable is out".to_owned()));
    let end = match fault {
        Some(Fault::Drop(at)) => {
            stream.truncate(*at);
            vec![lost()]
        }
        Some(Fault::Flip(at)) => {
            if let Some(byte) = stream.get_mut(*at) {
                *byte ^= 1;
            }
            end
        }
        _ => end,
    };
    stream.chunks(50).map(|bytes| Ok(Chunk::Bytes(bytes.to_vec()))).chain(end).collect()
}
