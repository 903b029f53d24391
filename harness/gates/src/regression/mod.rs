//! Whether a candidate got slower: its sustained rates against those of the previous release and of a pinned one.
//!
//! Non-inferiority on logarithms of rates, per unit: a Pass needs confidence that no more than the margin was lost, a
//! Fail that more was lost, everything between is not proven. Decisions fall at a few numbers of runs that are known
//! before; failures are corrected for the number of devices; see `docs/how_we_measure.md`.

mod air;
mod answered;
mod claim;
mod comparable;
mod compare;
mod excuse;
mod explained;
mod family;
mod gathered;
mod looks;
mod noise;
mod order;
mod power;
mod request;
mod session_trial;
mod sigma;
mod summary;
mod words;

pub use compare::compare;
pub use edgesoak_record::trial::{Setup, Shown, Trial};
pub(crate) use explained::EXPLAINED;
pub use gathered::{Side, gathered};
pub use power::detectable;
pub use request::{Arm, Request, Rules, Subject};
pub(crate) use session_trial::of_session;
pub use sigma::between_run_sigma;
