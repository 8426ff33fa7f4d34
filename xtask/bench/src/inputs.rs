//! What all contenders work on: packets and tokens signed beforehand, the same bytes in every language.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use counterseal::{
    Algorithm, Key, KeyOptions, Keyring, Kind, Nonce, PacketSigner, Secret, Timestamp, TokenIssuer, Use,
};
use serde_json::{Value, json};

use crate::Result;
use crate::contest::Plan;

/// Packets and tokens, all distinct. When they come again, it is to a guard that has not seen them.
pub(crate) struct Inputs {
    pub(crate) plan: Plan,
    pub(crate) now: Timestamp,
    pub(crate) packet_key: Key,
    pub(crate) token_key: Key,
    pub(crate) body: String,
    pub(crate) packets: Vec<Packet>,
    pub(crate) tokens: Vec<String>,
}

/// One packet in its two forms, and what a hand-written HMAC needs to judge the same bytes.
pub(crate) struct Packet {
    pub(crate) nonce: Nonce,
    pub(crate) text: Form,
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
    pub(crate) fn sign(plan: Plan) -> Result<Self> {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let now = Timestamp::new(seconds).ok_or("the clock is beyond the year 9999")?;
        let token_options = KeyOptions { uses: [Use::Token].into(), ..KeyOptions::default() };
        let packet_key = Key::new(PACKET_KEY, Secret::from_text(PACKET_SECRET)?, KeyOptions::default())?;
        let token_key = Key::new(TOKEN_KEY, Secret::from_text(TOKEN_SECRET)?, token_options)?;
        let signer = PacketSigner::new(packet_key.clone())?;
        let issuer = TokenIssuer::new(&token_key, Algorithm::Hs256)?;
        let body = body();
        let numbers = 0..plan.inputs() as u64;
        Ok(Self {
            packets: numbers
                .clone()
                .map(|number| packet(&signer, &body, number, now))
                .collect::<Result<_>>()?,
            tokens: numbers.map(|number| token(&issuer, number, now)).collect::<Result<_>>()?,
            plan,
            now,
            packet_key,
            token_key,
            body,
        })
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

    /// What a script is given on standard input.
    pub(crate) fn for_script(&self) -> Value {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let part = |packet: &Packet| json!({"nonce": packet.nonce.as_str(), "sig": packet.parts.sig, "input": text(&packet.parts.input)});
        json!({
            "rounds": self.plan.rounds, "warm_up": self.plan.warm_up, "batch": self.plan.batch,
            "key_id": PACKET_KEY, "secret": PACKET_SECRET, "context": CONTEXT, "now": self.now.seconds(),
            "kind": Kind::Bytes.as_str(), "body": self.body, "parts": self.packets.iter().map(part).collect::<Vec<_>>(),
            "token_key_id": TOKEN_KEY, "token_secret": TOKEN_SECRET, "tokens": self.tokens,
        })
    }
}

/// A payload of [`BODY_SIZE`] bytes, already in RFC 8785 form: both a JSON value and raw bytes.
fn body() -> String {
    let event = |message: &str| {
        format!(
            r#"{{"durationMs":48213,"engine":"engine-7","job":42,"message":"{message}","progress":0.75,"status":"FINISHED","tags":["nightly","gpu"]}}"#
        )
    };
    event(&"m".repeat(BODY_SIZE.saturating_sub(event("").len())))
}

fn packet(signer: &PacketSigner, body: &str, number: u64, now: Timestamp) -> Result<Packet> {
    let mut entropy = [7; 16];
    entropy[..8].copy_from_slice(&number.to_be_bytes());
    let nonce = Nonce::from_bytes(entropy);
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

/// The signing input written by itself (wire contract §2), so that a peer's good answer proves that it judged the same bytes.
fn form(kind: Kind, body: &str, now: Timestamp, nonce: &Nonce, sig: String) -> Result<Form> {
    let (ts, nonce) = (now.seconds(), nonce.as_str());
    let input = format!("counterseal-packet-v1\n{PACKET_KEY}\n{ts}\n{nonce}\n{CONTEXT}\n{kind}\n{body}");
    Ok(Form { input: input.into_bytes(), tag: URL_SAFE_NO_PAD.decode(&sig)?, sig })
}

/// A token of 250 bytes that holds for a day.
fn token(issuer: &TokenIssuer, number: u64, now: Timestamp) -> Result<String> {
    let (iat, exp) = (now.seconds(), now.seconds() + 86_400);
    let claims = format!(
        r#"{{"engineId":"engine-7","exp":{exp},"iat":{iat},"role":"engine","seq":{number:>SEQ$},"userId":"dev-user-00000042"}}"#
    );
    Ok(issuer.issue_text(claims.as_bytes(), now)?)
}

pub(crate) const CONTEXT: &str = "engine_status";
pub(crate) const PACKET_KEY: &str = "engine-7";
pub(crate) const TOKEN_KEY: &str = "auth";
const PACKET_SECRET: &str = "hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const TOKEN_SECRET: &str = "hex:202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";
const BODY_SIZE: usize = 200;
/// White space before the number, so that all tokens are of one size.
const SEQ: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn sizes_are_what_the_rows_say() {
        let inputs = Inputs::sign(Plan { batch: 6, turns: 2, ..Plan::QUICK }).unwrap();
        assert_eq!(inputs.body.len(), BODY_SIZE);
        assert!(inputs.tokens.iter().all(|token| token.len() == 250));
    }

    #[test]
    fn no_two_are_alike() {
        let inputs = Inputs::sign(Plan { batch: 100, turns: 3, ..Plan::QUICK }).unwrap();
        let nonces: BTreeSet<_> = inputs.packets.iter().map(|packet| packet.nonce.as_str()).collect();
        let tokens: BTreeSet<_> = inputs.tokens.iter().collect();
        assert_eq!((nonces.len(), tokens.len()), (300, 300));
    }
}
