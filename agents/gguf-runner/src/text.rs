//! The text of an answer: tokens are bytes, and a letter may be several tokens.

/// The text that these bytes are. Half a letter at the end, of which the rest was never decoded, is left out; what is no
/// letter at all is replaced.
pub fn readable(bytes: &[u8]) -> String {
    let half = match bytes.utf8_chunks().last() {
        Some(last) if std::str::from_utf8(last.invalid()).is_err_and(|error| error.error_len().is_none()) => {
            last.invalid().len()
        }
        _ => 0,
    };
    String::from_utf8_lossy(&bytes[..bytes.len() - half]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_letter_at_the_end_is_left_out() {
        let rain = "Regen 雨".as_bytes();
        for cut in 1..3 {
            assert_eq!(readable(&rain[..rain.len() - cut]), "Regen ");
        }
        assert_eq!(readable(rain), "Regen 雨");
        assert_eq!(readable(b""), "");
    }

    #[test]
    fn what_is_no_letter_is_replaced() {
        assert_eq!(readable(b"a\xffb\xff"), "a\u{fffd}b\u{fffd}");
    }
}
