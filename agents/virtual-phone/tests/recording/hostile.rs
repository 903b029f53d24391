//! Whatever is asked for and whatever goes wrong, a recording ends, and its journal can be read.

use std::collections::BTreeMap;

use edgesoak_protocol::job::{Recovery, SettleRule};
use edgesoak_protocol::journal::Frame;
use edgesoak_virtual_phone::fault::CATALOGUE;
use edgesoak_virtual_phone::profile::built_in_names;
use proptest::prelude::*;

use crate::made::{Made, Read};

/// Words of some fault at some moment.
fn fault() -> impl Strategy<Value = String> {
    (0..CATALOGUE.len(), 0_u32..40).prop_map(|(index, second)| {
        let kind = CATALOGUE[index];
        if kind.has_moment { format!("{}@{second}s", kind.name) } else { kind.name.to_owned() }
    })
}

fn made() -> impl Strategy<Value = Made> {
    let what = (0..8_usize, 0..100_u64, 1..40_u64, prop::collection::vec(fault(), 0..4));
    let how = (0..2_000_u64, 100..1_000_u64, 0..3_u64, prop::bool::ANY, 0..9_u32, 1..64_u32);
    (what, how).prop_map(|((profile, seed, seconds, faults), (think, fast, rest, settles, warm, output))| {
        let mut made = Made::soak(seconds);
        made.profile = built_in_names().nth(profile).expect("eight profiles");
        made.seed = seed;
        // What cannot fall back to the processor is another error.
        made.faults = faults.into_iter().filter(|words| words != "cpu-fallback").collect();
        made.job.workload.think_time_ms = think;
        made.job.workload.output_tokens = output;
        made.job.sampling.fast_period_ms = fast;
        made.job.phases.warm_tokens = warm;
        made.job.phases.recovery =
            (rest > 0).then_some(Recovery { rest_ms: rest * 1_000, burst_ms: rest * 700 });
        made.job.settle = settles.then_some(SettleRule {
            max_drift: 0.05,
            max_rise_kelvin: 1.5,
            tau_seconds: 400.0,
            step_ms: 5_000,
            max_soak_ms: seconds * 1_000 + 7_000,
        });
        made
    })
}

/// Every prompt is submitted once, told of in order, and ended at most once.
fn check_prompts(read: &Read) -> Result<(), TestCaseError> {
    let mut ended: BTreeMap<u32, u32> = BTreeMap::new();
    let mut next = 0;
    for frame in read.frames() {
        match frame {
            Frame::PromptSubmitted { prompt, .. } => {
                prop_assert_eq!(*prompt, next);
                next += 1;
            }
            Frame::TokenBatch { prompt, .. } => prop_assert_eq!(*prompt + 1, next),
            Frame::PromptDone { prompt, decoded_tokens, .. } => {
                prop_assert_eq!(*prompt + 1, next);
                prop_assert!(ended.insert(*prompt, *decoded_tokens).is_none());
            }
            _ => {}
        }
    }
    let tokens = read.tokens();
    for (prompt, decoded) in ended {
        prop_assert_eq!(tokens[prompt as usize].len(), decoded as usize);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_recording_ends_and_reads(made in made()) {
        let read = made.read();
        prop_assert!(read.entries.windows(2).all(|pair| pair[0].t_mono_ns <= pair[1].t_mono_ns));
        prop_assert!(read.entries.iter().zip(0..).all(|(entry, seq)| entry.seq == seq));
        let has_end = matches!(read.last(), Frame::Finished { .. });
        prop_assert_eq!(has_end, read.recorded.reason.is_some());
        prop_assert_eq!(has_end, read.recorded.down.is_none());
        check_prompts(&read)?;
    }
}
