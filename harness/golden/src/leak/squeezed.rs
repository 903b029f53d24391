//! Bytes without what can stand between the characters of a secret.

/// The letters and digits of some bytes, and where each stood.
pub(super) struct Squeezed {
    pub(super) bytes: Vec<u8>,
    /// For every 64th byte kept, its place; the rest is counted from there.
    anchors: Vec<usize>,
}

const STEP: usize = 64;

impl Squeezed {
    /// Keeps letters and digits; terminal sequences, tags and `\x` or `0x` before digits go as a
    /// whole, and `%41` is the letter that it stands for.
    pub(super) fn new(bytes: &[u8]) -> Self {
        let mut squeezed = Self { bytes: Vec::with_capacity(bytes.len()), anchors: Vec::new() };
        let mut at = 0;
        while at < bytes.len() {
            let (length, letter) = next(&bytes[at..]);
            if let Some(letter) = letter.filter(u8::is_ascii_alphanumeric) {
                if squeezed.bytes.len().is_multiple_of(STEP) {
                    squeezed.anchors.push(at);
                }
                squeezed.bytes.push(letter);
            }
            at += length;
        }
        squeezed
    }

    /// Near which byte of the original a kept byte stood: at it or up to 63 kept ones before.
    pub(super) fn near(&self, kept: usize) -> usize {
        self.anchors.get(kept / STEP).copied().unwrap_or_default()
    }
}

/// Longest tag or terminal sequence that goes as a whole.
const LONGEST_TAG: usize = 64;

/// How many bytes go together, at least one, and the character that they are; `None` where they are only in between.
fn next(rest: &[u8]) -> (usize, Option<u8>) {
    let between = |length: usize| (length, None);
    match rest {
        [b'%', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
            (3, Some(byte(*high, *low)))
        }
        [b'\\', b'x' | b'X' | b'n' | b'r' | b't', ..] => between(2),
        [b'\\', b'u', b'0', b'0', ..] => between(4),
        [b'0', b'x' | b'X', digit, ..] if digit.is_ascii_hexdigit() => between(2),
        [0x1B, b'[', behind @ ..] => between(2 + until(behind, |byte| (0x40..=0x7E).contains(&byte))),
        [b'<', next, ..] if next.is_ascii_alphabetic() || *next == b'/' => {
            between(1 + until(&rest[1..], |byte| byte == b'>'))
        }
        [letter, ..] => (1, Some(*letter)),
        [] => between(1),
    }
}

fn byte(high: u8, low: u8) -> u8 {
    let digit =
        |c: u8| char::from(c).to_digit(16).and_then(|digit| u8::try_from(digit).ok()).unwrap_or_default();
    digit(high) << 4 | digit(low)
}

/// Bytes up to and with the first one that ends something; none where it does not end soon.
fn until(rest: &[u8], ends: impl Fn(u8) -> bool) -> usize {
    rest.iter().take(LONGEST_TAG).position(|byte| ends(*byte)).map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::Squeezed;

    #[test]
    fn what_stands_between_is_gone() {
        let squeeze = |text: &str| String::from_utf8(Squeezed::new(text.as_bytes()).bytes).expect("ascii");
        assert_eq!(squeeze("a-b c\r\nd\\ne\"f"), "abcdef");
        assert_eq!(squeeze("\u{1b}[31mab\u{1b}[0mc<b class=\"x\">d</b>"), "abcd");
        assert_eq!(squeeze("\\x41\\x42 0x43, 0x44 \\u0045"), "4142434445");
        assert_eq!(squeeze("a%2Db%63d%zz%"), "abcdzz");
        assert_eq!(squeeze("<not closed"), "notclosed");
    }

    #[test]
    fn places_are_near() {
        let text = " a".repeat(200);
        let squeezed = Squeezed::new(text.as_bytes());
        assert_eq!((squeezed.near(0), squeezed.near(130)), (1, 257));
    }
}
