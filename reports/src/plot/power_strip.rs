//! Electric power: read as such, as volts times amperes of one place, from an energy counter, or by the lab's meter.

use edgesoak_record::meter::MeterTrace;
use edgesoak_record::session::Channel;
use edgesoak_record::units::Nanos;
use edgesoak_record::{Quantity, SessionRecord};

use super::axis::Axis;
use super::channel_series::{self, points, short_name, slope};
use super::charger;
use super::ink::Ink;
use super::series::{Point, Trace, extent};
use super::sheet::Subject;
use super::strip::{Body, Drawn, Line, Strip};
use crate::words::number::{number, plural};
use crate::words::text::bounded;

const MOST: usize = 3;

/// A name, and watts over time.
type Source = (String, Trace);

pub(crate) fn strip(subject: &Subject<'_>) -> Strip {
    // What measures outside of the device outranks what it says of itself.
    let mut sources: Vec<(Ink, Source)> = subject
        .session
        .meters
        .iter()
        .map(|meter| (Ink::Meter, metered(meter, subject)))
        .chain(own(subject).into_iter().zip(0_u8..).map(|(source, place)| (Ink::Power(place.min(2)), source)))
        .filter(|(_, (_, trace))| !trace.points.is_empty())
        .collect();
    let more = sources.len().saturating_sub(MOST);
    sources.truncate(MOST);
    let body = if sources.is_empty() {
        let quantities = [Quantity::Power, Quantity::Energy, Quantity::Current];
        let tried: Vec<_> =
            quantities.into_iter().flat_map(|of| channel_series::of(subject.session, of)).collect();
        Body::Missing(channel_series::why_missing("power meter", &tried))
    } else {
        Body::Drawn(drawn(subject, &sources, more))
    };
    Strip::new("Power", "W", 72.0, body).with(charger::ribbon(subject))
}

fn own(subject: &Subject<'_>) -> Vec<Source> {
    let of = |quantity| channel_series::of(subject.session, quantity);
    let power = of(Quantity::Power).into_iter();
    let energy = of(Quantity::Energy).into_iter();
    let volts = of(Quantity::Voltage);
    let beside = |current: &Channel| volts.iter().find(|volts| owner(volts) == owner(current)).copied();
    let product = |current: &Channel| {
        let name = bounded(owner(current), 18);
        Some((name, times(&points(current, subject, 1.0), &points(beside(current)?, subject, 1.0))))
    };
    let mut sources: Vec<Source> = power
        .map(|channel| (short_name(channel), points(channel, subject, 1.0)))
        .chain(energy.map(|channel| (short_name(channel), slope(&points(channel, subject, 1.0)))))
        .collect();
    // Of a gauge that tells its power, the product would be the same line again.
    if sources.iter().all(|(_, trace)| trace.points.is_empty()) {
        sources.extend(of(Quantity::Current).into_iter().filter_map(product));
    }
    sources
}

/// Channels of one battery or rail share everything before the last `/` of their names.
fn owner(channel: &Channel) -> &str {
    channel.name.rsplit_once('/').map_or("", |(owner, _)| owner)
}

/// Volts at the times of amperes. Whether a battery that gives has a negative current is its maker's choice: a product
/// that never rises above zero is shown as what is drawn.
fn times(amperes: &Trace, volts: &Trace) -> Trace {
    let at = |(t, amperes): &Point| {
        let before = volts.partition_point(|(at, _)| at <= t).saturating_sub(1);
        let (at, here) = volts.get(before)?;
        ((at - t).abs() <= volts.gap).then_some((*t, here * amperes))
    };
    let mut points: Vec<Point> = amperes.iter().filter_map(at).collect();
    if points.iter().all(|(_, watts)| *watts <= 0.0) {
        for (_, watts) in &mut points {
            *watts = -*watts;
        }
    }
    Trace { points, gap: amperes.gap.max(volts.gap) }
}

fn metered(meter: &MeterTrace, subject: &Subject<'_>) -> Source {
    let name = format!("{} ({})", bounded(&meter.name, 18), meter.scope.word());
    let points = meter
        .readings
        .iter()
        .filter_map(|reading| {
            let t = subject.timeline.at(on_device(reading.host_mono, subject.session)?);
            Some((t, reading.watts.ok()?.0))
        })
        .filter(|(t, watts)| subject.timeline.shows(*t) && watts.is_finite());
    (name, Trace::every(points.collect()))
}

/// By the nearest comparison of the two clocks; `None` where they were never compared.
fn on_device(host: Nanos, session: &SessionRecord) -> Option<Nanos> {
    let nearest = session.clock_offsets.iter().min_by_key(|offset| offset.host_mono.0.abs_diff(host.0))?;
    host.0.checked_add_signed(nearest.offset_ns).map(Nanos)
}

fn drawn(subject: &Subject<'_>, sources: &[(Ink, Source)], more: usize) -> Drawn {
    let lines = sources
        .iter()
        .map(|(ink, (name, points))| {
            let line = Line::new(*ink, name.clone(), points, subject.timeline);
            let last = line.last().map_or(String::new(), |value| format!("{} ", number(value)));
            line.labelled(format!("{last}{name}"))
        })
        .collect();
    let (low, high) = extent(sources.iter().map(|(_, source)| &source.1[..])).unwrap_or((0.0, 1.0));
    let axis = if low < 0.0 { Axis::over(low, high.max(0.0), 3.0) } else { Axis::from_zero(high, 3.0) };
    let aside = (more > 0).then(|| format!("{} more: see the channels below", plural(more, "source")));
    Drawn { aside, ..Drawn::of(axis, lines) }
}
