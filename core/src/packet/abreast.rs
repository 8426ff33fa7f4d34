//! The signatures of a batch, hashed sixteen abreast.

use super::input::{LARGE, SMALL, Size};
use super::side_by_side::Check;
use crate::mac::{ABREAST, Lane};
use alloc::vec;
use alloc::vec::Vec;

/// [`Input::check`](super::input::Input::check) for each number below `count`, by what hashes messages abreast. None where one by one is the
/// quicker way.
pub(super) fn fit_abreast<'c>(
    count: usize,
    check: impl Fn(usize) -> Check<'c>,
    abreast: &impl Fn(&[Lane<'_>; ABREAST]) -> [bool; ABREAST],
) -> Vec<Option<bool>> {
    let usual = (0..count).filter(|&at| check(at).input.size() != Size::Any);
    let mut order: Vec<_> = usual.map(|at| (check(at).input.blocks(), at)).collect();
    order.sort_unstable();
    let mut answers = vec![None; count];
    for group in order.chunks(ABREAST).filter(|group| are_alike(group)) {
        for (&(_, at), fits) in group.iter().zip(fit(group, &check, abreast)) {
            answers[at] = Some(fits);
        }
    }
    answers
}

/// Whether the lanes would be busy for half of the time at least, which is what they need to be the quicker way.
fn are_alike(group: &[(usize, usize)]) -> bool {
    let blocks = group.iter().map(|&(blocks, _)| blocks + OWN_BLOCKS);
    blocks.clone().sum::<usize>() >= ABREAST / 2 * blocks.max().unwrap_or(0)
}

fn fit<'c>(
    group: &[(usize, usize)],
    check: &impl Fn(usize) -> Check<'c>,
    abreast: &impl Fn(&[Lane<'_>; ABREAST]) -> [bool; ABREAST],
) -> [bool; ABREAST] {
    if group.iter().all(|&(_, at)| check(at).input.size() == Size::Small) {
        abreast(&lay_out(&mut [[0; SMALL]; ABREAST], group, check))
    } else {
        abreast(&lay_out(&mut [[0; LARGE]; ABREAST], group, check))
    }
}

/// The messages of a group. Lanes that are left over repeat the first.
fn lay_out<'m, 'c: 'm, const N: usize>(
    buffers: &'m mut [[u8; N]; ABREAST],
    group: &[(usize, usize)],
    check: &impl Fn(usize) -> Check<'c>,
) -> [Lane<'m>; ABREAST] {
    let mut lane = 0;
    buffers.each_mut().map(|buffer| {
        let (_, at) = *group.get(lane).unwrap_or(&group[0]);
        let Check { input, key, sig } = check(at);
        lane += 1;
        key.lane(input.lay_out(buffer), Some(sig))
    })
}

/// HMAC's second hash, and what [`Input::blocks`](super::input::Input::blocks) leaves off.
const OWN_BLOCKS: usize = 2;

// Where the core has no quick ways, no input has a buffer.
#[cfg(all(test, not(counterseal_strict)))]
mod tests {
    use super::*;
    use crate::base64;
    use crate::mac::{MacKey, not_abreast};
    use crate::packet::Kind;
    use crate::packet::input::{Input, Seconds};
    use crate::time::Timestamp;

    #[test]
    fn texts_that_no_buffer_holds_are_left_out() {
        let (key, id) = (MacKey::dummy(), [b'k'; 1000]);
        let ts = Seconds::Number(Timestamp::new(1_708_167_234).unwrap());
        let nonce = b"AAECAwQFBgcICQoLDA0ODw";
        let input = Input { key_id: &id, ts, nonce, context: "", kind: Kind::Bytes, body: b"" };
        let sig = base64::encode_tag(&input.mac(&key));
        let check = Check { input, key: &key, sig: &sig };
        let short = Check { input: Input { key_id: b"k", ..input }, ..check };
        let answers = fit_abreast(32, |at| if at % 2 == 0 { check } else { short }, &not_abreast);
        assert!(answers.iter().enumerate().all(|(at, answer)| *answer == (at % 2 == 1).then_some(false)));
    }

    /// Each group has texts for the larger buffers; one of the two has such texts alone.
    #[test]
    fn long_texts_are_laid_out_whole() {
        let key = MacKey::dummy();
        let ts = Seconds::Number(Timestamp::new(1_708_167_234).unwrap());
        let context = "c".repeat(256);
        let of = |context, body| Input {
            key_id: b"k",
            ts,
            nonce: b"AAECAwQFBgcICQoLDA0ODw",
            context,
            kind: Kind::Bytes,
            body,
        };
        let body = [b'x'; 256];
        for inputs in [[of(&context, b""); 2], [of(&context, b""), of("c", &body)]] {
            let sigs = inputs.map(|input| base64::encode_tag(&input.mac(&key)));
            let check = |at: usize| Check { input: inputs[at % 2], key: &key, sig: &sigs[at % 2] };
            assert_eq!(fit_abreast(16, check, &not_abreast), [Some(true); 16]);
            assert!(inputs.iter().any(|input| input.size() == Size::Large));
        }
    }

    #[test]
    fn lanes_are_used_where_half_of_them_are_busy() {
        let group =
            |blocks: &[usize]| are_alike(&blocks.iter().map(|&blocks| (blocks, 0)).collect::<Vec<_>>());
        assert!(group(&[3; 16]) && group(&[0; 8]));
        assert!(!group(&[3; 7]) && !group(&[0; 1]));
        assert!(group(&[&[1; 15][..], &[4]].concat()));
        assert!(!group(&[&[1; 15][..], &[5]].concat()));
    }
}
