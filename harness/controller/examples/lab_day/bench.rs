//! Hubs, thermometers and meters, as one process of a host reaches them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use edgesoak_controller::{ByteSource, InstrumentError, Instruments, MeterStream, Position};
use edgesoak_record::lab::{Hook, Meter, MeterSource, Notify, Probe};
use edgesoak_record::units::Celsius;

use crate::defect::Defect;
use crate::disk::HostDisk;
use crate::phone::Phone;
use crate::phone::body::ROOM;
use crate::process::Process;

const LATENCY: Duration = Duration::from_millis(300);

pub struct Bench {
    pub phones: Arc<BTreeMap<String, Arc<Phone>>>,
    pub process: Arc<Process>,
    pub disk: Arc<HostDisk>,
    /// Where the runs of this process lie.
    pub out: String,
}

fn failed(words: &str) -> InstrumentError {
    let (program, end) = ("made-up".to_owned(), "code 1".to_owned());
    InstrumentError::Ended { program, end, words: words.to_owned() }
}

impl Bench {
    fn phone(&self, command: &[String]) -> &Arc<Phone> {
        &self.phones[&command[1]]
    }

    /// Whether a session belongs to a run of this process.
    fn runs(&self, name: &str) -> bool {
        let run = name.split('/').next().unwrap_or(name);
        self.disk.get(Path::new(&format!("{}/runs/{run}/host.journal", self.out))).is_some()
    }
}

#[async_trait]
impl Instruments for Bench {
    async fn switch(&self, hook: &Hook, position: Position) -> Result<(), InstrumentError> {
        self.process.lives().await;
        tokio::time::sleep(LATENCY).await;
        self.process.lives().await;
        let phone = self.phone(&hook.on);
        let now = phone.dawn.now();
        if position == Position::Off && !phone.truth.ledger.is_held(&phone.id, &self.process, now) {
            phone.truth.broken(format!("{}: its charger goes off for a run that does not hold it", phone.id));
        }
        {
            let mut inner = phone.inner();
            if let Some(left) = inner.hub_refuses.checked_sub(1) {
                inner.hub_refuses = left;
                return Err(failed("no such port"));
            }
            let others = inner.running(now).filter(|name| !self.runs(name)).map(str::to_owned);
            // A host that cannot ask the phone cannot know of another host's session there.
            if let Some(name) = others.filter(|_| !inner.was_unreachable(now)) {
                let word = position.word();
                phone
                    .truth
                    .broken(format!("{}: another run's charger goes {word} while {name} soaks", phone.id));
            }
            if position == Position::Off || !phone.truth.has(Defect::ChargersForgotten) {
                inner.plugged = position == Position::On;
            }
        }
        self.process.lives().await;
        Ok(())
    }

    async fn ambient(&self, probe: &Probe) -> Result<Celsius, InstrumentError> {
        self.process.lives().await;
        tokio::time::sleep(LATENCY).await;
        self.process.lives().await;
        let phone = self.phone(&probe.command);
        let is_silent = phone.dawn.now() < phone.inner().thermometer_until;
        if is_silent { Err(failed("the bus is gone")) } else { Ok(Celsius(ROOM)) }
    }

    async fn listen(&self, meter: &Meter) -> Result<MeterStream, InstrumentError> {
        self.process.lives().await;
        let MeterSource::Command(command) = &meter.source else { return Err(failed("no such meter")) };
        let (phone, process) = (self.phone(command).clone(), self.process.clone());
        Ok(MeterStream::new(Box::new(OneHertz { phone, process, second: 0 }), meter.format))
    }

    async fn tell(&self, _: &Notify, _: &str) -> Result<(), InstrumentError> {
        self.process.lives().await;
        Ok(())
    }
}

/// Some watts, once a second, on a clock that begins with the stream.
struct OneHertz {
    phone: Arc<Phone>,
    process: Arc<Process>,
    second: u32,
}

#[async_trait]
impl ByteSource for OneHertz {
    async fn next(&mut self) -> Result<Vec<u8>, InstrumentError> {
        tokio::time::sleep(Duration::from_secs(1)).await;
        self.process.lives().await;
        self.second += 1;
        let ends = std::mem::take(&mut self.phone.inner().meter_ends);
        if ends {
            return Err(failed("the shunt is loose"));
        }
        Ok(format!("{{\"t\": {}, \"watts\": 3.25}}\n", self.second).into_bytes())
    }
}
