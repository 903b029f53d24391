//! `/sys/class/power_supply/*/{status,uevent}`.

use edgesoak_protocol::{Reading, Reason};

use super::integer::decimal;

/// Keys of `uevent` in the order of a battery's channels; the status comes last.
pub(crate) const KEYS: [&[u8]; 11] = [
    b"VOLTAGE_NOW",
    b"CURRENT_NOW",
    b"POWER_NOW",
    b"CAPACITY",
    b"TEMP",
    b"CURRENT_AVG",
    b"CHARGE_COUNTER",
    b"CHARGE_NOW",
    b"CYCLE_COUNT",
    b"STATE_OF_HEALTH",
    b"STATUS",
];

/// The numbers behind [`KEYS`]; a key without a line is `Absent`.
pub(crate) fn uevent(text: &[u8], out: &mut [Reading<i64>]) {
    out.fill(Err(Reason::Absent));
    for line in text.split(|byte| *byte == b'\n') {
        let Some(line) = line.strip_prefix(b"POWER_SUPPLY_") else { continue };
        let Some(end) = line.iter().position(|byte| *byte == b'=') else { continue };
        let (key, value) = (&line[..end], &line[end + 1..]);
        let Some(place) = KEYS.iter().position(|known| *known == key) else { continue };
        if let Some(slot) = out.get_mut(place).filter(|slot| **slot == Err(Reason::Absent)) {
            *slot = if place + 1 == KEYS.len() { word(value) } else { decimal(value) };
        }
    }
}

/// The status word as a number: 1 unknown, 2 charging, 3 discharging, 4 not charging, 5 full.
pub(crate) fn status(text: &[u8], out: &mut [Reading<i64>]) {
    out.fill(word(text));
}

fn word(text: &[u8]) -> Reading<i64> {
    match text.trim_ascii() {
        b"" => Err(Reason::Sentinel),
        b"Unknown" => Ok(1),
        b"Charging" => Ok(2),
        b"Discharging" => Ok(3),
        b"Not charging" => Ok(4),
        b"Full" => Ok(5),
        _ => Err(Reason::Parse),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_numbers() {
        let of = |text: &[u8]| {
            let mut out = [Err(Reason::Failed)];
            status(text, &mut out);
            out[0]
        };
        assert_eq!(of(b"Discharging\n"), Ok(3));
        assert_eq!(of(b"Not charging\n"), Ok(4));
        assert_eq!(of(b"Full\n"), Ok(5));
        assert_eq!(of(b"\n"), Err(Reason::Sentinel));
        assert_eq!(of(b"charging\n"), Err(Reason::Parse));
    }

    #[test]
    fn one_text_holds_a_whole_battery() {
        let mut out = [Err(Reason::Failed); KEYS.len()];
        let text =
            b"POWER_SUPPLY_NAME=battery\nPOWER_SUPPLY_STATUS=Discharging\nPOWER_SUPPLY_VOLTAGE_NOW=4012345\n\
            CURRENT_NOW=5\nPOWER_SUPPLY_TEMP=x\nPOWER_SUPPLY_VOLTAGE_NOW=1\nPOWER_SUPPLY_CAPACITY=\n";
        uevent(text, &mut out);
        assert_eq!(out[0], Ok(4_012_345));
        assert_eq!(out[1], Err(Reason::Absent));
        assert_eq!(out[3], Err(Reason::Sentinel));
        assert_eq!(out[4], Err(Reason::Parse));
        assert_eq!(out[10], Ok(3));
    }
}
