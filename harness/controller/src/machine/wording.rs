//! How sessions are closed.

use edgesoak_record::session::{CloseState, SessionClose};

/// Longest detail that is kept, characters: it may quote what a device said.
const MAX_DETAIL: usize = 600;

fn close(state: CloseState, cause: &str, whose: &str, detail: &str) -> SessionClose {
    let detail = detail.chars().take(MAX_DETAIL).collect();
    SessionClose { state, cause: cause.to_owned(), detail, whose: whose.to_owned() }
}

pub(crate) fn completed() -> SessionClose {
    close(CloseState::Completed, "", "", "")
}

pub(crate) fn interrupted(cause: &str, whose: &str, detail: &str) -> SessionClose {
    close(CloseState::Interrupted, cause, whose, detail)
}

pub(crate) fn not_run(cause: &str, whose: &str, detail: &str) -> SessionClose {
    close(CloseState::NotRun, cause, whose, detail)
}

/// The agent was taken to be done, but the copy of its journal does not say so.
pub(super) fn unproven() -> SessionClose {
    let text = "the host has no whole journal that ends with a completed session";
    interrupted("journal-incomplete", "device", text)
}

/// A person stopped the run: what this makes of a session depends on whether it had begun.
pub(super) fn stopped_by_user(begun: bool) -> SessionClose {
    let of = if begun { interrupted } else { not_run };
    of("stopped-by-user", "user", "the run was stopped by a person or a signal")
}
