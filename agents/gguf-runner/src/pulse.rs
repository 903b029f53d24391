//! When time stamps that wait are sent on.

/// Time stamps wait no longer than this. The protocol allows 250 ms; the rest is for a slow token.
const LONGEST_WAIT_NS: u64 = 200_000_000;

/// Time stamps that wait for their event.
#[derive(Debug, Default)]
pub struct Pulse {
    waiting: Vec<u64>,
    last_ns: u64,
}

impl Pulse {
    /// Starts a prompt with its first token, which travels alone.
    pub fn start(&mut self, first_ns: u64) {
        self.waiting.clear();
        self.last_ns = first_ns;
    }

    /// Takes a token's time; `true` if the stamps that wait must be sent now, because after one more step as
    /// long as this one the oldest would be late.
    pub fn push(&mut self, now_ns: u64) -> bool {
        let step = now_ns.saturating_sub(self.last_ns);
        self.last_ns = now_ns;
        self.waiting.push(now_ns);
        now_ns + step > self.waiting[0] + LONGEST_WAIT_NS
    }

    /// The stamps that wait.
    pub fn take(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.waiting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batches(step_ms: u64, tokens: u64) -> Vec<usize> {
        let mut pulse = Pulse::default();
        pulse.start(0);
        let mut sent = Vec::new();
        for n in 1..=tokens {
            if pulse.push(n * step_ms * 1_000_000) {
                sent.push(pulse.take().len());
            }
        }
        sent
    }

    #[test]
    fn no_stamp_waits_longer_than_the_protocol_allows() {
        assert_eq!(batches(20, 22), [11, 11]);
        assert_eq!(batches(150, 4), [2, 2]);
        assert_eq!(batches(300, 3), [1, 1, 1]);
        assert!(batches(1, 10).is_empty());
    }
}
