//! A meter, listened to while a session lasts: through as many streams as it takes.

use std::time::Duration;

use edgesoak_instruments::{Heard, InstrumentError, Measured, MeterStream, OwnClock};
use edgesoak_protocol::Reason;
use edgesoak_protocol::units::Nanos;
use edgesoak_record::host_entry::{HostEvent, MeterClock, MeterReading};
use edgesoak_record::lab::Meter;
use tokio::sync::watch;

use super::room::stopped;
use super::thinned::thinned;
use crate::context::Context;
use crate::sink_thread::sentence;

/// Readings are written together, and once as long as this.
const BATCH: Duration = Duration::from_secs(1);
/// How often the fit of the meter's clock is written down.
const CLOCK_EVERY: Nanos = Nanos::from_secs(60);
/// Most readings that are taken in a batch.
const MOST_IN_BATCH: usize = 20_000;
/// Most bytes of a batch: whoever prints more waits for the next one. Beside a soak on the same processor, reading
/// all of it would cost the soak tokens.
const MOST_BYTES: usize = 2 << 20;
/// Most readings of a batch that are kept; of more, neighbours become one.
const MOST_KEPT: usize = 100;
/// Most readings of a session, eighty minutes at a hundred a second; more would fill the host's journal.
const MOST_IN_SESSION: usize = 500_000;
/// A meter that says nothing for this long is told about.
const SILENCE: Nanos = Nanos::from_secs(10);
/// Pauses before each further try, as long as no reading comes; the last one repeats.
const BACK_OFF: [Duration; 5] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(30),
];

/// Why a stream is not listened to any more.
enum End {
    /// The session needs it no more, or the host cannot write.
    Enough,
    Over(InstrumentError),
}

/// Listens until it is told to stop.
pub(super) struct MeterWatch {
    context: Context,
    session: String,
    name: String,
    meter: Meter,
    pending: Vec<MeterReading>,
    /// Readings that were written down.
    kept: usize,
    /// Readings that were too many for their batch.
    dropped: usize,
    bad_lines: u64,
    /// Why the last bad line was one.
    why_bad: &'static str,
    /// Problems that were told already: each is told once.
    told: Vec<&'static str>,
}

/// One stream from its opening to its end.
struct Listening {
    opened: Nanos,
    clock: OwnClock,
    has_clock: bool,
    /// The clock turned out to be none: the times of arrival count from then on, whatever fit was written before.
    is_no_clock: bool,
    written: Option<MeterClock>,
    clock_at: Nanos,
    heard_at: Nanos,
    flushed_at: Nanos,
    /// Bytes since then.
    bytes: usize,
    any: bool,
}

impl MeterWatch {
    pub(super) fn new(context: Context, session: String, name: String, meter: Meter) -> Self {
        let (pending, told) = (Vec::new(), Vec::new());
        Self { context, session, name, meter, pending, kept: 0, dropped: 0, bad_lines: 0, why_bad: "", told }
    }

    pub(super) async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut tries = 0;
        loop {
            let opened = self.now();
            let listened = tokio::select! {
                biased;
                () = stopped(&mut stop) => break,
                listened = self.context.world.instruments.listen(&self.meter) => listened,
            };
            let (end, any) = match listened {
                Ok(stream) => self.follow(stream, opened, &mut stop).await,
                Err(error) => (End::Over(error), false),
            };
            let End::Over(error) = end else { break };
            if self.over(opened, &error).await.is_err() {
                break;
            }
            tries = if any { 0 } else { tries + 1 };
            let pause = BACK_OFF[tries.min(BACK_OFF.len() - 1)];
            let clock = self.context.world.clock.clone();
            tokio::select! {
                biased;
                () = stopped(&mut stop) => break,
                () = clock.sleep(pause) => {}
            }
        }
        let _ = self.sum_up().await;
    }

    fn now(&self) -> Nanos {
        self.context.world.clock.mono()
    }

    /// Listens to one stream; whether it gave any reading.
    async fn follow(
        &mut self,
        mut stream: MeterStream,
        opened: Nanos,
        stop: &mut watch::Receiver<bool>,
    ) -> (End, bool) {
        let mut listening = Listening::since(opened);
        let clock = self.context.world.clock.clone();
        let end = loop {
            let heard = tokio::select! {
                biased;
                () = stopped(stop) => break End::Enough,
                heard = stream.next(), if listening.bytes < MOST_BYTES => Some(heard),
                () = clock.sleep(BATCH) => None,
            };
            match heard {
                Some(Ok(heard)) => self.take(&mut listening, heard),
                Some(Err(error)) => break End::Over(error),
                None => {}
            }
            if self.keep_up(&mut listening).await.is_err() || self.kept >= MOST_IN_SESSION {
                break End::Enough;
            }
        };
        // What was heard last counts, whatever became of the stream.
        let _ = self.flush(&mut listening).await;
        let _ = self.write_clock(&mut listening).await;
        (end, listening.any)
    }

    fn take(&mut self, listening: &mut Listening, heard: Heard) {
        let arrived = self.now();
        listening.bytes += heard.bytes;
        self.bad_lines = self.bad_lines.saturating_add(u64::from(heard.bad_lines));
        if !heard.readings.is_empty() {
            listening.any = true;
            listening.heard_at = arrived;
        }
        for mut measured in heard.readings {
            if let Some(own_ns) = measured.own_ns {
                listening.has_clock = true;
                listening.clock.take(own_ns, arrived);
                listening.is_no_clock |= listening.clock.went_back();
            }
            measured.own_ns = measured.own_ns.filter(|_| !listening.is_no_clock);
            if self.pending.len() < MOST_IN_BATCH {
                self.pending.push(reading(arrived, &measured));
            } else {
                self.dropped += 1;
            }
        }
        self.why_bad = heard.why_bad.unwrap_or(self.why_bad);
    }

    /// Writes what is due.
    async fn keep_up(&mut self, listening: &mut Listening) -> std::io::Result<()> {
        let now = self.now();
        if now.since(listening.flushed_at).as_duration() >= BATCH {
            self.flush(listening).await?;
        }
        if now.since(listening.clock_at) >= CLOCK_EVERY {
            self.write_clock(listening).await?;
        }
        if now.since(listening.heard_at) >= SILENCE {
            listening.heard_at = now;
            self.tell_once("meter-silent", format!("{} has said nothing for 10 s", self.name)).await?;
        }
        if listening.bytes >= MOST_BYTES {
            let text = format!("{} prints more than {} KiB a second, and waits", self.name, MOST_BYTES >> 10);
            self.tell_once("meter-flood", text).await?;
        }
        if self.bad_lines > 0 {
            let text = format!("a line of {} is no reading: {}", self.name, self.why_bad);
            self.tell_once("meter-bad-line", text).await?;
        }
        Ok(())
    }

    async fn flush(&mut self, listening: &mut Listening) -> std::io::Result<()> {
        listening.flushed_at = self.now();
        listening.bytes = 0;
        let readings = thinned(std::mem::take(&mut self.pending), MOST_KEPT);
        if readings.is_empty() {
            return Ok(());
        }
        self.kept += readings.len();
        self.write_readings(listening.opened, readings).await?;
        if self.kept >= MOST_IN_SESSION {
            let text = format!("{} has given {} readings; no more are kept", self.name, self.kept);
            self.tell_once("meter-too-much", text).await?;
        }
        Ok(())
    }

    async fn write_readings(&self, opened: Nanos, readings: Vec<MeterReading>) -> std::io::Result<()> {
        let (meter, scope) = (self.name.clone(), self.meter.scope);
        let gain_error_ppm = self.meter.gain_error.map(parts_per_million);
        self.host(HostEvent::MeterRead { meter, scope, gain_error_ppm, opened, readings }).await
    }

    async fn write_clock(&mut self, listening: &mut Listening) -> std::io::Result<()> {
        listening.clock_at = self.now();
        if !listening.has_clock {
            return Ok(());
        }
        let Some(clock) = listening.clock.fit() else {
            listening.is_no_clock = true;
            let text = format!("the times of {} are no clock; the times of arrival count", self.name);
            return self.tell_once("meter-clock", text).await;
        };
        if listening.written == Some(clock) {
            return Ok(());
        }
        listening.written = Some(clock);
        self.host(HostEvent::MeterClock { meter: self.name.clone(), opened: listening.opened, clock }).await
    }

    /// The stream is over: from here on there is no power until it is heard again.
    async fn over(&mut self, opened: Nanos, error: &InstrumentError) -> std::io::Result<()> {
        let gap = MeterReading {
            arrived: self.now(),
            own_ns: None,
            microwatts: None,
            reason: Some(Reason::Failed),
        };
        self.write_readings(opened, vec![gap]).await?;
        self.tell_once("meter-ended", format!("{} is tried again: {}", self.name, sentence(error))).await
    }

    async fn sum_up(&mut self) -> std::io::Result<()> {
        if self.bad_lines == 0 && self.dropped == 0 {
            return Ok(());
        }
        let text = format!(
            "{}: {} readings kept, {} lines were no readings, {} readings came faster than {MOST_IN_BATCH} a second",
            self.name, self.kept, self.bad_lines, self.dropped
        );
        self.tell_once("meter-lost", text).await
    }

    async fn tell_once(&mut self, code: &'static str, text: String) -> std::io::Result<()> {
        if self.told.contains(&code) {
            return Ok(());
        }
        self.told.push(code);
        self.host(HostEvent::Noted { code: code.to_owned(), text }).await
    }

    async fn host(&self, event: HostEvent) -> std::io::Result<()> {
        self.context.events.host(Some(&self.session), event).await
    }
}

impl Listening {
    fn since(opened: Nanos) -> Self {
        Self {
            opened,
            clock: OwnClock::default(),
            has_clock: false,
            is_no_clock: false,
            written: None,
            clock_at: opened,
            heard_at: opened,
            flushed_at: opened,
            bytes: 0,
            any: false,
        }
    }
}

fn reading(arrived: Nanos, measured: &Measured) -> MeterReading {
    let (microwatts, reason) = match measured.watts {
        Ok(watts) => (Some(millionths(watts)), None),
        Err(reason) => (None, Some(reason)),
    };
    MeterReading { arrived, own_ns: measured.own_ns, microwatts, reason }
}

#[expect(clippy::cast_possible_truncation, reason = "the instrument bounds it to 100 kW")]
fn millionths(watts: f64) -> i64 {
    (watts * 1e6).round() as i64
}

/// The language bounds gain errors to 20 %.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1")]
fn parts_per_million(part: f64) -> u32 {
    (part.clamp(0.0, 1.0) * 1e6).round() as u32
}
