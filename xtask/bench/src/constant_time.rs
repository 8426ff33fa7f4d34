//! Whether the time of a refusal tells where a signature differs: a test in the manner of dudect (Reparaz, Balasch and Verbauwhede, 2017).

use std::hint::black_box;
use std::time::Instant;

use counterseal::{ErrorCode, Kind, PacketOptions, PacketVerifier, Parts, Policy, TokenVerifier};

use crate::Result;
use crate::book::Book;
use crate::contest::Played;
use crate::inputs::{CONTEXT, Inputs, PACKET_KEY};
use crate::rows::{Size, grouped};
use crate::versions;
use crate::welch::{Classes, Verdict};

/// Plays all that are wanted.
pub(crate) fn play(book: &mut Book, inputs: &Inputs) {
    book.play("constant-parts", |size| parts(inputs, size));
    book.play("constant-token", |size| token(inputs, size));
    book.play("constant-control", |size| control(inputs, size));
}

fn parts(inputs: &Inputs, size: Size) -> Result<Played> {
    let (ring, verifier) = (inputs.packet_ring()?, PacketVerifier::new(PacketOptions::default())?);
    let packets = inputs.packets_in_turns(size, 1, 1)?;
    let packet = packets.list.first().ok_or("no packet")?;
    compare(inputs.plan.refusals, packet.parts.sig.as_bytes(), |sig| {
        let Ok(sig) = std::str::from_utf8(sig) else { return false };
        let (key_id, body, nonce) = (PACKET_KEY, packets.body.as_bytes(), packet.nonce.as_str());
        let parts = Parts { key_id, kind: Kind::Bytes, body, ts: inputs.now, nonce, sig };
        let result = verifier.authenticate_parts(&ring, &parts, CONTEXT, inputs.now);
        result.is_err_and(|error| error.code() == ErrorCode::BadSignature)
    })
}

fn token(inputs: &Inputs, size: Size) -> Result<Played> {
    let (ring, verifier) = (inputs.token_ring()?, TokenVerifier::new(Policy::new()));
    let tokens = inputs.tokens(size)?.list;
    let token = tokens.first().ok_or("no token")?;
    compare(inputs.plan.refusals, token.as_bytes(), |token| {
        let result = verifier.verify(&ring, token, inputs.now);
        result.is_err_and(|error| error.code() == ErrorCode::BadSignature)
    })
}

/// What `==` on texts may do, and what no verifier should.
fn control(inputs: &Inputs, size: Size) -> Result<Played> {
    let packets = inputs.packets_in_turns(size, 1, 1)?;
    let genuine = packets.list.first().ok_or("no packet")?.parts.sig.as_bytes();
    compare(inputs.plan.refusals, genuine, |sig| {
        !genuine.iter().zip(sig).all(|(wanted, given)| black_box(wanted) == given)
    })
}

/// Times refusals of `genuine` with a character changed early or late in the signature, its last [`SIG`] characters.
fn compare(refusals: usize, genuine: &[u8], refuses: impl Fn(&[u8]) -> bool) -> Result<Played> {
    let forged = [forged(genuine, FIRST), forged(genuine, LAST_BUT_ONE)];
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut given = genuine.to_vec();
    let mut classes = Classes::new(refusals);
    for number in 0..refusals + refusals / 10 {
        let (class, variant) = (random.below(2), random.below(VARIANTS));
        // Both classes are copied as a whole into one place, so that they differ in nothing else.
        given.copy_from_slice(forged.get(class).and_then(|class| class.get(variant)).ok_or("no such class")?);
        let given = black_box(given.as_slice());
        let begun = Instant::now();
        let refused = refuses(given);
        let elapsed = begun.elapsed();
        if !refused {
            return Err("a forged signature was not refused for itself".into());
        }
        // The first ones warm up.
        if number >= refusals / 10 {
            classes.add(class, elapsed.as_nanos() as f64);
        }
    }
    let Verdict { t, difference } = classes.verdict().ok_or("too few measurements")?;
    let remark = format!("{:.2} ns apart in {} refusals", difference.abs(), grouped(refusals));
    let [version, runtime] = [env!("CARGO_PKG_VERSION").to_owned(), versions::rust()];
    Ok(Played { version, runtime, product: vec![t.abs()], peers: Vec::new(), remark })
}

/// As many texts with another character at that place of the signature.
fn forged(genuine: &[u8], place: usize) -> Vec<Vec<u8>> {
    let place = genuine.len().saturating_sub(SIG) + place;
    let others = ALPHABET.iter().filter(|character| Some(*character) != genuine.get(place));
    others
        .take(VARIANTS)
        .map(|character| {
            let mut text = genuine.to_vec();
            if let Some(at) = text.get_mut(place) {
                *at = *character;
            }
            text
        })
        .collect()
}

/// Xorshift (Marsaglia, 2003): an order that no predictor learns.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as usize % end
    }
}

const SIG: usize = 43;
const FIRST: usize = 0;
/// The very last holds bits that must be zero: changed, it could be refused for its grammar.
const LAST_BUT_ONE: usize = SIG - 2;
const VARIANTS: usize = 32;
const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgeries_differ_in_one_place() {
        let genuine = [b'A'; 50];
        for place in [FIRST, LAST_BUT_ONE] {
            let forged = forged(&genuine, place);
            assert_eq!(forged.len(), VARIANTS);
            for text in forged {
                let differs: Vec<_> = (0..50).filter(|at| text[*at] != genuine[*at]).collect();
                assert_eq!(differs, [7 + place]);
            }
        }
    }

    #[test]
    fn what_is_accepted_ends_it() {
        assert!(compare(100, &[b'A'; SIG], |_| true).is_ok());
        assert!(compare(100, &[b'A'; SIG], |_| false).is_err());
    }

    #[test]
    fn the_order_is_random_and_even() {
        let mut random = Random(1);
        let late = (0..10_000).filter(|_| random.below(2) == 1).count();
        assert!((4_800..5_200).contains(&late), "{late}");
    }
}
