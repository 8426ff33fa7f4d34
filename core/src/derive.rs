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
    if is_name(part) {
        Ok(())
    } else {
        Err(Error::new(ErrorCode::MalformedArgument, format!("{name} must be {NAME_RULE}")))
    }
}

const SALT: &[u8] = b"counterseal-derive-v1";

#[cfg(test)]
mod tests {
    use super::*;

    fn master() -> Secret {
        Secret::from_bytes(&core::array::from_fn::<u8, 32, _>(|at| at as u8)).unwrap()
    }

    fn hex(text: &str) -> Secret {
        Secret::from_text(&format!("hex:{text}")).unwrap()
    }

    #[test]
    fn golden_secrets() {
        let worker = derive(&master(), "worker", "w-12", "w-12.3").unwrap();
        assert_eq!(
            worker.expose(),
            hex("9245504b2a38180156be86cf8c860f057ef295d2ecdb984728ddac2a843bdf52").expose()
        );
        let ticket = derive(&master(), "ticket", "page-1", "EBESExQVFhcYGRobHB0eHw.1708170834").unwrap();
        assert_eq!(
            ticket.expose(),
            hex("10115b70d24a40355f97341616274e8e7e9efe00288214b60b76ca9b389e3418").expose()
        );
    }

    #[test]
    fn every_part_counts() {
        let parts = [
            ("worker", "w", "w.1"),
            ("ticket", "w", "w.1"),
            ("worker", "x", "w.1"),
            ("worker", "w", "w.2"),
            ("w", "worker", "w.1"),
        ];
        let secrets =
            parts.map(|(purpose, owner, key_id)| derive(&master(), purpose, owner, key_id).unwrap());
        for (at, secret) in secrets.iter().enumerate() {
            assert!(secrets[..at].iter().all(|other| other.expose() != secret.expose()), "{at}");
        }
        let other = derive(&Secret::from_bytes(&[7; 32]).unwrap(), "worker", "w", "w.1").unwrap();
        assert_ne!(other.expose(), secrets[0].expose());
    }

    #[test]
    fn parts_have_their_grammar() {
        let longest = "n".repeat(64);
        assert!(derive(&master(), &longest, &longest, &longest).is_ok());
        for bad in ["", "a\nb", "a b", "é", "a/b", &"n".repeat(65)] {
            for (name, refused) in [
                ("purpose", derive(&master(), bad, "w", "w.1")),
                ("owner", derive(&master(), "worker", bad, "w.1")),
                ("key_id", derive(&master(), "worker", "w", bad)),
            ] {
                let error = refused.unwrap_err();
                assert_eq!(error.code(), ErrorCode::MalformedArgument, "{bad:?}");
                assert!(error.detail().starts_with(name), "{bad:?}");
            }
        }
    }
}
