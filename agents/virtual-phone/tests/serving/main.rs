//! Served phones, with the real agent on them.

mod device;
mod ending;
mod leaks;
mod probe;
mod protocol;
mod session;
