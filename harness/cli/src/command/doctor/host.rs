//! Database, disk and clock of this host.

use std::path::Path;

use super::finding::Finding;
use crate::args::Shared;
use crate::stored;

/// Whether the database can be read.
pub fn database(shared: &Shared) -> Finding {
    let path = shared.database();
    if !path.exists() {
        return Finding::good("database", format!("{} will be made by the first run", path.display()));
    }
    match stored::open_for_reading(shared) {
        Ok(_) => Finding::good("database", format!("{} can be read", path.display())),
        Err(failure) => Finding::bad(
            "database",
            failure.render(),
            "`edgesoak store rebuild` makes it again from the raw journals",
        ),
    }
}

/// A ten-minute session keeps a few megabytes; less than this is asking for trouble.
const LEAST_FREE_BYTES: u64 = 200 << 20;

/// Whether there is room for what a run keeps.
pub fn space(out: &Path) -> Finding {
    let existing = out.ancestors().find(|dir| dir.exists()).unwrap_or(Path::new("."));
    match rustix::fs::statvfs(existing).map(|facts| facts.f_bavail.saturating_mul(facts.f_frsize)) {
        Ok(free) if free >= LEAST_FREE_BYTES => {
            Finding::good("disk", format!("{} MiB free for {}", free >> 20, out.display()))
        }
        Ok(free) => Finding::bad(
            "disk",
            format!("only {} MiB free for {}", free >> 20, out.display()),
            "make room, or choose another folder with --out",
        ),
        Err(error) => {
            Finding::bad("disk", format!("{}: {error}", out.display()), "choose another folder with --out")
        }
    }
}

/// Whether the clock has been set at all.
pub fn clock() -> Finding {
    let now = chrono::Utc::now();
    if now.timestamp() < 1_700_000_000 {
        return Finding::bad("clock", format!("the clock says {now}"), "set the clock; waivers expire by it");
    }
    Finding::good("clock", now.format("%Y-%m-%d %H:%M UTC").to_string())
}
