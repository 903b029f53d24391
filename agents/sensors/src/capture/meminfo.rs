//! Memory: the app summary of `dumpsys meminfo`, its totals of the device, and the lines `Key: number kB` of
//! `/proc/meminfo`, `/proc/PID/status` and `smaps_rollup`.

use edgesoak_protocol::{Reading, Reason};

use super::lines::{lines, nothing_in};
use super::quantity::whole;
use super::{Capture, Fact, Measure, celsius};

/// Keys of `/proc/meminfo` that have a name of ours.
const NAMED: [(&str, &str); 5] = [
    ("MemTotal", "total"),
    ("MemFree", "free"),
    ("MemAvailable", "available"),
    ("SwapTotal", "swap_total"),
    ("SwapFree", "swap_free"),
];
/// Totals of the whole device in `dumpsys meminfo`.
const DEVICE: [&str; 4] = ["Total RAM", "Free RAM", "Used RAM", "Lost RAM"];
/// Rows of the detailed table that only exist where the driver accounts for graphics memory.
const GRAPHICS_ROWS: [&str; 4] = ["EGL mtrack", "GL mtrack", "Other mtrack", "Gfx dev"];

/// Where in the text we are.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Other,
    /// In the detailed table of an app.
    Table,
    /// In an app's summary; where its two columns end.
    Summary {
        pss: usize,
        rss: usize,
    },
}

pub(super) fn parse(text: &str) -> Capture {
    let mut capture = Capture::default();
    let (mut part, mut gone, mut processes) = (Part::Other, false, 0);
    for line in lines(text) {
        let trimmed = line.trim();
        if trimmed == "App Summary" {
            part = Part::Summary { pss: usize::MAX, rss: usize::MAX };
        } else if let Some(process) = trimmed.strip_prefix("** MEMINFO in pid ") {
            processes += 1;
            part = Part::Table;
            about(&mut capture, process);
        } else if let (Part::Summary { .. }, Some(pss)) = (part, line.find("Pss(KB)")) {
            let rss = line.find("Rss(KB)").map_or(usize::MAX, |start| start + "Rss(KB)".len());
            part = Part::Summary { pss: pss + "Pss(KB)".len(), rss };
        } else if trimmed.starts_with("TOTAL") && part != Part::Table {
            totals(&mut capture, trimmed);
            part = Part::Other;
        } else if part == Part::Table {
            graphics(&mut capture, trimmed);
        } else if let (Part::Summary { pss, rss }, Some((name, _))) = (part, line.split_once(':')) {
            summary(&mut capture, name, line, pss, rss);
        } else if !times(&mut capture, trimmed) && !key(&mut capture, trimmed) {
            gone |= trimmed.starts_with("No process found for");
        }
    }
    if processes > 0 {
        capture.fact("processes", Fact::Number(processes));
    }
    if capture.readings().is_empty() {
        let reason = if gone { Reason::Absent } else { nothing_in(text) };
        capture.read("memory/any", "meminfo", Measure::Kibibyte, "", Err(reason));
    }
    capture
}

/// `18078 [com.example.app] **`.
fn about(capture: &mut Capture, process: &str) {
    let (pid, rest) = process.split_once(' ').unwrap_or((process, ""));
    if let Ok(pid) = pid.parse() {
        capture.fact("pid", Fact::Number(pid));
    }
    if let Some((package, _)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        capture.fact("package", Fact::Word(package.to_owned()));
    }
}

/// `Uptime: 34219491 Realtime: 377236477`, ms.
fn times(capture: &mut Capture, line: &str) -> bool {
    let Some((up, real)) = line.strip_prefix("Uptime: ").and_then(|rest| rest.split_once(" Realtime: "))
    else {
        return false;
    };
    for (name, text) in [("uptime_ms", up), ("realtime_ms", real)] {
        if let Ok(number) = text.trim().parse() {
            capture.fact(name, Fact::Number(number));
        }
    }
    true
}

/// A row of the detailed table: its first number is the PSS in every version.
fn graphics(capture: &mut Capture, line: &str) {
    for name in GRAPHICS_ROWS {
        if let Some(raw) = line.strip_prefix(name).and_then(|rest| rest.split_ascii_whitespace().next()) {
            let channel = [&*celsius::channel("memory/detail/", name), "/pss"].concat();
            capture.read(&channel, name, Measure::Kibibyte, raw, whole(raw));
        }
    }
}

/// A row of the summary: PSS, RSS or both. Which one a single number is, only its place tells.
fn summary(capture: &mut Capture, name: &str, line: &str, pss: usize, rss: usize) {
    let name = name.trim();
    let mut at = line.find(':').map_or(line.len(), |colon| colon + 1);
    let mut found = [None; 2];
    for raw in line[at..].split(' ') {
        let end = at + raw.len();
        at = end + 1;
        if raw.is_empty() {
            continue;
        }
        let is_rss = found[0].is_some() || (rss != usize::MAX && end.abs_diff(rss) < end.abs_diff(pss));
        found[usize::from(is_rss)] = Some(raw);
    }
    // A row of this table, or a line that only looks a little like one.
    if name.is_empty() || !found.iter().flatten().all(|raw| whole(raw).is_ok()) {
        return;
    }
    for (raw, what) in found.into_iter().zip(["/pss", "/rss"]) {
        let Some(raw) = raw else { continue };
        // Without the driver's accounting this row says 0 for "unknown".
        let unknown = name == "Graphics" && whole(raw) == Ok(0.0);
        let value = if unknown { Err(Reason::Sentinel) } else { whole(raw) };
        let channel = [&*celsius::channel("memory/app/", name), what].concat();
        capture.read(&channel, name, Measure::Kibibyte, raw, value);
    }
}

/// `TOTAL PSS:   926735   TOTAL RSS:   906980   TOTAL SWAP PSS:   117522`; older: `TOTAL:   926735`.
fn totals(capture: &mut Capture, line: &str) {
    for total in line.split("TOTAL").skip(1) {
        let Some((name, raw)) = total.split_once(':') else { continue };
        let (name, raw) = (name.trim(), raw.trim());
        let (short, printed) = match name {
            "" => ("pss", "TOTAL"),
            "PSS" => ("pss", "TOTAL PSS"),
            "RSS" => ("rss", "TOTAL RSS"),
            "SWAP PSS" => ("swap_pss", "TOTAL SWAP PSS"),
            "SWAP (KB)" => ("swap", "TOTAL SWAP (KB)"),
            _ => continue,
        };
        capture.read(&["memory/app/", short].concat(), printed, Measure::Kibibyte, raw, number(raw));
    }
}

/// `MemFree:  15772580 kB`, `HugePages_Total: 0`, `Total RAM: 7,242,448K (status normal)`.
fn key(capture: &mut Capture, line: &str) -> bool {
    let line = line.strip_prefix("/proc/meminfo:").unwrap_or(line);
    let Some((name, rest)) = line.split_once(':') else { return false };
    let raw = rest.trim();
    if DEVICE.contains(&name) {
        let digits = raw.split('K').next().unwrap_or("").trim_end_matches(" k");
        let digits: String = digits.chars().filter(|char| *char != ',').take(20).collect();
        capture.read(
            &celsius::channel("memory/device/", name),
            name,
            Measure::Kibibyte,
            raw,
            number(&digits),
        );
        return true;
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'(' | b')');
    if name.is_empty() || !name.bytes().all(plain) {
        return false;
    }
    let (digits, unit) = match raw.strip_suffix("kB") {
        Some(digits) => (digits.trim_end(), Measure::Kibibyte),
        None if name.starts_with("HugePages_") => (raw, Measure::Count),
        None => return false,
    };
    let known = NAMED.iter().find(|(key, _)| *key == name);
    let channel = celsius::channel("memory/", known.map_or(name, |(_, short)| short));
    capture.read(&channel, name, unit, raw, number(digits));
    true
}

fn number(text: &str) -> Reading<f64> {
    if text.is_empty() { Err(Reason::Parse) } else { whole(text) }
}
