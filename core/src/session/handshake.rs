//! The handshake: a client's token and nonce, a server's welcome.

use super::open::{Open, Proof, check_token};
use super::{SessionOptions, check_apart};
use crate::error::{Error, ErrorCode, Result};
use crate::json::{self, Document, Item, Members};
use crate::key::{Key, Keyring};
use crate::nonce::Nonce;
use crate::packet::{Body, PacketSigner};
use crate::text::{NAME_RULE, is_name};
use crate::time::Timestamp;
use crate::token::{TOKEN_MAX, TokenVerifier, VerifiedToken};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};

/// A server that waits for its client's handshake.
pub(super) struct Listening {
    pub(super) name: String,
    pub(super) until: u64,
}

/// A server that knows whose token its client presented.
pub(super) struct Accepted {
    name: String,
    pub(super) client: String,
    nonce: Nonce,
    pub(super) token_ends: u64,
    pub(super) until: u64,
}

/// A client that waits for its welcome.
pub(super) struct Connecting {
    key: Key,
    server: String,
    nonce: Nonce,
    pub(super) until: u64,
}

impl Listening {
    pub(super) fn new(name: &str, options: &SessionOptions, now: Timestamp) -> Self {
        Self { name: name.to_string(), until: end_of_window(options, now) }
    }

    pub(super) fn accept(
        &self,
        options: &SessionOptions,
        tokens: &TokenVerifier,
        token_ring: &Keyring,
        handshake: &[u8],
        now: Timestamp,
    ) -> Result<(Accepted, VerifiedToken)> {
        let (nonce, token) = read(handshake)?;
        let verified = tokens.verify(token_ring, token.as_bytes(), now)?;
        let client = identity(&verified, &options.identity)?;
        check_apart(&client, &self.name)?;
        let (name, token_ends, until) = (self.name.clone(), verified.expires(), self.until);
        Ok((Accepted { name, client, nonce, token_ends, until }, verified))
    }
}

impl Accepted {
    pub(super) fn welcome(
        &self,
        key: Key,
        options: &SessionOptions,
        id: &Nonce,
        now: Timestamp,
    ) -> Result<(Open, String)> {
        check_owner(&key, &self.name)?;
        let signer = PacketSigner::new(key.clone())?;
        let context = context(&self.name, &self.client, &self.nonce);
        let packet = signer.sign_json(payload(id).as_bytes(), &context, now, id)?;
        let open = Open::new(key, &self.client, *id, options, now)?;
        Ok((open.until(self.token_ends).first_heartbeat(now.seconds() + options.heartbeat_every), packet))
    }

    /// A token that expired opens nothing any more.
    pub(super) fn check_life(&self, now: Timestamp) -> Result<(), ErrorCode> {
        check_token(Some(self.token_ends), now)?;
        check_window(self.until, now)
    }
}

impl Connecting {
    pub(super) fn new(
        key: Key,
        server: &str,
        options: &SessionOptions,
        nonce: Nonce,
        now: Timestamp,
    ) -> Result<Self> {
        check_apart(key.owner(), server)?;
        PacketSigner::new(key.clone())?;
        Ok(Self { key, server: server.to_string(), nonce, until: end_of_window(options, now) })
    }

    pub(super) fn handshake(&self, token: &str) -> String {
        let mut text = format!(r#"{{"nonce":"{}","token":"#, self.nonce.as_str());
        json::write_text(&mut text, token);
        text.push('}');
        text
    }

    pub(super) fn establish(
        &self,
        options: &SessionOptions,
        ring: &Keyring,
        packet: &[u8],
        now: Timestamp,
    ) -> Result<Open> {
        let context = context(&self.server, self.key.owner(), &self.nonce);
        let mut proof = Proof::new(&self.server, options)?;
        let verified = proof.verify(ring, packet, &context, now)?;
        check_welcome(verified.body(), verified.nonce())?;
        let (id, peer_key) = (*verified.nonce(), verified.key().clone());
        let open = Open::with_proof(self.key.clone(), &self.server, id, options, proof, now)?;
        // The server learns from the first heartbeat that its client has the key.
        Ok(open.proved_by(peer_key).first_heartbeat(now.seconds()))
    }
}

/// A handshake's nonce and token, by the grammar of packets.
fn read(text: &[u8]) -> Result<(Nonce, String)> {
    check_length(text)?;
    let document = Document::read(text).map_err(|fault| malformed(fault.detail().to_string()))?;
    let Item::Object(members) = document.root() else { return Err(malformed(FORM.to_string())) };
    check_members(&members)?;
    match (members.get("nonce"), members.get("token")) {
        (Some(Item::String(nonce)), Some(Item::String(token))) => {
            Ok((read_nonce(&nonce)?, token.into_owned()))
        }
        _ => Err(malformed(FORM.to_string())),
    }
}

fn read_nonce(text: &str) -> Result<Nonce> {
    Nonce::parse(text).ok_or_else(|| malformed("nonce must be 22 characters of base64url".to_string()))
}

fn identity(token: &VerifiedToken, claim: &str) -> Result<String> {
    let Item::Object(claims) = token.claims().root() else { return Err(ErrorCode::MalformedToken.into()) };
    match claims.get(claim) {
        Some(Item::String(name)) if is_name(&name) => Ok(name.into_owned()),
        Some(_) => Err(Error::new(
            ErrorCode::ClaimInvalid,
            format!("claim {claim} names the client and must be {NAME_RULE}"),
        )),
        None => Err(Error::new(
            ErrorCode::ClaimMissing,
            format!("claim {claim}, which names the client, is absent"),
        )),
    }
}

fn end_of_window(options: &SessionOptions, now: Timestamp) -> u64 {
    now.seconds() + options.handshake_window
}

/// A connection that proves nothing in time is closed, or silent strangers would hold all there are.
pub(super) fn check_window(until: u64, now: Timestamp) -> Result<(), ErrorCode> {
    if now.seconds() > until { Err(ErrorCode::HeartbeatMissed) } else { Ok(()) }
}

/// `{"session":S}` and no more, with S the packet's own nonce.
fn check_welcome(body: &Body<'_>, nonce: &Nonce) -> Result<()> {
    if matches!(body, Body::Json(text) if **text == payload(nonce)) {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::MalformedPayload,
        "a welcome must say its own nonce as the session, and no more",
    ))
}

fn check_owner(key: &Key, name: &str) -> Result<()> {
    if key.owner() == name {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::MalformedArgument,
        format!("key {} is of {}, and this session's server is {name}", key.id(), key.owner()),
    ))
}

fn check_length(text: &[u8]) -> Result<()> {
    if text.len() <= TEXT_MAX {
        return Ok(());
    }
    Err(Error::new(ErrorCode::PayloadTooLarge, format!("a handshake has at most {TEXT_MAX} bytes")))
}

fn check_members(members: &Members<'_>) -> Result<()> {
    let mut names = members.clone().map(|(name, _): (Cow<'_, str>, _)| name);
    if names.all(|name| matches!(&*name, "nonce" | "token")) {
        return Ok(());
    }
    Err(malformed(FORM.to_string()))
}

fn context(server: &str, client: &str, nonce: &Nonce) -> String {
    format!("{server}>{client}:welcome@{}", nonce.as_str())
}

fn payload(id: &Nonce) -> String {
    format!(r#"{{"session":"{}"}}"#, id.as_str())
}

fn malformed(detail: String) -> Error {
    Error::new(ErrorCode::MalformedPacket, detail)
}

const FORM: &str = "a handshake is an object of nonce and token, both strings, and nothing else";
/// Any token, however it is escaped, and what stands around it.
const TEXT_MAX: usize = 6 * TOKEN_MAX + 1024;
