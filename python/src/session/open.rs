//! The open session: packets bound to it, and signs of life.

use super::Session;
use crate::arguments::{Arg, Parameters};
use crate::error::Result;
use crate::interpreter::{Given, Method};
use crate::object::parse;
use crate::packet::{PACKET, RULE, evidence, packet, text_of};
use crate::text::type_name;
use crate::value::{Walk, in_words, walk_payload};
use crate::work::work;
use counterseal_shared::{Error, ErrorCode};
use pyo3::prelude::*;
use pyo3::types::PyBool;
use std::ffi::CStr;

/// `Session.sign`
pub(super) struct Sign;

impl Method for Sign {
    type Class = Session;
    const NAME: &'static CStr = c"sign";
    const DOC: &'static CStr = c"sign($self, event, payload, *, now=None, nonce=None)\n--\n\n\
        Signs a JSON value under an event's name; the packet is a dict, ready for any JSON transport.";

    fn call<'py>(this: &Session, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<4> = Parameters::new(2, ["event", "payload", "now", "nonce"]);
        let &[event, payload, now, nonce] = PARAMETERS.bind(given, &mut Default::default())?;
        let payload = payload.required("payload", "a JSON value")?;
        let (event, now, nonce) = (event.text("event")?, now.seconds("now")?, nonce.optional_text("nonce")?);
        let Walk { text, refusal } = walk_payload(&payload, this.0.text_limit())?;
        let sealed = work(given.py(), text.len(), || this.0.seal_json(event, text.as_bytes(), now, nonce));
        packet(given.py(), &sealed.map_err(|error| in_words(error, refusal))?)
    }
}

/// `Session.sign_bytes`
pub(super) struct SignBytes;

impl Method for SignBytes {
    type Class = Session;
    const NAME: &'static CStr = c"sign_bytes";
    const DOC: &'static CStr = c"sign_bytes($self, event, data, *, now=None, nonce=None)\n--\n\n\
        Signs bytes under an event's name; the packet is a dict.";

    fn call<'py>(this: &Session, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<4> = Parameters::new(2, ["event", "data", "now", "nonce"]);
        let &[event, data, now, nonce] = PARAMETERS.bind(given, &mut Default::default())?;
        let (data, event) = (data.bytes("data")?, event.text("event")?);
        let (now, nonce) = (now.seconds("now")?, nonce.optional_text("nonce")?);
        let signed = work(given.py(), data.len(), || this.0.sign_bytes(event, &data, now, nonce))?;
        parse(given.py(), &signed)
    }
}

/// `Session.heartbeat`
pub(super) struct Heartbeat;

impl Method for Heartbeat {
    type Class = Session;
    const NAME: &'static CStr = c"heartbeat";
    const DOC: &'static CStr = c"heartbeat($self, *, now=None, nonce=None)\n--\n\n\
        Signs this end's heartbeat, a packet of the event \"heartbeat\"; a dict.";

    fn call<'py>(this: &Session, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<2> = Parameters::new(0, ["now", "nonce"]);
        let &[now, nonce] = PARAMETERS.bind(given, &mut Default::default())?;
        parse(given.py(), &this.0.heartbeat(now.seconds("now")?, nonce.optional_text("nonce")?)?)
    }
}

/// `Session.verify`
pub(super) struct Verify;

impl Method for Verify {
    type Class = Session;
    const NAME: &'static CStr = c"verify";
    const DOC: &'static CStr = c"verify($self, event, packet, *, now=None)\n--\n\n\
        Verifies a packet of the peer (text, UTF-8 bytes, or the parsed dict) under the event that it was sent as, heartbeats included.";

    fn call<'py>(this: &Session, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<3> = Parameters::new(2, ["event", "packet", "now"]);
        let &[event, packet, now] = PARAMETERS.bind(given, &mut Default::default())?;
        let (packet, now) = (packet.required("packet", RULE)?, now.seconds("now")?);
        let sent_as = event.sent_text("event")?;
        let (text, refusal) = text_of(PACKET, packet, this.0.text_limit())?;
        let refusal = no_event(event).or(refusal);
        let verified = work(given.py(), text.len(), || this.0.verify(sent_as, &text, now));
        evidence(given.py(), verified.map_err(|error| in_words(error, refusal))?)
    }
}

/// `Session.poll`
pub(super) struct Poll;

impl Method for Poll {
    type Class = Session;
    const NAME: &'static CStr = c"poll";
    const DOC: &'static CStr = c"poll($self, *, now=None)\n--\n\n\
        Judges what only time tells. True: a heartbeat is due, send heartbeat(). Raises the code that ended the session.";

    fn call<'py>(this: &Session, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<1> = Parameters::new(0, ["now"]);
        let &[now] = PARAMETERS.bind(given, &mut Default::default())?;
        let due = this.0.poll(now.seconds("now")?)?;
        Ok(PyBool::new(given.py(), due).to_owned().into_any())
    }
}

/// Why what a peer named is no event at all; the core sees only that it is none.
fn no_event(event: Arg<'_, '_>) -> Option<Error> {
    let sent = event.0.filter(|_| event.peer_text().is_none())?;
    let detail = format!("an event is str without lone surrogates, not {}", type_name(&sent));
    Some(Error::new(ErrorCode::MalformedPacket, detail))
}
