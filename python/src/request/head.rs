//! The head of a request that arrived: method, target and header fields, all of which a peer sent.

use super::headers::{Headers, PAIRS_RULE, Told, fields};
use crate::arguments::Arg;
use crate::error::Result;
use crate::text::{TEXT_OR_BYTES, type_name, utf8_of};
use crate::value::in_words;
use counterseal_shared::{self as shared, Error, ErrorCode, RequestHead};
use pyo3::prelude::*;
use std::borrow::Cow;

/// What a call says of a request that arrived.
pub(super) struct Head<'a, 'py> {
    pub(super) method: Arg<'a, 'py>,
    pub(super) target: Arg<'a, 'py>,
    pub(super) headers: Arg<'a, 'py>,
}

impl Head<'_, '_> {
    /// Has the core judge the head. What is no such thing at all becomes nothing, which the core refuses in its own order.
    pub(super) fn judge<T>(&self, judge: impl FnOnce(&RequestHead<'_>) -> shared::Result<T>) -> Result<T> {
        let method = self.method.required("method", TEXT_OR_BYTES)?;
        let target = self.target.required("target", TEXT_OR_BYTES)?;
        // The list is the host's, what stands in it the peer's.
        let headers = self.headers.list("headers", PAIRS_RULE)?;
        let mut wrong = None;
        let method = or_nothing(text("method", method)?, &mut wrong);
        let target = or_nothing(text("target", target)?, &mut wrong);
        let headers = or_nothing(Headers::of_items(headers), &mut wrong);
        let lines = or_nothing(headers.lines()?, &mut wrong);
        let head = RequestHead { method: &method, target: &target, headers: &fields(&lines) };
        let refusal = wrong.map(|detail| Error::new(ErrorCode::MalformedRequest, detail));
        Ok(judge(&head).map_err(|error| in_words(error, refusal))?)
    }
}

fn text<'a>(name: &str, sent: Borrowed<'a, '_, PyAny>) -> Result<Told<Cow<'a, str>>> {
    let text = utf8_of(sent)?;
    Ok(text.ok_or_else(|| format!("{name} must be {TEXT_OR_BYTES}, not {}", type_name(&sent))))
}

/// What was read, or nothing; the first word of what is wrong is kept.
fn or_nothing<T: Default>(read: Told<T>, wrong: &mut Option<String>) -> T {
    read.unwrap_or_else(|detail| {
        wrong.get_or_insert(detail);
        T::default()
    })
}
