//! What the page says, as plain data: every text bounded, every number printed.

mod accepted;
mod answers;
mod banner;
mod basis;
mod change;
mod channel_row;
mod flips;
mod gate_row;
mod integrity;
mod margin;
mod matrix;
mod method;
mod overhead;
mod privacy;
mod provenance;
mod routing;
mod seen;
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
pub(crate) use basis::Basis;
pub(crate) use channel_row::ChannelRow;
pub(crate) use flips::{AgainstRow, FlipRow};
pub(crate) use gate_row::GateRow;
pub(crate) use integrity::Integrity;
pub(crate) use margin::{Margin, Margins};
pub(crate) use matrix::{Cell, Heading, Matrix, Row};
pub(crate) use method::MethodRow;
pub(crate) use privacy::Privacy;
pub(crate) use routing::{Routing, SweepRow};
pub(crate) use session::{NoteRow, Scope, Session};
pub(crate) use tile::Tile;

use std::borrow::Cow;

use edgesoak_record::plan::Setting;
use edgesoak_record::{Run, RunVerdict, SessionRecord};

use seen::Seen;
use serde::Serialize;
use sources::Pair;

use crate::background::Background;
use crate::data::{self, Told};
use crate::plot::chart::Plot;
use crate::plot::energy_by_rate;
use crate::words::text::{bounded, name, sentence};

/// A labelled figure or text, with a remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
    /// How far each figure is from its bar; `None` without any.
    pub margins: Option<Margins>,
    /// Worst first.
    pub sessions: Vec<Session>,
    pub flips: Vec<FlipRow>,
    /// What earlier releases answered otherwise.
    pub against: Vec<AgainstRow>,
    pub integrity: Option<Integrity>,
    pub method: Vec<MethodRow>,
    pub provenance: Vec<Fact>,
    pub settings: Vec<SettingRow>,
    /// Settings that are not listed.
    pub settings_left_out: usize,
    /// Energy against rate, over all sessions.
    pub energy: Plot,
    /// The same for programs: JSON.
    pub data: String,
}

/// Most settings listed.
const MOST_SETTINGS: usize = 600;
/// Sessions that are told in full, the worst of them; a page of a hundred devices stays small enough to be mailed.
pub(crate) const MOST_IN_FULL: usize = 12;
/// Most actions and waivers listed.
const MOST_LINES: usize = 12;

impl Page {
    /// Says everything that the run and its verdict hold; `whole` has the whole record of a session.
    pub fn of<'a, E>(
        run: &'a Run,
        verdict: &'a RunVerdict,
        background: &Background<'_>,
        whole: impl FnMut(&'a SessionRecord) -> Result<Cow<'a, SessionRecord>, E>,
    ) -> Result<Self, E> {
        let pairs = sources::pairs(run, verdict);
        let (sessions, seen) = read(&pairs, background, whole)?;
        let banner = Banner::of(run, verdict, &pairs);
        let settings = settings(run);
        let settings_left_out = run.plan.settings.len() - settings.len();
        let tested = tested::facts(run, &pairs, background.earlier);
        let trust = trust::facts(run, &pairs, &seen, background.detectable.as_ref());
        let provenance = provenance::of_run(run, &pairs);
        let told = Told {
            tested: &tested,
            trust: &trust,
            provenance: &provenance,
            settings: &settings,
            settings_left_out,
        };
        Ok(Self {
            title: format!("{} · {}", banner.mood.shout(), name(&run.id)),
            data: data::document(run, verdict, &sessions, &told),
            tested,
            tiles: tile::tiles(&pairs, background.earlier),
            matrix: Matrix::of(&pairs),
            actions: verdict.next_actions.iter().take(MOST_LINES).map(|line| sentence(line)).collect(),
            accepted: accepted::lines(run, verdict).into_iter().take(MOST_LINES).collect(),
            not_run: verdict.not_run.iter().take(MOST_LINES).map(|one| sentence(&one.sentence)).collect(),
            trust,
            margins: Margins::of(&pairs),
            sessions,
            flips: FlipRow::all(&pairs),
            against: AgainstRow::all(&pairs, background.earlier),
            integrity: Integrity::of(&pairs),
            method: MethodRow::all(verdict, background.explain),
            provenance,
            energy: energy_by_rate::plot(verdict),
            settings,
            settings_left_out,
            banner,
        })
    }
}

fn settings(run: &Run) -> Vec<SettingRow> {
    let row = |setting: &Setting| SettingRow {
        key: name(&setting.key),
        value: bounded(&setting.value, 200),
        origin: name(&setting.origin),
    };
    run.plan.settings.iter().take(MOST_SETTINGS).map(row).collect()
}

/// The sessions, read one at a time: however long they are, one record is held.
fn read<'a, E>(
    pairs: &[Pair<'a>],
    background: &Background<'_>,
    mut whole: impl FnMut(&'a SessionRecord) -> Result<Cow<'a, SessionRecord>, E>,
) -> Result<(Vec<Session>, Vec<Seen>), E> {
    let (mut sessions, mut seen) = (Vec::new(), Vec::new());
    for (index, pair) in pairs.iter().enumerate() {
        let record = pair.record.map(&mut whole).transpose()?;
        let pair = Pair { record: record.as_deref(), ..*pair };
        seen.push(pair.record.map(Seen::of).unwrap_or_default());
        sessions.push(Session::of(index, &pair, pairs, background.explain));
    }
    Ok((sessions, seen))
}
