//! Pressure stall information: `/proc/pressure/{cpu,io,memory,irq}`, or `cpu.pressure` and so on of a group.

use edgesoak_protocol::{Reading, Reason};

use super::files::{self, Said};
use super::lines::nothing_in;
use super::quantity::{percent, whole};
use super::{Capture, Measure};

const RESOURCES: [&str; 4] = ["cpu", "io", "memory", "irq"];
const FIELDS: [&str; 4] = ["avg10", "avg60", "avg300", "total"];

pub(super) fn parse(text: &str) -> Capture {
    let mut capture = Capture::default();
    files::each(text, |file| !resource(file).is_empty(), &mut |said| {
        let resource = resource(said.file());
        match said.line {
            Ok(line) => stalls(&mut capture, resource, said, line),
            Err(reason) => {
                let channel = ["pressure/", resource, "/any"].concat();
                capture.read(&channel, resource, Measure::Count, said.raw, Err(reason));
                true
            }
        }
    });
    if capture.readings().is_empty() {
        capture.read("pressure/any", "pressure", Measure::Count, "", Err(nothing_in(text)));
    }
    capture
}

/// What a file tells about; empty where it is another file.
fn resource(file: &str) -> &str {
    let name = file.strip_suffix(".pressure").unwrap_or(file);
    if RESOURCES.contains(&name) { name } else { "" }
}

/// A line `some avg10=0.10 avg60=2.00 avg300=3.85 total=15`: per cent of the time, and microseconds since boot.
fn stalls(capture: &mut Capture, resource: &str, said: &Said<'_>, line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    let Some(who @ ("some" | "full")) = words.next() else { return false };
    let mut values: [Reading<f64>; 4] = [Err(Reason::Absent); 4];
    let mut raws = [""; 4];
    for word in words {
        let Some((key, raw)) = word.split_once('=') else { continue };
        let Some(position) = FIELDS.iter().position(|field| *field == key) else { continue };
        raws[position] = raw;
        values[position] = if key == "total" { whole(raw) } else { percent(raw) };
    }
    if raws.iter().all(|raw| raw.is_empty()) {
        return false;
    }
    // For all tasks of a machine to wait for the processor means nothing: the kernel prints zeros there.
    let undefined = resource == "cpu" && who == "full" && !said.path.ends_with(".pressure");
    if undefined && values.iter().all(|value| *value == Ok(0.0)) {
        values.fill(Err(Reason::Sentinel));
    }
    for ((field, raw), value) in FIELDS.into_iter().zip(raws).zip(values) {
        let (channel, name) = if resource.is_empty() {
            (["pressure/", who, "/", field].concat(), [who, " ", field].concat())
        } else {
            (
                ["pressure/", resource, "/", who, "/", field].concat(),
                [resource, " ", who, " ", field].concat(),
            )
        };
        let unit = if field == "total" { Measure::Count } else { Measure::Percent };
        capture.read(&channel, &name, unit, raw, value);
    }
    true
}
