//! The schema's versions and the way from any of them to the current one.

use rusqlite::{Connection, TransactionBehavior};

use crate::error::StoreError;

/// Marks a file as ours, in SQLite's own header: the bytes `ESok`.
pub(crate) const APPLICATION_ID: i64 = 0x4553_6F6B;

/// One script per version, in order; what has been released is never edited.
const MIGRATIONS: &[&str] = &[
    concat!(include_str!("schema/tables.sql"), include_str!("schema/views.sql")),
    include_str!("schema/beside.sql"),
    include_str!("schema/rules.sql"),
    include_str!("schema/import.sql"),
    include_str!("schema/answers.sql"),
    include_str!("schema/confidence.sql"),
    include_str!("schema/classified.sql"),
];

/// The version that this program reads and writes.
#[expect(clippy::cast_possible_wrap, reason = "a handful of scripts")]
pub(crate) const CURRENT: i64 = MIGRATIONS.len() as i64;

/// What a file says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) application_id: i64,
    pub(crate) version: i64,
}

impl Stamp {
    /// The stamp as a connection sees it, write-ahead log included.
    pub(crate) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            application_id: connection.pragma_query_value(None, "application_id", |row| row.get(0))?,
            version: connection.pragma_query_value(None, "user_version", |row| row.get(0))?,
        })
    }
}

/// Brings the database to [`CURRENT`] in one transaction.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    apply(connection, MIGRATIONS)
}

fn apply(connection: &mut Connection, scripts: &[&str]) -> Result<(), StoreError> {
    let to = i64::try_from(scripts.len()).unwrap_or(i64::MAX);
    let failed = |source| StoreError::Migrate { to, source };
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    let from = Stamp::read(&transaction).map_err(failed)?.version;
    let done = usize::try_from(from).unwrap_or(0);
    for script in scripts.iter().skip(done) {
        transaction.execute_batch(script).map_err(failed)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
    transaction.pragma_update(None, "user_version", to).map_err(failed)?;
    transaction.commit().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(connection: &Connection) -> i64 {
        Stamp::read(connection).expect("a stamp").version
    }

    #[test]
    fn every_version_leads_to_the_newest_once() {
        let scripts = ["CREATE TABLE a (x INTEGER) STRICT;", "ALTER TABLE a ADD COLUMN y INTEGER;"];
        let mut connection = Connection::open_in_memory().expect("in memory");
        apply(&mut connection, &scripts[..1]).expect("the first script");
        connection.execute("INSERT INTO a (x) VALUES (7)", []).expect("a row of version 1");
        for _ in 0..2 {
            apply(&mut connection, &scripts).expect("the second script, once");
            assert_eq!(version(&connection), 2);
        }
        let row: (i64, Option<i64>) = connection
            .query_row("SELECT x, y FROM a", [], |row| Ok((row.get(0)?, row.get(1)?)))
            .expect("the row survives");
        assert_eq!(row, (7, None));
    }

    #[test]
    fn a_failed_migration_changes_nothing() {
        let mut connection = Connection::open_in_memory().expect("in memory");
        apply(&mut connection, &["CREATE TABLE a (x INTEGER) STRICT;"]).expect("the first script");
        let scripts = ["", "CREATE TABLE b (x INTEGER) STRICT;", "CREATE TABLE a (x INTEGER) STRICT;"];
        let error = apply(&mut connection, &scripts).expect_err("`a` is there already");
        assert!(matches!(error, StoreError::Migrate { to: 3, .. }));
        assert_eq!(version(&connection), 1);
        assert!(connection.prepare("SELECT * FROM b").is_err(), "the second script was rolled back");
    }

    #[test]
    fn a_database_of_version_1_keeps_its_rows_and_gets_the_new_tables() {
        let mut connection = Connection::open_in_memory().expect("in memory");
        apply(&mut connection, &MIGRATIONS[..1]).expect("version 1");
        connection
            .execute_batch(
                "INSERT INTO run VALUES ('r', 1, '0', 'p', 'quick', 'pr', NULL, '{}', '{}', '', '{}', 1, NULL); \
                 INSERT INTO session (id, run_id, session, position, repeat_number, device, family, route, workload, \
                 candidate, artifact_sha256, planned_soak_ms, is_virtual, first_scored_submit_mono_ns) \
                 VALUES (1, 'r', 's01', 0, 1, 'd', 'f', 'r', 'w', 'c', '', 1, 0, 0); \
                 INSERT INTO channel VALUES (1, 1, 0, 'rail', 'power', 'watt', 0.001, 1, 0, '/sys', NULL); \
                 INSERT INTO sample VALUES (1, 0, 0, 2500, NULL);",
            )
            .expect("a row of version 1");
        migrate(&mut connection).expect("the versions after it");
        assert_eq!(version(&connection), CURRENT);
        let watts: f64 =
            connection.query_row("SELECT watts FROM power", [], |row| row.get(0)).expect("a power");
        assert!((watts - 2.5).abs() < 1e-12);
        for table in ["raw_output", "device_change", "meter_reading", "ambient"] {
            let rows: i64 = connection
                .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))
                .expect("it is there");
            assert_eq!(rows, 0, "{table}");
        }
    }

    #[test]
    fn a_database_of_version_2_reads_its_old_rows_by_their_rule() {
        let mut connection = Connection::open_in_memory().expect("in memory");
        apply(&mut connection, &MIGRATIONS[..2]).expect("version 2");
        connection
            .execute_batch(
                "INSERT INTO run VALUES ('r', 1, '0', 'p', 'quick', 'pr', NULL, '{}', '{}', '', '{}', 1, NULL); \
                 INSERT INTO session (id, run_id, session, position, repeat_number, device, family, route, workload, \
                 candidate, artifact_sha256, planned_soak_ms, is_virtual, first_scored_submit_mono_ns) \
                 VALUES (1, 'r', 's01', 0, 1, 'd', 'f', 'r', 'w', 'c', '', 1, 0, 0); \
                 INSERT INTO channel VALUES (1, 1, 0, 'zone', 'temperature', '°C', 0.001, 8, 0, '/sys', NULL); \
                 INSERT INTO sample VALUES (1, 0, 0, -274000, NULL), (1, 1, 1, 31000, NULL);",
            )
            .expect("rows of version 2");
        let read = |connection: &Connection| -> Vec<(Option<f64>, Option<String>)> {
            let mut query = connection.prepare("SELECT celsius, reason FROM temperature").expect("the view");
            let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
            rows.collect::<Result<_, _>>().expect("readings")
        };
        assert_eq!(read(&connection)[0], (Some(-274.0), None), "what was wrong");
        migrate(&mut connection).expect("the newest");
        assert_eq!(read(&connection), [(None, Some("sentinel".to_owned())), (Some(31.0), None)]);
    }

    #[test]
    fn every_table_is_strict() {
        let mut connection = Connection::open_in_memory().expect("in memory");
        migrate(&mut connection).expect("the schema");
        let loose: i64 = connection
            .query_row(
                "SELECT count(*) FROM pragma_table_list \
                 WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
                [],
                |row| row.get(0),
            )
            .expect("a count");
        assert_eq!(loose, 0);
    }
}
