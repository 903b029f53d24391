//! Words of devices, runtimes and files inside a sentence.

/// The first `most` characters that a terminal or a page can show; it would obey the others.
#[must_use]
pub fn quoted(text: &str, most: usize) -> String {
    text.chars().filter(|char| !char.is_control()).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn bounded_and_without_commands() {
        assert_eq!(quoted("soc\u{1b}[2J\nthermal", 7), "soc[2Jt");
    }
}
