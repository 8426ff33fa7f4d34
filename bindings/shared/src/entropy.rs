//! The only random source: the operating system's.

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
    getrandom::fill(bytes).map_err(|_| {
        Error::new(
            ErrorCode::MalformedArgument,
            "the operating system's random source failed; hand in a nonce or a secret",
        )
    })
}
