//! Recordings of sessions: what stands in them, in which order, and how they end.

mod clocks;
mod endings;
mod hostile;
mod made;
mod order;
#[path = "../made/student.rs"]
mod student;
mod system;
mod truth;
