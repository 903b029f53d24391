//! `edgesoak golden route`: where the queries of a stored run would have gone.

mod words;

use edgesoak_gates::routing::{Decided, decided, routed};
use edgesoak_record::SessionRecord;
use edgesoak_record::routing::{Confidence, Costs, Routed};
use serde::Serialize;

use crate::args::{Format, Route, Shared};
use crate::command::print_json;
use crate::failure::Failure;
use crate::stored;
use crate::terminal::{printable, say};

/// Most thresholds that are shown.
const MOST_THRESHOLDS: usize = 101;

/// The queries of one session.
#[derive(Serialize)]
struct OfSession {
    session: String,
    device: String,
    #[serde(rename = "virtual")]
    is_virtual: bool,
    route: String,
    candidate: String,
    /// The threshold that was planned.
    planned: Confidence,
    costs: Option<Costs>,
    #[serde(flatten)]
    routed: Routed,
    queries: Vec<Decided>,
}

/// A run's queries.
#[derive(Serialize)]
struct Document {
    run: String,
    sessions: Vec<OfSession>,
}

/// Shows every session whose route says where its queries go.
pub fn show(shared: &Shared, asked: &Route) -> Result<u8, Failure> {
    let (store, run) = stored::find(shared, &asked.run.name)?;
    let outline = store.load_outline(&run).map_err(|error| stored::unreadable(shared, &error))?;
    let of_session = |record: &SessionRecord| of_session(record, asked.threshold);
    let sessions: Vec<OfSession> = outline.sessions.iter().filter_map(of_session).collect();
    if sessions.is_empty() {
        return Err(Failure::nothing(format!("no query of run {run} was routed"))
            .hint("a route with `routing` in the matrix, and a profile with `golden`, route queries")
            .reason("not_routed"));
    }
    match shared.format() {
        Format::Json => print_json(&Document { run, sessions })?,
        Format::Human => say(&printable(&sessions.iter().map(words::told).collect::<String>()))?,
    }
    Ok(0)
}

fn of_session(record: &SessionRecord, threshold: Option<Confidence>) -> Option<OfSession> {
    let (planned, golden) = (&record.planned, record.golden.as_ref()?);
    let mut routing = planned.route.routing.clone()?;
    let as_planned = routing.threshold;
    routing.threshold = threshold.unwrap_or(as_planned);
    Some(OfSession {
        session: planned.session.clone(),
        device: planned.device.id.clone(),
        is_virtual: planned.device.is_virtual,
        route: planned.route.id.clone(),
        candidate: planned.candidate.id.clone(),
        planned: as_planned,
        costs: routing.costs,
        routed: routed(&routing, golden, MOST_THRESHOLDS),
        queries: decided(&routing, golden),
    })
}
