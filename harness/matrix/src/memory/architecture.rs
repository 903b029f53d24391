//! Architectures whose memory follows from a few numbers of their headers.

use edgesoak_gguf::{Metadata, Shape};

/// Decoders whose every layer keeps keys and values of every token and nothing else, as llama.cpp builds them.
const PLAIN: &[&str] = &[
    "apertus",
    "arcee",
    "baichuan",
    "bloom",
    "codeshell",
    "cohere2",
    "command-r",
    "exaone",
    "exaone4",
    "falcon",
    "gemma",
    "gemma2",
    "gemma3",
    "glm4",
    "gpt2",
    "gptneox",
    "granite",
    "internlm2",
    "jais",
    "llama",
    "minicpm",
    "mpt",
    "nemotron",
    "olmo",
    "olmo2",
    "orion",
    "phi2",
    "phi3",
    "qwen2",
    "qwen3",
    "seed_oss",
    "smollm3",
    "stablelm",
    "starcoder",
    "starcoder2",
    "xverse",
];

/// The shape of a model whose memory can be predicted; else why it cannot.
pub(super) fn plain(metadata: &Metadata) -> Result<Shape, String> {
    let Some(name) = metadata.architecture.as_deref() else {
        return Err("the header does not name an architecture".to_owned());
    };
    let shape = metadata.shape();
    let of = |why: &str| Err(format!("the architecture {name:?} {why}"));
    match &shape {
        Ok(shape) if shape.keeps_state => of("keeps a state beside keys and values, or in their place"),
        Ok(shape) if shape.compresses => of("keeps something smaller in the place of keys and values"),
        Ok(shape) if shape.experts > 0 => of("has experts, and what they take was never measured"),
        _ if !PLAIN.contains(&name) => of("is not one whose memory is known"),
        _ => shape.map_err(|unclear| unclear.to_string()),
    }
}
