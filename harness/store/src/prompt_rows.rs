//! Prompts and tokens as rows, in an order that makes sense: a prompt is submitted before it decodes, its
//! tokens count up and its time never runs backwards. Anything else would let a faulty clock look fast.

use edgesoak_protocol::journal::{Frame, Phase};
use rusqlite::params;

use crate::frames::{FrameWriter, Stand};
use crate::numbers::{Damage, Refusal, bounded, stored};
use crate::progress::LatestPrompt;

/// A `TokenBatch`.
pub(crate) struct Batch<'a> {
    pub(crate) prompt: u32,
    pub(crate) first_index: u32,
    pub(crate) t0_ns: u64,
    pub(crate) delta_ns: &'a [u64],
    pub(crate) tokens_per_stamp: u32,
}

pub(crate) fn submitted(writer: &mut FrameWriter<'_>, frame: &Frame) -> Result<(), Refusal> {
    let Frame::PromptSubmitted {
        prompt,
        item,
        phase,
        retrieve_ns,
        render_ns,
        prompt_sha256,
        prompt_bytes,
        submit_ns,
    } = frame
    else {
        return Ok(());
    };
    if writer.progress.prompt.is_some_and(|latest| *prompt <= latest.prompt) {
        return Err(Damage("its prompt was submitted before").into());
    }
    let submit = stored(*submit_ns)?;
    writer
        .tx
        .prepare_cached(
            "INSERT INTO prompt (session_id, prompt, item, phase, submit_mono_ns, retrieve_ns, render_ns, \
             prompt_sha256, prompt_bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            writer.session,
            prompt,
            bounded(item)?,
            phase.word(),
            submit,
            stored(*retrieve_ns)?,
            stored(*render_ns)?,
            bounded(prompt_sha256)?,
            prompt_bytes,
        ])?;
    writer.rows += 1;
    if *phase == Phase::Soaking {
        writer.progress.first_scored_submit_mono_ns.get_or_insert(submit);
    }
    writer.progress.prompt = Some(LatestPrompt {
        prompt: *prompt,
        done: false,
        tokens_per_stamp: None,
        next_index: 0,
        not_before_ns: submit,
    });
    Ok(())
}

pub(crate) fn tokens(writer: &mut FrameWriter<'_>, batch: &Batch<'_>) -> Result<(), Refusal> {
    let mut latest = running(writer, batch.prompt)?;
    let after = check(batch, &latest)?;
    if latest.tokens_per_stamp != Some(batch.tokens_per_stamp) {
        writer
            .tx
            .prepare_cached("UPDATE prompt SET tokens_per_stamp = ?3 WHERE session_id = ?1 AND prompt = ?2")?
            .execute(params![writer.session, batch.prompt, batch.tokens_per_stamp])?;
    }
    let stride = i64::from(batch.tokens_per_stamp);
    let mut index = i64::from(batch.first_index);
    let mut t = stored(batch.t0_ns)?;
    let statement = &mut writer.token;
    statement.raw_bind_parameter(1, writer.session)?;
    statement.raw_bind_parameter(2, batch.prompt)?;
    statement.raw_bind_parameter(5, stride)?;
    let later = batch.delta_ns.iter().map(Some).chain([None]);
    for delta in later {
        statement.raw_bind_parameter(3, index)?;
        statement.raw_bind_parameter(4, t)?;
        statement.raw_execute()?;
        let Some(delta) = delta else { break };
        index += stride;
        t += stored(*delta)?;
    }
    writer.rows += batch.delta_ns.len() as u64 + 1;
    latest.tokens_per_stamp = Some(batch.tokens_per_stamp);
    (latest.next_index, latest.not_before_ns) = after;
    writer.progress.prompt = Some(latest);
    Ok(())
}

/// Index after the batch and time of its last token, if every token follows the one before.
fn check(batch: &Batch<'_>, latest: &LatestPrompt) -> Result<(i64, i64), Damage> {
    if batch.tokens_per_stamp == 0 {
        return Err(Damage("it holds callbacks without a token"));
    }
    // The first token comes alone, whatever the engine does afterwards.
    let known = latest.tokens_per_stamp.filter(|_| latest.next_index > 1);
    if known.is_some_and(|known| known != batch.tokens_per_stamp) {
        return Err(Damage("its callbacks bring another number of tokens than those before"));
    }
    if i64::from(batch.first_index) < latest.next_index {
        return Err(Damage("its tokens were decoded before"));
    }
    let mut t = stored(batch.t0_ns)?;
    if t < latest.not_before_ns {
        return Err(Damage("its tokens come before what they follow"));
    }
    for delta in batch.delta_ns {
        t = t.checked_add(stored(*delta)?).ok_or(Damage("it holds a time beyond any clock"))?;
    }
    // A payload holds at most a million deltas, so that neither step can overflow.
    let stamps = stored(batch.delta_ns.len() as u64)? + 1;
    Ok((i64::from(batch.first_index) + stamps * i64::from(batch.tokens_per_stamp), t))
}

pub(crate) fn done(writer: &mut FrameWriter<'_>, at: Stand, frame: &Frame) -> Result<(), Refusal> {
    let Frame::PromptDone {
        prompt,
        finish,
        prompt_tokens,
        decoded_tokens,
        engine_prefill_ns,
        engine_decode_ns,
    } = frame
    else {
        return Ok(());
    };
    let latest = running(writer, *prompt)?;
    writer
        .tx
        .prepare_cached(
            "UPDATE prompt SET done_mono_ns = ?3, finish = ?4, prompt_tokens = ?5, decoded_tokens = ?6, \
             engine_prefill_ns = ?7, engine_decode_ns = ?8 WHERE session_id = ?1 AND prompt = ?2",
        )?
        .execute(params![
            writer.session,
            prompt,
            at.t_ns,
            bounded(finish)?,
            prompt_tokens,
            decoded_tokens,
            stored(*engine_prefill_ns)?,
            stored(*engine_decode_ns)?,
        ])?;
    writer.progress.prompt = Some(LatestPrompt { done: true, ..latest });
    Ok(())
}

fn running(writer: &FrameWriter<'_>, prompt: u32) -> Result<LatestPrompt, Damage> {
    writer
        .progress
        .prompt
        .filter(|latest| latest.prompt == prompt && !latest.done)
        .ok_or(Damage("its prompt is not the one that runs"))
}
