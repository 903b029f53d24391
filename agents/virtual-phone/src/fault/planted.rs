//! The faults of one recording, in the order in which they were given: each sees what the one before left.

use edgesoak_protocol::journal::Frame;
use edgesoak_protocol::{ChannelSpec, RawReading};

use super::{Fault, Hands, Kind, Now, Start, words};
use crate::error::PhoneError;

/// Most faults of one device.
const MOST: usize = 32;

/// The faults of one recording.
#[derive(Debug, Default)]
pub struct Faults {
    planted: Vec<(&'static Kind, Box<dyn Fault>)>,
}

impl Faults {
    /// Reads the words of faults, such as `charger@120s:15W`.
    pub fn read<W: AsRef<str>>(words: &[W]) -> Result<Self, PhoneError> {
        if words.len() > MOST {
            let problem = format!("is one of more than {MOST}");
            let words = words[MOST].as_ref().chars().take(40).collect();
            return Err(PhoneError::ReadingFault { words, problem, hint: None });
        }
        let planted = words
            .iter()
            .map(|words| words::read(words.as_ref()).map(|(kind, setting)| (kind, (kind.plant)(setting))))
            .collect::<Result<_, _>>()?;
        Ok(Self { planted })
    }

    /// Whether nothing goes wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.planted.is_empty()
    }

    /// Their kinds.
    pub fn kinds(&self) -> impl Iterator<Item = &'static Kind> {
        self.planted.iter().map(|(kind, _)| *kind)
    }

    /// Lets all of them change what a soak starts from.
    pub fn prepare(&self, start: &mut Start<'_>) -> Result<(), PhoneError> {
        self.planted.iter().try_for_each(|(_, fault)| fault.prepare(start))
    }

    /// Lets all of them act.
    pub fn act(&mut self, now: Now, hands: &mut Hands<'_, '_>) {
        for (_, fault) in &mut self.planted {
            fault.act(now, hands);
        }
    }

    /// Length of the next prompt, tokens.
    pub fn prompt_tokens(&mut self, now: Now, planned: u32) -> u32 {
        self.planted.iter_mut().fold(planned, |tokens, (_, fault)| fault.prompt_tokens(now, tokens))
    }

    /// What a channel shows.
    pub fn shown(&mut self, now: Now, channel: &ChannelSpec, truth: RawReading) -> RawReading {
        self.planted.iter_mut().fold(truth, |reading, (_, fault)| fault.shown(now, channel, reading))
    }

    /// Whether a tick is not taken.
    pub fn misses_tick(&mut self, now: Now) -> bool {
        // Every fault must see every tick.
        self.planted.iter_mut().fold(false, |missed, (_, fault)| fault.misses_tick(now) || missed)
    }

    /// What is answered.
    pub fn answer(&self, right: String) -> String {
        self.planted.iter().fold(right, |answer, (_, fault)| fault.answer(answer))
    }

    /// Lets all of them change a frame.
    pub fn journaled(&mut self, now: Now, frame: &mut Frame) {
        for (_, fault) in &mut self.planted {
            fault.journaled(now, frame);
        }
    }
}
