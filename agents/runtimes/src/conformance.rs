//! Whether a runner keeps the protocol: what its author runs before anybody else does.

use std::path::Path;
use std::time::Duration;

use edgesoak_protocol::journal::RuntimeEnd;
use edgesoak_protocol::runner::{Event, Finish, IMAGE, IMAGE_UNSUPPORTED, Placement, Request, VERSION};

use crate::examine::{Examined, Transcript};
use crate::{RunnerProcess, Spawn};

/// Context length that the check asks for, tokens.
const CTX: u32 = 1024;
/// Forced length of its prompts, tokens.
const LENGTH: u32 = 16;
/// Longest answer to its question, tokens.
const LONGEST: u32 = 64;
/// A prompt that every model can read.
const PROMPT: &str = "Name three parts of a pump and say what each of them does.";

/// One rule of `docs/runner_protocol.md`, and whether the runner kept it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable word of the rule.
    pub rule: &'static str,
    /// What came out.
    pub outcome: Outcome,
}

/// Whether a rule was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was.
    Kept,
    /// It was not, and how.
    Broken(String),
    /// A rule before it was broken in such a way that this one could not be tried.
    NotTried,
}

/// A PNG of one white pixel.
const WHITE_PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0,
    1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 10, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0xf8,
    0x0f, 0, 1, 1, 1, 0, 0xb1, 0x38, 0xf6, 0x14, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

type Rule = (&'static str, fn(&mut Examined<'_>) -> Result<(), String>);

/// In the order of a session.
const RULES: [Rule; 11] = [
    ("hello", hello),
    ("unknown-request", unknown_request),
    ("load", load),
    ("forced-length", forced_length),
    ("repeatable", repeatable),
    ("own-end", own_end),
    ("stop", stop),
    ("prompt-too-long", prompt_too_long),
    ("image", image),
    ("usable-after-errors", forced_length),
    ("end-of-stdin", end_of_stdin),
];

/// Starts the runner and tries every rule on it, with `artifact` as the model; waits for each answer up to
/// `patience`. Gives one finding per rule, always in the same order.
///
/// # Errors
/// If the program cannot be started.
pub fn check(
    spawn: &Spawn<'_>,
    artifact: &Path,
    patience: Duration,
) -> Result<Vec<Finding>, crate::RuntimeError> {
    let process = RunnerProcess::spawn(spawn)?;
    let mut examined = Examined {
        process,
        artifact,
        dir: spawn.dir,
        patience,
        text: None,
        asked_ns: 0,
        decodes: true,
        takes_images: false,
    };
    let mut lost = false;
    let findings = RULES.map(|(rule, try_it)| {
        if lost {
            return Finding { rule, outcome: Outcome::NotTried };
        }
        let outcome = match try_it(&mut examined) {
            Ok(()) => Outcome::Kept,
            Err(how) => {
                // Without a model nothing more can be asked, and after wrong tokens it is unclear what an
                // answer belongs to.
                lost = matches!(rule, "hello" | "load" | "forced-length" | "stop");
                Outcome::Broken(how)
            }
        };
        Finding { rule, outcome }
    });
    Ok(findings.to_vec())
}

fn hello(examined: &mut Examined<'_>) -> Result<(), String> {
    examined.send(&Request::Hello { version: VERSION })?;
    match examined.event()? {
        Event::Caps { version: VERSION, runtime, devices, decodes, inputs, .. }
            if !runtime.is_empty() && !devices.is_empty() =>
        {
            examined.decodes = decodes;
            examined.takes_images = inputs.iter().any(|input| input == IMAGE);
            Ok(())
        }
        Event::Caps { version: VERSION, .. } => Err("caps without a runtime or a device".to_owned()),
        Event::Caps { version, .. } => Err(format!("it speaks version {version}, not {VERSION}")),
        other => Err(unexpected("caps", &other)),
    }
}

fn unknown_request(examined: &mut Examined<'_>) -> Result<(), String> {
    examined.send_line(b"{\"request\":\"conformance\"}")?;
    examined.refusal("bad-request")
}

fn load(examined: &mut Examined<'_>) -> Result<(), String> {
    let request = Request::Load {
        artifact: examined.artifact.to_string_lossy().into_owned(),
        sha256: "0".repeat(64),
        requested_device: "cpu".to_owned(),
        threads: 1,
        ctx: CTX,
    };
    examined.send(&request)?;
    match examined.event()? {
        Event::Loaded { load_ms, placement } if load_ms.is_finite() && load_ms >= 0.0 => {
            believable(&placement)
        }
        Event::Loaded { .. } => Err("load_ms is no duration".to_owned()),
        other => Err(unexpected("loaded", &other)),
    }
}

fn believable(placement: &Placement) -> Result<(), String> {
    let total: f64 = placement.actual.iter().map(|share| share.share).sum();
    let known = ["observed", "anticipated"].contains(&placement.confidence.as_str());
    if !known && placement.confidence != "unknown" {
        return Err("confidence is none of observed, anticipated, unknown".to_owned());
    }
    if known && (total - 1.0).abs() > 1e-3 {
        return Err(format!("the shares of its placement add up to {total}"));
    }
    if placement.raw.len() > 4096 { Err("raw is longer than 4096 bytes".to_owned()) } else { Ok(()) }
}

fn forced_length(examined: &mut Examined<'_>) -> Result<(), String> {
    if !examined.decodes {
        return refused_length(examined);
    }
    let transcript = examined.prompt(PROMPT, LENGTH)?;
    transcript.is_sound()?;
    if transcript.finish != Finish::Length || transcript.decode_n != LENGTH {
        return Err(format!(
            "{} tokens were forced, {} came ({:?})",
            LENGTH, transcript.decode_n, transcript.finish
        ));
    }
    let Transcript { text: Some(text), .. } = transcript else {
        return Err("text was asked for and not sent".to_owned());
    };
    examined.text.get_or_insert(text);
    Ok(())
}

/// A runner that decodes nothing says that no length can be forced on it, and answers all the same.
fn refused_length(examined: &mut Examined<'_>) -> Result<(), String> {
    examined.ask(PROMPT, LENGTH)?;
    examined.refusal("bad-request")?;
    let text = examined.question(PROMPT, LONGEST)?.text.ok_or("text was asked for and not sent")?;
    examined.text.get_or_insert(text);
    Ok(())
}

fn repeatable(examined: &mut Examined<'_>) -> Result<(), String> {
    let ask = if examined.decodes { Examined::prompt } else { Examined::question };
    ask(examined, "A question about something else entirely: why is rain wet?", LENGTH)?;
    let again = ask(examined, PROMPT, LENGTH)?;
    if again.text == examined.text {
        Ok(())
    } else {
        Err("the same greedy prompt gave another text: something of an earlier prompt was kept".to_owned())
    }
}

/// An answer ends where the model ends it, or at its limit; asked again, the model says the same.
fn own_end(examined: &mut Examined<'_>) -> Result<(), String> {
    let transcript = examined.question(PROMPT, LONGEST)?;
    transcript.is_sound()?;
    match transcript.finish {
        Finish::Eos if (1..=LONGEST).contains(&transcript.decode_n) => {}
        Finish::Length if transcript.decode_n == LONGEST => {}
        other => return Err(format!("{} tokens of {LONGEST} and {other:?}", transcript.decode_n)),
    }
    if transcript.text.is_none() {
        return Err("text was asked for and not sent".to_owned());
    }
    if examined.question(PROMPT, LONGEST)?.text == transcript.text {
        Ok(())
    } else {
        Err("the same greedy question got another answer".to_owned())
    }
}

fn stop(examined: &mut Examined<'_>) -> Result<(), String> {
    if !examined.decodes {
        // Its answer is whole before it could be stopped; what comes late must do no harm.
        examined.question(PROMPT, LONGEST)?;
        return examined.send(&Request::Stop {});
    }
    let max_new = CTX / 2;
    examined.ask(PROMPT, max_new)?;
    examined.send(&Request::Stop {})?;
    let transcript = examined.transcript()?;
    transcript.is_sound()?;
    match transcript.finish {
        Finish::Stopped if (1..=max_new).contains(&transcript.decode_n) => Ok(()),
        // It may have been faster than our request.
        Finish::Length if transcript.decode_n == max_new => Ok(()),
        other => Err(format!("{} tokens and {other:?} after stop", transcript.decode_n)),
    }
}

fn prompt_too_long(examined: &mut Examined<'_>) -> Result<(), String> {
    let prompt = "pump ".repeat(2 * CTX as usize);
    examined.generate(&prompt, LENGTH, examined.decodes)?;
    examined.refusal("prompt-too-long")
}

/// A picture is looked at, or refused: never left out.
fn image(examined: &mut Examined<'_>) -> Result<(), String> {
    let file = examined.dir.join("conformance.png");
    std::fs::write(&file, WHITE_PIXEL).map_err(|error| format!("no picture could be laid down: {error}"))?;
    examined.ask_about(PROMPT, &file)?;
    if examined.takes_images {
        examined.transcript()?.is_sound()
    } else {
        examined.refusal(IMAGE_UNSUPPORTED)
    }
}

fn end_of_stdin(examined: &mut Examined<'_>) -> Result<(), String> {
    match examined.process.wait(examined.patience) {
        Some(RuntimeEnd::Exited(0)) => Ok(()),
        Some(RuntimeEnd::Exited(code)) => Err(format!("it exited with code {code}")),
        _ => Err("it did not exit and was killed".to_owned()),
    }
}

/// What came in place of what was expected, in a few words of ours.
pub(crate) fn unexpected(expected: &str, event: &Event) -> String {
    match event {
        Event::Error { code, message, .. } => format!("error {code} in place of {expected}: {message}"),
        Event::Caps { .. } => format!("caps in place of {expected}"),
        Event::Loaded { .. } => format!("loaded in place of {expected}"),
        Event::FirstToken { .. } => format!("first_token in place of {expected}"),
        Event::Tokens { .. } => format!("tokens in place of {expected}"),
        Event::Done { .. } => format!("done in place of {expected}"),
    }
}
