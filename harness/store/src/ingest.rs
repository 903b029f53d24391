//! A device journal into the database: streamed, in transactions that each leave a whole prefix behind.

use std::path::Path;

use edgesoak_protocol::journal::{JournalError, VOLATILE};
use edgesoak_record::session::JournalEnding;
use rusqlite::{OptionalExtension as _, Transaction, TransactionBehavior};

use crate::error::StoreError;
use crate::frames::{FrameWriter, Layout};
use crate::header_rows;
use crate::host_rows::session_id;
use crate::import_rows;
use crate::journal_file::{Frames, JournalFile, Step, Tail, damage_at};
use crate::limits::ROWS_PER_TRANSACTION;
use crate::numbers::{Damage, Refusal};
use crate::open::Store;
use crate::progress::Progress;

/// What reading a journal brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ingested {
    /// Samples, tokens and other rows that were new.
    pub rows: u64,
    /// Last frame that is stored.
    pub last_seq: Option<u64>,
    /// How the journal ends, as far as it is on this disk.
    pub ending: JournalEnding,
}

impl Store {
    /// Stores what a device journal says that is not stored yet.
    ///
    /// Reading goes on after the last stored frame; a journal with another header, or a shorter one,
    /// replaces what was stored for the session. A torn or damaged tail is cut at the last whole frame and
    /// kept as the ending; frames that contradict each other count as damage.
    ///
    /// # Errors
    /// If the run was never opened or has no such session, if the header is unusable or names another run
    /// or session, and if the database fails. What was stored before stays readable.
    pub fn ingest_journal(&mut self, run: &str, session: &str, path: &Path) -> Result<Ingested, StoreError> {
        let id = session_id(&self.connection, run, session)?;
        let journal = JournalFile::open(path)?;
        if journal.header.run != run || journal.header.session != session {
            return Err(StoreError::ForeignJournal {
                path: path.to_owned(),
                run: journal.header.run,
                session: journal.header.session,
            });
        }
        header_rows::check(&journal.header).map_err(|Damage(what)| StoreError::ReadJournal {
            path: path.to_owned(),
            source: JournalError::CorruptHeader(what),
        })?;
        let (mut progress, layout) = self.prepare(id, &journal)?;
        let mut frames = journal.frames_from(progress.bytes, progress.last_seq)?;
        let mut rows = 0;
        loop {
            let (tail, written) = self.chunk(id, &layout, &mut frames, &mut progress)?;
            rows += written;
            if let Some(tail) = tail {
                let ending = ending(&progress, tail);
                return Ok(Ingested { rows, last_seq: progress.last_seq, ending });
            }
        }
    }

    fn begin(&mut self) -> Result<Transaction<'_>, StoreError> {
        self.connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::write("a device journal"))
    }

    /// Makes the session ready for the first frame that is not stored.
    fn prepare(&mut self, id: i64, journal: &JournalFile) -> Result<(Progress, Layout), StoreError> {
        let failed = StoreError::write("a device journal");
        let tx = self.begin()?;
        let prepared = continue_or_replace(&tx, id, journal)
            .and_then(|progress| Ok((progress, header_rows::layout(&tx, id)?)))
            .and_then(|prepared| Ok(tx.commit().map(|()| prepared)?));
        prepared.map_err(|refusal| match refusal {
            Refusal::Database(source) => failed(source),
            Refusal::Damage(Damage(what)) => StoreError::Write {
                what: "a device journal",
                source: rusqlite::Error::InvalidParameterName(what.to_owned()),
            },
        })
    }

    /// One transaction's worth of frames. Says how the journal ends when it ends within it.
    fn chunk(
        &mut self,
        id: i64,
        layout: &Layout,
        frames: &mut Frames,
        progress: &mut Progress,
    ) -> Result<(Option<Tail>, u64), StoreError> {
        let tx = self.begin()?;
        let mut writer =
            FrameWriter::new(&tx, id, layout, progress).map_err(StoreError::write("a device journal"))?;
        let mut tail = None;
        while tail.is_none() && writer.rows < ROWS_PER_TRANSACTION {
            let offset = frames.position();
            match frames.next()? {
                Step::End(end) => tail = Some(end),
                Step::Frame(entry) if entry.seq == VOLATILE => {}
                Step::Frame(entry) => match writer.write(&entry) {
                    Ok(()) => writer.progress.bytes = frames.position(),
                    Err(Refusal::Damage(Damage(what))) => {
                        tail = Some(Tail::Damaged(damage_at(offset, what)));
                    }
                    Err(Refusal::Database(source)) => {
                        return Err(StoreError::Write { what: "a device journal", source });
                    }
                },
            }
        }
        let rows = writer.rows;
        drop(writer);
        progress
            .save(&tx, id, tail.as_ref().unwrap_or(&Tail::Boundary))
            .and_then(|()| tx.commit())
            .map_err(StoreError::write("a device journal"))?;
        Ok((tail, rows))
    }
}

fn continue_or_replace(tx: &Transaction<'_>, id: i64, journal: &JournalFile) -> Result<Progress, Refusal> {
    let known: Option<(String, i64)> = tx
        .query_row(
            "SELECT header_sha256, journal_bytes FROM session WHERE id = ?1 AND header_sha256 IS NOT NULL",
            [id],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    if let Some((header, bytes)) = known {
        let grown = u64::try_from(bytes).is_ok_and(|bytes| bytes <= journal.bytes);
        if grown && header == journal.header_sha256() {
            return Ok(Progress::load(tx, id)?);
        }
        header_rows::clear(tx, id)?;
    }
    let progress = Progress {
        first_scored_submit_mono_ns: import_rows::zero(tx, id)?,
        ..Progress::at_start(journal.header_length())
    };
    header_rows::insert(tx, id, journal)?;
    progress.save(tx, id, &Tail::Boundary)?;
    Ok(progress)
}

fn ending(progress: &Progress, tail: Tail) -> JournalEnding {
    match (tail, &progress.finished) {
        (Tail::Boundary, Some((reason, detail))) => {
            JournalEnding::Finished { reason: reason.clone(), detail: detail.clone() }
        }
        (Tail::Boundary, None) => JournalEnding::Open,
        (Tail::Torn, _) => JournalEnding::Torn,
        (Tail::Damaged(what), _) => JournalEnding::Corrupt(what),
    }
}
