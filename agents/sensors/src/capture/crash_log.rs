//! Crashes in the system's log: how many there are and how many of them are of one process. Nothing else of the
//! log is kept: what a process wrote as it died may hold anything.

use super::lines::lines;
use super::lmkd::Message;

/// How a report of a native crash begins.
const NATIVE: &str = "*** *** ***";
/// How that of an uncaught exception begins.
const UNCAUGHT: &str = "FATAL EXCEPTION";

/// Crashes that were logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Crashes {
    /// Of any process.
    pub all: u32,
    /// Of the process that was asked about.
    pub of_process: u32,
}

/// Counts the crashes in the output of `logcat`. A line counts by the tag in its place, so that an app cannot log
/// somebody else's death.
#[must_use]
pub fn crashes(text: &str, pid: u32) -> Crashes {
    let mut crashes = Crashes::default();
    // Whether the last heading still waits for the line that tells whose crash it is.
    let mut unnamed = false;
    for message in lines(text).filter_map(Message::read) {
        let named = match message.tag {
            "DEBUG" if message.text.starts_with(NATIVE) => {
                (crashes.all, unnamed) = (crashes.all.saturating_add(1), true);
                continue;
            }
            "AndroidRuntime" if message.text.starts_with(UNCAUGHT) => {
                (crashes.all, unnamed) = (crashes.all.saturating_add(1), true);
                continue;
            }
            "DEBUG" => message.text.strip_prefix("pid: "),
            // `Process: NAME, PID: NUMBER`
            "AndroidRuntime" if message.text.starts_with("Process: ") => {
                message.text.rsplit_once(", PID: ").map(|(_, pid)| pid)
            }
            _ => None,
        };
        if let Some(named) = named.filter(|_| unnamed) {
            unnamed = false;
            let number = named.split(',').next().unwrap_or_default().trim();
            crashes.of_process += u32::from(number.parse() == Ok(pid));
        }
    }
    crashes
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
--------- beginning of crash
07-28 10:46:14.514  4321  4321 F libc    : Fatal signal 11 (SIGSEGV), code 1 in tid 4321 (runner), pid 4321
07-28 10:46:14.900  4400  4400 F DEBUG   : *** *** *** *** *** *** *** ***
07-28 10:46:14.900  4400  4400 F DEBUG   : Build fingerprint: 'acme/one'
07-28 10:46:14.900  4400  4400 F DEBUG   : pid: 4321, tid: 4321, name: runner  >>> ./runner <<<
07-28 10:46:14.900  4400  4400 F DEBUG   : pid: 4321, again
07-28 10:50:00.000  5000  5000 E AndroidRuntime: FATAL EXCEPTION: main
07-28 10:50:00.000  5000  5000 E AndroidRuntime: Process: com.example.app, PID: 5000
07-28 10:51:00.000  6000  6000 I app     : *** *** *** pid: 4321, no crash at all
";

    #[test]
    fn headings_count_and_the_line_behind_them_tells_whose_crash_it_is() {
        assert_eq!(crashes(LOG, 4321), Crashes { all: 2, of_process: 1 });
        assert_eq!(crashes(LOG, 5000), Crashes { all: 2, of_process: 1 });
        assert_eq!(crashes(LOG, 6000), Crashes { all: 2, of_process: 0 });
        assert_eq!(crashes("", 1), Crashes::default());
    }
}
