//! The runtime's own report claims a shorter time for an answer than it took.

use edgesoak_protocol::journal::Frame;

use super::{Amount, Fault, Kind, Now, Setting, Unit};

pub(super) const KIND: Kind = Kind {
    name: "lying-runtime",
    title: "The runtime reports more tokens per second than it delivers",
    has_moment: false,
    amount: Some(Amount { unit: Unit::Times, least: 1.001, most: 10.0, usual: 1.3 }),
    gate: "timestamp_agreement",
    cause: "timestamp_agreement",
    plant: |setting| Box::new(LyingRuntime { setting }),
};

#[derive(Debug)]
struct LyingRuntime {
    setting: Setting,
}

impl Fault for LyingRuntime {
    fn journaled(&mut self, _: Now, frame: &mut Frame) {
        if let Frame::PromptDone { engine_decode_ns, .. } = frame {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "less than it was")]
            let claimed = (*engine_decode_ns as f64 / self.setting.amount) as u64;
            *engine_decode_ns = claimed;
        }
    }
}
