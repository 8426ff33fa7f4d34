//! What the hub is started with.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::limits::PASSWORD;

/// The first line of standard input.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Setup {
    /// The folder of its secrets and its audit log, made on the first start.
    pub(crate) state: PathBuf,
    /// Where to listen on this machine; 0 for any free port.
    pub(crate) port: u16,
    /// What an operator shows for a dashboard's ticket.
    #[serde(skip)]
    pub(crate) operator_password: String,
    /// What the browser loads.
    pub(crate) folders: Folders,
    /// Options of the engines' sessions, as the SDK names them.
    #[serde(default)]
    pub(crate) session: Map<String, Value>,
    /// Options of the audit log, as the SDK names them.
    #[serde(default)]
    pub(crate) audit: Map<String, Value>,
    /// How long an engine's token holds, in seconds.
    #[serde(default = "token_lifetime")]
    pub(crate) token_lifetime: u64,
    /// How long a dashboard's ticket holds, in seconds.
    #[serde(default = "ticket_lifetime")]
    pub(crate) ticket_lifetime: u64,
}

/// Folders served to the browser.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Folders {
    /// The page.
    pub(crate) dashboard: PathBuf,
    /// The package `@counterseal/wasm`.
    pub(crate) sdk: PathBuf,
    /// What `socket.io-client` ships for browsers.
    pub(crate) socket_io: PathBuf,
}

/// Reads the setup, and judges what only this server decides.
pub(crate) fn read(line: &str) -> Result<Setup, String> {
    let mut members: Map<String, Value> = serde_json::from_str(line)
        .map_err(|fault| format!("the setup is no JSON object: column {}", fault.column()))?;
    // Taken out first: a fault elsewhere is told with what is there.
    let password = check_password(members.remove("operator_password"))?;
    let setup: Setup =
        serde_json::from_value(Value::Object(members)).map_err(|fault| format!("the setup: {fault}"))?;
    check_session(&setup.session)?;
    Ok(Setup { operator_password: password, ..setup })
}

impl Setup {
    /// How long a connection may take until it is known whose it is.
    pub(crate) fn handshake_window(&self) -> Duration {
        Duration::from_secs(self.seconds("handshake_window").unwrap_or(HANDSHAKE_WINDOW))
    }

    /// How long an engine may be silent, in seconds.
    pub(crate) fn heartbeat_window(&self) -> u64 {
        self.seconds("heartbeat_window").unwrap_or(HEARTBEAT_WINDOW)
    }

    fn seconds(&self, option: &str) -> Option<u64> {
        self.session.get(option).and_then(Value::as_u64)
    }
}

fn check_password(password: Option<Value>) -> Result<String, String> {
    match password {
        Some(Value::String(password)) if (PASSWORD_LEAST..=PASSWORD).contains(&password.len()) => {
            Ok(password)
        }
        _ => Err(format!("operator_password must be a text of {PASSWORD_LEAST} to {PASSWORD} bytes")),
    }
}

/// The hub names its engines by one claim, and ends a connection at its first refusal.
fn check_session(options: &Map<String, Value>) -> Result<(), String> {
    let fixed = ["identity", "on_refusal"].into_iter().find(|name| options.contains_key(*name));
    fixed.map_or(Ok(()), |name| Err(format!("session.{name} is not the setup's to say")))
}

const fn token_lifetime() -> u64 {
    3600
}

const fn ticket_lifetime() -> u64 {
    300
}

/// The SDK's own, in seconds.
const HANDSHAKE_WINDOW: u64 = 10;
const HEARTBEAT_WINDOW: u64 = 15;
const PASSWORD_LEAST: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn setup(change: impl FnOnce(&mut Value)) -> Result<Setup, String> {
        let mut setup = json!({
            "state": "/s", "port": 0, "operator_password": "correct horse",
            "folders": { "dashboard": "/d", "sdk": "/k", "socket_io": "/i" },
        });
        change(&mut setup);
        read(&setup.to_string())
    }

    #[test]
    fn what_is_not_said_has_a_default() {
        let setup = setup(|_| ()).unwrap();
        assert_eq!((setup.token_lifetime, setup.ticket_lifetime), (3600, 300));
        assert_eq!(setup.handshake_window(), Duration::from_secs(10));
        assert_eq!(setup.heartbeat_window(), 15);
    }

    #[test]
    fn the_engines_windows_are_the_setups_to_say() {
        let session = json!({ "handshake_window": 2, "heartbeat_window": 3 });
        let setup = setup(move |setup| setup["session"] = session).unwrap();
        assert_eq!((setup.handshake_window(), setup.heartbeat_window()), (Duration::from_secs(2), 3));
    }

    #[test]
    fn a_setup_that_would_weaken_the_hub_is_refused() {
        let refused = |change: fn(&mut Value)| setup(change).err().unwrap();
        assert!(refused(|setup| setup["operator_password"] = json!("")).contains("operator_password"));
        assert!(refused(|setup| setup["session"] = json!({ "on_refusal": "keep" })).contains("on_refusal"));
        assert!(refused(|setup| setup["session"] = json!({ "identity": "sub" })).contains("identity"));
        assert!(refused(|setup| setup["more"] = json!(1)).contains("more"));
    }

    #[test]
    fn no_fault_is_told_with_the_password() {
        for fault in [
            setup(|setup| setup["operator_password"] = json!(123_456_789)),
            setup(|setup| setup["operator_password"] = json!(["123456789"])),
            setup(|setup| *setup = json!("123456789")),
            read(r#"{"operator_password":"123456789""#),
            read(r#"{"operator_password":"123456789","port":-1}"#),
        ] {
            assert!(!fault.err().unwrap().contains("123456789"));
        }
    }
}
