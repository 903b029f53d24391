//! How long a plan takes, before it is run.

use std::collections::BTreeMap;

use edgesoak_record::{Gate, PlannedSession};

/// Pushing, loading, collecting and cleaning up on a warm machine, seconds.
const ALLOWANCE_S: f64 = 10.0;
/// A whole simulated session, whatever its length: mostly starting programs and storing what they tell. Seconds.
const SIMULATED_S: f64 = 2.0;

/// An answer of a small model on a slow device, where the route has no bar for it. Seconds.
const ANSWER_S: f64 = 10.0;

/// Expected duration, seconds: sessions that share this machine's processor run one after the other, and so do
/// those of one device; all others run side by side. Extensions of a soak that has not settled are not foreseen.
pub(super) fn expected_s(sessions: &[PlannedSession]) -> f64 {
    lanes(sessions).into_values().fold(0.0, f64::max)
}

/// Expected duration of the sessions that run one after the other with those of this device.
pub(super) fn lane_of(sessions: &[PlannedSession], device: &str) -> Option<f64> {
    let session = sessions.iter().find(|session| session.device.id == device)?;
    lanes(sessions).get(lane(session)).copied()
}

fn lanes(sessions: &[PlannedSession]) -> BTreeMap<&str, f64> {
    let mut lanes: BTreeMap<&str, (f64, u32)> = BTreeMap::new();
    for session in sessions {
        let (busy, count) = lanes.entry(lane(session)).or_default();
        if *count > 0 {
            *busy += rest_s(session);
        }
        *busy += session_s(session);
        *count += 1;
    }
    lanes.into_iter().map(|(lane, (busy, _))| (lane, busy)).collect()
}

fn lane(session: &PlannedSession) -> &str {
    let device = &session.device;
    if device.driver == "local" || is_simulated(session) { "this processor" } else { &device.id }
}

/// Devices without a thermal sensor are not made to rest, and simulated ones rest in an instant.
fn rest_s(session: &PlannedSession) -> f64 {
    let gate = session.start_gate.filter(|_| session.device.hardware_heat && !is_simulated(session));
    gate.map_or(0.0, |gate| gate.rest.as_secs_f64())
}

fn session_s(session: &PlannedSession) -> f64 {
    if is_simulated(session) {
        return SIMULATED_S;
    }
    let workload = &session.workload;
    let recovery =
        workload.recovery_probe.map_or(0.0, |probe| probe.rest.as_secs_f64() + probe.burst.as_secs_f64());
    workload.duration.as_secs_f64() + recovery + answering_s(session) + ALLOWANCE_S
}

/// The questions of a golden set, each at what the route allows a request to take from submit to its last token.
fn answering_s(session: &PlannedSession) -> f64 {
    let answers = session.golden.as_ref().and_then(|golden| golden.answers).unwrap_or(0);
    let bars = &session.route.bars;
    let bar = |gate| bars.iter().find(|bar| bar.gate == gate).map(|bar| bar.limit / 1e3);
    f64::from(answers) * bar(Gate::E2eP50).or_else(|| bar(Gate::E2eP95)).unwrap_or(ANSWER_S)
}

/// A virtual phone that is attached as a real one is lives in real time.
pub(super) fn is_simulated(session: &PlannedSession) -> bool {
    session.device.driver == "virtual"
}
