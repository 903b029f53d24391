//! Every channel that was tried, read or not.

use std::collections::BTreeMap;

use edgesoak_record::SessionRecord;
use edgesoak_record::session::Channel;

use crate::words::number::{count, number};
use crate::words::text::name;

/// Most channels listed.
pub(crate) const MOST: usize = 200;

/// One channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChannelRow {
    pub name: String,
    pub quantity: &'static str,
    pub unit: &'static str,
    pub source: String,
    /// Readings with a value.
    pub values: String,
    /// Smallest to largest value.
    pub range: String,
    /// Why there was no value, and how often.
    pub reasons: String,
}

impl ChannelRow {
    pub fn all(record: &SessionRecord) -> Vec<Self> {
        record.channels.iter().take(MOST).map(Self::of).collect()
    }

    fn of(channel: &Channel) -> Self {
        let mut values = 0_u64;
        let mut range: Option<(f64, f64)> = None;
        let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
        for sample in &channel.samples {
            match sample.value {
                Ok(value) => {
                    values += 1;
                    range =
                        Some(range.map_or((value, value), |(low, high)| (low.min(value), high.max(value))));
                }
                Err(reason) => *reasons.entry(reason.word()).or_default() += 1,
            }
        }
        let reasons: Vec<String> =
            reasons.iter().map(|(word, times)| format!("{word} × {}", count(*times))).collect();
        Self {
            name: name(&channel.name),
            quantity: channel.quantity.word(),
            unit: channel.unit.symbol(),
            source: name(&channel.source),
            values: if channel.missing.is_some() { String::new() } else { count(values) },
            range: range
                .map(|(low, high)| format!("{} to {}", number(low), number(high)))
                .unwrap_or_default(),
            reasons: channel.missing.map_or_else(|| reasons.join(", "), |reason| reason.word().to_owned()),
        }
    }
}
