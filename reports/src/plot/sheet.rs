//! All strips of a session over one time axis.

use edgesoak_record::session::RuntimeExit;
use edgesoak_record::{Gate, GateResult, Outcome, SessionRecord, SessionVerdict};

use super::chart::Plot;
use super::ink::Ink;
use super::strip::{Band, Body, Strip};
use super::timeline::Timeline;
use super::{
    clock_strip, decode_strip, heat_strip, memory_strip, power_strip, pressure_strip, processor_strip,
    rate_by_clock, token_gaps,
};
use crate::words::time::clock;

/// What strips are made from.
pub(crate) struct Subject<'a> {
    pub session: &'a SessionRecord,
    pub verdict: Option<&'a SessionVerdict>,
    pub timeline: &'a Timeline,
}

impl<'a> Subject<'a> {
    /// The result of a gate.
    pub fn gate(&self, gate: Gate) -> Option<&'a GateResult> {
        self.verdict?.gates.iter().find(|result| result.gate == gate)
    }

    /// The limit of a gate: as judged, else as planned.
    pub fn limit(&self, gate: Gate) -> Option<f64> {
        let planned =
            self.session.planned.route.bars.iter().find(|bar| bar.gate == gate).map(|bar| bar.limit);
        self.gate(gate).and_then(|result| result.limit).or(planned)
    }
}

/// A moment marked through all strips.
#[derive(Debug, Clone)]
pub(crate) struct Moment {
    pub at: f64,
    pub label: String,
}

/// Everything that is drawn for a session.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    pub timeline: Timeline,
    pub strips: Vec<Strip>,
    /// Shaded through all strips.
    pub bands: Vec<Band>,
    pub moments: Vec<Moment>,
    /// Plots with axes of their own.
    pub plots: Vec<Plot>,
}

/// One file and one line for each strip.
const STRIPS: [fn(&Subject<'_>) -> Strip; 7] = [
    decode_strip::strip,
    heat_strip::strip,
    clock_strip::strip,
    power_strip::strip,
    memory_strip::strip,
    pressure_strip::strip,
    processor_strip::strip,
];

/// One file and one line for each plot of a session.
const PLOTS: [fn(&Subject<'_>) -> Plot; 2] = [token_gaps::plot, rate_by_clock::plot];

impl Sheet {
    /// The strips of a session; `None` when its journal holds nothing.
    pub fn of(session: &SessionRecord, verdict: Option<&SessionVerdict>) -> Option<Self> {
        let timeline = Timeline::of(session)?;
        let subject = Subject { session, verdict, timeline: &timeline };
        let strips = STRIPS.iter().map(|strip| strip(&subject).with_gaps(timeline.end)).collect();
        let moments = moments(&subject);
        let bands = timeline.spans.iter().filter_map(band).collect();
        let plots = PLOTS.iter().map(|plot| plot(&subject)).collect();
        Some(Self { timeline, strips, bands, moments, plots })
    }

    /// One sentence on what is drawn and what is missing, for those who do not see it.
    pub fn description(&self) -> String {
        let drawn: Vec<&str> =
            self.strips.iter().filter(|s| matches!(s.body, Body::Drawn(_))).map(|s| s.title).collect();
        let missing: Vec<&str> =
            self.strips.iter().filter(|s| matches!(s.body, Body::Missing(_))).map(|s| s.title).collect();
        let mut text = format!("Strips over {} of device time", clock(self.timeline.end));
        for (words, strips) in [("drawn", drawn), ("not measured", missing)] {
            if !strips.is_empty() {
                text.push_str("; ");
                text.push_str(words);
                text.push_str(": ");
                text.push_str(&strips.join(", ").to_lowercase());
            }
        }
        text.push_str(". The numbers are in the table below.");
        text
    }
}

fn band(span: &super::timeline::Span) -> Option<Band> {
    let label = match span.phase.as_str() {
        "resting" => "rest",
        "recovering" => "recovery",
        _ => return None,
    };
    Some(Band { ink: Ink::Rest, from: span.from, to: span.to, label: Some(label.to_owned()) })
}

fn moments(subject: &Subject<'_>) -> Vec<Moment> {
    let onset = subject.gate(Gate::TimeToThrottle).and_then(|gate| gate.measured);
    let mut moments: Vec<Moment> = onset
        .filter(|at| subject.timeline.shows(*at))
        .map(|at| Moment { at, label: format!("under 90 % of burst from {} ± 0:15", clock(at)) })
        .into_iter()
        .collect();
    let exit = subject.session.runtime.as_ref().and_then(|runtime| runtime.exit.as_ref());
    // A runtime that was killed while it was closed did not die: the gate tells one from the other.
    let alive = subject.gate(Gate::RuntimeAlive).is_some_and(|result| result.outcome == Outcome::Pass);
    let died =
        |exit: &&RuntimeExit| !alive && (exit.signal.is_some() || exit.code.is_some_and(|code| code != 0));
    if let Some(exit) = exit.filter(died) {
        let at = subject.timeline.at(exit.at);
        if subject.timeline.shows(at) {
            moments.push(Moment { at, label: format!("runtime died {}", clock(at)) });
        }
    }
    moments
}
