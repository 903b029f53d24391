use std::path::Path;

use super::{DescribedModel, tokens};

const TEXT: &str = "edgesoak-described-model = 1\nname = \"small\"\nweights_bytes = 1_000\nkv_bytes_per_token = 10\nflop_per_token = 2e6\nresident_bytes = 5\n";

fn refusal(text: &str) -> String {
    DescribedModel::parse("m.toml", text).expect_err("no model").to_string()
}

#[test]
fn a_wrong_description_says_what_is_wrong_and_where() {
    assert!(DescribedModel::parse("m.toml", TEXT).is_ok());
    for (from, to, words) in [
        ("weights_bytes", "weight_bytes", "line 3: unknown field `weight_bytes`"),
        ("weights_bytes", "weight_bytes", "(is it weights_bytes?)"),
        ("model = 1", "model = 2", "its version is 2, known is 1"),
        ("2e6", "nan", "flop_per_token is NaN"),
        ("1_000", "-1", "line 3"),
        ("1_000", "9_000_000_000_000", "weights_bytes is 9000000000000"),
        ("\"small\"", "\"\"", "its name"),
        ("name = \"small\"\n", "", "missing field `name`"),
    ] {
        let problem = refusal(&TEXT.replace(from, to));
        assert!(problem.contains(words), "{to}: {problem}");
    }
}

#[test]
fn a_model_file_is_refused_with_the_way_out() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("model");
    std::fs::write(&path, [b"GGUF\x03\0\0\0".to_vec(), vec![0; 100_000]].concat()).expect("room");
    let problem = DescribedModel::read(&path).expect_err("a real model").to_string();
    assert!(problem.contains("GGUF") && problem.contains("agents/virtual-phone/models"), "{problem}");
    std::fs::write(&path, "#".repeat(70_000)).expect("room");
    assert!(DescribedModel::read(&path).expect_err("long").to_string().contains("at most 65536 bytes"));
    std::fs::write(&path, [0xff, 0xfe]).expect("room");
    assert!(DescribedModel::read(&path).expect_err("no text").to_string().contains("it is no text"));
}

#[test]
fn the_models_that_come_with_the_product_are_described_as_their_comments_work_out() {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    // Layers, width, width of keys and values, width between, vocabulary.
    for (name, [layers, width, kv, between, vocabulary]) in [
        ("dense-350m-q4", [32, 960, 320, 2_560, 49_152]),
        ("dense-1b-q4", [16, 2_048, 512, 8_192, 128_256]),
        ("dense-3b-q4", [28, 3_072, 1_024, 8_192, 128_256_u64]),
    ] {
        let model = DescribedModel::read(&models.join(format!("{name}.toml"))).expect("described");
        let matrices = layers * (2 * width * width + 2 * width * kv + 3 * width * between);
        let embedding = vocabulary * width;
        let norms = (2 * layers + 1) * width;
        assert_eq!(model.name, name);
        assert_eq!(model.weights_bytes, matrices * 9 / 16 + embedding * 17 / 16 + norms * 4, "{name}");
        assert_eq!(model.kv_bytes_per_token, layers * 2 * kv * 2, "{name}");
        let weights = (matrices + embedding + norms) as f64;
        assert!((model.flop_per_token / (2.0 * weights) - 1.0).abs() < 1e-3, "{name}: {weights} weights");
        assert_eq!(model.resident_bytes, 512 * vocabulary * 4 + 40_000_000, "{name}");
        assert!(model.chat_template.is_some(), "{name}");
    }
}

#[test]
fn four_bytes_are_a_token() {
    assert_eq!([0, 1, 4, 5, 400].map(tokens), [1, 1, 1, 2, 100]);
}
