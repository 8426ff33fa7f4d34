//! Signs packets.

use super::envelope::{self, Signature};
use super::input::{Input, Seconds, check_context};
use super::limit::BodyLimit;
use super::{Body, Kind};
use crate::base64;
use crate::error::{ErrorCode, Result};
use crate::json::{self, Value};
use crate::key::{Key, Use};
use crate::nonce::Nonce;
use crate::options::Options;
use crate::time::Timestamp;
use alloc::borrow::Cow;
use alloc::string::String;

/// Signs packets with one key.
#[derive(Clone, Debug)]
pub struct PacketSigner {
    key: Key,
    limit: BodyLimit,
}

impl PacketSigner {
    /// A signer with the default body limit of 1 MiB.
    ///
    /// # Errors
    /// `malformed_argument` if the key is not for packets.
    pub fn new(key: Key) -> Result<Self> {
        key.check_signs(&Use::Packet)?;
        Ok(Self { key, limit: BodyLimit::default() })
    }

    /// A signer with a body limit of its own.
    pub(crate) fn with_limit(key: Key, bytes: usize) -> Result<Self> {
        Ok(Self { limit: BodyLimit::new(bytes)?, ..Self::new(key)? })
    }

    /// A signer whose options are JSON: `body_limit`, in bytes.
    ///
    /// # Errors
    /// As [`PacketSigner::new`]; `malformed_argument` for an unknown member or a limit out of range.
    pub fn from_options(key: Key, json: &[u8]) -> Result<Self> {
        let limit = BodyLimit::of(&Options::read(json, &["body_limit"], ErrorCode::MalformedArgument)?)?;
        Ok(Self { limit, ..Self::new(key)? })
    }

    pub(crate) fn key(&self) -> &Key {
        &self.key
    }

    /// The longest JSON text that is read for a payload: 4 × body limit + 4096 bytes.
    pub fn text_limit(&self) -> usize {
        self.limit.text_limit()
    }

    /// Signs a payload given as JSON text, which may have white space and any order of members. Returns the packet's text.
    ///
    /// # Errors
    /// `malformed_argument` for the context; `malformed_payload`, `payload_too_large`; `revoked_key`, `inactive_key`.
    pub fn sign_json(&self, payload: &[u8], context: &str, now: Timestamp, nonce: &Nonce) -> Result<String> {
        Ok(self.seal_json(payload, context, now, nonce)?.to_text())
    }

    /// Signs a payload given as a value. As [`PacketSigner::sign_json`].
    ///
    /// # Errors
    /// As [`PacketSigner::sign_json`]; a value that strict JSON text cannot have is `malformed_payload`.
    pub fn sign_value(
        &self,
        payload: &Value,
        context: &str,
        now: Timestamp,
        nonce: &Nonce,
    ) -> Result<String> {
        self.sign_json(json::write(payload).as_bytes(), context, now, nonce)
    }

    /// Signs raw bytes. Returns the packet's text.
    ///
    /// # Errors
    /// As [`PacketSigner::sign_json`], but for the payload's grammar.
    pub fn sign_bytes(&self, data: &[u8], context: &str, now: Timestamp, nonce: &Nonce) -> Result<String> {
        check_context(context)?;
        Ok(self.seal(Body::Bytes(Cow::Borrowed(data)), context, now, nonce)?.to_text())
    }

    /// Signs a payload given as JSON text. Returns the packet's members, not yet written.
    ///
    /// # Errors
    /// As [`PacketSigner::sign_json`].
    pub fn seal_json<'a>(
        &self,
        payload: &'a [u8],
        context: &str,
        now: Timestamp,
        nonce: &Nonce,
    ) -> Result<Sealed<'a>> {
        check_context(context)?;
        self.limit.check_text(payload)?;
        self.seal(Body::Json(json::canonical_form(payload)?), context, now, nonce)
    }

    /// Signs a body for a carrier of its own, such as a binary frame. Returns the signature, 43 characters.
    ///
    /// # Errors
    /// As [`PacketSigner::sign_json`]; JSON that is not in RFC 8785 form is `malformed_payload`.
    pub fn sign_parts(
        &self,
        kind: Kind,
        body: &[u8],
        context: &str,
        now: Timestamp,
        nonce: &Nonce,
    ) -> Result<String> {
        check_context(context)?;
        let body = envelope::read_body(kind, body, self.limit)?;
        Ok(String::from(self.seal(body, context, now, nonce)?.sig()))
    }

    fn seal<'a>(&self, body: Body<'a>, context: &str, ts: Timestamp, nonce: &Nonce) -> Result<Sealed<'a>> {
        self.limit.check_body(body.as_bytes())?;
        self.key.check_status(ts)?;
        let input = Input {
            key_id: self.key.id().as_bytes(),
            ts: Seconds::Number(ts),
            nonce: nonce.as_bytes(),
            context,
            kind: body.kind(),
            body: body.as_bytes(),
        };
        let sig = base64::encode_tag(&input.mac(self.key.mac_key()));
        Ok(Sealed { key: self.key.clone(), ts, nonce: *nonce, body, sig })
    }
}

/// A signed packet as its members.
#[derive(Clone, Debug)]
pub struct Sealed<'a> {
    key: Key,
    ts: Timestamp,
    nonce: Nonce,
    body: Body<'a>,
    sig: Signature,
}

impl Sealed<'_> {
    /// The id of the key that signed it.
    pub fn key_id(&self) -> &str {
        self.key.id()
    }

    /// When it was signed.
    pub fn timestamp(&self) -> Timestamp {
        self.ts
    }

    /// Its nonce.
    pub fn nonce(&self) -> &Nonce {
        &self.nonce
    }

    /// What was signed.
    pub fn body(&self) -> &Body<'_> {
        &self.body
    }

    /// The signature, 43 characters.
    pub fn sig(&self) -> &str {
        // A tag's text is ASCII.
        str::from_utf8(&self.sig).unwrap_or_default()
    }

    /// The packet's text (wire contract §2).
    pub fn to_text(&self) -> String {
        let body = self.body.to_wire();
        let (opening, closing) = match self.body.kind() {
            Kind::Json => (r#"","payload":"#, r#","sig":""#),
            Kind::Bytes => (r#"","data":""#, r#"","sig":""#),
        };
        let mut text = String::with_capacity(body.len() + LONGEST_FRAME);
        text.push_str(r#"{"v":1,"kid":""#);
        text.push_str(self.key.id());
        text.push_str(r#"","ts":"#);
        json::write_number(&mut text, self.ts.seconds() as f64);
        text.push_str(r#","nonce":""#);
        for part in [self.nonce.as_str(), opening, &body, closing, self.sig(), r#""}"#] {
            text.push_str(part);
        }
        text
    }
}

/// No less than all that can stand around a body.
const LONGEST_FRAME: usize = 256;
