//! The job of a row, as an agent would get it.

use edgesoak_protocol::job::{
    Artifact, Job, Phases, Runner, Sampling, StopAt, TemplateSource, VERSION, Workload,
};

use super::{OUTPUT_TOKENS, Row, SOAK};

pub(super) fn job(row: &Row, run: &str, session: &str) -> Job {
    let file = |path: &str, digit| Artifact { path: path.to_owned(), sha256: digest(digit) };
    Job {
        version: VERSION,
        run: run.to_owned(),
        session: session.to_owned(),
        runner: Runner {
            program: "bin/virtual-runner".to_owned(),
            args: Vec::new(),
            requested_device: row.candidate.device.clone(),
            threads: row.candidate.threads,
            ctx: 2_048,
            silence_limit_ms: 60_000,
        },
        artifact: file("store/model", 'a'),
        workload: Workload {
            prompts: file("prompts.jsonl", 'b'),
            template: TemplateSource::Artifact,
            retrieval: None,
            output_tokens: OUTPUT_TOKENS,
            is_of_items: false,
            think_time_ms: 0,
            images: Vec::new(),
        },
        phases: Phases { warm_tokens: 8, soak_ms: SOAK.0, recovery: None },
        sampling: Sampling { fast_period_ms: 500, slow_period_ms: 1_000, command_period_ms: 10_000 },
        stop_at: StopAt { temperature_celsius: row.stop_at_c, battery_percent: None },
        settle: None,
        settings: Vec::new(),
        unplug: None,
        answering: None,
        local_only: false,
    }
}

/// A digest that a reader recognises.
pub(super) fn digest(digit: char) -> String {
    String::from(digit).repeat(64)
}
