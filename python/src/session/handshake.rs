//! The handshake: what each end sends and judges before the session is open.

use super::Session;
use crate::arguments::Parameters;
use crate::error::Result;
use crate::interpreter::{Given, Method};
use crate::key::{Key, Keyring};
use crate::object::parse;
use crate::packet::{PACKET, RULE, text_of};
use crate::token::{self, TokenVerifier};
use crate::value::in_words;
use crate::work::work;
use pyo3::prelude::*;
use std::ffi::CStr;

/// `Session.handshake`
pub(super) struct Handshake;

impl Method for Handshake {
    type Class = Session;
    const NAME: &'static CStr = c"handshake";
    const DOC: &'static CStr = c"handshake($self, token)\n--\n\nWhat the client sends first, a dict.";

    fn call<'py>(this: &Session, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<1> = Parameters::new(1, ["token"]);
        let &[token] = PARAMETERS.bind(given, &mut Default::default())?;
        parse(given.py(), &this.0.handshake(token.text("token")?)?)
    }
}

/// `Session.accept`
pub(super) struct Accept;

impl Method for Accept {
    type Class = Session;
    const NAME: &'static CStr = c"accept";
    const DOC: &'static CStr = c"accept($self, handshake, *, tokens, now=None)\n--\n\n\
        Judges a client's handshake (text, UTF-8 bytes, or the parsed dict): its token, by a TokenVerifier, and the name that the token gives \
        the client, which is peer from then on.";

    fn call<'py>(this: &Session, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<3> = Parameters::new(1, ["handshake", "tokens", "now"]);
        let &[handshake, tokens, now] = PARAMETERS.bind(given, &mut Default::default())?;
        let handshake = handshake.required("handshake", RULE)?;
        let tokens = &tokens.instance::<TokenVerifier>("tokens", "a TokenVerifier")?.get().0;
        let now = now.seconds("now")?;
        let (text, refusal) = text_of("handshake", handshake, HANDSHAKE_LIMIT)?;
        let token = work(given.py(), text.len(), || this.0.accept(tokens, &text, now));
        token::evidence(given.py(), token.map_err(|error| in_words(error, refusal))?)
    }
}

/// `Session.welcome`
pub(super) struct Welcome;

impl Method for Welcome {
    type Class = Session;
    const NAME: &'static CStr = c"welcome";
    const DOC: &'static CStr = c"welcome($self, *, key, keyring, now=None, nonce=None)\n--\n\n\
        Answers an accepted handshake with the first signed packet, a dict, and opens the session. keyring holds the client's keys; the nonce \
        names the session.";

    fn call<'py>(this: &Session, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<4> = Parameters::new(0, ["key", "keyring", "now", "nonce"]);
        let &[key, keyring, now, nonce] = PARAMETERS.bind(given, &mut Default::default())?;
        let key = &key.instance::<Key>("key", "a Key")?.get().0;
        let keyring = &keyring.instance::<Keyring>("keyring", "a Keyring")?.get().0;
        let (now, nonce) = (now.seconds("now")?, nonce.optional_text("nonce")?);
        parse(given.py(), &this.0.welcome(key, keyring, now, nonce)?)
    }
}

/// `Session.establish`
pub(super) struct Establish;

impl Method for Establish {
    type Class = Session;
    const NAME: &'static CStr = c"establish";
    const DOC: &'static CStr = c"establish($self, packet, *, now=None)\n--\n\n\
        Judges the server's welcome (text, UTF-8 bytes, or the parsed dict) and opens the session.";

    fn call<'py>(this: &Session, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<2> = Parameters::new(1, ["packet", "now"]);
        let &[packet, now] = PARAMETERS.bind(given, &mut Default::default())?;
        let (packet, now) = (packet.required("packet", RULE)?, now.seconds("now")?);
        let (text, refusal) = text_of(PACKET, packet, this.0.text_limit())?;
        let established = work(given.py(), text.len(), || this.0.establish(&text, now));
        established.map_err(|error| in_words(error, refusal))?;
        Ok(given.py().None().into_bound(given.py()))
    }
}

/// Well above the longest handshake, of a token of 8 KiB however it is escaped.
const HANDSHAKE_LIMIT: usize = 64 * 1024;
