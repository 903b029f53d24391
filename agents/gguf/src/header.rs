//! The whole header.

use std::io::{Read, Seek};
use std::path::Path;

use crate::error::GgufError;
use crate::metadata::{Begin, Metadata, opened};
use crate::source::{Fault, Source};
use crate::weights::Weights;

/// Everything in front of the weights.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Header {
    /// The pairs.
    pub metadata: Metadata,
    /// The tensors.
    pub weights: Weights,
}

impl Header {
    /// Reads the header of the model file at `path`.
    ///
    /// # Errors
    /// The file cannot be read, does not follow the format, or ends before its weights do.
    pub fn read(path: &Path) -> Result<Self, GgufError> {
        opened(path, Self::from)
    }

    pub(crate) fn from<R: Read + Seek>(source: &mut Source<R>) -> Result<Self, Fault> {
        let begin = Begin::read(source)?;
        let metadata = Metadata::pairs(source, begin.pairs)?;
        let weights = Weights::read(source, begin.tensors, metadata.alignment()?)?;
        Ok(Self { metadata, weights })
    }
}

impl Metadata {
    /// How the begin of each tensor is rounded up, bytes.
    fn alignment(&self) -> Result<u64, Fault> {
        match self.numbers.get(crate::shape::ALIGNMENT).map(Vec::as_slice) {
            None => Ok(32),
            Some([bytes]) if (1..=1 << 20).contains(bytes) => Ok(*bytes),
            Some(_) => Err(Fault::Format("the alignment cannot be")),
        }
    }
}

#[cfg(test)]
#[path = "header_tests.rs"]
mod tests;
