//! One client as the hub sees it: how its packets and tokens are verified, and how it is answered.

use counterseal_shared::{
    Body, Error, ErrorCode, Key, Keyring, MemoryReplayGuard, PacketSigner, PacketVerifier, Result, Secret,
    TokenIssuer, TokenVerifier, Verified,
};
use serde_json::json;

use crate::setup;

/// The hub's own name.
pub(crate) const HUB: &str = "hub";

/// A role that any client may ask for, and that may send nothing.
const OBSERVER: &str = "observer";

/// The longest a token holds, in seconds.
const TOKEN_LIFETIME: u64 = 3600;

/// Larger than the bundled payloads need: a relayed packet travels as text inside another.
const BODY_LIMIT: u64 = 4 << 20;

pub(crate) struct Client {
    name: String,
    role: String,
    signer: PacketSigner,
    packets: PacketVerifier,
    tokens: TokenVerifier,
}

impl Client {
    pub(crate) fn new(
        setup: &setup::Client,
        token_ring: &Keyring,
        guard: &MemoryReplayGuard,
        max_ahead: u32,
    ) -> Result<Self> {
        let name = &setup.name;
        let owned = |key: &setup::Key, revoked: bool| {
            let options = json!({ "owner": name, "revoked": revoked }).to_string();
            Key::new(&key.id, &Secret::from_text(&key.secret)?, &options)
        };
        let key = owned(&setup.key, false)?;
        let ring = Keyring::new(&[&key, &owned(&setup.revoked, true)?])?;
        let tolerance = json!({ "max_ahead": max_ahead, "allow": [name], "body_limit": BODY_LIMIT });
        let policy = json!({
            "issuer": HUB, "audience": HUB, "subject": name, "claims": { "role": setup.role }, "leeway": 0,
        });
        Ok(Self {
            name: name.clone(),
            role: setup.role.clone(),
            signer: PacketSigner::new(&key, &json!({ "body_limit": BODY_LIMIT }).to_string())?,
            packets: PacketVerifier::new(&ring, Some(guard), &tolerance.to_string())?,
            tokens: TokenVerifier::new(token_ring, &policy.to_string())?,
        })
    }

    /// The token must be this client's, in force, and of its role.
    pub(crate) fn check_token(&self, token: &str) -> Result<()> {
        self.tokens.verify(token.as_bytes(), None).map(|_| ())
    }

    /// The packet must be this client's, for this event, and new.
    pub(crate) fn verify<'a>(&self, event: &str, packet: &'a [u8]) -> Result<Verified<'a>> {
        self.packets.verify(packet, &format!("{}>{HUB}:{event}", self.name), None)
    }

    /// A packet of the hub's to this client.
    pub(crate) fn sign(&self, event: &str, payload: &str) -> Result<String> {
        self.signer.sign_json(payload.as_bytes(), &format!("{HUB}>{}:{event}", self.name), None, None)
    }

    /// The answer to one packet. Its context names the packet's nonce: it answers nothing else.
    pub(crate) fn answer(&self, event: &str, verified: &Verified<'_>, payload: &str) -> Result<String> {
        self.sign(&format!("{event}@{}", verified.nonce().as_str()), payload)
    }

    /// A token for what the client asked for: its own role or less.
    pub(crate) fn issue(&self, issuer: &TokenIssuer, wanted: &serde_json::Value) -> Result<String> {
        let role = wanted["role"].as_str().unwrap_or(&self.role);
        if role != self.role && role != OBSERVER {
            return Err(Error::new(ErrorCode::CallerNotAllowed, "this role is not the client's"));
        }
        let lifetime = wanted["expires_in"].as_u64().unwrap_or(TOKEN_LIFETIME).clamp(1, TOKEN_LIFETIME);
        let claims = json!({ "iss": HUB, "aud": HUB, "sub": self.name, "role": role });
        let options = json!({ "expires_in": lifetime, "jti": true });
        issuer.issue(claims.to_string().as_bytes(), &options.to_string(), None)
    }
}

/// What a packet carries as JSON text; this hub takes no raw bytes.
pub(crate) fn json_of<'v>(verified: &'v Verified<'_>) -> Result<&'v str> {
    match verified.body() {
        Body::Json(text) => Ok(text),
        Body::Bytes(_) => Err(Error::new(ErrorCode::MalformedPayload, "the hub takes JSON")),
    }
}
