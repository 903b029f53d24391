//! Whether a run kept its promises: statistics, trust and one file per promise. Pure: no clock, no disk, and
//! randomness only from seeds that the run itself gives.
//!
//! [`judge`] reads a [`edgesoak_record::Run`] and gives an [`edgesoak_record::RunVerdict`]. The way there:
//! `measure` turns token times and samples into figures; `case` gathers what a session has and what speaks
//! against it; `promise` holds one file per gate and the table that lists them; `verdict` applies the policy.

#![forbid(unsafe_code)]

pub mod answers;
mod attribution;
mod case;
mod defaults;
mod explain;
mod figures;
mod measure;
mod outcome;
pub mod point_rules;
mod prediction;
mod promise;
pub mod regression;
pub mod release;
pub mod rolling_rules;
pub mod routing;
pub mod selection;
mod statistics;
mod verdict;

pub use explain::{explain, explain_slowdown};
pub use verdict::{JudgedSession, conclude, is_same_job, judge, judge_sessions};
