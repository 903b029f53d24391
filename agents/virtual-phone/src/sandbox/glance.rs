//! A look at every channel of a phone at rest: the first ticks of a session that does next to nothing, and as many more
//! as somebody wants to watch.
//!
//! A recording is the only place that knows the whole channel table, so that a probe tells of the same channels as a
//! journal does.

use std::time::Duration;

use edgesoak_agent::{Series, qualities};

use edgesoak_protocol::job::{
    Artifact, Job, LEAST_COMMAND_PERIOD_MS, Phases, Runner, Sampling, StopAt, TemplateSource, VERSION,
    Workload,
};
use edgesoak_protocol::journal::{Frame, read_all};
use edgesoak_protocol::quality::Quality;
use edgesoak_protocol::units::{Bytes, Nanos};
use edgesoak_protocol::{ChannelSpec, RawReading, Reason};

use super::sheet::Phone;
use crate::error::PhoneError;
use crate::load::{Accelerator, Candidate};
use crate::profile::Kind;
use crate::record::{self, Boot, Item, Settings, Work};
use crate::telemetry::{FAST, SLOW};

/// A channel with its first reading and what watching it told.
pub(super) struct Seen {
    pub(super) spec: ChannelSpec,
    pub(super) first: RawReading,
    pub(super) quality: Quality,
}

/// Every channel, after watching them for so long.
pub(super) fn at_rest(phone: &Phone, watch: Duration) -> Result<Vec<Seen>, PhoneError> {
    let has_cores = phone.profile.clusters.iter().any(|cluster| cluster.kind == Kind::Cpu);
    let job = job(u64::try_from(watch.as_millis()).unwrap_or(u64::MAX));
    let work = Work {
        job: &job,
        candidate: Candidate {
            name: "a glance".to_owned(),
            accelerator: if has_cores { Accelerator::Cpu { threads: 1 } } else { Accelerator::Gpu },
            weights: Bytes(1 << 20),
            kv_per_token: Bytes(1),
            resident: Bytes(0),
            flop_per_token: 1e6,
            prompt_tokens: 1,
            output_tokens: 1,
        },
        cycle: &[Item { id: String::new(), sha256: String::new(), bytes: 0 }],
        questions: &[],
        verified: &[],
        settings: Settings::default(),
    };
    let device = record::Phone {
        profile: &phone.profile,
        seed: phone.sheet.seed,
        surroundings: phone.surroundings,
        // What goes wrong goes wrong in sessions.
        faults: &[],
        boot: Boot { id: String::new(), mono: Nanos(0), boottime: Nanos(0), wall: Nanos(0) },
    };
    let mut journal = Vec::new();
    record::record(&device, &work, &mut journal)?;
    let Ok((header, entries, _)) = read_all(&journal) else { return Ok(Vec::new()) };
    let frames: Vec<(u64, Frame)> = entries.into_iter().map(|entry| (entry.t_mono_ns, entry.frame)).collect();
    Ok(seen(header.channels, &frames, !watch.is_zero()))
}

fn seen(specs: Vec<ChannelSpec>, frames: &[(u64, Frame)], watched: bool) -> Vec<Seen> {
    let places = places(&specs);
    let series: Vec<Series> =
        specs.iter().zip(&places).map(|(spec, place)| series(spec, *place, frames)).collect();
    let qualities = if watched { qualities(&specs, &series) } else { vec![Quality::default(); specs.len()] };
    let seen = specs.into_iter().zip(places).zip(qualities).map(|((spec, place), quality)| {
        let first = place.and_then(|place| readings(frames, spec.group, place).next().map(|(_, raw)| raw));
        let why = spec.missing.unwrap_or(Reason::Absent);
        Seen { first: first.unwrap_or(RawReading(Err(why))), spec, quality }
    });
    seen.collect()
}

/// Where each channel stands in the ticks of its group.
fn places(specs: &[ChannelSpec]) -> Vec<Option<usize>> {
    let mut next = [0; 256];
    let place = |spec: &ChannelSpec| {
        let next = &mut next[usize::from(spec.group)];
        spec.missing.is_none().then(|| std::mem::replace(next, *next + 1))
    };
    specs.iter().map(place).collect()
}

/// What a channel read, with the times.
fn readings(frames: &[(u64, Frame)], of: u8, place: usize) -> impl Iterator<Item = (u64, RawReading)> {
    frames.iter().filter_map(move |(t_ns, frame)| match frame {
        Frame::Tick { group, values } if *group == of => Some((*t_ns, *values.get(place)?)),
        _ => None,
    })
}

/// The values of a channel of a file: those of programs come too seldom to tell anything, and a runtime is not there when
/// a device is watched.
fn series(spec: &ChannelSpec, place: Option<usize>, frames: &[(u64, Frame)]) -> Series {
    let Some(place) = place.filter(|_| is_watched(spec)) else { return Series::new() };
    let value = |(t_ns, raw): (u64, RawReading)| Some((t_ns as f64 / 1e9, spec.value(raw.0).ok()?));
    readings(frames, spec.group, place).filter_map(value).collect()
}

fn is_watched(spec: &ChannelSpec) -> bool {
    [FAST, SLOW].contains(&spec.group) && !spec.source.starts_with("/proc/RUNTIME")
}

/// One token, and then a rest of so long.
fn job(rest_ms: u64) -> Job {
    let nothing = || Artifact { path: String::new(), sha256: String::new() };
    Job {
        version: VERSION,
        run: "glance".to_owned(),
        session: "glance".to_owned(),
        runner: Runner {
            program: String::new(),
            args: Vec::new(),
            requested_device: "cpu".to_owned(),
            threads: 1,
            ctx: 16,
            silence_limit_ms: 1000,
        },
        artifact: nothing(),
        workload: Workload {
            prompts: nothing(),
            template: TemplateSource::Artifact,
            retrieval: None,
            output_tokens: 1,
            is_of_items: false,
            think_time_ms: rest_ms,
            images: Vec::new(),
        },
        phases: Phases { warm_tokens: 0, soak_ms: rest_ms.max(1), recovery: None },
        sampling: Sampling {
            fast_period_ms: 100,
            slow_period_ms: 1000,
            command_period_ms: LEAST_COMMAND_PERIOD_MS,
        },
        stop_at: StopAt::default(),
        settle: None,
        settings: Vec::new(),
        unplug: None,
        answering: None,
        local_only: false,
    }
}
