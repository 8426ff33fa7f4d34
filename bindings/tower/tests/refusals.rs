//! What a refused peer learns, what the operator does, and what the audit log keeps.
#![cfg(feature = "axum")]
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use common::log::Lines;
use common::raw::{self, Answer};
use common::{
    Count, Folder, HOST, Headers, ORIGIN, SECRET, gateway, guarded, guarded_by, now, ring, serve, signed,
    signed_at, signed_by, vault,
};
use counterseal_shared::{audit_log_files, verify_audit_log};
use counterseal_tower::{AuditLog, Key, Keyring, MemoryReplayGuard, RequireSignature, Secret};
use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;

const TARGET: &str = "/execute?token=in-the-query";
const BODY: &[u8] = b"run";
const POLICY: &str =
    r#"{"vault":{"rules":[{"callers":["gateway"],"methods":["POST"],"paths":["/execute"]}]}}"#;

/// A vault whose log is heard on this thread.
struct Vault {
    address: SocketAddr,
    count: Count,
    lines: Lines,
}

impl Vault {
    async fn behind(layer: RequireSignature) -> Self {
        let (count, lines) = (Count::default(), Lines::listen());
        let address = serve(vault(&count).layer(layer)).await;
        Self { address, count, lines }
    }

    /// A request that is refused: its answer, and the code that stands in the log alone.
    async fn refuse(&self, method: &str, target: &str, headers: &Headers, body: &[u8]) -> (Answer, String) {
        let before = self.count.get();
        let answer = raw::send(self.address, method, target, headers, body).await;
        assert_eq!(self.count.get(), before, "a refused request reaches no handler");
        let lines = self.lines.take();
        assert_eq!(lines.len(), 1, "{lines:?}");
        let (_, rest) = lines[0].split_once("AUTH REJECTED code=").unwrap();
        (answer, rest.split_once(' ').unwrap().0.to_owned())
    }
}

#[tokio::test]
async fn every_refusal_of_a_class_is_the_same() {
    let revoked = key_with("revoked-1", r#"{"revoked":true}"#, 1);
    let late = key_with("late-1", r#"{"not_after":1}"#, 2);
    let ring = Keyring::new(&[&gateway(), &revoked, &late]).unwrap();
    let vault = Vault::behind(guarded_by(&ring).build().unwrap()).await;
    let once = signed("POST", TARGET, &[], BODY);
    assert_eq!(raw::send(vault.address, "POST", TARGET, &once, BODY).await.status, 200);
    let by = |id: &str| {
        let mut headers = signed("POST", TARGET, &[], BODY);
        for (_, value) in &mut headers {
            *value = String::from_utf8(value.clone()).unwrap().replace("gateway-1", id).into();
        }
        headers
    };
    let other = signed("POST", TARGET, &[], b"ran");
    let mut answers = Vec::new();
    for (expected, headers) in [
        ("malformed_request", vec![("Host".to_owned(), HOST.into())]),
        ("wrong_authority", for_another_server()),
        ("unknown_key", by("stranger-1")),
        ("revoked_key", by("revoked-1")),
        ("inactive_key", by("late-1")),
        ("bad_signature", signed("PUT", TARGET, &[], BODY)),
        ("body_mismatch", other),
        ("replayed", once),
    ] {
        let (answer, code) = vault.refuse("POST", TARGET, &headers, BODY).await;
        assert_eq!(code, expected);
        answers.push(answer);
    }
    let headers = [
        ("cache-control", "no-store"),
        ("connection", "close"),
        ("content-length", "37"),
        ("content-type", "application/json"),
        ("www-authenticate", "Signature"),
    ];
    let mut first = answers[0].clone();
    first.headers.sort();
    assert_eq!(first.headers, headers.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!((first.status, first.body.as_str()), (401, r#"{"class":"unauthorized","status":401}"#));
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

/// Two windows of time, and the class of each other code.
#[tokio::test]
async fn what_other_classes_tell() {
    let layer = guarded().trust(POLICY, "vault").body_limit(8).build().unwrap();
    let vault = Vault::behind(layer).await;
    let sign = |seconds: f64| signed_at(now() + seconds, &gateway(), "{}", "POST", TARGET, &[], BODY);
    for (headers, expected) in [(sign(-100.0), "expired"), (sign(100.0), "not_yet_valid")] {
        let (answer, code) = vault.refuse("POST", TARGET, &headers, BODY).await;
        assert_eq!((answer.status, code.as_str()), (401, expected));
        let (before, rest) = answer.body.split_once(r#""now":"#).unwrap();
        let (clock, after) = rest.split_once(',').unwrap();
        assert_eq!((before, after), (r#"{"class":"unauthorized","#, r#""status":401}"#));
        assert!((clock.parse::<f64>().unwrap() - now()).abs() < 60.0, "this server's clock");
    }
    let (answer, code) = vault.refuse("GET", "/", &signed("GET", "/", &[], b""), b"").await;
    assert_eq!((answer.status, code.as_str()), (403, "caller_not_allowed"));
    assert_eq!(answer.body, r#"{"class":"forbidden","status":403}"#);
    assert_eq!(answer.header("www-authenticate"), None);
    let (answer, code) =
        vault.refuse("POST", TARGET, &signed("POST", TARGET, &[], b"123456789"), b"123456789").await;
    assert_eq!((answer.status, code.as_str()), (413, "payload_too_large"));
    assert_eq!(answer.body, r#"{"class":"too_large","status":413}"#);
    assert_eq!(answer.header("connection"), Some("close"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn a_full_guard_and_a_share_that_is_used_up() {
    let guard = MemoryReplayGuard::new(r#"{"capacity":2}"#).unwrap();
    let worker = key_with("worker-1", "{}", 3);
    let ring = Keyring::new(&[&gateway(), &worker]).unwrap();
    let vault =
        Vault::behind(RequireSignature::builder(&ring, [ORIGIN]).guard(&guard).build().unwrap()).await;
    let by = |key: &Key| signed_by(key, "{}", "GET", "/", &[], b"");
    assert_eq!(raw::send(vault.address, "GET", "/", &by(&gateway()), b"").await.status, 200);
    let (answer, code) = vault.refuse("GET", "/", &by(&gateway()), b"").await;
    assert_eq!((answer.status, code.as_str()), (429, "rate_limited"));
    assert_eq!(answer.body, r#"{"class":"too_many_requests","status":429}"#);
    assert_eq!(raw::send(vault.address, "GET", "/", &by(&worker), b"").await.status, 200);
    let third = key_with("worker-2", "{}", 4);
    ring.add(&third).unwrap();
    let (answer, code) = vault.refuse("GET", "/", &by(&third), b"").await;
    assert_eq!((answer.status, code.as_str()), (503, "replay_guard_full"));
    assert_eq!(answer.body, r#"{"class":"unavailable","status":503}"#);
}

#[tokio::test]
async fn a_server_that_begins_has_forgotten_and_says_so() {
    let vault = Vault::behind(RequireSignature::new(&ring(), [ORIGIN]).unwrap()).await;
    for age in [0.0, 30.0] {
        let headers = signed_at(now() - age, &gateway(), "{}", "GET", "/", &[], b"");
        let (answer, code) = vault.refuse("GET", "/", &headers, b"").await;
        assert_eq!((answer.status, code.as_str()), (503, "replay_guard_starting"));
    }
}

#[tokio::test]
async fn a_line_for_the_operator() {
    let vault = Vault::behind(guarded().build().unwrap()).await;
    let mut forged = signed("POST", TARGET, &[], BODY);
    forged.push(("X-Secret".to_owned(), SECRET.into()));
    let hostile = "/a%0Acode=ok%22/%1b[31m";
    for (target, path) in [(TARGET, "/execute"), (hostile, hostile)] {
        raw::send(vault.address, "PATCH", target, &forged, BODY).await;
        let lines = vault.lines.take();
        let expected = format!(
            " WARN AUTH REJECTED code=bad_signature status=401 method=PATCH path={path} key_id=gateway-1 \
             detail=\"The signature does not fit the key, the context and the content.\""
        );
        assert_eq!(lines, [expected]);
    }
    // Whoever has no key id, or names one that is none, does not get it into the log.
    for member in ["", ";keyid=\"a\\\"b\ncode=ok\""] {
        let headers = vec![
            ("Host".to_owned(), HOST.into()),
            ("Signature-Input".to_owned(), format!("counterseal=(){member}").replace('\n', " ").into()),
        ];
        raw::send(vault.address, "GET", &format!("/{}", "x".repeat(5000)), &headers, b"").await;
        let lines = vault.lines.take();
        assert_eq!(lines.len(), 1);
        assert!(lines[0].contains("key_id=- "), "{lines:?}");
        assert!(lines[0].len() < 600, "{lines:?}");
    }
}

#[tokio::test]
async fn the_audit_log_keeps_the_code() {
    let folder = Folder::new("audit");
    let path = folder.0.join("audit.log");
    let log = Arc::new(AuditLog::open(&path, None, "{}").unwrap());
    let layer = guarded().trust(POLICY, "vault").audit_log(Arc::clone(&log)).build().unwrap();
    let vault = Vault::behind(layer).await;
    vault.refuse("GET", "/\"%0A", &signed("GET", "/\"%0A", &[], b""), b"").await;
    vault.refuse("PUT", TARGET, &signed("POST", TARGET, &[], BODY), BODY).await;
    vault.refuse("PUT", TARGET, &vec![("Host".to_owned(), HOST.into())], BODY).await;
    raw::send(vault.address, "POST", TARGET, &signed("POST", TARGET, &[], BODY), BODY).await;
    assert_eq!(vault.count.get(), 1);
    let text = fs::read_to_string(&path).unwrap();
    let records: Vec<_> = text.lines().map(|line| line.split_once(r#""event":"#).unwrap().1).collect();
    assert_eq!(records.len(), 3, "{text}");
    for (record, expected) in records.iter().zip([
        r#""REQUEST_REJECTED","user_id":"gateway","action":"GET","resource":"/\"%0A","success":false,"metadata":{"code":"caller_not_allowed","key_id":"gateway-1"},"#,
        r#""REQUEST_REJECTED","user_id":null,"action":"PUT","resource":"/execute","success":false,"metadata":{"code":"bad_signature","key_id":"gateway-1"},"#,
        r#""REQUEST_REJECTED","user_id":null,"action":"PUT","resource":"/execute","success":false,"metadata":{"code":"malformed_request","key_id":null},"#,
    ]) {
        assert!(record.starts_with(expected), "{record}");
    }
    assert!(verify_audit_log(&audit_log_files(&path).unwrap(), None, "{}").unwrap().fault.is_none());

    // What cannot be recorded is refused all the same, and the operator learns of it.
    log.close();
    let answer = raw::send(vault.address, "PUT", TARGET, &signed("POST", TARGET, &[], BODY), BODY).await;
    assert_eq!(answer.status, 401);
    let lines = vault.lines.take();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[1].starts_with("ERROR a refusal is not in the audit log code=malformed_argument"),
        "{lines:?}"
    );
}

fn key_with(id: &str, options: &str, seed: u8) -> Key {
    Key::new(id, &Secret::from_bytes(&[seed; 32]).unwrap(), options).unwrap()
}

fn for_another_server() -> Headers {
    let mut headers = signed("POST", TARGET, &[], BODY);
    headers[0].1 = b"other.internal".into();
    headers
}
