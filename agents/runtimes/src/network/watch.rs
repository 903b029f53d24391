//! The watch over one runtime, from before its first instruction to the end of its last process.

use std::collections::BTreeSet;
use std::io;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Signal, kill_process};

use super::cut::{Cut, Wish};
use super::filter::ARCHITECTURE;
use super::handover::Network;
use super::kernel::speaks_our_sizes;
use super::supervise::{Ledger, State, Supervisor, Tell, locked};

const STACK_BYTES: usize = 256 << 10;
/// How long the thread may take to say how a runtime that runs was cut off.
const STATE_LIMIT: Duration = Duration::from_secs(5);
/// How long processes may take to vanish by themselves once the runtime has ended, and when they are killed.
const GRACE: Duration = Duration::from_millis(300);
const KILL_LIMIT: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// A watch that goes on.
#[derive(Debug)]
pub struct Watch {
    network: Result<Network, String>,
    heard: Result<(), String>,
    ledger: Arc<Mutex<Ledger>>,
    thread: Option<JoinHandle<()>>,
    /// Closed to end the thread.
    stop: Option<UnixStream>,
}

/// What came of a watch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// It had an empty network of its own; or why it shared that of the device.
    pub network: Result<(), String>,
    /// Every call that could leave was looked at; or why not.
    pub listed: Result<(), String>,
    /// No process of it was left when the watch ended.
    pub is_over: bool,
    /// Processes that outlived it and were killed.
    pub survivors: usize,
    /// Calls that would have left the device. All were refused.
    pub attempts: u64,
    /// Sockets of the internet that it asked for.
    pub sockets: u64,
    /// Calls to its own loopback.
    pub loopback: u64,
    /// Sockets on which it waited for callers from anywhere.
    pub listens: u64,
    /// Calls to sockets of other programs on the device.
    pub neighbours: u64,
    /// Where the first of them led, as far as that is plain letters.
    pub neighbour: String,
    /// Rings of calls that it asked for. All were refused.
    pub rings: u64,
}

impl Watch {
    /// Whether nothing can leave, by whichever way.
    #[must_use]
    pub fn cuts_off(&self) -> bool {
        self.network.is_ok() || self.heard.is_ok()
    }

    /// Ends it. Call it when the runtime has ended and is reaped: what it left running is killed.
    #[must_use]
    pub fn end(self) -> Account {
        let began = Instant::now();
        let mut survivors = BTreeSet::new();
        let mut is_over = false;
        while !is_over && began.elapsed() < GRACE + KILL_LIMIT {
            is_over = locked(&self.ledger).is_over;
            if let (Ok(network), false) = (&self.network, is_over) {
                let left = network.members();
                // The kernel's word on its filter is the better one: who has left the network is not in this list.
                is_over = self.heard.is_err() && left.is_empty();
                if began.elapsed() >= GRACE {
                    for pid in left {
                        survivors.insert(pid.as_raw_nonzero());
                        // Fails only if it is gone, which is what was wanted.
                        let _ = kill_process(pid, Signal::KILL);
                    }
                }
            } else if self.heard.is_err() {
                break;
            }
            if !is_over {
                thread::sleep(LOOK_EVERY);
            }
        }
        self.closed(is_over, survivors.len())
    }

    fn closed(self, is_over: bool, survivors: usize) -> Account {
        drop(self.stop);
        // A thread that panicked listed nothing more.
        let ended =
            self.thread.map_or(Ok(()), |thread| thread.join().map_err(|_| "its thread failed".to_owned()));
        let ledger = locked(&self.ledger);
        let failed = ledger.failed.clone().map_or(Ok(()), Err);
        Account {
            network: self.network.map(drop),
            listed: self.heard.and(ended).and(failed),
            is_over,
            survivors,
            attempts: ledger.attempts,
            sockets: ledger.sockets,
            loopback: ledger.loopback,
            listens: ledger.listens,
            neighbours: ledger.neighbours,
            neighbour: ledger.neighbour.clone(),
            rings: ledger.rings,
        }
    }
}

/// Starts a runtime with the strictest cut that this system makes.
///
/// # Errors
/// What `start` says, where less of a cut does not help.
pub(crate) fn cut_off<T>(
    dir: &Path,
    tell: &Tell,
    mut start: impl FnMut(Option<Cut>) -> io::Result<T>,
) -> io::Result<(T, Watch)> {
    let mut wish = Wish { network: true, filter: ARCHITECTURE.is_some() && speaks_our_sizes() };
    let (mut no_network, mut no_filter) = (None, None);
    while wish.network || wish.filter {
        let (trial, cut) = Trial::new(wish, dir, tell)?;
        let started = start(Some(cut));
        let state = trial.state.recv_timeout(STATE_LIMIT);
        match (started, state) {
            (Ok(started), state) => {
                let unsaid = || Err("its thread says nothing".to_owned());
                let state = state.unwrap_or_else(|_| State { network: Err(String::new()), heard: unsaid() });
                let watch = Watch {
                    network: state.network.map_err(|why| no_network.unwrap_or(why)),
                    heard: state.heard.map_err(|why| no_filter.unwrap_or(why)),
                    ledger: trial.ledger,
                    thread: Some(trial.thread),
                    stop: Some(trial.stop),
                };
                return Ok((started, watch));
            }
            (Err(_), Ok(State { network: Err(why), .. })) if wish.network => {
                (wish.network, no_network) = (false, Some(why));
            }
            (Err(_), Ok(State { heard: Err(why), .. })) if wish.filter => {
                (wish.filter, no_filter) = (false, Some(why));
            }
            (Err(error), _) => return Err(error),
        }
    }
    let unknown = || "this kernel has none".to_owned();
    let watch = Watch {
        network: Err(no_network.unwrap_or_else(unknown)),
        heard: Err(no_filter.unwrap_or_else(unknown)),
        ledger: Arc::default(),
        thread: None,
        stop: None,
    };
    Ok((start(None)?, watch))
}

/// One try: a thread that waits for a child.
struct Trial {
    ledger: Arc<Mutex<Ledger>>,
    thread: JoinHandle<()>,
    stop: UnixStream,
    state: std::sync::mpsc::Receiver<State>,
}

impl Trial {
    /// The thread, and what the child has to do.
    fn new(wish: Wish, dir: &Path, tell: &Tell) -> io::Result<(Self, Cut)> {
        let (ours, theirs) = UnixStream::pair()?;
        let (stop, stopped) = UnixStream::pair()?;
        let (to_us, state) = sync_channel(1);
        let ledger = Arc::new(Mutex::new(Ledger::default()));
        let supervisor = Supervisor {
            pipe: ours,
            stop: stopped,
            dir: dir.canonicalize()?,
            ledger: ledger.clone(),
            tell: tell.clone(),
            state: to_us,
        };
        let thread = thread::Builder::new()
            .name("network".to_owned())
            .stack_size(STACK_BYTES)
            .spawn(move || supervisor.run())?;
        Ok((Self { ledger, thread, stop, state }, Cut::new(wish, theirs)))
    }
}
