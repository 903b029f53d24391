//! Decode rate: each second light, five seconds bold, with bar, floor, burst and sustained.

use edgesoak_record::{Gate, GateResult, Quantity};

use super::axis::Axis;
use super::channel_series;
use super::ink::Ink;
use super::item_strip;
use super::rate::Rates;
use super::series::{Trace, extent};
use super::sheet::Subject;
use super::strip::{Band, Body, Drawn, Level, Line, Stretch, Strip};
use crate::words::number::{number, round};
use crate::words::time::span;

pub(crate) fn strip(subject: &Subject<'_>) -> Strip {
    if let Some(strip) = imported(subject) {
        return strip;
    }
    if subject.session.planned.workload.is_of_items {
        return item_strip::strip(subject);
    }
    let rates = Rates::of(&subject.session.prompts, subject.timeline);
    let raw = Trace::every(rates.each_second());
    let body = if raw.points.is_empty() {
        Body::Missing(why(subject))
    } else {
        Body::Drawn(drawn(subject, &rates, &raw))
    };
    Strip::new("Decode", "tokens/s", 168.0, body)
}

/// Rates as another program measured them; `None` where the times of tokens are known.
fn imported(subject: &Subject<'_>) -> Option<Strip> {
    let of = |quantity| channel_series::of(subject.session, quantity).into_iter().next();
    let (channel, unit) = match of(Quantity::DecodeRate) {
        Some(channel) => (channel, "tokens/s"),
        None => (of(Quantity::ItemRate)?, "items/s"),
    };
    let points = channel_series::points(channel, subject, 1.0);
    let body = match extent([&points[..]]) {
        None => Body::Missing("The imported file has no rate.".to_owned()),
        Some((_, high)) => {
            let levels = if unit == "tokens/s" { levels(subject) } else { Vec::new() };
            let axis = Axis::from_zero(levels.iter().map(|level| level.value).fold(high, f64::max), 4.0);
            let lines = vec![Line::new(Ink::Rate, unit.to_owned(), &points, subject.timeline)];
            let aside = Some("as another program measured it".to_owned());
            Body::Drawn(Drawn { levels, aside, ..Drawn::of(axis, lines) })
        }
    };
    Some(Strip::new("Decode", unit, 168.0, body))
}

fn why(subject: &Subject<'_>) -> String {
    match subject.session.prompts.iter().map(|prompt| prompt.token_times.len()).sum::<usize>() {
        0 => "No token was decoded.".to_owned(),
        1..60 => "Too few tokens for a rate.".to_owned(),
        _ => "No second of soak or recovery in which decoding took half of the time.".to_owned(),
    }
}

fn drawn(subject: &Subject<'_>, rates: &Rates, raw: &Trace) -> Drawn {
    let timeline = subject.timeline;
    let rolling = Trace::every(rates.rolling());
    let mut lines = vec![Line::new(Ink::RateRaw, String::new(), raw, timeline)];
    lines[0].rows.clear();
    let mut bold = Line::new(Ink::Rate, "tokens/s".to_owned(), &rolling, timeline);
    bold.rows = timeline.rows().iter().map(|begin| rates.between(*begin, begin + timeline.row())).collect();
    lines.push(bold);

    let levels = levels(subject);
    let stretches: Vec<Stretch> = [(Gate::BurstTps, "burst"), (Gate::SustainedTps, "sustained")]
        .into_iter()
        .filter_map(|(gate, word)| stretch(subject.gate(gate)?, word))
        .collect();
    let figures = levels.iter().map(|level| level.value).chain(stretches.iter().map(|mark| mark.value));
    // One second that holds a burst of delayed tokens must not flatten everything else.
    let calm = extent([&rolling[..]]).map_or(f64::INFINITY, |(_, high)| high * 1.35);
    let top = extent([&raw[..]]).map_or(1.0, |(_, high)| high.min(calm));
    let axis = Axis::from_zero(figures.fold(top, f64::max), 4.0);
    let bands = rates
        .stalls
        .iter()
        .map(|&(from, to)| Band {
            ink: Ink::Stall,
            from,
            to,
            label: Some(format!("stall {}", span(to - from))),
        })
        .collect();
    Drawn { levels, stretches, bands, ..Drawn::of(axis, lines) }
}

fn levels(subject: &Subject<'_>) -> Vec<Level> {
    let mut levels = Vec::new();
    let finite = |value: &f64| value.is_finite();
    if let Some(limit) = subject.limit(Gate::FloorTps).filter(finite) {
        levels.push(Level { ink: Ink::Bar, value: limit, label: format!("bar {}", round(limit)) });
    }
    if let Some(floor) = subject.gate(Gate::FloorTps).and_then(|gate| gate.measured).filter(finite) {
        levels.push(Level { ink: Ink::Floor, value: floor, label: format!("floor {}", number(floor)) });
    }
    levels
}

fn stretch(gate: &GateResult, word: &str) -> Option<Stretch> {
    let value = gate.measured.filter(|value| value.is_finite())?;
    let time = gate.evidence.iter().find(|evidence| evidence.channel == "tokens")?;
    let (from, to) = (time.from_s, time.to_s);
    (from.is_finite() && to.is_finite() && from < to).then(|| Stretch {
        ink: Ink::Figure,
        from,
        to,
        value,
        label: format!("{word} {}", number(value)),
    })
}
