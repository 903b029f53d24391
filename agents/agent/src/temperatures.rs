//! How each temperature channel went lately: filled by the sampler, read by the settle rule.

use std::sync::{Mutex, PoisonError};

use edgesoak_protocol::{ChannelSpec, Quantity, RawReading};

use crate::bins::Bins;

/// Bounds the memory of a device with hundreds of zones; the first ones are as good as any.
const MAX_CHANNELS: usize = 64;

/// The temperature channels with their bins.
#[derive(Debug)]
pub struct Temperatures {
    channels: Mutex<Vec<(String, Bins)>>,
}

impl Temperatures {
    /// Follows every temperature channel that can be read. Bins count from `start_ns`.
    #[must_use]
    pub fn of(specs: &[ChannelSpec], start_ns: u64) -> Self {
        let channels = specs
            .iter()
            .filter(|spec| spec.missing.is_none() && spec.quantity == Quantity::Temperature)
            .take(MAX_CHANNELS)
            .map(|spec| (spec.name.clone(), Bins::starting(start_ns)))
            .collect();
        Self { channels: Mutex::new(channels) }
    }

    /// Takes in one group's tick.
    pub fn add(&self, t_ns: u64, specs: &[ChannelSpec], values: &[RawReading]) {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        for (spec, raw) in specs.iter().zip(values) {
            if spec.quantity != Quantity::Temperature {
                continue;
            }
            let followed = channels.iter_mut().find(|(name, _)| *name == spec.name);
            if let (Some((_, bins)), Ok(value)) = (followed, spec.value(raw.0)) {
                bins.add(t_ns, value, 1.0);
            }
        }
    }

    /// The bins of every channel in the window that ends at `now_ns`.
    #[must_use]
    pub fn window(&self, now_ns: u64) -> Vec<Vec<(f64, f64)>> {
        let channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        channels.iter().map(|(_, bins)| bins.window(now_ns)).collect()
    }
}
