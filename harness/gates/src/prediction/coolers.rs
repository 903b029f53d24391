//! What a cooling device of the kernel takes from, by its type.

/// What decodes, as far as a cooling device takes from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Processor,
    Graphics,
    /// Nothing that decodes.
    Other,
}

/// Begins of types that kernels give, clusters by the words of their makers, and what such a device takes from.
const BEGINS: [(&str, Part); 14] = [
    ("cpu", Part::Processor),
    ("thermal-cpufreq-", Part::Processor),
    ("processor", Part::Processor),
    ("big", Part::Processor),
    ("little", Part::Processor),
    ("silver", Part::Processor),
    ("gold", Part::Processor),
    ("prime", Part::Processor),
    ("gpu", Part::Graphics),
    ("mali", Part::Graphics),
    ("kgsl", Part::Graphics),
    ("battery", Part::Other),
    ("modem", Part::Other),
    ("backlight", Part::Other),
];

/// Whether a cooling device of this type takes clocks from what decodes at this place; `None` where its type does not tell.
#[must_use]
pub fn acts_on(placement: &str, kind: &str) -> Option<bool> {
    let kind = kind.to_ascii_lowercase();
    let (_, part) = BEGINS.iter().find(|(begin, _)| kind.starts_with(begin))?;
    match placement {
        "cpu" => Some(*part == Part::Processor),
        "gpu" => Some(*part == Part::Graphics),
        // What slows down other places of decoding has no usual type.
        _ => (*part != Part::Graphics).then_some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::acts_on;

    #[test]
    fn coolers_are_known_by_their_types() {
        assert_eq!(acts_on("cpu", "thermal-cpufreq-6"), Some(true));
        assert_eq!(acts_on("cpu", "cpufreq-cpu0"), Some(true));
        assert_eq!(acts_on("cpu", "gpu"), Some(false));
        assert_eq!(acts_on("gpu", "cpufreq-cpu0"), Some(false));
        assert_eq!(acts_on("cpu", "thermal-devfreq-0"), None);
        assert_eq!(acts_on("cpu", ""), None);
    }
}
