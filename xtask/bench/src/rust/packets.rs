//! Packets from their text and from their parts, up to the claim and with it.

use counterseal::{Authenticated, Kind, MemoryReplayGuard, PacketOptions, PacketVerifier, Parts};
use ring::hmac;

use super::empty_guard;
use crate::Result;
use crate::contest::{Played, Side, Turn, Turns, accepted, play, timed};
use crate::inputs::{CONTEXT, Form, Inputs, PACKET_KEY, Packet, Packets};
use crate::limit;
use crate::rows::Size;
use crate::versions;

pub(super) fn text(inputs: &Inputs, size: Size) -> Result<Played> {
    let (ring, verifier) = (inputs.packet_ring()?, PacketVerifier::new(PacketOptions::default())?);
    let packets = inputs.few_packets(size)?;
    let mut turns = Turns::new(&packets.list);
    let product = |calls| {
        timed(turns.take(calls).1, |packet| {
            accepted(verifier.authenticate(&ring, packet.packet.as_bytes(), CONTEXT, inputs.now))
        })
    };
    against_the_mac(inputs, &packets, Box::new(product), |packet| &packet.text)
}

pub(super) fn text_claimed(inputs: &Inputs, size: Size) -> Result<Played> {
    let (ring, verifier) = (inputs.packet_ring()?, PacketVerifier::new(PacketOptions::default())?);
    let packets = inputs.many_packets(size)?;
    claimed(
        inputs,
        &packets,
        |packet| &packet.text,
        |packet, guard| {
            accepted(verifier.verify(&ring, guard, packet.packet.as_bytes(), CONTEXT, inputs.now))
        },
    )
}

pub(super) fn parts(inputs: &Inputs, size: Size) -> Result<Played> {
    let (ring, verifier) = (inputs.packet_ring()?, PacketVerifier::new(PacketOptions::default())?);
    let packets = inputs.few_packets(size)?;
    let mut turns = Turns::new(&packets.list);
    let product = |calls| {
        timed(turns.take(calls).1, |packet| {
            let parts = in_parts(inputs, &packets, packet);
            accepted(verifier.authenticate_parts(&ring, &parts, CONTEXT, inputs.now))
        })
    };
    against_the_mac(inputs, &packets, Box::new(product), |packet| &packet.parts)
}

pub(super) fn parts_claimed(inputs: &Inputs, size: Size) -> Result<Played> {
    let (ring, verifier) = (inputs.packet_ring()?, PacketVerifier::new(PacketOptions::default())?);
    let packets = inputs.many_packets(size)?;
    claimed(
        inputs,
        &packets,
        |packet| &packet.parts,
        |packet, guard| {
            let parts = in_parts(inputs, &packets, packet);
            let claim = |authenticated: Authenticated<'_, '_>| accepted(authenticated.claim(guard));
            verifier.authenticate_parts(&ring, &parts, CONTEXT, inputs.now).is_ok_and(claim)
        },
    )
}

fn in_parts<'a>(inputs: &Inputs, packets: &'a Packets, packet: &'a Packet) -> Parts<'a> {
    Parts {
        key_id: PACKET_KEY,
        kind: Kind::Bytes,
        body: packets.body.as_bytes(),
        ts: inputs.now,
        nonce: packet.nonce.as_str(),
        sig: &packet.parts.sig,
    }
}

/// Checks 1 to 7, `ring` and the limit by turns.
fn against_the_mac<'a>(
    inputs: &'a Inputs,
    packets: &'a Packets,
    product: Turn<'a>,
    form: impl Fn(&Packet) -> &Form + 'a,
) -> Result<Played> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, inputs.packet_secret()?.expose());
    let limit = limit::side(limit::of_mac(length(packets, &form)));
    let mut turns = Turns::new(&packets.list);
    let ring = move |calls| {
        timed(turns.take(calls).1, |packet| {
            accepted(hmac::verify(&key, &form(packet).input, &form(packet).tag))
        })
    };
    let ring = Side { name: "ring", version: versions::locked("ring")?, turn: Box::new(ring) };
    play(inputs.plan, product, vec![limit, ring])
}

/// All checks and the limit by turns.
fn claimed(
    inputs: &Inputs,
    packets: &Packets,
    form: impl Fn(&Packet) -> &Form,
    verify: impl Fn(&Packet, &mut MemoryReplayGuard) -> bool,
) -> Result<Played> {
    let (mut turns, mut guard) = (Turns::new(&packets.list), empty_guard()?);
    let limit = limit::side(limit::of_mac(length(packets, form)));
    let product = |calls| {
        let (first, taken) = turns.take(calls);
        if first {
            guard = empty_guard()?;
            inputs.wear_in(&mut guard, packets)?;
        }
        timed(taken, |packet| verify(packet, &mut guard))
    };
    play(inputs.plan, Box::new(product), vec![limit])
}

fn length(packets: &Packets, form: impl Fn(&Packet) -> &Form) -> usize {
    packets.list.first().map_or(0, |packet| form(packet).input.len())
}
