//! Keys and tables that stand twice in one file: the parser tells the second place, a person needs both.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

use crate::problem::quote;

/// A key or a table's header that stands twice.
pub(crate) struct Doubled {
    pub key: String,
    pub again: Range<usize>,
    pub first: Option<Range<usize>>,
}

/// Whether the parser's error is about a key that was there before.
pub(crate) fn is_doubled(error: &Error) -> bool {
    error.message().starts_with("duplicate key")
}

/// Finds the first place of each. The keys below a doubled header would all be told again: they are left out.
pub(crate) fn explain(text: &str, document: &DeTable<'_>, errors: &[&Error]) -> Vec<Doubled> {
    let mut found = Vec::new();
    let mut spans: Vec<Range<usize>> = errors.iter().filter_map(|error| error.span()).collect();
    spans.sort_by_key(|span| span.start);
    let mut doubled_header = None;
    for span in spans {
        let header = header_before(text, span.start);
        if let Some(header) = header.clone().filter(|header| header.contains(&span.start)) {
            let first = first_header(text, &header);
            found.push(Doubled { key: shown(text, &header), again: header.clone(), first });
            doubled_header = Some(header.start);
        } else if doubled_header.is_none() || doubled_header != header.as_ref().map(|header| header.start) {
            let first = first_key(text, document, header, &span);
            found.push(Doubled { key: shown(text, &span), again: span, first });
        }
    }
    found
}

fn shown(text: &str, span: &Range<usize>) -> String {
    quote(text.get(span.clone()).unwrap_or_default()).trim_matches('`').to_owned()
}

/// The last header at or before `offset`: the table that is open there.
fn header_before(text: &str, offset: usize) -> Option<Range<usize>> {
    headers(text).take_while(|header| header.start <= offset).last()
}

/// An earlier header of the same words.
fn first_header(text: &str, header: &Range<usize>) -> Option<Range<usize>> {
    let words = |span: &Range<usize>| text.get(span.clone()).map(|text| text.replace([' ', '\t'], ""));
    headers(text)
        .take_while(|earlier| earlier.start < header.start)
        .find(|earlier| words(earlier) == words(header))
}

/// Lines that begin with `[`, up to their last `]`.
fn headers(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    let lines = text.split_inclusive('\n').map(move |line| {
        let begin = start + (line.len() - line.trim_start().len());
        start += line.len();
        (begin, line.trim_start())
    });
    lines.filter(|(_, line)| line.starts_with('[')).filter_map(|(begin, line)| {
        let code = line.split('#').next().unwrap_or_default();
        Some(begin..begin + code.rfind(']')? + 1)
    })
}

/// An earlier key of this name in the table that is open at the second one.
fn first_key(
    text: &str,
    document: &DeTable<'_>,
    header: Option<Range<usize>>,
    again: &Range<usize>,
) -> Option<Range<usize>> {
    let name = text.get(again.clone())?;
    let from = header.map_or(0, |header| header.end);
    let mut first: Option<Range<usize>> = None;
    walk(document, &mut |key, _| {
        let earlier = key.start >= from && key.start < again.start;
        if earlier
            && text.get(key.clone()) == Some(name)
            && first.as_ref().is_none_or(|first| first.start < key.start)
        {
            first = Some(key);
        }
    });
    first
}

/// Visits every key with its value.
fn walk(table: &DeTable<'_>, visit: &mut impl FnMut(Range<usize>, &Spanned<DeValue<'_>>)) {
    for (key, value) in table {
        visit(key.span(), value);
        walk_value(value.get_ref(), visit);
    }
}

fn walk_value(value: &DeValue<'_>, visit: &mut impl FnMut(Range<usize>, &Spanned<DeValue<'_>>)) {
    match value {
        DeValue::Table(table) => walk(table, visit),
        DeValue::Array(items) => items.iter().for_each(|item| walk_value(item.get_ref(), visit)),
        _ => {}
    }
}
