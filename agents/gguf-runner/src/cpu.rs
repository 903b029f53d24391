//! Whether this CPU has what the engine was built for. Running without asking ends in SIGILL.

/// Those of `required` that this CPU lacks. A feature that cannot be asked for counts as missing.
pub fn missing(required: &[&'static str]) -> Vec<&'static str> {
    required.iter().copied().filter(|feature| !has(feature)).collect()
}

#[cfg(any(target_arch = "x86_64", target_arch = "x86"))]
fn has(feature: &str) -> bool {
    use std::arch::is_x86_feature_detected as detected;
    match feature {
        "sse3" => detected!("sse3"),
        "ssse3" => detected!("ssse3"),
        "avx" => detected!("avx"),
        "avx2" => detected!("avx2"),
        "avxvnni" => detected!("avxvnni"),
        "bmi2" => detected!("bmi2"),
        "f16c" => detected!("f16c"),
        "fma" => detected!("fma"),
        "avx512f" => detected!("avx512f"),
        "avx512vbmi" => detected!("avx512vbmi"),
        "avx512vnni" => detected!("avx512vnni"),
        "avx512bf16" => detected!("avx512bf16"),
        _ => false,
    }
}

#[cfg(target_arch = "aarch64")]
fn has(feature: &str) -> bool {
    use std::arch::is_aarch64_feature_detected as detected;
    match feature {
        "neon" => detected!("neon"),
        "fp16" => detected!("fp16"),
        "dotprod" => detected!("dotprod"),
        "i8mm" => detected!("i8mm"),
        "sve" => detected!("sve"),
        _ => false,
    }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "x86", target_arch = "aarch64")))]
fn has(_feature: &str) -> bool {
    false
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_unknown_feature_is_missing() {
        assert_eq!(super::missing(&["warp-drive"]), ["warp-drive"]);
    }
}
