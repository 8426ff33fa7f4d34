//! What a peer may have signed instead, tried until the signature that arrived is good. Every try is made on this side, and only the one that
//! fits is told: no signature is.

use super::Hint;
use super::secrets::otherwise;
use crate::base64;
use crate::json::{self, Reader};
use crate::key::Keyring;
use crate::mac::MacKey;
use crate::packet::envelope::Envelope;
use crate::packet::input::Input;
use crate::packet::{Body, Kind};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// One part of what was signed, as it may have been, and what that would mean; nothing for the part as this side has it.
pub(super) struct Part<T> {
    pub(super) value: T,
    pub(super) hint: Option<Hint>,
}

impl<T> Part<T> {
    fn as_is(value: T) -> Self {
        Self { value, hint: None }
    }

    fn other(value: T, look_at: &'static str, text: impl Into<String>) -> Self {
        Self { value, hint: Some(Hint::new(look_at, text)) }
    }
}

/// What the signature of the packet is good for, in as many of its parts as must be changed; or, if nothing fits, what to compare.
pub(super) fn hints(envelope: &Envelope<'_>, packet: &[u8], context: &str, ring: &Keyring) -> Vec<Hint> {
    let keys = keys(ring, &envelope.key_id, "kid");
    let (contexts, bodies) = (contexts(context), bodies(envelope, packet));
    for key in &keys {
        for context in &contexts {
            for body in &bodies {
                let (kind, bytes) = &body.value;
                let input = Input { context: &context.value, kind: *kind, body: bytes, ..envelope.input("") };
                if input.check(&key.value, &envelope.sig) {
                    return [&key.hint, &context.hint, &body.hint].into_iter().flatten().cloned().collect();
                }
            }
        }
    }
    nothing_fits(context)
}

/// The key that is named, first as it is; its secret in other encodings; the other keys of the ring. `parameter` is where the id stands.
pub(super) fn keys(ring: &Keyring, id: &str, parameter: &str) -> Vec<Part<MacKey>> {
    let mut keys = Vec::new();
    if let Some(named) = ring.get(id) {
        keys.push(Part::as_is(named.mac_key().clone()));
        let other = |way: super::secrets::Otherwise| Part::other(MacKey::new(&way.bytes), "secret", way.how);
        keys.extend(otherwise(named.secret_bytes()).into_iter().map(other));
    }
    for key in ring.keys().filter(|key| key.id() != id) {
        keys.push(Part::other(key.mac_key().clone(), "key", other_key(key.id(), id, parameter)));
    }
    keys
}

/// For the signature that another key of the ring made.
pub(super) fn other_key(id: &str, named: &str, parameter: &str) -> String {
    format!(
        "the signature is that of key {id}, and {parameter} names {named}: two secrets, or two ids, are mixed up"
    )
}

fn contexts(context: &str) -> Vec<Part<String>> {
    let mut contexts = Vec::from([Part::as_is(context.to_string())]);
    if !context.is_empty() {
        contexts.push(signed_for(String::new(), "which is empty"));
    }
    let direction = context.split_once('>').and_then(|(from, rest)| Some((from, rest.split_once(':')?)));
    if let Some((from, (to, event))) = direction {
        contexts.push(signed_for(format!("{to}>{from}:{event}"), "the other direction"));
        let bare = event.split('@').next().unwrap_or_default();
        contexts.push(signed_for(bare.to_string(), "the event alone"));
        if bare != event {
            contexts.push(signed_for(format!("{from}>{to}:{bare}"), "without the session"));
        }
    }
    contexts
}

fn signed_for(context: String, what: &str) -> Part<String> {
    let text = format!("the peer signed for the context {context:?}, {what}");
    Part::other(context, "context", text)
}

fn bodies<'a>(envelope: &'a Envelope<'_>, packet: &'a [u8]) -> Vec<Part<(Kind, Cow<'a, [u8]>)>> {
    let body = envelope.body.as_bytes();
    let mut bodies = Vec::from([Part::as_is((envelope.body.kind(), Cow::Borrowed(body)))]);
    let mut other = |kind, body, look_at, text| bodies.push(Part::other((kind, body), look_at, text));
    match &envelope.body {
        Body::Json(_) => {
            other(
                Kind::Bytes,
                Cow::Borrowed(body),
                "kind",
                "the peer signed the payload as bytes, and sent it as JSON",
            );
            if let Some(arrived) = payload_text(packet).filter(|arrived| *arrived != body) {
                other(Kind::Json, Cow::Borrowed(arrived), "payload", ARRIVED);
                other(Kind::Bytes, Cow::Borrowed(arrived), "payload", ARRIVED_BYTES);
            }
        }
        Body::Bytes(_) => {
            let text = base64::encode_url(body).into_bytes();
            other(
                Kind::Json,
                Cow::Borrowed(body),
                "kind",
                "the peer signed the data as JSON, and sent it as bytes",
            );
            other(
                Kind::Bytes,
                Cow::Owned(text),
                "payload",
                "the peer signed the text of data, not the bytes that it encodes",
            );
        }
    }
    bodies
}

/// The payload's text as it arrived, in a packet that holds.
fn payload_text(packet: &[u8]) -> Option<&[u8]> {
    let mut reader = Reader::new(packet);
    reader.skip_space();
    reader.take(b'{').ok()?;
    loop {
        reader.skip_space();
        let name = reader.string().ok()?;
        reader.skip_space();
        reader.take(b':').ok()?;
        reader.skip_space();
        let from = reader.at();
        reader.document().ok()?;
        if name == "payload" {
            return packet.get(from..reader.at());
        }
        reader.skip_space();
        reader.take(b',').ok()?;
    }
}

fn nothing_fits(context: &str) -> Vec<Hint> {
    let context = json::write(&super::text(context));
    Vec::from([
        Hint::new(
            "context",
            format!(
                "this side verifies for {context}: event, direction and session must be the peer's, letter by letter"
            ),
        ),
        secret_unfit(),
        Hint::new(
            "payload",
            "compare the signing input with the peer's, byte by byte: was something changed on its way?",
        ),
    ])
}

/// For a signature that no key of this side made, as far as was tried.
pub(super) fn secret_unfit() -> Hint {
    Hint::new(
        "secret",
        "other encodings of this secret and the other keys of the ring were tried, and none fits: do both sides hold the same one?",
    )
}

const ARRIVED: &str = "the peer signed the payload's text as it arrived, not its RFC 8785 form: sign through the SDK, which writes that form";
const ARRIVED_BYTES: &str = "the peer signed the payload's text as it arrived, and as bytes: sign JSON through the SDK's call for JSON";
