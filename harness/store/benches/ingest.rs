//! Reading a journal against a bare loop over the same rows.
//!
//! Both sides write the same rows into the same schema with the same indices, settings and transaction size,
//! one after the other, several times. Ours also reads the file, checks every CRC, decodes every frame and
//! keeps its place. Prints rows per second of both and their ratio.

use std::fs;
use std::path::Path;
use std::time::Instant;

use edgesoak_protocol::journal::write_header;
use edgesoak_store::Store;
use rusqlite::{Connection, params};

#[expect(dead_code, unused_imports, reason = "the tests use the rest")]
#[path = "../tests/made/mod.rs"]
mod made;

const ROUNDS: usize = 9;
/// As in the store.
const ROWS_PER_TRANSACTION: usize = 1 << 16;
const RUN: &str = "bench";
const SESSION: &str = "s01";

/// A row as the bare loop has it in memory.
enum Row {
    Sample(i64, i64, i64, Option<i64>, Option<String>),
    Token(i64, i64, i64, i64, i64),
}

fn new_store(folder: &Path, name: &str) -> Store {
    let mut store = Store::open(&folder.join(name)).expect("a new database");
    store.apply_host(RUN, 1, &made::opening(RUN, &made::plan(1), 0)).expect("the first line");
    store
}

/// Seconds for the whole journal.
fn ours(folder: &Path, journal: &Path) -> (f64, u64) {
    let mut store = new_store(folder, "ours.db");
    let begin = Instant::now();
    let rows = store.ingest_journal(RUN, SESSION, journal).expect("a whole journal").rows;
    (begin.elapsed().as_secs_f64(), rows)
}

/// The rows that the store made, in the journal's order as far as it matters: by frame.
fn rows_of(db: &Path) -> Vec<Row> {
    let connection = Connection::open(db).expect("our database");
    let mut samples = connection
        .prepare("SELECT channel_id, seq, t_mono_ns, raw, reason FROM sample ORDER BY seq, channel_id")
        .expect("the schema");
    let mut rows: Vec<(i64, Row)> = samples
        .query_map([], |row| {
            let t = row.get(2)?;
            Ok((t, Row::Sample(row.get(0)?, row.get(1)?, t, row.get(3)?, row.get(4)?)))
        })
        .and_then(Iterator::collect)
        .expect("samples");
    let mut tokens = connection
        .prepare("SELECT session_id, prompt, token_index, t_mono_ns, tokens FROM token")
        .expect("the schema");
    let more: Vec<(i64, Row)> = tokens
        .query_map([], |row| {
            let t = row.get(3)?;
            Ok((t, Row::Token(row.get(0)?, row.get(1)?, row.get(2)?, t, row.get(4)?)))
        })
        .and_then(Iterator::collect)
        .expect("tokens");
    rows.extend(more);
    rows.sort_by_key(|(t, _)| *t);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Seconds for the same samples and tokens, by prepared statements alone.
fn bare(folder: &Path, header_only: &Path, prompts: &[(i64, String)], rows: &[Row]) -> f64 {
    let path = folder.join("bare.db");
    let mut store = new_store(folder, "bare.db");
    store.ingest_journal(RUN, SESSION, header_only).expect("a journal without frames");
    drop(store);
    let mut connection = Connection::open(&path).expect("the same schema");
    let settings = "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;";
    connection.execute_batch(settings).expect("the same settings");
    for (prompt, phase) in prompts {
        connection
            .execute(
                "INSERT INTO prompt (session_id, prompt, item, phase, submit_mono_ns, retrieve_ns, render_ns, \
                 prompt_sha256, prompt_bytes) VALUES (1, ?1, '', ?2, 0, 0, 0, '', 0)",
                params![prompt, phase],
            )
            .expect("a prompt");
    }
    let begin = Instant::now();
    for chunk in rows.chunks(ROWS_PER_TRANSACTION) {
        let tx = connection.transaction().expect("a transaction");
        {
            let mut sample = tx
                .prepare_cached(
                    "INSERT INTO sample (channel_id, seq, t_mono_ns, raw, reason) VALUES (?1, ?2, ?3, ?4, ?5)",
                )
                .expect("the schema");
            let mut token = tx
                .prepare_cached(
                    "INSERT INTO token (session_id, prompt, token_index, t_mono_ns, tokens) \
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                )
                .expect("the schema");
            for row in chunk {
                match row {
                    Row::Sample(channel, seq, t, raw, reason) => {
                        sample.execute(params![channel, seq, t, raw, reason]).expect("a sample");
                    }
                    Row::Token(session, prompt, index, t, tokens) => {
                        token.execute(params![session, prompt, index, t, tokens]).expect("a token");
                    }
                }
            }
        }
        tx.commit().expect("a commit");
    }
    begin.elapsed().as_secs_f64()
}

fn prompts_of(db: &Path) -> Vec<(i64, String)> {
    let connection = Connection::open(db).expect("our database");
    let mut query = connection.prepare("SELECT prompt, phase FROM prompt").expect("the schema");
    query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).and_then(Iterator::collect).expect("prompts")
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let shape = made::Shape::TEN_MINUTES;
    let journal = folder.path().join("device.journal");
    let header_only = folder.path().join("header.journal");
    fs::write(&journal, made::journal(RUN, SESSION, &shape)).expect("room for a journal");
    fs::write(&header_only, write_header(&made::header(RUN, SESSION, &shape))).expect("room for a header");
    let (mut our_rates, mut bare_rates, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let work = tempfile::tempdir_in(folder.path()).expect("a folder");
        let (seconds, count) = ours(work.path(), &journal);
        let db = work.path().join("ours.db");
        let (rows, prompts) = (rows_of(&db), prompts_of(&db));
        let bare_seconds = bare(work.path(), &header_only, &prompts, &rows);
        // The first round warms the file cache.
        if round > 0 {
            let (ours, bare) = (count as f64 / seconds, rows.len() as f64 / bare_seconds);
            our_rates.push(ours);
            bare_rates.push(bare);
            ratios.push(ours / bare);
        }
    }
    let (least, most) = ratios.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), ratio| {
        (least.min(*ratio), most.max(*ratio))
    });
    println!("journal -> SQLite: {:.0} rows/s (median of {ROUNDS})", median(our_rates));
    println!("bare insert loop:  {:.0} rows/s (median of {ROUNDS})", median(bare_rates));
    println!("ratio: {:.3} (median; {least:.3} to {most:.3})", median(ratios));
}
