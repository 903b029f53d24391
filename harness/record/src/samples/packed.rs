//! Readings as bytes. A value is stored by the bits in which it differs from the value before it.
//!
//! | first byte | meaning |
//! |---|---|
//! | `00nn nnnn` | the reading before, `n + 1` times more |
//! | `01ll lccc` | a value: `l` bytes of its difference are zero in front, `c + 1` follow, the rest are zero |
//! | `1rrr rrrr` | no value, for the reason with this code |

use edgesoak_protocol::reading::{Reading, Reason};

/// Most repetitions in one byte.
const MOST_REPEATS: u8 = 64;
const VALUE: u8 = 0x40;
const REASON: u8 = 0x80;

/// Readings, packed.
#[derive(Debug, Clone, Default)]
pub(super) struct Packed {
    bytes: Vec<u8>,
    /// The reading before; `None` at the start.
    before: Option<Reading<u64>>,
    /// Bits of the last value.
    bits: u64,
    /// Repetitions that are not written yet.
    repeats: u8,
}

impl Packed {
    pub(super) fn push(&mut self, value: Reading<f64>) {
        let value = value.map(f64::to_bits);
        if self.before == Some(value) && self.repeats < MOST_REPEATS {
            self.repeats += 1;
            return;
        }
        self.write_repeats();
        if self.before == Some(value) {
            self.repeats = 1;
            return;
        }
        match value {
            Ok(bits) => self.write_value(bits),
            Err(reason) => self.bytes.push(REASON | reason.code()),
        }
        self.before = Some(value);
    }

    /// Nothing more is pushed.
    pub(super) fn close(&mut self) {
        self.write_repeats();
        self.bytes.shrink_to_fit();
    }

    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn iter(&self) -> Values<'_> {
        Values { bytes: &self.bytes, before: None, bits: 0, repeats: 0 }
    }

    fn write_repeats(&mut self) {
        if self.repeats > 0 {
            self.bytes.push(self.repeats - 1);
            self.repeats = 0;
        }
    }

    fn write_value(&mut self, bits: u64) {
        let difference = (bits ^ self.bits).to_be_bytes();
        self.bits = bits;
        // At least one byte is written, also where nothing differs from the value before a reason.
        let front = zeros(difference.iter().take(7));
        let rear = zeros(difference.iter().rev().take(7 - usize::from(front)));
        self.bytes.push(VALUE | front << 3 | (7 - front - rear));
        self.bytes.extend_from_slice(&difference[usize::from(front)..8 - usize::from(rear)]);
    }
}

/// Zeros before anything else, at most eight.
fn zeros<'a>(bytes: impl Iterator<Item = &'a u8>) -> u8 {
    bytes.take_while(|byte| **byte == 0).fold(0, |count, _| count + 1)
}

/// Walks over packed readings.
#[derive(Debug, Clone)]
pub(super) struct Values<'a> {
    bytes: &'a [u8],
    before: Option<Reading<f64>>,
    bits: u64,
    repeats: u8,
}

impl Values<'_> {
    /// The next reading that is written down.
    fn read(&mut self) -> Option<Reading<f64>> {
        let first = self.take()?;
        if first >= REASON {
            self.before = Some(Err(Reason::from_code(first & !REASON)?));
        } else if first >= VALUE {
            let (front, count) = (usize::from(first >> 3 & 7), usize::from(first & 7) + 1);
            let (bytes, rest) = self.bytes.split_at_checked(count)?;
            self.bytes = rest;
            let mut difference = [0; 8];
            difference.get_mut(front..front + count)?.copy_from_slice(bytes);
            self.bits ^= u64::from_be_bytes(difference);
            self.before = Some(Ok(f64::from_bits(self.bits)));
        } else {
            self.repeats = first;
        }
        self.before
    }

    fn take(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }
}

impl Iterator for Values<'_> {
    type Item = Reading<f64>;

    #[inline]
    fn next(&mut self) -> Option<Reading<f64>> {
        if self.repeats > 0 {
            self.repeats -= 1;
            return self.before;
        }
        self.read()
    }
}
