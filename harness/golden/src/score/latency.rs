//! `latency`: the answer was there in time.

use std::time::Duration;

use super::part::{Finding, Outcome};
use super::reading::Reading;
use super::rule::Rule;
use super::unfit::Unfit;
use crate::expect::Latency;
use crate::quantity::{Notation, Unit, find};

const NAME: &str = "latency";
/// Longest limit, in seconds.
const LONGEST: f64 = 86_400.0;

#[derive(Debug)]
pub(crate) struct InTime {
    e2e: Option<Duration>,
    ttft: Option<Duration>,
}

impl InTime {
    pub(crate) fn prepare(most: &Latency) -> Result<Self, Unfit> {
        let limit = |written: &Option<String>| written.as_deref().map(duration).transpose();
        let prepared = Self { e2e: limit(&most.e2e)?, ttft: limit(&most.ttft)? };
        if prepared.e2e.is_none() && prepared.ttft.is_none() {
            return Err(Unfit::new(NAME, "limits nothing"));
        }
        Ok(prepared)
    }
}

fn duration(written: &str) -> Result<Duration, Unfit> {
    let seconds = match (find(&crate::text::plain(written), Notation::English).as_slice(), Unit::parse("s")) {
        ([only], Some(second)) => {
            only.unit.filter(|unit| unit.is_like(second)).map(|unit| unit.convert(only.value, second))
        }
        _ => None,
    };
    let sound = seconds.filter(|seconds| *seconds > 0.0 && *seconds <= LONGEST);
    sound
        .map(Duration::from_secs_f64)
        .ok_or_else(|| Unfit::new(NAME, format!("knows no limit `{written}`; `60 ms` is one")))
}

impl Rule for InTime {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge(&self, reading: &Reading<'_>) -> Finding {
        let limits = [("e2e", self.e2e, reading.e2e()), ("ttft", self.ttft, reading.ttft())];
        let mut outcome = Outcome::Pass;
        let mut reasons = Vec::new();
        for (name, limit, measured) in limits {
            let Some(limit) = limit else { continue };
            match measured {
                None => {
                    reasons.push(format!("{name} was not measured"));
                    outcome = if outcome == Outcome::Fail { Outcome::Fail } else { Outcome::Unknown };
                }
                Some(time) => {
                    let millis = |time: Duration| time.as_secs_f64() * 1e3;
                    reasons.push(format!("{name} {:.1} ms, at most {:.1} ms", millis(time), millis(limit)));
                    outcome = if time > limit { Outcome::Fail } else { outcome };
                }
            }
        }
        match outcome {
            Outcome::Unknown => Finding::unknown(reasons.join("; ")),
            known => Finding::holds(known == Outcome::Pass, reasons.join("; ")),
        }
    }
}
