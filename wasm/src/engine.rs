//! The one instance of everything, and the way in.

use crate::answer::{Answer, Arguments};
use crate::things::Things;
use alloc::vec::Vec;
use core::cell::RefCell;
use counterseal_shared::Result;
use zeroize::Zeroize;

/// What every call works on.
pub(crate) struct Engine {
    scratch: Vec<u8>,
    /// Where a packet's parts are written for a quick call.
    parts: Vec<u8>,
    answer: Answer,
    things: Things,
}

/// A call whose success is a number: a handle, or how long the answer is. A refusal is −1 − the length of its text in the answer.
pub(crate) fn call(run: impl FnOnce(Arguments<'_>, &mut Answer, &mut Things) -> Result<usize>) -> i32 {
    let engine = &mut *ENGINE.0.borrow_mut();
    engine.answer.clear();
    match run(Arguments::new(&engine.scratch), &mut engine.answer, &mut engine.things) {
        Ok(number) => number as i32,
        Err(error) => -1 - engine.answer.refusal(&error) as i32,
    }
}

/// As [`call`], and then wipes the first argument: a secret.
pub(crate) fn call_in_secret(
    length: usize,
    run: impl FnOnce(Arguments<'_>, &mut Answer, &mut Things) -> Result<usize>,
) -> i32 {
    let outcome = call(run);
    if let Some(secret) = ENGINE.0.borrow_mut().scratch.get_mut(..length) {
        secret.zeroize();
    }
    outcome
}

/// A call on what stands in the place for a packet's parts. Its success is a number. A refusal is −1: the call that is not quick says why.
pub(crate) fn quick_call(run: impl FnOnce(&[u8], &mut Answer, &Things) -> Option<usize>) -> i32 {
    let engine = &mut *ENGINE.0.borrow_mut();
    run(&engine.parts, &mut engine.answer, &engine.things).map_or(-1, |number| number as i32)
}

/// Where arguments are written: room for `length` bytes at least. What stood there is lost.
#[unsafe(no_mangle)]
#[allow(unsafe_code, reason = "an export needs a fixed name")]
pub(crate) extern "C" fn scratch(length: usize) -> *mut u8 {
    let scratch = &mut ENGINE.0.borrow_mut().scratch;
    if scratch.len() < length {
        *scratch = alloc::vec![0; length];
    }
    scratch.as_mut_ptr()
}

/// Where a packet's parts are written for a quick call: room for `length` bytes at least. What stood there may be lost, and the next owner is told
/// whoever it is.
#[cfg(feature = "full")]
#[unsafe(no_mangle)]
#[allow(unsafe_code, reason = "an export needs a fixed name")]
pub(crate) extern "C" fn parts(length: usize) -> *mut u8 {
    let engine = &mut *ENGINE.0.borrow_mut();
    engine.answer.forget_owner();
    if engine.parts.len() < length {
        engine.parts = alloc::vec![0; length];
    }
    engine.parts.as_mut_ptr()
}

/// Where the last call's answer stands. It holds until the next call.
#[unsafe(no_mangle)]
#[allow(unsafe_code, reason = "an export needs a fixed name")]
pub(crate) extern "C" fn answer() -> *const u8 {
    ENGINE.0.borrow().answer.as_ptr()
}

/// Forgets an object.
#[unsafe(no_mangle)]
#[allow(unsafe_code, reason = "an export needs a fixed name")]
pub(crate) extern "C" fn forget(handle: usize) {
    ENGINE.0.borrow_mut().things.remove(handle);
}

struct Alone(RefCell<Engine>);

#[allow(unsafe_code, reason = "this module is built without threads: nothing else can reach the cell")]
unsafe impl Sync for Alone {}

static ENGINE: Alone = Alone(RefCell::new(Engine {
    scratch: Vec::new(),
    parts: Vec::new(),
    answer: Answer::new(),
    things: Things::new(),
}));
