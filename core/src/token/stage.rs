//! How far a token came, in the order in which it is read (wire contract §6).

/// A stage of the order. What fails after one was noted, and before the next, failed in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenStage {
    /// Size, three parts, strict base64url.
    Form,
    /// The header's grammar and types, the policy's algorithms, extensions, the type.
    Header,
    /// The key's status and algorithms; then the signature, whose code is its own.
    Key,
    /// The claims' grammar.
    Claims,
    /// `exp`, `nbf`, `iat`.
    Times,
    /// `iss`, `sub`, `aud`.
    Parties,
    /// The policy's own rules.
    Rules,
    /// `jti` and the list of what is revoked.
    Revocation,
}
