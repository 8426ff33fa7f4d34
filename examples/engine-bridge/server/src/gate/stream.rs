//! A connection's bytes, and what is not waited for.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::time::{Instant, Sleep};

use super::{HEARD, Line, SILENT};
use crate::hub::Hub;

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
    /// A connection that has been accepted just now. `patience` is how long a handshake may take.
    pub(super) fn new(
        tcp: TcpStream,
        patience: Duration,
        hub: Arc<Hub>,
        slot: Option<OwnedSemaphorePermit>,
    ) -> Self {
        let (line, closing) = Line::new();
        let patience = Box::pin(tokio::time::sleep(patience));
        Self { tcp, line, closing: Some(closing), patience, stuck: None, hub, _slot: slot }
    }

    pub(super) fn line(&self) -> Line {
        self.line.clone()
    }

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
            self.line.lose();
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
            if written.is_err() {
                self.line.lose();
            }
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

/// How long the last messages may take to leave.
const PARTING: Duration = Duration::from_secs(1);
/// How long a peer may leave what it is sent unread.
const STUCK: Duration = Duration::from_secs(10);
