//! The job document: read with a bound, checked whole before anything starts.

use std::fs::File;
use std::io::Read;

use edgesoak_protocol::job::{
    self, Answering, Artifact, Job, LEAST_COMMAND_PERIOD_MS, Phases, Runner, Sampling, Setting, SettleRule,
    StopAt, TemplateSource, UnplugRule,
};

use crate::digest::is_sha256_hex;
use crate::error::AgentError;
use crate::inputs::Inputs;
use crate::layout::{Home, SessionDir, SessionName};
use crate::settings;

const MAX_BYTES: u64 = 256 << 10;
const HOUR_MS: u64 = 3_600_000;

/// Reads and checks the job of a session.
pub(crate) fn read(home: &Home, dir: &SessionDir, name: &SessionName) -> Result<(Job, Inputs), AgentError> {
    let path = dir.job();
    let mut text = Vec::new();
    File::open(&path)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut text))
        .map_err(|error| AgentError::DecodingJob(format!("{}: {error}", path.display())))?;
    if text.len() as u64 > MAX_BYTES {
        return Err(AgentError::DecodingJob(format!("it is longer than {MAX_BYTES} bytes")));
    }
    let job: Job =
        serde_json::from_slice(&text).map_err(|error| AgentError::DecodingJob(error.to_string()))?;
    check(&job, name).map_err(AgentError::CheckingJob)?;
    let inputs = Inputs::resolve(&job, home, dir)?;
    Ok((job, inputs))
}

/// What the agent can do and what the rest of it relies on.
fn check(job: &Job, name: &SessionName) -> Result<(), String> {
    ensure(job.version == job::VERSION, || {
        format!("its version is {}, the agent knows {}", job.version, job::VERSION)
    })?;
    ensure(job.run == name.run && job.session == name.session, || {
        format!("it belongs to session {}/{}", job.run, job.session)
    })?;
    check_runner(&job.runner)?;
    check_artifact("artifact", &job.artifact)?;
    check_artifact("workload.prompts", &job.workload.prompts)?;
    if let TemplateSource::File(file) = &job.workload.template {
        check_artifact("workload.template", file)?;
    }
    if let Some(retrieval) = &job.workload.retrieval {
        check_artifact("workload.retrieval.corpus", &retrieval.corpus)?;
        within("workload.retrieval.top_k", retrieval.top_k.into(), 1, 64)?;
    }
    within("workload.output_tokens", job.workload.output_tokens.into(), 1, 32_768)?;
    within("the number of workload.images", job.workload.images.len() as u64, 0, 256)?;
    for image in &job.workload.images {
        check_artifact("workload.images", image)?;
    }
    within("workload.think_time_ms", job.workload.think_time_ms, 0, HOUR_MS)?;
    check_phases(&job.phases, job.answering.is_some())?;
    check_sampling(&job.sampling)?;
    check_limits(&job.stop_at)?;
    check_settings(&job.settings)?;
    check_unplug(job.unplug)?;
    job.answering.as_ref().map_or(Ok(()), check_answering)?;
    job.settle.as_ref().map_or(Ok(()), |rule| check_settle(rule, job.phases.soak_ms))
}

fn check_runner(runner: &Runner) -> Result<(), String> {
    within("runner.threads", runner.threads.into(), 1, 1024)?;
    within("runner.ctx", runner.ctx.into(), 1, 1 << 24)?;
    within("runner.silence_limit_ms", runner.silence_limit_ms, 50, HOUR_MS)?;
    within("the number of runner.args", runner.args.len() as u64, 0, 64)?;
    within("the length of runner.requested_device", runner.requested_device.len() as u64, 1, 64)?;
    let plain = |arg: &String| arg.len() <= 4096 && !arg.contains('\0');
    ensure(runner.args.iter().all(plain), || "one of runner.args is too long or holds a NUL".to_owned())
}

fn check_artifact(what: &str, artifact: &Artifact) -> Result<(), String> {
    ensure(is_sha256_hex(&artifact.sha256), || format!("{what}.sha256 is no SHA-256 in lower-case hex"))
}

fn check_phases(phases: &Phases, answers: bool) -> Result<(), String> {
    // More would warm the device before its burst is measured.
    within("phases.warm_tokens", phases.warm_tokens.into(), 0, 8)?;
    within("phases.soak_ms", phases.soak_ms, u64::from(!answers), 48 * HOUR_MS)?;
    ensure(phases.soak_ms > 0 || phases.recovery.is_none(), || {
        "phases.recovery follows a soak, and there is none".to_owned()
    })?;
    let Some(recovery) = &phases.recovery else { return Ok(()) };
    within("phases.recovery.rest_ms", recovery.rest_ms, 0, 2 * HOUR_MS)?;
    within("phases.recovery.burst_ms", recovery.burst_ms, 1, 2 * HOUR_MS)
}

fn check_sampling(sampling: &Sampling) -> Result<(), String> {
    within("sampling.fast_period_ms", sampling.fast_period_ms, 100, 1000)?;
    within("sampling.slow_period_ms", sampling.slow_period_ms, sampling.fast_period_ms, 60_000)?;
    within("sampling.command_period_ms", sampling.command_period_ms, LEAST_COMMAND_PERIOD_MS, HOUR_MS)
}

fn check_settings(settings: &[Setting]) -> Result<(), String> {
    for (index, setting) in settings.iter().enumerate() {
        settings::wanted(setting)?;
        let twice = settings[..index].iter().any(|other| other.name == setting.name);
        ensure(!twice, || format!("the setting {} is named twice", setting.name))?;
    }
    Ok(())
}

fn check_limits(limits: &StopAt) -> Result<(), String> {
    let sane = |value: Option<f64>, low, high| value.is_none_or(|value| (low..=high).contains(&value));
    ensure(sane(limits.temperature_celsius, 0.0, 150.0), || {
        "stop_at.temperature_celsius must be from 0 to 150".to_owned()
    })?;
    ensure(sane(limits.battery_percent, 0.0, 100.0), || {
        "stop_at.battery_percent must be from 0 to 100".to_owned()
    })
}

fn check_unplug(rule: Option<UnplugRule>) -> Result<(), String> {
    let Some(rule) = rule else { return Ok(()) };
    within("unplug.hold_ms", rule.hold_ms, 0, HOUR_MS)?;
    within("unplug.within_ms", rule.within_ms, 1, 48 * HOUR_MS)
}

fn check_answering(answering: &Answering) -> Result<(), String> {
    check_artifact("answering.items", &answering.items)?;
    within("answering.max_new", answering.max_new.into(), 1, 32_768)?;
    within("answering.within_ms", answering.within_ms, 1, 48 * HOUR_MS)?;
    ensure(is_sha256_hex(&answering.salt), || "answering.salt is not 32 bytes in lower-case hex".to_owned())
}

fn check_settle(rule: &SettleRule, soak_ms: u64) -> Result<(), String> {
    let positive = [rule.max_drift, rule.max_rise_kelvin, rule.tau_seconds];
    ensure(positive.iter().all(|value| (f64::MIN_POSITIVE..=1e6).contains(value)), || {
        "settle needs max_drift, max_rise_kelvin and tau_seconds above zero".to_owned()
    })?;
    within("settle.step_ms", rule.step_ms, 1, 2 * HOUR_MS)?;
    within("settle.max_soak_ms", rule.max_soak_ms, soak_ms, 48 * HOUR_MS)
}

fn within(what: &str, value: u64, low: u64, high: u64) -> Result<(), String> {
    ensure((low..=high).contains(&value), || format!("{what} is {value}, it must be from {low} to {high}"))
}

fn ensure(holds: bool, problem: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(problem()) }
}

#[cfg(test)]
#[path = "job_file_tests.rs"]
mod tests;
