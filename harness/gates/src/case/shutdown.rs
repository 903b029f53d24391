//! A device that switched itself off for heat: its journal just stops, it is found in another boot, and the last that
//! was read of it was close to the end of what it bears.

use edgesoak_record::Quantity;
use edgesoak_record::session::{Channel, CloseState, JournalEnding};

use crate::case::Case;
use crate::figures;
use crate::outcome::{Missing, quoted};

/// How long before the last frame a reading still tells of the end, seconds.
const LAST_S: f64 = 3.0;

/// The same for what is asked only now and then, seconds.
const LAST_STATUS_S: f64 = 15.0;

/// Status at which a system says that it is about to switch off: emergency.
const EMERGENCY: f64 = 5.0;

/// Temperatures at which devices switch off, less what they still rise by between two readings: of a chip, and of
/// what a hand or a battery touches. °C.
const CHIP: f64 = 100.0;
const TOUCHED: f64 = 52.0;

/// The reading that tells so; `None` where the session ended in any other way.
#[must_use]
pub fn for_heat(case: &Case) -> Option<Missing> {
    let close = case.record.close.as_ref()?;
    let journal = case.record.journal.as_ref()?;
    let is_cut = matches!(journal.ending, JournalEnding::Open | JournalEnding::Torn);
    let restarted =
        close.state == CloseState::Interrupted && close.cause.replace('-', "_") == "device_restarted";
    if !is_cut || !restarted {
        return None;
    }
    let end = case.telemetry.seconds(journal.last.0);
    let last = |channel, within: f64| case.telemetry.values(channel, end - within, end).last();
    let hot = case.telemetry.of(Quantity::Temperature).find_map(|channel| {
        let limit = if is_touched(channel) { TOUCHED } else { CHIP };
        let (t, celsius) = last(channel, LAST_S).filter(|(_, celsius)| *celsius >= limit)?;
        Some((channel, t, format!("read {celsius:.1} °C")))
    });
    let said = || {
        case.telemetry.of(Quantity::ThermalStatus).find_map(|channel| {
            let (t, status) = last(channel, LAST_STATUS_S).filter(|(_, status)| *status >= EMERGENCY)?;
            Some((channel, t, format!("announced severity {status:.0}")))
        })
    };
    let (channel, t, what) = hot.or_else(said)?;
    let (name, at) = (quoted(&channel.name, 60), figures::seconds(t));
    let words = format!(
        "The device switched itself off for heat: {name} {what} at {at}, and its journal stops there"
    );
    Some(Missing::new("thermal_shutdown", words).seen(&channel.name, t, t))
}

fn is_touched(channel: &Channel) -> bool {
    let name = channel.name.to_ascii_lowercase();
    ["battery", "skin"].iter().any(|part| name.contains(part))
}
