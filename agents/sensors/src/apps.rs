//! How many processes of apps the system keeps: counts out of `dumpsys activity oom`, and no name of any of them.

use edgesoak_protocol::{Reading, Reason};

/// Processes that the activity manager knows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Apps {
    /// All of them.
    pub running: u32,
    /// Those that do nothing and are kept only because they may be wanted again.
    pub cached: u32,
}

/// Counts the rows of a dump: `Proc #13: cch+85 b/ /CEM ...`, whose first word is how soon it would be killed.
///
/// # Errors
/// [`Reason::Absent`] where the dump has its heading and no row, as some systems print it for the shell;
/// [`Reason::Parse`] for any other text.
pub fn count(text: &str) -> Reading<Apps> {
    let mut apps = Apps::default();
    for level in text.lines().filter_map(level) {
        apps.running = apps.running.saturating_add(1);
        apps.cached = apps.cached.saturating_add(u32::from(level.starts_with("cch")));
    }
    if apps.running > 0 {
        return Ok(apps);
    }
    Err(if text.contains("Process OOM control (") { Reason::Absent } else { Reason::Parse })
}

/// The word of a row, where the line is one. Processes that always run have a heading of their own.
fn level(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let row = line.strip_prefix("Proc #").or_else(|| line.strip_prefix("PERS #"))?;
    let (number, rest) = row.split_once(':')?;
    number.trim().parse::<u32>().ok()?;
    rest.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Android 14 prints it; the names are made up.
    const DUMP: &str = "ACTIVITY MANAGER RUNNING PROCESSES (dumpsys activity oom)
  OOM levels:
    -900: SYSTEM_ADJ (   73,728K)
     999: CACHED_APP_MAX_ADJ (  322,560K)

  Process OOM control (6 total, non-act at 2, non-svc at 2):
    PERS #5: sys    F/ /PER  LCMNFU  t: 0 1200:system/1000 (fixed)
    Proc # 4: cch+95 B/ /CEM  ---  t: 0 4711:com.example.gallery/u0a61 (cch-empty)
        oom: max=1001 curRaw=995 setRaw=995 cur=995 set=995
        state: cur=CEM  set=CEM  lastPss=14MB lastSwapPss=0.00 lastCachedPss=14MB
        cached=true empty=true hasAboveClient=false
    Proc #3: cch+ 5 b/A/CACC ---  t: 0 4600:com.example.Proc #9: mail/u0a62 (cch-act)
    Proc #2: cch    b/ /CEM  ---  t: 0 4601:com.example.clock/u0a63 (cch-empty)
    Proc # 1: prev   B/A/LAST ---  t: 0 4500:com.example.browser/u0a60 (previous)
    Proc # 0: fg     T/A/TOP  LCMN  t: 0 4400:com.example.cch/u0a59 (top-activity)
";

    #[test]
    fn rows_are_counted_by_what_they_are_kept_for() {
        assert_eq!(count(DUMP), Ok(Apps { running: 6, cached: 3 }));
    }

    #[test]
    fn a_dump_without_rows_is_no_device_without_apps() {
        let heading = "  Process OOM control (74 total, non-act at 11, non-svc at 11):\n\n";
        assert_eq!(count(heading), Err(Reason::Absent));
        for text in ["", "Bad activity command: oom", "Proc #: cch", "Proc #x: cch", "Proc #1 cch"] {
            assert_eq!(count(text), Err(Reason::Parse), "{text}");
        }
    }
}
