//! How a careless program writes a text down.

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// Characters of a line of a text that is broken into lines.
const LINE: usize = 13;

/// A form of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    Base64,
    Hex,
    Url,
    Utf16,
    Split,
}

impl Form {
    const ALL: [(&'static str, Self); 6] = [
        ("plain", Self::Plain),
        ("base64", Self::Base64),
        ("hex", Self::Hex),
        ("url", Self::Url),
        ("utf16", Self::Utf16),
        ("split", Self::Split),
    ];

    pub(super) fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(name, _)| *name == word).map(|(_, form)| form)
    }

    /// The text in this form.
    pub(super) fn of(self, text: &str) -> Vec<u8> {
        let each = |written: fn(u8) -> String| text.bytes().map(written).collect::<String>();
        match self {
            Self::Plain => text.escape_debug().to_string().into_bytes(),
            Self::Base64 => text.as_bytes().chunks(3).flat_map(base64).collect(),
            Self::Hex => each(|byte| format!("{byte:02x}")).into_bytes(),
            Self::Url => each(|byte| format!("%{byte:02X}")).into_bytes(),
            Self::Utf16 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::Split => text.as_bytes().chunks(LINE).flat_map(|line| [line, b"\n  | "].concat()).collect(),
        }
    }
}

fn base64(three: &[u8]) -> [u8; 4] {
    let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
    let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
    let letter = |place: usize| BASE64[(bits >> (18 - 6 * place)) as usize & 63];
    std::array::from_fn(|place| if place <= three.len() { letter(place) } else { b'=' })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_what_others_take_them_for() {
        let written = |word: &str, text: &str| {
            String::from_utf8(Form::of_word(word).expect("a form").of(text)).expect("ASCII")
        };
        // Test vectors of RFC 4648.
        for (text, expected) in [("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(written("base64", text), expected);
        }
        assert_eq!(written("url", "a b"), "%61%20%62");
        assert_eq!(written("utf16", "ab"), "a\0b\0");
        assert_eq!(written("split", "0123456789abcdef"), "0123456789abc\n  | def\n  | ");
        assert_eq!(written("plain", "a\nb"), "a\\nb");
        assert_eq!(Form::of_word("rot13"), None);
    }
}
