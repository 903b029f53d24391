//! How far a session's journal has been read: kept in its row, so that reading goes on where it stopped.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::journal_file::Tail;
use crate::numbers::{Damage, stored, unsigned};

/// Where reading stands, and what is needed to tell whether the next frame makes sense.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Progress {
    /// Bytes of whole, stored records.
    pub(crate) bytes: u64,
    /// Last stored frame.
    pub(crate) last_seq: Option<u64>,
    /// Its time.
    pub(crate) last_mono_ns: Option<i64>,
    /// Submit of the first prompt of the soak, or the zero that an import names.
    pub(crate) first_scored_submit_mono_ns: Option<i64>,
    /// The latest prompt.
    pub(crate) prompt: Option<LatestPrompt>,
    /// Word and detail of `Finished`.
    pub(crate) finished: Option<(String, String)>,
}

/// The latest prompt, as far as its tokens have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LatestPrompt {
    pub(crate) prompt: u32,
    pub(crate) done: bool,
    /// Tokens per callback, as far as it is known: the first callback brings the first token alone.
    pub(crate) tokens_per_stamp: Option<u32>,
    /// Least index of the next token.
    pub(crate) next_index: i64,
    /// No token comes before this time.
    pub(crate) not_before_ns: i64,
}

impl Progress {
    /// At the first frame.
    pub(crate) fn at_start(header_length: u64) -> Self {
        Self {
            bytes: header_length,
            last_seq: None,
            last_mono_ns: None,
            first_scored_submit_mono_ns: None,
            prompt: None,
            finished: None,
        }
    }

    /// As it was stored.
    pub(crate) fn load(tx: &Connection, session: i64) -> rusqlite::Result<Self> {
        let mut progress = tx.query_row(
            "SELECT journal_bytes, last_seq, last_mono_ns, first_scored_submit_mono_ns, finish_reason, \
             finish_detail FROM session WHERE id = ?1",
            [session],
            |row| {
                let finish: Option<String> = row.get(4)?;
                Ok(Self {
                    bytes: unsigned(0, row.get(0)?)?,
                    last_seq: row.get::<_, Option<i64>>(1)?.map(|seq| unsigned(1, seq)).transpose()?,
                    last_mono_ns: row.get(2)?,
                    first_scored_submit_mono_ns: row.get(3)?,
                    prompt: None,
                    finished: finish.zip(row.get(5)?),
                })
            },
        )?;
        progress.prompt = LatestPrompt::load(tx, session)?;
        Ok(progress)
    }

    /// Stores it, and how the journal ends as far as it has been read.
    pub(crate) fn save(&self, tx: &Connection, session: i64, tail: &Tail) -> rusqlite::Result<()> {
        let (ending, detail) = match tail {
            Tail::Boundary if self.finished.is_some() => ("finished", None),
            Tail::Boundary => ("open", None),
            Tail::Torn => ("torn", None),
            Tail::Damaged(what) => ("corrupt", Some(what)),
        };
        let (reason, words) = self.finished.as_ref().map(|(reason, words)| (reason, words)).unzip();
        let number =
            |value| stored(value).map_err(|Damage(what)| rusqlite::Error::InvalidParameterName(what.into()));
        tx.prepare_cached(
            "UPDATE session SET journal_bytes = ?2, last_seq = ?3, last_mono_ns = ?4, \
             first_scored_submit_mono_ns = ?5, ending = ?6, ending_detail = ?7, finish_reason = ?8, \
             finish_detail = ?9 WHERE id = ?1",
        )?
        .execute(params![
            session,
            number(self.bytes)?,
            self.last_seq.map(number).transpose()?,
            self.last_mono_ns,
            self.first_scored_submit_mono_ns,
            ending,
            detail,
            reason,
            words,
        ])
        .map(drop)
    }
}

impl LatestPrompt {
    fn load(tx: &Connection, session: i64) -> rusqlite::Result<Option<Self>> {
        tx.query_row(
            "SELECT p.prompt, p.finish IS NOT NULL, p.tokens_per_stamp, \
             coalesce(t.token_index + t.tokens, 0), coalesce(t.t_mono_ns, p.submit_mono_ns) \
             FROM prompt p LEFT JOIN token t ON t.session_id = p.session_id AND t.prompt = p.prompt \
             WHERE p.session_id = ?1 ORDER BY p.prompt DESC, t.token_index DESC LIMIT 1",
            [session],
            |row| {
                Ok(Self {
                    prompt: row.get(0)?,
                    done: row.get(1)?,
                    tokens_per_stamp: row.get(2)?,
                    next_index: row.get(3)?,
                    not_before_ns: row.get(4)?,
                })
            },
        )
        .optional()
    }
}
