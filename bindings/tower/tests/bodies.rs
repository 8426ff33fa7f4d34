//! The service within sees verified bytes and nothing else, and a stranger's body is never read.
#![cfg(feature = "axum")]
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use axum::body::Body as AxumBody;
use axum::middleware::{Next, from_fn};
use bytes::Bytes;
use common::pieces::{Piece, Pieces};
use common::raw::{self, Connection};
use common::{Count, HOST, Headers, guarded, key, serve, signed, signed_by, vault};
use counterseal_shared::Field;
use counterseal_tower::{RequestBody, RequireSignature, ResponseBody, VerifiedRequest};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use tower::util::BoxService;
use tower::{Layer, ServiceExt, service_fn};

const TARGET: &str = "/execute?x";
const BODY: &[u8] = b"{\"cmd\":\"run\"}";

/// What the service within was given.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<Bytes>>>);

impl Seen {
    fn take(&self) -> Vec<Bytes> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

fn request(headers: &Headers, body: Pieces) -> Request<Pieces> {
    let mut request = Request::builder().method("POST").uri(TARGET);
    for (name, value) in headers {
        request = request.header(name, value.as_slice());
    }
    request.body(body).unwrap()
}

/// A guarded service of no framework.
fn service(
    layer: &RequireSignature,
    seen: &Seen,
) -> BoxService<Request<Pieces>, Response<ResponseBody<Full<Bytes>>>, Infallible> {
    let seen = seen.clone();
    BoxService::new(layer.layer(service_fn(move |request: Request<RequestBody<Pieces>>| {
        let seen = seen.clone();
        async move {
            assert!(request.extensions().get::<VerifiedRequest>().is_some());
            let whole = request.into_body().collect().await.unwrap();
            assert!(whole.trailers().is_none(), "a trailer was not signed");
            seen.0.lock().unwrap().push(whole.to_bytes());
            Ok(Response::new(Full::<Bytes>::default()))
        }
    })))
}

/// The status, and whether the connection is to be closed.
async fn call(layer: &RequireSignature, headers: &Headers, body: Pieces, seen: &Seen) -> (u16, bool) {
    let response = service(layer, seen).oneshot(request(headers, body)).await.unwrap();
    (response.status().as_u16(), response.headers().get("connection").is_some_and(|value| value == "close"))
}

#[tokio::test]
async fn a_strangers_body_is_never_read() {
    let (layer, seen, asked) = (guarded().build().unwrap(), Seen::default(), Count::default());
    let endless = || Pieces::new([Piece::Data(BODY), Piece::Silence], &asked);
    let unsigned: Headers = vec![("Host".to_owned(), HOST.into())];
    let mut forged = signed("POST", TARGET, &[], BODY);
    forged.last_mut().unwrap().1 = b"counterseal=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:".into();
    let stranger = signed_by(&key("stranger-1", "stranger"), "{}", "POST", TARGET, &[], BODY);
    for headers in [unsigned, forged, stranger] {
        assert_eq!(call(&layer, &headers, endless(), &seen).await, (401, true));
    }
    assert_eq!(asked.get(), 0);
    assert!(seen.take().is_empty());
}

#[tokio::test]
async fn a_body_has_its_limit_before_it_is_read_and_while() {
    let (layer, seen, asked) = (guarded().body_limit(8).build().unwrap(), Seen::default(), Count::default());
    let headers = || signed("POST", TARGET, &[], b"12345678");
    let announced = Pieces::new([Piece::Data(b"123456789")], &asked).announced(9);
    assert_eq!(call(&layer, &headers(), announced, &seen).await, (413, true));
    assert_eq!(asked.get(), 0, "what is said to be too long is not read");
    let long = [Piece::Data(b"1234"), Piece::Data(b"56789"), Piece::Data(b"more"), Piece::Data(b"and more")];
    assert_eq!(call(&layer, &headers(), Pieces::new(long, &asked), &seen).await, (413, true));
    assert_eq!(asked.get(), 2, "reading ends where the limit does");
    let fits = Pieces::new([Piece::Data(b"1234"), Piece::Data(b"5678")], &asked).announced(8);
    assert_eq!(call(&layer, &headers(), fits, &seen).await, (200, false));
    assert_eq!(seen.take(), [&b"12345678"[..]]);
}

#[tokio::test]
async fn the_service_within_sees_what_was_verified() {
    let (layer, seen, asked) = (guarded().build().unwrap(), Seen::default(), Count::default());
    let (first, second) = BODY.split_at(4);
    let headers = || signed("POST", TARGET, &[], BODY);
    let whole = [Piece::Data(first), Piece::Data(b""), Piece::Data(second), Piece::Trailers];
    assert_eq!(call(&layer, &headers(), Pieces::new(whole, &asked), &seen).await, (200, false));
    assert_eq!(seen.take(), [BODY]);
    for changed in [&BODY[1..], b"{\"cmd\":\"rm\"} ", b""] {
        let body = Pieces::new([Piece::Data(changed)], &asked);
        assert_eq!(call(&layer, &headers(), body, &seen).await.0, 401, "{changed:?}");
    }
    let unread = signed("POST", TARGET, &[], b"");
    assert_eq!(call(&layer, &unread, Pieces::new([Piece::Data(b"x")], &asked), &seen).await.0, 401);
    assert_eq!(call(&layer, &unread, Pieces::new([], &asked), &seen).await, (200, false));
    assert_eq!(seen.take(), [&b""[..]]);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_refused_and_burns_no_nonce() {
    let (layer, seen, asked) = (guarded().build().unwrap(), Seen::default(), Count::default());
    let headers = signed("POST", TARGET, &[], BODY);
    // All of it came, and then the connection broke: nobody knows that it was all.
    let broken = Pieces::new([Piece::Data(BODY), Piece::Break], &asked);
    assert_eq!(call(&layer, &headers, broken, &seen).await.0, 401);
    assert!(seen.take().is_empty());
    let whole = || Pieces::new([Piece::Data(BODY)], &asked);
    assert_eq!(call(&layer, &headers, whole(), &seen).await.0, 200);
    assert_eq!(call(&layer, &headers, whole(), &seen).await.0, 401, "a replay");
    assert_eq!(seen.take(), [BODY]);
}

#[tokio::test]
async fn a_request_that_is_dropped_midway_burns_no_nonce() {
    let (layer, seen, asked) = (guarded().build().unwrap(), Seen::default(), Count::default());
    let headers = signed("POST", TARGET, &[], BODY);
    let silent = Pieces::new([Piece::Data(BODY), Piece::Silence], &asked);
    let mut call_silent = pin!(service(&layer, &seen).oneshot(request(&headers, silent)));
    poll_fn(|context| {
        assert!(call_silent.as_mut().poll(context).is_pending());
        Poll::Ready(())
    })
    .await;
    assert_eq!(asked.get(), 2);
    assert!(seen.take().is_empty());
    let whole = Pieces::new([Piece::Data(BODY)], &asked);
    assert_eq!(call(&layer, &headers, whole, &seen).await.0, 200);
}

#[tokio::test]
async fn a_panic_lets_nothing_through_and_harms_no_other_request() {
    let (layer, seen, asked) = (guarded().build().unwrap(), Seen::default(), Count::default());
    let headers = signed("POST", TARGET, &[], BODY);
    let panics = Pieces::new([Piece::Data(BODY), Piece::Panic], &asked);
    let call_panics = {
        let (layer, seen, headers) = (layer.clone(), seen.clone(), headers.clone());
        tokio::spawn(async move { call(&layer, &headers, panics, &seen).await })
    };
    assert!(call_panics.await.unwrap_err().is_panic());
    assert!(seen.take().is_empty());
    let whole = Pieces::new([Piece::Data(BODY)], &asked);
    assert_eq!(call(&layer, &headers, whole, &seen).await.0, 200);
}

async fn guarded_vault(count: &Count) -> SocketAddr {
    serve(vault(count).layer(guarded().build().unwrap())).await
}

fn with(mut headers: Headers, name: &str, value: &str) -> Headers {
    headers.push((name.to_owned(), value.into()));
    headers
}

#[tokio::test]
async fn chunks_are_one_body_and_trailers_none_of_it() {
    let count = Count::default();
    let address = guarded_vault(&count).await;
    let chunks =
        |second: &str, trailer: &str| format!("4\r\n{{\"cm\r\n9;x=y\r\n{second}\r\n0\r\n{trailer}\r\n");
    for (second, trailer, expected) in
        [(r#"d":"run"}"#, "", 200), (r#"d":"run"}"#, "X-Late: 1\r\n", 200), (r#"d":"rum"}"#, "", 401)]
    {
        let headers = with(signed("POST", TARGET, &[], BODY), "Transfer-Encoding", "chunked");
        let mut connection = Connection::open(address).await;
        connection.write(&raw::head("POST", TARGET, &headers)).await;
        connection.write(chunks(second, trailer).as_bytes()).await;
        assert_eq!(connection.answer().await.status, expected, "{second} {trailer}");
    }
    assert_eq!(count.get(), 2);
}

#[tokio::test]
async fn a_connection_that_breaks_reaches_no_handler() {
    let count = Count::default();
    let address = guarded_vault(&count).await;
    let headers = with(signed("POST", TARGET, &[], BODY), "Content-Length", "13");
    let mut connection = Connection::open(address).await;
    connection.write(&[&raw::head("POST", TARGET, &headers), &BODY[..12]].concat()).await;
    connection.finish().await;
    assert!(connection.is_refused().await);
    assert_eq!(count.get(), 0);
    // It had not burned its nonce.
    assert_eq!(
        raw::send(address, "POST", TARGET, &signed("POST", TARGET, &[], BODY), BODY).await.status,
        200
    );
}

#[tokio::test]
async fn only_who_is_known_is_asked_for_a_body() {
    let count = Count::default();
    let address = guarded_vault(&count).await;
    let expecting = |headers| with(with(headers, "Expect", "100-continue"), "Content-Length", "13");
    let mut connection = Connection::open(address).await;
    let stranger = signed_by(&key("stranger-1", "stranger"), "{}", "POST", TARGET, &[], BODY);
    connection.write(&raw::head("POST", TARGET, &expecting(stranger))).await;
    let answer = connection.answer().await;
    assert_eq!((answer.status, answer.header("connection")), (401, Some("close")));
    assert!(connection.is_closed().await);
    let mut connection = Connection::open(address).await;
    connection.write(&raw::head("POST", TARGET, &expecting(signed("POST", TARGET, &[], BODY)))).await;
    assert_eq!(connection.answer().await.status, 100);
    connection.write(BODY).await;
    assert_eq!(connection.answer().await.status, 200);
    assert_eq!(count.get(), 1);
}

#[tokio::test]
async fn a_connection_lives_on_unless_a_body_was_refused() {
    let count = Count::default();
    let address = guarded_vault(&count).await;
    let mut connection = Connection::open(address).await;
    for (target, expected) in [("/other", 401), (TARGET, 200), ("/other", 401)] {
        connection.write(&raw::head("GET", TARGET, &signed("GET", target, &[], b""))).await;
        assert_eq!(connection.answer().await.status, expected);
    }
    // What comes behind a body that nobody read is never taken for a request.
    let headers = with(vec![("Host".to_owned(), HOST.into())], "Content-Length", "1000000");
    let smuggled = raw::head("GET", TARGET, &signed("GET", TARGET, &[], b""));
    connection.write(&[raw::head("POST", TARGET, &headers), smuggled].concat()).await;
    let answer = connection.answer().await;
    assert_eq!((answer.status, answer.header("connection")), (401, Some("close")));
    assert!(connection.is_closed().await);
    // Nor does the answer tell whether it was read.
    for signed_target in [TARGET, "/other"] {
        let mut connection = Connection::open(address).await;
        let headers = with(signed("POST", signed_target, &[], b"other"), "Content-Length", "13");
        connection.write(&[&raw::head("POST", TARGET, &headers), BODY].concat()).await;
        let answer = connection.answer().await;
        assert_eq!((answer.status, answer.header("connection")), (401, Some("close")));
    }
    assert_eq!(count.get(), 1);
}

/// Turns a body around, as a layer that decompresses changes it.
async fn reversed(request: Request<AxumBody>, next: Next) -> Response<AxumBody> {
    let (parts, body) = request.into_parts();
    let mut whole = body.collect().await.unwrap().to_bytes().to_vec();
    whole.reverse();
    next.run(Request::from_parts(parts, whole.into())).await
}

#[tokio::test]
async fn what_changes_a_body_stands_inside() {
    let layer = || guarded().build().unwrap();
    let count = Count::default();
    let inside = serve(vault(&count).layer(from_fn(reversed)).layer(layer())).await;
    let outside = serve(vault(&count).layer(layer()).layer(from_fn(reversed))).await;
    let encoding: Field<'_> = ("Content-Encoding", b"x-reverse");
    let sent = b"321";
    let headers = signed("POST", "/", &[encoding], sent);
    assert_eq!(raw::send(inside, "POST", "/", &headers, sent).await.body, "gateway / / 123");
    assert_eq!(raw::send(outside, "POST", "/", &headers, sent).await.status, 401);
    let mut other = signed("POST", "/", &[encoding], sent);
    other[1].1 = b"identity".into();
    assert_eq!(raw::send(inside, "POST", "/", &other, sent).await.status, 401, "the encoding is signed");
    assert_eq!(count.get(), 1);
}
