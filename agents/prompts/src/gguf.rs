//! The few metadata values of a GGUF model file that rendering needs. Tensors are never read.
//!
//! Layout (GGUF specification, versions 2 and 3, little endian): magic, version `u32`, tensor count `u64`,
//! pair count `u64`, then pairs of key, value type `u32` and value. The file is hostile: every count is held
//! against the bytes that are left, and nothing is allocated but the values that are kept.

mod source;

use std::io::{Read, Seek};
use std::path::Path;

use crate::error::PromptError;
use source::{Fault, Source};

const MAGIC: [u8; 4] = *b"GGUF";
const MAX_PAIRS: u64 = 65_536;
/// The specification's own bound.
const MAX_KEY_BYTES: u64 = 65_535;
const MAX_TEMPLATE_BYTES: u64 = 16 * 1024 * 1024;
const MAX_TOKEN_BYTES: u64 = 4096;
/// Arrays may hold arrays; nobody nests them deeper than this.
const MAX_DEPTH: u8 = 4;

const TYPE_STRING: u32 = 8;
const TYPE_ARRAY: u32 = 9;

/// What a model file says about its conversations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChatMetadata {
    /// `tokenizer.chat_template`.
    pub template: Option<String>,
    /// Text of the token that `tokenizer.ggml.bos_token_id` names.
    pub bos_token: Option<String>,
    /// Text of the token that `tokenizer.ggml.eos_token_id` names.
    pub eos_token: Option<String>,
}

impl ChatMetadata {
    /// Reads the metadata of the model file at `path`.
    pub fn read(path: &Path) -> Result<Self, PromptError> {
        let io = |source| PromptError::ReadingFile { path: path.to_owned(), source };
        let file = std::fs::File::open(path).map_err(io)?;
        let length = file.metadata().map_err(io)?.len();
        let mut source = Source::new(file, length);
        read(&mut source).map_err(|fault| match fault {
            Fault::Io(source) => io(source),
            Fault::Format(fault) => {
                PromptError::ReadingMetadata { path: path.to_owned(), offset: source.position(), fault }
            }
        })
    }
}

/// Where the token list lies, so that two of its entries can be fetched once their ids are known.
#[derive(Clone, Copy)]
struct TokenList {
    start: u64,
    count: u64,
}

fn read<R: Read + Seek>(source: &mut Source<R>) -> Result<ChatMetadata, Fault> {
    if source.array::<4>()? != MAGIC {
        return Err(Fault::Format("this is not a GGUF file"));
    }
    if !matches!(source.u32()?, 2 | 3) {
        return Err(Fault::Format("only versions 2 and 3, little endian, are known"));
    }
    source.u64()?; // The tensor count: nothing here depends on it.
    let pairs = source.u64()?;
    if pairs > MAX_PAIRS {
        return Err(Fault::Format("more metadata pairs than any model has"));
    }
    let mut found = ChatMetadata::default();
    let (mut bos, mut eos, mut tokens) = (None, None, None);
    for _ in 0..pairs {
        let key = source.string(MAX_KEY_BYTES)?;
        let kind = source.u32()?;
        match (key.as_str(), kind) {
            ("tokenizer.chat_template", TYPE_STRING) => {
                found.template = Some(source.string(MAX_TEMPLATE_BYTES)?);
            }
            ("tokenizer.ggml.bos_token_id", _) => bos = token_id(source, kind)?,
            ("tokenizer.ggml.eos_token_id", _) => eos = token_id(source, kind)?,
            ("tokenizer.ggml.tokens", TYPE_ARRAY) => tokens = token_list(source)?,
            _ => skip_value(source, kind, 0)?,
        }
    }
    found.bos_token = token_text(source, tokens, bos)?;
    found.eos_token = token_text(source, tokens, eos)?;
    Ok(found)
}

/// A token id, or `None` where its value has a type that no id has.
fn token_id<R: Read + Seek>(source: &mut Source<R>, kind: u32) -> Result<Option<u64>, Fault> {
    match kind {
        4 => source.u32().map(|id| Some(u64::from(id))),
        5 => source.u32().map(|id| i32::from_le_bytes(id.to_le_bytes()).try_into().ok()),
        10 => source.u64().map(Some),
        _ => skip_value(source, kind, 0).map(|()| None),
    }
}

fn token_list<R: Read + Seek>(source: &mut Source<R>) -> Result<Option<TokenList>, Fault> {
    let kind = source.u32()?;
    let count = source.u64()?;
    let start = source.position();
    skip_items(source, kind, count, 1)?;
    Ok((kind == TYPE_STRING).then_some(TokenList { start, count }))
}

fn token_text<R: Read + Seek>(
    source: &mut Source<R>,
    tokens: Option<TokenList>,
    id: Option<u64>,
) -> Result<Option<String>, Fault> {
    let (Some(tokens), Some(id)) = (tokens, id) else { return Ok(None) };
    if id >= tokens.count {
        return Err(Fault::Format("a token id lies outside the token list"));
    }
    source.go_to(tokens.start)?;
    for _ in 0..id {
        let length = source.u64()?;
        source.skip(length)?;
    }
    source.string(MAX_TOKEN_BYTES).map(Some)
}

fn skip_value<R: Read + Seek>(source: &mut Source<R>, kind: u32, depth: u8) -> Result<(), Fault> {
    match kind {
        TYPE_STRING => {
            let length = source.u64()?;
            source.skip(length)
        }
        TYPE_ARRAY if depth < MAX_DEPTH => {
            let kind = source.u32()?;
            let count = source.u64()?;
            skip_items(source, kind, count, depth + 1)
        }
        TYPE_ARRAY => Err(Fault::Format("arrays are nested too deeply")),
        _ => source.skip(scalar_bytes(kind)?),
    }
}

fn skip_items<R: Read + Seek>(source: &mut Source<R>, kind: u32, count: u64, depth: u8) -> Result<(), Fault> {
    if matches!(kind, TYPE_STRING | TYPE_ARRAY) {
        // Each takes at least eight bytes, so a wrong count meets the end of the file soon.
        return (0..count).try_for_each(|_| skip_value(source, kind, depth));
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

#[cfg(test)]
mod tests;
