//! A gateway that signs, a vault that is guarded, and the bytes between them.
#![allow(dead_code, reason = "each suite uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

pub(crate) mod log;
pub(crate) mod pieces;
pub(crate) mod raw;
#[cfg(feature = "redis")]
pub(crate) mod redis;

use axum::Router;
use axum::extract::OriginalUri;
use axum::routing::any;
use bytes::Bytes;
use counterseal_shared::{Field, RequestSigner};
use counterseal_tower::{
    Caller, Key, Keyring, MemoryReplayGuard, RequireSignature, RequireSignatureBuilder, Secret,
};
use http::Uri;
use std::env::temp_dir;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};
use std::{fs, process};
use tokio::net::TcpListener;

pub(crate) const SECRET: &str = "hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
pub(crate) const ORIGIN: &str = "http://vault.internal:8200";
pub(crate) const HOST: &str = "vault.internal:8200";

pub(crate) fn gateway() -> Key {
    key("gateway-1", "gateway")
}

pub(crate) fn key(id: &str, owner: &str) -> Key {
    let options = format!(r#"{{"owner":"{owner}"}}"#);
    Key::new(id, &Secret::from_text(SECRET).unwrap(), &options).unwrap()
}

pub(crate) fn ring() -> Keyring {
    Keyring::new(&[&gateway()]).unwrap()
}

/// A layer whose guard has no fence: a test does not wait for one to open.
pub(crate) fn guarded() -> RequireSignatureBuilder {
    guarded_by(&ring())
}

pub(crate) fn guarded_by(ring: &Keyring) -> RequireSignatureBuilder {
    log::install();
    RequireSignature::builder(ring, [ORIGIN]).guard(MemoryReplayGuard::new("{}").unwrap())
}

pub(crate) fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as f64
}

/// Header fields of a request, in order.
pub(crate) type Headers = Vec<(String, Vec<u8>)>;

/// The fields that the gateway adds to what it sends, its Host first.
pub(crate) fn signed(method: &str, target: &str, headers: &[Field<'_>], body: &[u8]) -> Headers {
    signed_by(&gateway(), "{}", method, target, headers, body)
}

pub(crate) fn signed_by(
    key: &Key,
    options: &str,
    method: &str,
    target: &str,
    headers: &[Field<'_>],
    body: &[u8],
) -> Headers {
    signed_at(now(), key, options, method, target, headers, body)
}

pub(crate) fn signed_at(
    now: f64,
    key: &Key,
    options: &str,
    method: &str,
    target: &str,
    headers: &[Field<'_>],
    body: &[u8],
) -> Headers {
    let signer = RequestSigner::new(key, options).unwrap();
    let url = format!("{ORIGIN}{target}");
    let added = signer.sign(method, &url, headers, body, Some(now), None).unwrap();
    let given = headers.iter().map(|(name, value)| ((*name).to_owned(), value.to_vec()));
    let added = added.into_iter().map(|(name, value)| (name.to_owned(), value.into_bytes()));
    [("Host".to_owned(), HOST.into())].into_iter().chain(given).chain(added).collect()
}

/// How often a handler ran.
#[derive(Clone, Default)]
pub(crate) struct Count(Arc<AtomicUsize>);

impl Count {
    pub(crate) fn up(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// Answers what it sees: its caller, the URI that was sent, the URI that it was given, the body.
pub(crate) fn vault(count: &Count) -> Router {
    let count = count.clone();
    let handler = async move |caller: Caller, OriginalUri(sent): OriginalUri, uri: Uri, body: Bytes| {
        count.up();
        format!("{} {sent} {uri} {}", caller.owner(), String::from_utf8_lossy(&body))
    };
    Router::new().route("/", any(handler.clone())).route("/{*rest}", any(handler))
}

/// Serves on a free port until the test's runtime ends.
pub(crate) async fn serve(app: Router) -> SocketAddr {
    log::install();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

/// A folder that goes with its test.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let path = temp_dir().join(format!("counterseal-{name}-{}-{number}", process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}
