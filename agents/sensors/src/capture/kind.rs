//! Kinds of outputs: the one table of parsers.

use super::Capture;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $parse:path;)*) => {
        /// What was captured.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Kind { $($(#[$doc])* $name,)* }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Kind] = &[$(Kind::$name,)*];

            /// Its name on the command line.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Kind::$name => $word,)* }
            }

            /// Reads a text of this kind. Bytes that are no UTF-8 were replaced by the caller.
            #[must_use]
            pub fn parse(self, text: &str) -> Capture {
                match self { $(Kind::$name => $parse(text),)* }
            }
        }
    };
}

kinds! {
    /// `dumpsys battery`, vendor blocks included.
    Battery = "battery", super::battery::parse;
    /// Extras of the broadcast of a changed battery, serial numbers left out.
    BatteryIntent = "battery-intent", super::battery_intent::parse;
    /// Files of `cpufreq`, kHz.
    Cpufreq = "cpufreq", super::cpufreq::parse;
    /// `dumpsys activity exit-info`.
    ExitInfo = "exit-info", super::exit_info::parse;
    /// `getprop`, or lines `name=value`.
    Getprop = "getprop", super::getprop::parse;
    /// Files of graphics processors, or `dumpsys gpu`.
    Gpu = "gpu", super::gpu::parse;
    /// `dumpsys hardware_properties`.
    HardwareProperties = "hardware-properties", super::hardware_properties::parse;
    /// Files of a Jetson board's power monitor.
    Ina3221 = "ina3221", super::ina3221::parse;
    /// `dumpsys android.hardware.thermal.IThermal/default`.
    Ithermal = "ithermal", super::ithermal::parse;
    /// Lines of logcat and of the kernel about killed processes.
    Lmkd = "lmkd", super::lmkd::parse;
    /// `dumpsys meminfo`, `/proc/meminfo`, `/proc/PID/status`.
    Meminfo = "meminfo", super::meminfo::parse;
    /// `dumpsys netstats`: the counters of each user.
    Netstats = "netstats", super::netstats::parse;
    /// `energy_value` of on-device power monitors.
    Odpm = "odpm", super::odpm::parse;
    /// Energy meters in the dump of the power statistics service.
    Powerstats = "powerstats", super::powerstats::parse;
    /// `/proc/net/tcp`, `tcp6`, `udp`, `udp6` and `dev`, one or several after another.
    ProcNet = "proc-net", super::proc_net::parse;
    /// `/proc/pressure/*`.
    Psi = "psi", super::psi::parse;
    /// Files of `/sys/class/powercap`.
    Rapl = "rapl", super::rapl::parse;
    /// `tegrastats`.
    Tegrastats = "tegrastats", super::tegrastats::parse;
    /// Listings of thermal zones: `type temp`, `type: temp`, `type;temp`, and files with their paths.
    ThermalZones = "thermal-zones", super::thermal_zones::parse;
    /// `dumpsys thermalservice`.
    Thermalservice = "thermalservice", super::thermalservice::parse;
    /// `uevent` of power supplies, one or several after another.
    Uevent = "uevent", super::uevent::parse;
    /// `vcgencmd` of the Raspberry Pi.
    Vcgencmd = "vcgencmd", super::vcgencmd::parse;
}

impl Kind {
    /// The kind with this name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }
}
