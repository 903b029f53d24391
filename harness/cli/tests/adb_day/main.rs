//! `edgesoak run` on a virtual phone behind the real adb server: what is measured, what is kept, and what a person sees.

mod lab;
mod lost;
mod seen;
#[path = "../world/mod.rs"]
mod world;
