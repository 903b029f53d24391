//! Packets of a trace. The numbers of fields are those of Perfetto's public schema: `protos/perfetto/trace/` of
//! github.com/google/perfetto, in the files that each group names.

use std::io::{self, Write};

use edgesoak_protocol::units::Nanos;
use edgesoak_record::session::JournalFacts;

use super::wire::Message;

/// `trace.proto`
const TRACE_PACKET: u32 = 1;

/// `trace_packet.proto`
mod of_packet {
    pub(super) const CLOCK_SNAPSHOT: u32 = 6;
    pub(super) const TIMESTAMP: u32 = 8;
    pub(super) const SEQUENCE: u32 = 10;
    pub(super) const TRACK_EVENT: u32 = 11;
    pub(super) const TIMESTAMP_CLOCK: u32 = 58;
    pub(super) const TRACK: u32 = 60;
}

/// `clock_snapshot.proto`, `perfetto/common/builtin_clock.proto`
mod of_clock {
    pub(super) const CLOCKS: u32 = 1;
    pub(super) const PRIMARY: u32 = 2;
    pub(super) const ID: u32 = 1;
    pub(super) const TIMESTAMP: u32 = 2;
    pub(super) const REALTIME: u64 = 1;
    pub(super) const MONOTONIC: u64 = 3;
    pub(super) const BOOTTIME: u64 = 6;
}

/// `track_event/track_descriptor.proto`, `process_descriptor.proto`, `counter_descriptor.proto`
mod of_track {
    pub(super) const UUID: u32 = 1;
    pub(super) const NAME: u32 = 2;
    pub(super) const PROCESS: u32 = 3;
    pub(super) const PARENT: u32 = 5;
    pub(super) const COUNTER: u32 = 8;
    pub(super) const ORDERING: u32 = 11;
    pub(super) const RANK: u32 = 12;
    pub(super) const EXPLICIT: u64 = 3;
    pub(super) const PROCESS_PID: u32 = 1;
    pub(super) const PROCESS_NAME: u32 = 6;
    pub(super) const PROCESS_LABELS: u32 = 8;
    pub(super) const COUNTER_UNIT: u32 = 3;
    pub(super) const COUNTER_UNIT_NAME: u32 = 6;
    pub(super) const UNIT_BYTES: u64 = 3;
}

/// `track_event/track_event.proto`, `track_event/debug_annotation.proto`
mod of_event {
    pub(super) const ANNOTATION: u32 = 4;
    pub(super) const TYPE: u32 = 9;
    pub(super) const TRACK: u32 = 11;
    pub(super) const NAME: u32 = 23;
    pub(super) const VALUE: u32 = 44;
    pub(super) const BEGIN: u64 = 1;
    pub(super) const END: u64 = 2;
    pub(super) const INSTANT: u64 = 3;
    pub(super) const COUNTER: u64 = 4;
    pub(super) const ANNOTATION_NUMBER: u32 = 3;
    pub(super) const ANNOTATION_TEXT: u32 = 6;
    pub(super) const ANNOTATION_NAME: u32 = 10;
}

/// All packets come from one writer.
const SEQUENCE: u64 = 1;

/// A track that events can be put on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Track(u64);

/// What is said of a slice beside its name.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Said<'a> {
    Number(u64),
    Text(&'a str),
}

/// A trace that is being written.
#[derive(Debug)]
pub(crate) struct Trace<W> {
    out: W,
    tracks: u64,
}

impl<W: Write> Trace<W> {
    /// Begins with the device's clocks as they stood when its journal was opened. The monotonic one counts.
    pub(crate) fn begin(out: W, journal: &JournalFacts) -> io::Result<Self> {
        let clocks = [
            (of_clock::MONOTONIC, journal.mono),
            (of_clock::BOOTTIME, journal.boottime),
            (of_clock::REALTIME, journal.wall),
        ];
        let snapshot = clocks.into_iter().fold(Message::default(), |snapshot, (id, at)| {
            let clock = Message::default().number(of_clock::ID, id).number(of_clock::TIMESTAMP, at.0);
            snapshot.message(of_clock::CLOCKS, &clock)
        });
        let snapshot = snapshot.number(of_clock::PRIMARY, of_clock::MONOTONIC);
        let mut trace = Self { out, tracks: 0 };
        let packet = stamped(journal.mono).message(of_packet::CLOCK_SNAPSHOT, &snapshot);
        trace.packet(&packet)?;
        Ok(trace)
    }

    /// The device, with what is said behind its name.
    pub(crate) fn process(&mut self, name: &str, labels: &[&str]) -> io::Result<Track> {
        let process = labels.iter().fold(
            Message::default().number(of_track::PROCESS_PID, 1).text(of_track::PROCESS_NAME, name),
            |process, label| process.text(of_track::PROCESS_LABELS, label),
        );
        let told = |track: Message| {
            track.message(of_track::PROCESS, &process).number(of_track::ORDERING, of_track::EXPLICIT)
        };
        self.new_track(told)
    }

    /// A track of slices and instants below another one.
    pub(crate) fn track(&mut self, parent: Track, name: &str) -> io::Result<Track> {
        self.child(parent, name, |track| track)
    }

    /// A track of numbers below another one.
    pub(crate) fn counter_track(&mut self, parent: Track, name: &str, unit: &str) -> io::Result<Track> {
        let counter = match unit {
            "B" => Message::default().number(of_track::COUNTER_UNIT, of_track::UNIT_BYTES),
            unit => Message::default().text(of_track::COUNTER_UNIT_NAME, unit),
        };
        self.child(parent, name, |track| track.message(of_track::COUNTER, &counter))
    }

    /// Something that lasts.
    pub(crate) fn slice(
        &mut self,
        track: Track,
        name: &str,
        (begin, end): (Nanos, Nanos),
        said: &[(&str, Said<'_>)],
    ) -> io::Result<()> {
        self.slice_begins(track, name, begin, said)?;
        self.slice_ends(track, end)
    }

    /// Something begins; what begins before it ends lies within it.
    pub(crate) fn slice_begins(
        &mut self,
        track: Track,
        name: &str,
        at: Nanos,
        said: &[(&str, Said<'_>)],
    ) -> io::Result<()> {
        self.event(at, &annotated(event(of_event::BEGIN, track).text(of_event::NAME, name), said))
    }

    /// What began last on this track ends.
    pub(crate) fn slice_ends(&mut self, track: Track, at: Nanos) -> io::Result<()> {
        self.event(at, &event(of_event::END, track))
    }

    /// A moment.
    pub(crate) fn instant(&mut self, track: Track, name: &str, at: Nanos) -> io::Result<()> {
        self.event(at, &event(of_event::INSTANT, track).text(of_event::NAME, name))
    }

    /// A number.
    pub(crate) fn value(&mut self, track: Track, at: Nanos, value: f64) -> io::Result<()> {
        self.event(at, &event(of_event::COUNTER, track).double(of_event::VALUE, value))
    }

    fn child(
        &mut self,
        parent: Track,
        name: &str,
        told: impl FnOnce(Message) -> Message,
    ) -> io::Result<Track> {
        // In the order in which they are told, not by name.
        let rank = self.tracks;
        self.new_track(|track| {
            told(track.text(of_track::NAME, name).number(of_track::PARENT, parent.0))
                .number(of_track::RANK, rank)
        })
    }

    fn new_track(&mut self, told: impl FnOnce(Message) -> Message) -> io::Result<Track> {
        self.tracks += 1;
        let track = Message::default().number(of_track::UUID, self.tracks);
        let packet = Message::default().number(of_packet::SEQUENCE, SEQUENCE);
        self.packet(&packet.message(of_packet::TRACK, &told(track)))?;
        Ok(Track(self.tracks))
    }

    fn event(&mut self, at: Nanos, event: &Message) -> io::Result<()> {
        self.packet(&stamped(at).message(of_packet::TRACK_EVENT, event))
    }

    fn packet(&mut self, packet: &Message) -> io::Result<()> {
        self.out.write_all(Message::default().message(TRACE_PACKET, packet).as_bytes())
    }
}

fn stamped(at: Nanos) -> Message {
    Message::default()
        .number(of_packet::TIMESTAMP, at.0)
        .number(of_packet::SEQUENCE, SEQUENCE)
        .number(of_packet::TIMESTAMP_CLOCK, of_clock::MONOTONIC)
}

fn event(kind: u64, track: Track) -> Message {
    Message::default().number(of_event::TYPE, kind).number(of_event::TRACK, track.0)
}

fn annotated(event: Message, said: &[(&str, Said<'_>)]) -> Message {
    said.iter().fold(event, |event, (name, said)| {
        let annotation = Message::default().text(of_event::ANNOTATION_NAME, name);
        let annotation = match said {
            Said::Number(number) => annotation.number(of_event::ANNOTATION_NUMBER, *number),
            Said::Text(text) => annotation.text(of_event::ANNOTATION_TEXT, text),
        };
        event.message(of_event::ANNOTATION, &annotation)
    })
}
