//! Parts on the quick road.
#![allow(unsafe_code, reason = "an export needs a fixed name")]

use crate::engine::quick_call;
use counterseal_shared as shared;

/// Verifies parts that stand in their own place: texts without a gap from its beginning, nonce and signature first, and the body. The owner, as
/// [`Answer::owner`](crate::answer::Answer::owner) tells it.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn quick_parts(
    verifier: usize,
    key_id: usize,
    context: usize,
    body: usize,
    is_json: usize,
    ts: f64,
    now: f64,
) -> i32 {
    quick_call(|place, answer, things| {
        let (texts, rest) = place.split_at_checked(BODY_AT)?;
        let texts = str::from_utf8(texts.get(..NONCE + SIG + key_id + context)?).ok()?;
        let (nonce, texts) = texts.split_at_checked(NONCE)?;
        let (sig, texts) = texts.split_at_checked(SIG)?;
        let (key_id, context) = texts.split_at_checked(key_id)?;
        let kind = if is_json == 0 { "bytes" } else { "json" };
        let parts = shared::Parts { key_id, kind, body: rest.get(..body)?, ts, nonce, sig };
        let read = |verified: shared::VerifiedRef<'_, '_>| answer.owner(verified.owner());
        things.verifier(verifier).verify_parts_with(&parts, context, Some(now), read).ok()
    })
}

/// Characters of a nonce.
const NONCE: usize = 22;
/// Characters of a signature.
const SIG: usize = 43;
/// Where the body of parts begins in their place, as `ts/engine/parts.ts` writes it: behind the longest texts.
const BODY_AT: usize = 388;
