//! Zero of a session: the submit of its first scored prompt, as in the database's views.

use edgesoak_protocol::units::Nanos;
use edgesoak_record::SessionRecord;

/// Where zero is; `None` where no prompt was scored.
pub(crate) fn of(session: &SessionRecord) -> Option<Nanos> {
    session.prompts.iter().find(|prompt| prompt.phase == "soaking").map(|prompt| prompt.submit)
}

/// Seconds since zero, negative before it.
pub(crate) fn seconds(zero: Option<Nanos>, at: Nanos) -> Option<f64> {
    let zero = zero?;
    Some(if at >= zero { at.since(zero).as_secs_f64() } else { -zero.since(at).as_secs_f64() })
}
