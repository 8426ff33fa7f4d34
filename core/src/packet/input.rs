//! The signing input. No part before the body can hold an LF, so no two packets share one.

use super::Kind;
use crate::QUICK;
use crate::base64;
use crate::error::{Error, ErrorCode, Result};
use crate::mac::{BLOCK, MacKey, Message, PADDING, Pulse, Runs, TAIL};
use crate::nonce;
use crate::text::is_context;
use crate::time::Timestamp;
use alloc::vec::Vec;
use counterseal_lanes::Opening;

#[derive(Clone, Copy)]
pub(crate) struct Input<'a> {
    pub(crate) key_id: &'a [u8],
    pub(crate) ts: Seconds<'a>,
    pub(crate) nonce: &'a [u8; nonce::LENGTH],
    pub(crate) context: &'a str,
    pub(crate) kind: Kind,
    pub(crate) body: &'a [u8],
}

/// When a packet was signed.
#[derive(Clone, Copy)]
pub(crate) enum Seconds<'a> {
    /// As its text says it, not judged yet.
    Digits(&'a [u8; 10]),
    Number(Timestamp),
}

impl Seconds<'_> {
    /// The time, unless the digits are no time from 2001 to 2286.
    #[inline(always)]
    pub(super) fn read(self) -> Option<Timestamp> {
        let digits = match self {
            Self::Digits(digits) => digits,
            Self::Number(ts) => return Some(ts),
        };
        let values = digits.map(|digit| digit.wrapping_sub(b'0'));
        let known = values.iter().fold(true, |known, &value| known & (value < 10)) & (values[0] != 0);
        let seconds = values.iter().fold(0, |seconds, &value| seconds * 10 + u64::from(value));
        if known { Timestamp::new(seconds) } else { None }
    }

    /// The ten digits of a time from 2001 to 2286, or what stands in their place.
    #[inline(always)]
    fn ten_digits(self) -> Option<[u8; 10]> {
        match self {
            Self::Digits(digits) => Some(*digits),
            Self::Number(ts) => ten_digits(ts),
        }
    }

    fn to_decimal(self, room: &mut [u8; DIGITS]) -> &[u8] {
        match self {
            Self::Digits(digits) => {
                room[..10].copy_from_slice(digits);
                &room[..10]
            }
            Self::Number(ts) => decimal(ts, room),
        }
    }
}

impl<'a> Input<'a> {
    pub(super) fn mac(&self, key: &MacKey) -> [u8; 32] {
        match self.size() {
            Size::Small => key.mac_of(self.lay_out(&mut [0; SMALL])),
            Size::Large => key.mac_of(self.lay_out(&mut [0; LARGE])),
            Size::Any => key.mac(&[&self.concat()]),
        }
    }

    /// Whether `sig` is the signature, character for character, in a time that does not depend on where they differ.
    pub(crate) fn check(&self, key: &MacKey, sig: &[u8; base64::TAG]) -> bool {
        match self.size() {
            Size::Small => key.fits_of(self.lay_out(&mut [0; SMALL]), sig),
            Size::Large => key.fits_of(self.lay_out(&mut [0; LARGE]), sig),
            Size::Any => key.fits(&self.concat(), sig),
        }
    }

    /// [`Input::check`], and what came of the work that is done meanwhile.
    #[inline(always)]
    pub(super) fn check_while<T>(
        &self,
        key: &MacKey,
        sig: &[u8; base64::TAG],
        work: impl FnOnce(&mut Pulse<'_>) -> T,
    ) -> (bool, T) {
        let (mut small, mut large, mut tail, any);
        let runs = match self.size() {
            Size::Small => {
                small = [0; SMALL];
                self.lay_out(&mut small)
            }
            Size::Large => {
                large = [0; LARGE];
                self.lay_out(&mut large)
            }
            Size::Any => {
                (tail, any) = ([0; TAIL], self.concat());
                Message::keyed(&mut tail).end(&any)
            }
        };
        key.fits_while(runs, sig, work)
    }

    #[inline]
    pub(super) fn size(&self) -> Size {
        let texts = self.key_id.len() + self.nonce.len() + self.context.len();
        if QUICK && texts + self.body.len() <= SMALL_TEXTS {
            Size::Small
        } else if QUICK && texts <= TEXTS {
            Size::Large
        } else {
            Size::Any
        }
    }

    #[inline(always)]
    pub(super) fn lay_out<'m, const N: usize>(&self, buffer: &'m mut [u8; N]) -> Runs<'m>
    where
        'a: 'm,
    {
        let mut message = Message::keyed(buffer);
        let digits = self.ts.ten_digits();
        let opening = digits.and_then(|digits| Opening::new(VERSION, self.key_id, digits, self.nonce));
        match &opening {
            Some(opening) => message.leave(opening.nonce_at()),
            None => self.lay_out_opening(&mut message),
        }
        message.fixed(self.nonce);
        message.fixed(b"\n");
        message.short(self.context.as_bytes());
        match self.kind {
            Kind::Json => message.fixed(b"\njson\n"),
            Kind::Bytes => message.fixed(b"\nbytes\n"),
        }
        if let Some(opening) = &opening {
            message.open(opening);
        }
        message.end(self.body)
    }

    #[inline(always)]
    fn lay_out_opening<const N: usize>(&self, message: &mut Message<'_, N>) {
        message.fixed(VERSION);
        message.short(self.key_id);
        message.fixed(b"\n");
        match self.ts.ten_digits() {
            Some(digits) => message.fixed(&digits),
            None => message.short(self.ts.to_decimal(&mut [0; DIGITS])),
        }
        message.fixed(b"\n");
    }

    /// About as many blocks as are hashed: what the order of a batch goes by.
    pub(super) fn blocks(&self) -> usize {
        (FRAME + self.key_id.len() + self.context.len() + self.body.len()) / BLOCK
    }

    /// The input as one text.
    pub(crate) fn concat(&self) -> Vec<u8> {
        [
            VERSION,
            self.key_id,
            b"\n",
            self.ts.to_decimal(&mut [0; DIGITS]),
            b"\n",
            self.nonce,
            b"\n",
            self.context.as_bytes(),
            b"\n",
            self.kind.as_str().as_bytes(),
            b"\n",
            self.body,
        ]
        .concat()
    }
}

/// How an input is laid out.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Size {
    /// In a buffer that is quick to clear.
    Small,
    /// Texts of any length that their grammar allows, and any body.
    Large,
    /// Texts that are longer, which no verifier accepts, or where little code counts for more: only another way to the same tag.
    Any,
}

/// Whether a context is in its grammar: it is the caller's own argument, on both sides.
///
/// # Errors
/// `malformed_argument`.
pub fn check_context(context: &str) -> Result<()> {
    if is_context(context) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::MalformedArgument, "context must be 0 to 256 bytes of printable ASCII"))
}

/// A time from 2001 to 2286, by arithmetic on all digits at once.
#[inline]
fn ten_digits(ts: Timestamp) -> Option<[u8; 10]> {
    let seconds = ts.seconds();
    if !(1_000_000_000..10_000_000_000).contains(&seconds) {
        return None;
    }
    let (first, rest) = ((seconds / 100_000_000) as u8, seconds % 100_000_000);
    let fours = (rest / 10_000) | ((rest % 10_000) << 32);
    let hundreds = (fours * 10_486) >> 20 & 0x0000_007F_0000_007F;
    let twos = hundreds | (fours - hundreds * 100) << 16;
    let tens = (twos * 103) >> 10 & 0x000F_000F_000F_000F;
    let ones = tens | (twos - tens * 10) << 8;
    let mut digits = [b'0' + first / 10, b'0' + first % 10, 0, 0, 0, 0, 0, 0, 0, 0];
    digits[2..].copy_from_slice(&(ones | 0x3030_3030_3030_3030).to_le_bytes());
    Some(digits)
}

fn decimal(ts: Timestamp, digits: &mut [u8; DIGITS]) -> &[u8] {
    let mut rest = ts.seconds();
    let mut at = DIGITS;
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            return &digits[at..];
        }
    }
}

const VERSION: &[u8; 22] = b"counterseal-packet-v1\n";
/// Digits of the largest timestamp.
const DIGITS: usize = 12;
/// What the input holds beside its texts, at most.
const FRAME: usize = VERSION.len() + 1 + DIGITS + 1 + 1 + "\nbytes\n".len();
/// A key id of 64, a nonce of 22 and a context of 256 bytes.
const TEXTS: usize = 64 + 22 + 256;
/// Room for the longest texts, and two blocks for the end.
pub(super) const LARGE: usize = (FRAME + TEXTS).next_multiple_of(BLOCK) + 2 * BLOCK;
/// A smaller buffer, since all of it is cleared first, and what fits into it.
pub(super) const SMALL: usize = 4 * BLOCK;
const SMALL_TEXTS: usize = SMALL - FRAME - PADDING;

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::String;

    const NONCE: &[u8; 22] = b"AAECAwQFBgcICQoLDA0ODw";

    fn input_text(input: &Input<'_>) -> Vec<u8> {
        let Input { key_id, context, kind, .. } = input;
        let (ts, nonce) = (input.ts.read().unwrap().seconds(), core::str::from_utf8(NONCE).unwrap());
        let key_id = core::str::from_utf8(key_id).unwrap();
        let head = format!("counterseal-packet-v1\n{key_id}\n{ts}\n{nonce}\n{context}\n{kind}\n");
        [head.as_bytes(), input.body].concat()
    }

    #[test]
    fn every_length_of_body_and_texts() {
        let secret = [7; 32];
        let key = MacKey::new(&secret);
        let text = |length: usize| "key.Context~".chars().cycle().take(length).collect::<String>();
        let body: Vec<u8> = (0..2000).map(|at| (at * 89 + at / 256) as u8).collect();
        let lengths = || (0..=400).chain([447, 448, 511, 512, 513, 1024, 1999, 2000]);
        for (key_id, context) in [
            (1, 0),
            (8, 13),
            (7, 7),
            (17, 16),
            (30, 8),
            (31, 9),
            (32, 33),
            (64, 100),
            (64, 256),
            (3, 257),
            (65, 300),
        ] {
            let (key_id, context) = (text(key_id), text(context));
            for (length, kind) in lengths().flat_map(|length| [(length, Kind::Json), (length, Kind::Bytes)]) {
                let (ts, body) = (Timestamp::new(1_708_167_234).unwrap(), &body[..length]);
                let input = Input {
                    key_id: key_id.as_bytes(),
                    ts: Seconds::Number(ts),
                    nonce: NONCE,
                    context: &context,
                    kind,
                    body,
                };
                assert_eq!(
                    input.mac(&key),
                    crate::testing::hmac_sha256(&secret, &input_text(&input)),
                    "{} {} {length}",
                    key_id.len(),
                    context.len()
                );
            }
        }
    }

    #[test]
    fn times_of_every_length() {
        let key = MacKey::dummy();
        let around = |power: u32| [10_u64.pow(power) - 1, 10_u64.pow(power), 7 * 10_u64.pow(power) + 1234];
        let times =
            (0..11).flat_map(around).chain([0, 1_999_999_999, 1_234_567_890, 9_876_543_210, 253_402_300_799]);
        for ts in times.filter_map(Timestamp::new) {
            let input = Input {
                key_id: b"k",
                ts: Seconds::Number(ts),
                nonce: NONCE,
                context: "c",
                kind: Kind::Json,
                body: b"{}",
            };
            assert_eq!(input.mac(&key), key.mac(&[&input_text(&input)]), "{}", ts.seconds());
            assert_eq!(input.concat(), input_text(&input));
        }
    }

    #[test]
    fn digits_are_a_time() {
        assert_eq!(Seconds::Digits(b"1708167234").read(), Timestamp::new(1_708_167_234));
        assert_eq!(Seconds::Digits(b"9999999999").read(), Timestamp::new(9_999_999_999));
        for other in [b"0708167234", b"170816723:", b"170816723/", b"1708.67234", b"-708167234"] {
            assert_eq!(Seconds::Digits(other).read(), None);
        }
        let input =
            |ts| Input { key_id: b"k", ts, nonce: NONCE, context: "c", kind: Kind::Json, body: b"{}" };
        let number = Seconds::Number(Timestamp::new(1_708_167_234).unwrap());
        let (one, other) = (input(Seconds::Digits(b"1708167234")), input(number));
        assert_eq!(one.mac(&MacKey::dummy()), other.mac(&MacKey::dummy()));
        assert_eq!(one.concat(), other.concat());
    }

    #[test]
    fn ten_digits_at_once() {
        let mut ts = 1_000_000_000;
        while ts < 10_000_000_000 {
            let ts_now = Timestamp::new(ts).unwrap();
            assert_eq!(ten_digits(ts_now).unwrap(), decimal(ts_now, &mut [0; DIGITS]));
            ts += 1_234_567 + ts % 1009;
        }
        for other in [0, 999_999_999, 10_000_000_000] {
            assert_eq!(ten_digits(Timestamp::new(other).unwrap()), None);
        }
    }

    #[test]
    fn golden_signature() {
        let secret: [u8; 32] = core::array::from_fn(|at| at as u8);
        let input = Input {
            key_id: b"engine-7",
            ts: Seconds::Number(Timestamp::new(1_708_167_234).unwrap()),
            nonce: NONCE,
            context: "",
            kind: Kind::Bytes,
            body: &[0x00, 0xFF, 0x0A],
        };
        let mut sig = *b"7dtiu_WmKsvsYxxiPDXQCHmmiblrR2H0TltB69ReYqU";
        assert!(input.check(&MacKey::new(&secret), &sig));
        sig[42] = b'V';
        assert!(!input.check(&MacKey::new(&secret), &sig));
        assert!(!input.check(&MacKey::dummy(), &sig));
    }
}
