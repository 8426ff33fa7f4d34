//! Claims as a verifier makes them: signed, authenticated, ready for the store.

use std::time::{SystemTime, UNIX_EPOCH};

use counterseal_shared::{
    ClaimingPacket, Key, Keyring, PacketSigner, PacketVerifier, Secret, SharedReplayGuard,
};

use crate::Result;

/// KEYS and ARGV of one claim.
pub(super) struct Claim {
    pub(super) keys: Vec<String>,
    pub(super) arguments: Vec<String>,
}

/// A signer and a verifier that never repeat a nonce.
pub(super) struct Claims {
    signer: PacketSigner,
    verifier: PacketVerifier,
    /// Beyond the fence, which the first claim arms.
    now: f64,
}

impl Claims {
    pub(super) fn new() -> Result<Self> {
        let key = Key::new("engine-7", &Secret::generate()?, "{}")?;
        let verifier = PacketVerifier::shared(&Keyring::new(&[&key])?, &SharedReplayGuard::new("{}")?, "{}")?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() as f64 + BEYOND;
        Ok(Self { signer: PacketSigner::new(&key, "{}")?, verifier, now })
    }

    pub(super) fn take(&mut self, count: usize) -> Result<Vec<Claim>> {
        (0..count)
            .map(|_| {
                self.one().map(|claiming| Claim { keys: claiming.keys(), arguments: claiming.arguments() })
            })
            .collect()
    }

    fn one(&self) -> Result<ClaimingPacket> {
        let packet = self.signer.sign_bytes(b"status", "status", Some(self.now), None)?;
        Ok(self.verifier.authenticate(packet.as_bytes(), "status", Some(self.now))?)
    }
}

/// Seconds: more than max_ahead and the server's start.
const BEYOND: f64 = 30.0;
