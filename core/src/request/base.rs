//! The signature base: one line a component, and the parameters last (RFC 9421 §2.5).

use alloc::string::String;

/// A base that grows line by line.
pub(super) struct Base(String);

impl Base {
    pub(super) fn new() -> Self {
        Self(String::with_capacity(USUAL))
    }

    pub(super) fn line(&mut self, name: &str, value: &str) {
        for part in ["\"", name, "\": ", value, "\n"] {
            self.0.push_str(part);
        }
    }

    /// The whole base. `member` is what stands behind the label in `Signature-Input`.
    pub(super) fn close(mut self, member: &str) -> String {
        self.0.push_str("\"@signature-params\": ");
        self.0.push_str(member);
        self.0
    }
}

/// Most bases are shorter.
const USUAL: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base64;
    use crate::mac::MacKey;
    use crate::request::signature;

    /// RFC 9421 B.2.5, with the secret of B.1.5.
    #[test]
    fn the_standards_own_example() {
        let mut base = Base::new();
        base.line("date", "Tue, 20 Apr 2021 02:07:55 GMT");
        base.line("@authority", "example.com");
        base.line("content-type", "application/json");
        let base = base.close(
            "(\"date\" \"@authority\" \"content-type\");created=1618884473;keyid=\"test-shared-secret\"",
        );
        let secret = base64::decode_standard(
            b"uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==",
        )
        .unwrap();
        let tag = signature::mac(&MacKey::new(&secret), &base);
        assert_eq!(signature::encode(&tag), "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=");
        assert_eq!(signature::decode("pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8="), Some(tag));
    }
}
