//! The hash chain: written and verified by one type.

use super::event::AuditEvent;
use super::fault::AuditFault;
use super::head::{AuditHead, SEQ_MAX};
use super::line::{Line, split_hash};
use crate::base64;
use crate::error::{Error, ErrorCode, Result};
use crate::key::Secret;
use crate::mac::{BLOCK, MacKey, Message, sha256};
use crate::time::Timestamp;
use alloc::string::String;
use core::fmt;
use subtle::ConstantTimeEq;

/// A chain of records, at its head: [`AuditChain::record`] adds one, [`AuditChain::follow`] verifies the next.
///
/// The hash is HMAC-SHA256 under the secret, or SHA-256 where there is none, over `counterseal-audit-v1`, LF and the line's text before
/// `,"hash":`. A line that was removed, changed, moved or inserted shows. A cut end does not, unless its [`AuditHead`] is known; and without a
/// secret, whoever can write the lines can compute a chain anew.
#[derive(Clone)]
pub struct AuditChain {
    key: Option<MacKey>,
    head: AuditHead,
}

impl AuditChain {
    /// A chain before its first record.
    pub fn new(secret: Option<&Secret>) -> Self {
        Self { key: secret.map(|secret| MacKey::new(secret.expose())), head: AuditHead::FIRST }
    }

    /// The chain that the line says it continues, to begin anywhere: what stood before the line is believed, so
    /// [`AuditChain::follow`] judges the line by its own hash alone, unless it is a first record.
    ///
    /// # Errors
    /// [`AuditFault::NotARecord`].
    pub fn before(secret: Option<&Secret>, line: &[u8]) -> Result<Self, AuditFault> {
        let (text, _) = split_hash(line).ok_or(AuditFault::NotARecord)?;
        let line = Line::read(text).ok_or(AuditFault::NotARecord)?;
        let mut chain = Self::new(secret);
        if line.seq > 1 {
            chain.head = AuditHead { seq: line.seq - 1, hash: line.prev };
        }
        Ok(chain)
    }

    /// Where the chain stands: the last record's number and hash.
    pub fn head(&self) -> AuditHead {
        self.head
    }

    /// Adds a record of what happened at `now`. Returns its line, without LF.
    ///
    /// # Errors
    /// `malformed_argument` for an event's name outside `[A-Z][A-Z0-9_]{0,63}`, and for metadata that is not one strict JSON object of at most
    /// 16 KiB, as given and in RFC 8785 form. No other member can be refused. The chain is then as it was.
    pub fn record(&mut self, event: &AuditEvent<'_>, now: Timestamp) -> Result<String> {
        check_room(self.head)?;
        let line = Line {
            seq: self.head.seq + 1,
            timestamp: now,
            event: event.name()?.into(),
            user_id: event.user_id.map(Into::into),
            action: event.action.into(),
            resource: event.resource.into(),
            success: event.success,
            metadata: event.metadata_form()?,
            prev: self.head.hash,
        };
        let mut text = line.write();
        let hash = self.hash(&text);
        text.push_str(r#","hash":""#);
        text.push_str(&base64::encode_url(&hash));
        text.push_str(r#""}"#);
        self.head = AuditHead { seq: line.seq, hash };
        Ok(text)
    }

    /// Verifies that the line, without its LF, is the chain's next record, byte for byte as [`AuditChain::record`] writes it.
    ///
    /// # Errors
    /// The first [`AuditFault`] in their order. The chain is then as it was.
    pub fn follow(&mut self, line: &[u8]) -> Result<(), AuditFault> {
        let (text, sig) = split_hash(line).ok_or(AuditFault::NotARecord)?;
        let line = Line::read(text).ok_or(AuditFault::NotARecord)?;
        let written = line.write();
        check_form(&written, text)?;
        let hash = self.hash(&written);
        check_hash(&hash, sig)?;
        check_seq(&line, self.head)?;
        check_prev(&line, self.head)?;
        self.head = AuditHead { seq: line.seq, hash };
        Ok(())
    }

    pub(super) fn hash(&self, text: &str) -> [u8; 32] {
        let mut room = [0; ROOM];
        match &self.key {
            Some(key) => {
                let mut message = Message::keyed(&mut room);
                message.fixed(DOMAIN);
                key.mac_of(message.end(text.as_bytes()))
            }
            None => {
                let mut message = Message::plain(&mut room);
                message.fixed(DOMAIN);
                sha256(message.end(text.as_bytes()))
            }
        }
    }
}

impl fmt::Debug for AuditChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuditChain(at {})", self.head)
    }
}

fn check_room(head: AuditHead) -> Result<()> {
    if head.seq < SEQ_MAX {
        return Ok(());
    }
    Err(Error::new(ErrorCode::MalformedArgument, "the chain has reached its last number; begin a new log"))
}

fn check_form(written: &str, text: &[u8]) -> Result<(), AuditFault> {
    if written.as_bytes() == text { Ok(()) } else { Err(AuditFault::NotARecord) }
}

fn check_hash(hash: &[u8; 32], sig: &[u8]) -> Result<(), AuditFault> {
    if base64::encode_tag(hash).ct_eq(sig).into() { Ok(()) } else { Err(AuditFault::Changed) }
}

fn check_seq(line: &Line<'_>, head: AuditHead) -> Result<(), AuditFault> {
    if line.seq == head.seq + 1 { Ok(()) } else { Err(AuditFault::OutOfOrder) }
}

fn check_prev(line: &Line<'_>, head: AuditHead) -> Result<(), AuditFault> {
    if line.prev == head.hash { Ok(()) } else { Err(AuditFault::Unlinked) }
}

const DOMAIN: &[u8; 21] = b"counterseal-audit-v1\n";
/// At least two blocks more than the domain takes.
const ROOM: usize = 3 * BLOCK;
