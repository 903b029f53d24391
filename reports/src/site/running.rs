//! Sessions that run now: how far they are, how fast and how hot.

use edgesoak_record::units::Nanos;
use edgesoak_record::{Quantity, Run, SessionRecord};
use maud::{Markup, html};

use super::document::document;
use super::entries::{link, marks};
use super::place::Place;
use super::{Kind, Site};
use crate::words::number::{NONE, number};
use crate::words::text::{name, word};
use crate::words::time::span;

/// The rate is that of so many seconds up to the last frame.
const WINDOW: Nanos = Nanos::from_secs(10);

pub(super) fn page(site: &Site<'_>, runs: &[Run]) -> String {
    let here = Place::Running;
    let body = html! {
        header.subject {
            h1 { "Running" }
            p.soft { "As far as the journals have come; asked for again every few seconds. Nothing here is judged." }
        }
        @if runs.is_empty() { p.nothing { "No run is open." } }
        @for run in runs { (run_card(site, run, here)) }
    };
    document(site, here, "Running", &body)
}

fn run_card(site: &Site<'_>, run: &Run, here: Place<'_>) -> Markup {
    html! {
        section aria-label=(name(&run.id)) {
            h2 { (site.run(here, &run.id)) }
            div.scroll {
                table {
                    thead {
                        tr {
                            th scope="col" { "Device" } th scope="col" { "Candidate" } th scope="col" { "Route" }
                            th scope="col" { "Phase" } th.number scope="col" { "Tokens/s" }
                            th.number scope="col" { "Hottest" } th.number scope="col" { "Left of the soak" }
                        }
                    }
                    tbody { @for session in &run.sessions { (row(session, here)) } }
                }
            }
        }
    }
}

fn row(session: &SessionRecord, here: Place<'_>) -> Markup {
    let planned = &session.planned;
    let last = session.journal.as_ref().map(|journal| journal.last);
    html! {
        tr.simulated[planned.device.is_virtual] {
            th scope="row" {
                (link(&here.to(Kind::Device.place(&planned.device.id)), &planned.device.id))
                (marks(planned.device.is_virtual, session.imported.is_some()))
            }
            td { (link(&here.to(Kind::Candidate.place(&planned.candidate.id)), &planned.candidate.id)) }
            td { bdi { (name(&planned.route.id)) } }
            td { (phase(session)) }
            td.number { (shown(last.and_then(|last| rate(session, last)), "")) }
            td.number { (shown(hottest(session), "\u{a0}°C")) }
            td.number { (last.and_then(|last| left(session, last)).map_or(NONE.to_owned(), span)) }
        }
    }
}

fn shown(value: Option<f64>, unit: &str) -> String {
    value.map_or(NONE.to_owned(), |value| format!("{}{unit}", number(value)))
}

fn phase(session: &SessionRecord) -> String {
    match (&session.close, session.phases.last()) {
        (Some(_), _) => "over".to_owned(),
        (None, Some(phase)) => word(&phase.phase),
        (None, None) => "not begun".to_owned(),
    }
}

/// Tokens per second of the window up to the last frame, while it decodes.
fn rate(session: &SessionRecord, last: Nanos) -> Option<f64> {
    if session.close.is_some() {
        return None;
    }
    let from = Nanos(last.0.saturating_sub(WINDOW.0));
    let tokens = session.prompts.iter().map(|prompt| {
        let stamps = prompt.token_times.iter().filter(|time| **time > from && **time <= last).count();
        stamps as f64 * f64::from(prompt.tokens_per_stamp)
    });
    Some(tokens.sum::<f64>() / WINDOW.as_secs_f64()).filter(|rate| *rate > 0.0)
}

/// The last reading of the sensor that is hottest by it.
fn hottest(session: &SessionRecord) -> Option<f64> {
    let heat = session.channels.iter().filter(|channel| channel.quantity == Quantity::Temperature);
    let last =
        heat.filter_map(|channel| channel.samples.iter().filter_map(|sample| sample.value.ok()).last());
    last.filter(|value| value.is_finite()).max_by(f64::total_cmp)
}

/// Seconds until the soak has lasted as long as it was planned.
fn left(session: &SessionRecord, last: Nanos) -> Option<f64> {
    let soak = session.phases.iter().find(|phase| phase.phase == "soaking")?;
    let done = last.0.saturating_sub(soak.begin.0) as f64 / 1e9;
    let left = session.planned.workload.duration.as_secs_f64() - done;
    (session.close.is_none()).then_some(left.max(0.0))
}
