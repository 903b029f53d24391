//! What a model file says about its conversations.

use std::io::{Read, Seek};

use crate::source::{Fault, Source};
use crate::value::{TYPE_ARRAY, TYPE_STRING, skip_items, whole};

const MAX_TEMPLATE_BYTES: u64 = 16 * 1024 * 1024;
const MAX_TOKEN_BYTES: u64 = 4096;

/// What a model file says about its conversations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chat {
    /// `tokenizer.chat_template`.
    pub template: Option<String>,
    /// Text of the token that `tokenizer.ggml.bos_token_id` names.
    pub bos_token: Option<String>,
    /// Text of the token that `tokenizer.ggml.eos_token_id` names.
    pub eos_token: Option<String>,
}

/// What was read of it so far: ids may stand before the list they point into.
#[derive(Debug, Default)]
pub(crate) struct ChatPairs {
    template: Option<String>,
    bos: Option<u64>,
    eos: Option<u64>,
    tokens: Option<TokenList>,
}

/// Where the token list lies, so that two of its entries can be fetched once their ids are known.
#[derive(Debug, Clone, Copy)]
struct TokenList {
    start: u64,
    count: u64,
}

impl ChatPairs {
    /// Reads the value of a pair that belongs here; `false` leaves it unread.
    pub fn take<R: Read + Seek>(
        &mut self,
        source: &mut Source<R>,
        key: &str,
        kind: u32,
    ) -> Result<bool, Fault> {
        match (key, kind) {
            ("tokenizer.chat_template", TYPE_STRING) => {
                self.template = Some(source.string(MAX_TEMPLATE_BYTES)?);
            }
            ("tokenizer.ggml.bos_token_id", _) => self.bos = whole(source, kind)?,
            ("tokenizer.ggml.eos_token_id", _) => self.eos = whole(source, kind)?,
            ("tokenizer.ggml.tokens", TYPE_ARRAY) => self.tokens = token_list(source)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Number of tokens in the list, if there is one.
    pub fn vocabulary(&self) -> Option<u64> {
        self.tokens.map(|tokens| tokens.count)
    }

    /// With the texts of the tokens; the source is left behind the last pair.
    pub fn finish<R: Read + Seek>(self, source: &mut Source<R>) -> Result<Chat, Fault> {
        let end = source.position();
        let bos_token = token_text(source, self.tokens, self.bos)?;
        let eos_token = token_text(source, self.tokens, self.eos)?;
        source.go_to(end)?;
        Ok(Chat { template: self.template, bos_token, eos_token })
    }
}

fn token_list<R: Read + Seek>(source: &mut Source<R>) -> Result<Option<TokenList>, Fault> {
    let (kind, count) = (source.u32()?, source.u64()?);
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
