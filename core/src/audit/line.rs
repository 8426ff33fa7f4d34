//! A record's line: written in one form, and read only in that form.

use super::date;
use super::event::{METADATA_MAX, is_event};
use super::head::SEQ_MAX;
use crate::base64;
use crate::json::{self, Item, Reader};
use crate::time::Timestamp;
use alloc::borrow::Cow;
use alloc::string::String;

/// A record but for its own hash.
pub(super) struct Line<'a> {
    pub(super) seq: u64,
    pub(super) timestamp: Timestamp,
    pub(super) event: Cow<'a, str>,
    pub(super) user_id: Option<Cow<'a, str>>,
    pub(super) action: Cow<'a, str>,
    pub(super) resource: Cow<'a, str>,
    pub(super) success: bool,
    /// In RFC 8785 form.
    pub(super) metadata: Cow<'a, str>,
    pub(super) prev: [u8; 32],
}

impl Line<'_> {
    /// The line before `,"hash":`.
    pub(super) fn write(&self) -> String {
        let mut out = String::with_capacity(USUAL + self.metadata.len());
        out.push_str(SEQ);
        json::write_number(&mut out, self.seq as f64);
        out.push_str(TIMESTAMP);
        json::write_text(&mut out, &date::write(self.timestamp));
        out.push_str(EVENT);
        json::write_text(&mut out, &self.event);
        out.push_str(USER_ID);
        match &self.user_id {
            Some(user_id) => json::write_text(&mut out, &cut(user_id)),
            None => out.push_str("null"),
        }
        out.push_str(ACTION);
        json::write_text(&mut out, &cut(&self.action));
        out.push_str(RESOURCE);
        json::write_text(&mut out, &cut(&self.resource));
        out.push_str(SUCCESS);
        out.push_str(if self.success { "true" } else { "false" });
        out.push_str(METADATA);
        out.push_str(&self.metadata);
        out.push_str(PREV);
        json::write_text(&mut out, &base64::encode_url(&self.prev));
        out
    }

    /// Reads what stands before `,"hash":`. Who asks for the one form writes the line again and compares: white space and other spellings
    /// are not judged here.
    pub(super) fn read(text: &[u8]) -> Option<Line<'static>> {
        let mut members = Members(Reader::new(text));
        let line = Line {
            seq: members.whole(SEQ)?,
            timestamp: date::read(&members.text(TIMESTAMP)?)?,
            event: members.text(EVENT).filter(|event| is_event(event))?.into(),
            user_id: members.text_or_null(USER_ID)?.map(Cow::Owned),
            action: members.text(ACTION)?.into(),
            resource: members.text(RESOURCE)?.into(),
            success: members.flag(SUCCESS)?,
            metadata: members.object(METADATA).filter(|form| form.len() <= METADATA_MAX)?.into(),
            prev: base64::decode_url(members.text(PREV)?.as_bytes())?.try_into().ok()?,
        };
        members.0.finish().ok()?;
        Some(line)
    }
}

/// Splits a line before `,"hash":`, and gives the hash's text.
pub(super) fn split_hash(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let (text, end) =
        line.split_at_checked(line.len().checked_sub(HASH.len() + base64::TAG + CLOSE.len())?)?;
    Some((text, end.strip_prefix(HASH.as_bytes())?.strip_suffix(CLOSE.as_bytes())?))
}

/// The text if it is short enough, else as much of it as leaves room for the mark that it was cut. A cut text is not cut again.
fn cut(text: &str) -> Cow<'_, str> {
    if text.len() <= TEXT_MAX {
        return Cow::Borrowed(text);
    }
    let mut end = TEXT_MAX - MARK.len();
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Cow::Owned([&text[..end], MARK].concat())
}

/// Members in their one order.
struct Members<'a>(Reader<'a>);

impl Members<'_> {
    fn take(&mut self, opening: &str) -> Option<()> {
        opening.bytes().all(|byte| self.0.skip(byte)).then_some(())
    }

    fn whole(&mut self, opening: &str) -> Option<u64> {
        self.take(opening)?;
        let number: u64 = self.0.number_text().ok()?.parse().ok()?;
        (1..=SEQ_MAX).contains(&number).then_some(number)
    }

    fn text(&mut self, opening: &str) -> Option<String> {
        self.text_or_null(opening)?
    }

    fn text_or_null(&mut self, opening: &str) -> Option<Option<String>> {
        self.take(opening)?;
        match self.0.document().ok()?.root() {
            Item::String(text) => Some(Some(text.into_owned())),
            Item::Null => Some(None),
            _ => None,
        }
    }

    fn flag(&mut self, opening: &str) -> Option<bool> {
        self.take(opening)?;
        match self.0.document().ok()?.root() {
            Item::Bool(flag) => Some(flag),
            _ => None,
        }
    }

    /// An object, in RFC 8785 form.
    fn object(&mut self, opening: &str) -> Option<String> {
        self.take(opening)?;
        let document = self.0.document().ok()?;
        matches!(document.root(), Item::Object(_)).then(|| document.write())
    }
}

const SEQ: &str = r#"{"seq":"#;
const TIMESTAMP: &str = r#","timestamp":"#;
const EVENT: &str = r#","event":"#;
const USER_ID: &str = r#","user_id":"#;
const ACTION: &str = r#","action":"#;
const RESOURCE: &str = r#","resource":"#;
const SUCCESS: &str = r#","success":"#;
const METADATA: &str = r#","metadata":"#;
const PREV: &str = r#","prev":"#;
pub(super) const HASH: &str = r#","hash":""#;
pub(super) const CLOSE: &str = r#""}"#;
/// Bytes of a text, the mark included.
const TEXT_MAX: usize = 256;
const MARK: &str = "…";
/// What a line mostly takes besides its metadata.
const USUAL: usize = 384;
