//! Prompts with their tokens and channels with their samples, in the journal's order.

use edgesoak_protocol::reading::Reason;
use edgesoak_protocol::{Quantity, Unit, rule};
use edgesoak_record::session::{Channel, Packer, Prompt, Sample, Samples};
use rusqlite::{Connection, Row};

use crate::load::word;
use crate::load_device::{nanos, optional_nanos};

/// Prompts, with the times of their tokens if it is a `whole` record.
pub(crate) fn prompts(tx: &Connection, id: i64, whole: bool) -> rusqlite::Result<Vec<Prompt>> {
    let mut prompts: Vec<Prompt> = tx
        .prepare_cached(
            "SELECT prompt, item, phase, submit_mono_ns, retrieve_ns, render_ns, prompt_tokens, \
             coalesce(tokens_per_stamp, 1), finish, engine_prefill_ns, engine_decode_ns, decoded_tokens FROM prompt \
             WHERE session_id = ?1 ORDER BY prompt",
        )?
        .query_map([id], prompt)?
        .collect::<Result<_, _>>()?;
    if !whole {
        return Ok(prompts);
    }
    let mut query = tx.prepare_cached(
        "SELECT prompt, t_mono_ns FROM token WHERE session_id = ?1 ORDER BY prompt, token_index",
    )?;
    let mut rows = query.query([id])?;
    let mut at = 0;
    while let Some(row) = rows.next()? {
        let index: u32 = row.get(0)?;
        while prompts.get(at).is_some_and(|prompt| prompt.index < index) {
            at += 1;
        }
        if let Some(prompt) = prompts.get_mut(at).filter(|prompt| prompt.index == index) {
            prompt.token_times.push(nanos(row, 1)?);
        }
    }
    Ok(prompts)
}

fn prompt(row: &Row<'_>) -> rusqlite::Result<Prompt> {
    Ok(Prompt {
        index: row.get(0)?,
        item: row.get(1)?,
        phase: row.get(2)?,
        submit: nanos(row, 3)?,
        retrieve: nanos(row, 4)?,
        render: nanos(row, 5)?,
        prompt_tokens: row.get(6)?,
        token_times: Vec::new(),
        tokens_per_stamp: row.get(7)?,
        decoded_tokens: row.get(11)?,
        finish: row.get(8)?,
        engine_prefill: optional_nanos(row, 9)?,
        engine_decode: optional_nanos(row, 10)?,
    })
}

/// Channels, with their samples if it is a `whole` record.
pub(crate) fn channels(tx: &Connection, id: i64, whole: bool) -> rusqlite::Result<Vec<Channel>> {
    let mut query = tx.prepare_cached(
        "SELECT id, name, quantity, unit, scale, source, group_id, missing_reason, rule FROM channel \
         WHERE session_id = ?1 ORDER BY position",
    )?;
    let mut rows = query.query([id])?;
    let mut channels: Vec<Channel> = Vec::new();
    while let Some(row) = rows.next()? {
        let missing: Option<String> = row.get(7)?;
        let mut channel = Channel {
            name: row.get(1)?,
            quantity: word(row, 2, Quantity::from_word)?,
            unit: word(row, 3, Unit::from_symbol)?,
            source: row.get(5)?,
            group: row.get(6)?,
            missing: missing.map(|_| word(row, 7, Reason::from_word)).transpose()?,
            samples: Samples::new(),
        };
        if whole {
            // A group is read at one time.
            let beside = channels.iter().rfind(|other| other.group == channel.group);
            let packed = samples(tx, row.get(0)?, row.get(8)?, row.get(4)?)?;
            channel.samples = packed.finish(beside.map(|other| &other.samples));
        }
        channels.push(channel);
    }
    Ok(channels)
}

/// Readings as the channel's rule reads their integers: a sensor's word for "no value" is no temperature.
fn samples(tx: &Connection, channel: i64, rule: u16, scale: f64) -> rusqlite::Result<Packer> {
    let mut query =
        tx.prepare_cached("SELECT t_mono_ns, raw, reason FROM sample WHERE channel_id = ?1 ORDER BY seq")?;
    let mut rows = query.query([channel])?;
    let mut packer = Packer::default();
    while let Some(row) = rows.next()? {
        let value = match row.get::<_, Option<i64>>(1)? {
            Some(raw) => rule::apply(rule, raw, scale),
            None => Err(word(row, 2, Reason::from_word)?),
        };
        packer.push(Sample { t: nanos(row, 0)?, value });
    }
    Ok(packer)
}
