//! Comma-separated values as RFC 4180 has them.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufWriter, Write};

use super::cell::{Cell, Column};
use super::sheets::Sheet;

/// One table as comma-separated values.
#[derive(Debug)]
pub(crate) struct CsvSheet {
    out: BufWriter<File>,
}

impl Sheet for CsvSheet {
    const ENDING: &'static str = "csv";

    fn begin(out: BufWriter<File>, _: &'static str, columns: &[Column]) -> io::Result<Self> {
        let mut sheet = Self { out };
        sheet.row(columns.iter().map(|column| Cell::Text(column.name)))?;
        Ok(sheet)
    }

    fn row<'c>(&mut self, cells: impl Iterator<Item = Cell<'c>>) -> io::Result<()> {
        line(&mut self.out, cells)
    }

    fn end(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn line<'c>(out: &mut impl Write, cells: impl Iterator<Item = Cell<'c>>) -> io::Result<()> {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            out.write_all(b",")?;
        }
        match cell {
            Cell::Missing => {}
            Cell::Text(text) => out.write_all(quoted(&harmless(text)).as_bytes())?,
            Cell::Integer(integer) => write!(out, "{integer}")?,
            Cell::Real(value) => write!(out, "{value}")?,
            Cell::Flag(flag) => write!(out, "{flag}")?,
        }
    }
    out.write_all(b"\r\n")
}

/// A text that no spreadsheet takes for a formula: devices, models and files say what they like.
fn harmless(text: &str) -> Cow<'_, str> {
    // The full-width signs are read as the plain ones by programs of some languages.
    let signs = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.starts_with(signs) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

fn quoted(text: &str) -> Cow<'_, str> {
    let needs = text.contains([',', '"', '\r', '\n', ';', '\t']) || text.trim() != text;
    if needs { Cow::Owned(format!("\"{}\"", text.replace('"', "\"\""))) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(cells: &[Cell<'_>]) -> String {
        let mut out = Vec::new();
        line(&mut out, cells.iter().copied()).expect("memory");
        String::from_utf8(out).expect("text")
    }

    /// Fields of one row, as RFC 4180 reads it.
    fn read(mut text: &str) -> Option<Vec<String>> {
        let mut fields = Vec::new();
        loop {
            let mut field = String::new();
            if let Some(mut inner) = text.strip_prefix('"') {
                loop {
                    let (before, after) = inner.split_once('"')?;
                    field.push_str(before);
                    let Some(more) = after.strip_prefix('"') else {
                        text = after;
                        break;
                    };
                    field.push('"');
                    inner = more;
                }
            } else {
                let end = text.find([',', '\r', '\n']).unwrap_or(text.len());
                field.push_str(&text[..end]);
                text = &text[end..];
            }
            fields.push(field);
            match text.strip_prefix(',') {
                Some(rest) => text = rest,
                None => return (text == "\r\n").then_some(fields),
            }
        }
    }

    #[test]
    fn rows_are_these_bytes() {
        let cells = [
            Cell::Text("tc58"),
            Cell::Missing,
            Cell::Integer(-5),
            Cell::Real(0.1),
            Cell::Real(3.0),
            Cell::Flag(true),
            Cell::Text("a \"b\", c"),
            Cell::Text("=HYPERLINK(\"http://x\")"),
            Cell::Text("two\nlines"),
        ];
        let expected =
            "tc58,,-5,0.1,3,true,\"a \"\"b\"\", c\",\"'=HYPERLINK(\"\"http://x\"\")\",\"two\nlines\"\r\n";
        assert_eq!(written(&cells), expected);
    }

    proptest! {
        #[test]
        fn any_text_comes_back_and_none_begins_a_formula(texts in proptest::collection::vec("\\PC*|[=+@,\"\r\n\t -]{0,6}", 1..6)) {
            let cells: Vec<Cell<'_>> = texts.iter().map(|text| Cell::Text(text)).collect();
            let fields = read(&written(&cells)).expect("one row");
            prop_assert_eq!(fields.len(), texts.len());
            for (field, text) in fields.iter().zip(&texts) {
                prop_assert!(!field.starts_with(['=', '+', '-', '@', '\t', '\r']), "{:?}", field);
                prop_assert!(field == text || field.strip_prefix('\'') == Some(text), "{:?} {:?}", field, text);
            }
        }

        #[test]
        fn numbers_come_back_bit_for_bit(value in any::<f64>().prop_filter("finite", |value| value.is_finite())) {
            let text = written(&[Cell::Real(value)]);
            prop_assert_eq!(text.trim_end().parse::<f64>().expect("a number").to_bits(), value.to_bits());
        }
    }
}
