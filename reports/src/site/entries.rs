//! A session among all others: what is told of it in lists and plots.

use edgesoak_record::fleet::{FleetFigure, FleetRun, FleetSession};
use edgesoak_record::session::CloseState;
use edgesoak_record::{Gate, Outcome, Verdict};
use maud::{Markup, html};

use crate::page::{imported_mark, virtual_mark};
use crate::words::gate::Mood;
use crate::words::number::{Amount, NONE};
use crate::words::text::{name, word};

/// A session with its run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    pub run: &'a FleetRun,
    pub session: &'a FleetSession,
}

impl<'a> Entry<'a> {
    /// What is told of its rate.
    pub fn floor(&self) -> Option<&'a FleetFigure> {
        self.session.floor()
    }

    /// Seconds until it became slower, where it did.
    pub fn onset_s(&self) -> Option<f64> {
        self.session.figure(Gate::TimeToThrottle)?.measured.filter(|value| value.is_finite())
    }

    /// How it ended, where it did not run to its end.
    pub fn ending(&self) -> Option<String> {
        match &self.session.close {
            None if self.run.closed => Some("not closed".to_owned()),
            None => Some("still open".to_owned()),
            Some((CloseState::Completed, _)) => None,
            Some((CloseState::Interrupted, cause)) => Some(format!("interrupted: {}", word(cause))),
            Some((CloseState::NotRun, cause)) => Some(format!("not run: {}", word(cause))),
        }
    }
}

/// A verdict in a table: symbol and word. What was not judged says so.
pub(super) fn verdict(verdict: Option<Verdict>, closed: bool) -> Markup {
    let mood = verdict.map_or(Mood::Nothing, Mood::from);
    let words = match (verdict, closed) {
        (Some(_), _) => mood.word(),
        (None, true) => "not judged",
        (None, false) => "not closed",
    };
    html! {
        span class={ "symbol " (mood.class()) } aria-hidden="true" { (mood.symbol()) }
        " " span.word { (words) }
    }
}

/// A figure with its bar: "16.8 ≥ 18 tokens/s", or why there is none.
pub(super) fn figure(figure: Option<&FleetFigure>) -> Markup {
    let Some(figure) = figure else { return html! { (NONE) } };
    let mood = Mood::from(figure.outcome);
    let measured = figure.measured.filter(|value| value.is_finite());
    html! {
        @match measured {
            Some(value) => {
                @let amount = Amount::of(value, &figure.unit);
                @if figure.outcome != Outcome::Info {
                    span class={ "symbol " (mood.class()) } title=(mood.word()) { (mood.symbol()) } "\u{a0}"
                }
                b { (amount.number) } "\u{a0}" span.unit { (amount.unit) }
            }
            None => { span class={ "symbol " (mood.class()) } { (mood.symbol()) } " not proven" }
        }
        @if let Some(limit) = figure.limit.filter(|limit| limit.is_finite()) {
            small { "bar " (crate::words::gate::sign(figure.gate)) " " (Amount::limit(limit, &figure.unit).number) }
        }
    }
}

/// Marks behind the name of a device.
pub(super) fn marks(is_virtual: bool, is_imported: bool) -> Markup {
    html! {
        @if is_virtual { " " (virtual_mark()) }
        @if is_imported { " " (imported_mark()) }
    }
}

/// A name that leads to its page.
pub(super) fn link(href: &str, text: &str) -> Markup {
    let name = name(text);
    html! { a href=(href) { @if name.is_empty() { "(no name)" } @else { bdi { (name) } } } }
}
