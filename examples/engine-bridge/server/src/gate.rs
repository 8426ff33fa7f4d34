//! The door to the network: so many connections at once, and no patience with one that says not whose it is or does not read.

mod stream;

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::connect_info::{ConnectInfo, Connected};
use axum::http::request::Parts;
use axum::serve::{IncomingStream, Listener};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};

use self::stream::Stream;
use crate::hub::Hub;
use crate::limits;

/// Accepts connections for axum.
pub(crate) struct Gate {
    listener: TcpListener,
    slots: Arc<Semaphore>,
    patience: Duration,
    hub: Arc<Hub>,
}

/// One connection's handle: what is spoken on it says when it may stay and when it must go.
#[derive(Clone)]
pub(crate) struct Line(Arc<Inner>);

struct Inner {
    stage: AtomicU8,
    /// Whether the peer ended it, or the network.
    gone: AtomicBool,
    close: Mutex<Option<oneshot::Sender<()>>>,
}

impl Gate {
    pub(crate) fn new(listener: TcpListener, patience: Duration, hub: Arc<Hub>) -> Self {
        Self { listener, slots: Arc::new(Semaphore::new(limits::CONNECTIONS)), patience, hub }
    }
}

impl Listener for Gate {
    type Io = Stream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Stream, SocketAddr) {
        // The semaphore is never closed; without a slot the connection would merely not be counted.
        let slot = Arc::clone(&self.slots).acquire_owned().await.ok();
        let (tcp, address) = Listener::accept(&mut self.listener).await;
        // Packets are small, and each is awaited.
        let _ = tcp.set_nodelay(true);
        (Stream::new(tcp, self.patience, Arc::clone(&self.hub), slot), address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        TcpListener::local_addr(&self.listener)
    }
}

impl Connected<IncomingStream<'_, Gate>> for Line {
    fn connect_info(stream: IncomingStream<'_, Gate>) -> Self {
        stream.io().line()
    }
}

impl Line {
    /// A fresh line, and what fires when it is to end.
    fn new() -> (Self, oneshot::Receiver<()>) {
        let (close, closing) = oneshot::channel();
        let (stage, gone) = (AtomicU8::new(PAGES), AtomicBool::new(false));
        (Self(Arc::new(Inner { stage, gone, close: Mutex::new(Some(close)) })), closing)
    }

    /// The line on which a request came.
    pub(crate) fn of(request: &Parts) -> Option<Self> {
        request.extensions.get::<ConnectInfo<Self>>().map(|ConnectInfo(line)| line.clone())
    }

    /// From now on Socket.IO is spoken: a handshake is due.
    pub(crate) fn expect_handshake(&self) {
        let _ = self.0.stage.compare_exchange(PAGES, SILENT, Ordering::SeqCst, Ordering::SeqCst);
    }

    /// A handshake came and is being judged: how long the connection lives is the session's to say.
    pub(crate) fn hear_handshake(&self) {
        self.0.stage.store(HEARD, Ordering::SeqCst);
    }

    /// Ends the connection, once what is on its way has had time to leave.
    pub(crate) fn close(&self) {
        if let Some(close) = self.0.close.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // The stream may have ended by itself.
            let _ = close.send(());
        }
    }

    /// Whether there is nobody at the other end any more.
    pub(crate) fn is_gone(&self) -> bool {
        self.0.gone.load(Ordering::SeqCst)
    }

    fn lose(&self) {
        self.0.gone.store(true, Ordering::SeqCst);
    }

    fn stage(&self) -> u8 {
        self.0.stage.load(Ordering::SeqCst)
    }
}

/// HTTP so far.
const PAGES: u8 = 0;
/// Socket.IO, and no handshake yet.
const SILENT: u8 = 1;
/// A handshake came.
const HEARD: u8 = 2;
