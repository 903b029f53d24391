//! One run of this host per device: a lock that is held while sessions of a run work on it, and that the end of the
//! process frees. Runs of other hosts meet the lease that the agent holds on the device itself while it measures.

use std::collections::BTreeMap;
use std::time::Duration;

use edgesoak_record::host_entry::HostEvent;

use crate::context::Context;
use crate::world::Lock;

const LOOK_EVERY: Duration = Duration::from_secs(10);

/// The devices that a lane holds; freed when this is dropped.
#[derive(Default)]
pub(crate) struct Leases(BTreeMap<String, Option<Lock>>);

impl Leases {
    /// Takes a device; `false` while another run has it.
    pub(crate) fn take(&mut self, context: &Context, device: &str) -> bool {
        if self.0.contains_key(device) {
            return true;
        }
        let (disk, dir) = (&context.world.disk, context.places.state_dir.join("leases"));
        let lock = match disk.create_dirs(&dir).and_then(|()| disk.lock(&dir.join(device))) {
            Ok(None) => return false,
            Ok(lock) => lock,
            // A lock that cannot be made is no reason not to measure: the agent has a lease of its own.
            Err(_) => None,
        };
        self.0.insert(device.to_owned(), lock);
        true
    }

    /// Takes a device that a session has left its traces on, as soon as it is free: they cannot be cleared away under
    /// another session. Whoever ends the run does not want to wait.
    pub(crate) async fn wait_for(&mut self, context: &Context, session: &str, device: &str) {
        if self.take(context, device) {
            return;
        }
        let text = format!("another run works with {device}; this session goes on when it is done");
        let event = HostEvent::Noted { code: "device-leased".to_owned(), text };
        // If it cannot be written, neither can what the session does next.
        let _ = context.events.host(Some(session), event).await;
        while !*context.cancel.borrow() && !self.take(context, device) {
            context.world.clock.sleep(LOOK_EVERY).await;
        }
    }
}
