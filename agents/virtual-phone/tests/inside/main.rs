//! The inside of a phone that is attached over ADB: what its programs find, and what is left when it goes.

mod adb;
mod boots;
#[path = "../made/channel.rs"]
mod channel;
mod link;
mod phone;
mod rack;
mod root;
mod session;
mod variants;
