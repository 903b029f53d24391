//! The state machine under arbitrary inputs.

use edgesoak_controller::machine::{
    AgentPhase, AgentView, Change, Collected, Effect, Input, Phase, Quarantine, State, Undo, step,
};
use edgesoak_record::session::{CloseState, SessionClose};
use proptest::prelude::*;

fn close(cause: &str) -> SessionClose {
    SessionClose {
        state: CloseState::Interrupted,
        cause: cause.to_owned(),
        detail: "a detail".to_owned(),
        whose: "device".to_owned(),
    }
}

fn completed() -> SessionClose {
    SessionClose {
        state: CloseState::Completed,
        cause: String::new(),
        detail: String::new(),
        whose: String::new(),
    }
}

fn change(what: &str) -> Change {
    Change { what: what.to_owned(), undo: Undo::Remove(format!("sessions/{what}")) }
}

fn any_input() -> impl Strategy<Value = Input> {
    let name = prop_oneof![Just("a"), Just("b")];
    let plain = prop_oneof![
        Just(Input::Begin),
        Just(Input::Connected),
        Just(Input::Provisioned),
        Just(Input::PreflightPassed),
        prop_oneof![Just(Input::ChargeLow), Just(Input::ChargeHigh), Just(Input::ChargeReached)],
        Just(Input::Settled),
        Just(Input::Started),
        Just(Input::Stopped),
        Just(Input::StopRequested),
        Just(Input::RestoreEnded),
        Just(Input::AgentEnded(completed())),
    ];
    prop_oneof![
        6 => plain,
        2 => name.clone().prop_map(|what| Input::Changing(change(what))),
        1 => name.prop_map(|what| Input::Restored(what.to_owned())),
        1 => prop_oneof![
            Just(AgentPhase::Warming), Just(AgentPhase::Soaking), Just(AgentPhase::AnsweringHot),
            Just(AgentPhase::Recovering), Just(AgentPhase::Answering)
        ].prop_map(Input::Agent),
        1 => Just(Input::AgentEnded(close("agent-died"))),
        1 => Just(Input::Failed(close("link-lost"))),
        1 => Just(Input::CopyFailed(close("host-disk-full"))),
        1 => prop_oneof![
            Just(Collected::Whole(Some(completed()))), Just(Collected::Whole(Some(close("runtime-died")))),
            Just(Collected::Whole(None)), Just(Collected::Partly), Just(Collected::Vanished), Just(Collected::NeverBegun),
        ].prop_map(Input::Collected),
        1 => any::<bool>().prop_map(|dirty| Input::Swept(dirty.then(|| Quarantine {
            whose: "device".to_owned(), why: "it still runs".to_owned(),
        }))),
    ]
}

fn any_view() -> impl Strategy<Value = Option<AgentView>> {
    prop_oneof![
        Just(None),
        Just(Some(AgentView::Absent)),
        Just(Some(AgentView::Present)),
        Just(Some(AgentView::Vanished)),
    ]
}

/// The good answer to an effect.
fn answer(effect: &Effect) -> Input {
    match effect {
        Effect::Connect => Input::Connected,
        Effect::Provision => Input::Provisioned,
        Effect::Preflight => Input::PreflightPassed,
        Effect::Charge | Effect::Discharge => Input::ChargeReached,
        Effect::Settle => Input::Settled,
        Effect::Start => Input::Started,
        Effect::Follow => Input::AgentEnded(completed()),
        Effect::Stop => Input::Stopped,
        Effect::Collect => Input::Collected(Collected::Whole(Some(completed()))),
        Effect::Restore => Input::RestoreEnded,
        Effect::Sweep | Effect::Close(_) => Input::Swept(None),
    }
}

/// Carries effects out until the session is closed: the `n`th one fails where `fails` says so. Gives the phases that
/// were visited and the close.
fn drive(mut state: State, first: Input, fails: &[bool], changes: bool) -> (State, Vec<Phase>, SessionClose) {
    let (mut input, mut pending, mut visited) = (first, Vec::new(), vec![state.phase]);
    for turn in 0..100 {
        let (next, effects) = step(&state, input);
        state = next;
        visited.push(state.phase);
        if !effects.is_empty() {
            pending = effects;
        }
        assert!(!pending.is_empty(), "{state:?} leads nowhere");
        let effect = pending.remove(0);
        if let Effect::Close(close) = effect {
            return (state, visited, close);
        }
        if changes && effect == Effect::Provision {
            state = step(&state, Input::Changing(change("inputs"))).0;
        }
        if effect == Effect::Restore {
            for undone in state.changes.clone() {
                state = step(&state, Input::Restored(undone.what)).0;
            }
        }
        let fail = fails.get(turn).copied().unwrap_or(false);
        input = if fail { Input::Failed(close("broken")) } else { answer(&effect) };
    }
    panic!("no end after a hundred turns: {state:?}");
}

#[test]
fn the_good_way_visits_every_phase_once() {
    let (state, visited, end) = drive(State::queued(), Input::Begin, &[], true);
    let expected = [
        Phase::Queued,
        Phase::Connecting,
        Phase::Provisioning,
        Phase::Preflight,
        Phase::Settling,
        Phase::Warming,
        // `Started` moves nothing: the agent announces its own phases.
        Phase::Warming,
        Phase::Collecting,
        Phase::Restoring,
        Phase::Sweeping,
        Phase::Done,
    ];
    assert_eq!(visited, expected);
    assert_eq!(end, completed());
    assert!(state.changes.is_empty() && state.quarantine.is_none());
}

#[test]
fn a_battery_is_brought_into_its_window_on_the_way_and_the_rest_is_the_same() {
    for (found, phase, effect) in [
        (Input::ChargeLow, Phase::Charging, Effect::Charge),
        (Input::ChargeHigh, Phase::Discharging, Effect::Discharge),
    ] {
        let looked = State { phase: Phase::Preflight, ..State::queued() };
        let (charging, effects) = step(&looked, found.clone());
        assert_eq!((charging.phase, effects), (phase, vec![effect]));
        let (settling, effects) = step(&charging, Input::ChargeReached);
        assert_eq!((settling.phase, effects), (Phase::Settling, vec![Effect::Settle]));
        assert_eq!(step(&settling, found).0, settling, "only the preflight looks");
        let (late, effects) = step(&charging, Input::Failed(close("start-gate-timeout")));
        assert_eq!((late.phase, effects), (Phase::Restoring, vec![Effect::Restore]));
        let (again, effects) = step(&charging, Input::Resumed(None));
        assert_eq!((again.phase, again.attempt, effects), (Phase::Connecting, 2, vec![Effect::Connect]));
        assert!(!charging.phase.agent_may_run());
    }
}

#[test]
fn a_change_that_cannot_be_undone_quarantines_the_device_and_keeps_the_outcome() {
    let mut state = State { phase: Phase::Restoring, changes: vec![change("inputs")], ..State::queued() };
    let effects;
    (state, effects) = step(&state, Input::RestoreEnded);
    assert_eq!(effects, [Effect::Sweep]);
    let (state, effects) = step(&state, Input::Swept(None));
    assert_eq!(state.phase, Phase::Quarantined);
    assert_eq!(effects, [Effect::Close(completed())]);
}

#[test]
fn a_lost_link_can_be_taken_up_again_and_a_completed_session_cannot() {
    let lost = State {
        phase: Phase::Quarantined,
        keep_journal: true,
        ending: Some(close("link-lost")),
        changes: vec![change("a")],
        ..State::queued()
    };
    let again = lost.reopened(&close("link-lost")).expect("the device still has its journal");
    assert_eq!((again.phase, again.attempt, again.changes.len()), (Phase::Warming, 2, 1));
    let (state, _, end) = drive(again, Input::Resumed(Some(AgentView::Present)), &[], false);
    assert_eq!((state.phase, end), (Phase::Done, completed()));
    assert_eq!(State { phase: Phase::Done, ..State::queued() }.reopened(&completed()), None);
}

#[test]
fn a_journal_that_could_not_be_collected_is_collected_later_and_the_outcome_stands() {
    let directory = Change {
        what: "session directory".to_owned(),
        undo: Undo::RemoveSession("sessions/r/s01".to_owned()),
    };
    for phase in [Phase::Done, Phase::Quarantined] {
        let left = State { phase, keep_journal: true, changes: vec![directory.clone()], ..State::queued() };
        let again = left.reopened(&close("agent-died")).expect("the device still has the journal");
        let (state, effects) = step(&again, Input::Resumed(None));
        assert_eq!(effects, [Effect::Collect]);
        let word = Some(close("device-restarted"));
        let (state, _) = step(&state, Input::Collected(Collected::Whole(word)));
        assert!(!state.keep_journal);
        let (state, _) = step(&state, Input::Restored("session directory".to_owned()));
        let (state, _) = step(&state, Input::RestoreEnded);
        assert_eq!(step(&state, Input::Swept(None)).1, [Effect::Close(close("agent-died"))]);
        assert_eq!(step(&state, Input::Swept(None)).0.reopened(&close("agent-died")), None);
    }
}

#[test]
fn a_device_that_could_not_be_restored_is_restored_later_and_nothing_else() {
    let left = State { phase: Phase::Quarantined, changes: vec![change("a")], ..State::queued() };
    for end in [completed(), close("agent-died")] {
        let again = left.reopened(&end).expect("something is left behind");
        let (state, effects) = step(&again, Input::Resumed(None));
        assert_eq!(effects, [Effect::Restore]);
        let (state, _) = step(&state, Input::Restored("a".to_owned()));
        let (state, _) = step(&state, Input::RestoreEnded);
        assert_eq!(step(&state, Input::Swept(None)).1, [Effect::Close(end)], "the outcome stands");
    }
    let clean = State { changes: Vec::new(), ..left };
    assert_eq!(clean.reopened(&completed()), None, "the device is as it was");
}

#[test]
fn only_a_whole_journal_that_says_so_closes_a_session_as_completed() {
    let collecting = State { phase: Phase::Collecting, ..State::queued() };
    for collected in [Collected::Whole(None), Collected::Partly, Collected::Vanished, Collected::NeverBegun] {
        let may_have_more = collected == Collected::Partly;
        let (state, effects) = step(&collecting, Input::Collected(collected));
        assert_eq!((effects, state.keep_journal), (vec![Effect::Restore], may_have_more));
        let ending = state.ending.expect("it is not taken for completed");
        assert_eq!((ending.state, ending.cause.as_str()), (CloseState::Interrupted, "journal-incomplete"));
    }
    let (state, _) = step(&collecting, Input::Collected(Collected::Whole(Some(completed()))));
    assert_eq!(state.ending, None);
}

#[test]
fn a_device_that_comes_back_knows_better_than_a_lost_link_how_it_ended() {
    let ending = |cause: &str, collected| {
        let collecting = State { phase: Phase::Collecting, ending: Some(close(cause)), ..State::queued() };
        let ending = step(&collecting, Input::Collected(collected)).0.ending;
        ending.map(|ending| (ending.state, ending.cause))
    };
    let word = |cause: &str| Collected::Whole(Some(close(cause)));
    let interrupted = |cause: &str| Some((CloseState::Interrupted, cause.to_owned()));
    assert_eq!(ending("link-lost", word("device-restarted")), interrupted("device-restarted"));
    assert_eq!(ending("link-lost", Collected::Whole(Some(completed()))), None);
    assert_eq!(ending("link-lost", Collected::Partly), interrupted("link-lost"));
    assert_eq!(ending("host-disk-full", Collected::Whole(None)), interrupted("host-disk-full"));
    assert_eq!(ending("stopped-by-user", word("runtime-died")), interrupted("stopped-by-user"));
    let never = Some((CloseState::NotRun, "link-lost".to_owned()));
    assert_eq!(ending("link-lost", Collected::NeverBegun), never, "it begins when it is taken up again");
}

#[test]
fn an_agent_that_was_out_of_reach_is_followed_on_and_not_stopped() {
    let lost = State { phase: Phase::Collecting, ending: Some(close("link-lost")), ..State::queued() };
    let again = lost.reopened(&close("link-lost")).expect("the device may still run it");
    assert!(again.asks_agent());
    let (_, effects) = step(&again, Input::Resumed(Some(AgentView::Present)));
    assert_eq!(effects, [Effect::Follow]);
}

proptest! {
    #[test]
    fn phases_only_go_forward_and_a_session_is_closed_once(inputs in prop::collection::vec(any_input(), 0..80)) {
        let (mut state, mut closes) = (State::queued(), 0);
        for input in inputs {
            let (next, effects) = step(&state, input);
            prop_assert!(next.phase >= state.phase);
            prop_assert_eq!(next.attempt, state.attempt);
            let closing = effects.iter().filter(|effect| matches!(effect, Effect::Close(_))).count();
            prop_assert_eq!(closing == 1, next.phase.is_end() && !state.phase.is_end());
            // Nothing is done to a device that is not restored afterwards.
            if next.phase.is_end() {
                prop_assert!(next.changes.is_empty() || state.phase > Phase::Restoring || state.phase.is_end());
            }
            closes += closing;
            state = next;
        }
        prop_assert_eq!(closes == 1, state.phase.is_end());
    }

    #[test]
    fn every_session_ends_whatever_fails(fails in prop::collection::vec(any::<bool>(), 0..40), changes: bool) {
        let (state, visited, end) = drive(State::queued(), Input::Begin, &fails, changes);
        prop_assert!(state.phase.is_end());
        let provisioned = visited.contains(&Phase::Provisioning);
        prop_assert_eq!(visited.contains(&Phase::Restoring), provisioned, "{:?}", visited);
        prop_assert_eq!(end == completed(), !visited_failure(&visited, &fails), "{:?} {:?}", visited, fails);
    }

    #[test]
    fn every_state_can_be_resumed_to_its_end(
        inputs in prop::collection::vec(any_input(), 0..40), view in any_view(), fails in prop::collection::vec(any::<bool>(), 0..10),
    ) {
        let mut state = State::queued();
        for input in inputs {
            state = step(&state, input).0;
        }
        // What a host finds is what another one wrote.
        let text = serde_json::to_string(&state).expect("states are JSON");
        let found: State = serde_json::from_str(&text).expect("and back");
        prop_assert_eq!(&found, &state);
        prop_assume!(!found.phase.is_end());
        let had_changes = !found.changes.is_empty() && found.phase <= Phase::Restoring;
        let (end, visited, _) = drive(found, Input::Resumed(view), &fails, true);
        prop_assert!(end.phase.is_end());
        prop_assert!(!had_changes || visited.contains(&Phase::Restoring), "{:?}", visited);
    }

    #[test]
    fn a_stop_is_heeded_at_any_time(inputs in prop::collection::vec(any_input(), 0..20)) {
        let mut state = State::queued();
        for input in inputs {
            state = step(&state, input).0;
        }
        let (next, effects) = step(&state, Input::StopRequested);
        if state.phase.agent_may_run() && !state.stopping {
            prop_assert_eq!(effects, [Effect::Stop, Effect::Follow]);
            prop_assert!(next.stopping);
        } else if state.phase < Phase::Warming {
            prop_assert!(next.phase >= Phase::Restoring);
            prop_assert!(next.ending.is_some());
        } else {
            prop_assert_eq!(next, state);
        }
    }
}

/// Whether a failure was met before the journal was collected; later ones do not change the outcome.
fn visited_failure(visited: &[Phase], fails: &[bool]) -> bool {
    let counted = visited.iter().skip(1).zip(fails);
    counted.into_iter().any(|(phase, fail)| *fail && *phase <= Phase::Collecting)
}
