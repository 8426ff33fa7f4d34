//! `Content-Digest` with SHA-256 (RFC 9530 §2).

use super::signature::{self, Tag};
use super::{Fault, structured};
use alloc::string::String;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// A body's digest, computed as the body comes.
#[derive(Clone, Default)]
pub(crate) struct BodyHash {
    hash: Sha256,
    length: usize,
}

impl BodyHash {
    /// The digest of a body that is all there.
    pub(crate) fn of(body: &[u8]) -> Tag {
        let mut hash = Self::default();
        hash.update(body);
        hash.finish()
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.length = self.length.saturating_add(bytes.len());
    }

    /// Bytes so far.
    pub(super) fn len(&self) -> usize {
        self.length
    }

    pub(super) fn finish(self) -> Tag {
        self.hash.finalize().into()
    }
}

/// The field's value for a body with this digest.
pub(super) fn write(digest: &Tag) -> String {
    signature::written(ALGORITHM, digest)
}

/// The SHA-256 digest that a field's value names. Other algorithms are ignored.
pub(super) fn read(value: &str) -> Result<Tag, Fault> {
    let members = structured::dictionary(value).ok_or(FORM)?;
    let mut ours = members.iter().filter(|member| member.label == ALGORITHM);
    let (Some(member), None) = (ours.next(), ours.next()) else { return Err(FORM) };
    structured::byte_sequence(member.text).and_then(signature::decode).ok_or(FORM)
}

pub(super) fn is_same(one: &Tag, other: &Tag) -> bool {
    one.ct_eq(other).into()
}

const ALGORITHM: &str = "sha-256";
const FORM: &str = "Content-Digest must hold sha-256 once, as 32 bytes of base64 between colons";

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn the_golden_digest() {
        let mut hash = BodyHash::default();
        hash.update(br#"{"cmd":"#);
        hash.update(br#""run"}"#);
        assert_eq!(hash.len(), 13);
        assert_eq!(write(&hash.finish()), "sha-256=:6KCrtat1mEMyODIWK72xNiIwWFzDuZoU6HK0TEQQAVc=:");
    }

    #[test]
    fn sha_256_stands_once() {
        let ours = "sha-256=:6KCrtat1mEMyODIWK72xNiIwWFzDuZoU6HK0TEQQAVc=:";
        let digest = read(ours).unwrap();
        assert_eq!(write(&digest), ours);
        assert_eq!(read(&format!("sha-512=:AAAA:, {ours}, md5=?1")), Ok(digest));
        for bad in [
            "",
            "sha-512=:AAAA:",
            &format!("{ours}, {ours}"),
            &format!("{ours},"),
            &format!("{ours};a=1"),
            "sha-256",
            "sha-256=:AAAA:",
            "sha-256=\"6KCrtat1mEMyODIWK72xNiIwWFzDuZoU6HK0TEQQAVc=\"",
            "sha-256=:6KCrtat1mEMyODIWK72xNiIwWFzDuZoU6HK0TEQQAVd=:",
            "sha-256=:6KCrtat1mEMyODIWK72xNiIwWFzDuZoU6HK0TEQQAVc:",
            "SHA-256=:6KCrtat1mEMyODIWK72xNiIwWFzDuZoU6HK0TEQQAVc=:",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
