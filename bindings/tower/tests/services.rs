//! The layer among other layers, around a service of no framework.
#![cfg(feature = "axum")]
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use bytes::Bytes;
use common::{guarded, signed};
use counterseal_tower::{RequestBody, VerifiedRequest};
use http::{Request, Response};
use http_body_util::{BodyExt, Empty, Full};
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};
use tower::{Service, ServiceBuilder, ServiceExt};

/// Answers with its caller's name. It may be called once for each time that it was found ready, and its clones begin unready.
#[derive(Default)]
struct Within {
    is_ready: bool,
}

impl Clone for Within {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Service<Request<RequestBody<Empty<Bytes>>>> for Within {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.is_ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<RequestBody<Empty<Bytes>>>) -> Self::Future {
        assert!(std::mem::take(&mut self.is_ready), "called before it was ready");
        let owner = request.extensions().get::<VerifiedRequest>().unwrap().owner().to_owned();
        ready(Ok(Response::new(owner.into())))
    }
}

fn request() -> Request<Empty<Bytes>> {
    let mut request = Request::get("/x");
    for (name, value) in signed("GET", "/x", &[], b"") {
        request = request.header(name, value);
    }
    request.body(Empty::new()).unwrap()
}

#[tokio::test]
async fn the_service_that_was_ready_is_called() {
    let mut service = ServiceBuilder::new()
        .map_response(|response: Response<_>| response.map(BodyExt::boxed))
        .layer(guarded().build().unwrap())
        .service(Within::default());
    for _ in 0..3 {
        let response = service.ready().await.unwrap().call(request()).await.unwrap();
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "gateway");
    }
    let twice = service.clone().oneshot(request()).await.unwrap();
    assert_eq!(twice.status(), 200);
}
