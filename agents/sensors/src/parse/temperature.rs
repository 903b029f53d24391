//! What the kernel documents about thermal zones, and what devices really do.

use edgesoak_protocol::{Reading, Reason, rule};

/// The unit that the ABI promises: thousandths of a degree.
pub(crate) const MILLI: f64 = 1e-3;

/// The most likely factor to °C, proposed from one reading: some drivers write tenths or whole degrees, even
/// beside others on the same device that write thousandths.
///
/// Values that say nothing (no reading, zero, a sentinel) propose what the ABI promises.
pub(crate) fn proposed_scale(reading: Reading<i64>) -> f64 {
    let proposal = match reading.map(i64::unsigned_abs) {
        Ok(0) | Err(_) => return MILLI,
        Ok(1..150) => 1.0,
        Ok(150..1000) => 0.1,
        Ok(_) => MILLI,
    };
    match reading.and_then(|raw| rule::apply(rule::TEMPERATURE, raw, proposal)) {
        Err(Reason::Sentinel) if proposal < 1.0 => MILLI,
        _ => proposal,
    }
}

/// Ending of the zone that shows a sensor as it is.
pub(crate) const USER_VIEW: &str = "-usr";
/// Endings of zones that show another view of such a sensor: other trip points, other filters.
const OTHER_VIEWS: [&str; 3] = ["-max-step", "-step", "-lowf"];
/// Where the first firmware of Raspberry Pi boards stands still, m°C.
const BOARD_STUCK: i64 = 85_000;

/// The name of the sensor without its ending, where the zone is another view of it.
pub(crate) fn other_view(zone: &str) -> Option<&str> {
    OTHER_VIEWS.iter().find_map(|ending| zone.strip_suffix(ending))
}

/// Whether the zone shows the number at which its firmware stands still.
pub(crate) fn is_stuck(zone: &str, raw: i64) -> bool {
    raw == BOARD_STUCK && (zone.starts_with("bcm2835") || zone.starts_with("bcm2708"))
}

/// Whether a "thermal zone" of this type holds a voltage, a current or a percentage.
pub(crate) fn is_something_else(zone: &str) -> bool {
    is_electrical(zone) || is_charge(zone) || starts(zone, "pca94") || holds(zone, "adc")
}

/// Whether the name is that of a voltage or a current, of a limiter of them, or of a droop detector.
pub(crate) fn is_electrical(name: &str) -> bool {
    ["ibat", "vbat", "vph", "bcl", "vdroop"].iter().any(|part| holds(name, part)) || starts(name, "ocp_")
}

/// Whether the name is that of a battery's charge in per cent.
pub(crate) fn is_charge(name: &str) -> bool {
    name.eq_ignore_ascii_case("soc") || name.eq_ignore_ascii_case("socd")
}

/// Whether the name itself claims a temperature, where nothing else does.
pub(crate) fn says_temperature(name: &str) -> bool {
    ["therm", "temp", "skin"].iter().any(|part| holds(name, part)) && !is_something_else(name)
}

/// Whether `name` holds `part`, in small or capital letters.
fn holds(name: &str, part: &str) -> bool {
    name.as_bytes().windows(part.len()).any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}

fn starts(name: &str, part: &str) -> bool {
    name.as_bytes().get(..part.len()).is_some_and(|start| start.eq_ignore_ascii_case(part.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_magnitude_proposes_the_unit() {
        for (raw, scale) in
            [(49_925, MILLI), (-5_000, MILLI), (309, 0.1), (31, 1.0), (7, 1.0), (0, MILLI), (-40, 1.0)]
        {
            assert!((proposed_scale(Ok(raw)) - scale).abs() < f64::EPSILON, "{raw}");
        }
        assert!((proposed_scale(Ok(-400)) - MILLI).abs() < f64::EPSILON);
        assert!((proposed_scale(Err(Reason::Failed)) - MILLI).abs() < f64::EPSILON);
        assert!((proposed_scale(Ok(i64::MIN)) - MILLI).abs() < f64::EPSILON);
    }

    #[test]
    fn voltages_currents_and_percentages_are_no_temperatures() {
        for zone in [
            "vbat",
            "pm8150-ibat-lvl0",
            "pmi-vph-lvl1",
            "soc",
            "SOCD",
            "bcl_zone",
            "pca9468-mains",
            "xo-adc",
            "ocp_big",
            "cpu-vdroop",
        ] {
            assert!(is_something_else(zone), "{zone}");
        }
        for zone in ["soc-thermal", "x86_pkg_temp", "battery", "cpu-0-0-usr", "acpitz"] {
            assert!(!is_something_else(zone), "{zone}");
        }
    }

    #[test]
    fn a_name_can_claim_a_temperature() {
        for name in ["rear_therm", "VIRTUAL-SKIN-HINT", "flash-temp"] {
            assert!(says_temperature(name), "{name}");
        }
        for name in ["soc", "ocp_therm", "vbat-temp", "quiet-therm-adc", "gadget"] {
            assert!(!says_temperature(name), "{name}");
        }
    }
}
