//! Damaged outputs that once were believed, or passed over in silence.

use edgesoak_protocol::Reason;
use edgesoak_sensors::capture::{Capture, Kind};

fn parse(kind: &str, text: &str) -> Capture {
    Kind::from_word(kind).expect("a kind of output").parse(text)
}

fn value(capture: &Capture, channel: &str) -> Result<f64, Reason> {
    let reading = capture.readings().iter().find(|reading| reading.channel == channel);
    reading.unwrap_or_else(|| panic!("{channel} is not there: {capture:?}")).value
}

#[test]
fn a_list_of_blanks_is_no_silence() {
    let capture = parse(
        "hardware-properties",
        "****** Dump of HardwarePropertiesManagerService ******\nCPU temperatures: [ ]\n",
    );
    assert_eq!(value(&capture, "temperature/cpu"), Err(Reason::Absent));
}

#[test]
fn nothing_is_counted_below_zero() {
    let capture = parse("lmkd", "05-20 08:00:01.001  1000  1000 I am_low_memory: -23\n");
    assert_eq!(value(&capture, "events/low-memory/0"), Err(Reason::Parse));
}

#[test]
fn no_rail_has_less_than_no_volts() {
    let capture = parse("vcgencmd", "3V3_SYS_A current(1)=0.2A\n3V3_SYS_V volt(9)=-3.3V\n");
    assert_eq!(value(&capture, "voltage/3v3_sys"), Err(Reason::Implausible));
    assert_eq!(value(&capture, "power/pmic"), Err(Reason::Implausible));
}
