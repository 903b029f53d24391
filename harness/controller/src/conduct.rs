//! Running and resuming.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use edgesoak_golden::leak::CanaryKey;
use edgesoak_protocol::probe::Tenant;
use edgesoak_record::host_entry::{HostEntry, HostEvent};
use edgesoak_record::plan::AddressPart;
use edgesoak_record::session::SessionClose;
use edgesoak_record::verdict::RunVerdict;
use edgesoak_record::{Lab, Plan, PlannedSession};
use tokio::sync::watch;

use crate::context::{Answers, Context, Places};
use crate::error::ControllerError;
use crate::event::Sink;
use crate::events::{Dispatcher, HOST_JOURNAL};
use crate::fleet::{self, Seat};
use crate::golden_sets::{self, GoldenSets};
use crate::machine::State;
use crate::request::{ResumeRequest, RunReport, RunRequest};
use crate::run_id::run_id;
use crate::sensitive_terms::{self, TermsByDigest};
use crate::sharing::Sharing;
use crate::terms::Terms;
use crate::world::{Clock, Disk, SystemClock, SystemDisk, World};
use crate::{canaries, host_book, host_journal, opening};

/// Runs a plan to its end. The run ends early, but orderly, when `cancel` turns `true`.
///
/// # Errors
/// Only what prevents a run from being opened or its host journal from being kept. What goes wrong on a device
/// closes that session, see [`RunReport::closes`].
pub async fn run(
    request: RunRequest,
    world: World,
    sinks: Vec<Box<dyn Sink>>,
    cancel: watch::Receiver<bool>,
) -> Result<RunReport, ControllerError> {
    let run = run_id(world.clock.wall(), &request.plan.profile, world.randomness.suffix());
    let dir = request.out.join("runs").join(&run);
    let places = Places::of_run(&request, dir.clone());
    let disk = world.disk.clone();
    opening::check(&request.plan, &places, disk.as_ref())?;
    opening::check_lab(&request.plan.sessions, &request.lab)?;
    let _lock = opening::claim(&dir, disk.as_ref())?;
    opening::check_unused(&dir, disk.as_ref())?;
    opening::copy_inputs(&request.plan, &places, disk.as_ref())?;
    golden_sets::keep(&request.plan.sessions, &places, disk.as_ref())?;
    let sets = golden_sets::load(&request.plan.sessions, &run, &places, disk.as_ref())?;
    let canary_key = canary_key(&request.plan.sessions, &world, &places)?;
    let sensitive = sensitive_terms::load(&request.plan.sessions, &places, disk.as_ref())?;
    let RunRequest { plan, lab, history, version, terms, .. } = request;
    let seat = |planned: &PlannedSession| Seat {
        planned: planned.clone(),
        state: State::queued(),
        answered: BTreeSet::new(),
        memory: plan.memory_of(planned).cloned(),
    };
    let work = Work {
        seats: plan.sessions.iter().map(seat).collect(),
        known: BTreeMap::new(),
        order: names(&plan),
        first: HostEvent::RunOpened { run: run.clone(), version, plan: Box::new(plan), history },
        notes: Vec::new(),
        lab,
        terms,
        sets,
        canary_key,
        sensitive,
        run,
    };
    work.carry_out(places, world, sinks, cancel).await
}

/// Takes up a run where another host process left it: agents that still run are followed on, journals that devices
/// still keep are fetched, sessions that never measured anything begin again, and devices that could not be brought
/// back to what they were get another chance.
///
/// # Errors
/// [`ControllerError::RunIsClosed`] when nothing is left to do; else as for [`run`].
pub async fn resume(
    request: ResumeRequest,
    world: World,
    sinks: Vec<Box<dyn Sink>>,
    cancel: watch::Receiver<bool>,
) -> Result<RunReport, ControllerError> {
    let dir = request.run_dir.clone();
    let disk = world.disk.clone();
    let path = dir.join(HOST_JOURNAL);
    let found = disk.length(&path).and_then(|length| length.ok_or(std::io::ErrorKind::NotFound.into()));
    // A directory that is no run must not become one by being asked about.
    found.map_err(|source| ControllerError::ReadingRun { path, source })?;
    let _lock = opening::claim(&dir, disk.as_ref())?;
    let past = host_journal::read(disk.as_ref(), &dir)?;
    let mut known = past.closes;
    let mut seats = Vec::new();
    for planned in &past.plan.sessions {
        let left = past.states.get(&planned.session);
        let queued = State::queued();
        let left = left.unwrap_or(&queued);
        let state = match known.get(&planned.session) {
            Some(close) => left.reopened(close),
            // Not even the close found room: what was out of reach then may be within reach now.
            None => {
                left.ending.as_ref().and_then(|ending| left.reopened(ending)).or_else(|| Some(left.clone()))
            }
        };
        if let Some(state) = state {
            known.remove(&planned.session);
            let answered = past.answered.get(&planned.session).cloned().unwrap_or_default();
            let memory = past.plan.memory_of(planned).cloned();
            seats.push(Seat { planned: planned.clone(), state, answered, memory });
        }
    }
    let notes = seats.iter_mut().filter_map(|seat| follow(&mut seat.planned, &request.addresses)).collect();
    if past.closed && seats.is_empty() {
        return Err(ControllerError::RunIsClosed { run: past.run });
    }
    opening::check_lab(seats.iter().map(|seat| &seat.planned), &request.lab)?;
    let places = Places::of_resume(&request);
    let golden =
        golden_sets::load(seats.iter().map(|seat| &seat.planned), &past.run, &places, disk.as_ref())?;
    let canary_key = canary_key(seats.iter().map(|seat| &seat.planned), &world, &places)?;
    let is_other = |key: &CanaryKey| past.planted.values().any(|planted| *planted != key.name());
    if canary_key.as_deref().is_some_and(is_other) {
        return Err(ControllerError::OtherKey { path: canaries::key_file(&places.state_dir), run: past.run });
    }
    let sensitive = sensitive_terms::load(seats.iter().map(|seat| &seat.planned), &places, disk.as_ref())?;
    let (lab, terms) = (request.lab.clone(), request.terms.clone());
    let work = Work {
        seats,
        known,
        order: names(&past.plan),
        first: HostEvent::Resumed {},
        notes,
        lab,
        terms,
        sets: golden,
        canary_key,
        sensitive,
        run: past.run,
    };
    work.carry_out(places, world, sinks, cancel).await
}

/// The host's key, where one of these sessions is given secrets.
fn canary_key<'p>(
    sessions: impl IntoIterator<Item = &'p PlannedSession>,
    world: &World,
    places: &Places,
) -> Result<Option<Arc<CanaryKey>>, ControllerError> {
    if !sessions.into_iter().any(|planned| planned.canaries) {
        return Ok(None);
    }
    let key = canaries::key(world, &places.state_dir);
    let path = canaries::key_file(&places.state_dir);
    key.map(|key| Some(Arc::new(key))).map_err(|source| ControllerError::KeepingKey { path, source })
}

/// Adds a verdict to the journal of a run that is over.
///
/// # Errors
/// [`ControllerError::KeepingJournal`] if it cannot be written.
pub fn record_verdict(run_dir: &Path, verdict: &RunVerdict) -> Result<(), ControllerError> {
    record(run_dir, None, HostEvent::Judged { verdict: Box::new(verdict.clone()) })
}

/// Appends a note on the whole run to its journal.
///
/// # Errors
/// If the journal cannot be written.
pub fn record_note(run_dir: &Path, code: &str, text: &str) -> Result<(), ControllerError> {
    record(run_dir, None, HostEvent::Noted { code: code.to_owned(), text: text.to_owned() })
}

/// Appends a line to the journal of a run that no process works on.
pub(crate) fn record(
    run_dir: &Path,
    session: Option<String>,
    event: HostEvent,
) -> Result<(), ControllerError> {
    let path = run_dir.join(HOST_JOURNAL);
    let entry = HostEntry { at: SystemClock.wall(), session, event };
    let disk = SystemDisk::default();
    let written = serde_json::to_vec(&entry).map_err(std::io::Error::from).and_then(|mut line| {
        line.push(b'\n');
        disk.append(&path, &line)?;
        disk.sync(&path)
    });
    written.map_err(|source| ControllerError::KeepingJournal { path, source })
}

/// Looks for a device where it is found by now; a note of its session, if that is not where the plan has it.
fn follow(
    planned: &mut PlannedSession,
    addresses: &BTreeMap<String, Vec<AddressPart>>,
) -> Option<(String, HostEvent)> {
    let found = addresses.get(&planned.device.id).filter(|found| **found != planned.device.address)?;
    planned.device.address.clone_from(found);
    let parts: Vec<String> = found.iter().map(|part| format!("{} {}", part.key, part.value)).collect();
    let text =
        format!("{} is looked for where the matrix has it now: {}", planned.device.id, parts.join(", "));
    Some((planned.session.clone(), HostEvent::Noted { code: "device-moved".to_owned(), text }))
}

fn names(plan: &Plan) -> Vec<String> {
    plan.sessions.iter().map(|session| session.session.clone()).collect()
}

/// What is left of a run.
struct Work {
    run: String,
    lab: Lab,
    terms: Terms,
    /// Golden sets that its sessions answer.
    sets: GoldenSets,
    /// What their secrets are made with.
    canary_key: Option<Arc<CanaryKey>>,
    /// What makes queries of its routes sensitive.
    sensitive: TermsByDigest,
    first: HostEvent,
    /// What is to be known of sessions before they go on.
    notes: Vec<(String, HostEvent)>,
    seats: Vec<Seat>,
    /// Sessions that are closed already.
    known: BTreeMap<String, SessionClose>,
    /// All sessions in plan order.
    order: Vec<String>,
}

impl Work {
    async fn carry_out(
        self,
        places: Places,
        world: World,
        sinks: Vec<Box<dyn Sink>>,
        cancel: watch::Receiver<bool>,
    ) -> Result<RunReport, ControllerError> {
        let dir = places.dir.clone();
        let (events, dispatcher) = Dispatcher::open(&world, &dir, sinks)
            .map_err(|source| ControllerError::OpeningRun { path: dir.clone(), source })?;
        let serving = tokio::spawn(dispatcher.serve());
        let mut opened = events.host(None, self.first).await;
        for (session, note) in self.notes {
            opened = opened.and(events.host(Some(&session), note).await);
        }
        let state_dir = places.state_dir.clone();
        let us = Tenant { host: host_book::name(&world, &state_dir), run: self.run.clone() };
        let pack_salt = host_book::pack_salt(&world, &state_dir);
        let salt = host_book::answer_salt(&world, &state_dir);
        let answers = Answers { salt, stores_texts: self.terms.stores_texts, canary_key: self.canary_key };
        let sharing = Sharing::new(us, pack_salt, &self.terms, world.clock.mono());
        let disk = world.disk.clone();
        let context = Context {
            run: self.run.as_str().into(),
            places: places.into(),
            world,
            lab: self.lab.into(),
            sets: self.sets.into(),
            terms: self.sensitive.into(),
            answers,
            notices: Arc::default(),
            sharing: sharing.into(),
            events: events.clone(),
            cancel,
        };
        let mut closes = self.known;
        let mut kept = opened;
        let mut interrupted = None;
        if kept.is_ok() {
            host_book::opened(disk.as_ref(), &state_dir, &self.run, &dir);
            closes.extend(fleet::run(&context, self.seats).await);
            interrupted = why_interrupted(&closes);
            kept = events.host(None, HostEvent::RunClosed { interrupted: interrupted.clone() }).await;
        }
        if kept.is_ok() {
            host_book::closed(disk.as_ref(), &state_dir, &self.run);
        }
        // The dispatcher ends with the last way into it.
        drop((context, events));
        let sink_failures = serving.await.unwrap_or_else(|_| vec!["the dispatcher crashed".to_owned()]);
        kept.map_err(|source| ControllerError::KeepingJournal { path: dir.join(HOST_JOURNAL), source })?;
        let closes = self.order.into_iter().filter_map(|name| closes.remove_entry(&name)).collect();
        Ok(RunReport { run: self.run, dir, closes, interrupted, sink_failures })
    }
}

/// Why the run as a whole ended early, if it did.
fn why_interrupted(closes: &BTreeMap<String, SessionClose>) -> Option<String> {
    let cause = |wanted: &str| closes.values().find(|close| close.cause == wanted);
    // It may have been an earlier host process that was stopped.
    if cause("stopped-by-user").is_some() {
        return Some("stopped by a person or a signal".to_owned());
    }
    ["host-disk-full", "host-disk-failed"].into_iter().find_map(cause).map(|close| close.detail.clone())
}
