//! The signatures of a batch, hashed two by two.

use super::input::{Input, LARGE, SMALL, Size};
use crate::base64;
use crate::mac::{self, MacKey, Pulse};
use alloc::vec::Vec;

/// An input, the key to check it with, and the signature that came with it.
#[derive(Clone, Copy)]
pub(super) struct Check<'a> {
    pub(super) input: Input<'a>,
    pub(super) key: &'a MacKey,
    pub(super) sig: &'a [u8; base64::TAG],
}

/// [`Input::check_while`] for each. Those of about one length are hashed two by two.
///
/// Tells of each whether its signature fits, and what came of the work for it, in any order.
pub(super) fn check_many<T>(
    checks: &[Check<'_>],
    work: impl Fn(usize, &mut Pulse<'_>) -> T,
    mut tell: impl FnMut(usize, bool, T),
) {
    let mut order: Vec<usize> = (0..checks.len()).collect();
    order.sort_unstable_by_key(|&at| checks[at].input.blocks());
    for pair in order.chunks(2) {
        if let [a, b] = *pair {
            let ([first, second], [one, other]) =
                check_two([&checks[a], &checks[b]], |pulse| [work(a, pulse), work(b, pulse)]);
            tell(a, first, one);
            tell(b, second, other);
        } else {
            for &at in pair {
                let (fits, done) =
                    checks[at].input.check_while(checks[at].key, checks[at].sig, |pulse| work(at, pulse));
                tell(at, fits, done);
            }
        }
    }
}

fn check_two<T>(two: [&Check<'_>; 2], work: impl FnOnce(&mut Pulse<'_>) -> T) -> ([bool; 2], T) {
    let [a, b] = two;
    match (a.input.size(), b.input.size()) {
        (Size::Any, _) | (_, Size::Any) => {
            let (fits, done) = a.input.check_while(a.key, a.sig, work);
            ([fits, b.input.check(b.key, b.sig)], done)
        }
        (Size::Small, Size::Small) => check_two_in::<SMALL, T>(two, work),
        _ => check_two_in::<LARGE, T>(two, work),
    }
}

fn check_two_in<const N: usize, T>(
    [a, b]: [&Check<'_>; 2],
    work: impl FnOnce(&mut Pulse<'_>) -> T,
) -> ([bool; 2], T) {
    let (mut one, mut two) = ([0; N], [0; N]);
    let first = a.key.lane(a.input.lay_out(&mut one), Some(a.sig));
    mac::fit_while(&[first, b.key.lane(b.input.lay_out(&mut two), Some(b.sig))], work)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packet::Kind;
    use crate::packet::input::Seconds;
    use crate::time::Timestamp;
    use alloc::string::String;

    const NONCE: &[u8; 22] = b"AAECAwQFBgcICQoLDA0ODw";

    /// Messages of all lengths and sizes, and a signature each: right, wrong, or another message's.
    fn messages() -> Vec<(String, String, Vec<u8>)> {
        let text = |length: usize| "key.Context~".chars().cycle().take(length).collect::<String>();
        let lengths = [0, 1, 60, 64, 100, 118, 119, 127, 128, 200, 300, 448, 1000, 2000];
        let texts = [(8, 13), (64, 256), (1, 0), (65, 300), (17, 100)];
        let of = |n: usize| (texts[n % texts.len()], lengths[n % lengths.len()]);
        (0..150)
            .map(of)
            .map(|((id, context), body)| (text(id), text(context), [body as u8; 2000][..body].to_vec()))
            .collect()
    }

    #[test]
    fn a_batch_is_answered_as_one_by_one() {
        let (messages, keys) = (messages(), [MacKey::new(&[7; 32]), MacKey::dummy()]);
        let ts = Timestamp::new(1_708_167_234).unwrap();
        let inputs: Vec<_> = messages
            .iter()
            .map(|(key_id, context, body)| Input {
                key_id: key_id.as_bytes(),
                ts: Seconds::Number(ts),
                nonce: NONCE,
                context,
                kind: Kind::Bytes,
                body,
            })
            .collect();
        let sigs: Vec<_> = inputs.iter().map(|input| base64::encode_tag(&input.mac(&keys[0]))).collect();
        for count in [0, 1, 2, 3, 63, 64, 65, 129, 150] {
            let checks: Vec<_> = (0..count)
                .map(|at| {
                    let wrong = at % 7 == 3;
                    let sig = &sigs[if wrong { (at + 1) % sigs.len() } else { at }];
                    Check { input: inputs[at], key: &keys[usize::from(at % 11 == 5)], sig }
                })
                .collect();
            let mut answers = alloc::vec![None; count];
            check_many(
                &checks,
                |at, _| at,
                |at, fits, done| {
                    assert_eq!((at, answers[at].replace(fits)), (done, None));
                },
            );
            for (at, (check, answer)) in checks.iter().zip(answers).enumerate() {
                let answer = answer.unwrap();
                assert_eq!(answer, check.input.check(check.key, check.sig), "{at} of {count}");
                assert_eq!(answer, at % 7 != 3 && at % 11 != 5, "{at} of {count}");
            }
        }
    }
}
