//! Model files in the making: header, pairs, tensors, and room for weights.

use std::io::Cursor;

use crate::header::Header;
use crate::metadata::{Begin, Metadata};
use crate::source::{Fault, Source};
use crate::value::{TYPE_ARRAY, TYPE_STRING};

#[derive(Debug, Clone, Default)]
pub(crate) struct Made {
    pub pairs: Vec<u8>,
    pub pair_count: u64,
    pub tensors: Vec<u8>,
    pub tensor_count: u64,
    pub weights: usize,
}

pub(crate) fn text(value: &str) -> Vec<u8> {
    [&(value.len() as u64).to_le_bytes(), value.as_bytes()].concat()
}

impl Made {
    pub fn pair(mut self, key: &str, kind: u32, value: &[u8]) -> Self {
        self.pairs.extend([&text(key)[..], &kind.to_le_bytes(), value].concat());
        self.pair_count += 1;
        self
    }

    pub fn string(self, key: &str, value: &str) -> Self {
        self.pair(key, TYPE_STRING, &text(value))
    }

    pub fn number(self, key: &str, value: u32) -> Self {
        self.pair(key, 4, &value.to_le_bytes())
    }

    pub fn numbers(self, key: &str, values: &[u32]) -> Self {
        let items: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.array(key, 4, values.len() as u64, &items)
    }

    pub fn array(self, key: &str, kind: u32, count: u64, items: &[u8]) -> Self {
        self.pair(key, TYPE_ARRAY, &[&kind.to_le_bytes()[..], &count.to_le_bytes(), items].concat())
    }

    pub fn tokens(self, tokens: &[&str]) -> Self {
        let items: Vec<u8> = tokens.iter().flat_map(|token| text(token)).collect();
        self.array("tokenizer.ggml.tokens", TYPE_STRING, tokens.len() as u64, &items)
    }

    /// A tensor whose data begins at an offset.
    pub fn tensor(mut self, name: &str, sizes: &[u64], encoding: u32, offset: u64) -> Self {
        self.tensors.extend(text(name));
        self.tensors.extend((u32::try_from(sizes.len()).expect("few sizes")).to_le_bytes());
        self.tensors.extend(sizes.iter().flat_map(|size| size.to_le_bytes()));
        self.tensors.extend([&encoding.to_le_bytes()[..], &offset.to_le_bytes()].concat());
        self.tensor_count += 1;
        self
    }

    /// A model of the family whose every layer keeps keys and values.
    pub fn llama(layers: u32, heads: u32, kv_heads: u32, head: u32) -> Self {
        Self::default()
            .string("general.architecture", "llama")
            .number("llama.block_count", layers)
            .number("llama.embedding_length", heads * head)
            .number("llama.feed_forward_length", 2048)
            .number("llama.attention.head_count", heads)
            .number("llama.attention.head_count_kv", kv_heads)
            .number("llama.vocab_size", 32_000)
    }

    pub fn bytes(&self, version: u32) -> Vec<u8> {
        let head = [&b"GGUF"[..], &version.to_le_bytes()].concat();
        let counts = [self.tensor_count.to_le_bytes(), self.pair_count.to_le_bytes()].concat();
        let mut bytes = [&head[..], &counts, &self.pairs, &self.tensors].concat();
        if self.weights > 0 {
            bytes.resize(bytes.len().next_multiple_of(32) + self.weights, 0);
        }
        bytes
    }

    pub fn metadata(&self) -> Metadata {
        metadata(&self.bytes(3)).expect("a sound file")
    }
}

pub(crate) fn metadata(bytes: &[u8]) -> Result<Metadata, Fault> {
    let mut source = Source::new(Cursor::new(bytes), bytes.len() as u64);
    let begin = Begin::read(&mut source)?;
    Metadata::pairs(&mut source, begin.pairs)
}

pub(crate) fn header(bytes: &[u8]) -> Result<Header, Fault> {
    Header::from(&mut Source::new(Cursor::new(bytes), bytes.len() as u64))
}

/// What is wrong with a format.
pub(crate) fn fault<T: std::fmt::Debug>(read: Result<T, Fault>) -> &'static str {
    match read {
        Err(Fault::Format(fault)) => fault,
        other => panic!("expected a fault of the format, got {other:?}"),
    }
}
