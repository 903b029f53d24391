//! What a runner says about itself and its placement, bounded before it goes into the journal.

use edgesoak_protocol::job::Job;
use edgesoak_protocol::journal::Frame;
use edgesoak_protocol::runner::{self, Event, PlacedShare, Placement};

const MAX_NAME_BYTES: usize = 100;
const MAX_RAW_BYTES: usize = 4 << 10;
const MAX_LIST: usize = 64;

/// Whether the answer to `hello` is one, in a version that we speak.
pub(crate) fn speaks_our_version(caps: &Event) -> Result<(), String> {
    match caps {
        Event::Caps { version, .. } if *version == runner::VERSION => Ok(()),
        Event::Caps { version, .. } => {
            Err(format!("it speaks version {version} of the protocol, the agent speaks {}", runner::VERSION))
        }
        _ => Err("its answer to hello is something else".to_owned()),
    }
}

/// Whether the runtime can do what the job asks, by its own word; what it says is bounded by what is looked for.
pub(crate) fn can_serve(caps: &Event, job: &Job) -> Result<(), &'static str> {
    match caps {
        Event::Caps { decodes: false, .. } if !job.workload.is_of_items => {
            Err("the runtime decodes nothing: no length can be forced on its answers, so it needs items")
        }
        Event::Caps { inputs, .. }
            if !job.workload.images.is_empty() && !inputs.iter().any(|input| input == runner::IMAGE) =>
        {
            Err(
                "the runtime takes no images, and prompts name some: choose one whose `caps` name `image`, or prompts without",
            )
        }
        _ => Ok(()),
    }
}

/// The frames of a loaded runtime: `RuntimeStarted` and `Placement`.
pub(crate) fn started(pid: u32, caps: Event, loaded: Event, job: &Job) -> Result<(Frame, Frame), String> {
    let (Event::Caps { runtime, runtime_version, cpu_features, .. }, Event::Loaded { load_ms, placement }) =
        (caps, loaded)
    else {
        return Err("its answer to load is something else".to_owned());
    };
    let frame = Frame::RuntimeStarted {
        pid,
        runtime: bounded(&runtime, MAX_NAME_BYTES),
        runtime_version: bounded(&runtime_version, MAX_NAME_BYTES),
        cpu_features: cpu_features.iter().take(MAX_LIST).map(|name| bounded(name, MAX_NAME_BYTES)).collect(),
        load_ns: nanoseconds(load_ms)?,
        threads: job.runner.threads,
        ctx: job.runner.ctx,
    };
    Ok((frame, placed(&placement, job)?))
}

fn placed(placement: &Placement, job: &Job) -> Result<Frame, String> {
    Ok(Frame::Placement {
        // What was asked for is ours to say, not the runner's.
        requested: job.runner.requested_device.clone(),
        actual: placement.actual.iter().take(MAX_LIST).map(share).collect::<Result<_, _>>()?,
        unit: bounded(&placement.unit, MAX_NAME_BYTES),
        evidence: bounded(&placement.evidence, MAX_NAME_BYTES),
        raw: bounded(&placement.raw, MAX_RAW_BYTES),
        confidence: bounded(&placement.confidence, MAX_NAME_BYTES),
    })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be a part of one")]
fn share(placed: &PlacedShare) -> Result<(String, u32, u32), String> {
    if !(0.0..=1.0).contains(&placed.share) {
        return Err("a share of its placement is no part of one".to_owned());
    }
    let millionths = (placed.share * 1e6).round() as u32;
    Ok((bounded(&placed.device, MAX_NAME_BYTES), placed.units, millionths))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be in range")]
fn nanoseconds(ms: f64) -> Result<u64, String> {
    if (0.0..=86_400_000.0).contains(&ms) {
        Ok((ms * 1e6) as u64)
    } else {
        Err("its load time cannot be".to_owned())
    }
}

/// The code of an error, if it is one of the protocol's: any other word might be a word of an answer.
pub(crate) fn word(code: &str) -> String {
    let known = [
        "bad-request",
        "cpu-unsupported",
        "load-failed",
        "prompt-too-long",
        "decode-failed",
        runner::IMAGE_UNSUPPORTED,
    ];
    known.into_iter().find(|known| *known == code).unwrap_or("unknown-error").to_owned()
}

/// At most `limit` bytes of a foreign text, on a character's boundary, without control characters.
pub(crate) fn bounded(text: &str, limit: usize) -> String {
    let end = text.floor_char_boundary(limit);
    text[..end].chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_cut_between_characters() {
        assert_eq!(bounded("aé", 2), "a");
        assert_eq!(bounded("a\u{1b}[31m\n", 40), "a [31m\n");
    }

    #[test]
    fn impossible_numbers_are_refused() {
        assert!(nanoseconds(f64::NAN).is_err());
        assert!(nanoseconds(-1.0).is_err());
        assert_eq!(nanoseconds(1.5), Ok(1_500_000));
        let share_of = |part| share(&PlacedShare { device: "cpu".into(), units: 1, share: part });
        assert!(share_of(1.2).is_err());
        assert_eq!(share_of(0.5), Ok(("cpu".into(), 1, 500_000)));
    }

    #[test]
    fn only_our_version_is_spoken() {
        let caps = |version| Event::Caps {
            version,
            runtime: String::new(),
            runtime_version: String::new(),
            cpu_features: Vec::new(),
            devices: Vec::new(),
            inputs: runner::text_alone(),
            decodes: true,
        };
        assert_eq!(speaks_our_version(&caps(runner::VERSION)), Ok(()));
        assert!(speaks_our_version(&caps(runner::VERSION + 1)).is_err());
    }
}
