//! How bytes look in each encoding.

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The characters of base64 that depend on these bytes alone, for each of the three places where they can begin in a
/// longer text.
pub(super) fn base64(bytes: &[u8]) -> [Vec<u8>; 3] {
    [0, 1, 2].map(|before| {
        let bits: Vec<u8> =
            bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
        // Six bits make a character; those of the first one that belong to the bytes before are skipped.
        let skip = (6 - before * 8 % 6) % 6;
        let whole = bits.get(skip..).unwrap_or_default().chunks_exact(6);
        whole.map(|six| STANDARD[six.iter().fold(0, |sum, bit| sum * 2 + usize::from(*bit))]).collect()
    })
}

/// The same characters in the alphabet for addresses.
pub(super) fn for_addresses(base64: &[u8]) -> Vec<u8> {
    let other = |c: &u8| match c {
        b'+' => b'-',
        b'/' => b'_',
        same => *same,
    };
    base64.iter().map(other).collect()
}

/// Two hexadecimal digits for each byte.
pub(super) fn hex(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()
}

/// `%` and two hexadecimal digits for each byte.
pub(super) fn percent(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().flat_map(|byte| format!("%{byte:02x}").into_bytes()).collect()
}

/// Two bytes for each ASCII character, the smaller one first. What begins with the larger one holds the same row of
/// bytes but for its ends.
pub(super) fn utf16(bytes: &[u8]) -> Vec<u8> {
    let mut wide: Vec<u8> = bytes.iter().flat_map(|byte| [*byte, 0]).collect();
    wide.pop();
    wide
}

#[cfg(test)]
mod tests {
    use super::{base64, for_addresses, hex, percent, utf16};

    /// Reference values by coreutils' `base64`.
    #[test]
    fn base64_is_found_wherever_it_begins() {
        let [first, second, third] = base64(b"secret-42");
        // printf 'secret-42' | base64; with one and two `x` before it.
        assert!("c2VjcmV0LTQy".contains(std::str::from_utf8(&first).expect("ascii")));
        assert!("eHNlY3JldC00Mg==".contains(std::str::from_utf8(&second).expect("ascii")));
        assert!("eHhzZWNyZXQtNDI=".contains(std::str::from_utf8(&third).expect("ascii")));
        assert!([first, second, third].iter().all(|text| text.len() >= 11));
        assert_eq!(for_addresses(b"a+b/c"), b"a-b_c");
    }

    #[test]
    fn other_encodings() {
        assert_eq!(hex(b"aZ"), b"615a");
        assert_eq!(percent(b"aZ"), b"%61%5a");
        assert_eq!(utf16(b"ab"), b"a\0b");
    }
}
