//! Bodies: read as far as they are verified, and handed on whole.

use bytes::{Bytes, BytesMut};
use counterseal_shared::{Error, ErrorCode, PendingRequest, Result};
use http_body::Body;
use http_body_util::{BodyExt, Either, Full};
use std::pin::Pin;

/// What the service within is given: the verified bytes, or of an exempt path the body as it comes.
pub type RequestBody<B> = Either<Full<Bytes>, B>;

/// What the layer answers: a refusal, or what the service within answered.
pub type ResponseBody<B> = Either<Full<Bytes>, B>;

/// Reads the body and holds it against its limit as it comes. Trailers are not signed, and go no further.
pub(crate) async fn read<B: Body<Data = Bytes>>(
    mut body: Pin<&mut B>,
    pending: &mut PendingRequest,
) -> Result<Bytes> {
    pending.announce(body.size_hint().lower())?;
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Error::new(ErrorCode::BodyMismatch, BROKEN))?;
        if let Ok(piece) = frame.into_data() {
            pending.update(&piece)?;
            whole.extend_from_slice(&piece);
        }
    }
    Ok(whole.freeze())
}

const BROKEN: &str = "the body broke off before its end";
