use proptest::prelude::*;

use super::*;
use crate::made::{Made, fault, metadata};
use crate::value::TYPE_ARRAY;

fn fault_of(bytes: &[u8]) -> &'static str {
    fault(metadata(bytes))
}

fn full() -> Made {
    // The ids stand before and after the list they point into.
    Made::default()
        .pair("tokenizer.ggml.eos_token_id", 4, &2_u32.to_le_bytes())
        .pair("general.file_type", 7, &[1])
        .pair("numbers", TYPE_ARRAY, &[&12_u32.to_le_bytes()[..], &2_u64.to_le_bytes(), &[0; 16]].concat())
        .tokens(&["<unk>", "<s>", "</s>"])
        .string("tokenizer.chat_template", "{{ messages }}")
        .pair("tokenizer.ggml.bos_token_id", 10, &1_u64.to_le_bytes())
}

#[test]
fn template_and_tokens_are_found_in_any_order() {
    let expected = Chat {
        template: Some("{{ messages }}".to_owned()),
        bos_token: Some("<s>".to_owned()),
        eos_token: Some("</s>".to_owned()),
    };
    for version in [2, 3] {
        assert_eq!(metadata(&full().bytes(version)).expect("a sound file").chat, expected);
    }
}

#[test]
fn a_model_without_chat_is_not_an_error() {
    let found = Made::default().string("general.name", "tiny").metadata().chat;
    assert_eq!(found, Chat::default());
}

#[test]
fn foreign_and_future_files_are_named_as_such() {
    assert_eq!(fault_of(b"PK\x03\x04 and so on"), "this is not a GGUF file");
    assert_eq!(fault_of(b"GG"), "the file ends inside a value");
    for version in [1, 4, 3_u32.swap_bytes()] {
        assert_eq!(fault_of(&full().bytes(version)), "only versions 2 and 3, little endian, are known");
    }
}

#[test]
fn lying_counts_cost_nothing() {
    let mut pairs = full().bytes(3);
    pairs[16..24].copy_from_slice(&u64::MAX.to_le_bytes());
    assert_eq!(fault_of(&pairs), "more metadata pairs than any model has");
    let long = Made::default().pair("k", TYPE_STRING, &u64::MAX.to_le_bytes());
    assert_eq!(fault_of(&long.bytes(3)), "the file ends inside a value");
    let template = Made::default().pair("tokenizer.chat_template", TYPE_STRING, &(1_u64 << 40).to_le_bytes());
    assert_eq!(fault_of(&template.bytes(3)), "a string is longer than its key allows");
    let array = [&12_u32.to_le_bytes()[..], &u64::MAX.to_le_bytes()].concat();
    assert_eq!(
        fault_of(&Made::default().pair("k", TYPE_ARRAY, &array).bytes(3)),
        "an array is larger than the file"
    );
    let strings = [&TYPE_STRING.to_le_bytes()[..], &u64::MAX.to_le_bytes()].concat();
    assert_eq!(
        fault_of(&Made::default().pair("k", TYPE_ARRAY, &strings).bytes(3)),
        "the file ends inside a value"
    );
    let nested: Vec<u8> = [&TYPE_ARRAY.to_le_bytes()[..], &1_u64.to_le_bytes()].concat().repeat(9);
    assert_eq!(
        fault_of(&Made::default().pair("k", TYPE_ARRAY, &nested).bytes(3)),
        "arrays are nested too deeply"
    );
    assert_eq!(fault_of(&Made::default().pair("k", 13, &[]).bytes(3)), "a value has an unknown type");
}

#[test]
fn a_token_id_outside_the_list_is_refused() {
    let model = Made::default().tokens(&["a"]).pair("tokenizer.ggml.bos_token_id", 4, &1_u32.to_le_bytes());
    assert_eq!(fault_of(&model.bytes(3)), "a token id lies outside the token list");
    let negative =
        Made::default().tokens(&["a"]).pair("tokenizer.ggml.bos_token_id", 5, &(-1_i32).to_le_bytes());
    assert_eq!(negative.metadata().chat.bos_token, None);
}

#[test]
fn every_truncation_is_refused() {
    let bytes = full().bytes(3);
    for length in 0..bytes.len() {
        assert!(metadata(&bytes[..length]).is_err(), "cut at {length}");
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_end_in_a_value_or_a_fault(tail in prop::collection::vec(any::<u8>(), 0..256), pairs in 0_u64..4) {
        let mut bytes = [&MAGIC[..], &3_u32.to_le_bytes(), &0_u64.to_le_bytes(), &pairs.to_le_bytes()].concat();
        bytes.extend(tail);
        let _ = metadata(&bytes);
    }

    #[test]
    fn a_flipped_byte_never_panics(at in any::<prop::sample::Index>(), value in any::<u8>()) {
        let mut bytes = full().bytes(3);
        let at = at.index(bytes.len());
        bytes[at] = value;
        if let Ok(found) = metadata(&bytes) {
            prop_assert!(found.chat.template.is_none_or(|template| template.len() <= bytes.len()));
        }
    }
}

#[test]
fn numbers_of_a_shape_are_kept_and_bounded() {
    let mut model = Made::llama(2, 4, 2, 64);
    assert_eq!(model.metadata().numbers["llama.attention.head_count_kv"], [2]);
    for index in 0..MAX_NUMBERS {
        model = model.number(&format!("a{index}.block_count"), 1);
    }
    assert_eq!(fault_of(&model.bytes(3)), "more numbers about its shape than any model has");
    let long = Made::default().numbers("a.attention.head_count", &[1; 600]);
    assert!(long.metadata().numbers.is_empty(), "more layers than any model has");
}
