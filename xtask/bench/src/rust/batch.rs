//! A thousand packets in one call of the façade, against as many calls.

use std::hint::black_box;
use std::time::Instant;

use counterseal_shared::{Key, Keyring, MemoryReplayGuard, PacketVerifier};

use crate::Result;
use crate::contest::{Played, Side, Turns, accepted, play as contest, timed};
use crate::inputs::{CONTEXT, GUARD, Inputs, PACKET_KEY, PACKET_SECRET, Packets};
use crate::rows::Size;

pub(super) fn play(inputs: &Inputs, size: Size) -> Result<Played> {
    let turns = if size.bytes() > LARGE { 1 } else { 5 };
    let packets = inputs.packets(size, BATCH * turns)?;
    let texts: Vec<&[u8]> = packets.list.iter().map(|packet| packet.packet.as_bytes()).collect();
    let key = Key::new(PACKET_KEY, &counterseal_shared::Secret::from_text(PACKET_SECRET)?, "{}")?;
    let ring = Keyring::new(&[&key])?;
    let now = Some(inputs.now.seconds() as f64);

    let renew = || renewed(inputs, &packets, &ring);
    let (mut ours, mut verifier) = (Turns::new(&texts), renew()?);
    let product = |_| {
        let (first, texts) = ours.take(BATCH);
        if first {
            verifier = renew()?;
        }
        let begun = Instant::now();
        let results = black_box(verifier.verify_batch(texts, CONTEXT, now)?);
        let elapsed = begun.elapsed();
        let refused = results.iter().filter(|result| result.is_err()).count();
        if refused > 0 || results.len() != BATCH {
            return Err(format!("{refused} of {} packets were refused", results.len()).into());
        }
        Ok(elapsed.as_nanos() as f64 / BATCH as f64)
    };

    let (mut theirs, mut single) = (Turns::new(&texts), renew()?);
    let one_by_one = |_| {
        let (first, texts) = theirs.take(BATCH);
        if first {
            single = renew()?;
        }
        timed(texts, |text| accepted(single.verify(text, CONTEXT, now)))
    };
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let one_by_one = Side { name: "single", version, turn: Box::new(one_by_one) };
    contest(inputs.plan, Box::new(product), vec![one_by_one])
}

fn renewed(inputs: &Inputs, packets: &Packets, ring: &Keyring) -> Result<PacketVerifier> {
    let mut guard = MemoryReplayGuard::new(&format!(r#"{{"capacity":{GUARD}}}"#))?;
    inputs.wear_in(&mut guard, packets)?;
    Ok(PacketVerifier::new(ring, Some(&guard), "{}")?)
}

const BATCH: usize = 1_000;
const LARGE: usize = 2_048;
