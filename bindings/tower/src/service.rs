//! The service: judges a request, then calls the one within.

use crate::body::{self, RequestBody, ResponseBody};
use crate::head::{self, Head};
use crate::layer::Checks;
use crate::record::Refused;
use crate::refusal;
use bytes::Bytes;
use counterseal_shared::{Error, PendingRequest, Result, VerifiedRequest};
use http::request::Parts;
use http::{Request, Response};
use http_body::Body;
use http_body_util::{Either, Full};
use std::fmt;
use std::mem;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_service::Service;

/// A service that only signed requests reach. [`RequireSignature`](crate::RequireSignature) makes it.
#[derive(Clone)]
pub struct RequireSignatureService<S> {
    inner: S,
    checks: Arc<Checks>,
}

/// That a request passed unsigned, since its path is exempt.
#[derive(Clone, Copy)]
pub(crate) struct Exempt;

/// Why a request was refused, and what is known of it by then.
struct Refusal {
    error: Error,
    owner: Option<String>,
    /// Whether it came with a body, of which more may be to come.
    has_body: bool,
}

impl<S> RequireSignatureService<S> {
    pub(crate) fn new(inner: S, checks: Arc<Checks>) -> Self {
        Self { inner, checks }
    }
}

impl<S, B, R> Service<Request<B>> for RequireSignatureService<S>
where
    S: Service<Request<RequestBody<B>>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Body<Data = Bytes> + Send + 'static,
{
    type Response = Response<ResponseBody<R>>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The clone may not be ready; the one that was polled is.
        let clone = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, clone);
        let checks = Arc::clone(&self.checks);
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match checks.admit(&mut parts, body).await {
                Ok(body) => {
                    let response = inner.call(Request::from_parts(parts, body)).await?;
                    Ok(response.map(Either::Right))
                }
                Err(refused) => Ok(checks.refuse(&parts, &refused)),
            }
        })
    }
}

impl Checks {
    /// The body for the service within, with the evidence among the extensions.
    async fn admit<B: Body<Data = Bytes>>(
        &self,
        parts: &mut Parts,
        body: B,
    ) -> Result<RequestBody<B>, Refusal> {
        parts.extensions.remove::<VerifiedRequest>();
        if self.verifier.is_exempt(head::path(parts)) {
            parts.extensions.insert(Exempt);
            return Ok(Either::Right(body));
        }
        let mut body = pin!(body);
        let has_body = !body.is_end_stream();
        let mut owner = None;
        match self.verify(parts, body.as_mut(), &mut owner).await {
            Ok((verified, whole)) => {
                parts.extensions.insert(verified);
                Ok(Either::Left(Full::new(whole)))
            }
            Err(error) => Err(Refusal { error, owner, has_body }),
        }
    }

    /// The head first: the body of whoever has no key is never read.
    async fn verify<B: Body<Data = Bytes>>(
        &self,
        parts: &Parts,
        body: Pin<&mut B>,
        owner: &mut Option<String>,
    ) -> Result<(VerifiedRequest, Bytes)> {
        let mut pending = self.begin(parts)?;
        *owner = pending.owner().map(str::to_owned);
        let whole = body::read(body, &mut pending).await?;
        Ok((self.guard.finish(pending).await?, whole))
    }

    fn begin(&self, parts: &Parts) -> Result<PendingRequest> {
        self.verifier.begin(&Head::of(parts).as_request(), None)
    }

    fn refuse<R>(&self, parts: &Parts, refusal: &Refusal) -> Response<ResponseBody<R>> {
        let key_id = Head::of(parts).as_request().claimed_key_id();
        let refused = Refused {
            method: parts.method.as_str(),
            path: head::path(parts),
            key_id: key_id.as_deref(),
            owner: refusal.owner.as_deref(),
        };
        self.record.refused(&refused, &refusal.error);
        refusal::response(refusal.error.code(), parts.version, refusal.has_body)
    }
}

impl<S: fmt::Debug> fmt::Debug for RequireSignatureService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequireSignatureService").field("inner", &self.inner).finish_non_exhaustive()
    }
}
