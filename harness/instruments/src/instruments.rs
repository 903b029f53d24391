//! The way to what stands beside a device.

use std::time::Duration;

use async_trait::async_trait;
use edgesoak_record::lab::{Hook, Meter, Notify, Probe};
use edgesoak_record::units::Celsius;

use crate::error::InstrumentError;
use crate::meter_stream::MeterStream;
use crate::{ambient, meter_stream, program};

/// The slowest hub or relay is done within this.
const SWITCHING: Duration = Duration::from_secs(30);

/// A message that is not gone by then delays the work that waits for it.
const TELLING: Duration = Duration::from_secs(20);

/// Position of a switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// No power.
    Off,
    /// Power.
    On,
}

impl Position {
    /// The word for people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Position::Off => "off",
            Position::On => "on",
        }
    }
}

/// What stands beside the devices of a lab.
#[async_trait]
pub trait Instruments: Send + Sync {
    /// Brings a switch into a position; doing it twice is no error of its own.
    async fn switch(&self, hook: &Hook, position: Position) -> Result<(), InstrumentError>;

    /// Temperature of the room, once.
    async fn ambient(&self, probe: &Probe) -> Result<Celsius, InstrumentError>;

    /// Starts to listen to a meter; dropping the stream ends its program.
    async fn listen(&self, meter: &Meter) -> Result<MeterStream, InstrumentError>;

    /// Tells a person something, once; the text is the last argument of the lab's command.
    async fn tell(&self, notify: &Notify, text: &str) -> Result<(), InstrumentError>;
}

/// The instruments of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct HostInstruments;

#[async_trait]
impl Instruments for HostInstruments {
    async fn switch(&self, hook: &Hook, position: Position) -> Result<(), InstrumentError> {
        let command = match position {
            Position::Off => &hook.off,
            Position::On => &hook.on,
        };
        program::run(command, SWITCHING).await.map(drop)
    }

    async fn ambient(&self, probe: &Probe) -> Result<Celsius, InstrumentError> {
        ambient::read(probe).await
    }

    async fn listen(&self, meter: &Meter) -> Result<MeterStream, InstrumentError> {
        meter_stream::open(meter)
    }

    async fn tell(&self, notify: &Notify, text: &str) -> Result<(), InstrumentError> {
        let command: Vec<String> = notify.command.iter().cloned().chain([text.to_owned()]).collect();
        program::run(&command, TELLING).await.map(drop)
    }
}
