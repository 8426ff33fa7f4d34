//! What a peer learns of a refusal: class and status, the same bytes whatever the code.

use crate::body::ResponseBody;
use bytes::Bytes;
use counterseal_shared::{ErrorCode, refusal};
use http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode, Version};
use http_body_util::{Either, Full};

/// The answer to a refused request. One with a body ends its connection: it may not have been read, and what comes behind it is not told from
/// it. That holds whether it was read or not, or the answer would tell how far the request came.
pub(crate) fn response<B>(code: ErrorCode, version: Version, has_body: bool) -> Response<ResponseBody<B>> {
    let code = told(code);
    let text = refusal(code.as_str(), None).unwrap_or_else(|_| UNAVAILABLE.to_owned());
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    let mut response = json(status, text).map(Either::Left);
    let headers = response.headers_mut();
    if status == StatusCode::UNAUTHORIZED {
        // RFC 9110 §11.6.1 wants a challenge. This one tells nothing that the documentation does not.
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Signature"));
    }
    if has_body && version < Version::HTTP_2 {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

pub(crate) fn json(status: StatusCode, text: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(text.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A server's own mistake is none of its peer's: to the peer it is a server that cannot decide.
fn told(code: ErrorCode) -> ErrorCode {
    if code.status() == StatusCode::BAD_REQUEST { ErrorCode::StoreUnavailable } else { code }
}

const UNAVAILABLE: &str = r#"{"class":"unavailable","status":503}"#;
