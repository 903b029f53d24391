//! A device that is out of reach as planned: the cable that was pulled to end its charging is its link, too. It goes on
//! by itself, and is looked for until somebody has plugged it in again.

use std::time::Duration;

use edgesoak_instruments::Position;
use edgesoak_protocol::probe::AgentState;
use edgesoak_protocol::units::{Millis, Nanos};
use edgesoak_record::plan::Charger;

use super::Session;
use crate::machine::Phase;
use crate::setback::Setback;

const AWAY: &str = "it is out of reach, as it is while its cable is out, and goes on by itself";
const OVER: &str = "its session is over";
/// Perhaps it was only moved.
const FIRST_LOOK: Duration = Duration::from_secs(1);
const LOOK_EVERY: Duration = Duration::from_secs(20);
/// How long a model may take to be loaded. Who plugs a device in again too early spoils its session.
const LOADING: Nanos = Nanos::from_secs(5 * 60);
/// What a last prompt and a slow device may add.
const MARGIN: Nanos = Nanos::from_secs(60);
/// How long a device is waited for that nobody plugs in again: the rest of a day.
const REPLUG: Nanos = Nanos::from_secs(12 * 3600);

/// One time out of reach.
#[derive(Debug)]
pub(super) struct Absence {
    /// When its session is over, at the latest.
    due: Nanos,
    /// Somebody was told that it is.
    is_called: bool,
}

/// What is to be done about it.
#[derive(Debug, PartialEq, Eq)]
enum Turn {
    /// Its session goes on, for so long at most.
    Away(Nanos),
    /// Its session is over: it is to be plugged in again.
    Call,
    /// It was called, and is waited for this much longer.
    Called(Nanos),
    /// It does not come back.
    GiveUp,
}

impl Absence {
    fn since(now: Nanos, left: Nanos) -> Self {
        Self { due: Nanos(now.0.saturating_add(left.0)), is_called: false }
    }

    fn look(&self, now: Nanos) -> Turn {
        if now < self.due {
            return Turn::Away(self.due.since(now));
        }
        if !self.is_called {
            return Turn::Call;
        }
        let left = REPLUG.since(now.since(self.due));
        if left.0 > 0 { Turn::Called(left) } else { Turn::GiveUp }
    }
}

/// How long a session may go on yet that has been in this phase for so long.
fn left_of(phase: Phase, elapsed: Nanos, hold: Nanos, (soak, recovery): (Millis, Millis)) -> Nanos {
    let ahead = match phase {
        Phase::Answering => Nanos(0),
        Phase::AnsweringHot | Phase::Recovering => recovery.as_nanos(),
        Phase::Soaking => Nanos(soak.as_nanos().0.saturating_add(recovery.as_nanos().0)),
        // Whoever pulled the cable has ended the wait for it just now.
        _ => {
            let loading = hold.0.saturating_add(LOADING.0);
            let planned = soak.as_nanos().0.saturating_add(recovery.as_nanos().0);
            return Nanos(loading.saturating_add(planned).saturating_add(MARGIN.0));
        }
    };
    Nanos(ahead.since(elapsed).0.saturating_add(MARGIN.0))
}

impl Session {
    /// Has a charger taken off that takes the link with it, once the agent runs.
    pub(super) async fn release(&mut self) -> Result<(), Setback> {
        if !self.charger_is_link() || self.state.phase != Phase::Warming {
            return Ok(());
        }
        let released = match self.agent().status(&self.name).await {
            Ok(status) if status.state == AgentState::Running => self.let_go_of_charger().await,
            // A host that takes the session up finds it over.
            other => other.map(|_| None),
        };
        match released {
            Ok(let_go) => self.awaited = let_go.map(|let_go| let_go.what),
            // Somebody was quicker.
            Err(setback) if setback.out_of_reach => {}
            Err(setback) => return Err(setback),
        }
        Ok(())
    }

    /// Whether the device may be out of reach now.
    pub(super) fn is_borne(&self) -> bool {
        self.charger_is_link() && !self.state.stopping && self.state.phase.agent_may_run()
    }

    /// How much longer than others a session may take for it.
    pub(super) fn absence_limit(&self) -> Nanos {
        let rule = self.unplug_rule();
        rule.map_or(Nanos(0), |rule| Nanos(Millis(rule.within_ms).as_nanos().0.saturating_add(REPLUG.0)))
    }

    /// How long to wait before the device is looked for again; none where it should be there.
    pub(super) async fn bear_absence(&mut self, absence: &mut Option<Absence>) -> Option<Duration> {
        let rule = self.unplug_rule().filter(|_| self.is_borne())?;
        let now = self.context.world.clock.mono();
        let hold = Millis(rule.hold_ms).as_nanos();
        let mut pause = LOOK_EVERY;
        if absence.is_none() {
            pause = FIRST_LOOK;
            let left = left_of(self.state.phase, now.since(self.phase_began), hold, self.lengths());
            *absence = Some(Absence::since(now, left));
            let text = format!("{AWAY}, for {:.0} min at most", left.as_secs_f64() / 60.0);
            // A lost line of the log changes nothing.
            let _ = self.note("cable-out", text).await;
        }
        let turn = absence.as_ref()?.look(now);
        let in_ms = |left: Nanos| Some(Millis(left.0 / 1_000_000));
        let device = self.planned.device.id.clone();
        match turn {
            Turn::Away(left) => self.report_left(AWAY, in_ms(left)),
            Turn::Call => {
                self.call_back(OVER).await?;
                absence.as_mut()?.is_called = true;
            }
            Turn::Called(left) => {
                self.report_left(&format!("please plug {device} in again: {OVER}"), in_ms(left));
            }
            Turn::GiveUp => return None,
        }
        Some(pause)
    }

    /// Has the device plugged in again; none where that failed: whoever waits for it tries again, and so does who restores it.
    pub(super) async fn call_back(&self, why: &str) -> Option<()> {
        if let Some(Charger::Hook(name)) = &self.planned.device.beside.charger {
            self.report("switching the charger on");
            return self.switch(name, Position::On).await.ok();
        }
        let text = format!("please plug {} in again: {why}", self.planned.device.id);
        self.report(&text);
        // Who reads the run later learns of it, too.
        let _ = self.note("please", text.as_str()).await;
        self.tell(&text).await;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = 60;

    #[test]
    fn a_device_is_called_once_when_its_session_is_over_and_given_up_at_last() {
        let at = |seconds| Nanos::from_secs(seconds);
        let mut absence = Absence::since(at(100), at(600));
        assert_eq!(absence.look(at(100)), Turn::Away(at(600)));
        assert_eq!(absence.look(at(699)), Turn::Away(at(1)));
        assert_eq!(absence.look(at(704)), Turn::Call);
        assert_eq!(absence.look(at(705)), Turn::Call, "a call that was not heard is made again");
        absence.is_called = true;
        assert_eq!(absence.look(at(706)), Turn::Called(Nanos(REPLUG.0 - at(6).0)));
        assert_eq!(absence.look(Nanos(at(700).0 + REPLUG.0)), Turn::GiveUp);
    }

    #[test]
    fn what_is_left_is_what_the_phase_leaves() {
        let lengths = (Millis(600_000), Millis(120_000));
        let left = |phase, elapsed| {
            left_of(phase, Nanos::from_secs(elapsed), Nanos::from_secs(40), lengths).0 / 1_000_000_000
        };
        // The cable was pulled now, however long that was waited for.
        assert_eq!(left(Phase::Warming, 0), 40 + 5 * MINUTE + 12 * MINUTE + MINUTE);
        assert_eq!(left(Phase::Warming, 9_000), left(Phase::Warming, 0));
        assert_eq!(left(Phase::Soaking, 0), 13 * MINUTE);
        assert_eq!(left(Phase::Soaking, 300), 8 * MINUTE);
        assert_eq!(left(Phase::Recovering, 60), 2 * MINUTE);
        assert_eq!(left(Phase::Recovering, 9_000), MINUTE);
    }
}
