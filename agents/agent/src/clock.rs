//! `clock`: the device's clocks, once per line read, for the host's offset measurement.

use std::io::{BufRead, Read, Write};

use edgesoak_protocol::probe::ClockReading;

use crate::error::AgentError;

/// A line that asks for the time holds nothing; a longer one is no question.
const MAX_LINE_BYTES: u64 = 256;

/// Answers every line of `questions` with one reading, until they end.
pub(crate) fn answer(
    mut questions: impl BufRead,
    read: &mut dyn FnMut() -> Result<ClockReading, AgentError>,
    out: &mut dyn Write,
) -> Result<(), AgentError> {
    let mut line = Vec::new();
    loop {
        line.clear();
        let asked = (&mut questions).take(MAX_LINE_BYTES).read_until(b'\n', &mut line);
        if asked.map_err(AgentError::io("reading", "stdin"))? == 0 {
            return Ok(());
        }
        let text = serde_json::to_vec(&read()?).map_err(std::io::Error::from).and_then(|mut text| {
            text.push(b'\n');
            out.write_all(&text)?;
            out.flush()
        });
        text.map_err(AgentError::io("writing", "stdout"))?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::{Device, Hardware};

    #[test]
    fn every_line_gets_one_rising_reading() {
        let mut out = Vec::new();
        let mut read = || Hardware.clocks(None);
        answer(&b"\n\nnow\n"[..], &mut read, &mut out).expect("memory takes it");
        let readings: Vec<ClockReading> = out
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_slice(line).expect("one reading per line"))
            .collect();
        assert_eq!(readings.len(), 3);
        assert!(readings.windows(2).all(|pair| pair[0].mono_ns <= pair[1].mono_ns));
        assert!(readings[0].boottime_ns >= readings[0].mono_ns);
    }
}
