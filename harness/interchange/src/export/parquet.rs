//! Parquet: typed columns, texts by dictionary, times as differences, units beside the schema.
//!
//! Pages are not compressed: a search for planted secrets reads what stands in them.

use std::fs::File;
use std::io::{self, BufWriter};
use std::sync::Arc;

use parquet::basic::{Encoding, LogicalType, Repetition, Type as Physical};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, Type};
use serde_json::json;

use super::cell::{Cell, Column, Kind};
use super::sheets::Sheet;

/// Rows that are held until they are written together.
const ROWS_PER_GROUP: usize = 1 << 17;

/// One table as a Parquet file.
pub(crate) struct ParquetSheet {
    out: SerializedFileWriter<BufWriter<File>>,
    columns: Vec<Held>,
    rows: usize,
}

impl std::fmt::Debug for ParquetSheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParquetSheet").field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl Sheet for ParquetSheet {
    const ENDING: &'static str = "parquet";

    fn begin(out: BufWriter<File>, table: &'static str, columns: &[Column]) -> io::Result<Self> {
        let schema = Arc::new(schema(table, columns).map_err(failed)?);
        let properties = Arc::new(properties(table, columns));
        let out = SerializedFileWriter::new(out, schema, properties).map_err(failed)?;
        let columns = columns.iter().map(|column| Held::of(column.kind)).collect();
        Ok(Self { out, columns, rows: 0 })
    }

    fn row<'c>(&mut self, cells: impl Iterator<Item = Cell<'c>>) -> io::Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.take(cell);
        }
        self.rows += 1;
        if self.rows == ROWS_PER_GROUP { self.write_group() } else { Ok(()) }
    }

    fn end(mut self) -> io::Result<()> {
        if self.rows > 0 {
            self.write_group()?;
        }
        self.out.finish().map_err(failed)?;
        io::Write::flush(self.out.inner_mut())
    }
}

impl ParquetSheet {
    fn write_group(&mut self) -> io::Result<()> {
        let mut group = self.out.next_row_group().map_err(failed)?;
        for column in &mut self.columns {
            if let Some(mut writer) = group.next_column().map_err(failed)? {
                column.write(writer.untyped()).map_err(failed)?;
                writer.close().map_err(failed)?;
            }
        }
        group.close().map_err(failed)?;
        self.rows = 0;
        Ok(())
    }
}

/// Values of a column that wait for the rest of their group; a level of 1 says that a row has one.
struct Held {
    levels: Vec<i16>,
    values: Values,
}

enum Values {
    Text(Vec<ByteArray>),
    Integer(Vec<i64>),
    Real(Vec<f64>),
    Flag(Vec<bool>),
}

impl Held {
    fn of(kind: Kind) -> Self {
        let values = match kind {
            Kind::Text => Values::Text(Vec::new()),
            Kind::Integer => Values::Integer(Vec::new()),
            Kind::Real => Values::Real(Vec::new()),
            Kind::Flag => Values::Flag(Vec::new()),
        };
        Self { levels: Vec::new(), values }
    }

    fn take(&mut self, cell: Cell<'_>) {
        let has_value = match (&mut self.values, cell) {
            (Values::Text(values), Cell::Text(text)) => {
                // Most texts repeat the one above, and share its bytes then.
                let same = values.last().filter(|last| last.data() == text.as_bytes()).cloned();
                values.push(same.unwrap_or_else(|| ByteArray::from(text)));
                true
            }
            (Values::Integer(values), Cell::Integer(integer)) => {
                values.push(integer);
                true
            }
            (Values::Real(values), Cell::Real(value)) => {
                values.push(value);
                true
            }
            (Values::Flag(values), Cell::Flag(flag)) => {
                values.push(flag);
                true
            }
            (_, cell) => {
                debug_assert_eq!(cell, Cell::Missing, "a cell of another kind than its column");
                false
            }
        };
        self.levels.push(i16::from(has_value));
    }

    fn write(&mut self, writer: &mut ColumnWriter<'_>) -> Result<(), ParquetError> {
        let levels = Some(&self.levels[..]);
        match (&mut self.values, writer) {
            (Values::Text(values), ColumnWriter::ByteArrayColumnWriter(writer)) => {
                writer.write_batch(values, levels, None)?;
                values.clear();
            }
            (Values::Integer(values), ColumnWriter::Int64ColumnWriter(writer)) => {
                writer.write_batch(values, levels, None)?;
                values.clear();
            }
            (Values::Real(values), ColumnWriter::DoubleColumnWriter(writer)) => {
                writer.write_batch(values, levels, None)?;
                values.clear();
            }
            (Values::Flag(values), ColumnWriter::BoolColumnWriter(writer)) => {
                writer.write_batch(values, levels, None)?;
                values.clear();
            }
            _ => return Err(ParquetError::General("a column of another type than its schema".to_owned())),
        }
        self.levels.clear();
        Ok(())
    }
}

fn schema(table: &str, columns: &[Column]) -> Result<Type, ParquetError> {
    let field = |column: &Column| {
        let (physical, logical) = match column.kind {
            Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Integer => (Physical::INT64, None),
            Kind::Real => (Physical::DOUBLE, None),
            Kind::Flag => (Physical::BOOLEAN, None),
        };
        let field = Type::primitive_type_builder(column.name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical);
        field.build().map(Arc::new)
    };
    let fields = columns.iter().map(field).collect::<Result<_, _>>()?;
    Type::group_type_builder(table).with_fields(fields).build()
}

fn properties(table: &str, columns: &[Column]) -> WriterProperties {
    let units: serde_json::Map<_, _> = columns
        .iter()
        .filter(|column| !column.unit.is_empty())
        .map(|column| (column.name.to_owned(), json!(column.unit)))
        .collect();
    let said = vec![
        KeyValue::new("edgesoak.table".to_owned(), table.to_owned()),
        KeyValue::new("edgesoak.units".to_owned(), json!(units).to_string()),
    ];
    let mut properties = WriterProperties::builder()
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_created_by(format!("edgesoak {}", env!("CARGO_PKG_VERSION")))
        .set_key_value_metadata(Some(said));
    for column in columns.iter().filter(|column| column.kind == Kind::Integer) {
        // Times and counts rise: their differences are small, and a dictionary of them would be as long as they are.
        let path = ColumnPath::from(column.name);
        properties = properties
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
    }
    properties.build()
}

fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(source) => io::Error::other(source),
        },
        error => io::Error::other(error),
    }
}
