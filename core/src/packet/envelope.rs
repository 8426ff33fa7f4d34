//! Reads a packet's text: the members of the contract and no other, the first fault in text order.

use super::body::canonical;
use super::input::{Input, Seconds};
use super::limit::BodyLimit;
use super::{Body, Kind, Parts};
use crate::QUICK;
use crate::base64;
use crate::error::{Error, ErrorCode, Result};
use crate::json::{self, Fault, Reader};
use crate::nonce::Nonce;
use crate::text::is_name;
use crate::time::Timestamp;
use alloc::borrow::Cow;
use alloc::format;

/// A packet whose shape, grammar, size and version are checked (checks 1 and 2), and whose signature is not.
#[derive(Debug)]
pub(crate) struct Envelope<'a> {
    pub(crate) key_id: Cow<'a, str>,
    pub(crate) ts: Timestamp,
    pub(crate) nonce: Nonce,
    pub(crate) body: Body<'a>,
    pub(crate) sig: Cow<'a, Signature>,
}

/// A signature as it arrives.
pub(crate) type Signature = [u8; SIG_LENGTH];

impl Envelope<'_> {
    /// What was signed, if this packet is for `context`.
    pub(crate) fn input<'e>(&'e self, context: &'e str) -> Input<'e> {
        Input {
            key_id: self.key_id.as_bytes(),
            ts: Seconds::Number(self.ts),
            nonce: self.nonce.as_bytes(),
            context,
            kind: self.body.kind(),
            body: self.body.as_bytes(),
        }
    }
}

pub(super) fn read(text: &[u8], limit: BodyLimit) -> Result<Envelope<'_>> {
    limit.check_text(text)?;
    let envelope = Members::read(text).map_err(|refusal| refusal.into_error(text))?;
    limit.check_body(envelope.body.as_bytes())?;
    Ok(envelope)
}

/// Where the first fault lies decides its code.
enum Refusal {
    InPayload(Error),
    Elsewhere(Fault),
}

impl Refusal {
    fn into_error(self, text: &[u8]) -> Error {
        if json::other_version(text) {
            return ErrorCode::UnsupportedVersion.into();
        }
        match self {
            Self::InPayload(error) => error,
            Self::Elsewhere(fault) => {
                Error::new(ErrorCode::MalformedPacket, format!("{} (byte {})", fault.why, fault.at))
            }
        }
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Elsewhere(fault)
    }
}

#[derive(Default)]
struct Members<'a> {
    version: Option<()>,
    key_id: Option<Cow<'a, str>>,
    ts: Option<Timestamp>,
    nonce: Option<Nonce>,
    body: Option<Body<'a>>,
    sig: Option<Cow<'a, Signature>>,
}

impl<'a> Members<'a> {
    fn read(text: &'a [u8]) -> Result<Envelope<'a>, Refusal> {
        let mut reader = Reader::new(text);
        let mut members = Self::default();
        reader.skip_space();
        reader.take(b'{')?;
        reader.skip_space();
        if reader.peek() != Some(b'}') {
            members.read_all(&mut reader)?;
        }
        check_closed(&reader)?;
        let envelope = members.complete(reader.at())?;
        reader.take(b'}')?;
        reader.finish()?;
        Ok(envelope)
    }

    fn read_all(&mut self, reader: &mut Reader<'a>) -> Result<(), Refusal> {
        loop {
            reader.skip_space();
            self.member(reader)?;
            reader.skip_space();
            if !reader.skip(b',') {
                return Ok(());
            }
        }
    }

    fn member(&mut self, reader: &mut Reader<'a>) -> Result<(), Refusal> {
        let at = reader.at();
        let name = reader.string()?;
        self.check_name(&name, at)?;
        reader.skip_space();
        reader.take(b':')?;
        reader.skip_space();
        let at = reader.at();
        match &*name {
            "v" => self.version = Some(version(reader, at)?),
            "kid" => self.key_id = Some(key_id(reader, at)?),
            "ts" => self.ts = Some(timestamp(reader, at)?),
            "nonce" => self.nonce = Some(nonce(reader, at)?),
            "payload" => self.body = Some(payload(reader)?),
            "data" => self.body = Some(data(reader, at)?),
            _ => self.sig = Some(sig(reader, at)?),
        }
        Ok(())
    }

    /// A repeated or unknown member, or the second of `payload` and `data`, is a fault at its name.
    fn check_name(&self, name: &str, at: usize) -> Result<(), Fault> {
        let seen = match name {
            "v" => self.version.is_some(),
            "kid" => self.key_id.is_some(),
            "ts" => self.ts.is_some(),
            "nonce" => self.nonce.is_some(),
            "payload" | "data" => self.body.is_some(),
            "sig" => self.sig.is_some(),
            _ => {
                return Err(Fault {
                    at,
                    why: "a packet has the members v, kid, ts, nonce, payload or data, sig, and no other",
                });
            }
        };
        if seen { Err(Fault { at, why: "a member stands twice, or payload and data both" }) } else { Ok(()) }
    }

    fn complete(self, at: usize) -> Result<Envelope<'a>, Fault> {
        let missing = |name| Fault { at, why: name };
        self.version.ok_or(missing("the member v is missing"))?;
        Ok(Envelope {
            key_id: self.key_id.ok_or(missing("the member kid is missing"))?,
            ts: self.ts.ok_or(missing("the member ts is missing"))?,
            nonce: self.nonce.ok_or(missing("the member nonce is missing"))?,
            body: self.body.ok_or(missing("the member payload (or data) is missing"))?,
            sig: self.sig.ok_or(missing("the member sig is missing"))?,
        })
    }
}

fn check_closed(reader: &Reader<'_>) -> Result<(), Fault> {
    if reader.peek() == Some(b'}') {
        Ok(())
    } else {
        Err(Fault { at: reader.at(), why: "a comma or the closing brace must stand here" })
    }
}

fn version(reader: &mut Reader<'_>, at: usize) -> Result<(), Fault> {
    if reader.number_text()? == "1" { Ok(()) } else { Err(Fault { at, why: "v must be the integer 1" }) }
}

fn key_id<'a>(reader: &mut Reader<'a>, at: usize) -> Result<Cow<'a, str>, Fault> {
    let text = reader.string()?;
    if is_name(&text) { Ok(text) } else { Err(Fault { at, why: KEY_ID_FAULT }) }
}

fn timestamp(reader: &mut Reader<'_>, at: usize) -> Result<Timestamp, Fault> {
    let text = reader.number_text()?;
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = if digits { text.parse().ok() } else { None };
    seconds
        .and_then(Timestamp::new)
        .ok_or(Fault { at, why: "ts must be whole Unix seconds, digits only, from 0 to 253402300799" })
}

fn nonce(reader: &mut Reader<'_>, at: usize) -> Result<Nonce, Fault> {
    Nonce::parse(&reader.string()?).ok_or(Fault { at, why: NONCE_FAULT })
}

/// The payload's value begins after its colon: whatever goes wrong until its end is inside it.
fn payload<'a>(reader: &mut Reader<'a>) -> Result<Body<'a>, Refusal> {
    let value = reader.document().map_err(|fault| Refusal::InPayload(json::refusal(fault)))?;
    Ok(Body::Json(Cow::Owned(value.write())))
}

fn data<'a>(reader: &mut Reader<'a>, at: usize) -> Result<Body<'a>, Fault> {
    let text = reader.string()?;
    let bytes = base64::decode_url(text.as_bytes())
        .ok_or(Fault { at, why: "data must be base64url without padding" })?;
    Ok(Body::Bytes(Cow::Owned(bytes)))
}

fn sig<'a>(reader: &mut Reader<'a>, at: usize) -> Result<Cow<'a, Signature>, Fault> {
    let text = reader.string()?;
    let sig = signature(&text);
    sig.map(|sig| Cow::Owned(*sig)).ok_or(Fault { at, why: SIG_FAULT })
}

fn signature(text: &str) -> Option<&Signature> {
    text.as_bytes().try_into().ok().filter(|sig: &&Signature| base64::is_url(*sig))
}

/// The same rules for parts that came by a carrier of their own.
pub(super) fn read_parts<'a>(parts: &Parts<'a>, limit: BodyLimit) -> Result<Envelope<'a>> {
    let refuse = |why: &'static str| Error::new(ErrorCode::MalformedPacket, why);
    if !is_name(parts.key_id) {
        return Err(refuse(KEY_ID_FAULT));
    }
    let nonce = Nonce::parse(parts.nonce).ok_or_else(|| refuse(NONCE_FAULT))?;
    let body = read_body(parts.kind, parts.body, limit)?;
    let sig = signature(parts.sig).ok_or_else(|| refuse(SIG_FAULT))?;
    limit.check_body(parts.body)?;
    Ok(Envelope { key_id: Cow::Borrowed(parts.key_id), ts: parts.ts, nonce, body, sig: Cow::Borrowed(sig) })
}

/// A body that came by itself. JSON must already stand in the form that was signed.
pub(super) fn read_body(kind: Kind, body: &[u8], limit: BodyLimit) -> Result<Body<'_>> {
    if kind == Kind::Bytes {
        return Ok(Body::Bytes(Cow::Borrowed(body)));
    }
    limit.check_text(body)?;
    if QUICK && let Some(text) = canonical(body, &mut ()) {
        return Ok(Body::Json(Cow::Borrowed(text)));
    }
    let form = json::canonical(body)?;
    if form.as_bytes() == body {
        return Ok(Body::Json(Cow::Owned(form)));
    }
    Err(Error::new(ErrorCode::MalformedPayload, "a JSON body given as parts must stand in its RFC 8785 form"))
}

const SIG_FAULT: &str = "sig must be 43 characters of base64url that encode 32 bytes";
/// Characters of a signature.
pub(super) const SIG_LENGTH: usize = base64::TAG;
const KEY_ID_FAULT: &str = "kid must be 1 to 64 characters of A-Z a-z 0-9 . _ ~ -";
const NONCE_FAULT: &str = "nonce must be 22 characters of base64url that encode 16 bytes";
