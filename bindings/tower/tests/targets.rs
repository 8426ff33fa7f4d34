//! What was signed is what was sent: targets, authorities and fields, over real sockets.
#![cfg(feature = "axum")]
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use axum::Router;
use common::raw::{self, Answer};
use common::{Count, HOST, Headers, ORIGIN, guarded, serve, signed, signed_by, vault};
use http::{Request, Version};
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::net::SocketAddr;
use tokio::net::TcpStream;

async fn guarded_vault(count: &Count) -> SocketAddr {
    serve(vault(count).layer(guarded().build().unwrap())).await
}

/// Signs one target and sends another.
async fn send(address: SocketAddr, signed_target: &str, target: &str) -> Answer {
    raw::send(address, "GET", target, &signed("GET", signed_target, &[], b""), b"").await
}

#[tokio::test]
async fn the_target_is_verified_as_it_was_sent() {
    let count = Count::default();
    let address = guarded_vault(&count).await;
    for target in [
        "/",
        "/a%2Fb/execute",
        "/a//b",
        "//a",
        "/a+b?c+d",
        "/it's?'",
        "/a/../b/./c",
        "/%C3%A9?%c3%a9",
        "/x?",
        "/x??",
        "/x?a=1&a=2&b",
        "/%00;v=1",
        "/*",
    ] {
        let answer = send(address, target, target).await;
        assert_eq!((answer.status, answer.body), (200, format!("gateway {target} {target} ")), "{target}");
    }
    for (signed, sent) in [
        ("/a%2Fb", "/a/b"),
        ("/a%2Fb", "/a%2fb"),
        ("/a//b", "/a/b"),
        ("/a+b", "/a%20b"),
        ("/it's", "/it%27s"),
        ("/a/../b", "/b"),
        ("/x?a=1&b=2", "/x?b=2&a=1"),
        ("/x?a", "/x"),
        ("/x", "/x/"),
        ("/x", "/X"),
    ] {
        let before = count.get();
        assert_eq!(send(address, signed, sent).await.status, 401, "{signed} sent as {sent}");
        assert_eq!(count.get(), before);
    }
}

#[tokio::test]
async fn an_empty_query_is_no_query_and_a_fragment_reaches_nobody() {
    let address = guarded_vault(&Count::default()).await;
    assert_eq!(send(address, "/x", "/x?").await.body, "gateway /x? /x? ", "RFC 9421 §2.2.7");
    assert_eq!(send(address, "/x?", "/x").await.body, "gateway /x /x ");
    // What http::Uri drops was not signed, and is not seen.
    assert_eq!(send(address, "/x?y", "/x?y#z").await.body, "gateway /x?y /x?y ");
}

#[tokio::test]
async fn a_nested_router_is_called_by_the_whole_path() {
    let layer = || guarded().build().unwrap();
    let count = Count::default();
    let outside = Router::new().nest("/api", Router::new().nest("/v1", vault(&count))).layer(layer());
    let inside = Router::new().nest("/api", Router::new().nest("/v1", vault(&count).layer(layer())));
    let between = Router::new().nest("/api", Router::new().nest("/v1", vault(&count)).layer(layer()));
    let service = Router::new().nest("/api", Router::new().nest_service("/v1", vault(&count)).layer(layer()));
    for (number, app) in [outside, inside, between, service].into_iter().enumerate() {
        let address = serve(app).await;
        let target = "/api/v1/a%2Fb?x";
        let answer = send(address, target, target).await;
        assert_eq!((number, answer.body.as_str()), (number, "gateway /api/v1/a%2Fb?x /a%2Fb?x "));
        for stripped in ["/a%2Fb?x", "/v1/a%2Fb?x"] {
            assert_eq!(send(address, stripped, target).await.status, 401, "signed for {stripped}");
        }
    }
    assert_eq!(count.get(), 4);
}

#[tokio::test]
async fn a_target_may_name_its_server() {
    let count = Count::default();
    let address = guarded_vault(&count).await;
    let absolute = |origin: &str| format!("{origin}/a%2Fb?x");
    let answer = send(address, "/a%2Fb?x", &absolute(ORIGIN)).await;
    assert_eq!(answer.body, format!("gateway {0} {0} ", absolute(ORIGIN)));
    assert_eq!(send(address, "/?x", &format!("{ORIGIN}?x")).await.status, 200, "an empty path is /");
    for other in [
        "http://vault.internal:8201",
        "http://vault.internal",
        "https://vault.internal:8200",
        "http://u@vault.internal:8200",
    ] {
        let status = send(address, "/a%2Fb?x", &absolute(other)).await.status;
        let expected = if other.starts_with("https") { 200 } else { 401 };
        assert_eq!(status, expected, "{other}");
    }
    for target in ["*", HOST] {
        assert!([400, 401].contains(&send(address, "/", target).await.status), "{target}");
    }
    let connect = signed("GET", "/", &[], b"");
    assert_ne!(raw::send(address, "CONNECT", HOST, &connect, b"").await.status, 200);
    assert_eq!(count.get(), 3);
}

#[tokio::test]
async fn the_server_is_named_once() {
    let count = Count::default();
    let address = guarded_vault(&count).await;
    let verdict = async |change: fn(&mut Headers)| {
        let mut headers = signed("GET", "/", &[], b"");
        change(&mut headers);
        raw::send(address, "GET", "/", &headers, b"").await.status
    };
    assert_eq!(verdict(|_| ()).await, 200);
    assert_eq!(verdict(|headers| headers[0].1 = b"VAULT.internal:8200".into()).await, 200);
    let refused: [fn(&mut Headers); 5] = [
        |headers| headers.insert(0, ("Host".to_owned(), HOST.into())),
        |headers| headers.push(("host".to_owned(), b"other.internal".into())),
        |headers| headers[0].1 = b"other.internal:8200".into(),
        |headers| headers[0].1 = b"vault.internal:8200.".into(),
        |headers| headers[0].1 = b"vault.internal".into(),
    ];
    for (number, change) in refused.into_iter().enumerate() {
        assert!([400, 401].contains(&verdict(change).await), "{number}");
    }
    let without: fn(&mut Headers) = |headers| _ = headers.remove(0);
    assert!([400, 401].contains(&verdict(without).await));
    assert_eq!(count.get(), 2);
}

#[tokio::test]
async fn fields_are_bytes_and_keep_their_order() {
    let count = Count::default();
    let layer = guarded().extra_fields(["x-tenant"]).build().unwrap();
    let address = serve(vault(&count).layer(layer)).await;
    let verdict = async |change: fn(&mut Headers)| {
        let options = r#"{"extra_fields":["x-tenant"]}"#;
        let mut headers = signed_by(&common::gateway(), options, "GET", "/", &[("X-Tenant", b"blue")], b"");
        change(&mut headers);
        raw::send(address, "GET", "/", &headers, b"").await.status
    };
    assert_eq!(verdict(|_| ()).await, 200);
    // What is not signed may be any bytes; what is may not.
    assert_eq!(verdict(|headers| headers.push(("X-Other".to_owned(), b"\xff\xe9\x80".into()))).await, 200);
    assert_eq!(verdict(|headers| headers[1].1 = b"\xff\xe9\x80".into()).await, 401);
    assert_eq!(verdict(|headers| headers[1].1 = b"green".into()).await, 401);
    assert_eq!(verdict(|headers| _ = headers.remove(1)).await, 401);
    assert_eq!(verdict(|headers| headers.push(("x-tenant".to_owned(), b"blue".into()))).await, 401);
    for name in ["Signature", "Signature-Input"] {
        let headers = signed("GET", "/", &[], b"");
        let mut bytes = headers.clone();
        bytes.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)).unwrap().1 = b"\xff".into();
        assert_eq!(raw::send(address, "GET", "/", &bytes, b"").await.status, 401, "{name}");
    }
    // A list may be split over lines, in order: the first line opens a string that the second one closes.
    let split: fn(&mut Headers) = |headers| {
        let at = headers.iter().position(|(name, _)| name.eq_ignore_ascii_case("signature-input")).unwrap();
        headers.insert(at, ("Signature-Input".to_owned(), b"other=(\"a".into()));
        headers.insert(at + 1, ("Signature-Input".to_owned(), b"\")".into()));
    };
    assert_eq!(verdict(split).await, 200);
    let apart: fn(&mut Headers) = |headers| {
        headers.insert(0, ("Signature-Input".to_owned(), b"other=(\"@path\");created=1".into()));
        headers.push(("Signature-Input".to_owned(), b"third=()".into()));
        headers.insert(0, ("Signature".to_owned(), b"other=:AAAA:".into()));
        headers.push(("Signature".to_owned(), b"third=:AAAA:".into()));
    };
    assert_eq!(verdict(apart).await, 200);
    assert_eq!(count.get(), 4);
}

/// Sends a request by HTTP/2, whose pseudo fields come from the URI.
async fn send_framed(address: SocketAddr, uri: &str, headers: &Headers) -> (u16, String) {
    let io = TokioIo::new(TcpStream::connect(address).await.unwrap());
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await.unwrap();
    tokio::spawn(connection);
    let mut request = Request::builder().version(Version::HTTP_2).uri(uri);
    for (name, value) in headers {
        request = request.header(name, value.as_slice());
    }
    let response = sender.send_request(request.body(Empty::<bytes::Bytes>::new()).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.into()).unwrap())
}

#[tokio::test]
async fn http2_names_the_server_in_its_own_field() {
    let count = Count::default();
    let address = guarded_vault(&count).await;
    let with_host = || signed("GET", "/a%2Fb?x", &[], b"");
    let without_host = || with_host().split_off(1);
    let url = format!("{ORIGIN}/a%2Fb?x");
    let (status, body) = send_framed(address, &url, &without_host()).await;
    assert_eq!((status, body), (200, format!("gateway {url} {url} ")));
    assert_eq!(send_framed(address, &url, &with_host()).await.0, 200, "Host agrees");
    let other = "http://other.internal/a%2Fb?x";
    assert_eq!(send_framed(address, other, &without_host()).await.0, 401, ":authority is another's");
    assert_eq!(send_framed(address, other, &with_host()).await.0, 401, "Host disagrees");
    let path = format!("{ORIGIN}/a/b?x");
    let (status, body) = send_framed(address, &path, &without_host()).await;
    assert_eq!((status, body.as_str()), (401, r#"{"class":"unauthorized","status":401}"#));
    assert_eq!(count.get(), 2);
}
