//! What the bytes of a JSON text are, and runs of them, eight at a time.

/// How many plain bytes the text begins with.
///
/// Most strings are short: they end in the first sixteen bytes.
#[inline(always)]
pub(super) fn plain_len(text: &[u8]) -> usize {
    let near = text.first_chunk().and_then(counterseal_lanes::stop);
    near.unwrap_or_else(|| unescaped_len(text, ASCII))
}

/// How many bytes the text begins with that a string holds as they are: no quote, backslash or
/// control character; and only ASCII if that is asked for.
#[inline(never)]
pub(super) fn unescaped_len(text: &[u8], allowed: Allowed) -> usize {
    let mut rest = text;
    while let Some((bytes, after)) = rest.split_first_chunk() {
        if let Some(len) = stop(*bytes, allowed) {
            return text.len() - rest.len() + len;
        }
        rest = after;
    }
    match text.last_chunk() {
        // What it repeats of the bytes before has no stop.
        Some(bytes) => stop(*bytes, allowed).map_or(text.len(), |len| text.len() - 8 + len),
        None => {
            let is_one = |byte: &&u8| is(byte, PLAIN) || allowed == ANY && !byte.is_ascii();
            rest.iter().take_while(is_one).count()
        }
    }
}

/// Whether a string may hold the bytes as they are.
pub(super) fn is_unescaped(text: &[u8]) -> bool {
    let (words, _) = text.as_chunks::<8>();
    let has_stop = |bytes: &[u8; 8]| stop(*bytes, ANY).is_some();
    match (text.last_chunk(), text.first_chunk::<4>(), text.last_chunk::<4>()) {
        (Some(last), ..) => !(words.iter().any(has_stop) || has_stop(last)),
        (None, Some([a, b, c, d]), Some([e, f, g, h])) => !has_stop(&[*a, *b, *c, *d, *e, *f, *g, *h]),
        _ => text.iter().all(|byte| is(byte, PLAIN) || !byte.is_ascii()),
    }
}

/// Which bytes of 128 and above [`unescaped_len`] stops at, by their high bits.
pub(super) type Allowed = u64;

/// Stops at all of them.
pub(super) const ASCII: Allowed = HIGH;

/// Stops at none.
pub(super) const ANY: Allowed = 0;

/// Where the first quote, backslash or control character stands.
///
/// With one bit turned, control characters and the quote are all that is below 0x21. Subtraction
/// makes the high bit of its byte, and may by its borrow make others above: the lowest is exact.
fn stop(bytes: [u8; 8], allowed: Allowed) -> Option<usize> {
    let word = u64::from_le_bytes(bytes);
    let below = (word ^ (ONES * 2)).wrapping_sub(ONES * 0x21);
    let backslash = (word ^ BACKSLASHES).wrapping_sub(ONES);
    let stops = ((below | backslash) & !word & HIGH) | (word & allowed);
    (stops != 0).then(|| stops.trailing_zeros() as usize / 8)
}

/// Whether the byte is of the class.
pub(super) fn is(byte: &u8, class: u8) -> bool {
    CLASSES[usize::from(*byte)] & class != 0
}

/// Stands for itself in a string, in one byte.
pub(super) const PLAIN: u8 = 1;
pub(super) const DIGIT: u8 = 2;
/// What numbers and literals are made of.
pub(super) const RUN: u8 = 4;

const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            classes[byte as usize] |= PLAIN;
        }
        if byte.is_ascii_digit() {
            classes[byte as usize] |= DIGIT;
        }
        if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.') {
            classes[byte as usize] |= RUN;
        }
        byte += 1;
    }
    classes
};

const ONES: u64 = 0x0101_0101_0101_0101;
const BACKSLASHES: u64 = ONES * b'\\' as u64;
const HIGH: u64 = ONES * 0x80;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_ends_at_its_first_stop_and_at_the_end() {
        let text = [b'a'; 40];
        for len in 0..text.len() {
            assert_eq!(unescaped_len(&text[..len], ANY), len);
            assert_eq!(plain_len(&text[..len]), len);
            assert!(is_unescaped(&text[..len]));
            for at in 0..len {
                for byte in 0..=255_u8 {
                    let mut text = text;
                    text[at] = byte;
                    let stops = matches!(byte, 0..0x20 | b'"' | b'\\');
                    let expected = if stops { at } else { len };
                    assert_eq!(unescaped_len(&text[..len], ANY), expected, "{byte} at {at} of {len}");
                    assert_eq!(is_unescaped(&text[..len]), !stops, "{byte} at {at} of {len}");
                    let expected = if stops || byte >= 0x80 { at } else { len };
                    assert_eq!(unescaped_len(&text[..len], ASCII), expected, "{byte} at {at} of {len}");
                    assert_eq!(plain_len(&text[..len]), expected, "{byte} at {at} of {len}");
                }
            }
        }
    }

    #[test]
    fn the_first_of_two_stops_decides() {
        for first in 0..24 {
            for second in first..24 {
                for stops in [*b"\"\"", *b"\x1f\"", *b"\\ ", *b"\"#", *b"\\]", *b"\x1f\x20"] {
                    let mut text = [b' '; 24];
                    text[second] = stops[1];
                    text[first] = stops[0];
                    assert_eq!(unescaped_len(&text, ANY), first);
                    assert_eq!(plain_len(&text), first);
                }
            }
        }
    }
}
