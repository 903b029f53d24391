//! Graphics processors: the files of Adreno (`kgsl-3d0`), Samsung (`/sys/kernel/gpu`), Mali and other `devfreq`
//! devices, Tegra, desktop drivers; and `dumpsys gpu`.

use edgesoak_protocol::{Reading, Reason, rule};

use super::files::{self, Said};
use super::lines::nothing_in;
use super::quantity::{percent, whole};
use super::{Capture, Fact, Measure, celsius};
use crate::parse::{integer, temperature};

/// What a file holds.
#[derive(Clone, Copy, PartialEq)]
enum Holds {
    /// A clock in Hz, kHz or MHz.
    Clock,
    /// A share in per cent.
    Share,
    /// The same in tenths, as Tegra writes it.
    Tenths,
    /// Busy and total time since the last read.
    BusyAndTotal,
    /// Bytes.
    Bytes,
    /// m°C.
    Temperature,
    /// A word about the part.
    Word,
}

/// File, what it holds, our name for it.
const FILES: [(&str, Holds, &str); 28] = [
    ("gpuclk", Holds::Clock, "clock"),
    ("max_gpuclk", Holds::Clock, "clock_cap"),
    ("gpu_clock", Holds::Clock, "clock"),
    ("gpu_max_clock", Holds::Clock, "clock_cap"),
    ("gpu_min_clock", Holds::Clock, "clock_floor"),
    ("cur_freq", Holds::Clock, "clock"),
    ("target_freq", Holds::Clock, "clock_target"),
    ("max_freq", Holds::Clock, "clock_cap"),
    ("min_freq", Holds::Clock, "clock_floor"),
    ("gt_act_freq_mhz", Holds::Clock, "clock"),
    ("gt_cur_freq_mhz", Holds::Clock, "clock_target"),
    ("gt_max_freq_mhz", Holds::Clock, "clock_cap"),
    ("gpubusy", Holds::BusyAndTotal, "load"),
    ("gpu_busy_percentage", Holds::Share, "load_percentage"),
    ("gpu_busy_percent", Holds::Share, "load"),
    ("gpu_busy", Holds::Share, "load"),
    ("gpu_utilization", Holds::Share, "load"),
    ("utilization", Holds::Share, "load"),
    ("utilisation", Holds::Share, "load"),
    ("load", Holds::Tenths, "load"),
    ("temp", Holds::Temperature, "temperature"),
    ("mem_info_vram_used", Holds::Bytes, "memory"),
    ("mem_info_vram_total", Holds::Bytes, "memory_total"),
    ("gpu_model", Holds::Word, "gpu_model"),
    ("gpuinfo", Holds::Word, "gpu_model"),
    ("gpu_governor", Holds::Word, "governor"),
    ("governor", Holds::Word, "governor"),
    ("throttling", Holds::Word, "throttling"),
];
/// Parts of a path that tell that a device is a graphics processor. Other `devfreq` devices may count in MB/s.
const GRAPHICS: [&str; 11] =
    ["kgsl", "gpu", "mali", "ged", "drm", "panfrost", "panthor", "17000000", "ga10b", "gv11b", "gp10b"];

pub(super) fn parse(text: &str) -> Capture {
    let mut capture = Capture::default();
    files::each(text, |file| known(file).is_some(), &mut |said| {
        let Some((_, holds, short)) = known(said.file()) else {
            return said.line.is_ok_and(|line| snapshot(&mut capture, line));
        };
        if said.line.is_ok_and(|line| snapshot(&mut capture, line)) || !is_graphics(said) {
            return true;
        }
        said.before == 0 && file(&mut capture, *holds, short, said)
    });
    // A device may have two graphics processors, or the same clock in two places.
    celsius::settle(&mut capture);
    if capture.readings().is_empty() {
        capture.read("gpu/any", "gpu", Measure::Percent, "", Err(nothing_in(text)));
    }
    capture
}

fn known(file: &str) -> Option<&'static (&'static str, Holds, &'static str)> {
    // Most words of an output begin with another letter than all of these names.
    let may_be = file.bytes().next().is_some_and(|first| b"gmctul".contains(&first));
    if may_be { FILES.iter().find(|(name, _, _)| *name == file) } else { None }
}

/// Files of plain names belong to a graphics processor only by their folder.
fn is_graphics(said: &Said<'_>) -> bool {
    let path = said.path.to_ascii_lowercase();
    GRAPHICS.iter().any(|part| path.contains(part))
}

/// The content of one file; `false` where the line cannot be it.
fn file(capture: &mut Capture, holds: Holds, short: &str, said: &Said<'_>) -> bool {
    let raw = said.raw;
    if holds == Holds::Word {
        match said.line {
            Ok(line) if files::is_plain(line) => capture.fact(short, Fact::Word(line.to_owned())),
            Ok(_) => return false,
            Err(_) => {}
        }
        return true;
    }
    let unit = match holds {
        Holds::Clock => Measure::KiloHertz,
        Holds::Bytes => Measure::Byte,
        Holds::Temperature => Measure::Celsius,
        _ => Measure::Percent,
    };
    let value = said.line.and_then(|line| match holds {
        Holds::Clock => whole(line).and_then(kilohertz),
        Holds::Bytes => whole(line),
        Holds::Temperature => integer::decimal(line.as_bytes()).and_then(degrees),
        Holds::Tenths => tenths(line),
        Holds::BusyAndTotal => share(line),
        // MediaTek puts the blocked and the idle share behind the busy one.
        _ if said.file() == "gpu_utilization" => percent(line.split_ascii_whitespace().next().unwrap_or("")),
        _ => percent(line),
    });
    if said.line.is_ok() && value == Err(Reason::Parse) {
        return false;
    }
    capture.read(&["gpu/", short].concat(), said.file(), unit, raw, value);
    true
}

/// The ranges of graphics clocks in the three units that drivers use do not meet, so the number tells its unit.
fn kilohertz(number: f64) -> Reading<f64> {
    if number == 0.0 {
        return Err(Reason::Offline);
    }
    for (range, factor) in [(20.0..=5e3, 1e3), (20e3..=5e6, 1.0), (20e6..=5e9, 1e-3)] {
        if range.contains(&number) {
            return Ok(number * factor);
        }
    }
    Err(Reason::Implausible)
}

/// Versions of the driver write thousandths, tenths or whole degrees.
fn degrees(raw: i64) -> Reading<f64> {
    let value = rule::apply(rule::TEMPERATURE, raw, temperature::proposed_scale(Ok(raw)))?;
    Ok((value * 1e3).round() / 1e3)
}

/// Rockchip writes `45@600000000Hz` in per cent, Tegra tenths of per cent.
fn tenths(line: &str) -> Reading<f64> {
    match line.split_once('@') {
        Some((share, _)) => percent(share),
        None => whole(line)
            .and_then(|tenths| if tenths <= 1e3 { Ok(tenths / 10.0) } else { Err(Reason::Implausible) }),
    }
}

/// `busy total`; the driver writes two zeros while the part idles.
fn share(line: &str) -> Reading<f64> {
    let (busy, total) = line.split_once([' ', '\t']).ok_or(Reason::Parse)?;
    let (busy, total) = (whole(busy)?, whole(total.trim())?);
    if busy > total {
        return Err(Reason::Implausible);
    }
    Ok(if total == 0.0 { 0.0 } else { busy / total * 100.0 })
}

/// Lines of `dumpsys gpu`: memory of all and of each process, and the renderer.
fn snapshot(capture: &mut Capture, line: &str) -> bool {
    let line = line.trim();
    if let Some(renderer) = line.strip_prefix("GLES: ") {
        capture.fact("renderer", Fact::Word(renderer.to_owned()));
        return true;
    }
    if let Some(raw) = line.strip_prefix("Global total: ") {
        capture.read("gpu/memory/total", "Global total", Measure::Byte, raw, whole(raw));
        return true;
    }
    let process = line.strip_prefix("Proc ").and_then(|rest| rest.split_once(' '));
    let Some((process, raw)) = process.and_then(|(id, rest)| Some((id, rest.strip_prefix("total: ")?)))
    else {
        return false;
    };
    if whole(process).is_ok() {
        let name = ["Proc ", process, " total"].concat();
        capture.read(&["gpu/memory/", process].concat(), &name, Measure::Byte, raw, whole(raw));
    }
    true
}
