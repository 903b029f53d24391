//! Days in one line each.

use std::collections::BTreeMap;
use std::fmt;

use edgesoak_record::host_entry::HostEvent;
use sha2::{Digest, Sha256};

use crate::check;
use crate::day::Day;

/// Everything that the hosts have on their disks at the end, as one number.
pub fn digest(day: &Day) -> String {
    let mut hash = Sha256::new();
    for host in &day.hosts {
        for (path, file) in host.disk.files() {
            hash.update(path.to_string_lossy().as_bytes());
            hash.update((file.bytes.len() as u64).to_le_bytes());
            hash.update(&file.bytes);
        }
    }
    edgesoak_record::hex(&hash.finalize())
}

/// How often each end came.
pub fn closes(day: &Day) -> BTreeMap<String, u32> {
    let mut closes = BTreeMap::new();
    for errand in &day.errands {
        let Some(dir) = errand.host.run_dir(errand.number) else { continue };
        let entries = check::entries(&errand.host, &dir);
        for planned in &errand.plan.sessions {
            let close = check::close_of(&entries, &planned.session);
            let word =
                close.map_or("open", |close| if close.cause.is_empty() { "completed" } else { &close.cause });
            *closes.entry(word.to_owned()).or_default() += 1;
        }
    }
    closes
}

/// How often something was noted in the runs, by its code.
pub fn notes(day: &Day) -> BTreeMap<String, u32> {
    let mut notes = BTreeMap::new();
    for errand in &day.errands {
        let dir = errand.host.run_dir(errand.number);
        for entry in dir.iter().flat_map(|dir| check::entries(&errand.host, dir)) {
            if let HostEvent::Noted { code, .. } = entry.event {
                *notes.entry(code).or_default() += 1;
            }
        }
    }
    notes
}

/// What became of some days.
#[derive(Debug, Default)]
pub struct Sum {
    sessions: usize,
    faults: usize,
    killed: u32,
    resumed: u32,
    retried: u32,
    taken_over: u32,
    closes: BTreeMap<String, u32>,
}

impl Sum {
    pub fn of(day: &Day) -> Self {
        let errands = || day.errands.iter();
        let notes = notes(day);
        let count = |code: &str| notes.get(code).copied().unwrap_or_default();
        Self {
            sessions: errands().map(|errand| errand.plan.sessions.len()).sum(),
            faults: day.planted,
            killed: errands().map(|errand| errand.tally.killed).sum(),
            resumed: errands().map(|errand| errand.tally.resumed).sum(),
            retried: count("retried"),
            taken_over: count("device-taken-over"),
            closes: closes(day),
        }
    }

    pub fn add(&mut self, other: &Self) {
        self.sessions += other.sessions;
        self.faults += other.faults;
        self.killed += other.killed;
        self.resumed += other.resumed;
        self.retried += other.retried;
        self.taken_over += other.taken_over;
        for (word, count) in &other.closes {
            *self.closes.entry(word.clone()).or_default() += count;
        }
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let closes: Vec<String> = self.closes.iter().map(|(word, count)| format!("{word} {count}")).collect();
        let Self { sessions, faults, killed, resumed, retried, taken_over, .. } = self;
        write!(f, "sessions {sessions} faults {faults} killed {killed} resumed {resumed} ")?;
        write!(f, "retried {retried} taken over {taken_over} closed: {}", closes.join(", "))
    }
}
