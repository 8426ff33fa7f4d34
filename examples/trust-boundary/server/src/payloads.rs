//! Rust signs for Rust: the one exchange that no client can make.

use counterseal_shared::{
    Body, Error, ErrorCode, Key, Keyring, PacketSigner, PacketVerifier, Result, Secret, canonical_json,
};

use crate::audit;
use crate::client::HUB;

/// Signs each payload, verifies the packet, and holds what was verified against the payload.
pub(crate) fn exchange_with_oneself(payloads: &[String]) -> Result<()> {
    let key = Key::new("hub~hub", &Secret::generate()?, "{}")?;
    let signer = PacketSigner::new(&key, "{}")?;
    let verifier = PacketVerifier::new(&Keyring::new(&[&key])?, None, "{}")?;
    let context = format!("{HUB}>{HUB}:note");
    for payload in payloads {
        let packet = signer.sign_json(payload.as_bytes(), &context, None, None)?;
        let verified = verifier.verify(packet.as_bytes(), &context, None)?;
        if verified.body() != &Body::Json(canonical_json(payload.as_bytes())?.into()) {
            return Err(Error::new(ErrorCode::MalformedPayload, "a payload came back changed"));
        }
    }
    audit::exchanged(payloads.len());
    Ok(())
}
