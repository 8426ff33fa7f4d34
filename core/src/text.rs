//! The grammars of the contract's text parts (wire contract §1).

/// A key id, owner, purpose, scope or event: `[A-Za-z0-9._~-]`, 1 to 64 characters.
pub(crate) fn is_name(text: &str) -> bool {
    is_name_bytes(text.as_bytes())
}

/// [`is_name`] of what may be no text.
pub(crate) fn is_name_bytes(text: &[u8]) -> bool {
    (1..=NAME_MAX).contains(&text.len()) && text.iter().all(|&byte| is_name_byte(byte))
}

/// A context: printable ASCII, 0 to 256 bytes.
pub(crate) fn is_context(text: &str) -> bool {
    let (words, rest) = text.as_bytes().as_chunks();
    let is_printable = |word: &[u8; 8]| all_printable(u64::from_ne_bytes(*word));
    // What the last eight repeat of the bytes before is printable.
    let ends_printable = match text.as_bytes().last_chunk() {
        Some(last) => is_printable(last),
        None => rest.iter().all(|byte| matches!(byte, 0x20..=0x7E)),
    };
    text.len() <= CONTEXT_MAX && ends_printable && words.iter().all(is_printable)
}

/// Where the byte stands first.
#[inline]
pub(crate) fn position(bytes: &[u8], wanted: u8) -> Option<usize> {
    let (words, rest) = bytes.as_chunks();
    for (place, word) in words.iter().enumerate() {
        let marks = marks(u64::from_le_bytes(*word), wanted);
        if marks != 0 {
            return Some(8 * place + marks.trailing_zeros() as usize / 8);
        }
    }
    rest.iter().position(|&byte| byte == wanted).map(|at| 8 * words.len() + at)
}

/// Of eight bytes, the first lowest: the lowest bit that is set is of the first that is the one wanted.
fn marks(word: u64, wanted: u8) -> u64 {
    let differs = word ^ (u64::from(wanted) * EACH);
    differs.wrapping_sub(EACH) & !differs & (0x80 * EACH)
}

/// Of eight bytes at once: none is below a space, none above a tilde.
fn all_printable(word: u64) -> bool {
    let below = word.wrapping_sub(0x20 * EACH);
    let above = word.wrapping_add(EACH);
    (word | below | above) & (0x80 * EACH) == 0
}

pub(crate) fn is_name_byte(byte: u8) -> bool {
    NAME_BYTES[usize::from(byte)]
}

static NAME_BYTES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        let char = byte as u8;
        table[byte] = char.is_ascii_alphanumeric() || matches!(char, b'.' | b'_' | b'~' | b'-');
        byte += 1;
    }
    table
};

pub(crate) const NAME_RULE: &str = "1 to 64 characters of A-Z a-z 0-9 . _ ~ -";

pub(crate) const NAME_MAX: usize = 64;
const CONTEXT_MAX: usize = 256;
/// One in each byte.
const EACH: u64 = 0x0101_0101_0101_0101;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert!(is_name("a"));
        assert!(is_name("AZaz09._~-"));
        assert!(is_name(&"k".repeat(64)));
        for bad in ["", &"k".repeat(65), "a b", "a/b", "a\n", "é", "a+b", "a:b"] {
            assert!(!is_name(bad), "{bad:?}");
        }
    }

    #[test]
    fn positions() {
        let text = b"..aaaaaaaaaaaa.aaaaaaaaaaaaaaaaa.aa.";
        for from in 0..=text.len() {
            let expected = text[from..].iter().position(|&byte| byte == b'.');
            assert_eq!(position(&text[from..], b'.'), expected, "{from}");
        }
        assert_eq!(position(&[b'.' ^ 0x80; 9], b'.'), None);
    }

    #[test]
    fn every_byte_at_every_place_of_a_context() {
        for length in [1, 7, 8, 9, 15, 16, 23] {
            for (place, byte) in (0..length).flat_map(|place| (0..=127).map(move |byte| (place, byte))) {
                let mut context = alloc::vec![b'c'; length];
                context[place] = byte;
                let context = core::str::from_utf8(&context).unwrap();
                assert_eq!(is_context(context), matches!(byte, 0x20..=0x7E), "{byte} at {place} of {length}");
            }
        }
    }

    #[test]
    fn contexts() {
        assert!(is_context(""));
        assert!(is_context(" ~"));
        assert!(is_context(&"c".repeat(256)));
        for bad in [&"c".repeat(257), "\n", "\t", "\x7f", "\x1f", "é"] {
            assert!(!is_context(bad), "{bad:?}");
        }
    }
}
