//! What goes wrong on a lab day, and when: everything is decided by the seed before the day begins.

use std::time::Duration;

use crate::dice::Dice;
use crate::fault::{Fault, HostFault, Mishap, StreamMishap};
use crate::phone::Kind;

const MISHAPS: [Mishap; 5] =
    [Mishap::QuestionLost, Mishap::AnswerLost, Mishap::AnswerLate, Mishap::HalfAnswer, Mishap::Stall];
const STREAM_MISHAPS: [StreamMishap; 3] = [StreamMishap::Drop, StreamMishap::Stall, StreamMishap::Flip];

/// Faults of a phone that is used from `begin` on.
pub fn of_phone(kind: Kind, begin: Duration, dice: &mut Dice) -> Vec<(Duration, Fault)> {
    let mut faults = Vec::new();
    for _ in 0..dice.within(0..5) {
        // Sessions of phones that must be cool first begin later.
        let at = begin + dice.seconds(if kind == Kind::Plain { 0..230 } else { 0..330 });
        match dice.within(0..100) {
            0..20 => faults.push((at, Fault::Cable(dice.seconds(1..20)))),
            20..28 => faults.push((at, Fault::Cable(dice.seconds(60..240)))),
            28..32 => faults.push((at, Fault::Cable(dice.seconds(900..2400)))),
            32..58 => {
                let (mishap, count) = (*dice.pick(&MISHAPS), dice.within(1..4));
                faults.push((at, Fault::Calls(mishap, u32::try_from(count).expect("few"))));
            }
            58..76 => faults.push((at, Fault::Stream(*dice.pick(&STREAM_MISHAPS)))),
            76..81 => faults.push((at, Fault::AgentKilled)),
            81..86 => faults.push((at, Fault::Restart(dice.seconds(25..70)))),
            86..89 => faults.push((at, Fault::RuntimeDied)),
            89..93 => faults.push((at, Fault::StorageFull(dice.seconds(30..300)))),
            rest => faults.extend(beside(kind, rest, dice).map(|fault| (at, fault))),
        }
    }
    faults
}

fn beside(kind: Kind, roll: u64, dice: &mut Dice) -> Option<Fault> {
    match (kind, roll) {
        (Kind::Plain, _) => None,
        (_, 93..97) => Some(Fault::HubRefuses(u32::try_from(dice.within(1..4)).expect("few"))),
        (Kind::Charged, _) => None,
        (Kind::Instrumented, 97) => Some(Fault::Thermometer(dice.seconds(30..300))),
        (Kind::Instrumented, _) => Some(Fault::MeterEnds),
    }
}

/// Faults of a host while the run with this number is at work.
pub fn of_host(errand: usize, begin: Duration, dice: &mut Dice) -> Vec<(Duration, HostFault)> {
    let mut faults = Vec::new();
    let at = |dice: &mut Dice| begin + dice.seconds(0..400);
    if dice.percent(30) {
        faults.push((at(dice), HostFault::Kill(errand)));
    }
    if dice.percent(8) {
        faults.push((at(dice), HostFault::PowerFailure));
    }
    if dice.percent(12) {
        let from = at(dice);
        let room = usize::try_from(dice.within(0..120_000)).expect("small");
        faults.push((from, HostFault::Room(Some(room))));
        faults.push((from + dice.seconds(20..200), HostFault::Room(None)));
    }
    if dice.percent(8) {
        let from = at(dice);
        faults.push((from, HostFault::MediumFails(true)));
        faults.push((from + dice.seconds(1..60), HostFault::MediumFails(false)));
    }
    if dice.percent(25) {
        let seconds = *dice.pick(&[-7_200, -90, -1, 2, 45, 3_600, 86_400]);
        faults.push((at(dice), HostFault::ClockStep(seconds)));
    }
    faults
}

/// The acts at which the processes of a run die.
pub fn deaths(sessions: usize, dice: &mut Dice) -> Vec<u64> {
    let mut deaths = Vec::new();
    while dice.percent(35) && deaths.len() < 4 {
        let most = if dice.percent(40) { 60 } else { 320 };
        deaths.push(dice.within(0..most * sessions as u64));
    }
    deaths
}
