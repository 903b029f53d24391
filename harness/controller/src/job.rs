//! The job: a planned session in the agent's words.

use std::collections::BTreeSet;

use edgesoak_protocol::job::{
    Artifact, Job, LEAST_COMMAND_PERIOD_MS, Phases, Recovery, Retrieval, Runner, Sampling, Setting,
    SettleRule, StopAt, TemplateSource, VERSION, Workload,
};
use edgesoak_protocol::units::Hertz;
use edgesoak_record::plan::{Charger, NamedTemplate, PlannedSession, SourceFile, Template, Threads};

/// Tokens decoded before the soak, so that burst is not measured on a cold cache; more would heat the device.
const WARM_TOKENS: u32 = 8;
/// A phone may load a large model for minutes without a word.
const SILENCE_LIMIT_MS: u64 = 180_000;
const SLOW_PERIOD_MS: u64 = 1000;

/// Names of the inputs below a session's directory on the device.
pub(crate) const PROMPTS: &str = "inputs/prompts.jsonl";
pub(crate) const CORPUS: &str = "inputs/corpus.jsonl";
pub(crate) const TEMPLATE: &str = "inputs/template.jinja";
pub(crate) const ITEMS: &str = "inputs/items.jsonl";

/// Where content lies on a device, relative to the agent's root.
pub(crate) fn stored(sha256: &str) -> String {
    format!("store/{sha256}")
}

/// The job of `planned` in `run`, for a device with `cores` processors and a runner program with this digest; `images` are
/// the digests of all pictures that it shows.
pub(crate) fn job_for(
    planned: &PlannedSession,
    run: &str,
    runner_sha256: &str,
    cores: u32,
    images: &BTreeSet<String>,
) -> Job {
    let (workload, candidate) = (&planned.workload, &planned.candidate);
    Job {
        version: VERSION,
        run: run.to_owned(),
        session: planned.session.clone(),
        runner: Runner {
            program: stored(runner_sha256),
            args: candidate.runner_args.clone(),
            requested_device: candidate.placement.clone(),
            threads: threads(candidate.threads, cores),
            ctx: candidate.context,
            silence_limit_ms: SILENCE_LIMIT_MS,
        },
        artifact: Artifact { path: stored(&candidate.sha256), sha256: candidate.sha256.clone() },
        workload: Workload {
            prompts: input(PROMPTS, &workload.prompts),
            template: match &workload.template {
                Template::Artifact => TemplateSource::Artifact,
                Template::File(file) => TemplateSource::File(input(TEMPLATE, file)),
                Template::Named(NamedTemplate::Question) => TemplateSource::Question,
            },
            retrieval: workload.retrieval.as_ref().map(|retrieval| Retrieval {
                corpus: input(CORPUS, &retrieval.corpus),
                top_k: retrieval.top_k,
            }),
            output_tokens: workload.output_tokens,
            is_of_items: workload.is_of_items,
            think_time_ms: workload.think_time.0,
            images: images
                .iter()
                .map(|sha256| Artifact { path: image(sha256), sha256: sha256.clone() })
                .collect(),
        },
        phases: Phases {
            warm_tokens: WARM_TOKENS,
            soak_ms: workload.duration.0,
            recovery: workload
                .recovery_probe
                .map(|probe| Recovery { rest_ms: probe.rest.0, burst_ms: probe.burst.0 }),
        },
        sampling: Sampling {
            fast_period_ms: fast_period_ms(workload.sample_rate),
            slow_period_ms: SLOW_PERIOD_MS,
            command_period_ms: LEAST_COMMAND_PERIOD_MS,
        },
        stop_at: StopAt {
            temperature_celsius: planned.device.stop_at.temperature.map(|limit| limit.0),
            battery_percent: planned.device.stop_at.battery_percent,
        },
        settle: settle(planned),
        settings: settings(planned),
        unplug: None,
        answering: None,
        local_only: planned.route.local_only,
    }
}

/// A charger that is a node of the device is a setting like any other.
fn settings(planned: &PlannedSession) -> Vec<Setting> {
    let beside = &planned.device.beside;
    let setting = |name: &str, value: &str| Setting { name: name.to_owned(), value: value.to_owned() };
    let charging = (beside.charger == Some(Charger::Node)).then(|| setting("charging", "off"));
    let others = beside.settings.iter().map(|one| setting(&one.name, &one.value));
    charging.into_iter().chain(others).collect()
}

/// Where a picture lies below a session's directory: by its digest, as prompts and items name it.
pub(crate) fn image(sha256: &str) -> String {
    format!("inputs/images/{sha256}")
}

fn input(path: &str, file: &SourceFile) -> Artifact {
    Artifact { path: path.to_owned(), sha256: file.sha256.clone() }
}

fn threads(threads: Threads, cores: u32) -> u32 {
    match threads {
        Threads::CoresLess(spared) => cores.saturating_sub(spared).max(1),
        Threads::Exactly(exactly) => exactly.max(1),
    }
}

/// Between 1 and 10 Hz, whatever the plan says; not a number reads as the slowest.
fn fast_period_ms(rate: Hertz) -> u64 {
    let period = 1000.0 / rate.0.clamp(1.0, 10.0);
    (100..=1000).rev().find(|ms| *ms as f64 <= period).unwrap_or(1000)
}

/// Where nothing is expected to heat, nothing need settle.
fn settle(planned: &PlannedSession) -> Option<SettleRule> {
    let settle = planned.workload.settle.filter(|_| planned.device.hardware_heat)?;
    Some(SettleRule {
        max_drift: settle.max_drift,
        max_rise_kelvin: settle.max_rise.0,
        tau_seconds: settle.tau_s,
        step_ms: settle.step.0,
        max_soak_ms: settle.max_soak.0,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn threads_are_at_least_one() {
        assert_eq!(threads(Threads::CoresLess(1), 8), 7);
        assert_eq!(threads(Threads::CoresLess(4), 2), 1);
        assert_eq!(threads(Threads::Exactly(0), 8), 1);
    }

    #[test]
    fn rates_become_periods() {
        let cases =
            [(10.0, 100), (4.0, 250), (3.0, 333), (1.0, 1000), (0.1, 1000), (1e9, 100), (f64::NAN, 1000)];
        for (hertz, ms) in cases {
            assert_eq!(fast_period_ms(Hertz(hertz)), ms, "{hertz} Hz");
        }
    }

    proptest! {
        #[test]
        fn every_rate_is_one_that_agents_take(hertz: f64) {
            prop_assert!((100..=1000).contains(&fast_period_ms(Hertz(hertz))));
        }
    }
}
