//! Decimal digits of all scripts as ASCII, so that a number is one number however it is written.

/// Code points of the digit zero; nine more digits follow each. Forms that compatibility normalisation already maps
/// to ASCII (full width, mathematical) are not listed.
const ZEROS: [u32; 36] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0,
    0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0x1E950,
];

/// The ASCII digit of a decimal digit of any listed script.
pub(super) fn ascii(c: char) -> Option<char> {
    let code = u32::from(c);
    let zero = ZEROS[..ZEROS.partition_point(|zero| *zero <= code)].last()?;
    char::from_digit(code - zero, 10)
}

#[cfg(test)]
mod tests {
    use super::{ZEROS, ascii};

    #[test]
    fn digits_of_other_scripts_are_digits() {
        assert!(ZEROS.is_sorted());
        let read: String = "٤٥۶৭๘".chars().filter_map(ascii).collect();
        assert_eq!(read, "45678");
        assert_eq!((ascii('a'), ascii('٪'), ascii('語')), (None, None, None));
    }
}
