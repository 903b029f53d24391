//! Metadata values by their type: skipped, or read where they are whole numbers.

use std::io::{Read, Seek};

use crate::source::{Fault, Source};

pub(crate) const TYPE_STRING: u32 = 8;
pub(crate) const TYPE_ARRAY: u32 = 9;
/// Arrays may hold arrays; nobody nests them deeper than this.
const MAX_DEPTH: u8 = 4;

/// A whole number of any width; `None` where the value has a type that no count has, or lies below zero.
pub(crate) fn whole<R: Read + Seek>(source: &mut Source<R>, kind: u32) -> Result<Option<u64>, Fault> {
    Ok(match kind {
        0 => Some(u64::from(source.array::<1>()?[0])),
        1 => i8::from_le_bytes(source.array()?).try_into().ok(),
        2 => Some(u64::from(u16::from_le_bytes(source.array()?))),
        3 => i16::from_le_bytes(source.array()?).try_into().ok(),
        4 => Some(u64::from(source.u32()?)),
        5 => i32::from_le_bytes(source.array()?).try_into().ok(),
        10 => Some(source.u64()?),
        11 => i64::from_le_bytes(source.array()?).try_into().ok(),
        _ => {
            skip(source, kind, 0)?;
            None
        }
    })
}

/// Whole numbers: one, or as many as an array of at most `most` holds; `None` for anything else.
pub(crate) fn wholes<R: Read + Seek>(
    source: &mut Source<R>,
    kind: u32,
    most: u64,
) -> Result<Option<Vec<u64>>, Fault> {
    if kind != TYPE_ARRAY {
        return Ok(whole(source, kind)?.map(|number| vec![number]));
    }
    let (kind, count) = (source.u32()?, source.u64()?);
    if count > most || matches!(kind, TYPE_STRING | TYPE_ARRAY) {
        skip_items(source, kind, count, 1)?;
        return Ok(None);
    }
    let mut numbers = Some(Vec::new());
    for _ in 0..count {
        let number = whole(source, kind)?;
        numbers = numbers.zip(number).map(|(mut numbers, number)| {
            numbers.push(number);
            numbers
        });
    }
    Ok(numbers)
}

/// Passes over a value.
pub(crate) fn skip<R: Read + Seek>(source: &mut Source<R>, kind: u32, depth: u8) -> Result<(), Fault> {
    match kind {
        TYPE_STRING => {
            let length = source.u64()?;
            source.skip(length)
        }
        TYPE_ARRAY if depth < MAX_DEPTH => {
            let (kind, count) = (source.u32()?, source.u64()?);
            skip_items(source, kind, count, depth + 1)
        }
        TYPE_ARRAY => Err(Fault::Format("arrays are nested too deeply")),
        _ => source.skip(scalar_bytes(kind)?),
    }
}

/// Passes over the items of an array.
pub(crate) fn skip_items<R: Read + Seek>(
    source: &mut Source<R>,
    kind: u32,
    count: u64,
    depth: u8,
) -> Result<(), Fault> {
    if matches!(kind, TYPE_STRING | TYPE_ARRAY) {
        // Each takes at least eight bytes, so a wrong count meets the end of the file soon.
        return (0..count).try_for_each(|_| skip(source, kind, depth));
    }
    let bytes = scalar_bytes(kind)?.checked_mul(count);
    source.skip(bytes.ok_or(Fault::Format("an array is larger than the file"))?)
}

fn scalar_bytes(kind: u32) -> Result<u64, Fault> {
    match kind {
        0 | 1 | 7 => Ok(1),
        2 | 3 => Ok(2),
        4..=6 => Ok(4),
        10..=12 => Ok(8),
        _ => Err(Fault::Format("a value has an unknown type")),
    }
}
