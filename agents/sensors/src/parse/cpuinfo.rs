//! `/proc/cpuinfo` on x86 and Arm.

/// Features that engines choose their kernels by, in the kernel's spelling.
const RELEVANT: [&str; 30] = [
    "ssse3",
    "sse4_2",
    "avx",
    "avx2",
    "fma",
    "f16c",
    "bmi2",
    "avx_vnni",
    "avx512f",
    "avx512bw",
    "avx512vl",
    "avx512_vbmi",
    "avx512_vnni",
    "avx512_bf16",
    "avx512_fp16",
    "amx_tile",
    "amx_int8",
    "amx_bf16",
    "neon",
    "asimd",
    "asimdhp",
    "asimddp",
    "fphp",
    "i8mm",
    "bf16",
    "sve",
    "sve2",
    "svei8mm",
    "sme",
    "sme2",
];
const MAX_MODEL_CHARS: usize = 200;

/// What the text says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct CpuInfo {
    pub model: Option<String>,
    pub processors: u32,
    pub features: Vec<String>,
}

/// Model and features of the first processor that has them; the number of processors listed.
pub(crate) fn parse(text: &str) -> CpuInfo {
    let mut info = CpuInfo::default();
    for (key, value) in text.lines().filter_map(|line| line.split_once(':')) {
        let value = value.trim();
        match key.trim() {
            "processor" => info.processors = info.processors.saturating_add(1),
            "model name" if info.model.is_none() && !value.is_empty() => {
                info.model = Some(value.chars().take(MAX_MODEL_CHARS).collect());
            }
            "flags" | "Features" if info.features.is_empty() => {
                let has = |wanted: &&str| value.split_ascii_whitespace().any(|flag| flag == *wanted);
                info.features = RELEVANT.into_iter().filter(has).map(str::to_owned).collect();
            }
            _ => {}
        }
    }
    info
}

/// How many processors a list such as `0-3,6` names.
pub(crate) fn count(ranges: &str) -> Option<u32> {
    ranges.split(',').try_fold(0_u32, |sum, range| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (first, last): (u32, u32) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        sum.checked_add(last.checked_sub(first)?.checked_add(1)?)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_x86_processor() {
        let text = "processor\t: 0\nmodel name\t: Example CPU @ 2.10GHz\nflags\t\t: fpu avx fma avx2 hypervisor\n\nprocessor\t: 1\nmodel name\t: Other\nflags\t\t: sse4_2\n";
        let info = parse(text);
        assert_eq!(info.model.as_deref(), Some("Example CPU @ 2.10GHz"));
        assert_eq!(
            (info.processors, info.features),
            (2, vec!["avx".to_owned(), "avx2".to_owned(), "fma".to_owned()])
        );
    }

    #[test]
    fn lists_of_processors() {
        assert_eq!(count("0-3,6"), Some(5));
        assert_eq!(count("0"), Some(1));
        for broken in ["", "3-1", "a", "0-", "0-4294967295"] {
            assert_eq!(count(broken), None, "{broken}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_text(text in "(processor|flags|Features|model name|[-:,0-9\n\t ]|\\PC){0,30}") {
            let info = parse(&text);
            prop_assert!(info.features.len() <= RELEVANT.len());
            prop_assert!(count(&text).is_none_or(|count| count > 0));
        }
    }
}
