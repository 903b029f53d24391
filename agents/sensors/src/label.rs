//! Names of sensors come from drivers and firmware: they are cut to a safe shape before they name a channel.

/// Longest part of a channel name, bytes.
const MAX_BYTES: usize = 48;

/// `text` with everything but letters, digits and `_ - . +` replaced by `_`, at most 48 bytes, never empty.
pub(crate) fn plain(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "_-.+".contains(letter);
    let label: String =
        text.trim().chars().take(MAX_BYTES).map(|letter| if plain(letter) { letter } else { '_' }).collect();
    if label.is_empty() { "unnamed".to_owned() } else { label }
}

/// [`plain`] in small letters: channel names have no capitals, so that a source's spelling does not matter.
pub(crate) fn lower(text: &str) -> String {
    let mut label = plain(text);
    label.make_ascii_lowercase();
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_become_plain() {
        assert_eq!(plain("x86_pkg_temp\n"), "x86_pkg_temp");
        assert_eq!(plain("Core 0"), "Core_0");
        assert_eq!(lower("Core 0"), "core_0");
        assert_eq!(plain("../<b>é"), "..__b__");
        assert_eq!(plain(" \n"), "unnamed");
        assert_eq!(plain(&"x".repeat(500)).len(), MAX_BYTES);
    }
}
