//! What one captured output of a device says: text in, readings with reasons out. Pure; touches no file.
//!
//! One file per kind of output, listed in [`Kind`]. Texts come from devices of every vendor and version: unknown
//! lines never disturb known ones, and nothing that a text says can make a parser panic or allocate without bound.

pub(crate) mod battery;
mod battery_intent;
mod celsius;
mod charge;
mod cpufreq;
mod crash_log;
mod exit_info;
mod files;
mod getprop;
mod gpu;
mod hardware_properties;
mod ina3221;
mod ithermal;
mod kind;
mod lines;
mod lmkd;
mod meminfo;
mod netstats;
mod odpm;
mod powerstats;
mod proc_net;
mod psi;
mod quantity;
mod rails;
mod rapl;
mod reading;
pub(crate) mod socket_row;
mod tegrastats;
mod thermal_zones;
mod thermalservice;
mod uevent;
mod vcgencmd;
mod zone_line;

pub(crate) use battery_intent::serial as pack_serial;
pub use crash_log::{Crashes, crashes};
pub use kind::Kind;
pub use reading::{Capture, CapturedReading, Fact, MAX_READINGS, Measure};
