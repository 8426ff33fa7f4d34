//! A client's WebSocket: the first message says hello and brings the token; the first refusal ends it.

use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message as Frame, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Path, State};
use axum::response::Response;
use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::mpsc;

use crate::hub::{Event, Hub, Message, Refusal};
use crate::routes::MESSAGE_LIMIT;

/// Answers and deliveries that may wait for a slow reader before its peers wait too.
const BACKLOG: usize = 64;

pub(crate) async fn open(
    State(hub): State<Arc<Hub>>,
    Path(name): Path<String>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade
        .max_message_size(MESSAGE_LIMIT)
        .max_frame_size(MESSAGE_LIMIT)
        .on_upgrade(move |socket| serve(hub, name, socket))
}

async fn serve(hub: Arc<Hub>, name: String, socket: WebSocket) {
    let (mut sink, mut stream) = socket.split();
    let (outgoing, mut waiting) = mpsc::channel::<String>(BACKLOG);
    // A writer of its own: two clients that relay to each other would otherwise wait for each other.
    let writer = tokio::spawn(async move {
        while let Some(text) = waiting.recv().await {
            if sink.send(Frame::Text(text.into())).await.is_err() {
                return;
            }
        }
        let _ = sink
            .send(Frame::Close(Some(CloseFrame { code: close_code::POLICY, reason: Utf8Bytes::default() })))
            .await;
    });
    let mut connection = Connection { hub, name, token: None };
    while let Some(Ok(frame)) = stream.next().await {
        let Frame::Text(text) = frame else { continue };
        let Some((answer, goes_on)) = connection.answer(&text, &outgoing).await else { break };
        if outgoing.send(answer).await.is_err() || !goes_on {
            break;
        }
    }
    connection.hub.disconnect(&connection.name, &outgoing);
    drop(outgoing);
    let _ = writer.await;
}

struct Connection {
    hub: Arc<Hub>,
    name: String,
    token: Option<String>,
}

impl Connection {
    /// The answer, and whether the connection goes on; nothing if the text is no message at all.
    async fn answer(&mut self, text: &str, outgoing: &mpsc::Sender<String>) -> Option<(String, bool)> {
        let incoming: Incoming = serde_json::from_str(text).ok()?;
        // A token that expires ends the connection too: it is judged with each message.
        let token = self.token.clone().or(incoming.token).unwrap_or_default();
        let event = if self.token.is_some() { incoming.event } else { Event::Hello };
        let message = Message {
            request: &incoming.id,
            transport: "ws",
            from: &self.name,
            event,
            token: &token,
            packet: incoming.packet.as_bytes(),
        };
        match self.hub.handle(&message).await {
            Ok(packet) => {
                if self.token.is_none() {
                    self.token = Some(token);
                    self.hub.connect(&self.name, outgoing.clone());
                }
                Some((json!({ "id": incoming.id, "packet": packet }).to_string(), true))
            }
            Err(Refusal { class, status }) => {
                Some((json!({ "id": incoming.id, "error": class, "status": status }).to_string(), false))
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Incoming {
    id: String,
    event: Event,
    packet: String,
    token: Option<String>,
}
