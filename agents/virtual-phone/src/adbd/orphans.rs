//! Shells whose host is gone: they were told, and may take their time.

use std::process::Child;
use std::sync::{Mutex, PoisonError};

/// Processes that nobody waits for any more.
#[derive(Debug, Default)]
pub(super) struct Orphans(Mutex<Vec<Child>>);

impl Orphans {
    /// Takes a process over.
    pub(super) fn adopt(&self, mut child: Child) {
        if !matches!(child.try_wait(), Ok(Some(_))) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(child);
        }
    }

    /// Lets those go that have ended.
    pub(super) fn reap(&self) {
        let mut children = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        children.retain_mut(|child| matches!(child.try_wait(), Ok(None)));
    }
}
