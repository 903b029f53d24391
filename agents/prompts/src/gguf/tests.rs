use std::io::Cursor;

use proptest::prelude::*;

use super::*;

/// A model file in the making: header and metadata pairs, no tensor.
#[derive(Default)]
struct Model {
    pairs: Vec<u8>,
    count: u64,
}

fn text(value: &str) -> Vec<u8> {
    [&(value.len() as u64).to_le_bytes(), value.as_bytes()].concat()
}

impl Model {
    fn pair(mut self, key: &str, kind: u32, value: &[u8]) -> Self {
        self.pairs.extend([&text(key)[..], &kind.to_le_bytes(), value].concat());
        self.count += 1;
        self
    }

    fn string(self, key: &str, value: &str) -> Self {
        self.pair(key, TYPE_STRING, &text(value))
    }

    fn tokens(self, tokens: &[&str]) -> Self {
        let items: Vec<u8> = tokens.iter().flat_map(|token| text(token)).collect();
        let value = [&TYPE_STRING.to_le_bytes()[..], &(tokens.len() as u64).to_le_bytes(), &items].concat();
        self.pair("tokenizer.ggml.tokens", TYPE_ARRAY, &value)
    }

    fn bytes(&self, version: u32) -> Vec<u8> {
        [&MAGIC[..], &version.to_le_bytes(), &7_u64.to_le_bytes(), &self.count.to_le_bytes(), &self.pairs]
            .concat()
    }
}

fn parse(bytes: &[u8]) -> Result<ChatMetadata, Fault> {
    read(&mut Source::new(Cursor::new(bytes), bytes.len() as u64))
}

fn fault(bytes: &[u8]) -> &'static str {
    match parse(bytes) {
        Err(Fault::Format(fault)) => fault,
        other => panic!("expected a fault of the format, got {other:?}"),
    }
}

fn full() -> Model {
    // The ids stand before and after the list they point into.
    Model::default()
        .pair("tokenizer.ggml.eos_token_id", 4, &2_u32.to_le_bytes())
        .pair("general.file_type", 7, &[1])
        .pair("numbers", TYPE_ARRAY, &[&12_u32.to_le_bytes()[..], &2_u64.to_le_bytes(), &[0; 16]].concat())
        .tokens(&["<unk>", "<s>", "</s>"])
        .string("tokenizer.chat_template", "{{ messages }}")
        .pair("tokenizer.ggml.bos_token_id", 10, &1_u64.to_le_bytes())
}

#[test]
fn template_and_tokens_are_found_in_any_order() {
    let expected = ChatMetadata {
        template: Some("{{ messages }}".to_owned()),
        bos_token: Some("<s>".to_owned()),
        eos_token: Some("</s>".to_owned()),
    };
    for version in [2, 3] {
        assert_eq!(parse(&full().bytes(version)).expect("a sound file"), expected);
    }
}

#[test]
fn a_model_without_chat_is_not_an_error() {
    let found = parse(&Model::default().string("general.name", "tiny").bytes(3)).expect("a sound file");
    assert_eq!(found, ChatMetadata::default());
}

#[test]
fn foreign_and_future_files_are_named_as_such() {
    assert_eq!(fault(b"PK\x03\x04 and so on"), "this is not a GGUF file");
    assert_eq!(fault(b"GG"), "the file ends inside a value");
    for version in [1, 4, 3_u32.swap_bytes()] {
        assert_eq!(fault(&full().bytes(version)), "only versions 2 and 3, little endian, are known");
    }
}

#[test]
fn lying_counts_cost_nothing() {
    let mut pairs = full().bytes(3);
    pairs[16..24].copy_from_slice(&u64::MAX.to_le_bytes());
    assert_eq!(fault(&pairs), "more metadata pairs than any model has");
    let long = Model::default().pair("k", TYPE_STRING, &u64::MAX.to_le_bytes());
    assert_eq!(fault(&long.bytes(3)), "the file ends inside a value");
    let template =
        Model::default().pair("tokenizer.chat_template", TYPE_STRING, &(1_u64 << 40).to_le_bytes());
    assert_eq!(fault(&template.bytes(3)), "a string is longer than its key allows");
    let array = [&12_u32.to_le_bytes()[..], &u64::MAX.to_le_bytes()].concat();
    assert_eq!(
        fault(&Model::default().pair("k", TYPE_ARRAY, &array).bytes(3)),
        "an array is larger than the file"
    );
    let strings = [&TYPE_STRING.to_le_bytes()[..], &u64::MAX.to_le_bytes()].concat();
    assert_eq!(
        fault(&Model::default().pair("k", TYPE_ARRAY, &strings).bytes(3)),
        "the file ends inside a value"
    );
    let nested: Vec<u8> = [&TYPE_ARRAY.to_le_bytes()[..], &1_u64.to_le_bytes()].concat().repeat(9);
    assert_eq!(
        fault(&Model::default().pair("k", TYPE_ARRAY, &nested).bytes(3)),
        "arrays are nested too deeply"
    );
    assert_eq!(fault(&Model::default().pair("k", 13, &[]).bytes(3)), "a value has an unknown type");
}

#[test]
fn a_token_id_outside_the_list_is_refused() {
    let model = Model::default().tokens(&["a"]).pair("tokenizer.ggml.bos_token_id", 4, &1_u32.to_le_bytes());
    assert_eq!(fault(&model.bytes(3)), "a token id lies outside the token list");
    let negative =
        Model::default().tokens(&["a"]).pair("tokenizer.ggml.bos_token_id", 5, &(-1_i32).to_le_bytes());
    assert_eq!(parse(&negative.bytes(3)).expect("minus one means none").bos_token, None);
}

#[test]
fn every_truncation_is_refused() {
    let bytes = full().bytes(3);
    for length in 0..bytes.len() {
        assert!(parse(&bytes[..length]).is_err(), "cut at {length}");
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_end_in_a_value_or_a_fault(tail in prop::collection::vec(any::<u8>(), 0..256), pairs in 0_u64..4) {
        let mut bytes = [&MAGIC[..], &3_u32.to_le_bytes(), &0_u64.to_le_bytes(), &pairs.to_le_bytes()].concat();
        bytes.extend(tail);
        let _ = parse(&bytes);
    }

    #[test]
    fn a_flipped_byte_never_panics(at in any::<prop::sample::Index>(), value in any::<u8>()) {
        let mut bytes = full().bytes(3);
        let at = at.index(bytes.len());
        bytes[at] = value;
        if let Ok(found) = parse(&bytes) {
            prop_assert!(found.template.is_none_or(|template| template.len() <= bytes.len()));
        }
    }
}
