//! Packets: the verdict of [`PacketVerifier::authenticate`], explained.

use super::{Explanation, Hint, clock, keys, not_claimed, number, stages, text, tries};
use crate::base64;
use crate::error::{Error, ErrorCode};
use crate::json::{Document, Item};
use crate::key::{Keyring, Use};
use crate::packet::envelope::Envelope;
use crate::packet::input::Input;
use crate::packet::{Body, PacketVerifier};
use crate::time::Timestamp;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Explains what [`PacketVerifier::authenticate`] says of a packet: checks 1 to 7 of the verification order. No nonce is claimed, so a replay
/// is not seen, and the packet can still be verified.
///
/// Where the signature does not fit, other contexts, other forms of the payload, other encodings of the secret and the other keys of the ring
/// are tried: some hundred MACs for the key that is named, a few for each other.
pub fn explain_packet(
    verifier: &PacketVerifier,
    ring: &Keyring,
    packet: &[u8],
    context: &str,
    now: Timestamp,
) -> Explanation {
    let outcome = verifier.authenticate(ring, packet, context, now).map(drop);
    let case = Case { verifier, ring, packet, context, now, envelope: verifier.open(packet).ok() };
    let error = outcome.as_ref().err();
    let place = error.map_or(Some(NONCE), |error| place_of(error.code()));
    Explanation {
        subject: "packet",
        stages: stages(&STAGES, place.unwrap_or(0), error.filter(|_| place.is_some()), |name| {
            case.passed(name)
        }),
        facts: case.facts(),
        signing_input: place.and(case.envelope.as_ref()).map(|envelope| shown_input(envelope, context)),
        hints: error.map_or_else(not_claimed, |error| case.hints(error)),
        outcome,
    }
}

/// Which stage a code belongs to; none for the caller's own arguments, which come before the first.
fn place_of(code: ErrorCode) -> Option<usize> {
    match code {
        ErrorCode::MalformedPacket | ErrorCode::MalformedPayload | ErrorCode::PayloadTooLarge => Some(0),
        ErrorCode::UnsupportedVersion => Some(1),
        ErrorCode::UnknownKey | ErrorCode::RevokedKey | ErrorCode::InactiveKey => Some(2),
        ErrorCode::BadSignature => Some(3),
        ErrorCode::Expired | ErrorCode::NotYetValid => Some(4),
        ErrorCode::CallerNotAllowed => Some(5),
        _ => None,
    }
}

/// A packet, all that it is held against, and what it says if it can be read.
struct Case<'c> {
    verifier: &'c PacketVerifier,
    ring: &'c Keyring,
    packet: &'c [u8],
    context: &'c str,
    now: Timestamp,
    envelope: Option<Envelope<'c>>,
}

impl Case<'_> {
    fn passed(&self, name: &str) -> String {
        // Only the shape of another version passes without its being read.
        let Some(envelope) = &self.envelope else { return String::from("one JSON object") };
        let options = self.verifier.options();
        match name {
            "shape" => shape(self.packet, &envelope.body),
            "version" => String::from("v is 1"),
            "key" => self.ring.get(&envelope.key_id).map(keys::described).unwrap_or_default(),
            "signature" => String::from("the MAC fits"),
            "age" => clock::window(options.tolerance),
            _ => String::from(if options.allow.is_some() { "on the list" } else { "every owner may call" }),
        }
    }

    fn facts(&self) -> Vec<(&'static str, crate::json::Value)> {
        let now = self.now.seconds() as f64;
        let mut facts = Vec::from([("context", text(self.context)), ("now", number(now))]);
        let Some(envelope) = &self.envelope else { return facts };
        facts.push(("key_id", text(&envelope.key_id)));
        if let Some(key) = self.ring.get(&envelope.key_id) {
            facts.push(("owner", text(key.owner())));
        }
        let ts = envelope.ts.seconds() as f64;
        facts.extend([("ts", number(ts)), ("age", number(now - ts))]);
        facts.extend([
            ("nonce", text(envelope.nonce.as_str())),
            ("kind", text(envelope.body.kind().as_str())),
        ]);
        if let Body::Bytes(_) = envelope.body {
            facts.push(("body_encoding", text("base64url")));
        }
        facts
    }

    fn hints(&self, error: &Error) -> Vec<Hint> {
        let (code, options) = (error.code(), self.verifier.options());
        let Some(envelope) = &self.envelope else { return self.form_hints(code) };
        match code {
            ErrorCode::UnknownKey | ErrorCode::RevokedKey | ErrorCode::InactiveKey => {
                keys::hints(code, self.ring, &envelope.key_id, &Use::Packet, self.now)
            }
            ErrorCode::BadSignature => tries::hints(envelope, self.packet, self.context, self.ring),
            ErrorCode::Expired | ErrorCode::NotYetValid => {
                let signed = clock::Signed { subject: "packet", name: "ts", ts: envelope.ts };
                clock::hints(code, &signed, self.now, options.tolerance)
            }
            ErrorCode::CallerNotAllowed => {
                let allowed = options.allow.as_deref().unwrap_or_default().join(", ");
                Vec::from([Hint::new("policy", format!("allow names: {allowed}"))])
            }
            _ => Vec::new(),
        }
    }

    /// For what cannot be read as a packet.
    fn form_hints(&self, code: ErrorCode) -> Vec<Hint> {
        let start = self.packet.trim_ascii_start();
        let text = match code {
            ErrorCode::PayloadTooLarge => format!(
                "the text has {} bytes: send less, or raise body_limit on both sides",
                self.packet.len()
            ),
            ErrorCode::UnsupportedVersion => {
                String::from("the peer writes another version of the format: compare both sides' SDKs")
            }
            ErrorCode::MalformedPacket if start.is_empty() => String::from("nothing arrived"),
            ErrorCode::MalformedPacket if start.starts_with(b"\"") => {
                String::from("it is a JSON string: was the packet serialised twice?")
            }
            ErrorCode::MalformedPacket if start.starts_with(b"\xEF\xBB\xBF") => {
                String::from("a byte order mark stands before it: write UTF-8 without one")
            }
            _ => return self.time_hint().into_iter().collect(),
        };
        Vec::from([Hint::new("packet", text)])
    }

    fn time_hint(&self) -> Option<Hint> {
        let document = Document::read(self.packet).ok()?;
        let Item::Object(members) = document.root() else { return None };
        match members.get("ts")? {
            Item::Number(ts) => clock::unit("ts", ts.get(), self.now),
            Item::String(_) => Some(Hint::new("clock", "ts is a string: it must be a number")),
            _ => None,
        }
    }
}

fn shape(packet: &[u8], body: &Body<'_>) -> String {
    let (whole, length) = (packet.len(), body.as_bytes().len());
    match body {
        Body::Json(_) => format!("{whole} bytes; the payload has {length} in its RFC 8785 form"),
        Body::Bytes(_) => format!("{whole} bytes; the data has {length}"),
    }
}

fn shown_input(envelope: &Envelope<'_>, context: &str) -> String {
    let input = envelope.input(context);
    let bytes = match &envelope.body {
        Body::Json(_) => input.concat(),
        Body::Bytes(data) => Input { body: base64::encode_url(data).as_bytes(), ..input }.concat(),
    };
    String::from_utf8(bytes).unwrap_or_default()
}

const STAGES: [&str; 7] = ["shape", "version", "key", "signature", "age", "caller", "nonce"];
/// Only a guard can judge it.
const NONCE: usize = 6;
