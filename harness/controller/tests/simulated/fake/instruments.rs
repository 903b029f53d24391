//! A hub, a thermometer and a meter that are made up.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use edgesoak_controller::{ByteSource, Clock, InstrumentError, Instruments, MeterStream, Position};
use edgesoak_record::lab::{
    Hook, Lab as LabFile, Meter, MeterFormat, MeterScope, MeterSource, Notify, Probe,
};
use edgesoak_record::units::{Celsius, Millis};

use super::clock::JumpingClock;
use super::device::Device;
use super::disk::MemoryDisk;

/// What the instruments are and were told.
#[derive(Debug, Default)]
pub struct Bench {
    /// Every command that was carried out.
    pub switched: Vec<&'static str>,
    /// The hub refuses these.
    pub refuses: Option<Position>,
    /// The hub says yes and does nothing.
    pub is_stuck: bool,
    /// Temperature of the room; `None`: the thermometer has none.
    pub room: Option<f64>,
    /// Readings of each stream of the meter before it ends.
    pub stream_length: u64,
    /// The meter prints without end, ten pieces a second and never a line: so many were taken from it.
    pub flood: Option<Arc<AtomicU64>>,
    /// Readings after which the meter's own clock begins again, in the middle of a stream.
    pub clock_resets_after: Option<u64>,
    /// Readings that the meter gives at once, ten times a second.
    pub readings_at_once: u64,
    /// Streams that were opened.
    pub streams: u64,
    /// What people were told.
    pub told: Vec<String>,
    /// Who is told moves the plug.
    pub obeys: bool,
    /// Nobody can be told anything.
    pub is_mute: bool,
}

/// The instruments of one device.
pub struct FakeInstruments {
    pub bench: Mutex<Bench>,
    device: Arc<Device>,
    disk: Arc<MemoryDisk>,
    clock: Arc<JumpingClock>,
}

/// The lab's file: one of each.
pub fn lab_file() -> LabFile {
    let command = |word: &str| vec!["made-up".to_owned(), word.to_owned()];
    let hook = Hook { off: command("off"), on: command("on") };
    let source = MeterSource::Command(command("meter"));
    let meter =
        Meter { source, format: MeterFormat::Ndjson, scope: MeterScope::Board, gain_error: Some(0.01) };
    LabFile {
        hooks: [("hub".to_owned(), hook)].into(),
        probes: [("room".to_owned(), Probe { command: command("room") })].into(),
        meters: [("shunt".to_owned(), meter)].into(),
        notify: Some(Notify { command: command("tell"), wait: Millis(120_000) }),
    }
}

impl FakeInstruments {
    pub fn new(device: Arc<Device>, disk: Arc<MemoryDisk>, clock: Arc<JumpingClock>) -> Self {
        let bench =
            Bench { room: Some(24.0), stream_length: 100_000, readings_at_once: 1, ..Bench::default() };
        Self { bench: Mutex::new(bench), device, disk, clock }
    }

    pub fn bench(&self) -> MutexGuard<'_, Bench> {
        self.bench.lock().expect("unpoisoned")
    }

    /// A dead host starts nothing any more.
    async fn alive(&self) {
        if self.disk.is_dead() {
            std::future::pending::<()>().await;
        }
    }
}

fn failed(words: &str) -> InstrumentError {
    let (program, end) = ("made-up".to_owned(), "code 1".to_owned());
    InstrumentError::Ended { program, end, words: words.to_owned() }
}

#[async_trait]
impl Instruments for FakeInstruments {
    async fn switch(&self, hook: &Hook, position: Position) -> Result<(), InstrumentError> {
        self.alive().await;
        assert_eq!(hook, &lab_file().hooks["hub"]);
        let mut bench = self.bench();
        if bench.refuses == Some(position) {
            return Err(failed("no such port"));
        }
        bench.switched.push(position.word());
        if !bench.is_stuck {
            self.device.things().plugged = Some(position == Position::On);
        }
        Ok(())
    }

    async fn ambient(&self, _: &Probe) -> Result<Celsius, InstrumentError> {
        self.alive().await;
        self.bench().room.map(Celsius).ok_or_else(|| failed("the bus is gone"))
    }

    async fn listen(&self, meter: &Meter) -> Result<MeterStream, InstrumentError> {
        self.alive().await;
        let mut bench = self.bench();
        bench.streams += 1;
        let (left, at_once) = (bench.stream_length, bench.readings_at_once);
        let reset_at = bench.clock_resets_after.and_then(|after| left.checked_sub(after));
        let (flood, clock) = (bench.flood.clone(), self.clock.clone());
        let source = TenHertz { left, at_once, reset_at, flood, own_ms: 0, clock };
        Ok(MeterStream::new(Box::new(source), meter.format))
    }

    async fn tell(&self, notify: &Notify, text: &str) -> Result<(), InstrumentError> {
        self.alive().await;
        assert_eq!(Some(notify), lab_file().notify.as_ref());
        let mut bench = self.bench();
        if bench.is_mute {
            return Err(failed("nobody listens"));
        }
        bench.told.push(text.to_owned());
        if bench.obeys && text.contains("please ") {
            self.device.things().plugged = Some(!text.contains("please unplug "));
        }
        Ok(())
    }
}

/// Two watts, ten times a second, with a clock that begins with each stream and a line of nonsense every 50 readings.
struct TenHertz {
    left: u64,
    at_once: u64,
    reset_at: Option<u64>,
    flood: Option<Arc<AtomicU64>>,
    own_ms: u64,
    clock: Arc<JumpingClock>,
}

#[async_trait]
impl ByteSource for TenHertz {
    async fn next(&mut self) -> Result<Vec<u8>, InstrumentError> {
        self.clock.sleep(Duration::from_millis(100)).await;
        let Some(left) = self.left.checked_sub(1) else { return Err(failed("the shunt is loose")) };
        self.left = left;
        if let Some(taken) = &self.flood {
            taken.fetch_add(1, Ordering::Relaxed);
            return Ok(vec![b'#'; 2 << 20]);
        }
        self.own_ms = if self.reset_at == Some(left) { 0 } else { self.own_ms + 100 };
        let nonsense = if left % 50 == 0 { "nonsense\n" } else { "" };
        let reading = |n: u64| {
            let t = (self.own_ms * self.at_once + 100 * n) as f64 / (1e3 * self.at_once as f64);
            format!("{{\"t\": {t}, \"watts\": 2}}\n")
        };
        Ok((nonsense.to_owned() + &(0..self.at_once).map(reading).collect::<String>()).into_bytes())
    }
}
