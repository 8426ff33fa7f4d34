//! Signs packets.

use super::input::{Input, check_context};
use super::limit::BodyLimit;
use super::{Kind, verify};
use crate::base64;
use crate::error::{ErrorCode, Result};
use crate::json::{self, Value};
use crate::key::{Key, Use};
use crate::nonce::Nonce;
use crate::options::Options;
use crate::time::Timestamp;
use alloc::format;
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

    /// A signer whose options are JSON: `body_limit`, in bytes.
    ///
    /// # Errors
    /// As [`PacketSigner::new`]; `malformed_argument` for an unknown member or a limit out of range.
    pub fn from_options(key: Key, json: &[u8]) -> Result<Self> {
        let limit = verify::body_limit(&Options::read(json, &["body_limit"], ErrorCode::MalformedArgument)?)?;
        Ok(Self { limit, ..Self::new(key)? })
    }

    /// Signs a payload given as JSON text, which may have white space and any order of members. Returns the packet's text.
    ///
    /// # Errors
    /// `malformed_argument` for the context; `malformed_payload`, `payload_too_large`; `revoked_key`, `inactive_key`.
    pub fn sign_json(&self, payload: &[u8], context: &str, now: Timestamp, nonce: &Nonce) -> Result<String> {
        check_context(context)?;
        self.limit.check_text(payload)?;
        let body = json::canonical(payload)?;
        let sig = self.sign_body(Kind::Json, body.as_bytes(), context, now, nonce)?;
        Ok(self.packet("payload", &body, now, nonce, &sig))
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
        let sig = self.sign_body(Kind::Bytes, data, context, now, nonce)?;
        Ok(self.packet("data", &format!("\"{}\"", base64::encode_url(data)), now, nonce, &sig))
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
        verify::read_body(kind, body, self.limit)?;
        self.sign_body(kind, body, context, now, nonce)
    }

    fn sign_body(
        &self,
        kind: Kind,
        body: &[u8],
        context: &str,
        ts: Timestamp,
        nonce: &Nonce,
    ) -> Result<String> {
        self.limit.check_body(body)?;
        self.key.check_status(ts)?;
        let input = Input { key_id: self.key.id(), ts, nonce: nonce.as_str(), context, kind, body };
        Ok(base64::encode_url(&input.mac(self.key.mac_key())))
    }

    fn packet(&self, member: &str, value: &str, ts: Timestamp, nonce: &Nonce, sig: &str) -> String {
        let (kid, ts, nonce) = (self.key.id(), ts.seconds(), nonce.as_str());
        format!(r#"{{"v":1,"kid":"{kid}","ts":{ts},"nonce":"{nonce}","{member}":{value},"sig":"{sig}"}}"#)
    }
}
