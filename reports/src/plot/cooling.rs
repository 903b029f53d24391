//! Whether cooling devices acted, as a ribbon under the clocks that they hold down.

use edgesoak_record::Quantity;

use super::channel_series::{of, points, why_missing};
use super::ink::Ink;
use super::ribbon::{Ribbon, highest, spans};
use super::series::Trace;
use super::sheet::Subject;
use crate::words::number::fixed;
use crate::words::time::clock;

const NAME: &str = "cooling state";

pub(super) fn ribbon(subject: &Subject<'_>) -> Ribbon {
    let channels = of(subject.session, Quantity::CoolingState);
    let traces: Vec<Trace> = channels.iter().map(|channel| points(channel, subject, 1.0)).collect();
    let end = subject.timeline.end;
    let cells = highest(&traces, end);
    let Some(most) = cells.iter().flatten().copied().reduce(f64::max) else {
        return Ribbon::missing(NAME, why_missing("cooling state", &channels));
    };
    let spans = spans(&cells, end, |state| {
        (state > 0.0).then(|| (ink(state, most), format!("state {}", fixed(state, 0))))
    });
    let words = match spans.first() {
        Some(first) => format!("up to {} from {}", fixed(most, 0), clock(first.from)),
        None => "0, nothing acted".to_owned(),
    };
    Ribbon { name: NAME, spans, words }
}

/// Thirds of the highest state that was seen: how many states there are is not told.
fn ink(state: f64, most: f64) -> Ink {
    match state / most {
        part if part > 2.0 / 3.0 => Ink::Cooling(2),
        part if part > 1.0 / 3.0 => Ink::Cooling(1),
        _ => Ink::Cooling(0),
    }
}
