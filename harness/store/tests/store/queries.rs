//! Every query of the documentation answers something on a made-up run.

use std::path::Path;

use edgesoak_store::Store;
use rusqlite::Connection;

use crate::made;

/// The `sql` blocks of a page with the headings they stand under.
fn queries(page: &str) -> Vec<(String, String)> {
    let (mut found, mut heading, mut block) = (Vec::new(), String::new(), None::<String>);
    for line in page.lines() {
        match (&mut block, line) {
            (None, "```sql") => block = Some(String::new()),
            (None, line) => {
                if let Some(title) = line.strip_prefix("## ") {
                    title.clone_into(&mut heading);
                }
            }
            (Some(_), "```") => found.push((heading.clone(), block.take().unwrap_or_default())),
            (Some(text), line) => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    found
}

fn stored(folder: &Path) -> Connection {
    let db = folder.join("edgesoak.db");
    let mut store = Store::open(&db).expect("a database");
    for run in ["run-1", "run-2"] {
        let run_dir = made::write_run(folder, run, 2, &made::Shape { soak_s: 75, ..made::Shape::SHORT });
        store.ingest_run(&run_dir).expect("a whole run");
    }
    Connection::open(&db).expect("the database")
}

fn rows(connection: &Connection, sql: &str) -> rusqlite::Result<usize> {
    let mut query = connection.prepare(sql)?;
    let mut rows = query.query([])?;
    let mut count = 0;
    while rows.next()?.is_some() {
        count += 1;
    }
    Ok(count)
}

#[test]
fn every_documented_query_returns_rows() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/queries.md");
    let queries = queries(&std::fs::read_to_string(page).expect("docs/queries.md"));
    assert!(queries.len() >= 10, "{} queries", queries.len());
    let folder = tempfile::tempdir().expect("a folder");
    let connection = stored(folder.path());
    for (heading, sql) in queries {
        match rows(&connection, &sql) {
            Ok(count) => assert!(count > 0, "{heading}: no rows"),
            Err(error) => panic!("{heading}: {error}"),
        }
    }
}

fn one<T: rusqlite::types::FromSql>(connection: &Connection, sql: &str) -> T {
    connection.query_row(sql, [], |row| row.get(0)).expect("one value")
}

const SESSION: &str = "run = 'run-1' AND session = 's01'";

#[test]
fn throughput_counts_every_scored_token_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let connection = stored(folder.path());
    let seen: i64 = one(&connection, &format!("SELECT sum(tokens) FROM throughput WHERE {SESSION}"));
    let scored = "SELECT count(*) FROM token t JOIN prompt p USING (session_id, prompt) \
                  JOIN session s ON s.id = t.session_id \
                  WHERE p.phase = 'soaking' AND s.run_id = 'run-1' AND s.session = 's01'";
    assert_eq!(seen, one::<i64>(&connection, scored));
    let rate: f64 = one(
        &connection,
        &format!("SELECT sum(tokens_after_first) / sum(active_s) FROM throughput WHERE {SESSION}"),
    );
    assert!((18.0..20.5).contains(&rate), "20 tokens/s, slowing down: {rate}");
    let first: i64 = one(&connection, &format!("SELECT min(second) FROM throughput WHERE {SESSION}"));
    assert_eq!(first, 0);
}

#[test]
fn power_has_its_three_sources_in_watts() {
    let folder = tempfile::tempdir().expect("a folder");
    let connection = stored(folder.path());
    let mean = |source: &str| -> f64 {
        one(&connection, &format!("SELECT avg(watts) FROM power WHERE {SESSION} AND source = '{source}'"))
    };
    assert!((4.3..4.5).contains(&mean("power")));
    assert!((-4.5..-4.0).contains(&mean("voltage*current")), "a battery that discharges");
    assert!((4.1..4.3).contains(&mean("energy")), "4200 microjoules per millisecond");
}

#[test]
fn meters_stand_on_the_device_s_clock_by_the_time_they_were_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let connection = stored(folder.path());
    let of = |what: &str, filter: &str| -> f64 {
        one(
            &connection,
            &format!("SELECT {what} FROM power WHERE {SESSION} AND source = 'meter' AND {filter}"),
        )
    };
    assert!((of("avg(watts)", "reason IS NULL") - 3.0).abs() < 1e-12);
    assert!((of("count(*)", "reason IS NOT NULL") - 2.0).abs() < 1e-12, "one without a value, one gap");
    let submit: f64 = one(
        &connection,
        "SELECT (first_scored_submit_mono_ns - 5003000000000) / 1e9 FROM session WHERE id = 1",
    );
    // The first reading was taken when the soak began, whenever it arrived.
    assert!((of("min(t_s)", "1") + submit).abs() < 1e-6, "{} {submit}", of("min(t_s)", "1"));
    let spacing = of("(max(t_s) - min(t_s)) / 19", "watts IS NOT NULL");
    assert!((spacing - 0.1).abs() < 1e-6, "{spacing}");
    let room: f64 =
        one(&connection, &format!("SELECT celsius FROM ambient WHERE {SESSION} AND reason IS NULL"));
    assert!((room - 23.25).abs() < 1e-12);
}

#[test]
fn outputs_and_changes_are_kept_with_their_times() {
    let folder = tempfile::tempdir().expect("a folder");
    let connection = stored(folder.path());
    let text: String =
        one(&connection, "SELECT text FROM raw_output WHERE session_id = 1 AND kind = 'battery'");
    assert_eq!(text, "level: 81");
    let change: String = one(
        &connection,
        "SELECT group_concat(coalesce(before, 'again') || ' -> ' || after, ', ') FROM \
         (SELECT before, after FROM device_change WHERE session_id = 1 ORDER BY seq)",
    );
    assert_eq!(change, "off -> on, again -> off");
}

#[test]
fn values_are_scaled_and_reasons_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let connection = stored(folder.path());
    let hottest: f64 = one(
        &connection,
        &format!("SELECT max(celsius) FROM temperature WHERE {SESSION} AND channel = 'thermal/soc'"),
    );
    assert!((41.0..42.0).contains(&hottest), "{hottest}");
    let stale =
        format!("SELECT count(*) FROM temperature WHERE {SESSION} AND reason = 'stale' AND celsius IS NULL");
    assert!(one::<i64>(&connection, &stale) > 0);
    let mib: f64 = one(
        &connection,
        &format!("SELECT max(mib) FROM memory WHERE {SESSION} AND quantity = 'runtime-memory'"),
    );
    assert!((166.0..167.0).contains(&mib), "{mib}");
    let missing: String = one(&connection, &format!("SELECT reason FROM missing_channel WHERE {SESSION}"));
    assert_eq!(missing, "denied");
}
