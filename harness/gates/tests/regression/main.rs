//! Candidates against their references, with known differences.

mod air;
mod answers;
mod excuses;
mod families;
mod fleets;
mod made;
mod properties;
mod reasons;
mod single;
mod study;
