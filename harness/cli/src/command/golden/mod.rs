//! `edgesoak golden`: sets of questions with known answers, verified, sealed, compared and scored. No device is asked.

mod check;
mod diff;
mod open;
mod route;
mod score;
mod seal;
mod stats;

use crate::args::{GoldenAction, Shared};
use crate::failure::Failure;

/// Does what was asked.
pub fn look_after(shared: &Shared, action: &GoldenAction) -> Result<u8, Failure> {
    match action {
        GoldenAction::Check { set, keys, require_signature } => {
            check::check(shared, set, keys, *require_signature)
        }
        GoldenAction::Seal { set, key } => seal::seal(shared, set, key.as_deref()),
        GoldenAction::Diff { old, new } => diff::show(shared, old, new),
        GoldenAction::Stats { set } => stats::show(shared, set),
        GoldenAction::Route(asked) => route::show(shared, asked),
        GoldenAction::Score(asked) => score::score(shared, asked),
    }
}
