//! What is stored of a release: its sessions, its references and the releases before it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use edgesoak_gates::release::{Evidence, Held, Past, PastSession, conclude};
use edgesoak_gates::selection::{Measured, as_measured_last};
use edgesoak_record::baseline::is_name;
use edgesoak_record::comparison::Reference;
use edgesoak_record::host_entry::History;
use edgesoak_record::release::Named;
use edgesoak_record::trial::Shown;
use edgesoak_record::{Gate, Release, Run, RunVerdict, SessionTrial};
use edgesoak_store::{Baselines, Promoted, Store};

use crate::args::{JudgedBy, Shared};
use crate::command::regression::unreadable;
use crate::command::select::{JudgedAlike, Places};
use crate::failure::Failure;
use crate::stored;

/// Judges the release of this name; `pinned` names the promotion that stays, instead of the oldest.
pub fn of_name(shared: &Shared, name: &str, pinned: Option<&str>) -> Result<Release, Failure> {
    let book = Baselines::of(&shared.out).all().map_err(|error| unreadable(&error))?;
    let (store, book) = (stored::open_for_reading(shared)?, in_force(book));
    let promoted = book.iter().position(|promoted| promoted.baseline.name == name);
    let own: &[SessionTrial] = promoted.map_or(&[], |at| &book[at].baseline.trials);
    let places = match promoted {
        Some(_) => {
            let wanted: Vec<(&str, &str)> =
                own.iter().map(|trial| (trial.run.as_str(), trial.session.as_str())).collect();
            Places::of_sessions(shared, &store, &wanted)?
        }
        None => Places::of_candidate(shared, &store, name)?,
    };
    if places.is_empty() {
        return Err(unknown(name, promoted.is_some(), &book));
    }
    let judged = JudgedAlike::read(shared, &store, &JudgedBy::default(), places, promoted.is_none())?;
    let all: Vec<Measured<'_>> = judged.measured().collect();
    // What was promoted is its sessions; a candidate is what it was measured as last.
    let (measured, outdated) = if promoted.is_none() { as_measured_last(&all) } else { (all, Vec::new()) };
    let counts = |run: &str, session: &str| {
        measured.iter().any(|it| it.run.id == run && it.verdict.session == session)
    };
    let trials = judged.runs.iter().flat_map(|run| &run.trials);
    let trials: Vec<SessionTrial> =
        trials.filter(|trial| counts(&trial.run, &trial.session)).cloned().collect();
    let is_unstored = |trial: &&SessionTrial| !judged.places.has(&trial.run, &trial.session);
    let not_stored: Vec<SessionTrial> = own.iter().filter(is_unstored).cloned().collect();
    let held = references(&book, promoted, &trials, pinned)?;
    let past = past(shared, &store, &book, promoted, name, &trials)?;
    let runs = judged.runs.iter().filter(|it| measured.iter().any(|session| session.run.id == it.run.id));
    let runs: Vec<(&Run, &RunVerdict)> = runs.map(|it| (&it.run, &it.verdict)).collect();
    Ok(conclude(&Evidence {
        name,
        named: promoted.map_or(Named::Candidate, |at| named(&book[at])),
        policy: judged.yardstick.policy(),
        policy_digest: judged.yardstick.policy_digest(),
        source: judged.yardstick.source(),
        history: history(&runs),
        runs: &runs,
        measured: &measured,
        outdated: &outdated,
        trials,
        not_stored,
        tried: &judged.places.tried,
        held,
        past: &past,
    }))
}

/// Where its reports lie: a candidate's id may be no name for a folder.
pub fn folder(shared: &Shared, name: &str) -> PathBuf {
    let all = shared.out.join("releases");
    if is_name(name) { all.join(name) } else { all }
}

/// Of each name the last promotion, in the order in which these were promoted.
pub(super) fn in_force(book: Vec<Promoted>) -> Vec<Promoted> {
    let last: BTreeMap<String, usize> =
        book.iter().enumerate().map(|(at, promoted)| (promoted.baseline.name.clone(), at)).collect();
    let numbered = book.into_iter().enumerate();
    numbered.filter(|(at, one)| last[&one.baseline.name] == *at).map(|(_, promoted)| promoted).collect()
}

fn named(promoted: &Promoted) -> Named {
    let (baseline, sha256) = (&promoted.baseline, promoted.sha256.clone());
    Named::Baseline { promoted: baseline.promoted, reason: baseline.reason.clone(), sha256 }
}

fn unknown(name: &str, is_promoted: bool, book: &[Promoted]) -> Failure {
    if is_promoted {
        return Failure::nothing(format!("no run of baseline `{name}` is stored here"))
            .hint("its rates are in the book of baselines: `edgesoak report --compare A B` holds runs against them")
            .reason("not_stored");
    }
    let known: Vec<&str> = book.iter().rev().take(8).map(|known| known.baseline.name.as_str()).collect();
    let known = if known.is_empty() {
        "nothing was promoted yet".to_owned()
    } else {
        format!("promoted were {}", known.join(", "))
    };
    Failure::config(format!(
        "`{name}` is no promoted baseline, and no judged session of a candidate of that id is stored"
    ))
    .hint(format!("{known}; `edgesoak select` lists candidates with sessions"))
    .reason("no_release")
}

/// The promotion before it, and the one that stays: the one that is named, else the oldest of the book. What shares a session with
/// the release is no reference for it.
fn references<'a>(
    book: &'a [Promoted],
    own: Option<usize>,
    trials: &[SessionTrial],
    pinned: Option<&str>,
) -> Result<Vec<Held<'a>>, Failure> {
    let shares = |promoted: &Promoted| {
        let theirs = &promoted.baseline.trials;
        theirs.iter().any(|it| trials.iter().any(|own| (&own.run, &own.session) == (&it.run, &it.session)))
    };
    let before = &book[..own.unwrap_or(book.len())];
    let apart: Vec<&Promoted> = before.iter().filter(|promoted| !shares(promoted)).collect();
    let (previous, oldest) = previous_and_oldest(&apart);
    let pinned = match pinned {
        Some(wanted) => Some(named_pin(book, wanted, shares)?),
        None => oldest,
    };
    let held = |reference, promoted: &'a Promoted| Held {
        reference,
        name: &promoted.baseline.name,
        promoted: promoted.baseline.promoted,
        trials: &promoted.baseline.trials,
    };
    let previous = previous.map(|promoted| held(Reference::Previous, promoted));
    Ok(previous.into_iter().chain(pinned.map(|promoted| held(Reference::Pinned, promoted))).collect())
}

/// The last of these promotions, and the first where that is another one.
pub(super) fn previous_and_oldest<'a>(
    apart: &[&'a Promoted],
) -> (Option<&'a Promoted>, Option<&'a Promoted>) {
    (apart.last().copied(), apart.first().copied().filter(|_| apart.len() > 1))
}

fn named_pin<'a>(
    book: &'a [Promoted],
    wanted: &str,
    shares: impl Fn(&Promoted) -> bool,
) -> Result<&'a Promoted, Failure> {
    let found = book.iter().find(|promoted| promoted.baseline.name == wanted);
    let found = found.ok_or_else(|| {
        Failure::config(format!("`{wanted}` is no promoted baseline"))
            .hint("`edgesoak baseline list` shows them")
            .reason("no_baseline")
    })?;
    if shares(found) {
        return Err(Failure::config(format!("`{wanted}` holds sessions of the release itself"))
            .hint("name an earlier baseline")
            .reason("same_runs"));
    }
    Ok(found)
}

/// What the runs were judged with: the spreads of all, and the most that any of them counted of a waiver.
fn history(runs: &[(&Run, &RunVerdict)]) -> History {
    let mut all = History::default();
    for (run, _) in runs {
        all.between_run_sigma.extend(run.history.between_run_sigma.iter().cloned());
        all.waiver_uses.extend(run.history.waiver_uses.iter().cloned());
    }
    all
}

/// The releases up to this one, with the floors of their sessions.
fn past(
    shared: &Shared,
    store: &Store,
    book: &[Promoted],
    own: Option<usize>,
    name: &str,
    trials: &[SessionTrial],
) -> Result<Vec<Past>, Failure> {
    let mut floors = Floors { shared, store, known: BTreeMap::new() };
    let before = own.map_or(book, |at| &book[..=at]);
    let mut past: Vec<Past> = Vec::new();
    for Promoted { baseline, .. } in before {
        let sessions = floors.of(&baseline.trials)?;
        past.push(Past { name: baseline.name.clone(), promoted: Some(baseline.promoted), sessions });
    }
    if own.is_none() {
        past.push(Past { name: name.to_owned(), promoted: None, sessions: floors.of(trials)? });
    }
    Ok(past)
}

/// Floors of stored verdicts, each run read once.
struct Floors<'a> {
    shared: &'a Shared,
    store: &'a Store,
    known: BTreeMap<String, Option<RunVerdict>>,
}

impl Floors<'_> {
    fn of(&mut self, trials: &[SessionTrial]) -> Result<Vec<PastSession>, Failure> {
        let session = |trial: &SessionTrial| {
            Ok(PastSession {
                device: trial.device.clone(),
                family: trial.family.clone(),
                route: trial.route.clone(),
                is_virtual: trial.is_virtual,
                floor: self.floor(trial)?,
            })
        };
        trials.iter().map(session).collect()
    }

    fn floor(&mut self, trial: &SessionTrial) -> Result<Result<f64, &'static str>, Failure> {
        // What is no evidence for a comparison is none for a trend.
        if !matches!(trial.trial.shown, Shown::Rate { .. }) {
            return Ok(Err("no evidence"));
        }
        if !self.known.contains_key(&trial.run) {
            let verdict = self.store.verdict(&trial.run);
            let verdict = verdict.map_err(|error| stored::unreadable(self.shared, &error))?;
            self.known.insert(trial.run.clone(), verdict);
        }
        let Some(verdict) = self.known.get(&trial.run).and_then(Option::as_ref) else {
            return Ok(Err("its run is not stored here"));
        };
        let session = verdict.sessions.iter().find(|session| session.session == trial.session);
        let gate = session.and_then(|session| session.gates.iter().find(|gate| gate.gate == Gate::FloorTps));
        Ok(gate.and_then(|gate| gate.measured).ok_or("no floor"))
    }
}
