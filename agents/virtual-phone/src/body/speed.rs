//! How long a token takes at the present clocks.
//!
//! Decoding reads every weight and the whole cache of keys and values for each token, and computes with them; the two do
//! not overlap in the runtimes that phones run, so that
//! `seconds per token = FLOP / compute + (weights + cache per token * context) / bandwidth`,
//! the roofline model (Williams, Waterman and Patterson, 2009) with its roofs added instead of crossed.
//! Reading a prompt shares each weight among many tokens: `seconds per token = FLOP / compute`.

use super::domain::Domain;
use crate::load::{Accelerator, Candidate};
use crate::profile::Kind;

/// Seconds per token of a candidate at fixed clocks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speed {
    /// Of computing.
    pub compute_s: f64,
    /// Of reading the weights.
    pub weights_s: f64,
    /// Of reading the cache, for each token of context.
    pub per_context_s: f64,
    /// Of a token of the prompt.
    pub prefill_s: f64,
}

impl Speed {
    /// Seconds of one token behind `context` others.
    #[must_use]
    pub fn token_s(&self, context: u32) -> f64 {
        self.compute_s + self.memory_s(context)
    }

    /// The same where others take a part of each core; `share` is what is left, above zero.
    #[must_use]
    pub fn on_share(self, share: f64) -> Self {
        Self { compute_s: self.compute_s / share, prefill_s: self.prefill_s / share, ..self }
    }

    /// Seconds of that in which the memory works.
    #[must_use]
    pub fn memory_s(&self, context: u32) -> f64 {
        self.weights_s + self.per_context_s * f64::from(context)
    }
}

/// The speed of a candidate on these clusters. The candidate has been checked against their profile.
#[must_use]
pub fn speed(domains: &[Domain], placement: &[u32], candidate: &Candidate) -> Speed {
    let mut decode = 0.0;
    let mut prefill = 0.0;
    let mut bandwidth = 0.0;
    for (domain, &cores) in domains.iter().zip(placement) {
        if domain.kind == Kind::Memory {
            bandwidth = domain.decode_rate();
        } else {
            // Runtimes hand out small pieces of each matrix, so that fast and slow cores finish together.
            decode += f64::from(cores) * domain.decode_rate();
            prefill += f64::from(cores) * domain.prefill_rate();
        }
    }
    Speed {
        compute_s: candidate.flop_per_token / decode,
        weights_s: candidate.weights.0 as f64 / bandwidth,
        per_context_s: candidate.kv_per_token.0 as f64 / bandwidth,
        prefill_s: candidate.flop_per_token / prefill,
    }
}

/// How many cores of each cluster a candidate keeps busy; memory has one, and every candidate needs it.
#[must_use]
pub fn placement(domains: &[Domain], accelerator: Accelerator, slowest_first: bool) -> Vec<u32> {
    let mut placed = vec![0; domains.len()];
    let (kind, mut left) = match accelerator {
        Accelerator::Cpu { threads } => (Kind::Cpu, threads),
        Accelerator::Gpu => (Kind::Gpu, u32::MAX),
        Accelerator::Npu => (Kind::Npu, u32::MAX),
    };
    let mut order: Vec<usize> = (0..domains.len()).filter(|index| domains[*index].kind == kind).collect();
    order.sort_by(|a, b| top_rate(&domains[*b]).total_cmp(&top_rate(&domains[*a])));
    if slowest_first {
        order.reverse();
    }
    for index in order {
        placed[index] = domains[index].cores.min(left);
        left -= placed[index];
    }
    for (cores, domain) in placed.iter_mut().zip(domains) {
        if domain.kind == Kind::Memory {
            *cores = 1;
        }
    }
    placed
}

fn top_rate(domain: &Domain) -> f64 {
    domain.points.last().map_or(0.0, |point| point.khz as f64) * domain.decode_rate()
        / domain.point().khz as f64
}
