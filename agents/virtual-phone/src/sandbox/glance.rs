//! One look at every channel of a phone at rest: the first ticks of a session that has hardly begun.
//!
//! A recording is the only place that knows the whole channel table, so that a probe tells of the same channels as a
//! journal does.

use edgesoak_protocol::job::{
    Artifact, Job, LEAST_COMMAND_PERIOD_MS, Phases, Runner, Sampling, StopAt, TemplateSource, VERSION,
    Workload,
};
use edgesoak_protocol::journal::{Frame, read_all};
use edgesoak_protocol::units::{Bytes, Nanos};
use edgesoak_protocol::{ChannelSpec, RawReading, Reason};

use super::sheet::Phone;
use crate::error::PhoneError;
use crate::load::{Accelerator, Candidate};
use crate::profile::Kind;
use crate::record::{self, Boot, Item, Work};

/// Every channel with its first reading.
pub(super) fn at_rest(phone: &Phone) -> Result<Vec<(ChannelSpec, RawReading)>, PhoneError> {
    let has_cores = phone.profile.clusters.iter().any(|cluster| cluster.kind == Kind::Cpu);
    let job = job();
    let work = Work {
        job: &job,
        candidate: Candidate {
            name: "a glance".to_owned(),
            accelerator: if has_cores { Accelerator::Cpu { threads: 1 } } else { Accelerator::Gpu },
            weights: Bytes(1 << 20),
            kv_per_token: Bytes(1),
            resident: Bytes(60_000_000),
            flop_per_token: 1e6,
            prompt_tokens: 1,
            output_tokens: 1,
        },
        cycle: &[Item { id: String::new(), sha256: String::new(), bytes: 0 }],
        verified: &[],
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
    Ok(first_readings(&journal))
}

fn first_readings(journal: &[u8]) -> Vec<(ChannelSpec, RawReading)> {
    let Ok((header, entries, _)) = read_all(journal) else { return Vec::new() };
    let first = |group: u8| {
        entries.iter().find_map(|entry| match &entry.frame {
            Frame::Tick { group: ticked, values } if *ticked == group => Some(values.as_slice()),
            _ => None,
        })
    };
    let mut places = vec![0; header.groups.len()];
    let readings = header.channels.into_iter().map(|spec| {
        let group = spec.group;
        let place = places.get_mut(usize::from(group)).filter(|_| spec.missing.is_none());
        let reading = place.and_then(|place| {
            *place += 1;
            first(group)?.get(*place - 1).copied()
        });
        let why = spec.missing.unwrap_or(Reason::Absent);
        (spec, reading.unwrap_or(RawReading(Err(why))))
    });
    readings.collect()
}

/// The shortest session that there is.
fn job() -> Job {
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
            ctx: 1,
            silence_limit_ms: 1000,
        },
        artifact: nothing(),
        workload: Workload {
            prompts: nothing(),
            template: TemplateSource::Artifact,
            retrieval: None,
            output_tokens: 1,
            think_time_ms: 0,
        },
        phases: Phases { warm_tokens: 0, soak_ms: 1, recovery: None },
        sampling: Sampling {
            fast_period_ms: 100,
            slow_period_ms: 1000,
            command_period_ms: LEAST_COMMAND_PERIOD_MS,
        },
        stop_at: StopAt::default(),
        settle: None,
        settings: Vec::new(),
    }
}
