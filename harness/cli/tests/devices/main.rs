//! `edgesoak devices` and `edgesoak doctor` with the real adb server, virtual phones, and USB ports as the kernel shows
//! them.

#[path = "../../../drivers/tests/attached/mod.rs"]
mod attached;
mod doctor;
mod ports;
mod rack;
mod shown;
mod unplugged;
#[path = "../world/mod.rs"]
mod world;
