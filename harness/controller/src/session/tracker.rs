//! How far the agent is, for people, out of the frames of its journal.

use edgesoak_protocol::journal::{Entry, Frame, Header, Phase as AgentFramePhase};
use edgesoak_protocol::units::{Celsius, Hertz, Millis, Nanos, TokensPerSecond};
use edgesoak_protocol::{ChannelSpec, Quantity};
use edgesoak_record::plan::PlannedSession;

use super::gauge::RateGauge;
use crate::event::{Pace, Progress};
use crate::machine::Phase;

/// Device time between two reports.
const EVERY: Nanos = Nanos::from_millis(500);

pub(super) struct Tracker {
    session: String,
    device: String,
    soak: Millis,
    recovery: Millis,
    /// Present channels of each group, in the order of the ticks.
    groups: Vec<Vec<ChannelSpec>>,
    began: Option<Nanos>,
    reported: Nanos,
    gauge: RateGauge,
    /// Items are counted whole: when the one in flight was submitted, and its last token so far.
    item: Option<(Nanos, Nanos)>,
    is_of_items: bool,
    /// Hottest reading of the last tick of each group.
    hottest: Vec<Option<f64>>,
}

impl Tracker {
    pub(super) fn of(planned: &PlannedSession) -> Self {
        Self {
            session: planned.session.clone(),
            device: planned.device.id.clone(),
            soak: planned.workload.duration,
            recovery: planned
                .workload
                .recovery_probe
                .map_or(Millis(0), |probe| Millis(probe.rest.0.saturating_add(probe.burst.0))),
            groups: Vec::new(),
            began: None,
            reported: Nanos(0),
            gauge: RateGauge::default(),
            item: None,
            is_of_items: planned.workload.is_of_items,
            hottest: Vec::new(),
        }
    }

    /// Takes the channel table, once it is there.
    pub(super) fn learn(&mut self, header: Option<&Header>) {
        let Some(header) = header.filter(|_| self.groups.is_empty()) else { return };
        self.groups = (0..=u8::MAX)
            .take(header.groups.len())
            .map(|group| {
                let present = |spec: &&ChannelSpec| spec.group == group && spec.missing.is_none();
                header.channels.iter().filter(present).cloned().collect()
            })
            .collect();
        self.hottest = vec![None; self.groups.len()];
    }

    /// Takes a frame; a report if it is time for one.
    pub(super) fn take(&mut self, entry: &Entry, phase: Phase) -> Option<Progress> {
        let now = Nanos(entry.t_mono_ns);
        match &entry.frame {
            Frame::PhaseBegan { phase } if *phase != AgentFramePhase::Recovering => self.began = Some(now),
            frame if self.is_of_items && self.count(frame) => {}
            Frame::TokenBatch { t0_ns, delta_ns, tokens_per_stamp, .. } => {
                self.gauge.take(Nanos(*t0_ns), delta_ns, *tokens_per_stamp);
            }
            Frame::Tick { group, values } => {
                let group = usize::from(*group);
                let (Some(specs), Some(hottest)) = (self.groups.get(group), self.hottest.get_mut(group))
                else {
                    return None;
                };
                *hottest = specs
                    .iter()
                    .zip(values)
                    .filter(|(spec, _)| spec.quantity == Quantity::Temperature)
                    .filter_map(|(spec, raw)| spec.value(raw.0).ok())
                    .reduce(f64::max);
            }
            _ => return None,
        }
        if now.since(self.reported) < EVERY {
            return None;
        }
        self.reported = now;
        Some(self.progress(now, phase))
    }

    /// Whether a frame tells of an item; one that is answered is a step from its submit to its last token.
    fn count(&mut self, frame: &Frame) -> bool {
        match frame {
            Frame::PromptSubmitted { submit_ns, .. } => {
                self.item = Some((Nanos(*submit_ns), Nanos(*submit_ns)));
            }
            Frame::TokenBatch { t0_ns, delta_ns, .. } => {
                if let Some((_, last)) = &mut self.item {
                    *last = Nanos(delta_ns.iter().fold(*t0_ns, |at, delta| at.saturating_add(*delta)));
                }
            }
            Frame::PromptDone { .. } => {
                if let Some((submit, last)) = self.item.take() {
                    self.gauge.take(submit, &[last.since(submit).0], 1);
                }
            }
            _ => return false,
        }
        true
    }

    fn progress(&self, now: Nanos, phase: Phase) -> Progress {
        let elapsed = Millis(self.began.map_or(0, |began| now.since(began).0 / 1_000_000));
        let length = match phase {
            Phase::Soaking => Some(self.soak),
            Phase::Recovering => Some(self.recovery),
            _ => None,
        };
        Progress {
            session: self.session.clone(),
            device: self.device.clone(),
            phase: phase.word().to_owned(),
            elapsed,
            left: length.map(|length| Millis(length.0.saturating_sub(elapsed.0))),
            pace: self.gauge.rate(now).map(|rate| {
                if self.is_of_items { Pace::Items(Hertz(rate)) } else { Pace::Tokens(TokensPerSecond(rate)) }
            }),
            temperature: self.hottest.iter().flatten().copied().reduce(f64::max).map(Celsius),
            detail: String::new(),
        }
    }
}
