//! Many packets in one call.
#![allow(unsafe_code, reason = "an export needs a fixed name")]

use crate::answer::time;
use crate::engine::call;
use crate::packet::evidence;
use alloc::vec::Vec;

/// Verifies packets in order, whose lengths stand before them, four bytes each. For each a field: the evidence's fields, or, behind an
/// empty one, the refusal.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn verify_batch(
    verifier: usize,
    count: usize,
    context: usize,
    now: f64,
    now_given: usize,
) -> i32 {
    call(|mut given, answer, things| {
        let lengths: Vec<_> = (0..count).map(|_| given.length()).collect();
        let packets: Vec<_> = lengths.into_iter().map(|length| given.bytes(length)).collect();
        let context = given.text(context);
        let results = things.verifier(verifier).verify_batch(&packets, context, time(now, now_given))?;
        let mut end = 0;
        for result in &results {
            end = match result {
                Ok(verified) => evidence(answer, verified),
                Err(error) => {
                    answer.field("");
                    answer.refusal_field(error)
                }
            };
        }
        Ok(end)
    })
}
