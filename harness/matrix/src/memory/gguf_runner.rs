//! What `gguf-runner` takes. Its context is llama.cpp's own default but for the length: keys and values of 16 bits, a
//! window that saves nothing, prompts in batches of 512 tokens, weights mapped from the file.

use edgesoak_gguf::{Header, Shape, Tensor};
use edgesoak_record::MemoryPrediction;
use edgesoak_record::memory::{MemoryPart, MemoryUse, mebibytes};
use edgesoak_record::units::Bytes;

use super::architecture;

/// llama.cpp rounds the length of a context up to a multiple of this.
const CELLS: u64 = 256;
/// Bytes of a number in the KV cache: `f16`.
const NUMBER: u64 = 2;
/// Tokens of a prompt that are computed at once.
const BATCH: u64 = 512;
/// Measured on five models; see `benchmarks` in the docs. Bytes per token of a batch and per number of the embedding,
/// of the feed-forward part, and per token of the context.
const PER_EMBEDDING: u64 = 36;
const PER_FEED_FORWARD: u64 = 5;
const PER_CELL: u64 = 4;
const COMPUTE: u64 = 3 << 19;
/// The program with its libraries, and each token of the vocabulary with its merge, measured on the same.
const PROGRAM: u64 = 8 << 20;
const PER_TOKEN: u64 = 352;

/// What decides in which order weights are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Processor {
    /// AVX2.
    X86,
    /// NEON with the dot product.
    Arm,
}

impl Processor {
    /// Encodings that are kept a second time, in an order of the processor's own.
    fn repacks(self) -> &'static [&'static str] {
        match self {
            Self::X86 => &["Q4_0", "Q4_K", "IQ4_NL", "MXFP4"],
            Self::Arm => &["Q4_0", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "MXFP4", "Q8_0", "Q1_0"],
        }
    }
}

/// The most that a session with this context holds; else why nobody can say.
pub(super) fn prediction(
    header: &Header,
    context: u32,
    processor: Processor,
) -> Result<MemoryPrediction, String> {
    let shape = architecture::plain(&header.metadata)?;
    let tokens = u64::from(context).next_multiple_of(CELLS);
    let parts = [
        Some(weights(header)),
        repacked(header, processor),
        Some(kv_cache(&shape, tokens)),
        Some(compute(&shape, tokens)),
        Some(runtime(&shape)),
    ];
    Ok(MemoryPrediction::of(parts.into_iter().flatten().collect()))
}

fn part(what: MemoryUse, bytes: u64, basis: String) -> MemoryPart {
    MemoryPart { what, bytes: Bytes(bytes), basis }
}

fn weights(header: &Header) -> MemoryPart {
    let sums = header.weights.by_encoding();
    let sums = sums.iter().map(|(encoding, bytes)| format!("{} {}", encoding.name, mebibytes(Bytes(*bytes))));
    let basis = format!("mapped from the artifact: {}", sums.collect::<Vec<_>>().join(", "));
    part(MemoryUse::Weights, header.weights.bytes(), basis)
}

fn repacked(header: &Header, processor: Processor) -> Option<MemoryPart> {
    let tensors = &header.weights.tensors;
    // Without an output of its own a model multiplies with its embedding; else it only looks tokens up in it.
    let has_output = tensors.iter().any(|tensor| tensor.name == "output.weight");
    let is_multiplied = |tensor: &&Tensor| {
        tensor.sizes.len() > 1
            && tensor.sizes[1].is_multiple_of(8)
            && !(has_output && tensor.name == "token_embd.weight")
    };
    let kept = |tensor: &&Tensor| processor.repacks().contains(&tensor.encoding.name);
    let twice: Vec<&Tensor> = tensors.iter().filter(is_multiplied).filter(kept).collect();
    let bytes: u64 = twice.iter().map(|tensor| tensor.bytes).sum();
    let mut names: Vec<&str> = twice.iter().map(|tensor| tensor.encoding.name).collect();
    names.sort_unstable();
    names.dedup();
    (bytes > 0).then(|| {
        let basis = format!("kept once more in the processor's own order: {}", names.join(", "));
        part(MemoryUse::Repacked, bytes, basis)
    })
}

fn kv_cache(shape: &Shape, tokens: u64) -> MemoryPart {
    let bytes = shape.kv_cache(tokens, NUMBER);
    let layers = shape.layers.len();
    let heads: u64 = shape.layers.iter().map(|layer| layer.kv_heads).sum();
    let (key, value) = shape.layers.first().map_or((0, 0), |layer| (layer.key, layer.value));
    let mut basis = format!(
        "{heads} KV heads in {layers} layers x ({key} + {value}) x {tokens} tokens x {NUMBER} bytes (f16)"
    );
    if let Some(window) = shape.window {
        basis = format!("{basis}; layers that look back on {window} tokens keep all of them");
    }
    part(MemoryUse::KvCache, bytes, basis)
}

fn compute(shape: &Shape, tokens: u64) -> MemoryPart {
    let (batch, embedding) = (BATCH.min(tokens), shape.embedding);
    let widest = shape.layers.iter().map(|layer| layer.feed_forward).max().unwrap_or(0);
    let token = PER_EMBEDDING * embedding + PER_FEED_FORWARD * widest + PER_CELL * tokens;
    let basis = format!(
        "estimated: {batch} tokens at once x ({PER_EMBEDDING} x {embedding} + {PER_FEED_FORWARD} x {widest} + {PER_CELL} x {tokens}) bytes + 1.5 MiB"
    );
    part(MemoryUse::Compute, batch * token + COMPUTE, basis)
}

fn runtime(shape: &Shape) -> MemoryPart {
    let vocabulary = shape.vocabulary;
    let basis = format!("estimated: {} + {vocabulary} tokens x {PER_TOKEN} bytes", mebibytes(Bytes(PROGRAM)));
    part(MemoryUse::Runtime, PROGRAM + vocabulary.saturating_mul(PER_TOKEN), basis)
}
