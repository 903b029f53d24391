//! What happened, as figures: token times, rates and windows, before any bar is looked at.

pub mod context;
pub mod curve;
pub mod cycle;
pub mod duration;
pub mod energy;
mod marks;
pub mod rates;
pub mod rolling;
pub mod series;
pub mod soak;
pub mod spread;
