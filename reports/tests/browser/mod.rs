//! The pages in a real browser: what is seen, read, printed, reached by keys, and what never runs.

mod accessible;
pub mod chromium;
#[path = "../site/made.rs"]
mod fleet;
mod keyboard;
mod layout;
mod pages;
mod paper;
mod policy;
mod readout;
mod release;

/// Fails with every fault of every page, not with the first.
fn none_of(faults: &[String]) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
