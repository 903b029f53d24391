//! `edgesoak run` on a virtual phone behind the real adb server: what is measured, what is kept, and what a person sees.

#[path = "../../../drivers/tests/attached/mod.rs"]
mod attached;
mod hub;
mod lab;
mod lost;
mod seen;
mod shared;
mod unplugged;
#[path = "../world/mod.rs"]
mod world;
