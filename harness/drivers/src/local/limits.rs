//! Deadlines for file work.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::error::DriverError;

/// Set once nobody waits for the work any more.
#[derive(Debug, Clone, Default)]
pub(crate) struct GivenUp(Arc<AtomicBool>);

impl GivenUp {
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Dropped with the call that waits, so that a cancelled call stops its thread too.
struct GiveUp(GivenUp);

impl Drop for GiveUp {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

/// Runs file work on a thread of its own and waits for it until the deadline.
pub(crate) async fn blocking<T: Send + 'static>(
    doing: &'static str,
    deadline: Duration,
    work: impl FnOnce(&GivenUp) -> Result<T, DriverError> + Send + 'static,
) -> Result<T, DriverError> {
    let guard = GiveUp(GivenUp::default());
    let given_up = guard.0.clone();
    let passed = || DriverError::DeadlinePassed { doing: doing.to_owned(), after: deadline };
    let task = tokio::task::spawn_blocking(move || work(&given_up));
    match tokio::time::timeout(deadline, task).await {
        Err(_) => Err(passed()),
        Ok(Ok(result)) => result,
        // The thread panicked or the runtime shuts down; either way there is no result.
        Ok(Err(joining)) => Err(DriverError::LinkLost(format!("{doing}: {joining}"))),
    }
}
