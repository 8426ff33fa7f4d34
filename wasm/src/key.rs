//! Secrets, keys, rings and guards.
#![allow(unsafe_code, reason = "an export needs a fixed name")]

use crate::engine::{call, call_in_secret};
use crate::things::Thing;
use counterseal_shared as shared;

/// A secret as text with its encoding named: its handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn secret_from_text(length: usize) -> i32 {
    call_in_secret(length, |mut given, _, things| {
        shared::Secret::from_text(given.text(length)).map(|secret| things.insert(Thing::Secret(secret)))
    })
}

/// A secret as bytes: its handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn secret_from_bytes(length: usize) -> i32 {
    call_in_secret(length, |mut given, _, things| {
        shared::Secret::from_bytes(given.bytes(length)).map(|secret| things.insert(Thing::Secret(secret)))
    })
}

/// A fresh secret of 32 random bytes: its handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn secret_generate() -> i32 {
    call(|_, _, things| shared::Secret::generate().map(|secret| things.insert(Thing::Secret(secret))))
}

/// The secret as `hex:` text, which the caller wipes.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn secret_expose(secret: usize) -> i32 {
    call(|_, answer, things| {
        Ok(answer.set(zeroize::Zeroizing::new(things.secret(secret).expose()).as_bytes()))
    })
}

/// A key; its options are JSON. Its handle, and its owner as the answer.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn key_new(id: usize, secret: usize, options: usize) -> i32 {
    call(|mut given, answer, things| {
        let key = shared::Key::new(given.text(id), things.secret(secret), given.text(options))?;
        answer.field(key.owner());
        Ok(things.insert(Thing::Key(key)))
    })
}

/// A ring without keys: its handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn keyring_new() -> i32 {
    call(|_, _, things| Ok(things.insert(Thing::Keyring(shared::Keyring::default()))))
}

/// Adds a key.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn keyring_add(ring: usize, key: usize) -> i32 {
    call(|_, _, things| things.keyring(ring).add(things.key(key)).map(|()| 0))
}

/// Removes a key; 0 if there was none of that id.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn keyring_remove(ring: usize, id: usize) -> i32 {
    call(|mut given, _, things| Ok(things.keyring(ring).remove(given.text(id)).into()))
}

/// Revokes a key; 0 if there is none of that id.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn keyring_revoke(ring: usize, id: usize) -> i32 {
    call(|mut given, _, things| Ok(things.keyring(ring).revoke(given.text(id)).into()))
}

/// The ids of all keys, as fields.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn keyring_ids(ring: usize) -> i32 {
    call(|_, answer, things| {
        Ok(things.keyring(ring).ids().iter().map(|id| answer.field(id)).last().unwrap_or(0))
    })
}

/// A guard; its options are JSON. Its handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn guard_new(options: usize) -> i32 {
    call(|mut given, _, things| {
        shared::MemoryReplayGuard::new(given.text(options)).map(|guard| things.insert(Thing::Guard(guard)))
    })
}

/// How many nonces it holds.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn guard_size(guard: usize) -> i32 {
    call(|_, _, things| Ok(things.guard(guard).len() as usize))
}
