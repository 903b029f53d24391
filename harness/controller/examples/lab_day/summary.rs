//! A day in one line.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::check;
use crate::day::Day;

/// Everything that the hosts have on their disks at the end, as one number.
pub fn digest(day: &Day) -> String {
    let mut hash = Sha256::new();
    for host in &day.hosts {
        for (path, file) in host.disk.files() {
            hash.update(path.to_string_lossy().as_bytes());
            hash.update((file.bytes.len() as u64).to_le_bytes());
            hash.update(&file.bytes);
        }
    }
    edgesoak_record::hex(&hash.finalize())
}

/// How often each end came.
pub fn closes(day: &Day) -> BTreeMap<String, u32> {
    let mut closes = BTreeMap::new();
    for errand in &day.errands {
        let Some(dir) = errand.host.run_dir(errand.number) else { continue };
        let entries = check::entries(&errand.host, &dir);
        for planned in &errand.plan.sessions {
            let close = check::close_of(&entries, &planned.session);
            let word =
                close.map_or("open", |close| if close.cause.is_empty() { "completed" } else { &close.cause });
            *closes.entry(word.to_owned()).or_default() += 1;
        }
    }
    closes
}

pub fn line(day: &Day) -> String {
    let sessions: usize = day.errands.iter().map(|errand| errand.plan.sessions.len()).sum();
    let sum = |of: fn(&crate::errand::Tally) -> u32| {
        day.errands.iter().map(|errand| of(&errand.tally)).sum::<u32>()
    };
    let closes: Vec<String> =
        closes(day).into_iter().map(|(word, count)| format!("{word} {count}")).collect();
    format!(
        "seed {} sessions {sessions} faults {} killed {} resumed {} closed: {}; {}",
        day.seed,
        day.planted,
        sum(|tally| tally.killed),
        sum(|tally| tally.resumed),
        closes.join(", "),
        &digest(day)[..12]
    )
}
