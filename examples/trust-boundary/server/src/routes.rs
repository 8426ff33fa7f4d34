//! HTTP: signed events, the socket's door, and the page.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::hub::{Event, Hub, Message, Refusal};
use crate::setup::Folders;
use crate::socket;

/// The largest message, in bytes, on either transport.
pub(crate) const MESSAGE_LIMIT: usize = 16 << 20;

pub(crate) fn all(hub: Arc<Hub>, folders: &Folders) -> Router {
    Router::new()
        .route("/clients/{name}/events/{event}", post(event))
        .route("/clients/{name}/socket", get(socket::open))
        .layer(DefaultBodyLimit::max(MESSAGE_LIMIT))
        .with_state(hub)
        .nest_service("/js", ServeDir::new(&folders.js))
        .nest_service("/node_modules/@counterseal/wasm/dist", ServeDir::new(folders.sdk.join("dist")))
        .nest_service("/node_modules/@counterseal/wasm/pkg", ServeDir::new(folders.sdk.join("pkg")))
        .fallback_service(ServeDir::new(&folders.page))
        .layer(SetResponseHeaderLayer::overriding(
            HeaderName::from_static("content-security-policy"),
            HeaderValue::from_static(PAGE_POLICY),
        ))
}

async fn event(
    State(hub): State<Arc<Hub>>,
    Path((name, event)): Path<(String, Event)>,
    headers: HeaderMap,
    packet: Bytes,
) -> Response {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let message = Message {
        request: text(HeaderName::from_static("x-request-id")),
        transport: "http",
        from: &name,
        event,
        token: text(header::AUTHORIZATION).strip_prefix("Bearer ").unwrap_or_default(),
        packet: &packet,
    };
    match hub.handle(&message).await {
        Ok(answer) => ([(header::CONTENT_TYPE, "application/json")], answer).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::UNAUTHORIZED);
        let body = json!({ "error": self.class }).to_string();
        (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
    }
}

/// The page runs its own modules and wasm, and talks to this server alone.
const PAGE_POLICY: &str =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'";
