use edgesoak_record::memory::{MemoryPrediction, MemoryUse};

use super::*;

/// A model file: keys of an architecture with their numbers, tensors by name, sizes and encoding.
struct Model<'a> {
    architecture: &'a str,
    numbers: Vec<(&'a str, u32)>,
    tensors: Vec<(&'a str, [u64; 2], u32)>,
}

impl Model<'_> {
    fn bytes(&self) -> Vec<u8> {
        let text = |text: &str| [&(text.len() as u64).to_le_bytes(), text.as_bytes()].concat();
        let mut bytes = [&b"GGUF"[..], &3_u32.to_le_bytes()].concat();
        bytes.extend((self.tensors.len() as u64).to_le_bytes());
        bytes.extend((self.numbers.len() as u64 + 1).to_le_bytes());
        bytes.extend([text("general.architecture"), 8_u32.to_le_bytes().to_vec()].concat());
        bytes.extend(text(self.architecture));
        for (key, number) in &self.numbers {
            bytes.extend(text(&format!("{}.{key}", self.architecture)));
            bytes.extend([4_u32.to_le_bytes(), number.to_le_bytes()].concat());
        }
        let mut offset = 0_u64;
        for (name, sizes, encoding) in &self.tensors {
            bytes.extend([text(name), 2_u32.to_le_bytes().to_vec()].concat());
            bytes.extend(sizes.iter().flat_map(|size| size.to_le_bytes()));
            bytes.extend([&encoding.to_le_bytes()[..], &offset.to_le_bytes()].concat());
            offset += sizes[0] * sizes[1] * 4;
        }
        bytes.resize(bytes.len() + 32 + usize::try_from(offset).expect("a small model"), 0);
        bytes
    }
}

const Q4_0: u32 = 2;
const Q4_1: u32 = 3;
const Q8_0: u32 = 8;

/// 24 layers with heads of 64 numbers.
fn model(kv_heads: u32) -> Model<'static> {
    Model {
        architecture: "llama",
        numbers: vec![
            ("block_count", 24),
            ("embedding_length", 1024),
            ("feed_forward_length", 4096),
            ("attention.head_count", 16),
            ("attention.head_count_kv", kv_heads),
            ("vocab_size", 32_768),
        ],
        tensors: vec![("token_embd.weight", [32, 64], Q4_1), ("output.weight", [32, 64], Q4_1)],
    }
}

fn predicted(model: &Model<'_>, context: u32, processor: Processor) -> Result<MemoryPrediction, String> {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("model.gguf");
    std::fs::write(&path, model.bytes()).expect("room");
    gguf_runner::prediction(&read(&path, "model.gguf")?, context, processor)
}

fn bytes(prediction: &MemoryPrediction, what: MemoryUse) -> Option<u64> {
    prediction.parts.iter().find(|part| part.what == what).map(|part| part.bytes.0)
}

fn refused(model: &Model<'_>) -> String {
    predicted(model, 2048, Processor::X86).expect_err("nobody can say")
}

#[test]
fn the_kv_cache_of_the_worked_example() {
    let kept = |kv_heads| {
        let prediction = predicted(&model(kv_heads), 4096, Processor::X86).expect("a plain model");
        bytes(&prediction, MemoryUse::KvCache)
    };
    assert_eq!([kept(16), kept(4)], [Some(384 << 20), Some(96 << 20)]);
}

#[test]
fn every_part_tells_how_it_is_made() {
    let prediction = predicted(&model(4), 4000, Processor::X86).expect("a plain model");
    let told: Vec<(u64, &str)> =
        prediction.parts.iter().map(|part| (part.bytes.0, part.basis.as_str())).collect();
    let compute = 512 * (36 * 1024 + 5 * 4096 + 4 * 4096) + (3 << 19);
    assert_eq!(
        told,
        [
            (2 * 64 * 20, "mapped from the artifact: Q4_1 0 MiB"),
            (96 << 20, "96 KV heads in 24 layers x (64 + 64) x 4096 tokens x 2 bytes (f16)"),
            (compute, "estimated: 512 tokens at once x (36 x 1024 + 5 x 4096 + 4 x 4096) bytes + 1.5 MiB"),
            ((8 << 20) + 32_768 * 352, "estimated: 8 MiB + 32768 tokens x 352 bytes"),
        ]
    );
    assert_eq!(prediction.total.0, told.iter().map(|(bytes, _)| bytes).sum::<u64>());
}

#[test]
fn weights_that_the_processor_reorders_count_twice() {
    let twice = |encoding, processor, tensors: &[&'static str]| {
        let tensors = tensors.iter().map(|name| (*name, [32, 64], encoding)).collect();
        let prediction = predicted(&Model { tensors, ..model(4) }, 512, processor).expect("a plain model");
        bytes(&prediction, MemoryUse::Repacked)
    };
    let (embedding, output) = ("token_embd.weight", "output.weight");
    assert_eq!(twice(Q4_0, Processor::X86, &["blk.0.attn_k.weight"]), Some(64 * 18));
    assert_eq!(twice(Q4_1, Processor::X86, &["blk.0.attn_k.weight"]), None);
    assert_eq!(twice(Q8_0, Processor::X86, &["blk.0.attn_k.weight"]), None);
    assert_eq!(twice(Q8_0, Processor::Arm, &["blk.0.attn_k.weight"]), Some(64 * 34));
    assert_eq!(twice(Q4_0, Processor::Arm, &[embedding, output]), Some(64 * 18), "it only looks tokens up");
    assert_eq!(twice(Q4_0, Processor::Arm, &[embedding]), Some(64 * 18), "it is multiplied with");
}

#[test]
fn a_window_is_said_to_save_nothing() {
    let mut windowed = model(4);
    windowed.numbers.push(("attention.sliding_window", 512));
    let parts = predicted(&windowed, 4096, Processor::X86).expect("a plain model").parts;
    let cache = parts.iter().find(|part| part.what == MemoryUse::KvCache).expect("a cache");
    assert_eq!(cache.bytes.0, 96 << 20);
    assert!(cache.basis.ends_with("layers that look back on 512 tokens keep all of them"), "{}", cache.basis);
}

#[test]
fn what_cannot_be_predicted_says_why() {
    let with = |key, number| {
        let mut model = model(4);
        model.numbers.push((key, number));
        refused(&model)
    };
    let state = "the architecture \"llama\" keeps a state beside keys and values, or in their place";
    assert_eq!(with("ssm.conv_kernel", 4), state);
    assert_eq!(with("wkv.head_size", 64), state);
    let smaller = "the architecture \"llama\" keeps something smaller in the place of keys and values";
    assert_eq!(with("attention.kv_lora_rank", 512), smaller);
    let experts = "the architecture \"llama\" has experts, and what they take was never measured";
    assert_eq!(with("expert_count", 8), experts);
    let foreign = Model { architecture: "ma\u{1b}mba", ..model(4) };
    assert_eq!(refused(&foreign), "the architecture \"ma\\u{1b}mba\" is not one whose memory is known");
    let bare = Model { numbers: vec![("block_count", 2)], ..model(4) };
    assert_eq!(refused(&bare), "the header's `embedding_length` is missing");
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("described.toml");
    assert_eq!(read(&path, "described.toml"), Err("described.toml is not on this host".to_owned()));
    std::fs::write(&path, "layers = 24").expect("room");
    assert_eq!(
        read(&path, "described.toml"),
        Err("described.toml, byte 4: this is not a GGUF file".to_owned())
    );
    assert_eq!(read(dir.path(), "x"), Err("x, byte 0: this is not a regular file".to_owned()));
}

/// Largest resident set of `gguf-runner` on this model with the whole context used, MiB, as `benchmarks` in the docs
/// has it.
#[test]
fn the_real_model_is_predicted_as_it_was_measured() {
    const MEASURED: [(u32, f64); 3] = [(512, 142.9), (2048, 179.5), (8192, 321.9)];
    let cache = std::env::var_os("EDGESOAK_CACHE").map(PathBuf::from);
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/edgesoak"));
    let path = cache.or(home).unwrap_or_default().join("SmolLM2-135M-Instruct.Q4_1.gguf");
    if !path.exists() {
        eprintln!("skipped: {} is not there; scripts/fetch_model brings it", path.display());
        return;
    }
    let header = read(&path, "SmolLM2").expect("a sound file");
    for (context, measured) in MEASURED {
        let prediction = gguf_runner::prediction(&header, context, Processor::X86).expect("a plain model");
        let ratio = prediction.total.0 as f64 / 1_048_576.0 / measured;
        assert!((1.0..1.05).contains(&ratio), "{context}: {prediction} is {ratio:.3} of {measured} MiB");
    }
}
