//! What is written down of a refusal: a line for the operator and a record for the audit log, with the code that the peer does not learn.

use counterseal_shared::json::{self, Value};
use counterseal_shared::{AuditEvent, AuditLog, Error};
use std::fmt::Write;
use std::sync::Arc;

/// Where refusals are written down.
pub(crate) struct Record(Option<Arc<AuditLog>>);

/// A request that was refused. Method, path and key id are the peer's words.
pub(crate) struct Refused<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) key_id: Option<&'a str>,
    /// Known where the head's signature was good.
    pub(crate) owner: Option<&'a str>,
}

impl Record {
    pub(crate) fn new(audit: Option<Arc<AuditLog>>) -> Self {
        Self(audit)
    }

    pub(crate) fn refused(&self, refused: &Refused<'_>, error: &Error) {
        let code = error.code();
        tracing::warn!(
            code = %code,
            status = code.status(),
            method = %shown(refused.method),
            path = %shown(refused.path),
            key_id = %refused.key_id.unwrap_or("-"),
            detail = error.detail(),
            "AUTH REJECTED"
        );
        if let Some(Err(fault)) = self.0.as_deref().map(|log| audit(log, refused, error)) {
            tracing::error!(
                code = %fault.code(),
                detail = fault.detail(),
                "a refusal is not in the audit log"
            );
        }
    }
}

/// The log cuts and escapes what a peer chose.
fn audit(log: &AuditLog, refused: &Refused<'_>, error: &Error) -> Result<(), Error> {
    let key_id = refused.key_id.map_or(Value::Null, |id| Value::String(id.to_owned()));
    let metadata = json::write(&Value::Object(vec![("key_id".to_owned(), key_id)]));
    let event = AuditEvent {
        event: "REQUEST_REJECTED",
        user_id: refused.owner,
        action: refused.method,
        resource: refused.path,
        success: false,
        metadata: metadata.as_bytes(),
    };
    log.record_refusal(&event, error, None)
}

/// What a peer chose, as one word of a line: cut, and everything but visible ASCII escaped.
fn shown(text: &str) -> String {
    let mut shown = String::new();
    for byte in text.bytes().take(SHOWN_MAX) {
        match byte {
            b'"' | b'\\' | ..=b' ' | 0x7F.. => _ = write!(shown, "\\x{byte:02x}"),
            _ => shown.push(char::from(byte)),
        }
    }
    if text.len() > SHOWN_MAX {
        shown.push_str("...");
    }
    shown
}

const SHOWN_MAX: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peers_words_stay_one_word_of_a_line() {
        assert_eq!(shown("/a%2Fb/é"), r"/a%2Fb/\xc3\xa9");
        assert_eq!(
            shown("/a b\r\ncode=ok \"x\" \\n\u{1b}[31m"),
            r"/a\x20b\x0d\x0acode=ok\x20\x22x\x22\x20\x5cn\x1b[31m"
        );
        assert_eq!(shown(&"é".repeat(1000)).len(), SHOWN_MAX * 4 + 3);
        assert_eq!(shown(&"x".repeat(SHOWN_MAX)), "x".repeat(SHOWN_MAX));
    }
}
