//! What the launcher asks for on standard input, one JSON line each, and how it is answered.

use std::io;

use counterseal_shared::{Error, ErrorCode, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};

use crate::hub::Hub;
use crate::keys::HUB;
use crate::limits;
use crate::say;

/// One line after the setup.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Command {
    /// An engine's key and first token. The answer holds its secret.
    Provision(String),
    /// A job for an engine.
    Job { engine: String, job: Value },
    /// An engine's key is not to be used again.
    Revoke(String),
}

/// The next line; nothing once standard input has ended.
pub(crate) async fn read_line(input: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<String>> {
    let mut line = String::new();
    if input.take(limits::COMMAND).read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    if line.len() as u64 == limits::COMMAND && !line.ends_with('\n') {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a line of standard input is too long"));
    }
    Ok(Some(line))
}

/// Answers each line, until there is none.
pub(crate) async fn answer_all(hub: &Hub, mut input: impl AsyncBufRead + Unpin) -> io::Result<()> {
    while let Some(line) = read_line(&mut input).await? {
        let answer = read(&line).and_then(|command| run(hub, command));
        say(&answer.unwrap_or_else(
            |error| json!({ "error": { "code": error.code().as_str(), "detail": error.detail() } }),
        ));
    }
    Ok(())
}

fn read(line: &str) -> Result<Command> {
    serde_json::from_str(line).map_err(|fault| {
        Error::new(ErrorCode::MalformedArgument, format!("a command is provision, job or revoke: {fault}"))
    })
}

fn run(hub: &Hub, command: Command) -> Result<Value> {
    match command {
        Command::Provision(name) => {
            let provision = hub.provision(&name)?;
            Ok(json!({ "provisioned": {
                "name": name, "key_id": provision.key_id, "secret": provision.secret.expose(), "server": HUB,
                "token": provision.token,
            } }))
        }
        Command::Job { engine, job } => Ok(json!({ "sent": hub.send_job(&engine, job, HUB)? })),
        Command::Revoke(name) => {
            hub.revoke(&name)?;
            Ok(json!({ "revoked": true }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_one_member() {
        assert_eq!(read(r#"{"provision":"engine-7"}"#).unwrap(), Command::Provision("engine-7".to_owned()));
        assert_eq!(read(r#"{"revoke":"engine-7"}"#).unwrap(), Command::Revoke("engine-7".to_owned()));
        let job = read(r#"{"job":{"engine":"engine-7","job":{"jobType":"render"}}}"#).unwrap();
        assert_eq!(job, Command::Job { engine: "engine-7".to_owned(), job: json!({ "jobType": "render" }) });
    }

    #[test]
    fn what_is_no_command_is_said_to_be_none() {
        for line in [
            "",
            "provision",
            "{}",
            r#"{"forget":"engine-7"}"#,
            r#"{"provision":7}"#,
            r#"{"provision":"a","revoke":"a"}"#,
            r#"{"job":{"engine":"engine-7"}}"#,
            r#"{"job":{"engine":"engine-7","job":{},"more":1}}"#,
        ] {
            let error = read(line).unwrap_err();
            assert_eq!(error.code(), ErrorCode::MalformedArgument, "{line}");
            assert!(error.detail().contains("provision, job or revoke"), "{line}");
        }
    }

    #[tokio::test]
    async fn lines_come_one_by_one_until_the_end() {
        let mut input = &b"{\"a\":1}\n\nlast"[..];
        for expected in ["{\"a\":1}\n", "\n", "last"] {
            assert_eq!(read_line(&mut input).await.unwrap().as_deref(), Some(expected));
        }
        assert_eq!(read_line(&mut input).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_line_without_an_end_is_not_read_for_ever() {
        let mut endless = tokio::io::BufReader::new(tokio::io::repeat(b'x'));
        let fault = read_line(&mut endless).await.unwrap_err();
        assert_eq!(fault.kind(), io::ErrorKind::InvalidData);
    }
}
