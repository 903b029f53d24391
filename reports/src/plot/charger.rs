//! What fed the device, as a ribbon: a supply or its battery.

use edgesoak_record::Quantity;

use super::channel_series::{of, points, why_missing};
use super::ink::Ink;
use super::ribbon::{Ribbon, highest, spans};
use super::series::Trace;
use super::sheet::Subject;
use crate::words::time::clock;

const NAME: &str = "charger";

/// Where several channels speak, the one that says most about a supply is believed, as gates do.
const ON_BATTERY: f64 = 1.0;
const BESIDE: f64 = 2.0;
const CHARGING: f64 = 3.0;

pub(super) fn ribbon(subject: &Subject<'_>) -> Ribbon {
    let (plugs, states) =
        (of(subject.session, Quantity::Plugged), of(subject.session, Quantity::ChargeStatus));
    let plugged = plugs.iter().map(|channel| {
        said(&points(channel, subject, 1.0), |value| Some(if value > 0.5 { BESIDE } else { ON_BATTERY }))
    });
    let battery = states.iter().map(|channel| said(&points(channel, subject, 1.0), of_status));
    let traces: Vec<Trace> = plugged.chain(battery).collect();
    let end = subject.timeline.end;
    let spans = spans(&highest(&traces, end), end, |value| {
        Some(match value {
            value if value > 2.5 => (Ink::Plugged, "charging".to_owned()),
            value if value > 1.5 => (Ink::Plugged, "plugged in".to_owned()),
            _ => (Ink::Battery, "on battery".to_owned()),
        })
    });
    if spans.is_empty() {
        let tried: Vec<_> = plugs.into_iter().chain(states).collect();
        return Ribbon::missing(NAME, why_missing("charger state", &tried));
    }
    let words = match spans.iter().find(|span| span.ink == Ink::Plugged) {
        Some(span) => format!("{} from {}", span.word, clock(span.from)),
        None => "on battery".to_owned(),
    };
    Ribbon { name: NAME, spans, words }
}

/// 2 charging, 3 discharging, 4 not charging, 5 full; what the system does not know is not said.
fn of_status(code: f64) -> Option<f64> {
    match code.round() {
        2.0 => Some(CHARGING),
        3.0 => Some(ON_BATTERY),
        4.0 | 5.0 => Some(BESIDE),
        _ => None,
    }
}

fn said(trace: &Trace, says: impl Fn(f64) -> Option<f64>) -> Trace {
    let points = trace.points.iter().filter_map(|(t, value)| Some((*t, says(*value)?))).collect();
    Trace { points, gap: trace.gap }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_a_battery_are_said_as_gates_read_them() {
        assert_eq!(
            [1.0, 2.0, 3.0, 4.0, 5.0].map(of_status),
            [None, Some(CHARGING), Some(ON_BATTERY), Some(BESIDE), Some(BESIDE)]
        );
    }
}
