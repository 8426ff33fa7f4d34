//! A peer's text as it arrived, for the strict reader to judge.
//!
//! Socket.IO's usual extractors hand over what a lenient parser made of a message: a member that stood twice is gone by then. These take the
//! text itself.

use std::convert::Infallible;
use std::sync::Arc;

use serde_json::value::RawValue;
use socketioxide::adapter::LocalAdapter;
use socketioxide::handler::{FromConnectParts, MessageHandler, Value};
use socketioxide::socket::Socket;

/// The `auth` payload of a connection; empty if there is none.
pub(crate) struct Handshake(pub(crate) String);

impl FromConnectParts<LocalAdapter> for Handshake {
    type Error = Infallible;

    fn from_connect_parts(_: &Arc<Socket>, auth: &Option<Value>) -> Result<Self, Infallible> {
        Ok(Self(match auth {
            Some(Value::Str(text, None)) => text.as_str().to_owned(),
            _ => String::new(),
        }))
    }
}

/// Hands each event's name and text on, in order and before the next is read: who sends faster than is judged waits.
pub(crate) struct Events<F>(pub(crate) F);

/// Tells this handler from those that socketioxide makes of closures.
pub(crate) enum InOrder {}

impl<F: Fn(&str, &str) + Send + Sync + 'static> MessageHandler<LocalAdapter, InOrder> for Events<F> {
    fn call(&self, _: Arc<Socket>, message: Value, _: Option<i64>) {
        let Value::Str(text, attachments) = &message else { return (self.0)("", "") };
        let (event, packet) = read(text.as_str());
        (self.0)(&event, if attachments.is_none() { packet } else { "" });
    }
}

/// An event's name and its one argument. What has any other form is read as no packet at all, which the session refuses.
fn read(message: &str) -> (String, &str) {
    let parts: Vec<&RawValue> = serde_json::from_str(message).unwrap_or_default();
    let event = parts.first().and_then(|name| serde_json::from_str(name.get()).ok()).unwrap_or_default();
    let packet = if let [_, packet] = parts[..] { packet.get() } else { "" };
    (event, packet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_packet_is_handed_on_as_it_was_written() {
        let packet = r#"{"v":1, "v":1,"n":1.0e0,"big":123456789012345678901234567890,"s":"\u00e9\ud800"}"#;
        assert_eq!(read(&format!(r#"["engine_status",{packet}]"#)), ("engine_status".to_owned(), packet));
    }

    #[test]
    fn what_is_not_one_argument_is_no_packet() {
        for message in [r#"["job_result"]"#, r#"["job_result",{},{}]"#] {
            assert_eq!(read(message), ("job_result".to_owned(), ""), "{message}");
        }
        for message in ["", "[]", "{}", r#"[{}"#, r#"["a",{}"#] {
            assert_eq!(read(message), (String::new(), ""), "{message}");
        }
        assert_eq!(read(r#"[7,{}]"#), (String::new(), "{}"));
    }

    #[test]
    fn a_name_is_read_with_its_escapes() {
        assert_eq!(read(r#"["heart\u0062eat",{}]"#).0, "heartbeat");
    }
}
