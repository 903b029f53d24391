//! `edgesoak run` on a virtual phone behind the real adb server: what is measured, what is kept, and what a person sees.

#[path = "../../../drivers/tests/attached/mod.rs"]
mod attached;
// Tests start in the order of these names; the longest one comes first.
mod cable;
mod hub;
mod lab;
mod lost;
mod seen;
mod shared;
#[path = "../world/mod.rs"]
mod world;
