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
    let packets = inputs.packets(size, GENUINE)?;
    let genuine = packets.list.iter().map(|packet| packet.parts.sig.clone().into_bytes()).collect();
    compare(inputs.plan.refusals, genuine, |number, sig| {
        let (Some(packet), Ok(sig)) = (packets.list.get(number), std::str::from_utf8(sig)) else {
            return false;
        };
        let (key_id, body, nonce) = (PACKET_KEY, packets.body.as_bytes(), packet.nonce.as_str());
        let parts = Parts { key_id, kind: Kind::Bytes, body, ts: inputs.now, nonce, sig };
        let result = verifier.authenticate_parts(&ring, &parts, CONTEXT, inputs.now);
        result.is_err_and(|error| error.code() == ErrorCode::BadSignature)
    })
}

fn token(inputs: &Inputs, size: Size) -> Result<Played> {
    let (ring, verifier) = (inputs.token_ring()?, TokenVerifier::new(Policy::new()));
    let tokens = inputs.tokens(size)?.into_iter().take(GENUINE).map(String::into_bytes).collect();
    compare(inputs.plan.refusals, tokens, |_, token| {
        let result = verifier.verify(&ring, token, inputs.now);
        result.is_err_and(|error| error.code() == ErrorCode::BadSignature)
    })
}

/// What `==` on texts may do, and what no verifier should.
fn control(inputs: &Inputs, size: Size) -> Result<Played> {
    let packets = inputs.packets(size, GENUINE)?.list;
    let genuine = packets.iter().map(|packet| packet.parts.sig.clone().into_bytes()).collect();
    compare(inputs.plan.refusals, genuine, |number, sig| {
        let Some(packet) = packets.get(number) else { return false };
        !packet.parts.sig.bytes().zip(sig).all(|(wanted, given)| black_box(wanted) == *given)
    })
}

/// Times refusals of genuine texts with a character changed early or late in their last [`SIG`], the signature.
///
/// In both classes every character of a signature is as random as in the other, so that nothing but the place of the difference can
/// tell them apart.
fn compare(refusals: usize, genuine: Vec<Vec<u8>>, refuses: impl Fn(usize, &[u8]) -> bool) -> Result<Played> {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut given = Vec::new();
    let mut classes = Classes::new(refusals);
    for turn in 0..refusals + refusals / 10 {
        let (class, number) = (random.below(2), random.below(genuine.len()));
        given.clone_from(genuine.get(number).ok_or("nothing is genuine")?);
        forge(&mut given, class, &mut random);
        let given = black_box(given.as_slice());
        let begun = Instant::now();
        let refused = refuses(number, given);
        let elapsed = begun.elapsed();
        if !refused {
            return Err("a forged signature was not refused for itself".into());
        }
        // The first ones warm up.
        if turn >= refusals / 10 {
            classes.add(class, elapsed.as_nanos() as f64);
        }
    }
    let Verdict { t, difference } = classes.verdict().ok_or("too few measurements")?;
    let remark = format!("{:.2} ns apart in {} refusals", difference.abs(), grouped(refusals));
    let [version, runtime] = [env!("CARGO_PKG_VERSION").to_owned(), versions::rust()];
    Ok(Played { version, runtime, product: vec![t.abs()], peers: Vec::new(), remark })
}

/// Writes both places, so that the classes differ in no store, and one of them anew.
fn forge(text: &mut [u8], class: usize, random: &mut Random) {
    let begin = text.len().saturating_sub(SIG);
    for (other, place) in PLACES.into_iter().enumerate() {
        let Some(character) = text.get_mut(begin + place) else { continue };
        let at = ALPHABET.iter().position(|known| known == character).unwrap_or_default();
        let step = (1 + random.below(ALPHABET.len() - 1)) * usize::from(class == other);
        *character = black_box(ALPHABET[(at + step) % ALPHABET.len()]);
    }
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
/// The first and the last but one: the very last holds bits that must be zero, so that it could be refused for its grammar.
const PLACES: [usize; 2] = [0, SIG - 2];
/// Texts that forgeries are made of: no predictor learns so many.
const GENUINE: usize = 1_000;
const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgeries_differ_in_one_place() {
        let genuine: Vec<u8> = ALPHABET.iter().copied().cycle().take(50).collect();
        let mut random = Random(1);
        for class in [0, 1].repeat(200) {
            let mut text = genuine.clone();
            forge(&mut text, class, &mut random);
            let differs: Vec<_> = (0..50).filter(|at| text[*at] != genuine[*at]).collect();
            assert_eq!(differs, [7 + PLACES[class]]);
        }
    }

    #[test]
    fn what_is_accepted_ends_it() {
        let genuine = || vec![vec![b'A'; SIG]];
        assert!(compare(100, genuine(), |_, _| true).is_ok());
        assert!(compare(100, genuine(), |_, _| false).is_err());
    }

    #[test]
    fn the_order_is_random_and_even() {
        let mut random = Random(1);
        let late = (0..10_000).filter(|_| random.below(2) == 1).count();
        assert!((4_800..5_200).contains(&late), "{late}");
    }
}
