//! The list of tensors: what each is called, and what it weighs.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use crate::encoding::Encoding;
use crate::source::{Fault, Source};

/// Mixtures of experts have some ten thousand.
const MAX_TENSORS: u64 = 65_536;
/// llama.cpp allows 64; the list of a hostile file stays small all the same.
const MAX_NAME_BYTES: u64 = 256;
const MAX_DIMENSIONS: u32 = 4;
/// Numbers that any tensor may have; a product of sizes stays far below 2^64 bytes.
const MAX_NUMBERS: u64 = 1 << 48;

/// One tensor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tensor {
    /// Its name, such as `blk.0.attn_k.weight`.
    pub name: String,
    /// Its sizes, the one that lies together first.
    pub sizes: Vec<u64>,
    /// How its numbers are stored.
    pub encoding: Encoding,
    /// What it weighs.
    pub bytes: u64,
}

/// All tensors of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Weights {
    /// In the order of the file.
    pub tensors: Vec<Tensor>,
}

impl Weights {
    /// What all of them weigh, bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.tensors.iter().map(|tensor| tensor.bytes).sum()
    }

    /// What they weigh by how they are stored, heaviest first.
    #[must_use]
    pub fn by_encoding(&self) -> Vec<(Encoding, u64)> {
        let mut sums: BTreeMap<Encoding, u64> = BTreeMap::new();
        for tensor in &self.tensors {
            *sums.entry(tensor.encoding).or_default() += tensor.bytes;
        }
        let mut sums: Vec<_> = sums.into_iter().collect();
        sums.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
        sums
    }

    /// Reads so many entries, and holds the last byte of each tensor against the end of the file.
    pub(crate) fn read<R: Read + Seek>(
        source: &mut Source<R>,
        count: u64,
        alignment: u64,
    ) -> Result<Self, Fault> {
        if count > MAX_TENSORS {
            return Err(Fault::Format("more tensors than any model has"));
        }
        let (mut tensors, mut sum, mut end) = (Vec::new(), 0_u64, 0);
        for _ in 0..count {
            let (tensor, offset) = Tensor::read(source)?;
            // They may lie anywhere, but not on each other: all of them together fit as well.
            sum = sum.saturating_add(tensor.bytes);
            end = offset.saturating_add(tensor.bytes).max(sum).max(end);
            tensors.push(tensor);
        }
        let begin = source.position().checked_next_multiple_of(alignment).ok_or(OUTSIDE)?;
        if !tensors.is_empty() && begin.saturating_add(end) > source.length() {
            return Err(OUTSIDE);
        }
        Ok(Self { tensors })
    }
}

const OUTSIDE: Fault = Fault::Format("the file ends before its weights do");

impl Tensor {
    /// An entry, with the offset of its data from the first of all.
    fn read<R: Read + Seek>(source: &mut Source<R>) -> Result<(Self, u64), Fault> {
        let name = source.string(MAX_NAME_BYTES)?;
        let dimensions = source.u32()?;
        if dimensions > MAX_DIMENSIONS {
            return Err(Fault::Format("a tensor has more than four dimensions"));
        }
        let sizes = (0..dimensions).map(|_| source.u64()).collect::<Result<Vec<u64>, Fault>>()?;
        let encoding =
            Encoding::known(source.u32()?).ok_or(Fault::Format("a tensor is stored in an unknown way"))?;
        let numbers = sizes.iter().try_fold(1_u64, |product, size| product.checked_mul(*size));
        let numbers = numbers
            .filter(|numbers| *numbers <= MAX_NUMBERS && numbers.is_multiple_of(encoding.numbers))
            .ok_or(Fault::Format("a tensor has sizes that cannot be"))?;
        let bytes = numbers / encoding.numbers * encoding.bytes;
        let offset = source.u64()?;
        Ok((Self { name, sizes, encoding, bytes }, offset))
    }
}
