//! Frames as rows. A frame is checked before its first row is written, so that it is stored whole or not at all.

use edgesoak_protocol::journal::{Entry, Frame};
use edgesoak_protocol::reading::RawReading;
use rusqlite::{CachedStatement, Connection};

use crate::numbers::{Damage, Refusal, stored};
use crate::progress::Progress;
use crate::{event_rows, prompt_rows};

/// Keys of the channels that a group's ticks carry, by group.
pub(crate) type Layout = Vec<Vec<i64>>;

/// Writes the frames of one session within one transaction.
pub(crate) struct FrameWriter<'t> {
    pub(crate) tx: &'t Connection,
    pub(crate) session: i64,
    pub(crate) progress: &'t mut Progress,
    layout: &'t Layout,
    sample: CachedStatement<'t>,
    pub(crate) token: CachedStatement<'t>,
    /// Rows written so far.
    pub(crate) rows: u64,
}

/// Where and when a frame stands, as stored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stand {
    pub(crate) session: i64,
    pub(crate) seq: i64,
    pub(crate) t_ns: i64,
}

impl<'t> FrameWriter<'t> {
    pub(crate) fn new(
        tx: &'t Connection,
        session: i64,
        layout: &'t Layout,
        progress: &'t mut Progress,
    ) -> rusqlite::Result<Self> {
        let sample = tx.prepare_cached(
            "INSERT INTO sample (channel_id, seq, t_mono_ns, raw, reason) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        let token = tx.prepare_cached(
            "INSERT INTO token (session_id, prompt, token_index, t_mono_ns, tokens) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        Ok(Self { tx, session, progress, layout, sample, token, rows: 0 })
    }

    /// Stores one frame of the journal.
    pub(crate) fn write(&mut self, entry: &Entry) -> Result<(), Refusal> {
        if self.progress.finished.is_some() {
            return Err(Damage("it follows the end of the session").into());
        }
        let at = Stand { session: self.session, seq: stored(entry.seq)?, t_ns: stored(entry.t_mono_ns)? };
        match &entry.frame {
            Frame::Tick { group, values } => self.tick(at, *group, values)?,
            Frame::TokenBatch { prompt, first_index, t0_ns, delta_ns, tokens_per_stamp } => {
                let batch = prompt_rows::Batch {
                    prompt: *prompt,
                    first_index: *first_index,
                    t0_ns: *t0_ns,
                    delta_ns,
                    tokens_per_stamp: *tokens_per_stamp,
                };
                prompt_rows::tokens(self, &batch)?;
            }
            Frame::PromptSubmitted { .. } => prompt_rows::submitted(self, &entry.frame)?,
            Frame::PromptDone { .. } => prompt_rows::done(self, at, &entry.frame)?,
            Frame::Finished { reason, detail } => {
                let detail = crate::numbers::bounded(detail)?;
                self.progress.finished = Some((reason.word().to_owned(), detail.to_owned()));
            }
            other => self.rows += event_rows::insert(self.tx, at, other)?,
        }
        self.progress.last_seq = Some(entry.seq);
        self.progress.last_mono_ns = Some(at.t_ns);
        Ok(())
    }

    fn tick(&mut self, at: Stand, group: u8, values: &[RawReading]) -> Result<(), Refusal> {
        let Some(channels) = self.layout.get(usize::from(group)) else {
            return Err(Damage("its group is not in the header").into());
        };
        if channels.len() != values.len() {
            return Err(Damage("it does not hold one reading per channel of its group").into());
        }
        // Bindings outlive an execution: what a whole tick shares is bound once.
        self.sample.raw_bind_parameter(2, at.seq)?;
        self.sample.raw_bind_parameter(3, at.t_ns)?;
        for (channel, RawReading(reading)) in channels.iter().zip(values) {
            self.sample.raw_bind_parameter(1, channel)?;
            match reading {
                Ok(raw) => {
                    self.sample.raw_bind_parameter(4, raw)?;
                    self.sample.raw_bind_parameter(5, rusqlite::types::Null)?;
                }
                Err(reason) => {
                    self.sample.raw_bind_parameter(4, rusqlite::types::Null)?;
                    self.sample.raw_bind_parameter(5, reason.word())?;
                }
            }
            self.sample.raw_execute()?;
        }
        self.rows += values.len() as u64;
        Ok(())
    }
}
