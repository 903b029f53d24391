//! What the system recorded while a runtime lived: who killed it where a signal ended it, and what its user moved
//! over the network. Asked before it starts and after it ended, so that no measured second pays for it.

use std::time::{Duration, Instant, SystemTime};

use edgesoak_protocol::{Reading, Reason};
use edgesoak_sensors::Root;
use edgesoak_sensors::records::{self, Logged, Moved};

use crate::journal::Journal;

/// How long one program may take, and all of them at the end.
const PROGRAM_LIMIT: Duration = Duration::from_secs(5);
const TOTAL_LIMIT: Duration = Duration::from_secs(8);
/// The kernel's killer sends it, among others.
const SIGKILL: i32 = 9;
/// The user of `adb shell`, and of everything that is started from it.
const SHELL: u32 = 2000;

/// A runtime that a signal ended which was not the agent's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Death {
    pub(crate) pid: u32,
    pub(crate) signal: i32,
}

/// What was known before the runtime started.
pub(crate) struct Before {
    system: Root,
    since: SystemTime,
    oom_kills: Reading<u64>,
    uid: u32,
    moved: Reading<Moved>,
}

impl Before {
    /// Looks at the system; takes as long as one program may.
    pub(crate) fn look(system: &Root) -> Self {
        let uid = rustix::process::getuid().as_raw();
        Self {
            system: system.clone(),
            since: SystemTime::now(),
            oom_kills: records::oom_kills(system),
            uid,
            moved: records::moved(system, uid, PROGRAM_LIMIT),
        }
    }

    /// Notes what became of the runtime and what its user moved meanwhile.
    pub(crate) fn tell(self, journal: &Journal, death: Option<Death>) {
        let began = Instant::now();
        let mut hangs = false;
        if let Some(death) = death {
            let logged = records::logged(&self.system, death.pid, self.since, PROGRAM_LIMIT);
            hangs = logged == Err(Reason::Failed) && began.elapsed() >= PROGRAM_LIMIT;
            let evidence = Evidence {
                signal: death.signal,
                oom_kills: self.oom_kills(),
                tombstones: records::tombstones(&self.system, self.since),
                logged,
            };
            journal.note(evidence.verdict(), evidence.text());
        }
        // No program is there to ask, and there was none before.
        if self.moved == Err(Reason::CommandMissing) {
            return;
        }
        if hangs {
            return journal.note(
                "aftermath-skipped",
                "a program hangs: what the runtime's user moved is not asked for",
            );
        }
        let left = TOTAL_LIMIT.saturating_sub(began.elapsed()).min(PROGRAM_LIMIT);
        let after = self.moved.and_then(|_| records::moved(&self.system, self.uid, left));
        journal.note("egress-bytes", said(self.uid, self.moved, after));
    }

    /// How many more processes the kernel has killed.
    fn oom_kills(&self) -> Reading<u64> {
        let before = self.oom_kills?;
        records::oom_kills(&self.system)?.checked_sub(before).ok_or(Reason::Parse)
    }
}

/// What a user moved between two readings.
fn said(uid: u32, before: Reading<Moved>, after: Reading<Moved>) -> String {
    let between = || {
        let (before, after) = (before?, after?);
        let less = |after: u64, before: u64| after.checked_sub(before).ok_or(Reason::Parse);
        Ok((less(after.received, before.received)?, less(after.sent, before.sent)?))
    };
    let shared = if uid == SHELL { "; adb and the agent are of that user too" } else { "" };
    match between() {
        Ok((received, sent)) => {
            format!("user {uid} received {received} and sent {sent} bytes while the runtime lived{shared}")
        }
        Err(reason) => {
            let reason: Reason = reason;
            format!("what user {uid} moved while the runtime lived is not known: {}", reason.word())
        }
    }
}

/// Everything that speaks about one death.
struct Evidence {
    signal: i32,
    oom_kills: Reading<u64>,
    tombstones: Reading<u32>,
    logged: Reading<Logged>,
}

impl Evidence {
    fn verdict(&self) -> &'static str {
        let logged = self.logged.as_ref().ok();
        let for_memory =
            logged.is_some_and(|logged| logged.low_memory > 0) || self.oom_kills.is_ok_and(|kills| kills > 0);
        if self.signal == SIGKILL && for_memory {
            return "killed-by-low-memory";
        }
        // Nobody writes a tombstone for what was killed from outside.
        let crashed = logged.is_some_and(|logged| logged.crashes.of_process > 0)
            || self.tombstones.is_ok_and(|count| count > 0);
        if self.signal != SIGKILL && crashed { "crash-logged" } else { "kill-unexplained" }
    }

    /// Counts and times; nothing that anybody wrote.
    fn text(&self) -> String {
        let kernel = told(self.oom_kills);
        let tombstones = told(self.tombstones);
        let logged = match &self.logged {
            Err(reason) => format!("the log: {}", reason.word()),
            Ok(logged) => {
                let times = if logged.times.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", logged.times.join(", "))
                };
                format!(
                    "the log: {} lines of the low memory killer and {} of the system about it{times}, {} crashes, {} of \
                     them its own",
                    logged.low_memory, logged.by_system, logged.crashes.all, logged.crashes.of_process
                )
            }
        };
        let signal = self.signal;
        format!(
            "signal {signal}; meanwhile: processes killed by the kernel for want of memory: {kernel}; new tombstones: \
             {tombstones}; {logged}"
        )
    }
}

fn told<T: ToString>(reading: Reading<T>) -> String {
    reading.map_or_else(|reason| reason.word().to_owned(), |value| value.to_string())
}

#[cfg(test)]
mod tests {
    use edgesoak_sensors::capture::Crashes;

    use super::*;

    fn silent(signal: i32) -> Evidence {
        Evidence {
            signal,
            oom_kills: Ok(0),
            tombstones: Err(Reason::Denied),
            logged: Err(Reason::CommandMissing),
        }
    }

    #[test]
    fn only_what_was_recorded_explains_a_death() {
        assert_eq!(silent(9).verdict(), "kill-unexplained");
        assert_eq!(Evidence { oom_kills: Ok(1), ..silent(9) }.verdict(), "killed-by-low-memory");
        assert_eq!(Evidence { oom_kills: Ok(1), ..silent(11) }.verdict(), "kill-unexplained");
        let logged = |low_memory, of_process| {
            Ok(Logged { low_memory, crashes: Crashes { all: 3, of_process }, ..Logged::default() })
        };
        assert_eq!(Evidence { logged: logged(1, 0), ..silent(9) }.verdict(), "killed-by-low-memory");
        assert_eq!(Evidence { logged: logged(0, 1), ..silent(11) }.verdict(), "crash-logged");
        assert_eq!(
            Evidence { logged: logged(0, 0), ..silent(11) }.verdict(),
            "kill-unexplained",
            "of others"
        );
        assert_eq!(Evidence { tombstones: Ok(1), ..silent(6) }.verdict(), "crash-logged");
        assert_eq!(Evidence { tombstones: Ok(1), ..silent(9) }.verdict(), "kill-unexplained");
        let text = silent(9).text();
        assert!(text.contains("new tombstones: denied; the log: command-missing"), "{text}");
    }

    #[test]
    fn a_counter_that_fell_tells_nothing() {
        let moved = |received, sent| Ok(Moved { received, sent });
        let text = said(SHELL, moved(5, 5), moved(9, 6));
        assert!(text.starts_with("user 2000 received 4 and sent 1 bytes") && text.contains("adb"), "{text}");
        assert!(said(10_001, moved(5, 5), moved(4, 6)).ends_with("not known: parse"));
        assert!(said(10_001, Err(Reason::Denied), moved(4, 6)).ends_with("not known: denied"));
    }
}
