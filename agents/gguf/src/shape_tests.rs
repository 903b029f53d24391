use proptest::prelude::*;

use super::*;
use crate::made::Made;

const MIB: u64 = 1 << 20;

fn shape(made: &Made) -> Shape {
    made.metadata().shape().expect("a whole shape")
}

fn unclear(made: &Made) -> String {
    made.metadata().shape().expect_err("something is missing").to_string()
}

#[test]
fn fewer_kv_heads_keep_less_in_proportion() {
    let kept = |kv_heads| shape(&Made::llama(24, 16, kv_heads, 64)).kv_cache(4096, 2);
    assert_eq!(kept(16), 384 * MIB, "each head has its own");
    assert_eq!(kept(4), 96 * MIB, "four share one");
    assert_eq!(kept(1), 24 * MIB, "all share one");
}

#[test]
fn what_the_header_leaves_out_follows_from_the_rest() {
    let bare = Made::default()
        .string("general.architecture", "llama")
        .number("llama.block_count", 24)
        .number("llama.embedding_length", 1024)
        .number("llama.feed_forward_length", 4096)
        .number("llama.attention.head_count", 16)
        .tokens(&["a", "b"]);
    let found = shape(&bare);
    let layer = Layer { heads: 16, kv_heads: 16, key: 64, value: 64, feed_forward: 4096 };
    assert_eq!(found.layers, vec![layer; 24]);
    assert_eq!((found.vocabulary, found.context, found.window, found.experts), (2, None, None, 0));
}

#[test]
fn keys_and_values_have_lengths_of_their_own() {
    let wide = Made::llama(10, 8, 2, 64)
        .number("llama.attention.key_length", 192)
        .number("llama.attention.value_length", 128);
    assert_eq!(shape(&wide).kv_cache(1000, 2), 10 * 2 * (192 + 128) * 1000 * 2);
}

#[test]
fn layers_may_differ() {
    let made = Made::llama(3, 8, 8, 64);
    let uneven = made.clone().numbers("llama.attention.head_count_kv", &[4, 0, 1]);
    assert_eq!(shape(&uneven).kv_cache(256, 2), (4 + 1) * 128 * 256 * 2);
    let short = made.numbers("llama.attention.head_count_kv", &[4, 1]);
    assert_eq!(unclear(&short), "the header's `attention.head_count_kv` has not one number per layer");
}

#[test]
fn a_window_is_told_and_leaves_the_sum_alone() {
    let made = Made::llama(4, 8, 2, 64);
    let windowed = shape(&made.clone().number("llama.attention.sliding_window", 512));
    assert_eq!(windowed.window, Some(512));
    assert_eq!(windowed.kv_cache(8192, 2), shape(&made).kv_cache(8192, 2));
    assert_eq!(shape(&made.number("llama.attention.sliding_window", 0)).window, None);
}

#[test]
fn what_is_no_plain_attention_is_seen() {
    let made = || Made::llama(4, 8, 2, 64);
    let plain = shape(&made());
    assert!(!plain.keeps_state && !plain.compresses);
    assert!(shape(&made().number("llama.ssm.state_size", 16)).keeps_state);
    assert!(!shape(&made().number("other.ssm.state_size", 16)).keeps_state, "of another architecture");
    assert!(shape(&made().number("llama.attention.kv_lora_rank", 512)).compresses);
    assert_eq!(shape(&made().number("llama.expert_count", 8)).experts, 8);
}

#[test]
fn nothing_is_guessed() {
    assert_eq!(unclear(&Made::default()), "the header's `block_count` is missing");
    let foreign = Made::default().string("general.architecture", "other").number("llama.block_count", 2);
    assert_eq!(unclear(&foreign), "the header's `block_count` is missing");
    let deep = Made::llama(4, 8, 2, 64).number("llama.block_count", 513);
    assert_eq!(unclear(&deep), "the header's `block_count` is larger than any model's");
    let headless = Made::llama(4, 0, 0, 64);
    assert_eq!(unclear(&headless), "the header's `attention.key_length` is missing");
    let many = Made::llama(2, 8, 2, 64).numbers("llama.embedding_length", &[1, 2]);
    assert_eq!(unclear(&many), "the header's `embedding_length` is no single number");
}

proptest! {
    #[test]
    fn any_numbers_give_a_shape_or_a_reason(
        layers in any::<u32>(), heads in any::<u32>(), kv_heads in any::<u32>(), key in any::<u32>(), tokens in 0_u64..1 << 20
    ) {
        let made = Made::default()
            .string("general.architecture", "llama")
            .number("llama.block_count", layers % 1024)
            .number("llama.embedding_length", layers)
            .number("llama.feed_forward_length", 64)
            .number("llama.attention.head_count", heads >> (layers % 32))
            .number("llama.attention.head_count_kv", kv_heads >> (heads % 32))
            .number("llama.attention.key_length", key >> (tokens % 32))
            .tokens(&["a"]);
        if let Ok(shape) = made.metadata().shape() {
            prop_assert!(shape.kv_cache(tokens, 2) <= shape.kv_cache(tokens, 4));
            prop_assert!(shape.layers.len() as u64 <= MAX_LAYERS);
        }
    }
}
