//! What the sessions of a run share while they share the lab with others.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use edgesoak_protocol::probe::Tenant;
use edgesoak_protocol::units::Nanos;
use edgesoak_record::session::{CloseState, SessionClose};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::hubs::Hubs;
use crate::machine::not_run;
use crate::terms::Terms;

/// Cause of a session that did not begin because another one had not completed.
const FAIL_FAST: &str = "fail-fast";

/// What the sessions of a run share.
#[derive(Debug)]
pub(crate) struct Sharing {
    /// This host and this run, as devices know them.
    pub(crate) us: Tenant,
    /// What digests of battery packs are made with.
    pub(crate) pack_salt: String,
    pub(crate) hubs: Hubs,
    pub(crate) quarantined_too: bool,
    /// The end of all waiting for devices, on the host's monotonic clock.
    wait_until: Nanos,
    turns: Option<Arc<Semaphore>>,
    fail_fast: bool,
    has_failed: AtomicBool,
}

impl Sharing {
    pub(crate) fn new(us: Tenant, pack_salt: String, terms: &Terms, now: Nanos) -> Self {
        let wait = u64::try_from(terms.wait.as_nanos()).unwrap_or(u64::MAX);
        Self {
            us,
            pack_salt,
            hubs: Hubs::new(terms.pushes_per_hub),
            quarantined_too: terms.quarantined_too,
            wait_until: Nanos(now.0.saturating_add(wait)),
            turns: terms.max_parallel.map(|most| Arc::new(Semaphore::new(most.get()))),
            fail_fast: terms.fail_fast,
            has_failed: AtomicBool::new(false),
        }
    }

    /// How long a busy device is still waited for.
    pub(crate) fn wait_left(&self, now: Nanos) -> Duration {
        self.wait_until.since(now).as_duration()
    }

    /// Waits for its turn, where only some sessions go at once.
    pub(crate) async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        // Nobody closes the semaphore; without it the session would only be one too many.
        self.turns.clone()?.acquire_owned().await.ok()
    }

    /// How a session ended.
    pub(crate) fn ended(&self, close: &SessionClose) {
        if close.state != CloseState::Completed && close.cause != "stopped-by-user" {
            self.has_failed.store(true, Ordering::Relaxed);
        }
    }

    /// Why no further session begins, where the run is to end at the first one that does not complete.
    pub(crate) fn given_up(&self) -> Option<SessionClose> {
        let text = "another session did not complete, and the run was told to begin no other one then";
        (self.fail_fast && self.has_failed.load(Ordering::Relaxed)).then(|| not_run(FAIL_FAST, "user", text))
    }
}

/// A device within a run.
#[derive(Debug, Default)]
pub(crate) struct Berth {
    retries: AtomicU32,
    is_ours: AtomicBool,
}

impl Berth {
    /// Counts a further try; the number of tries before it.
    pub(crate) fn retry(&self) -> u32 {
        self.retries.fetch_add(1, Ordering::Relaxed)
    }

    /// The device knows this run as its tenant.
    pub(crate) fn moved_in(&self) {
        self.is_ours.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_ours(&self) -> bool {
        self.is_ours.load(Ordering::Relaxed)
    }
}
