//! Clocks of the processors: the files of `cpufreq/policy*` or `cpu*/cpufreq`, kHz.

use edgesoak_protocol::{Reading, Reason};

use super::files::{self, Said};
use super::lines::nothing_in;
use super::quantity::whole;
use super::{Capture, Fact, Measure};
use crate::parse::integer::decimal;

/// Most policies of one output: one per core of a large server.
const MAX_POLICIES: usize = 512;
/// Clocks that processors have, kHz. Anything else was printed in another unit.
const PLAUSIBLE: std::ops::RangeInclusive<i64> = 1_000..=20_000_000;
/// Files with one clock, and our names for them: running, highest and lowest allowed, what the hardware says.
const CLOCKS: [(&str, &str); 6] = [
    ("scaling_cur_freq", "cur"),
    ("scaling_max_freq", "cap"),
    ("scaling_min_freq", "floor"),
    ("cpuinfo_max_freq", "max"),
    ("cpuinfo_min_freq", "min"),
    ("cpuinfo_cur_freq", "hardware"),
];
const WORDS: [&str; 4] = ["scaling_governor", "scaling_driver", "related_cpus", "affected_cpus"];
const TIMES: &str = "time_in_state";

/// The highest clock allowed and the highest there is, of one policy.
struct Policy<'a> {
    name: &'a str,
    cap: Option<i64>,
    max: Option<i64>,
}

pub(super) fn parse(text: &str) -> Capture {
    let mut capture = Capture::default();
    let mut policies: Vec<Policy<'_>> = Vec::new();
    files::each(text, is_known, &mut |said| {
        let (policy, file) = (policy(said), said.file());
        if let Some((_, short)) = CLOCKS.iter().find(|(name, _)| *name == file) {
            let Some(value) = clock(&mut capture, policy, short, said) else { return false };
            if let (Ok(kilohertz), "cap" | "max") = (value, *short)
                && let Some(policy) = slot(&mut policies, policy)
            {
                *if *short == "cap" { &mut policy.cap } else { &mut policy.max } = Some(kilohertz);
            }
            true
        } else if file == TIMES {
            time(&mut capture, policy, said)
        } else if let (true, Ok(line)) = (WORDS.contains(&file) && said.before == 0, said.line)
            && files::is_plain(line)
        {
            let short = file.strip_prefix("scaling_").unwrap_or(file);
            capture.fact(&[policy, "/", short].concat(), Fact::Word(line.to_owned()));
            true
        } else {
            false
        }
    });
    for policy in &policies {
        // The only trace that some vendors leave of throttling.
        if let (Some(cap), Some(max)) = (policy.cap, policy.max) {
            capture.fact(&[policy.name, "/capped"].concat(), Fact::Flag(cap < max));
        }
    }
    if capture.readings().is_empty() {
        capture.read("cpufreq/any", "cpufreq", Measure::KiloHertz, "", Err(nothing_in(text)));
    }
    capture
}

fn is_known(file: &str) -> bool {
    file == TIMES || WORDS.contains(&file) || CLOCKS.iter().any(|(name, _)| *name == file)
}

/// `policy4` or `cpu4` from the path.
fn policy<'a>(said: &Said<'a>) -> &'a str {
    let numbered = |part: &&str, prefix: &str| {
        part.strip_prefix(prefix)
            .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()) && !number.is_empty())
    };
    let mut parts = said.path.rsplit('/');
    parts.find(|part| numbered(part, "policy") || numbered(part, "cpu")).unwrap_or("cpu")
}

/// One clock; nothing where the line is no answer of this file.
fn clock(capture: &mut Capture, policy: &str, short: &str, said: &Said<'_>) -> Option<Reading<i64>> {
    let raw = said.raw;
    let value = match said.line.and_then(|line| decimal(line.as_bytes())) {
        Err(Reason::Parse) if said.line.is_ok() => return None,
        _ if said.line.is_ok() && said.before > 0 => return None,
        Ok(kilohertz) if !PLAUSIBLE.contains(&kilohertz) => Err(Reason::Implausible),
        other => other,
    };
    let name = [policy, "/", said.file()].concat();
    let channel = ["cpufreq/", policy, "/", short].concat();
    capture.read(&channel, &name, Measure::KiloHertz, raw, value.map(|kilohertz| kilohertz as f64));
    Some(value)
}

/// A line `kHz ticks`; a tick is 10 ms.
fn time(capture: &mut Capture, policy: &str, said: &Said<'_>) -> bool {
    let line = match said.line {
        Ok(line) => line,
        Err(reason) => {
            let channel = ["cpufreq/", policy, "/time_in_state"].concat();
            capture.read(
                &channel,
                &[policy, "/time_in_state"].concat(),
                Measure::Count,
                said.raw,
                Err(reason),
            );
            return true;
        }
    };
    let Some((kilohertz, ticks)) = line.split_once([' ', '\t']) else { return false };
    let (Ok(_), Ok(ticks)) = (whole(kilohertz), whole(ticks.trim())) else { return false };
    let name = [policy, "/time_in_state/", kilohertz].concat();
    capture.read(&["cpufreq/", &name].concat(), &name, Measure::Count, line, Ok(ticks));
    true
}

/// The policy's entry, as long as there are not too many.
fn slot<'p, 'a>(policies: &'p mut Vec<Policy<'a>>, name: &'a str) -> Option<&'p mut Policy<'a>> {
    // Outputs go policy by policy, so the entry is mostly the last one.
    let position = policies.iter().rposition(|policy| policy.name == name).unwrap_or(policies.len());
    if position == policies.len() {
        if position == MAX_POLICIES {
            return None;
        }
        policies.push(Policy { name, cap: None, max: None });
    }
    policies.get_mut(position)
}
