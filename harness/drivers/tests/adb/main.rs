//! The driver `adb` against the real adb server and virtual phones.

mod bench;
mod everyday;
mod lost;
mod reached;
mod refused;
