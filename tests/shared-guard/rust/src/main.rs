//! A replica in Rust: a service behind the layer. Each line of its input is a request that came, each line of its output what became of one.

mod codes;

use bytes::Bytes;
use counterseal_tower::{Key, Keyring, RedisReplayGuard, RequireSignature, Secret};
use http::{Request, Response};
use http_body_util::Full;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::error::Error;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::task::JoinSet;
use tower::{Layer, ServiceExt};

#[derive(Deserialize)]
struct Given {
    port: u16,
    secret: String,
    timeout: f64,
    max_age: u32,
}

#[derive(Deserialize)]
struct Message {
    id: u64,
    request: Arrived,
}

#[derive(Deserialize)]
struct Arrived {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
}

#[derive(Serialize)]
struct Answer {
    id: u64,
    code: String,
    status: u16,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing::subscriber::set_global_default(codes::Codes)?;
    let given: Given = serde_json::from_str(&std::env::args().nth(1).ok_or("no settings")?)?;
    let layer = layer(&given)?;
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let mut judging = JoinSet::new();
    loop {
        tokio::select! {
            line = lines.next_line() => match line? {
                Some(line) => _ = judging.spawn(judge(layer.clone(), serde_json::from_str(&line)?)),
                None => return Ok(()),
            },
            // What failed to judge ends the replica: it must not pass for a refusal.
            Some(judged) = judging.join_next() => println!("{}", serde_json::to_string(&judged??)?),
        }
    }
}

fn layer(given: &Given) -> counterseal_tower::Result<RequireSignature> {
    let key = Key::new("engine-7", &Secret::from_text(&given.secret)?, "{}")?;
    let guard = RedisReplayGuard::open(&format!("redis://127.0.0.1:{}", given.port))?
        .timeout(Duration::from_secs_f64(given.timeout));
    RequireSignature::builder(&Keyring::new(&[&key])?, ["http://vault.internal:8200"])
        .max_age(given.max_age)
        .guard(guard)
        .build()
}

async fn judge(layer: RequireSignature, message: Message) -> Result<Answer, http::Error> {
    let Arrived { method, target, headers, body } = message.request;
    let request =
        headers.iter().fold(Request::builder().method(&*method).uri(target), |request, (name, value)| {
            request.header(name, value)
        });
    let request = request.body(Full::new(Bytes::from(body)))?;
    let service = layer.layer(tower::service_fn(async |_| Ok(Response::new(Full::<Bytes>::default()))));
    let (answered, code) = codes::of(service.oneshot(request)).await;
    let response: Response<_> = answered.unwrap_or_else(|never: Infallible| match never {});
    Ok(Answer { id: message.id, code, status: response.status().as_u16() })
}
