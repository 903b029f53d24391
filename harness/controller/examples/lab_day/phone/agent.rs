//! The agent's commands, with a made-up phone behind them.

use std::time::Duration;

use edgesoak_protocol::job::Job;
use edgesoak_protocol::journal::FinishReason;
use edgesoak_protocol::probe::{
    AgentState, FoundFile, Probe, ProbedChannel, Started, Status, Tenancy, Tenant, VerifiedFile,
};
use edgesoak_protocol::quality::Quality;
use edgesoak_protocol::{Quantity, Unit};
use serde::Serialize;

use super::body::ROOM;
use super::journal::Circumstances;
use super::soak::Soak;
use super::{Inner, Kind, Phone};
use crate::defect::Defect;
use crate::truth::sha256;

/// Exit code while another session holds the lease.
const LEASE_IS_HELD: i32 = 75;

pub fn option<'a>(args: &'a [String], name: &str) -> &'a str {
    let at = args.iter().position(|arg| arg == name).expect("the option is there");
    &args[at + 1]
}

fn document(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("JSON")
}

/// Exit code and standard output of a command.
pub fn exec(phone: &Phone, args: &[String]) -> (i32, Vec<u8>) {
    let (now, mut inner) = (phone.dawn.now(), phone.inner());
    match args[0].as_str() {
        "probe" => (0, document(&probe(phone, &mut inner, now))),
        "verify" => (0, verify(&inner, args, now)),
        "status" => (0, document(&status(&inner, option(args, "--session"), now))),
        "tenant" => (0, document(&tenancy(&mut inner, args, now, phone.truth.has(Defect::TwoTenants)))),
        "start" => start(phone, &mut inner, option(args, "--session"), now),
        "stop" => {
            if inner.running(now) == Some(option(args, "--session")) {
                inner.finish(now, FinishReason::Stopped, &phone.truth);
            }
            (0, Vec::new())
        }
        "restore" => {
            if inner.running(now).is_some() {
                return (LEASE_IS_HELD, Vec::new());
            }
            inner.is_changed &= phone.truth.has(Defect::SettingsKept);
            (0, b"{}".to_vec())
        }
        other => panic!("nobody asked for {other}"),
    }
}

/// Grants the device to whoever asks, unless it is another one's.
fn tenancy(inner: &mut Inner, args: &[String], now: Duration, is_anybodys: bool) -> Tenancy {
    let has = |name: &str| args.iter().any(|arg| arg == name);
    if is_anybodys && !has("--host") {
        return Tenancy { tenant: None, left_ms: 0 };
    }
    if has("--host") {
        let wish = Tenant { host: option(args, "--host").to_owned(), run: option(args, "--run").to_owned() };
        let evicts = has("--evict").then(|| option(args, "--evict"));
        let stays = Duration::from_millis(option(args, "--for-ms").parse().expect("a number"));
        let is_free = match &inner.tenant {
            Some((tenant, until)) => *tenant == wish || *until <= now || evicts == Some(tenant.run.as_str()),
            None => true,
        };
        if is_free || is_anybodys {
            let held = inner.tenant.take().filter(|(tenant, _)| *tenant == wish);
            let until = held.map_or(now + stays, |(_, until)| until.max(now + stays));
            inner.tenant = (!stays.is_zero()).then_some((wish, until));
        }
    }
    let left = inner.tenant.as_ref().map_or(Duration::ZERO, |(_, until)| until.saturating_sub(now));
    let left_ms = u64::try_from(left.as_millis()).expect("a day");
    Tenancy { tenant: inner.tenant.as_ref().map(|(tenant, _)| tenant.clone()), left_ms }
}

/// Whether the device is another run's now.
fn is_let(inner: &Inner, name: &str, now: Duration) -> bool {
    let of_run = |run: &str| name.split('/').next() == Some(run);
    inner.tenant.as_ref().is_some_and(|(tenant, until)| *until > now && !of_run(&tenant.run))
}

fn probe(phone: &Phone, inner: &mut Inner, now: Duration) -> Probe {
    let channel = |name: &str, quantity, value| ProbedChannel {
        name: name.to_owned(),
        quantity,
        unit: Unit::One,
        source: format!("/sys/{name}"),
        value: Some(value),
        missing: None,
        raw: String::new(),
        quality: Quality::default(),
    };
    let mut channels = vec![
        channel("load/1min", Quantity::Load, 0.5),
        channel("usb/online", Quantity::Plugged, f64::from(u8::from(inner.plugged))),
    ];
    if phone.kind != Kind::Plain {
        channels.push(channel("thermal/battery", Quantity::Temperature, ROOM + inner.cool(now)));
    }
    Probe {
        agent: "0.1.0".to_owned(),
        protocol: [1, 2],
        kernel: "made up".to_owned(),
        os: "made up".to_owned(),
        cpu: "made up".to_owned(),
        cores: 8,
        cpu_features: Vec::new(),
        memory_bytes: 1 << 33,
        storage_free_bytes: Some(1 << 36),
        facts: std::collections::BTreeMap::new(),
        commands: Vec::new(),
        boot_id: inner.boot_id(),
        is_virtual: false,
        channels,
    }
}

fn content<'i>(inner: &'i Inner, path: &str, now: Duration) -> Option<(&'i [u8], u32)> {
    if let Some(name) = path.strip_prefix("sessions/").and_then(|rest| rest.strip_suffix("/journal")) {
        return inner.soaks.get(name).map(|soak| (soak.on_disk(now), 0o600));
    }
    inner.files.get(path).map(|(bytes, mode)| (bytes.as_slice(), *mode))
}

fn verify(inner: &Inner, args: &[String], now: Duration) -> Vec<u8> {
    let mut out = Vec::new();
    for path in args.windows(2).filter(|pair| pair[0] == "--file").map(|pair| &pair[1]) {
        let found = content(inner, path, now).map(|(bytes, mode)| FoundFile {
            sha256: sha256(bytes),
            bytes: bytes.len() as u64,
            mode,
        });
        let missing = found.is_none().then(|| "no such file".to_owned());
        out.extend(document(&VerifiedFile { path: path.clone(), found, missing }));
        out.push(b'\n');
    }
    out
}

fn status(inner: &Inner, name: &str, now: Duration) -> Status {
    let soak = inner.soaks.get(name);
    Status {
        state: soak.map_or(AgentState::Absent, |soak| soak.state(now)),
        pid: None,
        boot_id: inner.boot_id(),
        last_seq: soak.and_then(|soak| soak.frames(now).checked_sub(1)).map(|last| last as u64),
        answers: None,
    }
}

fn start(phone: &Phone, inner: &mut Inner, name: &str, now: Duration) -> (i32, Vec<u8>) {
    if is_let(inner, name, now) || inner.running(now).is_some_and(|running| running != name) {
        return (LEASE_IS_HELD, Vec::new());
    }
    let job = inner.files.get(&format!("sessions/{name}/job.json"));
    let Some(job) = job.and_then(|(bytes, _)| serde_json::from_slice::<Job>(bytes).ok()) else {
        return (2, Vec::new());
    };
    if inner.soaks.contains_key(name) || inner.is_full(now) {
        return (2, Vec::new());
    }
    let over = inner.cool(now);
    inner.is_changed = !job.settings.is_empty();
    let (boot_id, mono) = (inner.boot_id(), inner.mono(now));
    let at = Circumstances { job: &job, body: inner.body, boot_id, mono, over, plugged: inner.plugged };
    let soak = Soak::start(name, now, &at, &phone.truth);
    inner.fates.insert(name.to_owned(), soak.fate);
    inner.soaks.insert(name.to_owned(), soak);
    (0, document(&Started { pid: 1, boot_id: inner.boot_id() }))
}
