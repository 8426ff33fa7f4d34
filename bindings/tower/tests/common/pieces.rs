//! Bodies that tell how far they were read.

use super::Count;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use http_body::{Body, Frame, SizeHint};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A body in pieces, each of which is counted when it is asked for.
pub(crate) struct Pieces {
    frames: VecDeque<Piece>,
    asked: Count,
    announced: Option<u64>,
}

pub(crate) enum Piece {
    Data(&'static [u8]),
    /// The connection breaks.
    Break,
    /// Whoever asks panics.
    Panic,
    /// Nothing more comes, and no end.
    Silence,
    Trailers,
}

#[derive(Debug)]
pub(crate) struct Broken;

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("broken")
    }
}

impl std::error::Error for Broken {}

impl From<Infallible> for Broken {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl Pieces {
    pub(crate) fn new(frames: impl IntoIterator<Item = Piece>, asked: &Count) -> Self {
        Self { frames: frames.into_iter().collect(), asked: asked.clone(), announced: None }
    }

    /// With a Content-Length, as a server's body has it.
    pub(crate) fn announced(mut self, bytes: u64) -> Self {
        self.announced = Some(bytes);
        self
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        self.asked.up();
        match self.frames.pop_front() {
            Some(Piece::Data(data)) => Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(data))))),
            Some(Piece::Trailers) => {
                let trailers =
                    HeaderMap::from_iter([("x-late".parse().unwrap(), HeaderValue::from_static("1"))]);
                Poll::Ready(Some(Ok(Frame::trailers(trailers))))
            }
            Some(Piece::Break) => Poll::Ready(Some(Err(Broken))),
            Some(Piece::Panic) => panic!("a body panics"),
            Some(Piece::Silence) => Poll::Pending,
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.frames.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        self.announced.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
