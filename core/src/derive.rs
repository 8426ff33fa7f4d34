//! Keys derived from a master (wire contract §7): HKDF-SHA256 (RFC 5869). The server keeps the master and no table.

use crate::error::{Error, ErrorCode, Result};
use crate::key::Secret;
use crate::text::{NAME_RULE, is_name};
use alloc::format;
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

/// The 32-byte secret of `key_id`, which `owner` holds for `purpose`. The same four give the same secret, everywhere and always.
///
/// Which key ids a server answers for (`owner.generation`, a ticket's `jti.exp`) is the server's rule; here each part only has its grammar.
///
/// # Errors
/// `malformed_argument` if a part is not 1 to 64 characters of `A-Z a-z 0-9 . _ ~ -`.
pub fn derive(master: &Secret, purpose: &str, owner: &str, key_id: &str) -> Result<Secret> {
    check_part("purpose", purpose)?;
    check_part("owner", owner)?;
    check_part("key_id", key_id)?;
    // No part can hold an LF, so no two triples share their info.
    let info = format!("{purpose}\n{owner}\n{key_id}");
    let mut secret = Zeroizing::new([0; 32]);
    expand(SALT, master.expose(), info.as_bytes(), secret.as_mut())?;
    Ok(Secret::from_entropy(&secret))
}

/// HKDF-SHA256, extract and expand (RFC 5869 §2).
///
/// # Errors
/// `malformed_argument` for more than 255 × 32 bytes.
pub(crate) fn expand(salt: &[u8], material: &[u8], info: &[u8], out: &mut [u8]) -> Result<()> {
    let derived = Hkdf::<Sha256>::new(Some(salt), material).expand(info, out);
    derived.map_err(|_| Error::new(ErrorCode::MalformedArgument, "HKDF-SHA256 gives at most 8160 bytes"))
}

fn check_part(name: &str, part: &str) -> Result<()> {
    if is_name(part) { Ok(()) } else { Err(Error::new(ErrorCode::MalformedArgument, format!("{name} must be {NAME_RULE}"))) }
}

const SALT: &[u8] = b"counterseal-derive-v1";
