//! Who may call whom.
#![allow(unsafe_code, reason = "an export needs a fixed name")]

use crate::engine::call;
use crate::things::Thing;
use counterseal_shared as shared;

/// A policy, as JSON. Its handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn trust_new(policy: usize) -> i32 {
    call(|mut given, _, things| {
        let trust = shared::Trust::new(given.bytes(policy))?;
        Ok(things.insert(Thing::Trust(trust)))
    })
}

/// Judges a call.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn trust_check(
    trust: usize,
    callee: usize,
    caller: usize,
    method: usize,
    path: usize,
) -> i32 {
    call(|mut given, _, things| {
        let (callee, caller) = (given.text(callee), given.text(caller));
        let (method, path) = (given.text(method), given.text(path));
        things.trust(trust).check(callee, caller, method, path).map(|()| 0)
    })
}

/// 1 if anyone may call this path of the callee.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn trust_is_exempt(trust: usize, callee: usize, path: usize) -> i32 {
    call(|mut given, _, things| {
        let (callee, path) = (given.text(callee), given.text(path));
        Ok(usize::from(things.trust(trust).is_exempt(callee, path)))
    })
}

/// What the policy says of a callee, a sentence a field.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn trust_explain(trust: usize, callee: usize) -> i32 {
    call(|mut given, answer, things| {
        let sentences = things.trust(trust).explain(given.text(callee));
        Ok(sentences.iter().map(|sentence| answer.field(sentence)).last().unwrap_or(0))
    })
}
