//! HTTP: the page and what it loads, tickets, and the door of Socket.IO.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request};
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::post;
use socketioxide::extract::SocketRef;
use socketioxide::layer::SocketIoLayer;
use socketioxide::{ParserConfig, SocketIo, TransportType};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::accept::accept;
use crate::dashboard::Dashboard;
use crate::engine::Engine;
use crate::gate::Line;
use crate::hub::Hub;
use crate::limits;
use crate::party::Party;
use crate::raw::Handshake;
use crate::setup::Setup;
use crate::ticket;

pub(crate) fn all(hub: Arc<Hub>, setup: &Setup, port: u16) -> Router {
    let folders = &setup.folders;
    let (sockets, io) = sockets(setup.handshake_window());
    open::<Engine>(&io, &hub);
    open::<Dashboard>(&io, &hub);
    Router::new()
        .route("/ticket", post(ticket::issue))
        .layer(DefaultBodyLimit::max(limits::HTTP_BODY))
        .with_state(hub)
        .nest_service("/sdk/dist", ServeDir::new(folders.sdk.join("dist")))
        .nest_service("/sdk/pkg", ServeDir::new(folders.sdk.join("pkg")))
        .nest_service("/socket.io-client", ServeDir::new(&folders.socket_io))
        .fallback_service(ServeDir::new(&folders.dashboard))
        .layer(sockets)
        .layer(from_fn(expect_handshake))
        .layer(SetResponseHeaderLayer::overriding(header::CONTENT_SECURITY_POLICY, page_policy(port)))
        .layer(SetResponseHeaderLayer::overriding(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
}

/// WebSocket alone: a connection is then one line, which ends when it does.
fn sockets(handshake_window: Duration) -> (SocketIoLayer, SocketIo) {
    SocketIo::builder()
        .transports([TransportType::Websocket])
        .max_payload(limits::MESSAGE as u64)
        .ws_max_message_size(limits::MESSAGE)
        .ws_max_frame_size(limits::MESSAGE)
        .max_buffer_size(limits::BACKLOG)
        // Packets are text. Attachments would be gathered for whoever sends them, even before a handshake.
        .with_parser(ParserConfig::common().max_incoming_binaries(0))
        // The gate is to be first: it says so in the audit log.
        .connect_timeout(handshake_window + Duration::from_secs(1))
        .build_layer()
}

fn open<P: Party>(io: &SocketIo, hub: &Arc<Hub>) {
    let hub = Arc::clone(hub);
    io.ns(P::NAMESPACE, async move |socket: SocketRef, Handshake(handshake): Handshake| {
        accept::<P>(&hub, &socket, &handshake);
    });
}

async fn expect_handshake(ConnectInfo(line): ConnectInfo<Line>, request: Request, next: Next) -> Response {
    // As Socket.IO finds its own requests.
    if request
        .uri()
        .path()
        .strip_prefix("/socket.io")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    {
        line.expect_handshake();
    }
    next.run(request).await
}

/// The page runs its own modules and wasm, and talks to this server alone. Not every browser takes a socket for `'self'`.
fn page_policy(port: u16) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
         connect-src 'self' ws://127.0.0.1:{port} ws://localhost:{port}; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'"
    );
    HeaderValue::try_from(policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}
