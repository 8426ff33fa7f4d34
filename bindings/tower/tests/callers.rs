//! Handlers and their callers: none runs unguarded by mistake.
#![cfg(feature = "axum")]
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use axum::Router;
use axum::routing::{any, get};
use bytes::Bytes;
use common::log::Lines;
use common::raw;
use common::{Count, HOST, Headers, gateway, guarded, now, serve, signed, signed_at, vault};
use counterseal_tower::{Caller, MemoryReplayGuard, RequireSignature};
use std::net::SocketAddr;
use tokio::task::JoinSet;

const POLICY: &str = r#"{"vault":{"rules":[{"callers":["gateway"]}],"exempt":["/health","/api/open"]}}"#;

fn unsigned() -> Headers {
    vec![("Host".to_owned(), HOST.into())]
}

#[tokio::test]
async fn a_handler_learns_who_calls() {
    let tell = async |caller: Caller| {
        format!("{} {} {} {}", caller.owner(), caller.key_id(), caller.timestamp(), caller.nonce())
    };
    let address = serve(Router::new().route("/", get(tell)).layer(guarded().build().unwrap())).await;
    let signed_at_second = now() - 10.0;
    let headers = signed_at(signed_at_second, &gateway(), "{}", "GET", "/", &[], b"");
    let input = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("signature-input")).unwrap();
    let input = String::from_utf8(input.1.clone()).unwrap();
    let nonce = input.split_once("nonce=\"").unwrap().1.split_once('"').unwrap().0;
    let answer = raw::send(address, "GET", "/", &headers, b"").await;
    assert_eq!(answer.body, format!("gateway gateway-1 {signed_at_second} {nonce}"));
}

#[tokio::test]
async fn a_handler_that_asks_for_its_caller_never_runs_unguarded() {
    let (count, lines) = (Count::default(), Lines::listen());
    let asks = {
        let count = count.clone();
        async move |_: Caller| count.up()
    };
    let may_ask = {
        let count = count.clone();
        async move |_: Option<Caller>| count.up()
    };
    let app = Router::new().route("/asks", any(asks)).route("/may-ask", any(may_ask));
    let address = serve(app).await;
    for target in ["/asks", "/may-ask"] {
        for headers in [unsigned(), signed("POST", target, &[], b"")] {
            let answer = raw::send(address, "POST", target, &headers, b"").await;
            assert_eq!((answer.status, answer.body.as_str()), (500, r#"{"class":"internal","status":500}"#));
            assert_eq!(answer.header("content-type"), Some("application/json"));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert!(
                lines.take()[0]
                    .starts_with("ERROR a handler asked for its caller: RequireSignature did not run")
            );
        }
    }
    assert_eq!(count.get(), 0);
}

#[tokio::test]
async fn an_exempt_path_has_no_caller() {
    let who = async |caller: Option<Caller>, body: Bytes| {
        format!("{} {}", caller.map_or("nobody".to_owned(), |caller| caller.owner().to_owned()), body.len())
    };
    let must = async |_: Caller| "never";
    let app = Router::new()
        .route("/health", any(who).delete(must))
        .route("/healthy", any(who))
        .nest("/api", Router::new().route("/open", any(who)))
        .layer(guarded().trust(POLICY, "vault").build().unwrap());
    let address = serve(app).await;
    let open = async |method: &'static str, target: &'static str| {
        raw::send(address, method, target, &unsigned(), b"ping").await
    };
    for target in ["/health", "/health?deep", "/health?", "/api/open"] {
        let answer = open("POST", target).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "nobody 4"), "{target}");
    }
    let answer = raw::send(address, "POST", "/health", &signed("POST", "/health", &[], b"x"), b"x").await;
    assert_eq!(answer.body, "nobody 1", "what is exempt is not looked at");
    assert_eq!(open("DELETE", "/health").await.status, 500, "a handler that must know its caller");
    for target in [
        "/healthy",
        "/health/",
        "//health",
        "/HEALTH",
        "/%68ealth",
        "/health;x",
        "/x/../health",
        "/open",
        "/api",
        "/",
    ] {
        assert_eq!(open("POST", target).await.status, 401, "{target}");
    }
    let answer = raw::send(address, "POST", "/healthy", &signed("POST", "/healthy", &[], b"x"), b"x").await;
    assert_eq!(answer.body, "gateway 1");
}

#[tokio::test]
async fn a_layer_tells_what_it_found_itself() {
    let who =
        async |caller: Option<Caller>| caller.map_or("nobody".to_owned(), |caller| caller.owner().to_owned());
    let layer = || guarded().trust(POLICY, "vault").build().unwrap();
    let strict = || guarded().build().unwrap();
    let app = |inner, outer| serve(Router::new().route("/health", get(who)).layer(inner).layer(outer));
    let inner_exempts = app(layer(), strict()).await;
    let outer_exempts = app(strict(), layer()).await;
    let headers = signed("GET", "/health", &[], b"");
    assert_eq!(raw::send(inner_exempts, "GET", "/health", &headers, b"").await.body, "nobody");
    assert_eq!(raw::send(outer_exempts, "GET", "/health", &headers, b"").await.body, "gateway");
    for address in [inner_exempts, outer_exempts] {
        assert_eq!(raw::send(address, "GET", "/health", &unsigned(), b"").await.status, 401);
    }
}

#[tokio::test]
async fn a_path_that_nobody_serves_is_guarded_too() {
    let app = Router::new().route("/x", get(async || ())).layer(guarded().build().unwrap());
    let address = serve(app).await;
    let status = async |target: &'static str, headers: &Headers| {
        raw::send(address, "GET", target, headers, b"").await.status
    };
    assert_eq!(status("/nowhere", &unsigned()).await, 401, "a stranger does not learn what there is");
    assert_eq!(status("/nowhere", &signed("GET", "/nowhere", &[], b"")).await, 404);
}

/// How many of the same request were accepted, sent all at once to each server in turn.
async fn race(addresses: &[SocketAddr]) -> usize {
    let headers = signed("POST", "/", &[], b"once");
    let mut calls = JoinSet::new();
    for address in addresses.iter().cycle().copied().take(50) {
        let headers = headers.clone();
        calls.spawn(async move { raw::send(address, "POST", "/", &headers, b"once").await.status });
    }
    let statuses = calls.join_all().await;
    assert!(statuses.iter().all(|status| [200, 401].contains(status)), "{statuses:?}");
    statuses.iter().filter(|status| **status == 200).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_request_sent_many_times_one_is_accepted() {
    let count = Count::default();
    let address = serve(vault(&count).layer(guarded().build().unwrap())).await;
    assert_eq!(race(&[address]).await, 1);
    let guard = MemoryReplayGuard::new("{}").unwrap();
    let shared =
        || RequireSignature::builder(&common::ring(), [common::ORIGIN]).guard(&guard).build().unwrap();
    let (one, other) =
        (serve(vault(&count).layer(shared())).await, serve(vault(&count).layer(shared())).await);
    assert_eq!(race(&[one, other]).await, 1, "two layers that share a guard");
    assert_eq!(count.get(), 2);
}

#[tokio::test]
async fn a_key_may_come_and_go_while_the_server_runs() {
    let ring = common::ring();
    let count = Count::default();
    let address = serve(vault(&count).layer(common::guarded_by(&ring).build().unwrap())).await;
    let status = async || raw::send(address, "GET", "/", &signed("GET", "/", &[], b""), b"").await.status;
    assert_eq!(status().await, 200);
    assert!(ring.remove("gateway-1"));
    assert_eq!(status().await, 401);
    ring.add(&gateway()).unwrap();
    assert_eq!(status().await, 200);
    ring.revoke("gateway-1");
    assert_eq!(status().await, 401);
}
