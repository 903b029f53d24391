//! `start`: the job is checked as any agent checks it, then its whole session is recorded.

use std::cell::Cell;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use edgesoak_agent::{AgentError, Claim, End, Held, Home, Kept, Plan, SessionName};
use edgesoak_prompts::{Prompter, Rendered, Template};
use edgesoak_protocol::journal::{FinishReason, Frame, Header, Phase, write_frame, write_header};
use edgesoak_protocol::probe::{ClockReading, Started};
use edgesoak_protocol::units::Nanos;

use super::bench::{Bench, Past};
use super::digests;
use super::phone::simulating;
use super::sheet::Phone;
use super::spoken::Speaker;
use super::switches;
use crate::model::{DescribedModel, tokens};
use crate::record::{self, Boot, Item, Question, Recorded, Settings, Verified, Work};

/// Lives through a session.
pub(super) fn run(
    phone: &Phone,
    mut bench: Bench,
    home: &Home,
    name: &SessionName,
) -> Result<Started, AgentError> {
    let claim = Claim::take(home, name)?;
    let (plan, speaker) = (claim.plan(), Speaker::of(phone)?);
    let clocks = bench.read();
    let boot = boot(&bench, clocks);
    let system = switches::of(home.path(), &phone.profile).map_err(simulating)?;
    let kept = Kept::default();
    let mut held = claim.hold(&system, &kept);
    let made = held.make(plan.job(), &|| Ok(()));
    let made_frames = kept.take();
    let held = Cell::new(Some(held));
    let give_back = || {
        let moved = held.take().and_then(Held::give_back);
        (kept.take(), moved)
    };
    let mut verified = Vec::new();
    let opened = made.and_then(|()| look(phone, plan, &speaker, &mut verified));
    match opened.and_then(|opened| spill(phone, plan, system.path()).map(|()| opened)) {
        Err(end) => {
            let (last, _) = give_back();
            let frames = [made_frames, loading(verified), last].concat();
            write_end(plan, &boot, &frames, &end)?;
        }
        Ok(opened) => {
            let settings = Settings { made: &made_frames, give_back: Some(&give_back) };
            let recorded = live(phone, plan, &boot, &opened, (&verified, settings));
            if recorded.is_err() {
                give_back();
            }
            let recorded = recorded?;
            let more = Past {
                mono_off_ns: moved(clocks.mono_ns, recorded.mono, recorded.took),
                boottime_off_ns: moved(clocks.boottime_ns, recorded.boottime, recorded.took),
                // A device that switched itself off is switched on again by whoever finds it.
                restarts: u32::from(recorded.down.is_some()),
            };
            bench.live_through(recorded.took, more).map_err(simulating)?;
            bench.write_boot_id().map_err(simulating)?;
        }
    }
    Ok(Started { pid: std::process::id(), boot_id: boot.id })
}

/// How far a clock moved beyond the time that passed, ns.
fn moved(before_ns: u64, after: Nanos, took: Nanos) -> i64 {
    let beyond = i128::from(after.0) - i128::from(before_ns) - i128::from(took.0);
    i64::try_from(beyond).unwrap_or(0)
}

fn boot(bench: &Bench, clocks: ClockReading) -> Boot {
    Boot {
        id: bench.boot_id(),
        mono: Nanos(clocks.mono_ns),
        boottime: Nanos(clocks.boottime_ns),
        wall: Nanos(clocks.wall_ns),
    }
}

/// What a session works with.
struct Opened {
    model: DescribedModel,
    cycle: Vec<Item>,
    questions: Vec<Question>,
}

/// Checks digests, and opens the model, the prompts and what is asked.
fn look(phone: &Phone, plan: &Plan, speaker: &Speaker, verified: &mut Vec<Frame>) -> Result<Opened, End> {
    if plan.job().workload.is_of_items {
        // How long an answer gets that ends by itself is nothing that a described model tells.
        let words = "a simulated device cannot answer items: its answers have no end of their own";
        return Err(End::new(FinishReason::BadInput, words));
    }
    let folder = phone.sheet.digests.as_deref();
    let mut fingerprint = |file: &Path| digests::look(folder, file, &mut || true);
    plan.verify(&mut fingerprint, &mut |frame| verified.push(frame))?;
    let (model, prompter) = prompter(plan)?;
    // Rendered once: that it is rendered again each round changes nothing.
    let item = |index| rendered(&prompter, index).map(|Rendered { item, text, .. }| Item::of(item, &text));
    let cycle = (0..prompter.len()).map(item).collect::<Result<_, _>>()?;
    let questions = match (&plan.job().answering, plan.items(&prompter)?) {
        (Some(asked), Some(items)) => speaker.questions(asked, &items)?,
        _ => Vec::new(),
    };
    Ok(Opened { model, cycle, questions })
}

/// Leaves prompts behind, where a fault says so.
fn spill(phone: &Phone, plan: &Plan, system: &Path) -> Result<(), End> {
    let (_, cycle) = prompter(plan)?;
    let Some(items) = plan.items(&cycle)? else { return Ok(()) };
    for index in 0..items.len() {
        let text = rendered(&items, index)?.text;
        phone
            .spills
            .leave(Nanos(u64::MAX), &text, system)
            .map_err(|error| End::new(FinishReason::BadInput, format!("leaving a prompt: {error}")))?;
    }
    Ok(())
}

/// Opens the model and the prompts.
pub(super) fn prompter(plan: &Plan) -> Result<(DescribedModel, Prompter), End> {
    let artifact = plan.artifact();
    let model = DescribedModel::read(artifact)
        .map_err(|error| End::new(FinishReason::BadInput, format!("the artifact: {error}")))?;
    let template = model.chat_template.as_deref();
    let template =
        template.map_or(Template::Artifact(artifact), |source| Template::Text { origin: artifact, source });
    let prompter = plan.prompter(template)?;
    Ok((model, prompter))
}

/// A prompt in its final words.
pub(super) fn rendered(prompter: &Prompter, index: usize) -> Result<Rendered, End> {
    let unusable = |error| End::new(FinishReason::BadInput, AgentError::OpeningPrompts(error).sentence());
    prompter.render(index).map_err(unusable)
}

fn live(
    phone: &Phone,
    plan: &Plan,
    boot: &Boot,
    Opened { model, cycle, questions }: &Opened,
    (verified, settings): (&[Frame], Settings<'_>),
) -> Result<Recorded, AgentError> {
    let mut candidate = model.candidate(plan.job()).map_err(simulating)?;
    // The engine knows one length of prompts: the mean of the cycle.
    let bytes: u64 = cycle.iter().map(|item| u64::from(item.bytes)).sum();
    let mean = bytes / cycle.len().max(1) as u64;
    candidate.prompt_tokens = tokens(u32::try_from(mean).unwrap_or(u32::MAX));
    let verified: Vec<Verified> = verified.iter().filter_map(as_verified).collect();
    let device = record::Phone {
        profile: &phone.profile,
        seed: phone.sheet.seed,
        surroundings: phone.surroundings,
        faults: &phone.sheet.faults,
        boot: boot.clone(),
    };
    let work = Work { job: plan.job(), candidate, cycle, questions, verified: &verified, settings };
    let mut journal = create(plan)?;
    record::record(&device, &work, &mut journal).map_err(simulating)
}

fn as_verified(frame: &Frame) -> Option<Verified> {
    let Frame::Verified { what, sha256, bytes } = frame else { return None };
    Some(Verified { what: what.clone(), sha256: sha256.clone(), bytes: *bytes })
}

fn create(plan: &Plan) -> Result<File, AgentError> {
    let path = plan.journal();
    let created = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    created.map_err(AgentError::io("creating", path))
}

/// Where a session has come to its files, it has begun to load.
fn loading(verified: Vec<Frame>) -> Vec<Frame> {
    [Frame::PhaseBegan { phase: Phase::Loading }].into_iter().chain(verified).collect()
}

/// The journal of a session that ended before anything ran.
fn write_end(plan: &Plan, boot: &Boot, frames: &[Frame], end: &End) -> Result<(), AgentError> {
    let job = plan.job();
    let header = Header {
        run: job.run.clone(),
        session: job.session.clone(),
        boot_id: boot.id.clone(),
        mono_ns: boot.mono.0,
        boottime_ns: boot.boottime.0,
        wall_ns: boot.wall.0,
        agent: env!("CARGO_PKG_VERSION").to_owned(),
        is_virtual: true,
        groups: Vec::new(),
        channels: Vec::new(),
    };
    let (reason, detail): (FinishReason, String) = (end.reason, end.detail.clone());
    let finished = [Frame::Finished { reason, detail }];
    let mut bytes = write_header(&header);
    for (seq, frame) in (0..).zip(frames.iter().chain(&finished)) {
        write_frame(&mut bytes, seq, boot.mono.0, frame);
    }
    create(plan)?.write_all(&bytes).map_err(AgentError::io("writing", plan.journal()))
}
