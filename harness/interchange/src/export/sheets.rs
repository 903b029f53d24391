//! A file per table, whatever tables are written as.

use std::fs::File;
use std::io::{self, BufWriter};

use super::cell::{Cell, Column};
use super::files::NewFiles;
use super::tables::{TABLES, Table};
use super::target::Told;
use crate::error::InterchangeError;

/// What stands in front of every row.
const KEYS: [Column; 2] = [Column::text("run"), Column::text("session")];

/// One table as a file.
pub(crate) trait Sheet: Sized {
    /// What its name ends with.
    const ENDING: &'static str;

    /// Begins the file of a table.
    fn begin(out: BufWriter<File>, table: &'static str, columns: &[Column]) -> io::Result<Self>;

    /// Writes a row: a cell for each column.
    fn row<'c>(&mut self, cells: impl Iterator<Item = Cell<'c>>) -> io::Result<()>;

    /// Writes what is left.
    fn end(self) -> io::Result<()>;
}

/// Every table of a run.
#[derive(Debug)]
pub(crate) struct Sheets<S>(Vec<(&'static Table, S)>);

impl<S: Sheet> Sheets<S> {
    pub(crate) fn begin(files: &mut NewFiles) -> Result<Self, InterchangeError> {
        let mut sheets = Vec::new();
        for table in TABLES {
            let out = files.begin(&format!("{}.{}", table.name, S::ENDING))?;
            let columns: Vec<Column> = KEYS.iter().chain(table.columns).copied().collect();
            let sheet = S::begin(out, table.name, &columns).map_err(|source| files.failed(source))?;
            sheets.push((*table, sheet));
        }
        Ok(Self(sheets))
    }

    pub(crate) fn session(&mut self, told: Told<'_>) -> io::Result<()> {
        let keys = [Cell::Text(&told.run.id), Cell::Text(&told.record.planned.session)];
        for (table, sheet) in &mut self.0 {
            (table.rows)(told, &mut |cells| {
                debug_assert_eq!(cells.len(), table.columns.len(), "{}", table.name);
                sheet.row(keys.iter().chain(cells).copied())
            })?;
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> io::Result<()> {
        self.0.into_iter().try_for_each(|(_, sheet)| sheet.end())
    }
}
