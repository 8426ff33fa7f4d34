//! Where the strings of a text may end, found sixty-four bytes at a time and before anybody asks.
//!
//! Who looks for the end of one string must know it before the next can be looked for. From a window's bits the lowest is taken away in one
//! step, whatever it stands for, and so the strings of a window are found side by side.

use counterseal_lanes::stops;

/// The bytes of a window at which a plain string stops, and those of the text behind it.
#[derive(Clone, Copy)]
pub(super) struct Stops {
    /// Of the window's bytes, the first lowest. Those that were taken are gone.
    bits: u64,
    window: usize,
}

impl Stops {
    /// Those from `at` on.
    #[inline(always)]
    pub(super) fn from(text: &[u8], at: usize) -> Self {
        Self { bits: window(text, at), window: at }
    }

    /// Where the string that a quote at `at` begins ends, if it is plain. Takes all as far as there.
    #[inline(always)]
    pub(super) fn string_end(&mut self, text: &[u8], at: usize) -> usize {
        if self.next(text) != at {
            *self = self.sought(text, at);
        }
        self.take();
        let end = self.next(text);
        self.take();
        end
    }

    /// The place of the next one, which stays; the end of the text if there is none.
    #[inline(always)]
    fn next(&mut self, text: &[u8]) -> usize {
        if self.bits == 0 {
            *self = self.following(text);
        }
        self.window + self.bits.trailing_zeros() as usize
    }

    #[inline(always)]
    fn take(&mut self) {
        self.bits &= self.bits.wrapping_sub(1);
    }

    /// The first window behind this one that has any.
    #[inline(never)]
    fn following(self, text: &[u8]) -> Self {
        let mut window = self.window + WINDOW;
        while let Some([_, ..]) = text.get(window..) {
            let bits = self::window(text, window);
            if bits != 0 {
                return Self { bits, window };
            }
            window += WINDOW;
        }
        Self { bits: 1, window: text.len() }
    }

    /// Those from the quote at `at` on, others before it passed over. White space is full of them.
    #[inline(never)]
    fn sought(self, text: &[u8], at: usize) -> Self {
        let before = at.wrapping_sub(self.window);
        let bits = self.bits & u64::MAX.unbounded_shl(before.try_into().unwrap_or(u32::MAX));
        let mut rest = Self { bits, ..self };
        if rest.next(text) == at { rest } else { Self::from(text, at) }
    }
}

#[inline(always)]
fn window(text: &[u8], at: usize) -> u64 {
    match text.get(at..).and_then(<[u8]>::first_chunk) {
        Some(bytes) => stops(bytes),
        None => last_window(text, at),
    }
}

/// A window that the text does not fill.
#[inline(never)]
fn last_window(text: &[u8], at: usize) -> u64 {
    let rest = text.get(at..).unwrap_or_default();
    match text.last_chunk() {
        Some(bytes) => stops(bytes).unbounded_shr((WINDOW - rest.len()) as u32),
        None => {
            let mut bytes = [b' '; WINDOW];
            bytes[..rest.len()].copy_from_slice(rest);
            stops(&bytes)
        }
    }
}

const WINDOW: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn is_stop(byte: u8) -> bool {
        matches!(byte, ..b' ' | b'"' | b'\\' | 0x80..)
    }

    /// Texts of many lengths, each with stops here and there.
    fn texts() -> impl Iterator<Item = Vec<u8>> {
        (0..300_usize).map(|length| {
            let byte = |at: usize| match at.wrapping_mul(length + 7) % 23 {
                0 => b'"',
                1 => b'\\',
                2 => b'\n',
                3 => 0xC3,
                other => b'a' + other as u8,
            };
            (0..length).map(byte).collect()
        })
    }

    #[test]
    fn they_come_in_order_wherever_one_begins() {
        for text in texts() {
            for from in 0..=text.len() {
                let mut stops = Stops::from(&text, from);
                for at in (from..text.len()).filter(|&at| is_stop(text[at])) {
                    assert_eq!(stops.next(&text), at, "{from} of {}", text.len());
                    stops.take();
                }
                assert_eq!(stops.next(&text), text.len());
                stops.take();
                assert_eq!(stops.next(&text), text.len());
            }
        }
    }

    #[test]
    fn a_quote_is_found_from_wherever_they_stand() {
        for text in texts() {
            for from in [0, 1, 70] {
                for taken in 0..6 {
                    let mut stops = Stops::from(&text, from);
                    for _ in 0..taken {
                        stops.next(&text);
                        stops.take();
                    }
                    for at in (0..text.len()).filter(|&at| text[at] == b'"') {
                        let next = (at + 1..text.len()).find(|&at| is_stop(text[at])).unwrap_or(text.len());
                        let mut found = stops;
                        assert_eq!(found.string_end(&text, at), next, "{at} of {}", text.len());
                        assert!(found.next(&text) == text.len() || found.next(&text) > next);
                    }
                }
            }
        }
    }
}
