//! A session as aligned strips over one time axis.

pub(crate) mod axis;
pub(crate) mod channel_series;
mod charger;
pub(crate) mod clock_strip;
mod coarser;
mod cooling;
pub(crate) mod decode_strip;
pub(crate) mod geometry;
pub(crate) mod heat_strip;
pub(crate) mod ink;
mod item_strip;
pub(crate) mod memory_strip;
mod pen;
pub(crate) mod power_strip;
pub(crate) mod pressure_strip;
pub(crate) mod processor_strip;
pub(crate) mod rate;
pub(crate) mod ribbon;
pub(crate) mod series;
pub(crate) mod sheet;
pub(crate) mod strip;
pub(crate) mod timeline;
