//! Longer prompts than planned come, from a moment on: another template, or more documents.

use super::{Amount, Fault, Kind, Now, Setting, Unit, has_come};

pub(super) const KIND: Kind = Kind {
    name: "prompt-mix",
    title: "Prompts become longer",
    has_moment: true,
    amount: Some(Amount { unit: Unit::Times, least: 1.1, most: 50.0, usual: 4.0 }),
    gate: "ttft_p50",
    cause: "ttft_p50",
    plant: |setting| Box::new(PromptMix { setting }),
};

#[derive(Debug)]
struct PromptMix {
    setting: Setting,
}

impl Fault for PromptMix {
    fn prompt_tokens(&mut self, now: Now, planned: u32) -> u32 {
        if !has_come(now, self.setting.from) {
            return planned;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a cast saturates; never negative"
        )]
        let longer = (f64::from(planned) * self.setting.amount).round() as u32;
        longer
    }
}
