//! Where keys come from: a file of them, or one whose secret stands in a file or an environment variable.

use crate::input::without_line_end;
use crate::output::text;
use crate::stop::{Stop, say};
use counterseal_shared::json::{self, Value};
use counterseal_shared::{Error, ErrorCode, Key, Keyring, Result, Secret, read_json};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The keys of a command.
#[derive(clap::Args)]
pub(crate) struct KeyArguments {
    /// A JSON list of keys: [{"id":"engine-7","secret":"hex:…","owner":"engine-7"}, …]
    #[arg(long, help_heading = "Keys", value_name = "FILE", conflicts_with_all = ["owner", "secret_file", "secret_env"])]
    keys: Option<PathBuf>,
    /// The key's id; with --keys, the one to take of them
    #[arg(long, help_heading = "Keys", value_name = "ID")]
    key_id: Option<String>,
    /// Who holds the key; its id if absent
    #[arg(long, help_heading = "Keys", value_name = "OWNER")]
    owner: Option<String>,
    #[command(flatten)]
    secret: SecretArguments,
}

/// One secret, from where no other process reads it.
#[derive(clap::Args)]
pub(crate) struct SecretArguments {
    /// A file that holds the secret with its encoding: hex:…, base64:…, base64url:… or utf8:…
    #[arg(long, help_heading = "Keys", value_name = "FILE", conflicts_with = "secret_env")]
    secret_file: Option<PathBuf>,
    /// An environment variable that holds the secret with its encoding
    #[arg(long, help_heading = "Keys", value_name = "NAME")]
    secret_env: Option<String>,
}

/// What a key given by its parts is for.
pub(crate) enum Purpose<'p> {
    /// Packets and requests, which is the default.
    Messages,
    /// With these algorithms, or the default ones.
    Tokens(Option<&'p Value>),
}

impl KeyArguments {
    /// The ring to verify with.
    pub(crate) fn ring(&self, purpose: &Purpose<'_>) -> Result<Keyring, Stop> {
        let keys = self.read(purpose)?;
        Ok(Keyring::new(&keys.iter().collect::<Vec<_>>())?)
    }

    /// The one key to sign with.
    pub(crate) fn key(&self, purpose: &Purpose<'_>) -> Result<Key, Stop> {
        let mut keys = self.read(purpose)?;
        match (keys.pop(), keys.is_empty()) {
            (Some(key), true) => Ok(key),
            _ => Err(Stop::usage("the file of --keys must hold one key to sign with; name it with --key-id")),
        }
    }

    fn read(&self, purpose: &Purpose<'_>) -> Result<Vec<Key>, Stop> {
        match (&self.keys, &self.key_id) {
            (Some(file), wanted) => {
                let keys = read_keys(&read_private("--keys", file, KEYS)?)?;
                let is_wanted = |key: &Key| wanted.as_deref().is_none_or(|id| id == key.id());
                let keys: Vec<_> = keys.into_iter().filter(is_wanted).collect();
                if keys.is_empty() {
                    Err(Stop::usage("the file of --keys holds no such key"))
                } else {
                    Ok(keys)
                }
            }
            (None, Some(id)) => {
                let secret = self.secret.read()?.ok_or_else(|| Stop::usage(NO_SECRET))?;
                Ok(vec![Key::new(id, &secret, &self.options(purpose))?])
            }
            (None, None) => Err(Stop::usage(
                "no key: give --keys FILE, or --key-id ID with --secret-file FILE or --secret-env NAME",
            )),
        }
    }

    fn options(&self, purpose: &Purpose<'_>) -> String {
        let mut members = Vec::new();
        if let Some(owner) = &self.owner {
            members.push(("owner".to_owned(), text(owner)));
        }
        if let Purpose::Tokens(algorithms) = purpose {
            members.push(("uses".to_owned(), Value::Array(vec![text("token")])));
            members.extend(algorithms.map(|algorithms| ("algorithms".to_owned(), algorithms.clone())));
        }
        json::write(&Value::Object(members))
    }
}

impl SecretArguments {
    /// The secret, if one is named.
    pub(crate) fn read(&self) -> Result<Option<Secret>, Stop> {
        let text = match (&self.secret_file, &self.secret_env) {
            (Some(file), _) => read_private("--secret-file", file, SECRET)?,
            (None, Some(name)) => match std::env::var(name) {
                Ok(text) => Zeroizing::new(text.into_bytes()),
                Err(_) => return Err(Stop::usage("--secret-env: no variable of that name holds text")),
            },
            (None, None) => return Ok(None),
        };
        match std::str::from_utf8(without_line_end(&text)) {
            Ok(text) => Ok(Some(Secret::from_text(text)?)),
            Err(_) => Err(malformed("a secret must be text that names its encoding").into()),
        }
    }
}

/// Keys as JSON. A fault is told with the key's place in the list, never with what stands there.
fn read_keys(list: &[u8]) -> Result<Vec<Key>> {
    let list =
        read_json(list).map_err(|error| malformed(format!("the file of --keys: {}", error.detail())))?;
    let Value::Array(items) = list else {
        return Err(malformed("the file of --keys must hold a JSON list of keys"));
    };
    let place = |(at, item)| {
        read_key(item).map_err(|error| {
            Error::new(error.code(), format!("key {} of --keys: {}", at + 1, error.detail()))
        })
    };
    items.into_iter().enumerate().map(place).collect()
}

fn read_key(key: Value) -> Result<Key> {
    let Value::Object(members) = key else { return Err(malformed("a key must be an object")) };
    let (mut id, mut secret, mut options) = (None, None, Vec::new());
    for (name, value) in members {
        match (name.as_str(), value) {
            ("id", Value::String(text)) => id = Some(text),
            ("secret", Value::String(text)) => secret = Some(Zeroizing::new(text)),
            ("id" | "secret", _) => return Err(malformed(format!("{name} must be a string"))),
            (_, value) => options.push((name, value)),
        }
    }
    let missing = |name| malformed(format!("{name} is missing"));
    let secret = Secret::from_text(&secret.ok_or_else(|| missing("secret"))?)?;
    Key::new(&id.ok_or_else(|| missing("id"))?, &secret, &json::write(&Value::Object(options)))
}

fn malformed(detail: impl Into<String>) -> Error {
    Error::new(ErrorCode::MalformedKey, detail.into())
}

/// A file that holds secrets. Its name is not repeated where it cannot be read: it may be a secret, mistaken for a name.
fn read_private(option: &str, file: &Path, limit: usize) -> Result<Zeroizing<Vec<u8>>, Stop> {
    let read = || -> io::Result<Zeroizing<Vec<u8>>> {
        let input = File::open(file)?;
        let found = input.metadata()?;
        warn_if_open(file, &found);
        // Room for all of it: what grows would leave a copy behind.
        let room = usize::try_from(found.len()).unwrap_or(limit).clamp(limit.min(8192), limit) + 1;
        let mut bytes = Zeroizing::new(Vec::with_capacity(room));
        input.take(limit as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().map_err(|fault| Stop::io(option, &fault))?;
    if bytes.len() > limit {
        return Err(malformed(format!("the file of {option} has more than {limit} bytes")).into());
    }
    Ok(bytes)
}

#[cfg(unix)]
fn warn_if_open(file: &Path, found: &std::fs::Metadata) {
    use std::os::unix::fs::PermissionsExt;
    let mode = found.permissions().mode() & 0o777;
    if found.is_file() && mode & 0o077 != 0 {
        let file = file.display();
        say(format_args!(
            "warning: {file} holds a secret and is open to others (mode {mode:03o}); chmod 600 {file}"
        ));
    }
}

#[cfg(not(unix))]
fn warn_if_open(_file: &Path, _found: &std::fs::Metadata) {}

const NO_SECRET: &str = "no secret: give --secret-file FILE or --secret-env NAME";
/// More than 1024 bytes have in any encoding.
const SECRET: usize = 4096;
const KEYS: usize = 16 * 1024 * 1024;
