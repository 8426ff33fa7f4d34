//! Keys that cannot verify: not there, not for this, or not now.

use super::Hint;
use crate::error::ErrorCode;
use crate::json;
use crate::key::{Key, Keyring, Use};
use crate::time::Timestamp;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// For `unknown_key`, `revoked_key` and `inactive_key`.
pub(super) fn hints(code: ErrorCode, ring: &Keyring, id: &str, wanted: &Use, now: Timestamp) -> Vec<Hint> {
    let text = match (code, ring.get(id)) {
        (ErrorCode::RevokedKey, _) => {
            format!("key {id} is revoked on this side: the peer needs a new key under a new id")
        }
        (ErrorCode::InactiveKey, Some(key)) => window(key, now),
        (_, Some(key)) => not_for(key, wanted),
        (_, None) => absent(ring, id, wanted),
    };
    Vec::from([Hint::new("key", text)])
}

/// What a key is, as far as everybody may know.
pub(super) fn described(key: &Key) -> String {
    format!("key {}, owner {}", key.id(), key.owner())
}

fn window(key: &Key, now: Timestamp) -> String {
    let (begins, ends) = (key.not_before(), key.not_after());
    let (id, begins, now) = (key.id(), begins.seconds(), now.seconds());
    match ends {
        Some(ends) if now >= begins => format!(
            "key {id} ended at {}, {} s ago by this clock: the peer signs with a key that was rotated out",
            ends.seconds(),
            now.saturating_sub(ends.seconds())
        ),
        _ => format!("key {id} begins at {begins}, in {} s by this clock", begins.saturating_sub(now)),
    }
}

fn not_for(key: &Key, wanted: &Use) -> String {
    let uses: Vec<_> = key.uses().iter().map(ToString::to_string).collect();
    format!("key {} is in the ring, for {}; this needs a key for {wanted}", key.id(), uses.join(" and "))
}

fn absent(ring: &Keyring, id: &str, wanted: &Use) -> String {
    let named = json::write(&super::text(id));
    let fitting = || ring.keys().filter(|key| key.uses().contains(wanted)).map(Key::id);
    if let Some(known) = fitting().find(|known| known.eq_ignore_ascii_case(id.trim())) {
        return format!("it names key {named}, and the ring has {known}: ids are compared exactly");
    }
    let known: Vec<_> = fitting().take(SHOWN).collect();
    let more = fitting().count() - known.len();
    match (known.is_empty(), more) {
        (true, _) => format!("it names key {named}, and the ring has no key for {wanted}"),
        (_, 0) => format!("it names key {named}, and the ring has for {wanted}: {}", known.join(", ")),
        _ => format!(
            "it names key {named}, and the ring has for {wanted}: {} and {more} more",
            known.join(", ")
        ),
    }
}

/// How many ids are told.
const SHOWN: usize = 8;
