//! What `llama-bench -o jsonl` prints: one object per test, with the time of each repetition.
//!
//! Repetitions follow each other, but nothing says when each began: their rates stand side by side, and whoever reads
//! them knows that the pauses between them are not in the file. Tests that decode nothing are no sessions.

use edgesoak_protocol::units::Nanos;
use edgesoak_record::import::RateWindows;
use serde_json::Value;

use crate::complaint::Complaint;
use crate::documents::{Object, field, number, words, wrong};
use crate::format::Format;
use crate::limits::{RATE, SESSION_S};
use crate::number::nanos;
use crate::recording::{Counted, Rates, Recording};
use crate::said::fact;

/// Whether an object is a test of this kind.
pub(crate) fn fits(object: &Object) -> bool {
    object.contains_key("n_gen")
        && ["samples_ns", "samples_ts", "avg_ns"].iter().any(|key| object.contains_key(*key))
}

/// One object as a session; `None` for a test that decodes nothing.
pub(crate) fn recording(line: u64, object: &Object) -> Result<Option<Recording>, Complaint> {
    let tokens = number(line, object, "n_gen", 0.0, 1e9)?.unwrap_or(0.0);
    let prompt = number(line, object, "n_prompt", 0.0, 1e9)?.unwrap_or(0.0);
    // A test of both times them together: its rate is not one of decoding.
    if tokens < 1.0 || prompt > 0.0 {
        return Ok(None);
    }
    let took = took(line, object)?;
    if took.is_empty() {
        return Ok(None);
    }
    let mut found = Recording::new(Format::LlamaBench, line);
    describe(object, &mut found);
    let (mut end, mut readings) = (0.0, Vec::with_capacity(took.len()));
    for seconds in took {
        let rate = crate::number::within(line, "n_gen by samples_ns", tokens / seconds, 0.0, RATE)?;
        end = crate::number::within(line, "samples_ns", end + seconds, 0.0, SESSION_S)?;
        readings.push((nanos(end), Ok(rate)));
    }
    found.rates = Some(Rates {
        counted: Counted::Tokens,
        windows: RateWindows { length: None::<Nanos>, is_timed: false },
        source: "samples_ns".to_owned(),
        readings,
    });
    Ok(Some(found))
}

/// Seconds that each repetition took.
fn took(line: u64, object: &Object) -> Result<Vec<f64>, Complaint> {
    let list = match field(object, "samples_ns") {
        None => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(wrong(line, "samples_ns", "a list of numbers")),
    };
    let seconds = |value: &Value| {
        let nanos = value.as_f64().ok_or_else(|| wrong(line, "samples_ns", "a list of numbers"))?;
        crate::number::within(line, "samples_ns", nanos / 1e9, 1e-9, SESSION_S)
    };
    list.iter().map(seconds).collect()
}

fn describe(object: &Object, found: &mut Recording) {
    found.names.runtime = Some("llama.cpp".to_owned());
    let file = words(object, "model_filename");
    // Only the name: folders are somebody's own.
    let name = file.as_deref().map(|path| path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned());
    found.names.model = name.or_else(|| words(object, "model_type"));
    for (about, key) in [
        ("model type", "model_type"),
        ("processor", "cpu_info"),
        ("graphics", "gpu_info"),
        ("backends", "backends"),
        ("threads", "n_threads"),
        ("layers on graphics", "n_gpu_layers"),
        ("tokens per repetition", "n_gen"),
        ("context before", "n_depth"),
        ("build", "build_commit"),
        ("taken at", "test_time"),
    ] {
        if let Some(text) = words(object, key) {
            fact(&mut found.facts, about, &text);
        }
    }
}
