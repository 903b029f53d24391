//! Served phones, with the real agent on them.

mod answers;
#[path = "../made/channel.rs"]
mod channel;
mod device;
mod ending;
mod faces;
mod leaks;
mod probe;
mod protocol;
mod sandboxed;
mod session;
