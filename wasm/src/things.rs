//! The objects that JavaScript holds, by handle. A handle is never trusted: one that names nothing, or a thing of another kind, ends
//! the module.

use crate::abort;
use alloc::vec::Vec;
use counterseal_shared as shared;

pub(crate) enum Thing {
    Secret(shared::Secret),
    Key(shared::Key),
    Keyring(shared::Keyring),
    Guard(shared::MemoryReplayGuard),
    #[cfg(feature = "full")]
    SharedGuard(shared::SharedReplayGuard),
    Signer(shared::PacketSigner),
    Verifier(shared::PacketVerifier),
    #[cfg(feature = "full")]
    Issuer(shared::TokenIssuer),
    TokenVerifier(shared::TokenVerifier),
    #[cfg(feature = "full")]
    Session(shared::Session),
    #[cfg(feature = "full")]
    TicketIssuer(shared::TicketIssuer),
    #[cfg(feature = "full")]
    VerifiedTicket(shared::VerifiedToken),
    #[cfg(feature = "full")]
    RequestSigner(shared::RequestSigner),
    #[cfg(feature = "full")]
    RequestVerifier(shared::RequestVerifier),
    #[cfg(feature = "full")]
    PendingRequest(shared::PendingRequest),
    /// Nothing once it was settled; the next is alike.
    #[cfg(feature = "full")]
    ClaimingPacket(Option<shared::ClaimingPacket>),
    #[cfg(feature = "full")]
    ClaimingRequest(Option<shared::ClaimingRequest>),
    #[cfg(feature = "full")]
    Trust(shared::Trust),
}

/// Handles count from 1, and one that was given back is given out again.
pub(crate) struct Things {
    things: Vec<Option<Thing>>,
    vacant: Vec<usize>,
}

impl Things {
    pub(crate) const fn new() -> Self {
        Self { things: Vec::new(), vacant: Vec::new() }
    }

    pub(crate) fn insert(&mut self, thing: Thing) -> usize {
        let place = self.vacant.pop().unwrap_or_else(|| {
            self.things.push(None);
            self.things.len() - 1
        });
        self.things[place] = Some(thing);
        place + 1
    }

    pub(crate) fn remove(&mut self, handle: usize) {
        let place = handle.wrapping_sub(1);
        match self.things.get_mut(place).and_then(Option::take) {
            Some(_) => self.vacant.push(place),
            None => abort(),
        }
    }

    /// A packet that is to be settled; it is so once.
    #[cfg(feature = "full")]
    pub(crate) fn claiming_packet(&mut self, handle: usize) -> shared::ClaimingPacket {
        match self.things.get_mut(handle.wrapping_sub(1)) {
            Some(Some(Thing::ClaimingPacket(claiming))) => claiming.take().unwrap_or_else(|| abort()),
            _ => abort(),
        }
    }

    /// A request, likewise.
    #[cfg(feature = "full")]
    pub(crate) fn claiming_request(&mut self, handle: usize) -> shared::ClaimingRequest {
        match self.things.get_mut(handle.wrapping_sub(1)) {
            Some(Some(Thing::ClaimingRequest(claiming))) => claiming.take().unwrap_or_else(|| abort()),
            _ => abort(),
        }
    }

    #[cfg(feature = "full")]
    pub(crate) fn pending_request(&mut self, handle: usize) -> &mut shared::PendingRequest {
        match self.things.get_mut(handle.wrapping_sub(1)) {
            Some(Some(Thing::PendingRequest(pending))) => pending,
            _ => abort(),
        }
    }

    fn get(&self, handle: usize) -> Option<&Thing> {
        self.things.get(handle.wrapping_sub(1)).and_then(Option::as_ref)
    }
}

macro_rules! kinds {
    ($($name:ident $kind:ident $type:ident;)*) => {
        impl Things {
            $(
                pub(crate) fn $name(&self, handle: usize) -> &shared::$type {
                    match self.get(handle) {
                        Some(Thing::$kind(thing)) => thing,
                        _ => abort(),
                    }
                }
            )*
        }
    };
}

kinds! {
    secret Secret Secret;
    key Key Key;
    keyring Keyring Keyring;
    guard Guard MemoryReplayGuard;
    signer Signer PacketSigner;
    verifier Verifier PacketVerifier;
    token_verifier TokenVerifier TokenVerifier;
}

#[cfg(feature = "full")]
kinds! {
    shared_guard SharedGuard SharedReplayGuard;
    issuer Issuer TokenIssuer;
    session Session Session;
    ticket_issuer TicketIssuer TicketIssuer;
    verified_ticket VerifiedTicket VerifiedToken;
    request_signer RequestSigner RequestSigner;
    request_verifier RequestVerifier RequestVerifier;
    trust Trust Trust;
}
