//! What a key is for. Two uses whose signing inputs another could accept never share a secret.

use crate::error::{Error, ErrorCode, Result};
use crate::text::is_name;
use alloc::string::{String, ToString};
use core::fmt;

/// One use of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Use {
    /// Packets.
    Packet,
    /// HTTP requests.
    Request,
    /// Tokens.
    Token,
    /// A master from which keys are derived.
    Derive,
    /// Joining.
    Join,
    /// A wire format of another system, by its name.
    Profile(String),
}

impl Use {
    /// Reads a use by its name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "packet" => Some(Self::Packet),
            "request" => Some(Self::Request),
            "token" => Some(Self::Token),
            "derive" => Some(Self::Derive),
            "join" => Some(Self::Join),
            _ => {
                let profile = name.strip_prefix("profile:")?;
                is_name(profile).then(|| Self::Profile(profile.to_string()))
            }
        }
    }

    fn may_be_combined(&self) -> bool {
        matches!(self, Self::Packet | Self::Request)
    }
}

impl fmt::Display for Use {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Packet => f.write_str("packet"),
            Self::Request => f.write_str("request"),
            Self::Token => f.write_str("token"),
            Self::Derive => f.write_str("derive"),
            Self::Join => f.write_str("join"),
            Self::Profile(name) => write!(f, "profile:{name}"),
        }
    }
}

/// Whether one secret may serve both: the same exclusive use, or packets and requests.
pub(super) fn may_share(a: &[Use], b: &[Use]) -> bool {
    a.iter().all(|x| b.iter().all(|y| x == y || (x.may_be_combined() && y.may_be_combined())))
}

pub(super) fn check_all(uses: &[Use]) -> Result<()> {
    check_some(uses)?;
    check_once(uses)?;
    check_exclusive(uses)
}

fn check_some(uses: &[Use]) -> Result<()> {
    if uses.is_empty() {
        Err(Error::new(ErrorCode::MalformedKey, "uses must name at least one use"))
    } else {
        Ok(())
    }
}

fn check_once(uses: &[Use]) -> Result<()> {
    let repeated = uses.iter().enumerate().any(|(at, wanted)| uses[..at].contains(wanted));
    if repeated { Err(Error::new(ErrorCode::MalformedKey, "uses must not name a use twice")) } else { Ok(()) }
}

fn check_exclusive(uses: &[Use]) -> Result<()> {
    if may_share(uses, uses) {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::MalformedKey,
        "only packet and request may be combined in uses; every other use stands alone, with a secret of its own",
    ))
}

pub(super) const RULE: &str = "packet, request, token, derive, join or profile:NAME";
