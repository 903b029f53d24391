//! What the page says, as plain data: every text bounded, every number printed.

mod answers;
mod banner;
mod channel_row;
mod gate_row;
mod matrix;
mod overhead;
mod privacy;
mod provenance;
mod routing;
mod session;
mod slowdown;
mod sources;
mod standing;
mod tested;
#[cfg(test)]
mod tests;
mod tile;
mod trust;

pub(crate) use answers::{Answers, ItemRow, SliceRow};
pub(crate) use banner::Banner;
pub(crate) use channel_row::ChannelRow;
pub(crate) use gate_row::GateRow;
pub(crate) use matrix::{Cell, Matrix, Row};
pub(crate) use privacy::Privacy;
pub(crate) use routing::{Routing, SweepRow};
pub(crate) use session::{NoteRow, Session};
pub(crate) use tile::Tile;

use std::borrow::Cow;

use edgesoak_record::{Run, RunVerdict, SessionRecord};

use sources::Pair;

use crate::plot::chart::Plot;
use crate::plot::energy_by_rate;
use crate::words::text::{bounded, name, sentence};

/// A labelled figure or text, with a remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    pub label: String,
    pub value: String,
    pub remark: String,
}

impl Fact {
    pub fn new(label: &str, value: impl Into<String>, remark: impl Into<String>) -> Self {
        Self { label: label.to_owned(), value: value.into(), remark: remark.into() }
    }
}

/// The effective value of a setting and where it was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SettingRow {
    pub key: String,
    pub value: String,
    pub origin: String,
}

/// The whole page.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub title: String,
    pub banner: Banner,
    pub tested: Vec<Fact>,
    pub tiles: Vec<Tile>,
    pub matrix: Matrix,
    pub actions: Vec<String>,
    pub accepted: Vec<String>,
    /// What was wanted and is not run.
    pub not_run: Vec<String>,
    pub trust: Vec<Fact>,
    /// The worst of them.
    pub sessions: Vec<Session>,
    /// Sessions that have no section of their own.
    pub sessions_left_out: usize,
    pub provenance: Vec<Fact>,
    pub settings: Vec<SettingRow>,
    /// Settings that are not listed.
    pub settings_left_out: usize,
    /// Energy against rate, over all sessions.
    pub energy: Plot,
}

/// Most settings listed.
const MOST_SETTINGS: usize = 600;
/// Most sessions with a section of their own; a page stays readable, and small enough to be mailed.
const MOST_SESSIONS: usize = 12;
/// Most actions and waivers listed.
const MOST_LINES: usize = 12;

impl Page {
    /// Says everything that the run and its verdict hold; `whole` has the whole record of a session.
    pub fn of<'a, E>(
        run: &'a Run,
        verdict: &'a RunVerdict,
        whole: impl FnMut(&'a SessionRecord) -> Result<Cow<'a, SessionRecord>, E>,
    ) -> Result<Self, E> {
        let pairs = sources::pairs(run, verdict);
        let (sessions, records) = in_full(&pairs, whole)?;
        let seen = records
            .iter()
            .map(Option::as_deref)
            .chain(pairs.iter().skip(MOST_SESSIONS).map(|pair| pair.record));
        let pairs: Vec<Pair<'_>> =
            pairs.iter().zip(seen).map(|(pair, record)| Pair { record, ..*pair }).collect();
        let banner = Banner::of(run, verdict, &pairs);
        let settings = run.plan.settings.iter().take(MOST_SETTINGS).map(|setting| SettingRow {
            key: name(&setting.key),
            value: bounded(&setting.value, 200),
            origin: name(&setting.origin),
        });
        Ok(Self {
            title: format!("{} · {}", banner.mood.shout(), name(&run.id)),
            tested: tested::facts(run, &pairs),
            tiles: tile::tiles(&pairs),
            matrix: Matrix::of(&pairs),
            actions: verdict.next_actions.iter().take(MOST_LINES).map(|line| sentence(line)).collect(),
            accepted: accepted(run, verdict),
            not_run: verdict.not_run.iter().take(MOST_LINES).map(|one| sentence(&one.sentence)).collect(),
            trust: trust::facts(run, &pairs),
            sessions,
            sessions_left_out: pairs.len().saturating_sub(MOST_SESSIONS),
            provenance: provenance::of_run(run),
            settings: settings.collect(),
            energy: energy_by_rate::plot(verdict),
            settings_left_out: run.plan.settings.len().saturating_sub(MOST_SETTINGS),
            banner,
        })
    }
}

/// A section with the record behind it, of which only an outline is kept.
type InFull<'a> = (Vec<Session>, Vec<Option<Cow<'a, SessionRecord>>>);

/// The sessions that have a section of their own, read one at a time: however long they are, one is held.
fn in_full<'a, E>(
    pairs: &[Pair<'a>],
    mut whole: impl FnMut(&'a SessionRecord) -> Result<Cow<'a, SessionRecord>, E>,
) -> Result<InFull<'a>, E> {
    let several = pairs.len() > 1;
    let (mut sessions, mut records) = (Vec::new(), Vec::new());
    for (index, pair) in pairs.iter().take(MOST_SESSIONS).enumerate() {
        let record = pair.record.map(&mut whole).transpose()?;
        sessions.push(Session::of(index, &Pair { record: record.as_deref(), ..*pair }, several));
        records.push(record.map(outlined));
    }
    Ok((sessions, records))
}

/// What the first screen still asks a record: of each channel one reading, with a value if it has any.
fn outlined(record: Cow<'_, SessionRecord>) -> Cow<'_, SessionRecord> {
    let Cow::Owned(mut record) = record else { return record };
    record.prompts = Vec::new();
    record.meters = Vec::new();
    for channel in &mut record.channels {
        let value = channel.samples.iter().find(|sample| sample.value.is_ok());
        channel.samples = value.or_else(|| channel.samples.iter().next()).into_iter().collect();
    }
    Cow::Owned(record)
}

/// What was accepted, and every waiver of the policy with its end: both belong on the first screen.
fn accepted(run: &Run, verdict: &RunVerdict) -> Vec<String> {
    let said = verdict.accepted.iter().map(|line| sentence(line));
    let waivers = run.plan.policy.waivers.iter().map(|waiver| {
        let place = waiver.device.as_ref().or(waiver.family.as_ref()).map_or("everywhere", String::as_str);
        sentence(&format!(
            "Waiver {} / {} until {}: {} ({}, {})",
            waiver.gate, place, waiver.expires, waiver.reason, waiver.owner, waiver.ticket
        ))
    });
    said.chain(waivers).take(MOST_LINES).collect()
}
