//! Recordings of sessions: what stands in them, in which order, and how they end.

mod clocks;
mod endings;
mod hostile;
mod made;
mod order;
mod system;
mod truth;
