//! The pairs of a header, as far as anybody here asks for them.

use std::collections::BTreeMap;
use std::io::{Read, Seek};
use std::path::Path;

use crate::chat::{Chat, ChatPairs};
use crate::error::GgufError;
use crate::shape::{MAX_LAYERS, is_of_shape};
use crate::source::{Fault, Source};
use crate::value::{TYPE_STRING, skip, wholes};

const MAGIC: [u8; 4] = *b"GGUF";
const MAX_PAIRS: u64 = 65_536;
/// The specification's own bound.
const MAX_KEY_BYTES: u64 = 65_535;
const MAX_NAME_BYTES: u64 = 64;
/// A model has a dozen; many architectures in one file are nobody's.
const MAX_NUMBERS: usize = 256;

/// What the metadata pairs of a model file say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Metadata {
    /// How the model is talked to.
    pub chat: Chat,
    /// `general.architecture`, such as `llama`.
    pub architecture: Option<String>,
    /// Number of tokens in its vocabulary, if it has a list of them.
    pub vocabulary: Option<u64>,
    /// Whole numbers of its shape, by key: one, or one per layer.
    pub(crate) numbers: BTreeMap<String, Vec<u64>>,
}

impl Metadata {
    /// Reads the metadata of the model file at `path`.
    ///
    /// # Errors
    /// The file cannot be read, or does not follow the format up to the end of its pairs.
    pub fn read(path: &Path) -> Result<Self, GgufError> {
        opened(path, |source| {
            let begin = Begin::read(source)?;
            Self::pairs(source, begin.pairs)
        })
    }

    /// Reads so many pairs; the source is left behind the last.
    pub(crate) fn pairs<R: Read + Seek>(source: &mut Source<R>, pairs: u64) -> Result<Self, Fault> {
        let mut found = Self::default();
        let mut chat = ChatPairs::default();
        for _ in 0..pairs {
            let key = source.string(MAX_KEY_BYTES)?;
            let kind = source.u32()?;
            if chat.take(source, &key, kind)? {
                continue;
            }
            if key == "general.architecture" && kind == TYPE_STRING {
                found.architecture = Some(source.string(MAX_NAME_BYTES)?);
            } else if is_of_shape(&key) {
                found.keep(source, key, kind)?;
            } else {
                skip(source, kind, 0)?;
            }
        }
        found.vocabulary = chat.vocabulary();
        found.chat = chat.finish(source)?;
        Ok(found)
    }

    fn keep<R: Read + Seek>(&mut self, source: &mut Source<R>, key: String, kind: u32) -> Result<(), Fault> {
        if self.numbers.len() == MAX_NUMBERS {
            return Err(Fault::Format("more numbers about its shape than any model has"));
        }
        if let Some(numbers) = wholes(source, kind, MAX_LAYERS)? {
            self.numbers.insert(key, numbers);
        }
        Ok(())
    }
}

/// What stands before the first pair.
pub(crate) struct Begin {
    pub tensors: u64,
    pub pairs: u64,
}

impl Begin {
    pub fn read<R: Read + Seek>(source: &mut Source<R>) -> Result<Self, Fault> {
        if source.array::<4>()? != MAGIC {
            return Err(Fault::Format("this is not a GGUF file"));
        }
        if !matches!(source.u32()?, 2 | 3) {
            return Err(Fault::Format("only versions 2 and 3, little endian, are known"));
        }
        let (tensors, pairs) = (source.u64()?, source.u64()?);
        if pairs > MAX_PAIRS {
            return Err(Fault::Format("more metadata pairs than any model has"));
        }
        Ok(Self { tensors, pairs })
    }
}

/// Opens the file at `path` for `read`, and says where it stopped.
pub(crate) fn opened<T>(
    path: &Path,
    read: impl FnOnce(&mut Source<std::fs::File>) -> Result<T, Fault>,
) -> Result<T, GgufError> {
    let io = |error| GgufError::of(path, 0, Fault::Io(error));
    // Opening a pipe would wait for somebody to write into it.
    if !std::fs::metadata(path).map_err(io)?.is_file() {
        return Err(GgufError::of(path, 0, Fault::Format("this is not a regular file")));
    }
    let file = std::fs::File::open(path).map_err(io)?;
    let length = file.metadata().map_err(io)?.len();
    let mut source = Source::new(file, length);
    read(&mut source).map_err(|fault| GgufError::of(path, source.position(), fault))
}

#[cfg(test)]
#[path = "metadata_tests.rs"]
mod tests;
