//! One connection that stays open, and calls over it one after another.

use std::net::SocketAddr;
use std::time::Instant;

use http::{Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};

use super::AUTHORITY;
use super::sdk::Added;
use crate::Result;
use axum::body::Bytes;

pub(super) struct Client {
    runtime: Runtime,
    sender: SendRequest<Full<Bytes>>,
}

impl Client {
    pub(super) fn connect(address: SocketAddr) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_io().build()?;
        let sender = runtime.block_on(async {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let (sender, connection) = handshake(TokioIo::new(stream)).await?;
            tokio::spawn(connection);
            Ok::<_, Box<dyn std::error::Error>>(sender)
        })?;
        Ok(Self { runtime, sender })
    }

    /// The nanoseconds of one call, from before it is signed to the end of its answer.
    pub(super) fn timed(
        &mut self,
        calls: usize,
        body: &[u8],
        sign: impl Fn(&[u8]) -> Result<Added>,
    ) -> Result<f64> {
        let Self { runtime, sender } = self;
        let begun = Instant::now();
        runtime.block_on(async {
            for _ in 0..calls {
                call(sender, body, sign(body)?).await?;
            }
            Ok::<_, Box<dyn std::error::Error>>(())
        })?;
        Ok(begun.elapsed().as_nanos() as f64 / calls as f64)
    }
}

async fn call(sender: &mut SendRequest<Full<Bytes>>, body: &[u8], added: Added) -> Result<()> {
    let mut request = Request::post("/execute").header(header::HOST, AUTHORITY);
    for (name, value) in added {
        request = request.header(name, value);
    }
    let response = sender.send_request(request.body(Full::new(Bytes::copy_from_slice(body)))?).await?;
    let status = response.status();
    let answer = response.into_body().collect().await?.to_bytes();
    if status == StatusCode::OK && answer == body.len().to_string() {
        Ok(())
    } else {
        Err(format!("the server answered {status}").into())
    }
}
