//! Who has which key. The hub keeps a master and a list of revoked engines, and no table (wire contract §7).

use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock};

use counterseal_shared::{
    Key, Keyring, Result, Secret, Ticket, TicketIssuer, TokenIssuer, TokenVerifier, VerifiedToken, derive,
    ticket_keys,
};
use serde_json::json;

use crate::setup::Setup;
use crate::state::State;

/// The hub's own name: the owner of the keys that it signs with.
pub(crate) const HUB: &str = "hub";

/// The keys of one connection.
pub(crate) struct Pair {
    /// The hub's, to sign with.
    pub(crate) own: Key,
    /// The peer's, to verify with.
    pub(crate) peers: Keyring,
}

impl Pair {
    /// Revokes both, in the session that holds them too.
    pub(crate) fn revoke(&self) -> Result<()> {
        self.peers.ids().iter().for_each(|id| {
            self.peers.revoke(id);
        });
        Keyring::new(&[&self.own])?.revoke(self.own.id());
        Ok(())
    }
}

/// What an engine is given to begin with.
pub(crate) struct Provision {
    pub(crate) key_id: String,
    pub(crate) secret: Secret,
    pub(crate) token: String,
}

pub(crate) struct Keys {
    master: Secret,
    issuer: TokenIssuer,
    tickets: TicketIssuer,
    /// Judges an engine's token.
    pub(crate) engine_tokens: TokenVerifier,
    /// Judges a dashboard's ticket.
    pub(crate) ticket_tokens: TokenVerifier,
    token_lifetime: u64,
    ticket_lifetime: u64,
    revoked: RwLock<BTreeSet<String>>,
}

impl Keys {
    pub(crate) fn new(setup: &Setup, state: &State) -> std::result::Result<Self, Box<dyn std::error::Error>> {
        let (master, secret) = (state.master()?, state.tokens()?);
        let key = Key::new("tokens.0", &secret, &json!({ "owner": HUB, "uses": ["token"] }).to_string())?;
        let ring = Keyring::new(&[&key])?;
        Ok(Self {
            issuer: TokenIssuer::new(&key, "{}")?,
            tickets: TicketIssuer::new(&master, &key, AUDIENCE)?,
            engine_tokens: TokenVerifier::new(&ring, &engine_policy())?,
            ticket_tokens: TokenVerifier::new(&ring, &ticket_policy())?,
            token_lifetime: setup.token_lifetime,
            ticket_lifetime: setup.ticket_lifetime,
            revoked: RwLock::new(state.revoked()?),
            master,
        })
    }

    /// The keys of an engine's connection. Those of a revoked engine sign and verify nothing.
    pub(crate) fn engine_pair(&self, name: &str) -> Result<Pair> {
        let secret = self.engine_secret(name)?;
        let revoked = self.is_revoked(name);
        let key = |id: &str, owner: &str| {
            let options = json!({ "owner": owner, "uses": ["packet"], "revoked": revoked });
            Key::new(id, &secret, &options.to_string())
        };
        Ok(Pair { own: key(HUB, HUB)?, peers: Keyring::new(&[&key(&engine_key_id(name), name)?])? })
    }

    /// The keys of the connection on which a dashboard presented its ticket.
    pub(crate) fn dashboard_pair(&self, ticket: &VerifiedToken) -> Result<Pair> {
        let (own, page) = ticket_keys(&self.master, ticket, HUB)?;
        Ok(Pair { own, peers: Keyring::new(&[&page])? })
    }

    /// An engine's key and its first token.
    pub(crate) fn provision(&self, name: &str) -> Result<Provision> {
        let (secret, token) = (self.engine_secret(name)?, self.engine_token(name)?);
        Ok(Provision { key_id: engine_key_id(name), secret, token })
    }

    /// A fresh token for an engine.
    pub(crate) fn engine_token(&self, name: &str) -> Result<String> {
        let claims = json!({ "engineId": name, "role": "engine" });
        let options = json!({ "expires_in": self.token_lifetime });
        self.issuer.issue(claims.to_string().as_bytes(), &options.to_string(), None)
    }

    /// Seconds after which an engine is sent its next token.
    pub(crate) fn token_renewal(&self) -> u64 {
        (self.token_lifetime / 2).max(1)
    }

    /// A dashboard's ticket, and the key that goes with it.
    pub(crate) fn ticket(&self, owner: &str) -> Result<Ticket> {
        self.tickets.issue(owner, &json!({ "expires_in": self.ticket_lifetime }).to_string(), None)
    }

    pub(crate) fn is_revoked(&self, name: &str) -> bool {
        self.revoked.read().unwrap_or_else(PoisonError::into_inner).contains(name)
    }

    /// Revokes an engine from now on. Connections that it already has are the caller's to end.
    pub(crate) fn revoke(&self, name: &str) {
        self.revoked.write().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
    }

    fn engine_secret(&self, name: &str) -> Result<Secret> {
        derive(&self.master, "engine", name, &engine_key_id(name))
    }
}

fn engine_key_id(name: &str) -> String {
    format!("{name}.0")
}

/// No leeway: the clock that a token is issued by is the one that it is judged by.
fn engine_policy() -> String {
    json!({ "leeway": 0, "claims": { "role": "engine", "engineId": { "type": "string" } } }).to_string()
}

fn ticket_policy() -> String {
    json!({ "leeway": 0, "typ": "counterseal-ticket+jwt", "audience": AUDIENCE }).to_string()
}

/// Who takes tickets.
const AUDIENCE: &str = "dashboard";

#[cfg(test)]
mod tests {
    use super::*;
    use counterseal_shared::{ErrorCode, Session};

    /// Keys of a state of the test's own.
    fn keys(test: &str) -> Keys {
        let folder = std::env::temp_dir().join(format!("engine-bridge-{}-{test}", std::process::id()));
        let setup = json!({
            "state": folder, "port": 0, "operator_password": "correct horse",
            "folders": { "dashboard": "", "sdk": "", "socket_io": "" },
        });
        let setup = crate::setup::read(&setup.to_string()).unwrap();
        let keys = Keys::new(&setup, &State::open(&folder).unwrap()).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        keys
    }

    /// A client's end, with the key that it was given.
    fn client(name: &str, key_id: &str, secret: &Secret) -> Session {
        let key = |id: &str, owner: &str| {
            Key::new(id, secret, &json!({ "owner": owner, "uses": ["packet"] }).to_string()).unwrap()
        };
        let ring = Keyring::new(&[&key(HUB, HUB)]).unwrap();
        Session::client(&key(key_id, name), HUB, &ring, "{}", None, None).unwrap()
    }

    #[test]
    fn an_engine_is_let_in_with_what_it_was_given() {
        let keys = keys("engine");
        let given = keys.provision("engine-7").unwrap();
        let engine = client("engine-7", &given.key_id, &given.secret);
        let hub = Session::server(HUB, "{}", None).unwrap();
        let handshake = engine.handshake(&given.token).unwrap();
        hub.accept(&keys.engine_tokens, handshake.as_bytes(), None).unwrap();
        let pair = keys.engine_pair(&hub.peer().unwrap()).unwrap();
        engine.establish(hub.welcome(&pair.own, &pair.peers, None, None).unwrap().as_bytes(), None).unwrap();
        let beat = engine.heartbeat(None, None).unwrap();
        assert_eq!(hub.verify("heartbeat", beat.as_bytes(), None).unwrap().owner(), "engine-7");
        pair.revoke().unwrap();
        assert_eq!(hub.poll(None).unwrap_err().code(), ErrorCode::RevokedKey);
    }

    #[test]
    fn a_dashboard_is_let_in_with_its_ticket() {
        let keys = keys("dashboard");
        let ticket = keys.ticket("operator-1").unwrap();
        let page = client("operator-1", &ticket.key_id, &ticket.secret);
        let hub = Session::server(HUB, r#"{"identity":"sub"}"#, None).unwrap();
        let handshake = page.handshake(&ticket.token).unwrap();
        let token = hub.accept(&keys.ticket_tokens, handshake.as_bytes(), None).unwrap();
        let pair = keys.dashboard_pair(&token).unwrap();
        page.establish(hub.welcome(&pair.own, &pair.peers, None, None).unwrap().as_bytes(), None).unwrap();
    }

    #[test]
    fn a_ticket_is_no_engines_token_nor_the_other_way_round() {
        let keys = keys("ticket");
        let ticket = keys.ticket("operator-1").unwrap().token;
        let token = keys.engine_token("engine-7").unwrap();
        let refused =
            |judge: &TokenVerifier, token: &str| judge.verify(token.as_bytes(), None).unwrap_err().code();
        assert_eq!(refused(&keys.engine_tokens, &ticket), ErrorCode::MalformedToken);
        assert_eq!(refused(&keys.ticket_tokens, &token), ErrorCode::MalformedToken);
    }

    #[test]
    fn the_keys_of_a_revoked_engine_sign_nothing() {
        let keys = keys("revoked-key");
        let given = keys.provision("engine-9").unwrap();
        keys.revoke("engine-9");
        let hub = Session::server(HUB, "{}", None).unwrap();
        let engine = client("engine-9", &given.key_id, &given.secret);
        hub.accept(&keys.engine_tokens, engine.handshake(&given.token).unwrap().as_bytes(), None).unwrap();
        let pair = keys.engine_pair("engine-9").unwrap();
        let refused = hub.welcome(&pair.own, &pair.peers, None, None).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::RevokedKey);
    }

    #[test]
    fn an_engines_name_is_a_name() {
        let keys = keys("names");
        for name in ["", "a b", "a>b", &"x".repeat(63)] {
            assert_eq!(keys.provision(name).err().unwrap().code(), ErrorCode::MalformedArgument, "{name:?}");
        }
    }
}
