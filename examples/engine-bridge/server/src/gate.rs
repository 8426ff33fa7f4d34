//! The door to the network: so many connections at once, and no patience with one that says not whose it is or does not read.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::{ConnectInfo, Connected};
use axum::http::request::Parts;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::{Instant, Sleep};

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
        let (close, closing) = oneshot::channel();
        let inner = Inner {
            stage: AtomicU8::new(PAGES),
            gone: AtomicBool::new(false),
            close: Mutex::new(Some(close)),
        };
        let stream = Stream {
            tcp,
            line: Line(Arc::new(inner)),
            closing: Some(closing),
            patience: Box::pin(tokio::time::sleep(self.patience)),
            stuck: None,
            hub: Arc::clone(&self.hub),
            _slot: slot,
        };
        (stream, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        TcpListener::local_addr(&self.listener)
    }
}

impl Connected<IncomingStream<'_, Gate>> for Line {
    fn connect_info(stream: IncomingStream<'_, Gate>) -> Self {
        stream.io().line.clone()
    }
}

impl Line {
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

    fn stage(&self) -> u8 {
        self.0.stage.load(Ordering::SeqCst)
    }
}

/// A connection's bytes.
pub(crate) struct Stream {
    tcp: TcpStream,
    line: Line,
    /// Fires when the line is to end; nothing once it has.
    closing: Option<oneshot::Receiver<()>>,
    /// Until when no handshake need have been heard; once the line ends, until when it may be read.
    patience: Pin<Box<Sleep>>,
    /// Until when the peer must read on.
    stuck: Option<Pin<Box<Sleep>>>,
    hub: Arc<Hub>,
    _slot: Option<OwnedSemaphorePermit>,
}

impl Stream {
    fn is_closing(&mut self, context: &mut Context<'_>) -> bool {
        if let Some(closing) = &mut self.closing
            && Pin::new(closing).poll(context).is_ready()
        {
            self.closing = None;
            self.patience.as_mut().reset(Instant::now() + PARTING);
        }
        self.closing.is_none()
    }

    fn is_over(&mut self, closing: bool, context: &mut Context<'_>) -> bool {
        (closing || self.line.stage() != HEARD) && self.patience.as_mut().poll(context).is_ready()
    }

    fn read(&mut self, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.tcp).poll_read(context, buffer);
        if matches!(&read, Poll::Ready(read) if read.is_err() || buffer.filled().len() == before) {
            self.line.0.gone.store(true, Ordering::SeqCst);
        }
        read
    }

    /// Reads what nobody will judge any more. Left unread, it would make the system throw away what we sent last.
    fn discard(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut waste = [0; 4096];
        loop {
            let read = self.read(context, &mut ReadBuf::new(&mut waste));
            if read.is_pending() || self.line.is_gone() {
                return read;
            }
        }
    }

    /// A peer that does not read holds memory here: it may for a while.
    fn check_progress<T>(
        &mut self,
        progress: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if let Poll::Ready(written) = progress {
            self.stuck = None;
            self.line.0.gone.fetch_or(written.is_err(), Ordering::SeqCst);
            return Poll::Ready(written);
        }
        let stuck = self.stuck.get_or_insert_with(|| Box::pin(tokio::time::sleep(STUCK)));
        if stuck.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        self.line.close();
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let stream = self.get_mut();
        let closing = stream.is_closing(context);
        if stream.is_over(closing, context) {
            return Poll::Ready(Ok(()));
        }
        if closing { stream.discard(context) } else { stream.read(context, buffer) }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let stream = self.get_mut();
        let progress = Pin::new(&mut stream.tcp).poll_write(context, bytes);
        stream.check_progress(progress, context)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tcp).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tcp).poll_shutdown(context)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        if self.line.stage() == SILENT {
            self.hub.no_handshake(self.patience.is_elapsed());
        }
    }
}

/// HTTP so far.
const PAGES: u8 = 0;
/// Socket.IO, and no handshake yet.
const SILENT: u8 = 1;
/// A handshake came.
const HEARD: u8 = 2;

/// How long the last messages may take to leave.
const PARTING: Duration = Duration::from_secs(1);
/// How long a peer may leave what it is sent unread.
const STUCK: Duration = Duration::from_secs(10);
