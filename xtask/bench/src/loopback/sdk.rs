//! Both ends of a signed call without the call between them.

use std::hint::black_box;
use std::time::Instant;

use counterseal_shared::{
    Field, Key, Keyring, MemoryReplayGuard, RequestHead, RequestSigner, RequestVerifier, Secret,
};
use counterseal_tower::RequireSignature;

use crate::Result;

pub(super) struct Sdk {
    authority: &'static str,
    ring: Keyring,
    signer: RequestSigner,
    verifier: RequestVerifier,
}

/// Names and values to add.
pub(super) type Added = Vec<(&'static str, String)>;

impl Sdk {
    pub(super) fn new(authority: &'static str) -> Result<Self> {
        let key = Key::new("gateway-1", &Secret::generate()?, r#"{"owner":"gateway"}"#)?;
        let ring = Keyring::new(&[&key])?;
        let options = format!(r#"{{"authorities":["http://{authority}"]}}"#);
        let verifier = RequestVerifier::new(&ring, Some(&guard()?), &options)?;
        Ok(Self { authority, signer: RequestSigner::new(&key, "{}")?, ring, verifier })
    }

    pub(super) fn layer(&self) -> Result<RequireSignature> {
        let layer = RequireSignature::builder(&self.ring, [format!("http://{}", self.authority)]);
        Ok(layer.guard(guard()?).build()?)
    }

    pub(super) fn sign(&self, body: &[u8]) -> Result<Added> {
        let url = format!("http://{}/execute", self.authority);
        Ok(self.signer.sign("POST", &url, &[], body, None, None)?)
    }

    /// Signs and verifies: the nanoseconds of both together.
    pub(super) fn timed(&self, calls: usize, body: &[u8]) -> Result<f64> {
        let begun = Instant::now();
        for _ in 0..calls {
            let added = self.sign(black_box(body))?;
            let own = added.iter().map(|(name, value)| (*name, value.as_bytes()));
            let headers: Vec<Field<'_>> =
                [("host", self.authority.as_bytes())].into_iter().chain(own).collect();
            let head = RequestHead { method: "POST", target: "/execute", headers: &headers };
            let mut pending = self.verifier.begin(&head, None)?;
            pending.update(body)?;
            black_box(pending.finish(None)?);
        }
        Ok(begun.elapsed().as_nanos() as f64 / calls as f64)
    }
}

/// Without a fence, which would refuse the first five seconds.
fn guard() -> Result<MemoryReplayGuard> {
    Ok(MemoryReplayGuard::new(r#"{"capacity":4000000,"owner_share":4000000}"#)?)
}
