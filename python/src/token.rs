//! `TokenIssuer`, `TokenVerifier` and `VerifiedToken`.

use crate::arguments::{Arg, Parameters, Rest};
use crate::error::{Result, malformed_argument};
use crate::interpreter::{self, Attribute, Evidence, Given, Method};
use crate::key::{Key, Keyring};
use crate::object::{Lazy, object};
use crate::text::outside_text;
use crate::value::{walk_options, walk_payload};
use crate::work::work;
use counterseal_shared::{self as shared, Error, ErrorCode};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple, PyType};
use std::ffi::CStr;

/// Adds the class of evidence, and the method of the hot path to its class.
pub(crate) fn add(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    module.add("VerifiedToken", interpreter::class::<VerifiedToken>(py)?)?;
    interpreter::add::<Verify>(py)
}

/// Issues tokens (JWT) with one key, whose uses must name "token". alg is "HS256" unless given.
///
/// Raises CountersealError: malformed_argument, token_too_large, revoked_key, inactive_key.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct TokenIssuer(shared::TokenIssuer);

#[pymethods]
impl TokenIssuer {
    #[new]
    #[pyo3(signature = (key=Arg::ABSENT, /, *more, **options), text_signature = "(key, *, alg=None)")]
    fn new(key: Arg<'_, '_>, more: &Bound<'_, PyTuple>, options: Option<&Bound<'_, PyDict>>) -> Result<Self> {
        let rest = Rest::new(more, options);
        let key = rest.with_options("key", key)?;
        Ok(Self(shared::TokenIssuer::new(
            &key.instance::<Key>("key", "a Key")?.get().0,
            &walk_options(options)?,
        )?))
    }

    /// Issues a token of these claims, with iat, exp (expires_in seconds from now) and, if asked, a random jti added.
    #[pyo3(
        signature = (claims=Arg::ABSENT, /, *more, now=Arg::ABSENT, **options),
        text_signature = "($self, claims, *, expires_in, jti=None, now=None)"
    )]
    fn issue(
        &self,
        claims: Arg<'_, '_>,
        more: &Bound<'_, PyTuple>,
        now: Arg<'_, '_>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> Result<String> {
        let rest = Rest::new(more, options);
        let claims = rest.with_options("claims", claims)?;
        let claims = claims_text(claims.required("claims", "a dict")?)?;
        Ok(self.0.issue(claims.as_bytes(), &walk_options(options)?, now.seconds("now")?)?)
    }

    /// Issues a token of this text, a JSON object, to the byte.
    #[pyo3(signature = (claims_text=Arg::ABSENT, /, *more, now=Arg::ABSENT, **named), text_signature = "($self, claims_text, *, now=None)")]
    fn issue_text(
        &self,
        claims_text: Arg<'_, '_>,
        more: &Bound<'_, PyTuple>,
        now: Arg<'_, '_>,
        named: Option<&Bound<'_, PyDict>>,
    ) -> Result<String> {
        let rest = Rest::new(more, named);
        let claims = rest.only("claims_text", claims_text, "claims_text, now")?;
        Ok(self.0.issue_text(&claims.outside_text("claims_text")?, now.seconds("now")?)?)
    }
}

/// Verifies tokens under a keyring and a policy.
///
/// algorithms (["HS256"]), issuer, audience, subject, leeway (30 seconds), typ, max_age, claims (rules: {"role": "engine"},
/// {"id": {"type": "string"}}, {"role": {"any_of": ["engine", "admin"]}}), revoked (a list of jti).
///
/// Raises CountersealError, whose code says which check failed.
#[pyclass(frozen, module = "counterseal")]
pub(crate) struct TokenVerifier(pub(crate) shared::TokenVerifier);

#[pymethods]
impl TokenVerifier {
    #[new]
    #[pyo3(
        signature = (keyring=Arg::ABSENT, /, *more, **policy),
        text_signature = "(keyring, *, algorithms=None, issuer=None, audience=None, subject=None, leeway=None, typ=None, max_age=None, claims=None, revoked=None)"
    )]
    fn new(
        keyring: Arg<'_, '_>,
        more: &Bound<'_, PyTuple>,
        policy: Option<&Bound<'_, PyDict>>,
    ) -> Result<Self> {
        let rest = Rest::new(more, policy);
        let keyring = rest.with_options("keyring", keyring)?;
        let keyring = &keyring.instance::<Keyring>("keyring", "a Keyring")?.get().0;
        Ok(Self(shared::TokenVerifier::new(keyring, &walk_options(policy)?)?))
    }
}

/// `TokenVerifier.verify`
struct Verify;

impl Method for Verify {
    type Class = TokenVerifier;
    const NAME: &'static CStr = c"verify";
    const DOC: &'static CStr = c"verify($self, token, *, now=None)\n--\n\nVerifies one token: text or bytes.";

    fn call<'py>(this: &TokenVerifier, given: &Given<'_, 'py>) -> Result<Bound<'py, PyAny>> {
        static PARAMETERS: Parameters<2> = Parameters::new(1, ["token", "now"]);
        let &[token, now] = PARAMETERS.bind(given, &mut Default::default())?;
        let now = now.seconds("now")?;
        let token = outside_text(token.required("token", "str or bytes")?)?.unwrap_or_default();
        let verified = work(given.py(), token.len(), || this.0.verify(&token, now))?;
        evidence(given.py(), verified)
    }
}

/// What a verified token says, parsed from the very bytes that were signed.
pub(crate) struct VerifiedToken {
    pub(crate) verified: shared::VerifiedToken,
    claims: Lazy,
}

impl Evidence for VerifiedToken {
    const NAME: &'static CStr = c"counterseal.VerifiedToken";
    const DOC: &'static CStr = c"What a verified token says, parsed from the very bytes that were signed.";
    const ATTRIBUTES: &'static [Attribute<Self>] = &[
        Attribute {
            name: c"claims",
            doc: c"The claims, as a dict.",
            get: |this, py| this.claims.get(py, || object(py, this.verified.claims().root())),
        },
        Attribute {
            name: c"claims_text",
            doc: c"The claims in RFC 8785 form.",
            get: |this, py| Ok(this.verified.claims_text().into_bound_py_any(py)?),
        },
        Attribute {
            name: c"key_id",
            doc: c"The id of the key that signed.",
            get: |this, py| Ok(this.verified.key_id().into_bound_py_any(py)?),
        },
        Attribute {
            name: c"owner",
            doc: c"Who holds that key.",
            get: |this, py| Ok(this.verified.owner().into_bound_py_any(py)?),
        },
    ];

    fn class() -> &'static PyOnceLock<Py<PyType>> {
        static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        &CLASS
    }

    fn repr(&self) -> String {
        format!("VerifiedToken(key_id='{}', owner='{}')", self.verified.key_id(), self.verified.owner())
    }

    #[inline(always)]
    fn end(self, py: Python<'_>) {
        self.claims.end(py);
    }
}

/// The evidence as an object.
pub(crate) fn evidence(py: Python<'_>, verified: shared::VerifiedToken) -> Result<Bound<'_, PyAny>> {
    Ok(interpreter::object(py, || VerifiedToken { verified, claims: Lazy::default() }, |_| ())?)
}

/// The claims as JSON text; whether it is an object, the core judges.
fn claims_text(claims: Borrowed<'_, '_, PyAny>) -> Result<String> {
    let walk = walk_payload(&claims, CLAIMS_LIMIT)?;
    if let Some(refusal) = walk.refusal {
        return Err(malformed_argument(format!("claims: {}", refusal.detail())));
    }
    check_claims_length(&walk.text)?;
    Ok(walk.text)
}

fn check_claims_length(text: &str) -> Result<()> {
    if text.len() <= CLAIMS_LIMIT {
        return Ok(());
    }
    Err(Error::new(ErrorCode::TokenTooLarge, "claims too long for any token").into())
}

/// Well above what a token of 8 KiB can hold, however the claims are spelt.
const CLAIMS_LIMIT: usize = 64 * 1024;
