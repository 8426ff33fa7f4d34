//! The operations on sessions, which live from line to line, on tickets, and on what a peer learns.

use counterseal_shared::{PacketSigner, Result, Session};
use serde_json::{Map, Value, json};

use crate::State;
use crate::line::{Members, unusable};
use crate::ops::{evidence, given, key, keyring, one_of, secret, token_verifier};

/// Carries out `session.{call}`.
pub(crate) fn run(state: &mut State, call: &str, line: &Members<'_>) -> Result<Value> {
    match call {
        "server" => server(state, line),
        "client" => client(state, line),
        "handshake" => handshake(named(state, line)?, line),
        "accept" => accept(named(state, line)?, line),
        "welcome" => welcome(state, line),
        "establish" => establish(named(state, line)?, line),
        "sign" => sign(named(state, line)?, line),
        "heartbeat" => heartbeat(named(state, line)?, line),
        "verify" => verify(named(state, line)?, line),
        "poll" => Ok(json!({ "due": named(state, line)?.poll(line.optional_number("now")?)? })),
        "look" => Ok(look(named(state, line)?)),
        "close" => {
            named(state, line)?.close();
            Ok(json!({}))
        }
        "revoke" => revoke(state, line),
        _ => Err(unusable("no such operation")),
    }
}

/// Signs with one of the two keys that a ticket gives.
pub(crate) fn ticket_keys(line: &Members<'_>) -> Result<Value> {
    let token = line.text("token")?;
    let now = line.optional_number("now")?;
    let verified = token_verifier(line)?.verify(&token, now)?;
    let master = secret(line, "master")?;
    let (servers, owners) = counterseal_shared::ticket_keys(&master, &verified, &line.string("server")?)?;
    let signing = match line.string("by")?.as_str() {
        "server" => &servers,
        "owner" => &owners,
        _ => return Err(unusable("a ticket has keys of the server and the owner")),
    };
    let packet = PacketSigner::new(signing, "{}")?.sign_json(
        &line.text("payload_text")?,
        &line.string("context")?,
        now,
        line.optional_string("nonce")?.as_deref(),
    )?;
    Ok(
        json!({ "server_key_id": servers.id(), "key_id": owners.id(), "owner": owners.owner(), "packet_text": packet }),
    )
}

pub(crate) fn refusal(line: &Members<'_>) -> Result<Value> {
    let text = counterseal_shared::refusal(&line.string("code")?, line.optional_number("now")?)?;
    Ok(json!({ "text": text }))
}

fn server(state: &mut State, line: &Members<'_>) -> Result<Value> {
    let session = Session::server(&line.string("server")?, &options(line)?, line.optional_number("now")?)?;
    state.sessions.insert(line.text("session")?, session);
    Ok(json!({}))
}

fn client(state: &mut State, line: &Members<'_>) -> Result<Value> {
    let ring = keyring(line)?;
    let session = Session::client(
        &key(&line.object("key")?)?,
        &line.string("server")?,
        &ring,
        &options(line)?,
        line.optional_number("now")?,
        line.optional_string("nonce")?.as_deref(),
    )?;
    state.sessions.insert(line.text("session")?, session);
    state.rings.insert(line.text("session")?, ring);
    Ok(json!({}))
}

fn handshake(session: &Session, line: &Members<'_>) -> Result<Value> {
    Ok(json!({ "handshake_text": session.handshake(&line.string("token")?)? }))
}

fn accept(session: &Session, line: &Members<'_>) -> Result<Value> {
    let handshake = given(line, ["handshake", "handshake_text", "handshake_bytes"])?;
    let verified = session.accept(&token_verifier(line)?, &handshake, line.optional_number("now")?)?;
    Ok(json!({ "peer": session.peer(), "claims_text": verified.claims_text() }))
}

fn welcome(state: &mut State, line: &Members<'_>) -> Result<Value> {
    let ring = keyring(line)?;
    let packet = named(state, line)?.welcome(
        &key(&line.object("key")?)?,
        &ring,
        line.optional_number("now")?,
        line.optional_string("nonce")?.as_deref(),
    )?;
    state.rings.insert(line.text("session")?, ring);
    Ok(json!({ "packet_text": packet }))
}

fn establish(session: &Session, line: &Members<'_>) -> Result<Value> {
    session.establish(&packet(line)?, line.optional_number("now")?)?;
    Ok(json!({}))
}

fn sign(session: &Session, line: &Members<'_>) -> Result<Value> {
    let form = one_of(line, &["payload", "data"])?;
    let (event, now, nonce) =
        (line.string("event")?, line.optional_number("now")?, line.optional_string("nonce")?);
    let packet = if form == "data" {
        session.sign_bytes(&event, &line.bytes(form)?, now, nonce.as_deref())
    } else {
        session.sign_json(&event, line.get(form).unwrap_or_default().as_bytes(), now, nonce.as_deref())
    }?;
    Ok(json!({ "packet_text": packet }))
}

fn heartbeat(session: &Session, line: &Members<'_>) -> Result<Value> {
    let packet =
        session.heartbeat(line.optional_number("now")?, line.optional_string("nonce")?.as_deref())?;
    Ok(json!({ "packet_text": packet }))
}

fn verify(session: &Session, line: &Members<'_>) -> Result<Value> {
    let packet = packet(line)?;
    // An event of another type has no form in Rust; one outside its grammar stands for it, and the SDK judges that.
    let event = line.string("event").unwrap_or_default();
    let verified = session.verify(&event, &packet, line.optional_number("now")?)?;
    Ok(evidence(&verified))
}

/// What a session says of itself; what it does not say is absent.
fn look(session: &Session) -> Value {
    let deadline = session.deadline().map(|second| Value::from(second as u64));
    let said = [
        ("state", Some(session.state().into())),
        ("peer", session.peer().map(Value::from)),
        ("id", session.id().map(Value::from)),
        ("code", session.code().map(Value::from)),
        ("deadline", deadline),
    ];
    let said = said.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(said.collect::<Map<_, _>>())
}

/// Revokes a key of the ring that the session was given.
fn revoke(state: &State, line: &Members<'_>) -> Result<Value> {
    let ring = state.rings.get(&line.text("session")?).ok_or_else(|| unusable("no ring of that name"))?;
    ring.revoke(&line.string("key_id")?);
    Ok(json!({}))
}

fn named<'s>(state: &'s State, line: &Members<'_>) -> Result<&'s Session> {
    state.sessions.get(&line.text("session")?).ok_or_else(|| unusable("no session of that name"))
}

fn packet(line: &Members<'_>) -> Result<Vec<u8>> {
    given(line, ["packet", "packet_text", "packet_bytes"])
}

fn options(line: &Members<'_>) -> Result<String> {
    line.options(|name| OPTIONS.contains(&name))
}

const OPTIONS: &[&str] = &[
    "heartbeat_every",
    "heartbeat_window",
    "handshake_window",
    "identity",
    "max_age",
    "max_ahead",
    "body_limit",
    "on_refusal",
    "guard_capacity",
];
