//! How a log is kept and verified, as data.

use super::head::AuditHead;
use crate::error::{ErrorCode, Result};
use crate::options::Options;

/// How a log's files are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLogOptions {
    /// Bytes of one file before a new one is begun: 4096 to 2^40, 64 MiB by default.
    pub rotate_bytes: u64,
    /// Files kept besides the one that is written, 1 to 1,000,000; all where absent.
    pub keep: Option<u64>,
    /// Whether each record is on the disk before the call returns; otherwise the system decides when.
    pub sync: bool,
}

impl Default for AuditLogOptions {
    fn default() -> Self {
        Self { rotate_bytes: 64 * 1024 * 1024, keep: None, sync: false }
    }
}

impl AuditLogOptions {
    /// Options from JSON: `rotate_bytes`, `keep`, `sync`.
    ///
    /// # Errors
    /// `malformed_argument` for an unknown member or a value outside its range.
    pub fn from_json(json: &[u8]) -> Result<Self> {
        let given = Options::read(json, &["rotate_bytes", "keep", "sync"], ErrorCode::MalformedArgument)?;
        let default = Self::default();
        Ok(Self {
            rotate_bytes: given
                .whole("rotate_bytes", ROTATE_LEAST..=ROTATE_MOST)?
                .unwrap_or(default.rotate_bytes),
            keep: given.whole("keep", 1..=KEEP_MOST)?,
            sync: given.flag("sync")?.unwrap_or(default.sync),
        })
    }
}

/// What is expected of a log that is verified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditVerifyOptions {
    /// A head that the chain must hold; it may have gone on since.
    pub head: Option<AuditHead>,
    /// Whether the first file may begin in the middle of the chain: what stood before it is then believed.
    pub continued: bool,
}

impl AuditVerifyOptions {
    /// Options from JSON: `head` (`number:hash`), `continued`.
    ///
    /// # Errors
    /// `malformed_argument` for an unknown member or a value outside its grammar.
    pub fn from_json(json: &[u8]) -> Result<Self> {
        let given = Options::read(json, &["head", "continued"], ErrorCode::MalformedArgument)?;
        Ok(Self {
            head: given.parsed("head", HEAD_RULE, AuditHead::parse)?,
            continued: given.flag("continued")?.unwrap_or(false),
        })
    }
}

const ROTATE_LEAST: u64 = 4096;
const ROTATE_MOST: u64 = 1 << 40;
const KEEP_MOST: u64 = 1_000_000;
const HEAD_RULE: &str =
    "a head as the log gives it: the number of a record, a colon and its hash of 43 characters";
