use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::made::{Made, fault, header};

/// Tensors of `Q4_1`, F32 and F16, 640, 128 and 64 bytes.
fn full() -> Made {
    Made {
        weights: 832,
        ..Made::llama(1, 4, 2, 64)
            .tokens(&["a", "b"])
            .tensor("token_embd.weight", &[64, 16], 3, 0)
            .tensor("output_norm.weight", &[32], 0, 640)
            .tensor("blk.0.attn_k.weight", &[16, 2], 1, 768)
    }
}

#[test]
fn tensors_are_weighed_by_how_they_are_stored() {
    let found = header(&full().bytes(3)).expect("a sound file");
    assert_eq!(found.weights.bytes(), 832);
    let sums: Vec<_> = found.weights.by_encoding().into_iter().map(|(e, bytes)| (e.name, bytes)).collect();
    assert_eq!(sums, [("Q4_1", 640), ("F32", 128), ("F16", 64)]);
    assert_eq!(found.weights.tensors[2].sizes, [16, 2]);
    assert_eq!(found.metadata.vocabulary, Some(2));
}

#[test]
fn a_file_that_was_cut_is_refused_wherever_it_was() {
    let bytes = full().bytes(3);
    for length in 0..bytes.len() {
        assert!(header(&bytes[..length]).is_err(), "cut at {length}");
    }
    assert_eq!(fault(header(&bytes[..bytes.len() - 1])), "the file ends before its weights do");
}

#[test]
fn lying_tensors_cost_nothing() {
    let lie = |made: Made| fault(header(&made.bytes(3)));
    assert_eq!(lie(Made { tensor_count: 1 << 40, ..Made::default() }), "more tensors than any model has");
    assert_eq!(lie(Made { tensor_count: 3, ..Made::default() }), "the file ends inside a value");
    let sized = |sizes: &[u64], encoding| lie(Made::default().tensor("a", sizes, encoding, 0));
    assert_eq!(sized(&[u64::MAX, u64::MAX], 0), "a tensor has sizes that cannot be");
    assert_eq!(sized(&[1 << 60], 0), "a tensor has sizes that cannot be");
    assert_eq!(sized(&[33], 2), "a tensor has sizes that cannot be");
    assert_eq!(sized(&[1; 5], 0), "a tensor has more than four dimensions");
    assert_eq!(sized(&[32], 4), "a tensor is stored in an unknown way");
    assert_eq!(sized(&[1 << 40], 0), "the file ends before its weights do");
    let twice = Made { weights: 100, ..Made::default() };
    let twice = twice.tensor("a", &[16], 0, 0).tensor("b", &[16], 0, 0);
    assert_eq!(lie(twice), "the file ends before its weights do", "two in one place");
    let far = Made::default().tensor("a", &[1], 0, u64::MAX);
    assert_eq!(lie(far), "the file ends before its weights do");
    let crooked = Made::default().number("general.alignment", 0);
    assert_eq!(lie(crooked), "the alignment cannot be");
}

#[test]
fn the_alignment_of_the_file_counts() {
    let aligned = |bytes: u32| {
        let made = Made { weights: 64, ..Made::default() };
        header(&made.number("general.alignment", bytes).tensor("a", &[16], 0, 0).bytes(3))
    };
    assert!(aligned(32).is_ok());
    assert_eq!(fault(aligned(4096)), "the file ends before its weights do");
}

#[test]
fn the_header_of_a_real_model_is_read() {
    let cache = std::env::var_os("EDGESOAK_CACHE").map(PathBuf::from);
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/edgesoak"));
    let path = cache.or(home).unwrap_or_default().join("SmolLM2-135M-Instruct.Q4_1.gguf");
    if !path.exists() {
        eprintln!("skipped: {} is not there; scripts/fetch_model brings it", path.display());
        return;
    }
    let found = Header::read(&path).expect("a sound file");
    let shape = found.metadata.shape().expect("a whole shape");
    let layer = crate::shape::Layer { heads: 9, kv_heads: 3, key: 64, value: 64, feed_forward: 1536 };
    assert_eq!(shape.layers, vec![layer; 30]);
    assert_eq!((shape.embedding, shape.vocabulary, shape.context), (576, 49_152, Some(8192)));
    assert_eq!(shape.kv_cache(2048, 2), 45 << 20);
    let told = std::fs::metadata(&path).expect("a file").len();
    assert!(found.weights.bytes() < told && found.weights.bytes() > told / 10 * 9);
    assert_eq!(found.weights.by_encoding()[0].0.name, "Q4_1");
}

proptest! {
    #[test]
    fn arbitrary_bytes_end_in_a_header_or_a_fault(tail in prop::collection::vec(any::<u8>(), 0..256), pairs in 0_u64..3, tensors in 0_u64..3) {
        let mut bytes = [&b"GGUF"[..], &3_u32.to_le_bytes(), &tensors.to_le_bytes(), &pairs.to_le_bytes()].concat();
        bytes.extend(tail);
        let _ = header(&bytes);
    }

    #[test]
    fn flipped_bytes_never_panic_and_never_weigh_more_than_the_file(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = full().bytes(3);
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Ok(found) = header(&bytes) {
            prop_assert!(found.weights.bytes() <= bytes.len() as u64);
            if let Ok(shape) = found.metadata.shape() {
                let _ = shape.kv_cache(1 << 20, 2);
            }
        }
    }
}
