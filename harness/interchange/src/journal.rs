//! A recording as the journal of a session, in the frames that our own agent writes, so that it is stored, checked and
//! read back the same way. Nothing is added: what the file does not hold has no frame.

use edgesoak_protocol::journal::{FinishReason, Frame, Header, Phase, write_frame, write_header};
use edgesoak_protocol::reading::{RawReading, Reading, Reason};
use edgesoak_protocol::units::Nanos;
use edgesoak_protocol::{ChannelSpec, Group, Quantity, Unit, rule};

use crate::limits::COLUMNS;
use crate::recording::{Counted, Moment, Prompt, Recording, Series, Stamp};

/// Readings are kept to a millionth of their unit.
const SCALE: f64 = 1e-6;
/// Most callbacks of one frame.
const BATCH: usize = 4096;
/// Shortest time between two readings that is believed, nanoseconds.
const SHORTEST_PERIOD: u64 = 1_000_000;
/// The longest: that of a table by the minute. What is read more seldom has holes, however regular they are.
const LONGEST_PERIOD: u64 = 60_000_000_000;

/// The whole journal. Its clock begins at zero; `wall` is when it was imported.
#[must_use]
pub fn journal(recording: &Recording, run: &str, session: &str, wall: Nanos) -> Vec<u8> {
    let series = series(recording);
    let header = Header {
        run: run.to_owned(),
        session: session.to_owned(),
        boot_id: String::new(),
        mono_ns: 0,
        boottime_ns: 0,
        wall_ns: wall.0,
        agent: format!("import {}", env!("CARGO_PKG_VERSION")),
        is_virtual: recording.is_virtual,
        groups: (0_u8..).zip(&series).map(|(id, series)| Group { id, period_ns: period(series) }).collect(),
        channels: (0_u8..).zip(&series).map(|(group, series)| channel(group, series)).collect(),
    };
    let mut bytes = write_header(&header);
    let zero = recording.zero();
    let (mut frames, mut ticks) = (frames(recording).into_iter().peekable(), ticks(zero, &series));
    let (mut seq, mut last) = (0, 0);
    let mut write = |at: u64, frame: &Frame| {
        write_frame(&mut bytes, seq, at, frame);
        seq += 1;
        last = at;
    };
    // A stable order: what a session does at a moment comes before what is read then.
    ticks.sort_by_key(|tick| tick.at);
    for tick in ticks {
        while let Some((at, frame)) = frames.next_if(|(at, _)| *at <= tick.at) {
            write(at, &frame);
        }
        let group = &series[usize::from(tick.group)];
        let reading =
            group.readings.get(tick.place as usize).map_or(Err(Reason::Absent), |(_, reading)| *reading);
        write(tick.at, &Frame::Tick { group: tick.group, values: vec![raw(reading)] });
    }
    frames.for_each(|(at, frame)| write(at, &frame));
    write_frame(
        &mut bytes,
        seq,
        last,
        &Frame::Finished { reason: FinishReason::Completed, detail: String::new() },
    );
    bytes
}

/// One reading on its way into the journal.
struct Tick {
    at: u64,
    /// Place among the readings of its series.
    place: u32,
    group: u8,
}

fn ticks(zero: Nanos, series: &[Series]) -> Vec<Tick> {
    let of = |(group, series): (u8, &Series)| {
        let places = (0_u32..).zip(&series.readings);
        let ticks = places.map(|(place, (at, _))| Tick { at: time(zero, *at), place, group });
        ticks.collect::<Vec<_>>()
    };
    (0_u8..).zip(series).flat_map(of).collect()
}

/// Telemetry and rates, each a channel with a group of its own: a file reads them when it likes.
fn series(recording: &Recording) -> Vec<Series> {
    let rates = recording.rates.as_ref().map(|rates| {
        let (name, quantity) = match rates.counted {
            Counted::Tokens => ("decode-rate", Quantity::DecodeRate),
            Counted::Items => ("item-rate", Quantity::ItemRate),
        };
        let (name, source) = (name.to_owned(), rates.source.clone());
        Series { name, quantity, unit: Unit::PerSecond, source, readings: rates.readings.clone() }
    });
    let mut all: Vec<Series> = Vec::new();
    for series in rates.into_iter().chain(recording.series.iter().cloned()) {
        // Names are unique in a journal, and groups are counted in a byte.
        if all.len() < COLUMNS && !all.iter().any(|known| known.name == series.name) {
            all.push(series);
        }
    }
    all
}

/// Median time between two readings, within bounds; the longest where there is one reading.
fn period(series: &Series) -> u64 {
    let mut gaps: Vec<u64> = series.readings.windows(2).map(|pair| pair[1].0.abs_diff(pair[0].0)).collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).copied().unwrap_or(LONGEST_PERIOD).clamp(SHORTEST_PERIOD, LONGEST_PERIOD)
}

fn channel(group: u8, series: &Series) -> ChannelSpec {
    ChannelSpec {
        name: series.name.clone(),
        quantity: series.quantity,
        unit: series.unit,
        scale: SCALE,
        rule: rule::PLAIN,
        group,
        source: series.source.clone(),
        missing: None,
    }
}

/// Every frame but those of readings and of the end, with its time, in order.
fn frames(recording: &Recording) -> Vec<(u64, Frame)> {
    let zero = recording.zero();
    let mut frames = vec![(zero.0, Frame::PhaseBegan { phase: Phase::Soaking })];
    for (number, prompt) in (0_u32..).zip(&recording.prompts) {
        answer(&mut frames, zero, number, prompt);
    }
    frames.push((time(zero, recording.end()), Frame::PhaseBegan { phase: Phase::Resting }));
    frames.sort_by_key(|(at, _)| *at);
    frames
}

fn time(zero: Nanos, at: Moment) -> u64 {
    zero.0.saturating_add_signed(at)
}

#[expect(clippy::cast_possible_truncation, reason = "checked against the largest integer")]
fn raw(reading: Reading<f64>) -> RawReading {
    RawReading(reading.and_then(|value| {
        let raw = (value / SCALE).round();
        if raw.abs() < 9.0e18 { Ok(raw as i64) } else { Err(Reason::Implausible) }
    }))
}

/// A prompt's frames. The first callback stands alone, as the journals of our agent have it.
fn answer(frames: &mut Vec<(u64, Frame)>, zero: Nanos, number: u32, prompt: &Prompt) {
    let submitted = Frame::PromptSubmitted {
        prompt: number,
        item: prompt.item.clone(),
        phase: Phase::Soaking,
        retrieve_ns: 0,
        render_ns: 0,
        prompt_sha256: String::new(),
        prompt_bytes: 0,
        submit_ns: time(zero, prompt.submit),
    };
    frames.push((time(zero, prompt.submit), submitted));
    let (first, rest) = prompt.stamps.split_at(prompt.stamps.len().min(1));
    let per_stamp = rest.first().map_or(1, |stamp| stamp.tokens);
    let mut index = 0;
    for (chunk, tokens_per_stamp) in
        first.chunks(1).map(|one| (one, 1)).chain(rest.chunks(BATCH).map(|chunk| (chunk, per_stamp)))
    {
        let (Some(head), Some(last)) = (chunk.first(), chunk.last()) else { continue };
        let batch = Frame::TokenBatch {
            prompt: number,
            first_index: index,
            t0_ns: time(zero, head.at),
            delta_ns: deltas(chunk),
            tokens_per_stamp,
        };
        frames.push((time(zero, last.at), batch));
        let stamps = u32::try_from(chunk.len()).unwrap_or(u32::MAX);
        index = index.saturating_add(stamps.saturating_mul(tokens_per_stamp));
    }
    if let Some((at, finish)) = &prompt.done {
        let done = Frame::PromptDone {
            prompt: number,
            finish: finish.clone(),
            prompt_tokens: prompt.prompt_tokens.unwrap_or(0),
            decoded_tokens: prompt.tokens(),
            engine_prefill_ns: 0,
            engine_decode_ns: 0,
        };
        frames.push((time(zero, *at), done));
    }
}

fn deltas(stamps: &[Stamp]) -> Vec<u64> {
    stamps.windows(2).map(|pair| pair[1].at.abs_diff(pair[0].at)).collect()
}
