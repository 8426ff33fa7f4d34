//! `counterseal packet`: sign, verify, explain.

use crate::help;
use crate::input::Input;
use crate::keys::{KeyArguments, Purpose};
use crate::output::{self, number, text};
use crate::stop::Stop;
use counterseal_shared::json::{self, Value};
use counterseal_shared::{Body, PacketSigner, PacketVerifier, Verified, explain_packet, read_json};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Sign a payload; the packet goes to standard output
    #[command(after_help = help::PACKET_SIGN)]
    Sign(Sign),
    /// Verify a packet; what it says goes to standard output as JSON
    ///
    /// The replay guard of this command begins empty each time: it does not see that a packet was accepted before.
    #[command(after_help = help::PACKET_VERIFY)]
    Verify(Verify),
    /// Say stage by stage why a packet is refused, and what to look at
    #[command(after_help = help::PACKET_EXPLAIN)]
    Explain(Explain),
}

#[derive(clap::Args)]
pub(crate) struct Sign {
    /// The payload: JSON text, or raw bytes with --bytes
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    keys: KeyArguments,
    /// What the packet is for, as the verifier names it; may be empty
    #[arg(long, value_name = "CONTEXT", allow_hyphen_values = true)]
    context: String,
    /// Take the input for raw bytes, not for JSON
    #[arg(long)]
    bytes: bool,
    /// The longest payload, in bytes
    #[arg(long, value_name = "BYTES")]
    body_limit: Option<u64>,
    /// Unix seconds instead of the clock's, for tests
    #[arg(long, value_name = "SECONDS")]
    now: Option<u64>,
    /// A nonce instead of a fresh one, for tests: used twice, it is a replay
    #[arg(long, value_name = "NONCE", allow_hyphen_values = true)]
    nonce: Option<String>,
}

#[derive(clap::Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    judged: Judged,
    /// Print only what was signed: the payload as JSON, or the raw bytes
    #[arg(long)]
    body: bool,
}

#[derive(clap::Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    judged: Judged,
    /// For programs: JSON on one line
    #[arg(long)]
    json: bool,
}

/// A packet, and what it is held against.
#[derive(clap::Args)]
struct Judged {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    keys: KeyArguments,
    /// What the packet must be for; may be empty
    #[arg(long, value_name = "CONTEXT", allow_hyphen_values = true)]
    context: String,
    /// How old it may be: 1 to 3600, 60 by default
    #[arg(long, value_name = "SECONDS")]
    max_age: Option<u64>,
    /// How far ahead of this clock it may be: 1 to 3600, 5 by default
    #[arg(long, value_name = "SECONDS")]
    max_ahead: Option<u64>,
    /// An owner who may make this call; may be repeated; any if absent
    #[arg(long, value_name = "OWNER")]
    allow: Vec<String>,
    /// The longest payload, in bytes
    #[arg(long, value_name = "BYTES")]
    body_limit: Option<u64>,
    /// Unix seconds instead of the clock's, for tests
    #[arg(long, value_name = "SECONDS")]
    now: Option<u64>,
}

impl Command {
    pub(crate) fn run(self) -> Result<(), Stop> {
        match self {
            Self::Sign(sign) => sign.run(),
            Self::Verify(verify) => verify.run(),
            Self::Explain(explain) => explain.run(),
        }
    }
}

impl Sign {
    fn run(self) -> Result<(), Stop> {
        let signer = PacketSigner::new(
            &self.keys.key(&Purpose::Messages)?,
            &options([("body_limit", self.body_limit)], &[]),
        )?;
        let payload = self.input.read(signer.text_limit())?;
        let (now, nonce) = (seconds(self.now), self.nonce.as_deref());
        let packet = match self.bytes {
            true => signer.sign_bytes(&payload, &self.context, now, nonce)?,
            false => signer.sign_json(&payload, &self.context, now, nonce)?,
        };
        output::line(&packet)
    }
}

impl Verify {
    fn run(self) -> Result<(), Stop> {
        let Judged { input, keys, context, now, .. } = &self.judged;
        let verifier = PacketVerifier::new(&keys.ring(&Purpose::Messages)?, None, &self.judged.options())?;
        let packet = input.read(verifier.text_limit())?;
        let verified = verifier.verify(&packet, context, seconds(*now))?;
        match (self.body, verified.body()) {
            (true, Body::Json(payload)) => output::line(payload),
            (true, Body::Bytes(data)) => output::bytes(data),
            (false, _) => evidence(&verified),
        }
    }
}

impl Explain {
    fn run(self) -> Result<(), Stop> {
        let Judged { input, keys, context, now, .. } = &self.judged;
        let (ring, options) = (keys.ring(&Purpose::Messages)?, self.judged.options());
        let limit = PacketVerifier::new(&ring, None, &options)?.text_limit();
        let packet = input.read(limit)?;
        output::explanation(&explain_packet(&ring, &options, &packet, context, seconds(*now))?, self.json)
    }
}

impl Judged {
    fn options(&self) -> String {
        let numbers =
            [("max_age", self.max_age), ("max_ahead", self.max_ahead), ("body_limit", self.body_limit)];
        options(numbers, &self.allow)
    }
}

fn evidence(verified: &Verified<'_>) -> Result<(), Stop> {
    let body = match verified.body() {
        Body::Json(payload) => ("payload", read_json(payload.as_bytes())?),
        Body::Bytes(_) => ("data", text(&verified.body().to_wire())),
    };
    output::object([
        ("key_id", text(verified.key_id())),
        ("owner", text(verified.owner())),
        ("ts", number(verified.timestamp().seconds())),
        ("nonce", text(verified.nonce().as_str())),
        body,
    ])
}

fn options<const N: usize>(numbers: [(&str, Option<u64>); N], allow: &[String]) -> String {
    let given = numbers.into_iter().filter_map(|(name, value)| Some((name.to_owned(), number(value?))));
    let mut members: Vec<_> = given.collect();
    if !allow.is_empty() {
        members.push(("allow".to_owned(), Value::Array(allow.iter().map(|owner| text(owner)).collect())));
    }
    json::write(&Value::Object(members))
}

/// Judged by the façade, whole as it is.
pub(crate) fn seconds(now: Option<u64>) -> Option<f64> {
    now.map(|now| now as f64)
}
