//! From findings to verdicts: policy, waivers, families, precedence, and the words of the first screen.

pub(crate) mod calendar;
mod families;
mod next_actions;
mod policy;
pub mod precedence;
mod run;
mod session;
pub mod waivers;

pub use calendar::Day;
pub use run::{JudgedSession, conclude, is_same_job, judge, judge_sessions};
