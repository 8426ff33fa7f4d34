//! A request's head as the core reads it: what was sent, not what the framework made of it.

use counterseal_shared::{Field, RequestHead};
use http::request::Parts;
use http::{Extensions, Uri, Version};
use std::borrow::Cow;

/// The parts of a head, borrowed from the request.
pub(crate) struct Head<'a> {
    method: &'a str,
    target: Cow<'a, str>,
    headers: Vec<Field<'a>>,
}

impl<'a> Head<'a> {
    pub(crate) fn of(parts: &'a Parts) -> Self {
        let uri = sent_uri(parts);
        let is_framed = parts.version >= Version::HTTP_2;
        let authority =
            uri.authority().filter(|_| is_framed).map(|name| (":authority", name.as_str().as_bytes()));
        let fields = parts.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        Self {
            method: parts.method.as_str(),
            target: if is_framed { Cow::Borrowed(path_and_query(uri)) } else { target(uri) },
            headers: authority.into_iter().chain(fields).collect(),
        }
    }

    pub(crate) fn as_request(&self) -> RequestHead<'_> {
        RequestHead { method: self.method, target: &self.target, headers: &self.headers }
    }
}

/// The path as it was sent, without the query.
pub(crate) fn path(parts: &Parts) -> &str {
    sent_uri(parts).path()
}

/// Of a router within another, the URI with the prefix that was cut off.
fn sent_uri(parts: &Parts) -> &Uri {
    original(&parts.extensions).unwrap_or(&parts.uri)
}

#[cfg(feature = "axum")]
fn original(extensions: &Extensions) -> Option<&Uri> {
    extensions.get::<axum::extract::OriginalUri>().map(|uri| &uri.0)
}

#[cfg(not(feature = "axum"))]
fn original(_: &Extensions) -> Option<&Uri> {
    None
}

/// A request line's target: in absolute form if it names a server.
fn target(uri: &Uri) -> Cow<'_, str> {
    match (uri.scheme_str(), uri.authority()) {
        (Some(scheme), Some(authority)) => format!("{scheme}://{authority}{}", path_and_query(uri)).into(),
        _ => path_and_query(uri).into(),
    }
}

/// Raw; empty for what is neither a path nor an asterisk, which the core refuses.
fn path_and_query(uri: &Uri) -> &str {
    uri.path_and_query().map_or("", http::uri::PathAndQuery::as_str)
}
