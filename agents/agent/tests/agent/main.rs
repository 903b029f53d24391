//! Drives the real agent with the scripted runner, as a host would: push, start, follow, stop.

mod aftermath;
mod answering;
mod captured;
mod command_line;
mod commands;
mod device;
mod disk;
mod egress;
mod endings;
mod images;
mod items;
mod lifecycle;
mod limits;
mod phone;
mod privacy;
mod probe;
mod settings;
mod survival;
mod sweep;
mod tenant;
mod unplug;
