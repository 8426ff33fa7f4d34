//! `Secret`, `Key` and `Keyring`.

use crate::arguments::{Arg, Rest};
use crate::bytes::{BYTES_RULE, bytes_of};
use crate::error::{Fault, Result, malformed_argument};
use crate::value::walk_options;
use counterseal_shared::{self as shared, Error, ErrorCode};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

/// A secret of 32 to 1024 bytes: bytes, or text that names its encoding ("hex:", "base64:", "base64url:", "utf8:").
///
/// It is erased from memory when dropped, and shown by `expose()` alone.
///
/// Raises CountersealError: malformed_key, weak_secret.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct Secret(pub(crate) shared::Secret);

#[pymethods]
impl Secret {
    #[new]
    #[pyo3(signature = (secret=Arg::ABSENT, /, *more, **named), text_signature = "(secret)")]
    fn new(
        secret: Arg<'_, '_>,
        more: &Bound<'_, PyTuple>,
        named: Option<&Bound<'_, PyDict>>,
    ) -> Result<Self> {
        Rest::new(more, named).only("secret", secret, "secret")?.secret("secret").map(Self)
    }

    /// A new secret of 32 bytes from the operating system's generator.
    #[staticmethod]
    #[pyo3(signature = (*more, **named), text_signature = "()")]
    fn generate(more: &Bound<'_, PyTuple>, named: Option<&Bound<'_, PyDict>>) -> Result<Self> {
        Rest::new(more, named).nothing("none")?;
        Ok(Self(shared::Secret::generate()?))
    }

    /// The secret as text, "hex:…": the one way to read it back.
    #[pyo3(signature = (*more, **named), text_signature = "($self)")]
    fn expose(&self, more: &Bound<'_, PyTuple>, named: Option<&Bound<'_, PyDict>>) -> Result<String> {
        Rest::new(more, named).nothing("none")?;
        Ok(self.0.expose())
    }

    fn __repr__(&self) -> &'static str {
        "Secret(...)"
    }

    fn __reduce__(&self) -> Result<()> {
        Err(malformed_argument(
            "a Secret is neither pickled nor copied; expose() is the one way to read it".to_string(),
        ))
    }
}

/// A key: an id, a secret (text, bytes or Secret), and what it may do.
///
/// owner is its id unless given; it is active while not_before <= now < not_after (Unix seconds); algorithms are those of its tokens (HS256);
/// uses are "packet" and "request" unless given, or one of "token", "derive", "join", "profile:NAME".
///
/// Raises CountersealError: malformed_key, weak_secret; malformed_argument for an unknown option.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct Key(pub(crate) shared::Key);

#[pymethods]
impl Key {
    #[new]
    #[pyo3(
        signature = (id=Arg::ABSENT, /, *more, secret=Arg::ABSENT, **options),
        text_signature = "(id, *, secret, owner=None, not_before=None, not_after=None, revoked=None, algorithms=None, uses=None)"
    )]
    fn new(
        id: Arg<'_, '_>,
        more: &Bound<'_, PyTuple>,
        secret: Arg<'_, '_>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> Result<Self> {
        let rest = Rest::new(more, options);
        let id = rest.with_options("id", id)?;
        let secret = secret.secret("secret")?;
        let id = id
            .peer_text()
            .ok_or_else(|| malformed_key(id.wrong_detail("id", "str without lone surrogates")))?;
        Ok(Self(shared::Key::new(id, &secret, &walk_options(options)?)?))
    }

    /// The key's id.
    #[getter]
    fn id(&self) -> &str {
        self.0.id()
    }

    /// Who holds the key.
    #[getter]
    fn owner(&self) -> &str {
        self.0.owner()
    }

    fn __repr__(&self) -> String {
        format!("Key('{}', owner='{}')", self.0.id(), self.0.owner())
    }

    fn __reduce__(&self) -> Result<()> {
        Err(malformed_argument("a Key is neither pickled nor copied: it holds a secret".to_string()))
    }
}

/// The keys that a verifier knows, each by its id. It may change while verifiers use it, from any thread.
///
/// Raises CountersealError: malformed_key for a repeated id, or for one secret under exclusive uses.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct Keyring(pub(crate) shared::Keyring);

#[pymethods]
impl Keyring {
    #[new]
    #[pyo3(signature = (keys=Arg::ABSENT, /, *more, **named), text_signature = "(keys)")]
    fn new(keys: Arg<'_, '_>, more: &Bound<'_, PyTuple>, named: Option<&Bound<'_, PyDict>>) -> Result<Self> {
        let rest = Rest::new(more, named);
        let keys = rest.only("keys", keys, "keys")?.list("keys", "a list of Key")?;
        let keys = keys
            .iter()
            .map(|key| Arg(Some(key.as_borrowed())).instance::<Key>("each of keys", "a Key"))
            .collect::<Result<Vec<_>>>()?;
        let keys: Vec<&shared::Key> = keys.iter().map(|key| &key.get().0).collect();
        Ok(Self(shared::Keyring::new(&keys)?))
    }

    /// Adds a key.
    #[pyo3(signature = (key=Arg::ABSENT, /, *more, **named), text_signature = "($self, key)")]
    fn add(
        &self,
        key: Arg<'_, '_>,
        more: &Bound<'_, PyTuple>,
        named: Option<&Bound<'_, PyDict>>,
    ) -> Result<()> {
        let rest = Rest::new(more, named);
        let key = rest.only("key", key, "key")?;
        Ok(self.0.add(&key.instance::<Key>("key", "a Key")?.get().0)?)
    }

    /// Removes the key of this id; whether it was there.
    #[pyo3(signature = (id=Arg::ABSENT, /, *more, **named), text_signature = "($self, id)")]
    fn remove(
        &self,
        id: Arg<'_, '_>,
        more: &Bound<'_, PyTuple>,
        named: Option<&Bound<'_, PyDict>>,
    ) -> Result<bool> {
        Ok(self.0.remove(Rest::new(more, named).only("id", id, "id")?.text("id")?))
    }

    /// Revokes the key of this id, at once and in all that use it; whether it was there.
    #[pyo3(signature = (id=Arg::ABSENT, /, *more, **named), text_signature = "($self, id)")]
    fn revoke(
        &self,
        id: Arg<'_, '_>,
        more: &Bound<'_, PyTuple>,
        named: Option<&Bound<'_, PyDict>>,
    ) -> Result<bool> {
        Ok(self.0.revoke(Rest::new(more, named).only("id", id, "id")?.text("id")?))
    }

    /// The ids of the keys.
    #[pyo3(signature = (*more, **named), text_signature = "($self)")]
    fn ids(&self, more: &Bound<'_, PyTuple>, named: Option<&Bound<'_, PyDict>>) -> Result<Vec<String>> {
        Rest::new(more, named).nothing("none")?;
        Ok(self.0.ids())
    }

    fn __repr__<'py>(&self, py: Python<'py>) -> PyResult<String> {
        Ok(format!("Keyring({})", PyList::new(py, self.0.ids())?.repr()?.to_str()?))
    }
}

impl Arg<'_, '_> {
    /// A required secret, in any of its forms.
    pub(crate) fn secret(self, name: &str) -> Result<shared::Secret> {
        let wrong = || malformed_key(self.wrong_detail(name, &format!("str, {BYTES_RULE}, or Secret")));
        let object = self.0.ok_or_else(wrong)?;
        if let Ok(secret) = object.cast_exact::<Secret>() {
            return Ok(secret.get().0.clone());
        }
        if let Ok(text) = object.cast_exact::<PyString>() {
            return Ok(shared::Secret::from_text(text.to_str().map_err(|_| wrong())?)?);
        }
        Ok(shared::Secret::from_bytes(&bytes_of(object)?.ok_or_else(wrong)?)?)
    }
}

fn malformed_key(detail: String) -> Fault {
    Error::new(ErrorCode::MalformedKey, detail).into()
}
