//! Two servers in a thread of their own: one with the layer, one without.

use std::net::SocketAddr;
use std::thread::{self, JoinHandle};

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use counterseal_tower::RequireSignature;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

use crate::Result;

pub(super) struct Server {
    signed: SocketAddr,
    plain: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(super) fn start(layer: RequireSignature) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_io().build()?;
        let bind = || runtime.block_on(TcpListener::bind("127.0.0.1:0"));
        let (signed, plain) = (bind()?, bind()?);
        let (addresses, (stop, stopped)) = ((signed.local_addr()?, plain.local_addr()?), oneshot::channel());
        let thread = thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    _ = axum::serve(signed, app().layer(layer)) => {}
                    _ = axum::serve(plain, app()) => {}
                    _ = stopped => {}
                }
            });
        });
        Ok(Self { signed: addresses.0, plain: addresses.1, stop: Some(stop), thread: Some(thread) })
    }

    pub(super) fn signed(&self) -> SocketAddr {
        self.signed
    }

    pub(super) fn plain(&self) -> SocketAddr {
        self.plain
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What it is called with, it tells the length of.
fn app() -> Router {
    Router::new().route("/execute", post(async |body: Bytes| body.len().to_string()))
}
