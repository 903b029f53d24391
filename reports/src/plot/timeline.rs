//! The time axis of a session: seconds on the device's clock since the first scored submit.

use edgesoak_record::SessionRecord;
use edgesoak_record::units::Nanos;

/// Longest axis that is drawn. A longer one comes from a broken clock, not from a soak.
const LONGEST: Nanos = Nanos::from_secs(6 * 3_600);

/// A phase on the axis.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Span {
    pub phase: String,
    pub from: f64,
    pub to: f64,
}

/// Where zero is and how far the axis goes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Timeline {
    zero: Nanos,
    /// Zero is the submit of the first scored prompt; else the beginning of the journal.
    pub scored: bool,
    /// Length of the axis, seconds; more than zero.
    pub end: f64,
    /// Something lies behind the end of the axis.
    pub cut: bool,
    pub spans: Vec<Span>,
}

impl Timeline {
    /// The axis of a session; `None` when nothing was measured.
    pub fn of(session: &SessionRecord) -> Option<Self> {
        let first_scored = session.prompts.iter().find(|prompt| prompt.phase == "soaking");
        let zero = first_scored
            .map(|prompt| prompt.submit)
            .or_else(|| session.phases.iter().find(|span| span.phase == "soaking").map(|span| span.begin))
            .or_else(|| session.journal.as_ref().map(|journal| journal.mono))?;
        let tokens = session.prompts.iter().filter_map(|prompt| prompt.token_times.last()).copied();
        let samples = session.channels.iter().filter_map(|channel| channel.samples.last_time());
        let last = tokens.chain(samples).max()?.since(zero);
        if last.0 == 0 {
            return None;
        }
        let end = last.min(LONGEST).as_secs_f64().max(1.0);
        let mut timeline =
            Self { zero, scored: first_scored.is_some(), end, cut: last > LONGEST, spans: Vec::new() };
        timeline.spans = timeline.phases(session);
        Some(timeline)
    }

    /// An axis that begins with the device's clock.
    #[cfg(test)]
    pub fn over(end: f64) -> Self {
        Self { zero: Nanos(0), scored: true, end, cut: false, spans: Vec::new() }
    }

    /// Seconds on the axis; negative before zero.
    pub fn at(&self, time: Nanos) -> f64 {
        if time >= self.zero {
            time.since(self.zero).as_secs_f64()
        } else {
            -self.zero.since(time).as_secs_f64()
        }
    }

    /// Nanoseconds since zero; `None` before zero and behind the end.
    pub fn since_zero(&self, time: Nanos) -> Option<u64> {
        (time >= self.zero).then(|| time.since(self.zero)).filter(|span| *span <= LONGEST).map(|span| span.0)
    }

    /// Whether a time can be drawn.
    pub fn shows(&self, seconds: f64) -> bool {
        (0.0..=self.end).contains(&seconds)
    }

    fn phases(&self, session: &SessionRecord) -> Vec<Span> {
        let mut spans = Vec::new();
        for (place, span) in session.phases.iter().enumerate() {
            let from = self.at(span.begin).clamp(0.0, self.end);
            let to = session.phases.get(place + 1).map_or(self.end, |next| self.at(next.begin));
            let to = to.clamp(0.0, self.end);
            if to > from {
                spans.push(Span { phase: span.phase.clone(), from, to });
            }
        }
        spans
    }

    /// Length of one row of the data table: at most 24 rows.
    pub fn row(&self) -> f64 {
        const STEPS: [f64; 9] = [1.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 900.0];
        STEPS.into_iter().find(|step| self.end / step <= 24.0).unwrap_or(900.0)
    }

    /// Beginnings of the rows of the data table.
    pub fn rows(&self) -> Vec<f64> {
        let step = self.row();
        let mut begins = Vec::new();
        let mut begin = 0.0;
        while begin < self.end {
            begins.push(begin);
            begin += step;
        }
        begins
    }
}
