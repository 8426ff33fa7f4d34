//! A message's first block against its lines as bytes, for every length of the key id.

use counterseal_lanes::Opening;

const TITLE: &[u8; 22] = b"counterseal-packet-v1\n";

/// Bytes that differ from each other and from zero here and there, LF among them.
fn bytes<const N: usize>(seed: usize) -> [u8; N] {
    core::array::from_fn(|at| (at * 151 + seed * 67 + 10) as u8)
}

#[test]
fn every_length_of_key_id() {
    let mut written = 0;
    for length in 0..=90 {
        for seed in 0..8 {
            let (id, ts, nonce) = (bytes::<90>(seed), bytes::<10>(seed + 1), bytes::<22>(seed + 2));
            let id = &id[..length];
            let message = [TITLE, id, b"\n", &ts, b"\n", &nonce, b"\n"].concat();
            let Some(opening) = Opening::new(TITLE, id, ts, &nonce) else { continue };
            assert!(opening.nonce_at() <= 64);
            assert_eq!(message[opening.nonce_at()..][..22], nonce, "{length}");
            let mut block = [0xA5; 64];
            opening.write(&mut block);
            assert_eq!(block, message[..64], "{length}");
            written += 1;
        }
    }
    assert!(written == 0 || written == 8 * (8..=30).count());
}
