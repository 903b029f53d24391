//! Runtimes that try to leave the device, as real processes. Nothing leaves: every address is one of documents.

mod attempts;
mod clean;
mod ordinary_user;
mod planted;
mod ways;
mod without_network;
