//! The thread that answers every call that the filter of a runtime stops, and keeps count.

use std::io::Write;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use edgesoak_protocol::journal::Attempt;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

use super::caller::Caller;
use super::cut::GO;
use super::filter::ARCHITECTURE;
use super::handover::{Handover, Network};
use super::kernel::{self, Waiting};
use super::verdict::{Aim, Bench, What, shown};

/// Attempts that are told one by one; more are counted.
const MOST_TOLD: u64 = 256;

/// Where attempts are told.
pub type Tell = Arc<dyn Fn(Attempt) + Send + Sync>;

/// What was counted so far.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) attempts: u64,
    pub(super) sockets: u64,
    pub(super) loopback: u64,
    pub(super) listens: u64,
    pub(super) neighbours: u64,
    /// The first of them.
    pub(super) neighbour: String,
    pub(super) rings: u64,
    /// No process is left under the filter.
    pub(super) is_over: bool,
    /// Why nobody answers any more.
    pub(super) failed: Option<String>,
}

/// How a new runtime was cut off, for whoever started it.
#[derive(Debug)]
pub(super) struct State {
    /// Its own network.
    pub(super) network: Result<Network, String>,
    /// Whether its calls are heard.
    pub(super) heard: Result<(), String>,
}

/// What the thread works with.
pub(super) struct Supervisor {
    /// To the child.
    pub(super) pipe: UnixStream,
    /// Closed when nobody wants to hear more.
    pub(super) stop: UnixStream,
    /// The folder of the runtime.
    pub(super) dir: PathBuf,
    pub(super) ledger: Arc<Mutex<Ledger>>,
    pub(super) tell: Tell,
    pub(super) state: SyncSender<State>,
}

impl Supervisor {
    /// Takes over, lets the runtime go on, and answers until its last process has ended.
    pub(super) fn run(mut self) {
        // Without a word there is no child.
        let Ok(Handover { pid, network, listener, may_go_on }) = Handover::take(&mut self.pipe) else {
            return;
        };
        let heard = listener.as_ref().map(|_| ()).map_err(Clone::clone);
        // Whoever started it reads this when the child has gone on or has ended.
        let has_own_network = network.is_ok();
        let _ = self.state.try_send(State { network, heard });
        // A child that died meanwhile needs no word.
        let _ = if may_go_on { self.pipe.write_all(&[GO]) } else { Ok(()) };
        let (Some(architecture), Ok(listener)) = (ARCHITECTURE, listener) else { return };
        let bench = Bench { architecture, has_own_network, dir: self.dir };
        let desk = Desk { listener, bench, runtime: pid, ledger: self.ledger, tell: self.tell };
        // From here on the child's end of the pipe is the only one, and it is gone with exec.
        drop(self.pipe);
        if let Err(error) = desk.answer_all(&self.stop) {
            locked(&desk.ledger).failed = Some(std::io::Error::from(error).to_string());
        }
    }
}

/// Where calls are answered.
struct Desk {
    listener: OwnedFd,
    bench: Bench,
    runtime: u32,
    ledger: Arc<Mutex<Ledger>>,
    tell: Tell,
}

impl Desk {
    fn answer_all(&self, stop: &UnixStream) -> Result<(), Errno> {
        loop {
            let mut looks =
                [PollFd::new(&self.listener, PollFlags::IN), PollFd::new(stop, PollFlags::empty())];
            match poll(&mut looks, None) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => return Err(error),
            }
            let (asked, stopped) = (looks[0].revents(), looks[1].revents());
            if stopped.contains(PollFlags::HUP) {
                return Ok(());
            }
            if asked.contains(PollFlags::IN) {
                match kernel::next(self.listener.as_fd()) {
                    Ok(Some(waiting)) => self.serve(&waiting),
                    Ok(None) => {}
                    Err(error) => return Err(Errno::from_io_error(&error).unwrap_or(Errno::IO)),
                }
            } else if asked.contains(PollFlags::HUP) {
                locked(&self.ledger).is_over = true;
                return Ok(());
            }
        }
    }

    fn serve(&self, waiting: &Waiting) {
        let caller = Caller::of(waiting.thread);
        let (answer, what) = self.bench.judge(waiting, &caller);
        // Looked at before it is answered: the caller may be gone right after.
        let told = match &what {
            What::Attempt(aim) if locked(&self.ledger).attempts < MOST_TOLD => Some(self.told(&caller, aim)),
            _ => None,
        };
        // One that died while it was looked at was perhaps another one when it was read; its call did nothing.
        if !kernel::still_waits(self.listener.as_fd(), waiting.id) {
            return;
        }
        self.count(what);
        kernel::answer(self.listener.as_fd(), waiting.id, answer);
        if let Some(attempt) = told {
            (self.tell)(attempt);
        }
    }

    /// What is told of an attempt.
    fn told(&self, caller: &Caller, aim: &Aim) -> Attempt {
        Attempt {
            pid: caller.pid,
            parents: caller.parents(self.runtime),
            program: caller.program(),
            call: aim.call.to_owned(),
            family: aim.family.clone(),
            protocol: aim.protocol.map(str::to_owned),
            reach: aim.to.map(|to| to.reach().word().to_owned()),
            address: aim.to.and_then(|to| to.told()),
            port: aim.to.map(|to| to.port),
        }
    }

    fn count(&self, what: What) {
        let mut ledger = locked(&self.ledger);
        match what {
            What::Nothing => {}
            What::Attempt(_) => ledger.attempts += 1,
            What::Socket => ledger.sockets += 1,
            What::Loopback => ledger.loopback += 1,
            What::Listens => ledger.listens += 1,
            What::Ring => ledger.rings += 1,
            What::Neighbour(path) => {
                ledger.neighbours += 1;
                if ledger.neighbour.is_empty() {
                    ledger.neighbour = shown(&path);
                }
            }
        }
    }
}

pub(super) fn locked(ledger: &Mutex<Ledger>) -> MutexGuard<'_, Ledger> {
    ledger.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    #[test]
    fn what_was_read_of_one_who_is_gone_counts_for_nothing() {
        let told = Arc::<Mutex<Vec<Attempt>>>::default();
        let theirs = told.clone();
        let desk = Desk {
            // No filter's: nobody waits here, whatever the number.
            listener: File::open("/dev/null").expect("it is there").into(),
            bench: Bench { architecture: 1, has_own_network: true, dir: PathBuf::from("/nowhere") },
            runtime: std::process::id(),
            ledger: Arc::default(),
            tell: Arc::new(move |attempt| theirs.lock().expect("nobody panics").push(attempt)),
        };
        let number = i32::try_from(libc::SYS_setns).expect("a small number");
        let thread = std::process::id();
        let waiting = Waiting { id: 7, thread, number, architecture: 1, arguments: [0; 6] };
        let (_, what) = desk.bench.judge(&waiting, &Caller::of(thread));
        assert!(matches!(what, What::Attempt(_)), "{what:?}");
        desk.serve(&waiting);
        assert_eq!((locked(&desk.ledger).attempts, told.lock().expect("nobody panics").len()), (0, 0));
    }
}
