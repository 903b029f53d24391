//! A broken conversion of the model: fewer bytes per token, more tokens per second, and answers that are wrong.

use edgesoak_protocol::units::Bytes;

use super::{Amount, Fault, Kind, Setting, Start, Unit};
use crate::error::PhoneError;

pub(super) const KIND: Kind = Kind {
    name: "fast-but-wrong",
    title: "The model is faster than it should be, and answers wrong",
    has_moment: false,
    amount: Some(Amount { unit: Unit::Times, least: 1.1, most: 8.0, usual: 2.0 }),
    gate: "quality",
    cause: "not_run",
    plant: |setting| Box::new(FastButWrong { setting }),
};

#[derive(Debug)]
struct FastButWrong {
    setting: Setting,
}

impl Fault for FastButWrong {
    fn prepare(&self, start: &mut Start<'_>) -> Result<(), PhoneError> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "smaller than what it was"
        )]
        let weights = (start.candidate.weights.0 as f64 / self.setting.amount) as u64;
        start.candidate.weights = Bytes(weights);
        start.candidate.flop_per_token /= self.setting.amount;
        Ok(())
    }

    /// Words of another answer, so many as before: fluent, and of no use.
    fn answer(&self, right: String) -> String {
        let words = right.split_whitespace().count().max(1);
        vec!["wrong"; words].join(" ")
    }
}
