//! The contests that are played in another language: a script is given the inputs and answers one JSON object a contest.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::Result;
use crate::book::Book;
use crate::contest::{Peer, Played};
use crate::inputs::{self, Inputs, Packets};
use crate::payload::Payload;
use crate::rows::Size;

/// Plays all that are wanted.
pub(crate) fn play(book: &mut Book, inputs: &Inputs, python: &Path) {
    let node = Path::new("node");
    for (program, file, prefix) in [
        (python, "python/bench.py", "python-"),
        (node, "node/native.mjs", "node-"),
        (node, "node/wasm.mjs", "wasm-parts"),
        (node, "node/download.mjs", "wasm-download"),
    ] {
        let wanted = book.contests(prefix);
        if wanted.is_empty() {
            continue;
        }
        let fault = script(book, inputs, program, file, &wanted).err();
        let fault = fault.map_or_else(|| format!("{file} did not answer"), |fault| fault.to_string());
        for (contest, size) in wanted {
            if !book.has(contest, size) {
                book.record(contest, size, Err(fault.clone().into()));
            }
        }
    }
}

fn script(
    book: &mut Book,
    inputs: &Inputs,
    program: &Path,
    file: &str,
    wanted: &[(&'static str, Size)],
) -> Result<()> {
    let starting = |fault| format!("starting {}: {fault}", program.display());
    let mut child = Command::new(program)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(file))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(starting)?;
    let given = given(inputs, wanted)?.to_string();
    if let Some(mut stdin) = child.stdin.take() {
        // A script that needs no input may have closed it; if it failed, its exit code says so.
        let _ = stdin.write_all(given.as_bytes());
    }
    let output = child.wait_with_output()?;
    for line in String::from_utf8(output.stdout)?.lines() {
        let answer = Answer::read(line)?;
        let asked = |(contest, size): &&(&'static str, Size)| {
            *contest == answer.contest && size.name() == answer.size
        };
        let (contest, size) =
            wanted.iter().find(asked).ok_or(format!("{file}: nobody asked for {}", answer.contest))?;
        book.record(contest, *size, answer.played());
    }
    if output.status.success() { Ok(()) } else { Err(format!("{file} failed ({})", output.status).into()) }
}

/// What a script is given on standard input: what to play, for how long, and with what.
fn given(inputs: &Inputs, wanted: &[(&'static str, Size)]) -> Result<Value> {
    let [mut packets, mut tokens, mut payloads]: [BTreeMap<String, Value>; 3] = Default::default();
    for (_, size) in wanted {
        match size {
            Size::Packet | Size::Payload(_) => {
                packets.insert(size.name(), as_parts(&inputs.many_packets(*size)?));
            }
            Size::Token(_) => {
                tokens.insert(size.name(), inputs.tokens(*size)?.into());
            }
            Size::Json(bytes) => {
                payloads.insert(size.name(), Payload::new(*bytes).loose.into());
            }
            Size::Input(_) | Size::Live(_) | Size::Gzip => {}
        }
    }
    Ok(json!({
        "wanted": wanted.iter().map(|(contest, size)| json!([contest, size.name()])).collect::<Vec<_>>(),
        "seconds": inputs.plan.contest.as_secs_f64(), "warm_up": inputs.plan.warm_up.as_secs_f64(),
        "key_id": inputs::PACKET_KEY, "secret": inputs::PACKET_SECRET, "context": inputs::CONTEXT,
        "now": inputs.now.seconds(), "earlier": inputs.earlier().seconds(), "kind": "bytes", "guard": inputs::GUARD,
        "token_key_id": inputs::TOKEN_KEY, "token_secret": inputs::TOKEN_SECRET,
        "packets": packets, "tokens": tokens, "payloads": payloads,
    }))
}

fn as_parts(packets: &Packets) -> Value {
    let parts: Vec<_> =
        packets.list.iter().map(|packet| json!([packet.nonce.as_str(), packet.parts.sig])).collect();
    let inputs: Vec<_> =
        packets.list.iter().map(|packet| String::from_utf8_lossy(&packet.parts.input)).collect();
    let earlier: Vec<_> = packets.earlier.iter().map(|(nonce, sig)| json!([nonce.as_str(), sig])).collect();
    // All have one body: what differs is short.
    let heads: Vec<_> = inputs.iter().map(|input| input.strip_suffix(&packets.body)).collect();
    json!({ "body": packets.body, "parts": parts, "earlier": earlier, "heads": heads })
}

/// One contest, or why there is none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    contest: String,
    size: String,
    #[serde(default)]
    fault: Option<String>,
    #[serde(default)]
    version: String,
    #[serde(default)]
    runtime: String,
    #[serde(default)]
    product: Vec<f64>,
    #[serde(default)]
    peers: Vec<AnswerPeer>,
    #[serde(default)]
    remark: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerPeer {
    side: String,
    version: String,
    samples: Vec<f64>,
}

impl Answer {
    fn read(line: &str) -> Result<Self> {
        serde_json::from_str(line).map_err(|fault| format!("{fault} in {line:.200}").into())
    }

    fn played(self) -> Result<Played> {
        if let Some(fault) = self.fault {
            return Err(fault.into());
        }
        let peer = |AnswerPeer { side, version, samples }| Peer { side, version, samples };
        let peers = self.peers.into_iter().map(peer).collect();
        let Self { version, runtime, product, remark, .. } = self;
        Ok(Played { version, runtime, product, peers, remark })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contest::Plan;

    #[test]
    fn an_answer_is_a_contest_or_a_fault() {
        let line = r#"{"contest":"python-token","size":"250B","version":"0.1.0","runtime":"CPython","product":[1,2],
                       "peers":[{"side":"pyjwt","version":"2","samples":[3.5]}]}"#;
        let played = Answer::read(line).unwrap().played().unwrap();
        assert_eq!((played.product, played.peers[0].samples[0]), (vec![1.0, 2.0], 3.5));
        assert!(Answer::read(&line.replace("samples", "sample")).is_err());
        let fault =
            Answer::read(r#"{"contest":"node-parts","size":"200B","fault":"no addon"}"#).unwrap().played();
        assert_eq!(fault.unwrap_err().to_string(), "no addon");
    }

    #[test]
    fn a_script_is_given_what_it_needs_and_no_more() {
        let inputs = Inputs::new(Plan::QUICK).unwrap();
        let given =
            given(&inputs, &[("python-parts", Size::Payload(64)), ("python-sign", Size::Json(200))]).unwrap();
        assert_eq!(given["wanted"][0], json!(["python-parts", "64B"]));
        let packets = &given["packets"]["64B"];
        assert_eq!(packets["parts"].as_array().unwrap().len(), packets["heads"].as_array().unwrap().len());
        assert!(packets["heads"][0].as_str().unwrap().starts_with("counterseal-packet-v1\n"));
        assert_eq!(
            (given["packets"].as_object().unwrap().len(), given["tokens"].as_object().unwrap().len()),
            (1, 0)
        );
        assert!(given["payloads"]["200B"].is_string());
    }

    #[test]
    fn a_script_that_cannot_start_leaves_its_rows_with_the_reason() {
        let mut book = Book::new(crate::rows::entries("python-parts-hmac/200B"));
        play(&mut book, &Inputs::new(Plan::QUICK).unwrap(), Path::new("/nowhere/python"));
        let (_, outcome) = book.outcomes().next().unwrap();
        assert!(outcome.unwrap_err().starts_with("starting /nowhere/python"));
    }
}
