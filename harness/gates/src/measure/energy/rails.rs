//! Power monitors of a board or of its rails.

use edgesoak_record::Quantity;
use edgesoak_record::session::Channel;

use super::{Measured, idle, integral};
use crate::case::Case;
use crate::defaults::RAIL_GAIN;
use crate::outcome::{Missing, quoted};

/// Monitors that see all of a board, by the last part of their name.
const BOARDS: [&str; 4] = ["vdd_in", "vin_sys_5v0", "pom_5v_in", "psys"];

/// The monitor that stands for all others, by the last part of its name: the sum over a power chip's rails.
const SUM: &str = "pmic";

/// Energy by a board's monitor, or by the only rail; `None` without any. Rails are never added up: nobody knows
/// which of them feed each other.
pub fn over(case: &Case, end: f64) -> Option<Result<Measured, Missing>> {
    let rails: Vec<&Channel> = case
        .telemetry
        .of(Quantity::Power)
        .filter(|channel| channel.missing.is_none() && !channel.name.starts_with("battery/"))
        // The chip's own average of what the same monitor reads.
        .filter(|channel| !channel.name.ends_with("/average"))
        .collect();
    let part = |channel: &Channel| channel.name.rsplit('/').next().map(str::to_ascii_lowercase);
    let named = |name: &str| rails.iter().find(|channel| part(channel).as_deref() == Some(name));
    let board = BOARDS.iter().find_map(|name| named(name));
    let (channel, scope) = match (board, named(SUM), rails.as_slice()) {
        (_, _, []) => return None,
        (Some(board), _, _) => (*board, "board"),
        (None, Some(sum), _) => (*sum, "rail"),
        (None, None, [only]) => (*only, "rail"),
        (None, None, [first, ..]) => {
            let name = quoted(&first.name, 60);
            let words = format!(
                "{} rails were read, {name} among them, and none of them is known to be the whole board",
                rails.len()
            );
            return Some(Err(Missing::new("ambiguous_rails", words)));
        }
    };
    Some(along(case, channel, scope, end))
}

fn along(case: &Case, channel: &Channel, scope: &'static str, end: f64) -> Result<Measured, Missing> {
    let readings = |from, to| case.telemetry.values(channel, from, to).collect::<Vec<_>>();
    let found =
        integral::trapezoid(&readings(0.0, end), end, case.longest_gap(channel), &format!("the {scope}"))?;
    Ok(Measured {
        joules: found.joules,
        scope,
        channel: channel.name.clone(),
        gain: RAIL_GAIN,
        sampling: found.sampling,
        resolution: 0.0,
        refresh_s: found.refresh_s,
        counted: None,
        idle_watts: idle::watts(case, readings),
        notes: Vec::new(),
    })
}
