//! The guard that replicas share, on a real Redis server, with what goes wrong there.
#![cfg(all(feature = "axum", feature = "redis"))]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

mod common;

use common::log::Lines;
use common::raw;
use common::redis::Server;
use common::{Count, Folder, Headers, ORIGIN, gateway, ring, serve, signed, signed_at, vault};
use counterseal_shared::{PacketSigner, PacketVerifier};
use counterseal_tower::{Key, Keyring, RedisReplayGuard, RequireSignature, RequireSignatureBuilder, Secret};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixListener;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// A layer whose guard is in that Redis, with a time-out that a busy machine keeps.
fn guarded(server: &Server) -> RequireSignatureBuilder {
    guarded_at(&server.url())
}

fn guarded_at(url: &str) -> RequireSignatureBuilder {
    let guard = RedisReplayGuard::open(url).unwrap().timeout(Duration::from_secs(5));
    RequireSignature::builder(&ring(), [ORIGIN]).guard(guard)
}

async fn vault_behind(builder: RequireSignatureBuilder, count: &Count) -> SocketAddr {
    serve(vault(count).layer(builder.build().unwrap())).await
}

fn fresh() -> Headers {
    signed("POST", "/", &[], b"once")
}

async fn send(address: SocketAddr, headers: &Headers) -> u16 {
    raw::send(address, "POST", "/", headers, b"once").await.status
}

/// A server whose fence a first claim has armed, and time has opened.
async fn settled(address: SocketAddr, server: &Server) {
    assert_eq!(send(address, &fresh()).await, 503, "a store that begins has forgotten");
    server.open_the_fence();
}

/// The code in the only line of the log.
fn code(lines: &Lines) -> String {
    let lines = lines.take();
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines[0].split_once("AUTH REJECTED code=").unwrap().1.split_once(' ').unwrap().0.to_owned()
}

#[tokio::test]
async fn packets_are_claimed_there_too() {
    let (server, key) = (Server::start(), Key::new("engine-7", &Secret::generate().unwrap(), "{}").unwrap());
    let guard = RedisReplayGuard::open(&server.url()).unwrap().timeout(Duration::from_secs(5));
    let verifier = PacketVerifier::shared(&Keyring::new(&[&key]).unwrap(), guard.shared(), "{}").unwrap();
    let packet = PacketSigner::new(&key, "{}").unwrap().sign_json(b"{}", "c", None, None).unwrap();
    let verify = async |packet: &[u8], context| {
        let verified = guard.verify_async(&verifier, packet, context, None).await;
        verified.map_or_else(|error| error.code().as_str(), |_| "ok")
    };
    assert_eq!(verify(packet.as_bytes(), "c").await, "replay_guard_starting");
    server.open_the_fence();
    assert_eq!(verify(packet.as_bytes(), "other").await, "bad_signature", "and the nonce is not claimed");
    assert_eq!(verify(packet.as_bytes(), "c").await, "ok");
    assert_eq!(verify(packet.as_bytes(), "c").await, "replayed");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_request_sent_to_two_replicas_one_is_accepted() {
    let (server, count) = (Server::start(), Count::default());
    let replicas =
        [vault_behind(guarded(&server), &count).await, vault_behind(guarded(&server), &count).await];
    settled(replicas[0], &server).await;
    for round in 1..=10 {
        let headers = fresh();
        let mut calls = JoinSet::new();
        for address in replicas.into_iter().cycle().take(40) {
            let headers = headers.clone();
            calls.spawn(async move { send(address, &headers).await });
        }
        let mut statuses = calls.join_all().await;
        statuses.sort_unstable();
        assert_eq!((statuses[0], &statuses[1..]), (200, &[401; 39][..]));
        assert_eq!(count.get(), round);
    }
}

#[tokio::test]
async fn whoever_fails_before_the_claim_never_reaches_the_store() {
    let (server, count) = (Server::start(), Count::default());
    let address = vault_behind(guarded(&server), &count).await;
    settled(address, &server).await;
    let claimed: i64 = server.run(&["DBSIZE"]);
    let old = signed_at(common::now() - 100.0, &gateway(), "{}", "POST", "/", &[], b"once");
    for headers in [signed("PUT", "/", &[], b"once"), signed("POST", "/", &[], b"other"), old] {
        assert_eq!(send(address, &headers).await, 401);
    }
    assert_eq!(server.run::<i64>(&["DBSIZE"]), claimed);
    // Nor does it wait for one that is held.
    server.signal("-STOP");
    assert_eq!(send(address, &signed("PUT", "/", &[], b"once")).await, 401);
    server.signal("-CONT");
    let headers = fresh();
    assert_eq!((send(address, &headers).await, send(address, &headers).await), (200, 401));
    assert_eq!(count.get(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_under_load_lets_nothing_through_and_comes_back() {
    let (mut server, count) = (Server::start(), Count::default());
    let address = vault_behind(guarded(&server).max_ahead(1), &count).await;
    settled(address, &server).await;
    let before = fresh();
    assert_eq!(send(address, &before).await, 200);

    let goes_on = Arc::new(AtomicBool::new(true));
    let mut callers = JoinSet::new();
    for _ in 0..8 {
        let goes_on = Arc::clone(&goes_on);
        callers.spawn(async move {
            let mut statuses = Vec::new();
            while goes_on.load(Ordering::SeqCst) {
                statuses.push(send(address, &fresh()).await);
            }
            statuses
        });
    }
    until(async || count.get() > 100).await;
    server.kill();
    let at_the_kill = count.get();
    for _ in 0..50 {
        assert_eq!(send(address, &fresh()).await, 503);
    }
    assert_eq!(send(address, &before).await, 503, "what it has forgotten is not accepted again");
    let accepted = count.get();
    // Of what was under way when it was killed, a claim may have been answered.
    assert!(accepted - at_the_kill <= 8, "{at_the_kill} {accepted}");

    server.start_again();
    until(async || send(address, &fresh()).await == 200).await;
    assert_ne!(send(address, &before).await, 200, "nor once it is back");
    goes_on.store(false, Ordering::SeqCst);
    let statuses = callers.join_all().await.concat();
    assert!(statuses.iter().all(|status| [200, 503].contains(status)));
    assert!(statuses.contains(&200) && statuses.contains(&503));
}

#[tokio::test]
async fn a_store_that_was_flushed_is_fenced_again() {
    let (server, count, lines) = (Server::start(), Count::default(), Lines::listen());
    let address = vault_behind(guarded(&server).max_ahead(1), &count).await;
    settled(address, &server).await;
    let before = fresh();
    assert_eq!(send(address, &before).await, 200);
    let () = server.run(&["FLUSHALL"]);
    lines.take();
    for headers in [&before, &fresh()] {
        assert_eq!(send(address, headers).await, 503);
        assert_eq!(code(&lines), "replay_guard_starting");
    }
    until(async || send(address, &fresh()).await == 200).await;
    lines.take();
    assert_eq!(send(address, &before).await, 503);
    assert_eq!(code(&lines), "replay_guard_starting", "signed before the flush");
    assert_eq!(count.get(), 2);
}

#[tokio::test]
async fn all_users_of_a_store_have_one_tolerance() {
    let (server, count, lines) = (Server::start(), Count::default(), Lines::listen());
    let address = vault_behind(guarded(&server), &count).await;
    let other = vault_behind(guarded(&server).max_age(30), &count).await;
    settled(address, &server).await;
    lines.take();
    let answer = raw::send(other, "POST", "/", &fresh(), b"once").await;
    // Whose mistake it is, is nothing for a peer.
    assert_eq!((answer.status, answer.body.as_str()), (503, r#"{"class":"unavailable","status":503}"#));
    assert_eq!(code(&lines), "malformed_argument");
    assert_eq!(count.get(), 0);
    assert_eq!(send(address, &fresh()).await, 200);
}

#[tokio::test]
async fn scopes_share_a_store_and_no_nonce() {
    let (server, count) = (Server::start(), Count::default());
    let within = |scope: &str| {
        let guard = RedisReplayGuard::open(&server.url()).unwrap().scope(scope).unwrap();
        RequireSignature::builder(&ring(), [ORIGIN]).guard(guard.timeout(Duration::from_secs(5)))
    };
    let [one, same, other] = [within("a"), within("a"), within("b")];
    let (one, same) = (vault_behind(one, &count).await, vault_behind(same, &count).await);
    let other = vault_behind(other, &count).await;
    settled(one, &server).await;
    let headers = fresh();
    assert_eq!(send(one, &headers).await, 200);
    assert_eq!(send(same, &headers).await, 401);
    assert_eq!(send(other, &headers).await, 200);
    let error = RedisReplayGuard::open(&server.url()).unwrap().scope("a b").unwrap_err();
    assert_eq!(error.code().as_str(), "malformed_argument");
}

#[tokio::test]
async fn a_server_that_does_not_answer_in_time_lets_nothing_through() {
    let (server, count, lines) = (Server::start(), Count::default(), Lines::listen());
    let guard = RedisReplayGuard::open(&server.url()).unwrap();
    let builder = RequireSignature::builder(&ring(), [ORIGIN]).guard(guard.clone());
    let address = vault_behind(builder, &count).await;
    settled(address, &server).await;
    server.signal("-STOP");
    lines.take();
    let during = fresh();
    for headers in [&during, &during, &fresh()] {
        assert_eq!(send(address, headers).await, 503);
        assert_eq!(code(&lines), "store_unavailable");
    }
    assert_eq!(guard.check().await.unwrap_err().code().as_str(), "store_unavailable");
    server.signal("-CONT");
    until(async || send(address, &fresh()).await == 200).await;
    assert_eq!(count.get(), 1);
}

#[tokio::test]
async fn a_store_that_is_full_refuses() {
    let (server, count, lines) = (Server::start(), Count::default(), Lines::listen());
    let address = vault_behind(guarded(&server), &count).await;
    settled(address, &server).await;
    let () = server.run(&["CONFIG", "SET", "maxmemory", "1"]);
    lines.take();
    for _ in 0..3 {
        assert_eq!(send(address, &fresh()).await, 503);
        assert_eq!(code(&lines), "replay_guard_full");
    }
    let () = server.run(&["CONFIG", "SET", "maxmemory", "0"]);
    assert_eq!(send(address, &fresh()).await, 200);
    assert_eq!(count.get(), 1);
}

#[tokio::test]
async fn a_store_that_lost_the_script_gets_it_again() {
    let (server, count) = (Server::start(), Count::default());
    let address = vault_behind(guarded(&server), &count).await;
    settled(address, &server).await;
    for _ in 0..2 {
        let () = server.run(&["SCRIPT", "FLUSH"]);
        let headers = fresh();
        assert_eq!((send(address, &headers).await, send(address, &headers).await), (200, 401));
    }
}

#[tokio::test]
async fn a_store_that_may_evict_is_warned_of() {
    let lines = Lines::listen();
    let careless = Server::start_with(&["--maxmemory-policy", "allkeys-lru"]);
    let address = vault_behind(guarded(&careless), &Count::default()).await;
    settled(address, &careless).await;
    send(address, &fresh()).await;
    let logged = lines.take();
    let warnings: Vec<_> = logged.iter().filter(|line| line.contains("noeviction")).collect();
    assert_eq!(warnings.len(), 1, "{logged:?}");
    assert!(warnings[0].contains("maxmemory-policy allkeys-lru"), "{logged:?}");
    let guard = RedisReplayGuard::open(&careless.url()).unwrap().timeout(Duration::from_secs(5));
    guard.check().await.unwrap();
    assert!(lines.take()[0].contains("allkeys-lru"));
    let careful = Server::start();
    RedisReplayGuard::open(&careful.url()).unwrap().timeout(Duration::from_secs(5)).check().await.unwrap();
    assert!(lines.take().is_empty());
}

#[tokio::test]
async fn a_password_is_never_shown_and_may_be_set_right() {
    const PASSWORD: &str = "hunter-two";
    let (server, count, lines) = (Server::start(), Count::default(), Lines::listen());
    let url = format!("{}?pass={PASSWORD}", server.url());
    let guard = RedisReplayGuard::open(&url).unwrap().timeout(Duration::from_secs(5));
    assert_eq!(format!("{guard:?}"), "RedisReplayGuard { .. }");
    let () = server.run(&["ACL", "SETUSER", "default", ">another"]);
    let address = vault_behind(RequireSignature::builder(&ring(), [ORIGIN]).guard(&guard), &count).await;
    let refused = guard.check().await.unwrap_err();
    assert_eq!(send(address, &fresh()).await, 503);
    let told = format!("{refused} {refused:?} {}", lines.take().join("\n"));
    assert!(
        told.contains("store_unavailable") && told.contains("refused the user or the password"),
        "{told}"
    );
    for secret in [PASSWORD, "socket", "unix:"] {
        assert!(!told.contains(secret), "{told}");
    }
    let other = format!("{}?pass=another", server.url());
    let mut connection = redis::Client::open(other).unwrap().get_connection().unwrap();
    let () = redis::cmd("ACL")
        .arg(&["SETUSER", "default", &format!(">{PASSWORD}")])
        .query(&mut connection)
        .unwrap();
    guard.check().await.unwrap();
    assert_eq!(send(address, &fresh()).await, 503, "it is there, and begins");
    assert!(lines.take().join("\n").contains("replay_guard_starting"));
    let bad = RedisReplayGuard::open(&format!("http://x:{PASSWORD}@h")).unwrap_err();
    assert_eq!(bad.code().as_str(), "malformed_argument");
    assert!(!format!("{bad:?}").contains(PASSWORD));
}

#[tokio::test]
async fn a_server_that_is_not_there_lets_nothing_through() {
    let (folder, count, lines) = (Folder::new("nobody"), Count::default(), Lines::listen());
    let url = format!("redis+unix://{}", folder.0.join("socket").display());
    let address = vault_behind(guarded_at(&url), &count).await;
    for _ in 0..3 {
        assert_eq!(send(address, &fresh()).await, 503);
        assert_eq!(code(&lines), "store_unavailable");
    }
    assert_eq!(count.get(), 0);
}

#[tokio::test]
async fn a_server_that_refuses_the_script_is_named_by_its_code() {
    let (server, count, lines) = (Server::start(), Count::default(), Lines::listen());
    let address = vault_behind(guarded(&server), &count).await;
    settled(address, &server).await;
    let () = server.run(&["ACL", "SETUSER", "default", "-evalsha"]);
    lines.take();
    assert_eq!(send(address, &fresh()).await, 503);
    let logged = lines.take();
    assert!(logged[0].contains("code=store_unavailable"), "{logged:?}");
    assert!(logged[0].contains("it answered with the error NOPERM"), "{logged:?}");
    let () = server.run(&["ACL", "SETUSER", "default", "+evalsha"]);
    assert_eq!(send(address, &fresh()).await, 200);
}

#[tokio::test]
async fn an_answer_that_is_none_of_the_scripts_is_no_claim() {
    for (answer, told) in [
        // Which a lenient reader takes for the script's "fresh".
        (&b"$1\r\n0\r\n"[..], "none of the script's replies"),
        (b"+OK\r\n", "none of the script's replies"),
        (b"-redis://:hunter-two@h went wrong\r\n", "it answered with an error"),
    ] {
        let (folder, count, lines) = (Folder::new("odd"), Count::default(), Lines::listen());
        let socket = folder.0.join("socket");
        let listener = UnixListener::bind(&socket).unwrap();
        tokio::spawn(answer_all(listener, answer));
        let address = vault_behind(guarded_at(&format!("redis+unix://{}", socket.display())), &count).await;
        assert_eq!(send(address, &fresh()).await, 503);
        let logged = lines.take().join("\n");
        assert!(logged.contains(told) && !logged.contains("hunter-two"), "{logged}");
        assert_eq!(count.get(), 0);
    }
}

/// Answers each command with the same bytes, and `INFO` as a server does.
async fn answer_all(listener: UnixListener, answer: &'static [u8]) {
    while let Ok((mut stream, _)) = listener.accept().await {
        tokio::spawn(async move {
            let mut bytes = [0; 65536];
            while let Ok(length @ 1..) = stream.read(&mut bytes).await {
                for command in bytes[..length].split(|byte| *byte == b'*').skip(1) {
                    let is_info = command.windows(4).any(|word| word == b"INFO" || word == b"info");
                    stream.write_all(if is_info { b"$1\r\n0\r\n" } else { answer }).await.unwrap();
                }
            }
        });
    }
}

/// Waits for what others bring about, by letting them run.
async fn until(condition: impl AsyncFn() -> bool) {
    let come = async {
        while !condition().await {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(60), come).await.expect("it never came");
}
