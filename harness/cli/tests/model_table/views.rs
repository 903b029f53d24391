//! The database's views read every channel of a recorded run as the gates do.

use std::path::Path;

use edgesoak_record::RunVerdict;
use edgesoak_store::Store;
use rusqlite::{Connection, OpenFlags};

/// Compares value for value and reason for reason; how many readings there were.
pub fn compare(path: &Path, verdict: &RunVerdict) -> usize {
    let run = Store::open_read_only(path).expect("a database").load_run(&verdict.run).expect("a run");
    let database = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a database");
    let mut query = database
        .prepare(
            "SELECT r.value, r.reason FROM channel c JOIN sample_reading r ON r.channel_id = c.id \
             JOIN session s ON s.id = c.session_id WHERE s.run_id = ?1 AND s.session = ?2 AND c.name = ?3 \
             ORDER BY r.seq",
        )
        .expect("the view");
    let mut readings = 0;
    for session in &run.sessions {
        for channel in &session.channels {
            let key = [&verdict.run, &session.planned.session, &channel.name];
            let rows = query.query_map(key, |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
            let seen: Vec<(Option<f64>, Option<String>)> = rows.collect::<Result<_, _>>().expect("readings");
            let told = channel
                .samples
                .iter()
                .map(|sample| (sample.value.ok(), sample.value.err().map(|reason| reason.word().to_owned())));
            assert!(seen.iter().cloned().eq(told), "{} of {}", channel.name, session.planned.device.id);
            readings += seen.len();
        }
    }
    readings
}
