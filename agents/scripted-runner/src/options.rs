//! What the runner was told to play.

use std::fs::{self, File};
use std::io::Read;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use edgesoak_protocol::answer_script::{self, AnswerScript};
use lexopt::prelude::*;

use crate::schedule::Curve;

pub const HELP: &str = "\
Speaks the runner protocol on stdin and stdout with a timing of your choice; no model is computed.

    edgesoak-scripted-runner [OPTIONS]

Timing
    --load-ms N            time to load (5)
    --prefill-ms N         time from a request to its first token (20)
    --itl-ms N             time between tokens (10)
    --rate-curve CURVE     seconds since load:tokens/s, each valid until the next: 0:100,30:60
                           (or @FILE with one pair per line); replaces --itl-ms
    --jitter-seed N        varies every step by up to 10 % either way, the same way for the same seed
    --answers FILE         what is answered where the answer may end by itself, a word a token: JSON lines of
                           `asked`, words by which the question is known in the prompt, `answer`, and `confidence`
                           where the runner says how sure it is
    --eos-after N          length of an answer that may end by itself (16)
    --images               takes pictures, and opens each without looking at it

Faults (N counts tokens since the start)
    --die-after-tokens N   killed, as if memory had run out
    --hang-after-tokens N  silent for ever
    --garbage-after N      one line of bytes that are no event
    --lie-count            says one token more than it gave
    --backwards-time       the third token of each prompt lies before the second
    --error-on-load        cannot load
    --connect ADDRESS:PORT opens a connection and keeps it to its end, saying nothing

Placement
    --placement WHERE      cpu, gpu or unknown (cpu)

Virtual phones
    --phone DIR            the phone's own engine plays, at the pace of its body, and nothing above counts;
                           DIR is /dev/virtual-phone on one that is reached over ADB
";

/// Where the runner claims that the work runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    Cpu,
    Gpu,
    Unknown,
}

/// Everything that can be chosen.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own on the command line")]
pub struct Options {
    pub load: Duration,
    pub prefill: Duration,
    pub curve: Curve,
    pub jitter_seed: Option<u64>,
    pub eos_after: u32,
    pub answers: AnswerScript,
    pub images: bool,
    pub die_after: Option<u64>,
    pub hang_after: Option<u64>,
    pub garbage_after: Option<u64>,
    pub lie_count: bool,
    pub backwards_time: bool,
    pub error_on_load: bool,
    pub connect: Option<SocketAddr>,
    pub claim: Claim,
    /// The folder of the virtual phone whose engine plays instead.
    pub phone: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            load: Duration::from_millis(5),
            prefill: Duration::from_millis(20),
            curve: Curve::every(10.0),
            jitter_seed: None,
            eos_after: 16,
            answers: AnswerScript::default(),
            images: false,
            die_after: None,
            hang_after: None,
            garbage_after: None,
            lie_count: false,
            backwards_time: false,
            error_on_load: false,
            connect: None,
            claim: Claim::Cpu,
            phone: None,
        }
    }
}

/// The options on a command line, or `None` if help was asked for.
pub fn parse(mut parser: lexopt::Parser) -> Result<Option<Options>, lexopt::Error> {
    let mut options = Options::default();
    while let Some(argument) = parser.next()? {
        let Long(name) = argument else {
            if argument == Short('h') {
                return Ok(None);
            }
            return Err(argument.unexpected());
        };
        match name {
            "help" => return Ok(None),
            "load-ms" => options.load = millis(&mut parser)?,
            "prefill-ms" => options.prefill = millis(&mut parser)?,
            "itl-ms" => options.curve = Curve::every(millis(&mut parser)?.as_secs_f64() * 1e3),
            "rate-curve" => options.curve = curve(&mut parser)?,
            "jitter-seed" => options.jitter_seed = Some(parser.value()?.parse()?),
            "eos-after" => options.eos_after = parser.value()?.parse()?,
            "answers" => options.answers = script(parser.value()?.into())?,
            "images" => options.images = true,
            "die-after-tokens" => options.die_after = Some(parser.value()?.parse()?),
            "hang-after-tokens" => options.hang_after = Some(parser.value()?.parse()?),
            "garbage-after" => options.garbage_after = Some(parser.value()?.parse()?),
            "lie-count" => options.lie_count = true,
            "backwards-time" => options.backwards_time = true,
            "error-on-load" => options.error_on_load = true,
            "connect" => options.connect = Some(parser.value()?.parse()?),
            "phone" => options.phone = Some(parser.value()?.into()),
            "placement" => options.claim = parser.value()?.parse_with(claim)?,
            _ => return Err(argument.unexpected()),
        }
    }
    Ok(Some(options))
}

fn millis(parser: &mut lexopt::Parser) -> Result<Duration, lexopt::Error> {
    parser.value()?.parse_with(|text| {
        text.parse::<f64>()
            .ok()
            .filter(|ms| (0.0..=86_400_000.0).contains(ms))
            .map(|ms| Duration::from_secs_f64(ms / 1e3))
            .ok_or("not a number of milliseconds")
    })
}

fn curve(parser: &mut lexopt::Parser) -> Result<Curve, lexopt::Error> {
    let text = parser.value()?.string()?;
    let text = match text.strip_prefix('@') {
        Some(file) => {
            fs::read_to_string(PathBuf::from(file)).map_err(|error| lexopt::Error::Custom(Box::new(error)))?
        }
        None => text,
    };
    text.parse().map_err(|error: &str| error.into())
}

fn script(file: PathBuf) -> Result<AnswerScript, lexopt::Error> {
    let mut text = String::new();
    let read =
        File::open(file).and_then(|file| file.take(answer_script::MAX_BYTES).read_to_string(&mut text));
    read.map_err(|error| lexopt::Error::Custom(Box::new(error)))?;
    AnswerScript::parse(&text).map_err(|error| lexopt::Error::Custom(Box::new(error)))
}

fn claim(text: &str) -> Result<Claim, &'static str> {
    match text {
        "cpu" => Ok(Claim::Cpu),
        "gpu" => Ok(Claim::Gpu),
        "unknown" => Ok(Claim::Unknown),
        _ => Err("not one of cpu, gpu, unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(args: &[&str]) -> Result<Option<Options>, lexopt::Error> {
        parse(lexopt::Parser::from_args(args))
    }

    #[test]
    fn every_option_has_its_effect() {
        let args = "--load-ms 1 --prefill-ms 2.5 --rate-curve 0:100,30:60 --jitter-seed 7 --eos-after 3 \
                    --die-after-tokens 4 --hang-after-tokens 5 --garbage-after 6 --lie-count --backwards-time --images \
                    --error-on-load --connect 127.0.0.1:9 --placement gpu --phone /d";
        let options = parsed(&args.split_whitespace().collect::<Vec<_>>()).expect("valid").expect("no help");
        assert_eq!(
            options,
            Options {
                load: Duration::from_millis(1),
                prefill: Duration::from_micros(2500),
                curve: "0:100,30:60".parse().expect("a curve"),
                jitter_seed: Some(7),
                eos_after: 3,
                answers: AnswerScript::default(),
                images: true,
                die_after: Some(4),
                hang_after: Some(5),
                garbage_after: Some(6),
                lie_count: true,
                backwards_time: true,
                error_on_load: true,
                connect: Some(([127, 0, 0, 1], 9).into()),
                claim: Claim::Gpu,
                phone: Some("/d".into()),
            }
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for args in
            [&["--itl-ms", "-1"][..], &["--rate-curve", "x"], &["--placement", "moon"], &["--tokens"], &["x"]]
        {
            assert!(parsed(args).is_err(), "{args:?}");
        }
        assert_eq!(parsed(&["-h"]).expect("valid"), None);
    }
}
