//! A made-up run: a plan, the host's entries and device journals, with believable numbers and no randomness.

mod device;
mod frames;
pub mod host;

pub use device::{Shape, header, journal};
pub use frames::{encode, session_frames};
pub use host::{answers, asked, closed, closing, entries, host_lines, judged, opening, plan, verdict};

use std::fs;
use std::path::{Path, PathBuf};

/// Writes `runs/<run>` with one device journal per session.
pub fn write_run(folder: &Path, run: &str, sessions: usize, shape: &Shape) -> PathBuf {
    let plan = plan(sessions);
    let run_dir = folder.join(run);
    for planned in &plan.sessions {
        let session_dir = run_dir.join(&planned.session);
        fs::create_dir_all(&session_dir).expect("a folder of the test");
        let bytes = journal(run, &planned.session, shape);
        fs::write(session_dir.join("device.journal"), bytes).expect("a journal of the test");
    }
    fs::write(run_dir.join("host.journal"), host_lines(&entries(run, &plan))).expect("a journal of the test");
    run_dir
}

/// Path of a session's journal within a run's folder.
pub fn device_journal(run_dir: &Path, session: &str) -> PathBuf {
    run_dir.join(session).join("device.journal")
}
