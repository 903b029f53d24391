//! What suspects of a slowdown are called.

use edgesoak_record::slowdown::Suspect;

/// At the beginning of a row.
pub(crate) fn title(suspect: Suspect) -> &'static str {
    match suspect {
        Suspect::Clock => "Clocks",
        Suspect::ThermalStatus => "Announced heat",
        Suspect::Memory => "Waits for memory",
        Suspect::BackgroundCpu => "Other processes",
        Suspect::Context => "Context",
        Suspect::Pauses => "Pauses",
        Suspect::Time => "Time (placebo)",
    }
}
