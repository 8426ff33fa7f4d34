//! Verifies packets.

use super::{Verified, text_limit};
use crate::arguments::{Arg, Rest};
use crate::error::{Result, exception};
use crate::guard::MemoryReplayGuard;
use crate::key::Keyring;
use crate::text::{outside_text, type_name};
use crate::value::{Walk, in_words, walk_options, walk_packet};
use crate::work::work;
use counterseal_shared::{self as shared, Error, ErrorCode, Parts};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use std::borrow::Cow;

/// Verifies packets under a keyring: signature, age, caller, and that each nonce comes once.
///
/// max_age and max_ahead are seconds (60 and 5), allow is a list of owners (absent: any), guard a MemoryReplayGuard to share (absent: one of
/// its own, which begins empty and so knows nothing of what came before).
///
/// Raises CountersealError, whose code says which check failed.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct PacketVerifier {
    verifier: shared::PacketVerifier,
    text_limit: usize,
}

#[pymethods]
impl PacketVerifier {
    #[new]
    #[pyo3(
        signature = (keyring=Arg::ABSENT, /, *more, guard=Arg::ABSENT, **options),
        text_signature = "(keyring, *, max_age=None, max_ahead=None, allow=None, guard=None, body_limit=None)"
    )]
    fn new(
        keyring: Arg<'_>,
        more: &Bound<'_, PyTuple>,
        guard: Arg<'_>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> Result<Self> {
        let keyring = Rest { more, named: options }.with_options("keyring", keyring)?;
        let keyring = &keyring.instance::<Keyring>("keyring", "a Keyring")?.get().0;
        let guard = if guard.is_absent() {
            None
        } else {
            Some(guard.instance::<MemoryReplayGuard>("guard", "a MemoryReplayGuard")?)
        };
        let verifier =
            shared::PacketVerifier::new(keyring, guard.map(|guard| &guard.get().0), &walk_options(options)?)?;
        Ok(Self { verifier, text_limit: text_limit(options)? })
    }

    /// Verifies one packet: text, UTF-8 bytes, or the parsed dict.
    #[pyo3(
        signature = (packet=Arg::ABSENT, /, *more, context=Arg::ABSENT, now=Arg::ABSENT, **named),
        text_signature = "($self, packet, *, context, now=None)"
    )]
    fn verify<'py>(
        &self,
        py: Python<'py>,
        packet: Arg<'py>,
        more: &Bound<'py, PyTuple>,
        context: Arg<'py>,
        now: Arg<'py>,
        named: Option<&Bound<'py, PyDict>>,
    ) -> Result<Verified> {
        let packet = Rest { more, named }.only("packet", packet, "packet, context, now")?;
        let packet = packet.required("packet", PACKET_RULE)?;
        let (context, now) = (context.text("context")?, now.seconds("now")?);
        let (text, refusal) = self.text_of(packet)?;
        let verified = work(py, text.len(), || self.verifier.verify(&text, context, now));
        Ok(verified.map(Verified::new).map_err(|error| in_words(error, refusal))?)
    }

    /// Verifies the parts of a packet that travelled in another shape.
    #[pyo3(
        signature = (*more, key_id=Arg::ABSENT, kind=Arg::ABSENT, body=Arg::ABSENT, context=Arg::ABSENT, ts=Arg::ABSENT, nonce=Arg::ABSENT, sig=Arg::ABSENT, now=Arg::ABSENT, **named),
        text_signature = "($self, *, key_id, kind, body, context, ts, nonce, sig, now=None)"
    )]
    fn verify_parts<'py>(
        &self,
        py: Python<'py>,
        more: &Bound<'py, PyTuple>,
        key_id: Arg<'py>,
        kind: Arg<'py>,
        body: Arg<'py>,
        context: Arg<'py>,
        ts: Arg<'py>,
        nonce: Arg<'py>,
        sig: Arg<'py>,
        now: Arg<'py>,
        named: Option<&Bound<'py, PyDict>>,
    ) -> Result<Verified> {
        Rest { more, named }.nothing("key_id, kind, body, context, ts, nonce, sig, now")?;
        let (body, context, now) = (body.bytes("body")?, context.text("context")?, now.seconds("now")?);
        let parts = Parts {
            key_id: key_id.sent_text("key_id")?,
            kind: kind.text("kind")?,
            body: &body,
            ts: ts.sent_integer("ts")?,
            nonce: nonce.sent_text("nonce")?,
            sig: sig.sent_text("sig")?,
        };
        Ok(Verified::new(work(py, body.len(), || self.verifier.verify_parts(&parts, context, now))?))
    }

    /// Verifies a list of packets: a list of Verified or CountersealError, in order, none raised.
    #[pyo3(
        signature = (packets=Arg::ABSENT, /, *more, context=Arg::ABSENT, now=Arg::ABSENT, **named),
        text_signature = "($self, packets, *, context, now=None)"
    )]
    fn verify_batch<'py>(
        &self,
        py: Python<'py>,
        packets: Arg<'py>,
        more: &Bound<'py, PyTuple>,
        context: Arg<'py>,
        now: Arg<'py>,
        named: Option<&Bound<'py, PyDict>>,
    ) -> Result<Bound<'py, PyList>> {
        let packets = Rest { more, named }
            .only("packets", packets, "packets, context, now")?
            .list("packets", "a list of packets")?;
        let (context, now) = (context.text("context")?, now.seconds("now")?);
        let texts = packets
            .iter()
            .map(|packet| self.text_of(packet.required("packet", PACKET_RULE)?))
            .collect::<Result<Vec<_>>>()?;
        let (texts, refusals): (Vec<_>, Vec<_>) = texts.into_iter().unzip();
        let texts: Vec<&[u8]> = texts.iter().map(|text| &**text).collect();
        let results = work(py, texts.iter().map(|text| text.len()).sum(), || {
            self.verifier.verify_batch(&texts, context, now)
        })?;
        let results = results.into_iter().zip(refusals).map(|(result, refusal)| match result {
            Ok(verified) => Ok(Bound::new(py, Verified::new(verified))?.into_any()),
            Err(error) => exception(py, &in_words(error, refusal)),
        });
        Ok(PyList::new(py, results.collect::<PyResult<Vec<_>>>()?)?)
    }
}

impl PacketVerifier {
    /// A packet's text. What is no packet at all becomes no text at all, which the core refuses in its own order.
    fn text_of<'a>(&self, packet: &'a Bound<'_, PyAny>) -> Result<(Cow<'a, [u8]>, Option<Error>)> {
        if let Ok(packet) = packet.cast_exact::<PyDict>() {
            let Walk { text, refusal } = walk_packet(packet, self.text_limit)?;
            return Ok((Cow::Owned(text.into_bytes()), refusal));
        }
        Ok(outside_text(packet)?
            .map_or_else(|| (Cow::default(), Some(no_packet(packet))), |text| (text, None)))
    }
}

fn no_packet(object: &Bound<'_, PyAny>) -> Error {
    Error::new(ErrorCode::MalformedPacket, format!("a packet is {PACKET_RULE}, not {}", type_name(object)))
}

const PACKET_RULE: &str = "str, UTF-8 bytes or a dict";
