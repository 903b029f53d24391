//! A session as a trace that Perfetto shows: a counter for each channel, slices for phases, prompts and tokens.
//!
//! Times are those of the device's monotonic clock, unchanged, so that a trace, the tables and the database agree to the
//! nanosecond. The device is a process; everything of it is a track below.

mod channels;
mod packet;
#[cfg(test)]
mod tests;
mod timeline;
mod wire;

use std::io::{self, Write};

use edgesoak_record::verdict::mark;

use super::target::Told;
use packet::Trace;

/// Writes the trace of a session; one without a journal has no times and gives an empty one.
pub(crate) fn write(told: Told<'_>, out: &mut impl Write) -> io::Result<()> {
    let planned = &told.record.planned;
    if let Some(journal) = &told.record.journal {
        let is_virtual = planned.device.is_virtual || journal.is_virtual;
        let device = format!("{}{}", planned.device.id, mark(is_virtual, told.record.imported.is_some()));
        let about = format!("{} {}", told.run.id, planned.session);
        let mut trace = Trace::begin(&mut *out, journal)?;
        let process = trace.process(&device, &[&about, &planned.route.id, &planned.candidate.id])?;
        timeline::write(told, journal, process, &mut trace)?;
        channels::write(told, process, &mut trace)?;
    }
    out.flush()
}
