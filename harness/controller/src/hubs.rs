//! USB hubs: what goes through one is shared by all devices behind it.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Files from this size on take their turn, bytes; smaller ones are through before anybody notices.
pub(crate) const LARGE: u64 = 16 << 20;

/// How many large files go through each hub at once.
#[derive(Debug)]
pub(crate) struct Hubs {
    at_once: NonZeroUsize,
    turns: Mutex<BTreeMap<String, Arc<Semaphore>>>,
}

impl Hubs {
    pub(crate) fn new(at_once: NonZeroUsize) -> Self {
        Self { at_once, turns: Mutex::default() }
    }

    /// Waits until a large file may go through this hub.
    pub(crate) async fn turn(&self, hub: &str) -> Option<OwnedSemaphorePermit> {
        let turns = {
            // A map is never left half changed.
            let mut hubs = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            let new = || Arc::new(Semaphore::new(self.at_once.get()));
            hubs.entry(hub.to_owned()).or_insert_with(new).clone()
        };
        turns.acquire_owned().await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_hub_has_its_own_turns() {
        let hubs = Hubs::new(NonZeroUsize::MIN);
        let first = hubs.turn("1-4").await.expect("free");
        let other = hubs.turn("1-5").await.expect("another hub");
        let mut second = Box::pin(hubs.turn("1-4"));
        let waits = is_pending(second.as_mut()).await;
        assert!(waits, "one at a time");
        drop(first);
        assert!(second.await.is_some());
        drop(other);
    }

    /// Whether it is still pending after a turn of everybody.
    async fn is_pending<F: Future + Unpin>(mut future: F) -> bool {
        tokio::select! {
            biased;
            _ = &mut future => false,
            () = tokio::task::yield_now() => true,
        }
    }
}
