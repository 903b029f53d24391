//! What can go wrong on a lab day.

use std::time::Duration;

/// What happens to one call to a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// The link drops before the device hears it.
    QuestionLost,
    /// The device does it, and the link drops before its answer comes.
    AnswerLost,
    /// The device does it, and answers after the deadline.
    AnswerLate,
    /// The device does it, and its program is killed in the middle of the answer.
    HalfAnswer,
    /// Nothing moves until the deadline.
    Stall,
}

/// What happens to one stream of a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamMishap {
    Drop,
    /// No byte comes any more.
    Stall,
    /// A bit is flipped.
    Flip,
}

/// What happens to a phone or to what stands beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Its cable is out for so long.
    Cable(Duration),
    /// The next calls go wrong.
    Calls(Mishap, u32),
    /// The next stream, or the one that is open, goes wrong.
    Stream(StreamMishap),
    AgentKilled,
    RuntimeDied,
    /// It starts again and is away for so long.
    Restart(Duration),
    /// Its storage is full for so long.
    StorageFull(Duration),
    /// The hub refuses so many commands.
    HubRefuses(u32),
    /// The thermometer has no reading for so long.
    Thermometer(Duration),
    MeterEnds,
}

impl Fault {
    pub fn word(&self) -> &'static str {
        match self {
            Fault::Cable(_) => "cable",
            Fault::Calls(..) => "calls",
            Fault::Stream(_) => "stream",
            Fault::AgentKilled => "agent-killed",
            Fault::RuntimeDied => "runtime-died",
            Fault::Restart(_) => "restart",
            Fault::StorageFull(_) => "storage-full",
            Fault::HubRefuses(_) => "hub",
            Fault::Thermometer(_) => "thermometer",
            Fault::MeterEnds => "meter",
        }
    }
}

/// What happens to a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostFault {
    /// Its process of this number is killed.
    Kill(usize),
    /// All its processes are gone, and what was not on the medium.
    PowerFailure,
    /// So many bytes can still be written; `None`: there is room again.
    Room(Option<usize>),
    /// Nothing can be brought to the medium, or it can again.
    MediumFails(bool),
    /// The wall clock is set, seconds.
    ClockStep(i64),
}
