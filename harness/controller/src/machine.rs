//! A session as a pure, serialisable state machine: what comes next, whatever happens.
//!
//! ```text
//! Queued -> Connecting -> Provisioning -> Preflight [-> Charging | Discharging] -> Settling -> Warming
//!        -> Soaking -> AnsweringHot -> Recovering -> Answering -> Collecting -> Restoring -> Sweeping -> Done | Quarantined
//! ```
//! The state is written down before an effect is carried out. A host that dies in between finds in it what may
//! have happened on the device.

mod change;
mod phase;
mod resume;
mod state;
mod step;
mod wording;

pub use change::{Change, Undo};
pub use phase::Phase;
pub use state::{Quarantine, State};
pub use step::{AgentPhase, AgentView, Collected, Effect, Input, step};
pub(crate) use wording::{completed, interrupted, not_run};
