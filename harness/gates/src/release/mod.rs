//! Whether a release ships: every device, route and candidate of it, from stored sessions alone.
//!
//! The rule, in this order; the first that holds speaks:
//! 1. a session that counts failed a gate that blocks (integrity first), or a reference is lost to by more than accepted: `Fail`;
//! 2. nothing tells anything: `Nothing`, or `Infrastructure` where the lab lost it all;
//! 3. a session that counts is not proven, a promoted run is not stored, sessions of a candidate answered different golden sets, a required
//!    family is a hole on a route, the tier blocks on `regression` and it was not shown everywhere, or no hardware was measured:
//!    `NotProven`;
//! 4. `Pass`.
//!
//! Where hardware was measured only hardware counts. What is not evidence is never green.

mod cells;
mod compared;
mod conclusion;
mod coverage;
mod evidence;
mod next;
mod trend;
mod waivers;

pub use conclusion::conclude;
pub use evidence::{Evidence, Held, Measurement, Past, PastSession};
