//! Batteries and meters of made-up sessions.

use edgesoak_record::lab::MeterScope;
use edgesoak_record::meter::{MeterTrace, PowerReading};
use edgesoak_record::session::{Channel, PhaseSpan};
use edgesoak_record::units::{Nanos, Ratio, Watts};
use edgesoak_record::{Quantity, Run, Unit};

use super::{Made, at, channel, present, replan};

/// Time after the soak for which everything is read on, seconds.
pub const REST_S: f64 = 60.0;

/// A session of ten minutes on a battery of 4 V, with nothing that tells its current.
pub fn on_battery() -> Run {
    let mut run = Made::default().run();
    replan(&mut run, |planned| "battery".clone_into(&mut planned.device.power));
    add(&mut run, "battery/status", Quantity::ChargeStatus, Unit::One, |_| 3.0);
    add(&mut run, "battery/usb/online", Quantity::Plugged, Unit::One, |_| 0.0);
    add(&mut run, "battery/voltage", Quantity::Voltage, Unit::Volt, |_| 4.0);
    run
}

/// One that also reads about 1 A, new every second, and a charge counter in steps of 1 mAh.
pub fn with_gauge() -> Run {
    let mut run = on_battery();
    add(&mut run, "battery/current", Quantity::Current, Unit::Ampere, ampere);
    add(&mut run, "battery/charge_counter", Quantity::ChargeCounter, Unit::AmpereHour, |t| {
        ((3.2 - t / 3600.0) * 1e3).round() * 1e-3
    });
    run
}

/// 0.999 A and 1.001 A in turn, a second each.
pub fn ampere(t: f64) -> f64 {
    1.0 + if t.rem_euclid(2.0) < 1.0 { 0.001 } else { -0.001 }
}

/// Adds a channel that is read twice a second until shortly after the soak.
pub fn add(run: &mut Run, name: &str, quantity: Quantity, unit: Unit, value: impl Fn(f64) -> f64) {
    let samples = present(2.0, end(run), value);
    run.sessions[0].channels.push(channel(name, quantity, unit, samples));
}

/// A channel of the first session.
pub fn of<'a>(run: &'a mut Run, name: &str) -> &'a mut Channel {
    run.sessions[0].channels.iter_mut().find(|channel| channel.name == name).expect("a channel")
}

/// Last token, seconds.
pub fn end(run: &Run) -> f64 {
    let last = run.sessions[0].prompts.last().and_then(|prompt| prompt.token_times.last()).expect("tokens");
    super::seconds(*last)
}

/// Lets the session rest for a minute after its soak, with every channel read on.
pub fn rest(run: &mut Run) {
    let end = end(run);
    let session = &mut run.sessions[0];
    session.phases.push(PhaseSpan { phase: "resting".to_owned(), begin: at(end + 0.01) });
    session.journal.as_mut().expect("a journal").last = at(end + REST_S);
}

/// A meter that reads ten times a second on a host whose clock is 7 s behind the device's and 50 ppm slow, `late` by
/// this. `watts` is given the device's time.
pub fn metered(run: &mut Run, scope: MeterScope, late: f64, watts: impl Fn(f64) -> f64) {
    let end = end(run);
    let session = &mut run.sessions[0];
    // Device = host + 7 s at the first comparison, and 50 µs more for each second of the host after it.
    let host = |device: f64| at(-6.0).0 as f64 / 1e9 - 7.0 + (device + 6.0) / (1.0 + 50e-6);
    let nanos = |seconds: f64| Nanos(to_nanos(seconds));
    for offset in &mut session.clock_offsets {
        let device = super::seconds(offset.host_mono);
        offset.host_mono = nanos(host(device));
        offset.offset_ns =
            i64::try_from(at(device).0).expect("small") - i64::try_from(offset.host_mono.0).expect("small");
    }
    let readings = (0..100_000_u32)
        .map(|tick| -40.0 + f64::from(tick) / 10.0)
        .take_while(|t| *t < end + REST_S)
        // Two milliwatts of noise: no real meter stands still.
        .map(|t| (t, watts(t) + 0.002 * (37.0 * t).sin()))
        .map(|(t, watts)| PowerReading { host_mono: nanos(host(t + late)), watts: Ok(Watts(watts)) })
        .collect();
    let gain_error: Option<Ratio> = None;
    session.meters.push(MeterTrace { name: "bench".to_owned(), scope, gain_error, readings });
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a made-up time, positive")]
fn to_nanos(seconds: f64) -> u64 {
    (seconds * 1e9).round() as u64
}
