//! The sessions that a release rests on, each with the gates that decide.

use edgesoak_record::release::{Release, ReleaseSession};
use edgesoak_record::{GateResult, Outcome, Verdict};
use maud::{Markup, html};

use super::MOST_ROWS;
use super::tables::head_cell;
use crate::page::{virtual_mark, with_code};
use crate::words::gate::{Mood, name as gate_name, sign};
use crate::words::number::{Amount, NONE};
use crate::words::text::{name, sentence};

/// Most gates of a session.
const MOST_GATES: usize = 40;

/// Every session with what it says, and where its own report is.
pub(super) fn sessions(release: &Release) -> Markup {
    html! {
        section.after aria-labelledby="sessions" {
            h2 #sessions { "Sessions" }
            p.soft { "What each row of the matrix rests on. " code { "edgesoak report RUN" } " has its strips, samples and settings." }
            @for session in release.sessions.iter().take(MOST_ROWS) { (one_session(session)) }
            @if release.sessions.len() > MOST_ROWS {
                p.soft { (release.sessions.len() - MOST_ROWS) " more are in the JSON of the release." }
            }
        }
    }
}

fn one_session(session: &ReleaseSession) -> Markup {
    let verdict = &session.verdict;
    let mood = Mood::from(verdict.verdict);
    let is_open = |gate: &&GateResult| gate.blocking || matches!(gate.outcome, Outcome::Fail);
    let gates: Vec<&GateResult> = verdict.gates.iter().filter(is_open).take(MOST_GATES).collect();
    html! {
        details open[verdict.verdict == Verdict::Fail] {
            summary {
                span class={ "symbol " (mood.class()) } aria-hidden="true" { (mood.symbol()) }
                " " bdi { (name(&verdict.device)) } " · " bdi { (name(&verdict.route)) } " · " bdi { (name(&verdict.candidate)) }
                span.unseen { ", " (mood.word()) }
                @if verdict.is_virtual { " " (virtual_mark()) }
            }
            p { bdi { (sentence(&verdict.sentence)) } }
            p.soft { "Session " bdi { (name(&verdict.session)) } " of run " code { (name(&session.run)) } }
            @if !gates.is_empty() {
                div.scroll tabindex="0" role="group" aria-label="Gates of the session" {
                    table.gates {
                        thead {
                            tr {
                                th scope="col" { "Gate" }
                                th.number scope="col" { "Measured" }
                                th.number scope="col" { "95 % bounds" }
                                th.number scope="col" { "Bar" }
                                th scope="col" { "Why" }
                            }
                        }
                        tbody { @for result in &gates { (gate(result)) } }
                    }
                }
            }
        }
    }
}

fn gate(result: &GateResult) -> Markup {
    let mood = Mood::from(result.outcome);
    let amount = |value: Option<f64>| {
        value.filter(|value| value.is_finite()).map(|value| Amount::of(value, &result.unit))
    };
    let measured = amount(result.measured).map_or_else(|| NONE.to_owned(), |amount| amount.full());
    let bounds = amount(result.lo).zip(amount(result.hi));
    let bounds = bounds.map(|(lo, hi)| format!("{} to {}", lo.number, hi.number)).unwrap_or_default();
    let limit = result
        .limit
        .map(|limit| format!("{} {}", sign(result.gate), Amount::limit(limit, &result.unit).full()));
    html! {
        tr class=(mood.class()) {
            (head_cell(mood, gate_name(result.gate)))
            td.number { (measured) }
            td.number { (bounds) }
            td.number { (limit.unwrap_or_default()) }
            td {
                (with_code(&sentence(&result.sentence)))
                @if let Some(accepted) = &result.accepted { " " span.accepted { bdi { (name(accepted)) } } }
            }
        }
    }
}
