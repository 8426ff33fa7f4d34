//! Verifies packets.

use super::read::{PACKET, RULE, text_of};
use super::verified::{Verified, evidence};
use crate::arguments::{Arg, Parameters, Rest};
use crate::error::{Result, exception};
use crate::guard::MemoryReplayGuard;
use crate::interpreter::{Given, Method};
use crate::key::Keyring;
use crate::value::{in_words, walk_options};
use crate::work::work;
use counterseal_shared::{self as shared, Parts};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use std::ffi::CStr;

/// Verifies packets under a keyring: signature, age, caller, and that each nonce comes once.
///
/// max_age and max_ahead are seconds (60 and 5), allow is a list of owners (absent: any), guard a MemoryReplayGuard to share (absent: one of
/// its own, which begins empty and so knows nothing of what came before).
///
/// Raises CountersealError, whose code says which check failed.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct PacketVerifier(shared::PacketVerifier);

#[pymethods]
impl PacketVerifier {
    #[new]
    #[pyo3(
        signature = (keyring=Arg::ABSENT, /, *more, guard=Arg::ABSENT, **options),
        text_signature = "(keyring, *, max_age=None, max_ahead=None, allow=None, guard=None, body_limit=None)"
    )]
    fn new(
        keyring: Arg<'_, '_>,
        more: &Bound<'_, PyTuple>,
        guard: Arg<'_, '_>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> Result<Self> {
        let rest = Rest::new(more, options);
        let keyring = rest.with_options("keyring", keyring)?;
        let keyring = &keyring.instance::<Keyring>("keyring", "a Keyring")?.get().0;
        let guard = guard.optional_instance::<MemoryReplayGuard>("guard", "a MemoryReplayGuard")?;
        let guard = guard.as_ref().map(|guard| &guard.get().0);
        Ok(Self(shared::PacketVerifier::new(keyring, guard, &walk_options(options)?)?))
    }
}

/// `PacketVerifier.verify`
pub(crate) struct Verify;

impl Method for Verify {
    type Class = PacketVerifier;
    const NAME: &'static CStr = c"verify";
    const DOC: &'static CStr = c"verify($self, packet, *, context, now=None)\n--\n\n\
        Verifies one packet: text, UTF-8 bytes, or the parsed dict.";

    fn call<'py>(this: &PacketVerifier, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<3> = Parameters::new(1, ["packet", "context", "now"]);
        let [packet, context, now] = PARAMETERS.bind(given)?;
        let packet = packet.required("packet", RULE)?;
        let (context, now) = (context.text("context")?, now.seconds("now")?);
        let (text, refusal) = text_of(PACKET, packet, this.0.text_limit())?;
        let verified = work(given.py(), text.len(), || this.0.verify(&text, context, now));
        evidence(given.py(), verified.map_err(|error| in_words(error, refusal))?)
    }
}

/// `PacketVerifier.verify_parts`
pub(crate) struct VerifyParts;

impl Method for VerifyParts {
    type Class = PacketVerifier;
    const NAME: &'static CStr = c"verify_parts";
    const DOC: &'static CStr =
        c"verify_parts($self, *, key_id, kind, body, context, ts, nonce, sig, now=None)\n--\n\n\
        Verifies the parts of a packet that travelled in another shape.";

    fn call<'py>(this: &PacketVerifier, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<8> =
            Parameters::new(0, ["key_id", "kind", "body", "context", "ts", "nonce", "sig", "now"]);
        let [key_id, kind, body, context, ts, nonce, sig, now] = PARAMETERS.bind(given)?;
        let (body, context, now) = (body.bytes("body")?, context.text("context")?, now.seconds("now")?);
        let parts = Parts {
            key_id: key_id.sent_text("key_id")?,
            kind: kind.text("kind")?,
            body: &body,
            ts: ts.sent_integer("ts")?,
            nonce: nonce.sent_text("nonce")?,
            sig: sig.sent_text("sig")?,
        };
        let verified = work(given.py(), body.len(), || this.0.verify_parts(&parts, context, now))?;
        evidence(given.py(), verified)
    }
}

/// `PacketVerifier.verify_batch`
pub(crate) struct VerifyBatch;

impl Method for VerifyBatch {
    type Class = PacketVerifier;
    const NAME: &'static CStr = c"verify_batch";
    const DOC: &'static CStr = c"verify_batch($self, packets, *, context, now=None)\n--\n\n\
        Verifies a list of packets: a list of Verified or CountersealError, in order, none raised.";

    fn call<'py>(this: &PacketVerifier, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<3> = Parameters::new(1, ["packets", "context", "now"]);
        let [packets, context, now] = PARAMETERS.bind(given)?;
        let py = given.py();
        let packets = packets.list("packets", "a list of packets")?;
        let (context, now) = (context.text("context")?, now.seconds("now")?);
        let limit = this.0.text_limit();
        let texts = packets.iter().map(|packet| text_of(PACKET, packet.as_borrowed(), limit));
        let (texts, refusals): (Vec<_>, Vec<_>) = texts.collect::<Result<Vec<_>>>()?.into_iter().unzip();
        let texts: Vec<&[u8]> = texts.iter().map(|text| &**text).collect();
        let results = work(py, texts.iter().map(|text| text.len()).sum(), || {
            this.0.verify_batch(&texts, context, now)
        })?;
        let results = results.into_iter().zip(refusals).map(|(result, refusal)| match result {
            Ok(verified) => Ok(Bound::new(py, Verified::new(verified))?.into_any()),
            Err(error) => exception(py, &in_words(error, refusal)),
        });
        Ok(PyList::new(py, results.collect::<PyResult<Vec<_>>>()?)?.into_any())
    }
}
