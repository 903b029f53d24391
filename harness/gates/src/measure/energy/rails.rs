//! Power monitors of a board or of its rails.

use edgesoak_record::Quantity;
use edgesoak_record::session::Channel;

use super::watts::{self, Watts};
use super::{Measured, idle, integral};
use crate::case::Case;
use crate::defaults::RAIL_GAIN;
use crate::outcome::{Missing, quoted};

/// Monitors that see all of a board, by the last part of their name.
const BOARDS: [&str; 4] = ["vdd_in", "vin_sys_5v0", "pom_5v_in", "psys"];

/// The monitor that stands for all others, by the last part of its name: the sum over a power chip's rails.
const SUM: &str = "pmic";

/// What a monitor reads, by the name that its board gives it.
struct Rail<'a> {
    name: String,
    watts: Watts<'a>,
}

/// Energy by a board's monitor, or by the only rail; `None` without any. Rails are never added up: nobody knows
/// which of them feed each other.
pub fn over(case: &Case, end: f64) -> Option<Result<Measured, Missing>> {
    let rails = rails(case);
    let named = |name: &str| rails.iter().find(|rail| rail.name == name);
    let board = BOARDS.iter().find_map(|name| named(name));
    let (rail, scope) = match (board, named(SUM), rails.as_slice()) {
        (_, _, []) => return None,
        (Some(board), _, _) => (board, "board"),
        (None, Some(sum), _) => (sum, "rail"),
        (None, None, [only]) => (only, "rail"),
        (None, None, [first, ..]) => {
            let name = quoted(&first.watts.channel.name, 60);
            let words = format!(
                "{} rails were read, {name} among them, and none of them is known to be the whole board",
                rails.len()
            );
            return Some(Err(Missing::new("ambiguous_rails", words)));
        }
    };
    Some(along(case, rail.watts, scope, end))
}

/// Every monitor that is not a battery's: powers, and currents with the voltage beside them.
fn rails<'a>(case: &'a Case<'a>) -> Vec<Rail<'a>> {
    // A chip's own average is of what the same monitor reads; a fan carries no load.
    let counts = |channel: &&Channel| {
        let name = channel.name.to_ascii_lowercase();
        channel.missing.is_none()
            && !name.starts_with("battery/")
            && !name.ends_with("/average")
            && !name.contains("fan")
    };
    let powers =
        case.telemetry.of(Quantity::Power).filter(counts).map(|channel| Watts { channel, volts: None });
    let currents = case.telemetry.of(Quantity::Current).filter(counts).filter_map(|channel| {
        let beside =
            |volts: &&Channel| volts.missing.is_none() && watts::owner(volts) == watts::owner(channel);
        let volts = case.telemetry.of(Quantity::Voltage).find(beside)?;
        Some(Watts { channel, volts: Some(volts) })
    });
    powers.chain(currents).map(|watts| Rail { name: name(&watts), watts }).collect()
}

/// `vdd_in` of `power/vdd_in`, of `hwmon/ina3221/vdd_in/power` and of `hwmon/ina3221/vdd_in/curr`.
fn name(watts: &Watts) -> String {
    let full = &watts.channel.name;
    let last = |name: &str| name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    if watts.volts.is_some() || full.ends_with("/power") {
        last(watts::owner(watts.channel))
    } else {
        last(full)
    }
}

fn along(case: &Case, watts: Watts, scope: &'static str, end: f64) -> Result<Measured, Missing> {
    let readings = |from, to| watts.readings(case, from, to);
    let longest = case.longest_gap(watts.channel);
    let found = integral::trapezoid(&readings(0.0, end), end, longest, &format!("the {scope}"))?;
    Ok(Measured {
        joules: found.joules,
        scope,
        channel: watts.channel.name.clone(),
        gain: RAIL_GAIN,
        sampling: found.sampling,
        resolution: 0.0,
        refresh_s: found.refresh_s,
        counted: None,
        idle_watts: idle::watts(case, readings),
        notes: Vec::new(),
    })
}
