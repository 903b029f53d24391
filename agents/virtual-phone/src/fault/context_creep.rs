//! The talk so far is sent along with every prompt: each is longer than the one before.

use super::{Amount, Fault, Kind, Now, Setting, Unit, has_come};

pub(super) const KIND: Kind = Kind {
    name: "context-creep",
    title: "Every prompt carries the talk before it",
    has_moment: true,
    amount: Some(Amount { unit: Unit::Token, least: 1.0, most: 4_096.0, usual: 32.0 }),
    gate: "ttft_p50",
    cause: "ttft_p50",
    plant: |setting| Box::new(ContextCreep { setting, first: None }),
};

#[derive(Debug)]
struct ContextCreep {
    setting: Setting,
    /// Prompts that were answered when it began.
    first: Option<u32>,
}

impl Fault for ContextCreep {
    fn prompt_tokens(&mut self, now: Now, planned: u32) -> u32 {
        if !has_come(now, self.setting.from) {
            return planned;
        }
        let since = now.prompts - *self.first.get_or_insert(now.prompts);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to be 1 to 4096"
        )]
        let each = self.setting.amount as u32;
        planned.saturating_add(since.saturating_mul(each))
    }
}
