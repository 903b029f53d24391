//! `clock`: the device's clocks, once per line read, for the host's offset measurement.

use std::io::{self, BufRead, Read, Write};

use edgesoak_protocol::probe::ClockReading;
use edgesoak_sensors::clocks;

/// A line that asks for the time holds nothing; a longer one is no question.
const MAX_LINE_BYTES: u64 = 256;

/// Answers every line of `questions` with one reading, until they end.
pub(crate) fn answer(mut questions: impl BufRead, out: &mut dyn Write) -> io::Result<()> {
    let mut line = Vec::new();
    loop {
        line.clear();
        if (&mut questions).take(MAX_LINE_BYTES).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let mut text = serde_json::to_vec(&read())?;
        text.push(b'\n');
        out.write_all(&text)?;
        out.flush()?;
    }
}

fn read() -> ClockReading {
    ClockReading {
        mono_ns: clocks::mono_ns(),
        boottime_ns: clocks::boottime_ns(),
        wall_ns: clocks::wall_ns(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_gets_one_rising_reading() {
        let mut out = Vec::new();
        answer(&b"\n\nnow\n"[..], &mut out).expect("memory takes it");
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
