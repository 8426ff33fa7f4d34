//! What the vault is started with, and the layer that comes of it.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use counterseal_tower::{AuditLog, Key, Keyring, RedisReplayGuard, RequireSignature, Secret};
use serde::Deserialize;
use serde_json::{Map, Value};

/// The first line of standard input.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Setup {
    /// Where to listen on this machine; 0 for any free port.
    #[serde(default)]
    pub(crate) port: u16,
    /// The file of its keys, which nobody else may read.
    keys: PathBuf,
    /// Who may call whom.
    policy: PathBuf,
    /// The file of its audit log; the folder must be there.
    pub(crate) audit: PathBuf,
    /// What callers call it, each with its scheme.
    authorities: Vec<String>,
    /// Seconds for which a request may be under way.
    max_age: u32,
    /// Seconds by which a caller's clock may be ahead.
    max_ahead: u32,
    /// The store that replicas share; without one each remembers for itself.
    redis: Option<String>,
    /// Milliseconds within which the store must answer.
    #[serde(default = "redis_timeout")]
    redis_timeout: u64,
}

impl Setup {
    /// Reads the setup. Its text may hold the store's password, and is never shown.
    pub(crate) fn read(line: &str) -> Result<Setup, String> {
        serde_json::from_str(line).map_err(|fault| format!("the setup is wrong at column {}", fault.column()))
    }

    /// What stands before every route.
    pub(crate) fn layer(&self, audit: &Arc<AuditLog>) -> Result<RequireSignature, Box<dyn Error>> {
        let layer = RequireSignature::builder(&self.keyring()?, &self.authorities)
            .trust(fs::read_to_string(&self.policy)?, "vault")
            .extra_fields(["x-tenant"])
            .max_age(self.max_age)
            .max_ahead(self.max_ahead)
            .body_limit(BODY_LIMIT)
            .audit_log(Arc::clone(audit));
        let layer = match &self.redis {
            Some(url) => {
                layer.guard(RedisReplayGuard::open(url)?.timeout(Duration::from_millis(self.redis_timeout)))
            }
            None => layer,
        };
        Ok(layer.build()?)
    }

    /// The keys of all who can prove who they are.
    fn keyring(&self) -> Result<Keyring, Box<dyn Error>> {
        check_private(&self.keys)?;
        let file: Keys = serde_json::from_str(&fs::read_to_string(&self.keys)?)
            .map_err(|fault| format!("the file of keys is wrong at line {}", fault.line()))?;
        let keys = file.keys.iter().map(SharedKey::key).collect::<Result<Vec<_>, _>>()?;
        Ok(Keyring::new(&keys.iter().collect::<Vec<_>>())?)
    }
}

#[derive(Deserialize)]
struct Keys {
    keys: Vec<SharedKey>,
}

/// A key as its file has it. What more is said of it is the SDK's to judge.
#[derive(Deserialize)]
struct SharedKey {
    id: String,
    secret: String,
    #[serde(flatten)]
    options: Map<String, Value>,
}

impl SharedKey {
    fn key(&self) -> counterseal_tower::Result<Key> {
        let options = Value::Object(self.options.clone()).to_string();
        Key::new(&self.id, &Secret::from_text(&self.secret)?, &options)
    }
}

/// A file that others may read keeps no secret.
#[cfg(unix)]
fn check_private(file: &Path) -> Result<(), Box<dyn Error>> {
    use std::os::unix::fs::PermissionsExt;

    if fs::metadata(file)?.permissions().mode() & 0o077 == 0 {
        return Ok(());
    }
    Err("the file of keys must be readable by its owner alone: chmod 600".into())
}

#[cfg(not(unix))]
fn check_private(_: &Path) -> Result<(), Box<dyn Error>> {
    Ok(())
}

/// The SDK's own.
const fn redis_timeout() -> u64 {
    250
}

/// An order is small.
const BODY_LIMIT: u32 = 64 << 10;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn setup() -> Value {
        json!({
            "keys": "/k", "policy": "/p", "audit": "/a", "authorities": ["http://vault.mesh"],
            "max_age": 60, "max_ahead": 5, "redis": "redis://:correct-horse@127.0.0.1:1/0",
        })
    }

    #[test]
    fn what_is_not_said_has_a_default() {
        let read = Setup::read(&setup().to_string()).unwrap();
        assert_eq!((read.port, read.redis_timeout), (0, 250));
    }

    #[test]
    fn no_fault_is_told_with_the_stores_password() {
        let text = setup().to_string();
        let faulty = [
            text.replace("\"max_age\":60", "\"max_age\":-60"),
            text.replace("\"max_age\"", "\"maxage\""),
            text.replace("\"redis\":", "\"redis_url\":"),
            text.replace("\"redis\":\"", "\"redis_timeout\":\""),
            text[..text.len() - 3].to_owned(),
        ];
        for text in faulty {
            let fault = Setup::read(&text).err().unwrap();
            assert!(!fault.contains("horse"), "{fault}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_file_of_keys_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;

        let file = std::env::temp_dir().join(format!("service-mesh-keys-{}", std::process::id()));
        fs::write(&file, "{}").unwrap();
        for (mode, taken) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false), (0o660, false)] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(check_private(&file).is_ok(), taken, "{mode:o}");
        }
        fs::remove_file(&file).unwrap();
    }
}
