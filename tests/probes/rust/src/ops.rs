//! One small function an operation: members of the line in, a call of the façade, its outcome as JSON out.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use counterseal_shared::{
    Body, Error, ErrorCode, Explanation, Key, Keyring, MemoryReplayGuard, PacketSigner, PacketVerifier,
    Parts, Result, Secret, TokenIssuer, TokenVerifier, Verified,
};
use serde_json::{Value, json};

use crate::line::{Members, number_of, text_of, unusable};
use crate::{State, requests, sessions};

/// Carries out the operation that the line names.
pub(crate) fn run(state: &mut State, line: &Members<'_>) -> Result<Value> {
    match line.string("op")?.as_str() {
        "packet.sign" => packet_sign(line),
        "packet.verify" => packet_verify(state, line),
        "packet.explain" => packet_explain(line),
        "packet.verify_batch" => packet_verify_batch(state, line),
        "parts.sign" => parts_sign(line),
        "parts.verify" => parts_verify(state, line),
        "token.issue" => token_issue(line),
        "token.verify" => token_verify(line),
        "token.explain" => token_explain(line),
        "json.canonical" => json_canonical(line),
        "derive" => derive(line),
        "guard.new" => guard_new(state, line),
        "ticket.keys" => sessions::ticket_keys(line),
        "refusal" => sessions::refusal(line),
        "error.list" => Ok(error_list()),
        "probe.about" => Ok(about()),
        name => match name.split_once('.') {
            Some(("session", call)) => sessions::run(state, call, line),
            Some(("request", call)) => requests::run(state, call, line),
            Some(("trust", call)) => requests::trust(call, line),
            _ => Err(unusable("no such operation")),
        },
    }
}

fn packet_sign(line: &Members<'_>) -> Result<Value> {
    let form = one_of(line, &["payload", "payload_text", "data"])?;
    let body = match form {
        "payload" => line.get(form).unwrap_or_default().as_bytes().to_vec(),
        "payload_text" => line.text(form)?,
        _ => line.bytes(form)?,
    };
    let signer = PacketSigner::new(&key(&line.object("key")?)?, &line.options(|name| name == "body_limit")?)?;
    let (context, now, nonce) =
        (line.string("context")?, line.optional_number("now")?, line.optional_string("nonce")?);
    let packet = match form {
        "data" => signer.sign_bytes(&body, &context, now, nonce.as_deref()),
        _ => signer.sign_json(&body, &context, now, nonce.as_deref()),
    }?;
    Ok(json!({ "packet_text": packet }))
}

fn packet_verify(state: &State, line: &Members<'_>) -> Result<Value> {
    let packet = given(line, PACKET)?;
    let verified =
        verifier(state, line)?.verify(&packet, &line.string("context")?, line.optional_number("now")?)?;
    Ok(evidence(&verified))
}

/// What a `packet.verify` of the same members says, without its guard. Only this probe has it: the vectors are held against it here.
fn packet_explain(line: &Members<'_>) -> Result<Value> {
    let (ring, packet, context) = (keyring(line)?, given(line, PACKET)?, line.string("context")?);
    let now = line.optional_number("now")?;
    let explanation =
        counterseal_shared::explain_packet(&ring, &verifier_options(line)?, &packet, &context, now)?;
    Ok(explained(&explanation))
}

fn packet_verify_batch(state: &State, line: &Members<'_>) -> Result<Value> {
    let packets: Vec<Vec<u8>> = line.list("packets")?.into_iter().map(parsed).collect();
    let packets: Vec<&[u8]> = packets.iter().map(Vec::as_slice).collect();
    let results = verifier(state, line)?.verify_batch(
        &packets,
        &line.string("context")?,
        line.optional_number("now")?,
    )?;
    let results: Vec<Value> = results.iter().map(outcome).collect();
    Ok(json!({ "results": results }))
}

fn parts_sign(line: &Members<'_>) -> Result<Value> {
    let body = line.bytes("body")?;
    let signer = PacketSigner::new(&key(&line.object("key")?)?, &line.options(|name| name == "body_limit")?)?;
    let (kind, context) = (line.string("kind")?, line.string("context")?);
    let (ts, nonce) = (line.optional_number("ts")?, line.optional_string("nonce")?);
    let signature = signer.sign_parts(&kind, &body, &context, ts, nonce.as_deref())?;
    Ok(json!({ "sig": signature.sig }))
}

fn parts_verify(state: &State, line: &Members<'_>) -> Result<Value> {
    let body = line.bytes("body")?;
    let verifier = verifier(state, line)?;
    // A part of another type has no form in Rust; a value outside its grammar stands for it, and the SDK judges that.
    let (key_id, nonce, sig) = (line.string("key_id"), line.string("nonce"), line.string("sig"));
    let parts = Parts {
        key_id: &key_id.unwrap_or_default(),
        kind: &line.string("kind")?,
        body: &body,
        ts: line.get("ts").and_then(|ts| number_of(ts).ok()).unwrap_or(f64::NAN),
        nonce: &nonce.unwrap_or_default(),
        sig: &sig.unwrap_or_default(),
    };
    let verified = verifier.verify_parts(&parts, &line.string("context")?, line.optional_number("now")?)?;
    Ok(evidence(&verified))
}

fn token_issue(line: &Members<'_>) -> Result<Value> {
    let claims = line.text("claims_text")?;
    let issuer = TokenIssuer::new(&key(&line.object("key")?)?, &line.options(|name| name == "alg")?)?;
    Ok(json!({ "token": issuer.issue_text(&claims, line.optional_number("now")?)? }))
}

fn token_verify(line: &Members<'_>) -> Result<Value> {
    let token = line.text("token")?;
    let verified = token_verifier(line)?.verify(&token, line.optional_number("now")?)?;
    Ok(json!({ "claims_text": verified.claims_text() }))
}

/// What a `token.verify` of the same members says. As `packet.explain`.
fn token_explain(line: &Members<'_>) -> Result<Value> {
    let (token, policy, now) = (line.text("token")?, policy(line)?, line.optional_number("now")?);
    Ok(explained(&counterseal_shared::explain_token(&keyring(line)?, &policy, &token, now)?))
}

fn policy(line: &Members<'_>) -> Result<String> {
    match line.optional("policy")? {
        Some(_) => line.object("policy")?.options(|_| true),
        None => Ok("{}".to_owned()),
    }
}

fn json_canonical(line: &Members<'_>) -> Result<Value> {
    Ok(json!({ "text": counterseal_shared::canonical_json(&line.text("text")?)? }))
}

fn derive(line: &Members<'_>) -> Result<Value> {
    let (purpose, owner, key_id) = (line.string("purpose")?, line.string("owner")?, line.string("key_id")?);
    let derived = counterseal_shared::derive(&secret(line, "master")?, &purpose, &owner, &key_id)?;
    Ok(json!({ "secret": derived.expose() }))
}

fn guard_new(state: &mut State, line: &Members<'_>) -> Result<Value> {
    let name = line.text("name")?;
    let options = line.options(|name| ["capacity", "start", "scope", "owner_share"].contains(&name))?;
    state.guards.insert(name, MemoryReplayGuard::new(&options)?);
    Ok(json!({}))
}

fn error_list() -> Value {
    let codes: Vec<Value> = counterseal_shared::error_list()
        .iter()
        .map(|info| json!({ "code": info.code, "class": info.class, "status": info.status, "sentence": info.sentence }))
        .collect();
    json!({ "codes": codes })
}

fn about() -> Value {
    json!({ "language": "rust", "runtime": env!("PROBE_RUSTC"), "engine": "rust", "version": counterseal_shared::version() })
}

/// The one member of `names` that the line has.
pub(crate) fn one_of(line: &Members<'_>, names: &[&'static str]) -> Result<&'static str> {
    let mut given = names.iter().filter(|name| line.get(name).is_some());
    match (given.next(), given.next()) {
        (Some(name), None) => Ok(name),
        _ => Err(unusable("exactly one form must be given")),
    }
}

/// What came from a peer, in the one form that the line has: parsed, as text or as bytes.
pub(crate) fn given(line: &Members<'_>, [native, text, bytes]: [&'static str; 3]) -> Result<Vec<u8>> {
    let form = one_of(line, &[native, text, bytes])?;
    match form {
        _ if form == native => Ok(parsed(line.get(form).unwrap_or_default())),
        _ if form == text => line.text(form),
        _ => line.bytes(form),
    }
}

/// A parsed value as the façade takes it: a string is its text, anything else the JSON it was written in.
pub(crate) fn parsed(value: &str) -> Vec<u8> {
    text_of(value).unwrap_or_else(|| value.as_bytes().to_vec())
}

fn verifier(state: &State, line: &Members<'_>) -> Result<PacketVerifier> {
    PacketVerifier::new(&keyring(line)?, guard(state, line)?, &verifier_options(line)?)
}

/// The guard that the line names, if it names one.
pub(crate) fn guard<'s>(state: &'s State, line: &Members<'_>) -> Result<Option<&'s MemoryReplayGuard>> {
    if line.optional("guard")?.is_none() {
        return Ok(None);
    }
    state.guards.get(&line.text("guard")?).map(Some).ok_or_else(|| unusable("no guard of that name"))
}

fn verifier_options(line: &Members<'_>) -> Result<String> {
    line.options(|name| ["max_age", "max_ahead", "allow", "body_limit"].contains(&name))
}

pub(crate) fn token_verifier(line: &Members<'_>) -> Result<TokenVerifier> {
    TokenVerifier::new(&keyring(line)?, &policy(line)?)
}

pub(crate) fn keyring(line: &Members<'_>) -> Result<Keyring> {
    let mut keys = Vec::new();
    for text in line.list("keys")? {
        keys.push(key(&Members::read(text).ok_or_else(|| unusable("a key is not an object"))?)?);
    }
    Keyring::new(&keys.iter().collect::<Vec<_>>())
}

pub(crate) fn key(members: &Members<'_>) -> Result<Key> {
    let options = members.options(|name| name != "id" && name != "secret")?;
    let secret = secret(members, "secret")?;
    let id = members.string("id").map_err(|_| Error::new(ErrorCode::MalformedKey, "id is not text"))?;
    Key::new(&id, &secret, &options)
}

pub(crate) fn secret(members: &Members<'_>, name: &str) -> Result<Secret> {
    let text =
        members.string(name).map_err(|_| Error::new(ErrorCode::MalformedKey, "a secret is not text"))?;
    Secret::from_text(&text)
}

pub(crate) fn explained(explanation: &Explanation) -> Value {
    json!({ "outcome": explanation.error().map_or("ok", |error| error.code().as_str()) })
}

fn outcome(result: &Result<Verified<'_>>) -> Value {
    match result {
        Ok(verified) => json!({ "ok": evidence(verified) }),
        Err(error) => json!({ "error": crate::error_value(error) }),
    }
}

pub(crate) fn evidence(verified: &Verified<'_>) -> Value {
    let (name, body) = match verified.body() {
        Body::Json(text) => ("payload_text", text.clone().into_owned()),
        Body::Bytes(data) => ("data", URL_SAFE_NO_PAD.encode(data)),
    };
    json!({ "key_id": verified.key_id(), "owner": verified.owner(), "ts": verified.timestamp().seconds(), "nonce": verified.nonce().as_str(), name: body })
}

/// The forms that a packet comes in: parsed, text, bytes.
const PACKET: [&str; 3] = ["packet", "packet_text", "packet_bytes"];
