//! `edgesoak devices --clear`: letting a device out of quarantine.

use edgesoak_controller::Ward;
use serde_json::json;

use crate::args::{Format, Shared};
use crate::command::{host_now, print_json};
use crate::failure::Failure;
use crate::places::Places;
use crate::terminal::{printable, say};

/// Lets a device out of quarantine, for a reason.
pub fn clear(shared: &Shared, device: &str, reason: &str) -> Result<u8, Failure> {
    let places = Places::find()?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Failure::config("a device is let out of quarantine for a reason")
            .hint("say with --reason what was done about it"));
    }
    let was = Ward::clear(&places.state, device, reason, host_now()).map_err(|error| unreadable(&error))?;
    let Some(was) = was else {
        return Err(Failure::config(format!("{device} is not in quarantine"))
            .hint("edgesoak devices shows which ones are"));
    };
    match shared.format() {
        Format::Json => print_json(&json!({ "cleared": was, "reason": reason }))?,
        Format::Human => {
            say(&printable(&format!("{device} may be used again; it was in quarantine: {}\n", was.why)))?;
        }
    }
    Ok(0)
}

/// The book of quarantine in words, where it fails.
pub fn unreadable(error: &std::io::Error) -> Failure {
    Failure::infrastructure("what this host knows of devices in quarantine cannot be kept").because(error)
}
