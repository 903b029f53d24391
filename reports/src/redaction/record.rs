//! The texts of a run. Every field is named, so that one that is added cannot be forgotten.

use edgesoak_record::golden::GoldenRecord;
use edgesoak_record::session::{
    Channel, JournalFacts, Note, PhaseSpan, PlacedShare, Placement, Prompt, RuntimeFacts, VerifiedFile,
};
use edgesoak_record::{MeterTrace, Run, SessionRecord};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::field::{Field, walk};
use super::{Look, Redacted, value_of};
use crate::error::ReportError;

/// Shows every text of a run to `look`.
pub(super) fn of_run(run: &mut Run, look: &mut Look<'_>) -> Redacted<()> {
    let Run { id, opened: _, version, plan, history, sessions, closed: _, interrupted } = run;
    through(plan, look)?;
    through(history, look)?;
    for session in sessions {
        of_session(session, look)?;
    }
    plain([id, version], look);
    plain(interrupted, look);
    Ok(())
}

/// Shows every text of a session to `look`.
pub(super) fn of_session(session: &mut SessionRecord, look: &mut Look<'_>) -> Redacted<()> {
    let SessionRecord {
        planned,
        close,
        journal,
        phases,
        prompts,
        channels,
        runtime,
        placement,
        verified,
        overheads: _,
        missed_ticks: _,
        notes,
        clock_offsets: _,
        meters,
        ambient: _,
        os_build,
        imported,
        golden,
        leaks,
    } = session;
    through(planned, look)?;
    through(close, look)?;
    if let Some(journal) = journal {
        of_journal(journal, look)?;
    }
    plain(phases.iter_mut().map(|PhaseSpan { phase, begin: _ }| phase), look);
    for prompt in prompts {
        of_prompt(prompt, look);
    }
    for channel in channels {
        of_channel(channel, look);
    }
    if let Some(runtime) = runtime {
        of_runtime(runtime, look);
    }
    if let Some(placement) = placement {
        of_placement(placement, look);
    }
    for VerifiedFile { what, sha256, bytes: _ } in verified {
        plain([what, sha256], look);
    }
    for Note { t: _, code, text } in notes {
        plain([code, text], look);
    }
    for MeterTrace { name, scope: _, gain_error: _, readings: _ } in meters {
        look(Field::Instrument, name);
    }
    plain(os_build, look);
    through(imported, look)?;
    if let Some(GoldenRecord { asked, answers }) = golden {
        through(asked, look)?;
        through(answers, look)?;
    }
    through(leaks, look)
}

fn of_journal(journal: &mut JournalFacts, look: &mut Look<'_>) -> Redacted<()> {
    let JournalFacts {
        boot_id,
        agent,
        is_virtual: _,
        mono: _,
        boottime: _,
        wall: _,
        last: _,
        ending,
        group_period: _,
    } = journal;
    look(Field::Boot, boot_id);
    look(Field::Text, agent);
    through(ending, look)
}

fn of_prompt(prompt: &mut Prompt, look: &mut Look<'_>) {
    let Prompt {
        index: _,
        item,
        phase,
        submit: _,
        retrieve: _,
        render: _,
        prompt_tokens: _,
        token_times: _,
        tokens_per_stamp: _,
        decoded_tokens: _,
        finish,
        engine_prefill: _,
        engine_decode: _,
    } = prompt;
    plain([item, phase].into_iter().chain(finish), look);
}

fn of_channel(channel: &mut Channel, look: &mut Look<'_>) {
    let Channel { name, quantity: _, unit: _, source, group: _, missing: _, samples: _ } = channel;
    plain([name, source], look);
}

fn of_runtime(facts: &mut RuntimeFacts, look: &mut Look<'_>) {
    let RuntimeFacts {
        started: _,
        pid: _,
        runtime,
        version,
        cpu_features,
        load: _,
        threads: _,
        context: _,
        exit,
    } = facts;
    let words = exit.as_mut().map(|exit| &mut exit.last_words);
    plain([runtime, version].into_iter().chain(cpu_features).chain(words), look);
}

fn of_placement(placement: &mut Placement, look: &mut Look<'_>) {
    let Placement { requested, actual, unit, evidence, raw, confidence } = placement;
    let parts = actual.iter_mut().map(|PlacedShare { device, units: _, share: _ }| device);
    plain([requested, unit, evidence, raw, confidence].into_iter().chain(parts), look);
}

/// Texts that name nothing by their place.
fn plain<'a>(texts: impl IntoIterator<Item = &'a mut String>, look: &mut Look<'_>) {
    for text in texts {
        look(Field::Text, text);
    }
}

/// Through the serialised form of a part, which names every field by itself.
fn through<T: Serialize + DeserializeOwned>(part: &mut T, look: &mut Look<'_>) -> Redacted<()> {
    let mut value = value_of(part)?;
    walk(&mut value, look);
    *part = serde_json::from_value(value).map_err(|source| ReportError::Redact { source })?;
    Ok(())
}
