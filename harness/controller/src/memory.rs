//! Whether a session finds the memory that it is expected to take, before anything of it is pushed.

use edgesoak_protocol::probe::Probe;
use edgesoak_record::MemoryPrediction;
use edgesoak_record::memory::mebibytes;
use edgesoak_record::plan::PlannedSession;
use edgesoak_record::units::Bytes;

use crate::setback::Setback;

/// Channel of what the system says a program could still have.
const AVAILABLE: &str = "memory/available";

/// Refuses a session whose family gives a runtime less: that is known without the device.
pub(crate) fn within_budget(prediction: &MemoryPrediction, planned: &PlannedSession) -> Result<(), Setback> {
    let device = &planned.device;
    let Some(budget) = device.budget_under(prediction) else { return Ok(()) };
    let text = format!(
        "{prediction} for {}, and the memory_budget of {} is {}",
        planned.candidate.id,
        device.family,
        mebibytes(budget)
    );
    Err(Setback::new("config", text))
}

/// Refuses a session on a device that does not have as much, or not now.
pub(crate) fn within_device(prediction: &MemoryPrediction, probe: &Probe) -> Result<(), Setback> {
    let available = probe.channels.iter().find(|channel| channel.name == AVAILABLE);
    let available = available.and_then(|channel| channel.value).filter(|bytes| bytes.is_finite());
    let short = |whose, bytes, of: &str| {
        let text = format!("{prediction}, and the device has {} {of}", mebibytes(Bytes(bytes)));
        Setback::new(whose, text).because("memory-short")
    };
    // A device that does not tell one of both has not refused by that. What it never has, no other day brings.
    match (probe.memory_bytes, available.map(whole)) {
        (total, _) if total > 0 && prediction.total.0 > total => Err(short("config", total, "in all")),
        (_, Some(free)) if prediction.total.0 > free => Err(short("device", free, "available")),
        _ => Ok(()),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates, and zero is none")]
fn whole(bytes: f64) -> u64 {
    bytes as u64
}

#[cfg(test)]
mod tests {
    use edgesoak_protocol::Quantity;
    use edgesoak_record::memory::{MemoryPart, MemoryUse};

    use super::*;
    use crate::session::made_probe;

    fn predicted(mib: u64) -> MemoryPrediction {
        let part = MemoryPart { what: MemoryUse::Weights, bytes: Bytes(mib << 20), basis: String::new() };
        MemoryPrediction::of(vec![part])
    }

    #[test]
    fn a_device_refuses_what_it_does_not_have() {
        let probe = |memory: u64, available: Option<f64>| Probe {
            memory_bytes: memory << 20,
            ..made_probe::probe(&[(
                AVAILABLE,
                Quantity::SystemMemory,
                available.map(|mib| mib * 1_048_576.0),
            )])
        };
        let refused = |memory, available| {
            within_device(&predicted(500), &probe(memory, available)).err().map(|setback| {
                assert_eq!(setback.cause, Some("memory-short"));
                (setback.whose, setback.detail)
            })
        };
        assert_eq!(refused(4000, Some(500.0)), None);
        let short = "500 MiB predicted (weights 500 MiB), and the device has 499 MiB";
        assert_eq!(refused(4000, Some(499.0)), Some(("device", format!("{short} available"))));
        assert_eq!(refused(499, Some(5000.0)), Some(("config", format!("{short} in all"))));
        assert_eq!(refused(0, None), None, "a device that tells nothing");
        assert_eq!(refused(0, Some(f64::NAN)), None);
    }
}
