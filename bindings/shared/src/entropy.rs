//! The only random source: the operating system's.

use alloc::borrow::ToOwned;
use alloc::string::String;
use counterseal::{Error, ErrorCode, Nonce, Result};

/// A fresh nonce: 22 characters that encode 16 random bytes.
///
/// # Errors
/// `malformed_argument` where the system has no random source.
pub fn generate_nonce() -> Result<String> {
    Ok(fresh_nonce()?.as_str().to_owned())
}

pub(crate) fn fresh_nonce() -> Result<Nonce> {
    let mut entropy = [0; 16];
    fill(&mut entropy)?;
    Ok(Nonce::from_bytes(entropy))
}

pub(crate) fn fill(bytes: &mut [u8]) -> Result<()> {
    if is_filled(bytes) {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::MalformedArgument,
        "the operating system's random source failed; hand in a nonce or a secret",
    ))
}

#[cfg(not(target_arch = "wasm32"))]
fn is_filled(bytes: &mut [u8]) -> bool {
    getrandom::fill(bytes).is_ok()
}

#[cfg(target_arch = "wasm32")]
#[allow(
    unsafe_code,
    reason = "the host's generator writes where it is told, into bytes that are ours alone for that time"
)]
fn is_filled(bytes: &mut [u8]) -> bool {
    #[link(wasm_import_module = "host")]
    unsafe extern "C" {
        /// 1 once `length` bytes from `start` on are random, 0 if they cannot be.
        fn random(start: *mut u8, length: usize) -> u32;
    }
    unsafe { random(bytes.as_mut_ptr(), bytes.len()) == 1 }
}
