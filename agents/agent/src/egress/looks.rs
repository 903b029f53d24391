//! The sockets of the runtime, looked at from time to time.
//!
//! What opens and closes between two looks is not seen, and neither is what a child of the runtime does. Silence is
//! no proof; one peer is one attempt too many.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use edgesoak_protocol::Reason;
use edgesoak_sensors::sockets::{self, Look, Peer};
use edgesoak_sensors::{Root, clocks};

use crate::journal::Journal;
use crate::worker::{Stop, Worker};

const LOOK_EVERY_NS: u64 = 10_000_000_000;
/// How long the last look may take.
const LAST_LOOK_LIMIT: Duration = Duration::from_secs(1);
/// Peers that are told apart.
const MAX_PEERS: usize = 256;
/// Families and ports that are named.
const MAX_NAMED: usize = 8;

/// The thread that looks.
pub(super) struct Looks {
    seen: Arc<Mutex<Seen>>,
    worker: io::Result<Worker>,
}

impl Looks {
    /// Looks at the sockets of this process now, every ten seconds, and when it is asked to tell.
    pub(super) fn begin(system: &Root, pid: u32) -> Self {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (theirs, system) = (seen.clone(), system.clone());
        let worker = Worker::start("egress", move |stop| watch(stop, &system, pid, &theirs));
        Self { seen, worker }
    }

    /// Notes what was seen. Call it before the runtime is closed: the last look is taken now.
    pub(super) fn tell(self, journal: &Journal) {
        let ended = self.worker.is_ok_and(|worker| worker.ends_within(LAST_LOOK_LIMIT));
        let (code, text) = locked(&self.seen).said(ended);
        journal.note(code, text);
    }
}

fn watch(stop: &Stop, system: &Root, pid: u32, seen: &Mutex<Seen>) {
    let began_ns = clocks::mono_ns();
    loop {
        let look_ns = clocks::mono_ns();
        let look = sockets::look(system, pid);
        locked(seen).add(look, (look_ns - began_ns) / 1_000_000_000);
        if stop.sleep_until(look_ns + LOOK_EVERY_NS) {
            let look = sockets::look(system, pid);
            return locked(seen).add(look, (clocks::mono_ns() - began_ns) / 1_000_000_000);
        }
    }
}

fn locked(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Everything that was seen so far.
#[derive(Default)]
struct Seen {
    looks: u32,
    /// Looks that failed although the process was there, and why the last of all failed.
    failed: u32,
    why: Option<Reason>,
    peers: BTreeSet<Peer>,
    /// When the first peer was seen, seconds since the watch began.
    first_s: Option<u64>,
    /// Most sockets at once, and most that are open to anybody.
    sockets: usize,
    open: usize,
}

impl Seen {
    fn add(&mut self, look: Result<Look, Reason>, at_s: u64) {
        let look = match look {
            Ok(look) => look,
            Err(reason) => {
                // A process that has ended has no descriptors any more.
                self.failed += u32::from(reason != Reason::Absent);
                self.why = Some(reason);
                return;
            }
        };
        self.looks += 1;
        self.sockets = self.sockets.max(look.sockets);
        self.open = self.open.max(look.open);
        if !look.peers.is_empty() {
            self.first_s.get_or_insert(at_s);
        }
        let room = MAX_PEERS.saturating_sub(self.peers.len());
        self.peers.extend(look.peers.into_iter().take(room));
    }

    /// The note: its word and its sentence.
    fn said(&self, ended: bool) -> (&'static str, String) {
        let looks = format!("{} looks at the runtime's sockets", self.looks);
        if let Some(first_s) = self.first_s {
            let count = self.peers.len();
            let ends = if count == 1 { "endpoint" } else { "endpoints" };
            let named = self.named();
            return (
                "egress-sockets",
                format!("{count} remote {ends} in {looks}, first after {first_s} s: {named}"),
            );
        }
        if !ended {
            return ("egress-unchecked", format!("the last of {looks} did not return"));
        }
        if let Some(why) = self.why.filter(|_| self.looks == 0 || self.failed > 0) {
            return (
                "egress-unchecked",
                format!("{looks}, {} could not be read: {}", self.failed.max(1), why.word()),
            );
        }
        if self.open > 0 {
            let text = format!("{looks}: no remote endpoint, but {} of them are open to any", self.open);
            return ("egress-possible", text);
        }
        let text = format!(
            "{looks}, at most {} at once, none to a remote endpoint; no proof that there was none",
            self.sockets
        );
        ("egress-none-seen", text)
    }

    /// Families and ports with their counts; no addresses.
    fn named(&self) -> String {
        let mut counts: BTreeMap<(&str, u16), u32> = BTreeMap::new();
        for peer in &self.peers {
            *counts.entry((peer.family, peer.port)).or_default() += 1;
        }
        let mut named: Vec<String> = counts
            .iter()
            .take(MAX_NAMED)
            .map(|((family, port), count)| format!("{family} {port} ({count})"))
            .collect();
        if counts.len() > MAX_NAMED {
            named.push(format!("and {} more", counts.len() - MAX_NAMED));
        }
        named.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(looks: &[Result<Look, Reason>], ended: bool) -> (&'static str, String) {
        let mut seen = Seen::default();
        for look in looks {
            seen.add(look.clone(), 3);
        }
        seen.said(ended)
    }

    #[test]
    fn nothing_seen_is_told_apart_from_nothing_looked_at() {
        let quiet = Ok(Look { sockets: 2, ..Look::default() });
        assert_eq!(said(&[quiet.clone(), quiet.clone()], true).0, "egress-none-seen");
        assert_eq!(said(&[quiet.clone(), Err(Reason::Absent)], true).0, "egress-none-seen", "it had ended");
        assert_eq!(said(&[quiet.clone(), Err(Reason::Denied)], true).0, "egress-unchecked");
        assert_eq!(said(&[Err(Reason::Absent)], true).0, "egress-unchecked");
        let (code, text) = said(&[Err(Reason::Denied)], true);
        assert_eq!((code, text.contains("denied")), ("egress-unchecked", true), "{text}");
        assert_eq!(said(&[quiet], false).0, "egress-unchecked");
        let open = Ok(Look { sockets: 1, open: 1, ..Look::default() });
        assert_eq!(said(&[open], true).0, "egress-possible");
    }
}
