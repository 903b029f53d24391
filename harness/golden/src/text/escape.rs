//! Sequences that steer a terminal: a model may print them, nobody reads them.

/// Longest sequence with a text inside, such as a window title; a longer one is not a sequence.
const LONGEST: usize = 256;

/// Bytes of the sequence at the start of `text`, which begins with ESC: at least the ESC itself.
pub(super) fn length(text: &str) -> usize {
    let bytes = text.as_bytes();
    match bytes.get(1) {
        Some(b'[') => control(bytes),
        Some(b']' | b'P' | b'X' | b'^' | b'_') => text_inside(bytes),
        Some(0x40..=0x5F) => 2,
        _ => 1,
    }
}

fn control(bytes: &[u8]) -> usize {
    let parameters =
        bytes.iter().skip(2).take(LONGEST).take_while(|byte| (0x20..=0x3F).contains(*byte)).count();
    match bytes.get(2 + parameters) {
        Some(0x40..=0x7E) => 3 + parameters,
        _ => 1,
    }
}

fn text_inside(bytes: &[u8]) -> usize {
    let inside = bytes.iter().enumerate().skip(2).take(LONGEST);
    for (at, byte) in inside {
        match byte {
            0x07 => return at + 1,
            0x1B if bytes.get(at + 1) == Some(&b'\\') => return at + 2,
            _ => {}
        }
    }
    1
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn whole_sequences_are_taken_and_nothing_behind_them() {
        assert_eq!(length("\u{1b}[1;31mred"), 7);
        assert_eq!(length("\u{1b}]0;title\u{7}text"), 10);
        assert_eq!(length("\u{1b}]0;title\u{1b}\\text"), 11);
        assert_eq!(length("\u{1b}]never closed"), 1);
        assert_eq!(length("\u{1b}[12ü"), 1);
        assert_eq!((length("\u{1b}"), length("\u{1b}ü")), (1, 1));
    }
}
