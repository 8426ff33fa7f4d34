//! What all contenders work on: packets and tokens signed beforehand, the same bytes in every language.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use counterseal::{
    Algorithm, Claim, Key, KeyOptions, Keyring, Kind, Nonce, PacketSigner, ReplayGuard, Secret, SignedNonce,
    Timestamp, TokenIssuer, Tolerance, Use,
};

use crate::Result;
use crate::contest::Plan;
use crate::payload::Payload;
use crate::rows::Size;

/// The keys, and the time of the run.
pub(crate) struct Inputs {
    pub(crate) plan: Plan,
    pub(crate) now: Timestamp,
    pub(crate) packet_key: Key,
    pub(crate) token_key: Key,
}

/// Distinct packets of one size.
pub(crate) struct Packets {
    pub(crate) body: String,
    pub(crate) list: Vec<Packet>,
    /// What the guard has held before, see [`Inputs::wear_in`]: nonces, and the signatures of such parts at [`Inputs::earlier`].
    pub(crate) earlier: Vec<(Nonce, String)>,
}

/// One packet in its two forms, and what a hand-written HMAC needs to judge the same bytes.
pub(crate) struct Packet {
    pub(crate) nonce: Nonce,
    /// Of kind json.
    pub(crate) text: Form,
    /// Of kind bytes.
    pub(crate) parts: Form,
    /// The whole packet of the first form.
    pub(crate) packet: String,
}

/// A signature and the input it was made over.
pub(crate) struct Form {
    pub(crate) input: Vec<u8>,
    pub(crate) sig: String,
    pub(crate) tag: Vec<u8>,
}

impl Inputs {
    pub(crate) fn new(plan: Plan) -> Result<Self> {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let now = Timestamp::new(seconds).ok_or("the clock is beyond the year 9999")?;
        let token_options = KeyOptions { uses: [Use::Token].into(), ..KeyOptions::default() };
        let packet_key = Key::new(PACKET_KEY, Secret::from_text(PACKET_SECRET)?, KeyOptions::default())?;
        let token_key = Key::new(TOKEN_KEY, Secret::from_text(TOKEN_SECRET)?, token_options)?;
        Ok(Self { plan, now, packet_key, token_key })
    }

    /// As many as the nearer caches hold: a packet has just arrived when it is verified.
    pub(crate) fn few_packets(&self, size: Size) -> Result<Packets> {
        self.packets(size, if size.bytes() > LARGE { 20 } else { 200 })
    }

    /// Enough that a guard need not be renewed at every turn.
    pub(crate) fn many_packets(&self, size: Size) -> Result<Packets> {
        self.packets(size, if size.bytes() > LARGE { 200 } else { 2_000 })
    }

    pub(crate) fn packets(&self, size: Size, count: usize) -> Result<Packets> {
        let signer = PacketSigner::new(self.packet_key.clone())?;
        let body = Payload::new(size.bytes()).canonical;
        let list = (0..count).map(|number| packet(&signer, &body, number as u64, self.now));
        let earlier = (count..2 * count).map(|number| {
            let nonce = nonce(number as u64);
            let sig = signer.sign_parts(Kind::Bytes, body.as_bytes(), CONTEXT, self.earlier(), &nonce)?;
            Ok((nonce, sig))
        });
        Ok(Packets { list: list.collect::<Result<_>>()?, earlier: earlier.collect::<Result<_>>()?, body })
    }

    /// A time whose nonces have expired by now, see [`Inputs::wear_in`].
    pub(crate) fn earlier(&self) -> Timestamp {
        Timestamp::new(self.now.seconds() - EARLIER).unwrap_or(Timestamp::EPOCH)
    }

    /// Lets a guard hold as many other nonces as there are packets at an earlier time. A server's guard seldom is new: the system gave its
    /// memory long ago.
    pub(crate) fn wear_in(&self, guard: &mut impl ReplayGuard, packets: &Packets) -> Result<()> {
        let then = self.earlier();
        for (nonce, _) in &packets.earlier {
            let nonce = SignedNonce::new("packet-1", PACKET_KEY, nonce);
            let claim = Claim::new(nonce, PACKET_KEY, then, Tolerance::default(), then);
            guard.claim(&claim).map_err(|code| format!("a claim was refused: {}", code.as_str()))?;
        }
        Ok(())
    }

    /// Distinct tokens.
    pub(crate) fn tokens(&self, size: Size) -> Result<Vec<String>> {
        let issuer = TokenIssuer::new(&self.token_key, Algorithm::Hs256)?;
        let pad = pad(&issuer, size, self.now)?;
        (0..TOKENS).map(|number| token(&issuer, number, pad, self.now)).collect()
    }

    pub(crate) fn packet_ring(&self) -> Result<Keyring> {
        Ok(Keyring::new([self.packet_key.clone()])?)
    }

    pub(crate) fn token_ring(&self) -> Result<Keyring> {
        Ok(Keyring::new([self.token_key.clone()])?)
    }

    pub(crate) fn packet_secret(&self) -> Result<Secret> {
        Ok(Secret::from_text(PACKET_SECRET)?)
    }

    pub(crate) fn token_secret(&self) -> Result<Secret> {
        Ok(Secret::from_text(TOKEN_SECRET)?)
    }
}

fn packet(signer: &PacketSigner, body: &str, number: u64, now: Timestamp) -> Result<Packet> {
    let nonce = nonce(number);
    let packet = signer.sign_json(body.as_bytes(), CONTEXT, now, &nonce)?;
    let sign = |kind| signer.sign_parts(kind, body.as_bytes(), CONTEXT, now, &nonce);
    let (text, parts) = (sign(Kind::Json)?, sign(Kind::Bytes)?);
    Ok(Packet {
        text: form(Kind::Json, body, now, &nonce, text)?,
        parts: form(Kind::Bytes, body, now, &nonce, parts)?,
        nonce,
        packet,
    })
}

/// Distinct for distinct numbers.
pub(crate) fn nonce(number: u64) -> Nonce {
    let mut entropy = [7; 16];
    entropy[..8].copy_from_slice(&number.to_be_bytes());
    Nonce::from_bytes(entropy)
}

/// The signing input written by itself (wire contract §2), so that a peer's good answer proves that it judged the same bytes.
fn form(kind: Kind, body: &str, now: Timestamp, nonce: &Nonce, sig: String) -> Result<Form> {
    let (ts, nonce) = (now.seconds(), nonce.as_str());
    let input = format!("counterseal-packet-v1\n{PACKET_KEY}\n{ts}\n{nonce}\n{CONTEXT}\n{kind}\n{body}");
    Ok(Form { input: input.into_bytes(), tag: URL_SAFE_NO_PAD.decode(&sig)?, sig })
}

/// A token that holds for a day.
fn token(issuer: &TokenIssuer, number: usize, pad: usize, now: Timestamp) -> Result<String> {
    let (iat, exp) = (now.seconds(), now.seconds() + 86_400);
    let scopes: String = SCOPES.chars().cycle().take(pad).collect();
    // White space before the number, so that all tokens are of one size.
    let claims = format!(
        r#"{{"engineId":"engine-7","exp":{exp},"iat":{iat},"role":"engine","seq":{number:>4},"userId":"dev-user-{scopes}"}}"#
    );
    Ok(issuer.issue_text(claims.as_bytes(), now)?)
}

/// The characters that a token lacks: three of them are four in base64.
fn pad(issuer: &TokenIssuer, size: Size, now: Timestamp) -> Result<usize> {
    let fits = |pad: &usize| token(issuer, 0, *pad, now).is_ok_and(|token| token.len() == size.bytes());
    (0..size.bytes()).find(fits).ok_or_else(|| format!("no token has {}", size.label()).into())
}

pub(crate) const CONTEXT: &str = "engine_status";
pub(crate) const PACKET_KEY: &str = "engine-eu-west-07";
pub(crate) const PACKET_SECRET: &str = "hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
pub(crate) const TOKEN_KEY: &str = "auth";
pub(crate) const TOKEN_SECRET: &str = "hex:202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";
/// What a guard that is renewed holds: more than any list, and small enough to be renewed often.
pub(crate) const GUARD: usize = 16_384;
/// Seconds, more than a nonce is remembered.
const EARLIER: u64 = 200;
const TOKENS: usize = 1_000;
const LARGE: usize = 2_048;
const SCOPES: &str = "00000042 reads jobs, writes results, sees telemetry; ";

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn inputs() -> Inputs {
        Inputs::new(Plan::QUICK).unwrap()
    }

    #[test]
    fn sizes_are_what_the_rows_say() {
        let packets = inputs().packets(Size::Packet, 3).unwrap();
        assert!(packets.list.iter().all(|packet| packet.packet.len() == 200));
        let packets = inputs().packets(Size::Payload(1024), 3).unwrap();
        assert_eq!(packets.body.len(), 1024);
        for size in [250, 1023] {
            let tokens = inputs().tokens(Size::Token(size)).unwrap();
            assert!(tokens.iter().all(|token| token.len() == size));
        }
    }

    #[test]
    fn a_guard_worn_in_holds_nothing_and_knows_none_of_them() {
        let inputs = inputs();
        let packets = inputs.packets(Size::Packet, 50).unwrap();
        let mut guard = counterseal_shared::MemoryReplayGuard::new("{}").unwrap();
        inputs.wear_in(&mut guard, &packets).unwrap();
        assert_eq!(guard.len(), 50.0);
        let ring = inputs.packet_ring().unwrap();
        let verifier = counterseal::PacketVerifier::new(counterseal::PacketOptions::default()).unwrap();
        let mut verify = |packet: &Packet| {
            verifier.verify(&ring, &mut guard, packet.packet.as_bytes(), CONTEXT, inputs.now).is_ok()
        };
        assert!(packets.list.iter().all(&mut verify) && !packets.list.iter().any(&mut verify));
        assert_eq!(guard.len(), 50.0);
    }

    #[test]
    fn no_two_are_alike_and_a_guard_has_room() {
        let packets = inputs().many_packets(Size::Packet).unwrap();
        let nonces: BTreeSet<_> = packets.list.iter().map(|packet| packet.nonce.as_str()).collect();
        // One owner may hold half of it.
        assert!(nonces.len() == packets.list.len() && nonces.len() <= GUARD / 2);
        let tokens = inputs().tokens(Size::Token(250)).unwrap();
        assert_eq!(tokens.iter().collect::<BTreeSet<_>>().len(), TOKENS);
    }
}
