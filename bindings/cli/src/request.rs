//! `counterseal request`: sign, verify, explain.

use crate::help;
use crate::http_message::{self, HEAD_MAX, Message};
use crate::input::{Input, json_argument, read_named};
use crate::keys::{KeyArguments, Purpose};
use crate::output::{self, number, text};
use crate::packet::seconds;
use crate::stop::Stop;
use counterseal_shared::json::{self, Value};
use counterseal_shared::{Field, RequestHead, RequestSigner, RequestVerifier, explain_request, read_json};
use std::path::PathBuf;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Sign a request; the header fields to add go to standard output, a line each
    #[command(after_help = help::REQUEST_SIGN)]
    Sign(Sign),
    /// Verify a request as it stands on the wire; who signed it goes to standard output as JSON
    ///
    /// The replay guard of this command begins empty each time: it does not see that a request was accepted before.
    #[command(after_help = help::REQUEST_VERIFY)]
    Verify(Verify),
    /// Say stage by stage why a request is refused, and what to look at
    #[command(after_help = help::REQUEST_EXPLAIN)]
    Explain(Explain),
}

#[derive(clap::Args)]
pub(crate) struct Sign {
    #[command(flatten)]
    keys: KeyArguments,
    /// The method, as it is sent
    #[arg(long, value_name = "METHOD", default_value = "GET")]
    method: String,
    /// The absolute URL, as it is sent
    #[arg(long, value_name = "URL")]
    url: String,
    /// A header field of the request; may be repeated. Only those that are signed are needed
    #[arg(long, value_name = "NAME: VALUE", value_parser = header)]
    header: Vec<Header>,
    /// A file that holds the body as it is sent, or - for standard input; no body if absent
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,
    #[command(flatten)]
    profile: Profile,
    /// For programs: JSON on one line
    #[arg(long)]
    json: bool,
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
    /// Print only the body that was signed
    #[arg(long)]
    body: bool,
}

#[derive(clap::Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    judged: Judged,
    /// A file that holds the signature base as the peer logged it, to be compared with this side's
    #[arg(long, value_name = "FILE")]
    peer_base: Option<PathBuf>,
    /// For programs: JSON on one line
    #[arg(long)]
    json: bool,
}

/// What both sides must agree upon.
#[derive(clap::Args)]
struct Profile {
    /// A field that is always signed, by its name in lower case; may be repeated; the same on both sides
    #[arg(long, value_name = "NAME")]
    extra_field: Vec<String>,
    /// The longest body, in bytes
    #[arg(long, value_name = "BYTES")]
    body_limit: Option<u64>,
}

/// A request, and what it is held against. The input is an HTTP/1.1 request: request line, header fields, an empty line, the body byte by byte.
#[derive(clap::Args)]
struct Judged {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    keys: KeyArguments,
    /// Who this server is, as its callers reach it: https://host, http://host:port; may be repeated
    #[arg(long, value_name = "AUTHORITY", required = true)]
    authority: Vec<String>,
    #[command(flatten)]
    profile: Profile,
    /// How old it may be: 1 to 3600, 60 by default
    #[arg(long, value_name = "SECONDS")]
    max_age: Option<u64>,
    /// How far ahead of this clock it may be: 1 to 3600, 5 by default
    #[arg(long, value_name = "SECONDS")]
    max_ahead: Option<u64>,
    /// An owner who may make this call; may be repeated; any if absent
    #[arg(long, value_name = "OWNER")]
    allow: Vec<String>,
    /// Who may call whom, a JSON object, or a file of it; goes with --callee
    #[arg(long, value_name = "JSON|@FILE", requires = "callee")]
    trust: Option<String>,
    /// Which server of --trust this is
    #[arg(long, value_name = "NAME", requires = "trust")]
    callee: Option<String>,
    /// Unix seconds instead of the clock's, for tests
    #[arg(long, value_name = "SECONDS")]
    now: Option<u64>,
}

type Header = (String, Vec<u8>);

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
        let options = object(self.profile.options());
        let signer = RequestSigner::new(&self.keys.key(&Purpose::Messages)?, &options)?;
        let body = match &self.body {
            Some(file) => read_named(file, signer.body_limit())?,
            None => Vec::new(),
        };
        let headers: Vec<Field<'_>> = self.header.iter().map(|(name, value)| (&**name, &**value)).collect();
        let (now, nonce) = (seconds(self.now), self.nonce.as_deref());
        let added = signer.sign(&self.method, &self.url, &headers, &body, now, nonce)?;
        if self.json {
            let pairs = added.iter().map(|(name, value)| Value::Array(vec![text(name), text(value)]));
            return output::object([("headers", Value::Array(pairs.collect()))]);
        }
        let lines: Vec<_> = added.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        output::line(&lines.join("\n"))
    }
}

impl Verify {
    fn run(self) -> Result<(), Stop> {
        let ring = self.judged.keys.ring(&Purpose::Messages)?;
        let verifier = RequestVerifier::new(&ring, None, &self.judged.options()?)?;
        let input = self.judged.input.read(HEAD_MAX + verifier.body_limit())?;
        let message = Message::read(&input)?;
        let head = RequestHead { method: message.method, target: message.target, headers: &message.fields() };
        let verified = verifier.verify(&head, message.body, seconds(self.judged.now))?;
        if self.body {
            return output::bytes(message.body);
        }
        output::object([
            ("key_id", text(verified.key_id())),
            ("owner", text(verified.owner())),
            ("ts", number(verified.timestamp().seconds())),
            ("nonce", text(verified.nonce().as_str())),
        ])
    }
}

impl Explain {
    fn run(self) -> Result<(), Stop> {
        let (ring, options) = (self.judged.keys.ring(&Purpose::Messages)?, self.judged.options()?);
        let limit = RequestVerifier::new(&ring, None, &options)?.body_limit();
        let input = self.judged.input.read(HEAD_MAX + limit)?;
        let message = Message::read(&input)?;
        let base = self.peer_base.as_deref().map(|file| read_named(file, HEAD_MAX)).transpose()?;
        let base = base.as_deref().map(String::from_utf8_lossy);
        let explanation = explain_request(
            &ring,
            &options,
            message.method,
            message.target,
            &message.fields(),
            message.body,
            seconds(self.judged.now),
            base.as_deref(),
        )?;
        output::explanation(&explanation, self.json)
    }
}

impl Profile {
    fn options(&self) -> Vec<(String, Value)> {
        let limit = self.body_limit.map(|limit| ("body_limit".to_owned(), number(limit)));
        list("extra_fields", &self.extra_field).into_iter().chain(limit).collect()
    }
}

impl Judged {
    fn options(&self) -> Result<String, Stop> {
        let mut members = self.profile.options();
        members.extend(list("authorities", &self.authority));
        members.extend(list("allow", &self.allow));
        let numbers = [("max_age", self.max_age), ("max_ahead", self.max_ahead)];
        members
            .extend(numbers.into_iter().filter_map(|(name, value)| Some((name.to_owned(), number(value?)))));
        members.extend(self.callee.iter().map(|callee| ("callee".to_owned(), text(callee))));
        if let Some(trust) = &self.trust {
            let trust = read_json(&json_argument("--trust", trust)?).map_err(|error| {
                Stop::usage(format!("--trust must be one JSON object: {}", error.detail()))
            })?;
            members.push(("trust".to_owned(), trust));
        }
        Ok(object(members))
    }
}

fn header(argument: &str) -> Result<Header, String> {
    let (name, value) = http_message::field(argument.as_bytes()).ok_or("write it as 'Name: value'")?;
    Ok((name.to_owned(), value))
}

fn object(members: Vec<(String, Value)>) -> String {
    json::write(&Value::Object(members))
}

/// A member that is a list, where it holds anything.
fn list(name: &str, items: &[String]) -> Option<(String, Value)> {
    let list = Value::Array(items.iter().map(|item| text(item)).collect());
    (!items.is_empty()).then(|| (name.to_owned(), list))
}
