//! Who may call whom, for foreign callers.

use alloc::string::String;
use alloc::vec::Vec;
use counterseal::Result;

/// Who may call whom in a whole mesh. A clone is the same policy.
#[derive(Clone, Debug)]
pub struct Trust(counterseal::Trust);

impl Trust {
    /// A policy as JSON: a member for each callee, with `rules` (`callers`, `methods`, `paths`) and `exempt` paths.
    ///
    /// # Errors
    /// `malformed_argument` for what is not in its grammar.
    pub fn new(policy: &[u8]) -> Result<Self> {
        counterseal::Trust::from_json(policy).map(Self)
    }

    /// Whether the caller may make this call.
    ///
    /// # Errors
    /// `caller_not_allowed`, in words.
    pub fn check(&self, callee: &str, caller: &str, method: &str, path: &str) -> Result<()> {
        self.0.check(callee, caller, method, path)
    }

    /// Whether anyone may call this path of the callee, signed or not.
    pub fn is_exempt(&self, callee: &str, path: &str) -> bool {
        self.0.is_exempt(callee, path)
    }

    /// What the policy says of a callee, a sentence a rule and caller.
    pub fn explain(&self, callee: &str) -> Vec<String> {
        self.0.explain(callee)
    }
}
