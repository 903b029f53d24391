//! `edgesoak devices` and `edgesoak doctor` with the real adb server, virtual phones, and USB ports as the kernel shows
//! them.

mod bench;
mod doctor;
mod ports;
mod rack;
mod unplugged;
#[path = "../world/mod.rs"]
mod world;
