//! The driver `adb` against the real adb server and virtual phones.

#[path = "../attached/mod.rs"]
mod attached;
mod everyday;
mod lost;
mod reached;
mod refused;
