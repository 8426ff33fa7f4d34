//! The audit log on standard output: one JSON line a decision, with the code that the peer does not learn, and no secret.

use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use counterseal_shared::ErrorCode;
use serde_json::{Value, json};

use crate::hub::Message;

/// The first line: where the server listens, and what it is.
pub(crate) fn listening(port: u16) {
    let runtime = concat!(env!("SERVER_RUSTC"), ", axum 0.8");
    line(&json!({ "listening": port, "runtime": runtime, "version": counterseal_shared::version() }));
}

/// What was decided about a message. `from` is what it claims; only of an accepted one is it true.
pub(crate) fn decision(message: &Message<'_>, refused: Option<ErrorCode>) {
    line(&json!({
        "time": SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
        "request": message.request,
        "transport": message.transport,
        "from": message.from,
        "event": message.event.name(),
        "accepted": refused.is_none(),
        "code": refused.map(ErrorCode::as_str),
    }));
}

/// Payloads that the hub signed and verified by itself.
pub(crate) fn exchanged(count: usize) {
    line(&json!({ "exchanged": count }));
}

fn line(value: &Value) {
    let mut out = std::io::stdout().lock();
    // Without a reader there is nobody left to tell.
    let _ = writeln!(out, "{value}").and_then(|()| out.flush());
}
