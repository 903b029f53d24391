//! `tegrastats` of Jetson boards, one sample a line: memory, processors, engines, temperatures, rails.

use edgesoak_protocol::{Reading, Reason};

use super::lines::{lines, nothing_in};
use super::quantity::{self, decimal, percent, whole};
use super::{Capture, Fact, Measure, celsius};

/// Where this chip reports no temperature but a constant.
const PMIC_PLACEHOLDER: &str = "100C";
/// Rails that carry what the whole board takes, where a board has one.
const BOARD_RAILS: [&str; 2] = ["VDD_IN", "POM_5V_IN"];
/// Engines whose clock is printed as a bare number. A bare number behind any other word may be a torn rail.
const ENGINES: [&str; 11] =
    ["APE", "NVENC", "NVDEC", "NVJPG", "MSENC", "VIC", "OFA", "SE", "PVA", "DLA", "GR3D"];

pub(super) fn parse(text: &str) -> Capture {
    let mut capture = Capture::default();
    let mut samples = 0;
    for line in lines(text) {
        if is_sample(line) {
            samples += 1;
            sample(line, &mut capture);
        }
    }
    celsius::doubt_zeros(&mut capture);
    capture.fact("samples", Fact::Number(samples));
    if capture.readings().is_empty() {
        capture.read("tegrastats/any", "tegrastats", Measure::MilliWatt, "", Err(nothing_in(text)));
    }
    capture
}

/// Every version prints memory as `RAM 3452/7620MB`.
fn is_sample(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    words.any(|word| word == "RAM")
        && words.next().is_some_and(|word| word.ends_with("MB") && word.contains('/'))
}

fn sample(line: &str, capture: &mut Capture) {
    let mut words = line.split_ascii_whitespace().peekable();
    let mut last = "";
    while let Some(word) = words.next() {
        if word == "(cached" && last == "SWAP" {
            if let Some(cached) = words.next() {
                let cached = cached.trim_end_matches(')');
                memory(capture, "SWAP/cached", cached, cached);
            }
        } else if !word.starts_with(|first: char| first.is_ascii_alphabetic()) || word == "NC" {
        } else if let Some((name, value)) = word.split_once('@') {
            temperature(capture, name, value);
        } else if let Some(value) = words.peek().copied()
            && named(capture, word, value)
        {
            words.next();
            last = word;
        }
    }
}

fn temperature(capture: &mut Capture, name: &str, raw: &str) {
    let value = match raw.strip_suffix('C') {
        Some(_) if raw == PMIC_PLACEHOLDER && name == "PMIC" => Err(Reason::Sentinel),
        Some(number) => quantity::celsius(number),
        None => Err(Reason::Parse),
    };
    capture.read(&channel("temperature/", name, ""), name, Measure::Celsius, raw, value);
}

/// A word and the value behind it; `false` where the two do not belong together.
fn named(capture: &mut Capture, name: &str, raw: &str) -> bool {
    if let Some(list) = raw.strip_prefix('[') {
        processors(capture, name, list);
    } else if raw == "off" {
        clock(capture, name, "", raw, Err(Reason::Offline));
    } else if let Some((now, rest)) = raw.split_once('/') {
        return pair(capture, name, raw, now, rest);
    } else if let Some((share, clocks)) = raw.split_once('@') {
        if !share.is_empty() {
            load(capture, name, raw, share);
        }
        let clocks = clocks.strip_prefix('[').map_or(clocks, |clocks| clocks.trim_end_matches(']'));
        let mut ordinal = "";
        for megahertz in clocks.split(',').take(2) {
            clock(capture, name, ordinal, raw, whole(megahertz));
            // Boards with two graphics clusters print two clocks.
            ordinal = "#1";
        }
    } else if raw.ends_with('%') {
        // `MTS fg 0% bg 0%` is the cost of the processor's own translation, not an engine.
        if matches!(name, "fg" | "bg") {
            return true;
        }
        load(capture, name, raw, raw);
        // Without root the clock of memory and graphics is left out.
        clock(capture, name, "", raw, Err(Reason::Absent));
    } else if ENGINES.iter().any(|engine| name.starts_with(engine)) && whole(raw).is_ok() {
        clock(capture, name, "", raw, whole(raw));
    } else {
        return false;
    }
    true
}

/// `used/total` of a memory, or `now/average` of a rail.
fn pair(capture: &mut Capture, name: &str, raw: &str, now: &str, rest: &str) -> bool {
    let end = rest.find(|char: char| !char.is_ascii_digit()).unwrap_or(rest.len());
    let (second, unit) = rest.split_at(end);
    let unit = unit.split('(').next().unwrap_or("");
    match unit {
        "MB" | "kB" => {
            memory(capture, name, raw, &[now, unit].concat());
            memory(capture, &[name, "/total"].concat(), raw, &[second, unit].concat());
        }
        // The first boards printed milliwatts without saying so. A line cut short loses its last unit.
        "mW" | "" if now.ends_with("mW") || now.bytes().all(|byte| byte.is_ascii_digit()) => {
            let plain = now.strip_suffix("mW").unwrap_or(now);
            let average = if (plain.len() == now.len()) == unit.is_empty() {
                number(second)
            } else {
                Err(Reason::Parse)
            };
            capture.read(&channel("power/", name, ""), name, Measure::MilliWatt, raw, number(plain));
            let average_name = [name, "/average"].concat();
            capture.read(
                &channel("power/", name, "/average"),
                &average_name,
                Measure::MilliWatt,
                raw,
                average,
            );
            if BOARD_RAILS.contains(&name) {
                capture.fact("board_rail", Fact::Word(name.to_owned()));
            }
        }
        _ => return false,
    }
    true
}

/// Digits that must be there.
fn number(text: &str) -> Reading<f64> {
    if text.is_empty() { Err(Reason::Parse) } else { whole(text) }
}

fn memory(capture: &mut Capture, name: &str, raw: &str, size: &str) {
    let value = if let Some(megabytes) = size.strip_suffix("MB") {
        number(megabytes).map(|megabytes| megabytes * 1024.0)
    } else {
        size.strip_suffix("kB").map_or(Err(Reason::Parse), number)
    };
    capture.read(&channel("memory/", name, ""), name, Measure::Kibibyte, raw, value);
}

/// `15%@729,off,11%@729]`, or on older boards `15%,off,11%]@729` with one clock for all.
fn processors(capture: &mut Capture, name: &str, list: &str) {
    let (list, common) = list.split_once(']').unwrap_or((list, ""));
    for (index, raw) in list.split(',').enumerate() {
        let name = [name, &index.to_string()].concat();
        if raw == "off" {
            capture.read(&channel("load/", &name, ""), &name, Measure::Percent, raw, Err(Reason::Offline));
            clock(capture, &name, "", raw, Err(Reason::Offline));
            continue;
        }
        let (share, megahertz) = raw.split_once('@').unwrap_or((raw, common.trim_start_matches('@')));
        load(capture, &name, raw, share);
        let megahertz = if megahertz.is_empty() { Err(Reason::Absent) } else { whole(megahertz) };
        clock(capture, &name, "", raw, megahertz);
    }
}

fn load(capture: &mut Capture, name: &str, raw: &str, share: &str) {
    let value = share.strip_suffix('%').and_then(decimal).map_or(Err(Reason::Parse), |_| percent(share));
    capture.read(&channel("load/", name, ""), name, Measure::Percent, raw, value);
}

fn clock(capture: &mut Capture, name: &str, ordinal: &str, raw: &str, megahertz: Reading<f64>) {
    let kilohertz = megahertz.map(|megahertz| megahertz * 1e3);
    capture.read(&channel("clock/", name, ordinal), name, Measure::KiloHertz, raw, kilohertz);
}

fn channel(kind: &str, name: &str, end: &str) -> String {
    let mut channel = celsius::channel(kind, name);
    channel.push_str(end);
    channel
}
