//! `energy_value` of on-device power monitors: `CH3(T=349894)[RAIL], 30203502`, µWs since boot, ms since boot.

use edgesoak_protocol::Reason;

use super::lines::{lines, refusal};
use super::rails::{Rail, Rails};
use super::{Capture, Fact};
use crate::parse::integer::decimal;

pub(super) fn parse(text: &str) -> Capture {
    let mut capture = Capture::default();
    let mut rails = Rails::default();
    let mut monitor = "";
    let mut missing = Reason::Absent;
    for line in lines(text) {
        let line = line.trim();
        if let Some(path) = line.strip_prefix('#') {
            monitor = device(path).unwrap_or(monitor);
        } else if let Some(time) = line.strip_prefix("t=") {
            if let Ok(time) = decimal(time.as_bytes()) {
                let name =
                    if monitor.is_empty() { "time_ms".to_owned() } else { [monitor, "/time_ms"].concat() };
                capture.fact(&name, Fact::Number(time));
            }
        } else if let Some(rail) = channel(line) {
            rails.push(rail);
        } else if let Some(reason) = refusal(line) {
            missing = reason;
        }
    }
    rails.note(missing, &mut capture);
    capture
}

/// The monitor whose file has this path: `iio:device0` of `/sys/bus/iio/devices/iio:device0/energy_value`.
fn device(path: &str) -> Option<&str> {
    path.trim().strip_suffix("/energy_value")?.rsplit('/').next()
}

fn channel(line: &str) -> Option<Rail<'_>> {
    let rest = line.strip_prefix("CH")?;
    let (_, rest) = rest.split_once('[')?;
    let (name, raw) = rest.split_once(']')?;
    let raw = raw.strip_prefix(',')?.trim();
    let total = decimal(raw.as_bytes())
        .and_then(|energy| if energy < 0 { Err(Reason::Implausible) } else { Ok(energy as f64 / 1000.0) });
    (!name.is_empty()).then_some(Rail { name, raw, total, delta: None })
}
