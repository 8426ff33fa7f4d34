//! Verifies packets.

use super::read::{PACKET, RULE, text_of};
use super::verified::{evidence, evidence_of, evidence_on_loan};
use crate::arguments::{Arg, Parameters, Rest};
use crate::bytes::Bytes;
use crate::error::{Result, exception};
use crate::guard::Chosen;
use crate::interpreter::{Given, Method};
use crate::key::Keyring;
use crate::store::{Outcome, Store, Wait};
use crate::value::{in_words, walk_options};
use crate::work::{is_short, work};
use counterseal_shared::{self as shared, ClaimingPacket, Parts, StoreAnswer};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use std::ffi::CStr;

/// Verifies packets under a keyring: signature, age, caller, and that each nonce comes once.
///
/// max_age and max_ahead are seconds (60 and 5), allow is a list of owners (absent: any), guard a MemoryReplayGuard or a SharedReplayGuard
/// (absent: one in memory of its own, which begins empty and so knows nothing of what came before).
///
/// Raises CountersealError, whose code says which check failed.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct PacketVerifier {
    verifier: shared::PacketVerifier,
    /// Where its guard is, if not in this process.
    store: Option<Store>,
}

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
        let (guard, options) = (guard.guard("guard")?, walk_options(options)?);
        Ok(match guard {
            Chosen::Memory(guard) => {
                Self { verifier: shared::PacketVerifier::new(keyring, guard, &options)?, store: None }
            }
            Chosen::Shared(guard) => Self {
                verifier: shared::PacketVerifier::shared(keyring, &guard.get().0, &options)?,
                store: Some(Store::new(guard)),
            },
        })
    }
}

impl PacketVerifier {
    #[inline(always)]
    fn verify<'py>(&self, given: &Given<'_, 'py>, wait: Wait) -> Result<Outcome<'py>> {
        static PARAMETERS: Parameters<3> = Parameters::new(1, ["packet", "context", "now"]);
        let &[packet, context, now] = PARAMETERS.bind(given, &mut Default::default())?;
        let packet = packet.required("packet", RULE)?;
        let (context, now) = (context.text("context")?, now.seconds("now")?);
        let (text, refusal) = text_of(PACKET, packet, self.verifier.text_limit())?;
        let py = given.py();
        let Some(store) = &self.store else {
            let verified = work(py, text.len(), || self.verifier.verify(&text, context, now));
            return Ok(Outcome::Verified(evidence(py, verified.map_err(|error| in_words(error, refusal))?)?));
        };
        store.check_wait(py, wait)?;
        let claiming = work(py, text.len(), || self.verifier.authenticate(&text, context, now));
        store.claim(py, claiming.map_err(|error| in_words(error, refusal))?, settle)
    }

    #[inline(always)]
    fn verify_parts<'py>(&self, given: &Given<'_, 'py>, wait: Wait) -> Result<Outcome<'py>> {
        static PARAMETERS: Parameters<8> =
            Parameters::new(0, ["key_id", "kind", "body", "context", "ts", "nonce", "sig", "now"]);
        let &[key_id, kind, body, context, ts, nonce, sig, now] =
            PARAMETERS.bind(given, &mut Default::default())?;
        let (body, context, now) = (body.lent_bytes("body")?, context.text("context")?, now.seconds("now")?);
        let parts = Parts {
            key_id: key_id.sent_text("key_id")?,
            kind: kind.text("kind")?,
            body: &body,
            ts: ts.sent_integer("ts")?,
            nonce: nonce.sent_text("nonce")?,
            sig: sig.sent_text("sig")?,
        };
        let py = given.py();
        let Some(store) = &self.store else {
            let verified = || work(py, body.len(), || self.verifier.verify_parts(&parts, context, now));
            return Ok(Outcome::Verified(match body {
                Bytes::Lent(body) if is_short(body.len()) => {
                    self.verifier
                        .verify_parts_with(&parts, context, now, |lent| evidence_on_loan(py, lent, body))??
                }
                Bytes::Lent(body) => evidence_of(py, &verified()?, body)?,
                Bytes::Copied(_) => evidence(py, verified()?)?,
            }));
        };
        store.check_wait(py, wait)?;
        let claiming = work(py, body.len(), || self.verifier.authenticate_parts(&parts, context, now))?;
        store.claim(py, claiming, settle)
    }
}

fn settle<'py>(
    py: Python<'py>,
    claiming: ClaimingPacket,
    answer: StoreAnswer<'_>,
) -> Result<Bound<'py, PyAny>> {
    evidence(py, claiming.settle(answer)?)
}

/// `PacketVerifier.verify`
pub(crate) struct Verify;

impl Method for Verify {
    type Class = PacketVerifier;
    const NAME: &'static CStr = c"verify";
    const DOC: &'static CStr = c"verify($self, packet, *, context, now=None)\n--\n\n\
        Verifies one packet: text, UTF-8 bytes, or the parsed dict.";

    fn call<'py>(this: &PacketVerifier, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        this.verify(given, Wait::Here)?.waited_for()
    }
}

/// `PacketVerifier.verify_async`
pub(crate) struct VerifyAsync;

impl Method for VerifyAsync {
    type Class = PacketVerifier;
    const NAME: &'static CStr = c"verify_async";
    const DOC: &'static CStr = c"verify_async($self, packet, *, context, now=None)\n--\n\n\
        As verify, with any guard; the evidence, or the refusal, is awaited.";

    fn call<'py>(this: &PacketVerifier, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        Outcome::awaited(given.py(), this.verify(given, Wait::Awaited))
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
        this.verify_parts(given, Wait::Here)?.waited_for()
    }
}

/// `PacketVerifier.verify_parts_async`
pub(crate) struct VerifyPartsAsync;

impl Method for VerifyPartsAsync {
    type Class = PacketVerifier;
    const NAME: &'static CStr = c"verify_parts_async";
    const DOC: &'static CStr =
        c"verify_parts_async($self, *, key_id, kind, body, context, ts, nonce, sig, now=None)\n--\n\n\
        As verify_parts, with any guard; the evidence, or the refusal, is awaited.";

    fn call<'py>(this: &PacketVerifier, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        Outcome::awaited(given.py(), this.verify_parts(given, Wait::Awaited))
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
        let &[packets, context, now] = PARAMETERS.bind(given, &mut Default::default())?;
        let py = given.py();
        let packets = packets.list("packets", "a list of packets")?;
        let (context, now) = (context.text("context")?, now.seconds("now")?);
        let limit = this.verifier.text_limit();
        let texts = packets.iter().map(|packet| text_of(PACKET, packet.as_borrowed(), limit));
        let (texts, refusals): (Vec<_>, Vec<_>) = texts.collect::<Result<Vec<_>>>()?.into_iter().unzip();
        let texts: Vec<&[u8]> = texts.iter().map(|text| &**text).collect();
        let results = work(py, texts.iter().map(|text| text.len()).sum(), || {
            this.verifier.verify_batch(&texts, context, now)
        })?;
        let results = results.into_iter().zip(refusals).map(|(result, refusal)| match result {
            Ok(verified) => evidence(py, verified),
            Err(error) => Ok(exception(py, &in_words(error, refusal))?),
        });
        Ok(PyList::new(py, results.collect::<Result<Vec<_>>>()?)?.into_any())
    }
}
