//! The face of a phone: the texts in which its operating system shows the body, file by file and program by program.
//!
//! A face is a pure function of what the channels read; who keeps the texts on a disk is another matter. Numbers keep
//! the vendor's unit and sign: a zone may count in tenths of a degree, a current may be in mA.

mod battery_service;
mod boards;
mod broadcast;
mod fixed;
mod kernel_files;
mod panel;
mod processes;
mod properties;
mod readings;
mod thermal_service;
mod trip_points;
mod work;

pub(crate) use fixed::boot;
pub use panel::{PROGRAM, programs};
pub use processes::CALLING;
pub(crate) use properties::model;
pub use readings::Readings;
pub use trip_points::thermal_limits;
pub use work::{Held, Work};

use edgesoak_protocol::ChannelSpec;
use edgesoak_protocol::units::Nanos;

use crate::body::state::State;
use crate::profile::{Os, Profile};

/// A text of the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Below the root: a file of the system, or `answers/WORDS.txt` for what a program prints.
    pub path: String,
    /// What stands there.
    pub text: String,
}

/// What is shown now.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// What the channels read, whatever is true.
    pub readings: &'a Readings,
    /// The body.
    pub state: State<'a>,
    /// What processors and memory do.
    pub work: &'a Work,
    /// Since the device was switched on.
    pub up: Nanos,
}

/// The texts that never change.
#[must_use]
pub fn fixed(profile: &Profile, seed: u64, boot_id: &str) -> Vec<Page> {
    let mut pages = fixed::pages(profile, boot_id);
    pages.extend(kernel_files::fixed(profile));
    pages.extend(trip_points::pages(profile));
    if is_android(profile) {
        pages.extend(properties::pages(profile, seed));
        pages.extend(panel::pages());
    }
    pages
}

/// What programs answer of the settings of a phone that nobody has turned yet; nothing, where it has none.
pub(crate) fn settings(profile: &Profile) -> Vec<Page> {
    if !is_android(profile) {
        return Vec::new();
    }
    let mut pages = panel::pages();
    pages.push(thermal_service::at_rest());
    pages
}

/// What a phone tells besides, or otherwise, where it is attached to a host: the processor is that of the machine on
/// which its programs really run.
#[must_use]
pub fn attached(profile: &Profile, seed: u64, abi: &str) -> Vec<Page> {
    if is_android(profile) { properties::attached(profile, seed, abi) } else { Vec::new() }
}

/// The texts that change with the body.
#[must_use]
pub fn live(profile: &Profile, specs: &[ChannelSpec], view: &View<'_>) -> Vec<Page> {
    let mut pages = kernel_files::live(profile, specs, view.readings);
    if profile.face.os != Os::IosLike {
        pages.extend(processes::pages(view));
    }
    if is_android(profile) {
        pages.push(thermal_service::page(profile, view));
        pages.push(battery_service::page(profile, view));
        pages.extend(broadcast::page(profile, view));
        pages.extend(properties::live(profile, view));
    }
    pages.extend(boards::pages(profile, view));
    pages
}

/// Whether it is reached over ADB, and has programs that ask services.
pub(crate) fn is_android(profile: &Profile) -> bool {
    !matches!(profile.face.os, Os::LinuxBoard | Os::IosLike)
}

/// A file of the system.
fn file(path: impl Into<String>, text: impl Into<String>) -> Page {
    Page { path: path.into(), text: text.into() + "\n" }
}

/// What a program prints when it is asked with these words.
fn answer(words: &str, text: impl Into<String>) -> Page {
    let name = words.replace(' ', "_").replace('/', "+");
    Page { path: format!("answers/{name}.txt"), text: text.into() + "\n" }
}

#[cfg(test)]
mod tests;
