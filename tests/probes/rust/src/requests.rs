//! The operations on HTTP requests, and on who may call whom.

use counterseal_shared::{
    Field, RequestHead, RequestSigner, RequestVerifier, Result, Trust, VerifiedRequest,
};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::State;
use crate::line::{Members, bytes_of, string_of, text_of, unusable};
use crate::ops::{explained, guard, key, keyring, one_of, parsed};

/// Carries out `request.{call}`.
pub(crate) fn run(state: &State, call: &str, line: &Members<'_>) -> Result<Value> {
    match call {
        "sign" => sign(line),
        "verify" => verify(state, line),
        "explain" => explain(line),
        _ => Err(unusable("no such operation")),
    }
}

/// Carries out `trust.{call}`.
pub(crate) fn trust(call: &str, line: &Members<'_>) -> Result<Value> {
    let trust = Trust::new(&parsed(line.get("policy").ok_or_else(|| unusable("there is no policy"))?))?;
    let callee = line.string("callee")?;
    match call {
        "check" => {
            trust.check(&callee, &line.string("caller")?, &line.string("method")?, &line.string("path")?)?;
            Ok(json!({}))
        }
        "exempt" => Ok(json!({ "exempt": trust.is_exempt(&callee, &line.string("path")?) })),
        "explain" => Ok(json!({ "sentences": trust.explain(&callee) })),
        _ => Err(unusable("no such operation")),
    }
}

fn sign(line: &Members<'_>) -> Result<Value> {
    let body = line.bytes("body")?;
    let headers = match line.optional("headers")? {
        Some(_) => headers(&line.list("headers")?)?,
        None => Vec::new(),
    };
    let options = line.options(|name| SIGNER.contains(&name))?;
    let signer = RequestSigner::new(&key(&line.object("key")?)?, &options)?;
    let (now, nonce) = (line.optional_number("now")?, line.optional_string("nonce")?);
    let (method, url) = (line.string("method")?, line.string("url")?);
    let added = signer.sign(&method, &url, &fields(&headers), &body, now, nonce.as_deref())?;
    Ok(json!({ "headers": added }))
}

fn verify(state: &State, line: &Members<'_>) -> Result<Value> {
    let (form, lines) = (one_of(line, &["body", "pieces"])?, line.list("headers")?);
    let options = line.options(|name| VERIFIER.contains(&name))?;
    let verifier = RequestVerifier::new(&keyring(line)?, guard(state, line)?, &options)?;
    // What a peer sent and is of another type has no form in Rust; a value outside its grammar stands for it, and the SDK judges that.
    let (method, target) =
        (line.string("method").unwrap_or_default(), line.string("target").unwrap_or_default());
    let headers = headers(&lines).unwrap_or_default();
    let head = RequestHead { method: &method, target: &target, headers: &fields(&headers) };
    let now = line.optional_number("now")?;
    if form == "body" {
        return Ok(evidence(&verifier.verify(&head, &line.bytes("body")?, now)?));
    }
    let pieces = line.list("pieces")?.into_iter().map(bytes_of).collect::<Result<Vec<_>>>()?;
    let finished = line.optional_number("finish_now")?.or(now);
    let mut pending = verifier.begin(&head, now)?;
    pieces.iter().try_for_each(|piece| pending.update(piece))?;
    Ok(evidence(&pending.finish(finished)?))
}

/// What a `request.verify` of the same members and a body says, without its guard. Only this probe has it: the vectors are held against it here.
fn explain(line: &Members<'_>) -> Result<Value> {
    let options = line.options(|name| VERIFIER.contains(&name))?;
    let (method, target) =
        (line.string("method").unwrap_or_default(), line.string("target").unwrap_or_default());
    let headers = headers(&line.list("headers")?).unwrap_or_default();
    let (ring, fields, body) = (keyring(line)?, fields(&headers), line.bytes("body")?);
    let now = line.optional_number("now")?;
    let explanation =
        counterseal_shared::explain_request(&ring, &options, &method, &target, &fields, &body, now, None)?;
    Ok(explained(&explanation))
}

/// Names and values in order. A value is text, which stands for its UTF-8 bytes, or `{"bytes": base64url}`.
fn headers(lines: &[&str]) -> Result<Vec<(String, Vec<u8>)>> {
    lines.iter().map(|pair| header(pair)).collect()
}

fn header(pair: &str) -> Result<(String, Vec<u8>)> {
    let pair: Vec<&RawValue> = serde_json::from_str(pair).unwrap_or_default();
    let [name, value] = pair[..] else { return Err(unusable("a header is not a name and a value")) };
    let value = match Members::read(value.get()) {
        Some(given) => given.bytes("bytes")?,
        None => text_of(value.get()).ok_or_else(|| unusable("a header's value is not text"))?,
    };
    Ok((string_of(name.get())?, value))
}

fn fields(headers: &[(String, Vec<u8>)]) -> Vec<Field<'_>> {
    headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect()
}

fn evidence(verified: &VerifiedRequest) -> Value {
    json!({ "key_id": verified.key_id(), "owner": verified.owner(), "ts": verified.timestamp().seconds(), "nonce": verified.nonce().as_str() })
}

const SIGNER: &[&str] = &["extra_fields", "body_limit"];
const VERIFIER: &[&str] =
    &["authorities", "extra_fields", "max_age", "max_ahead", "allow", "trust", "callee", "body_limit"];
