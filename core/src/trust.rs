//! Who may call whom, as data: a callee, its callers, what they may call, and what anyone may.
//!
//! A key proves who calls; trust says whether that caller may make this call (check 7 of the verification order).

mod path;

use self::path::{Prefix, is_plain};
use crate::error::{Error, ErrorCode, Result};
use crate::json::{self, Value};
use crate::options::Options;
use crate::text::{NAME_RULE, is_name};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Who may call whom in a whole mesh. Everything that is not named is refused.
///
/// ```
/// # fn main() -> counterseal::Result<()> {
/// let trust = counterseal::Trust::from_json(
///     br#"{"vault": {"rules": [{"callers": ["gateway"], "methods": ["POST"], "paths": ["/execute"]}], "exempt": ["/health"]}}"#,
/// )?;
/// assert!(trust.check("vault", "gateway", "POST", "/execute").is_ok());
/// assert!(trust.check("vault", "heartbeat", "POST", "/execute").is_err());
/// assert_eq!(trust.explain("vault"), ["gateway may POST vault /execute", "anyone may call vault /health"]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Trust(Vec<Callee>);

#[derive(Clone, Debug)]
struct Callee {
    name: String,
    rules: Vec<Rule>,
    exempt: Vec<String>,
}

#[derive(Clone, Debug)]
struct Rule {
    callers: Vec<String>,
    /// Any if absent.
    methods: Option<Vec<String>>,
    paths: Vec<Prefix>,
}

impl Trust {
    /// Reads a policy: an object with a member for each callee, `{"rules": […], "exempt": […]}`. A rule has `callers` (owners of keys), `methods`
    /// (as they are sent; any if absent) and `paths` (prefixes of whole segments; every path if absent). `exempt` lists paths, each as a whole,
    /// that anyone may call without a signature.
    ///
    /// # Errors
    /// `malformed_argument` for an unknown member, a name, method or path outside its grammar, a rule without callers, or a path that two
    /// servers could read differently.
    pub fn from_json(json: &[u8]) -> Result<Self> {
        let text = json::read(json).map_err(|fault| malformed(format!("trust: {}", fault.detail())))?;
        Self::from_value(text)
    }

    /// As [`Trust::from_json`].
    pub(crate) fn from_value(value: Value) -> Result<Self> {
        let callees = object(value, "trust, with a member for each callee,")?;
        callees.into_iter().map(|(name, value)| Callee::read(name, value)).collect::<Result<_>>().map(Self)
    }

    /// Check 7: whether the caller may make this call. `path` is as it was sent, without the query.
    ///
    /// # Errors
    /// `caller_not_allowed`, in words.
    pub fn check(&self, callee: &str, caller: &str, method: &str, path: &str) -> Result<()> {
        let rules = self.callee(callee).map_or(&[][..], |callee| &callee.rules);
        if rules.iter().any(|rule| rule.allows(caller, method, path)) {
            return Ok(());
        }
        let rules: Vec<String> = self.explain(callee);
        let allowed = if rules.is_empty() { "nobody may".to_string() } else { rules.join("; ") };
        Err(Error::new(
            ErrorCode::CallerNotAllowed,
            format!("{caller} may not {method} {callee} {}: {allowed}", shown(path)),
        ))
    }

    /// Whether anyone may call this path of the callee, signed or not.
    pub fn is_exempt(&self, callee: &str, path: &str) -> bool {
        self.callee(callee).is_some_and(|callee| callee.exempt.iter().any(|exempt| exempt == path))
    }

    /// Whether the policy says anything of this callee.
    pub fn knows(&self, callee: &str) -> bool {
        self.callee(callee).is_some()
    }

    /// What the policy says of a callee, a sentence a rule and caller.
    pub fn explain(&self, callee: &str) -> Vec<String> {
        let Some(callee) = self.callee(callee) else { return Vec::new() };
        let rules = callee.rules.iter().flat_map(|rule| rule.explain(&callee.name));
        let exempt = callee.exempt.iter().map(|path| format!("anyone may call {} {path}", callee.name));
        rules.chain(exempt).collect()
    }

    fn callee(&self, name: &str) -> Option<&Callee> {
        self.0.iter().find(|callee| callee.name == name)
    }
}

impl Callee {
    fn read(name: String, value: Value) -> Result<Self> {
        check_name(&name)?;
        let mut members = object(value, "a callee's policy")?;
        let rules = match members.iter().position(|(known, _)| known == "rules") {
            Some(at) => rules(members.remove(at).1)?,
            None => Vec::new(),
        };
        let given = Options::of(members, &["exempt"], ErrorCode::MalformedArgument)?;
        let exempt = given.list("exempt", PATH_RULE, |path| is_plain(path).then(|| path.to_string()))?;
        Ok(Self { name, rules, exempt: exempt.unwrap_or_default() })
    }
}

impl Rule {
    fn read(value: Value) -> Result<Self> {
        let given = Options::of(object(value, "a rule")?, RULE, ErrorCode::MalformedArgument)?;
        let rule = Self {
            callers: given.names("callers")?.unwrap_or_default(),
            methods: given
                .list("methods", METHOD_RULE, |method| is_method(method).then(|| method.to_string()))?,
            paths: given.list("paths", PATH_RULE, Prefix::read)?.unwrap_or_else(|| [Prefix::root()].into()),
        };
        check_some("callers", rule.callers.len())?;
        check_some("methods", rule.methods.as_ref().map_or(1, Vec::len))?;
        check_some("paths", rule.paths.len())?;
        Ok(rule)
    }

    fn allows(&self, caller: &str, method: &str, path: &str) -> bool {
        self.callers.iter().any(|allowed| allowed == caller)
            && self.methods.as_ref().is_none_or(|methods| methods.iter().any(|allowed| allowed == method))
            && self.paths.iter().any(|prefix| prefix.covers(path))
    }

    fn explain(&self, callee: &str) -> impl Iterator<Item = String> {
        let methods = self.methods.as_ref().map_or("call".to_string(), |methods| methods.join(", "));
        let paths: Vec<_> = self.paths.iter().map(Prefix::as_str).collect();
        let what = format!("{methods} {callee} {}", paths.join(", "));
        self.callers.iter().map(move |caller| format!("{caller} may {what}"))
    }
}

fn rules(value: Value) -> Result<Vec<Rule>> {
    match value {
        Value::Array(rules) => rules.into_iter().map(Rule::read).collect(),
        _ => Err(malformed("rules must be a list of objects".to_string())),
    }
}

fn object(value: Value, what: &str) -> Result<Vec<(String, Value)>> {
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(malformed(format!("{what} must be an object"))),
    }
}

/// A path as a sentence may show it: a peer chose it.
fn shown(path: &str) -> &str {
    let end = path.char_indices().nth(SHOWN_MAX).map_or(path.len(), |(at, _)| at);
    &path[..end]
}

fn is_method(text: &str) -> bool {
    crate::request::check_method(text).is_ok()
}

fn check_name(name: &str) -> Result<()> {
    if is_name(name) { Ok(()) } else { Err(malformed(format!("callee {name:?} must be {NAME_RULE}"))) }
}

fn check_some(name: &str, count: usize) -> Result<()> {
    if count > 0 { Ok(()) } else { Err(malformed(format!("a rule's {name} must name at least one"))) }
}

fn malformed(detail: String) -> Error {
    Error::new(ErrorCode::MalformedArgument, detail)
}

const RULE: &[&str] = &["callers", "methods", "paths"];
const METHOD_RULE: &str = "a method as it is sent, such as POST";
const PATH_RULE: &str = "a path that begins with /, without query, empty segments, dots as segments, or percent-encoded slashes or dots";
const SHOWN_MAX: usize = 100;

#[cfg(test)]
mod tests;
