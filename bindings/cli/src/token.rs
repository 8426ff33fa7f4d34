//! `counterseal token`: issue, verify, explain, inspect.

use crate::help;
use crate::input::{Input, json_argument};
use crate::keys::{KeyArguments, Purpose};
use crate::output::{self, text};
use crate::packet::seconds;
use crate::stop::{Stop, say};
use counterseal_shared::json::{self, Value};
use counterseal_shared::{TokenIssuer, TokenVerifier, explain_token, read_json, read_unverified_token};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Issue a token; it goes to standard output
    #[command(after_help = help::TOKEN_ISSUE)]
    Issue(Issue),
    /// Verify a token; its claims go to standard output as JSON
    #[command(after_help = help::TOKEN_VERIFY)]
    Verify(Judged),
    /// Say stage by stage why a token is refused, and what to look at
    #[command(after_help = help::TOKEN_EXPLAIN)]
    Explain(Explain),
    /// Show what a token says WITHOUT verifying anything of it
    ///
    /// Anybody can write what is shown here. No decision may rest on it: that is what verify is for.
    #[command(after_help = help::TOKEN_INSPECT)]
    Inspect(Inspect),
}

#[derive(clap::Args)]
pub(crate) struct Issue {
    #[command(flatten)]
    keys: KeyArguments,
    /// The claims, a JSON object, or a file of them; iat and exp are added
    #[arg(long, value_name = "JSON|@FILE", default_value = "{}")]
    claims: String,
    /// How long the token lives
    #[arg(long, value_name = "SECONDS")]
    expires_in: u64,
    /// Add a fresh jti, by which it can be revoked
    #[arg(long)]
    jti: bool,
    /// HS256, HS384 or HS512
    #[arg(long, value_name = "ALG", default_value = "HS256")]
    alg: String,
    /// Unix seconds instead of the clock's, for tests
    #[arg(long, value_name = "SECONDS")]
    now: Option<u64>,
}

/// A token, and what it is held against.
#[derive(clap::Args)]
pub(crate) struct Judged {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    keys: KeyArguments,
    /// What to demand, a JSON object, or a file of it: algorithms, issuer, audience, subject, leeway, typ, max_age, claims, revoked
    #[arg(long, value_name = "JSON|@FILE", default_value = "{}")]
    policy: String,
    /// Unix seconds instead of the clock's, for tests
    #[arg(long, value_name = "SECONDS")]
    now: Option<u64>,
}

#[derive(clap::Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    judged: Judged,
    /// For programs: JSON on one line
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub(crate) struct Inspect {
    #[command(flatten)]
    input: Input,
}

impl Command {
    pub(crate) fn run(self) -> Result<(), Stop> {
        match self {
            Self::Issue(issue) => issue.run(),
            Self::Verify(judged) => judged.verify(),
            Self::Explain(explain) => explain.run(),
            Self::Inspect(inspect) => inspect.run(),
        }
    }
}

impl Issue {
    fn run(self) -> Result<(), Stop> {
        let algorithms = Value::Array(vec![text(&self.alg)]);
        let key = self.keys.key(&Purpose::Tokens(Some(&algorithms)))?;
        let issuer =
            TokenIssuer::new(&key, &json::write(&Value::Object(vec![("alg".to_owned(), text(&self.alg))])))?;
        let lifetime = format!(r#"{{"expires_in":{},"jti":{}}}"#, self.expires_in, self.jti);
        let claims = json_argument("--claims", &self.claims)?;
        output::line(&issuer.issue(&claims, &lifetime, seconds(self.now))?)
    }
}

impl Judged {
    fn verify(&self) -> Result<(), Stop> {
        let policy = self.read_policy()?;
        let verifier = TokenVerifier::new(&self.keys.ring(&purpose(&policy))?, &json::write(&policy))?;
        let verified = verifier.verify(&self.input.read_token()?, seconds(self.now))?;
        output::object([
            ("key_id", text(verified.key_id())),
            ("owner", text(verified.owner())),
            ("claims", verified.claims().to_value()),
        ])
    }

    /// Judged by the façade; what is no JSON is refused there too.
    fn read_policy(&self) -> Result<Value, Stop> {
        let policy = json_argument("--policy", &self.policy)?;
        read_json(&policy)
            .map_err(|error| Stop::usage(format!("--policy must be one JSON object: {}", error.detail())))
    }
}

impl Explain {
    fn run(self) -> Result<(), Stop> {
        let policy = self.judged.read_policy()?;
        let ring = self.judged.keys.ring(&purpose(&policy))?;
        let token = self.judged.input.read_token()?;
        output::explanation(
            &explain_token(&ring, &json::write(&policy), &token, seconds(self.judged.now))?,
            self.json,
        )
    }
}

impl Inspect {
    fn run(self) -> Result<(), Stop> {
        let token = read_unverified_token(&self.input.read_token()?)?;
        say("NOTHING OF THIS IS VERIFIED: anybody can write such a token. Decide nothing by it");
        output::untrusted([
            ("verified", Value::Bool(false)),
            ("header", token.header().to_value()),
            ("claims", token.claims().to_value()),
        ])
    }
}

/// A key given by its parts is for whatever algorithms the policy accepts.
fn purpose(policy: &Value) -> Purpose<'_> {
    let Value::Object(members) = policy else { return Purpose::Tokens(None) };
    Purpose::Tokens(members.iter().find(|(name, _)| name == "algorithms").map(|(_, value)| value))
}
